"""Articles ranked by parts, quotes that answer, and an honest no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.answer.cli_output import lines_of, row_of
from bot.answer.library import Library
from bot.answer.question import Question, understand
from bot.answer.ranking import query_terms, rank_articles
from bot.answer.retrieval import MOST_WORDS, answer_type, choose_quotes, retrieve
from bot.answer.sufficiency import Candidate, Features, diversify, probability, sufficiency
from bot.desk import Desk
from bot.models import Answer, Asker, Brief, Draft, Nothing
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, now=NOW)

FERRY = (
    "The ferry Marigold ran aground off the island of Zanzibar before dawn, its owner said. "
    "Rescuers brought 212 passengers ashore within three hours. "
    "A spokeswoman for the port said that a faulty compass had led the crew astray."
)
OLD_FERRY = (
    "The ferry Marigold ran aground off the island of Zanzibar in a storm, its owner said. "
    "All passengers were brought ashore by fishermen."
)
DRAFTS = [
    ("ferry", "Ferry runs aground off Zanzibar", FERRY, NOW - timedelta(days=2)),
    ("old", "Ferry runs aground off Zanzibar", OLD_FERRY, NOW - timedelta(days=900)),
    ("opera", "Opera house opens", "The opera house of Lagos opened with a gala.", NOW),
    ("undated", "Compass makers meet", "Makers of a compass met in a faulty hall.", None),
]
LONG = "Which island did the ferry Marigold run aground off before rescuers brought passengers in?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(Path(tmp_path_factory.mktemp("desk")))
    made = [
        Draft(title=title, text=text, external_id=key, published=when, published_precision="minute")
        if when
        else Draft(title=title, text=text, external_id=key)
        for key, title, text, when in DRAFTS
    ]
    opened.ingest(made, now=NOW, workspace=TEAM)
    yield opened
    opened.close()


@pytest.fixture
def library(desk: Desk) -> Library:
    return Library(desk.store, desk.passages, desk.actors(TEAM), ASKER, desk.vectors)


def asked(library: Library, text: str) -> Question:
    return understand(text, library.actors, library.today)


def ids(library: Library, text: str) -> list[str | None]:
    question = asked(library, text)
    found = rank_articles(library, question, query_terms(library, question))
    return [one.article.external_id for one in found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ferry aground", "ferry"),
        ("ferry aground in 2023", "old"),
        (LONG, "ferry"),
        ("who opened the opera house?", "opera"),
        ("faulty hall", "undated"),
    ],
)
def test_the_likeliest_article_is_first(library: Library, text: str, first: str) -> None:
    assert ids(library, text)[0] == first


def test_parts_are_shares_and_explain_the_score(library: Library) -> None:
    question = asked(library, LONG)
    new, old = rank_articles(library, question, query_terms(library, question))[:2]
    for found in (new, old):
        values = [getattr(found.parts, name) for name in found.parts.__dataclass_fields__]
        assert all(0 <= value <= 1 for value in values), found.parts
    assert new.parts.near > 0.5 > old.parts.near
    assert new.score > old.score


def test_nothing_is_asked_for_by_words_that_no_article_has(library: Library) -> None:
    looked = query_terms(library, asked(library, "quixotic zeppelins"))
    assert looked.share([]) == 0
    assert looked.share(looked.weights) == 1
    assert (
        query_terms(library, asked(library, "Qatar")).topical([]) == 1
    )  # no words beyond the name


@pytest.mark.parametrize("widen", [False, True])
def test_quotes_are_verbatim_short_and_apart(library: Library, widen: bool) -> None:
    question = asked(library, LONG)
    looked = query_terms(library, question)
    found = rank_articles(library, question, looked)[0]
    kept = choose_quotes(library, found, looked, answer_type(question), widen=widen)
    text = found.article.text
    assert all(text[one.start : one.end].strip() for one in kept)
    assert all(len(text[one.start : one.end].split()) <= MOST_WORDS for one in kept)
    spans = sorted((one.start, one.end) for one in kept)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert "Zanzibar" in text[kept[0].start : kept[0].end]
    assert (len(kept) == 1) == widen


def test_a_long_question_is_answered_with_the_span_marked(desk: Desk) -> None:
    reply = desk.ask(ASKER, LONG)
    assert isinstance(reply, Answer)
    best = reply.lines[0].snippet
    assert best.external_id == "ferry"
    assert best.answer is not None
    assert best.quote[best.answer[0] : best.answer[1]] == "Zanzibar"


@pytest.mark.parametrize(
    "text",
    [
        "Which harbour did the steamer Bravadine of Quenora leave before the lighthouse burned?",
        "How many violinists did the ferry company of Drimelka hire for its winter season?",
    ],
)
def test_what_nothing_stored_answers_is_not_answered(desk: Desk, text: str) -> None:
    reply, looked = desk.ask_in_full(ASKER, text)
    assert isinstance(reply, Nothing)
    assert not any(one.is_answer for one in looked.candidates)


def test_no_quote_comes_twice(desk: Desk) -> None:
    for text in (LONG, "ferry aground", "ceasefire", "hamas leaving doha"):
        found = desk.ask_in_full(ASKER, text)[1].candidates
        places = [(one.line.snippet.article, one.line.snippet.start) for one in found]
        assert len(places) == len(set(places)), text


def test_outside_its_period_a_short_question_is_not_answered(library: Library) -> None:
    found = retrieve(library, asked(library, "ferry aground in 2025")).candidates
    assert found
    assert not any(one.is_answer for one in found)


FEATURES = Features(
    logit=0.0,
    similarity=0.5,
    words=0.5,
    whole=0.5,
    proper=0.5,
    rarest=0.5,
    named=1.0,
    fact=0.0,
    near=0.5,
    lately=0.9,
)


def test_the_more_surely_the_model_says_so_the_likelier_a_line_answers() -> None:
    found = [probability(FEATURES._replace(logit=odds)) for odds in (-6.0, 0.0, 6.0)]
    assert found == sorted(found)
    assert 0 < found[0] < sufficiency().enough < found[-1] < 1


def test_what_is_outside_its_period_answers_nothing(library: Library) -> None:
    line = retrieve(library, asked(library, "ferry")).candidates[0].line
    assert Candidate(line, FEATURES, probability=0.99).is_answer
    assert not Candidate(line, FEATURES, probability=0.99, inside=False).is_answer
    assert not Candidate(line, FEATURES, probability=0.0).is_answer


def test_an_act_of_the_class_asked_for_answers_unless_the_model_rules_it_out(
    library: Library,
) -> None:
    line = retrieve(library, asked(library, "ferry")).candidates[0].line
    fits = FEATURES._replace(fact=1.0)
    assert Candidate(line, fits, probability=0.01, listed=True).is_answer
    assert not Candidate(line, fits, probability=0.0001, listed=True).is_answer
    assert not Candidate(line, FEATURES, probability=0.01, listed=True).is_answer


def test_a_row_tells_what_is_shown_and_what_else_was_found(desk: Desk) -> None:
    row = row_of(*desk.ask_in_full(ASKER, LONG), "UTC")
    assert row["answered"] is True
    assert row["matches"][0]["article"] == "ferry"
    assert row["matches"][0]["answered"] is True
    first = row["snippets"][0]
    assert first["bears"] is True
    assert FERRY[first["start"] : first["end"]] == first["quote"]
    assert first["answer"] == "Zanzibar"
    assert first["quote"] in row["summary"]


def test_a_row_without_an_answer_still_ranks(desk: Desk) -> None:
    text = "Which harbour did the steamer Bravadine of Quenora leave with a faulty compass?"
    row = row_of(*desk.ask_in_full(ASKER, text), "UTC")
    assert row["answered"] is False
    assert row["matches"]
    assert not any(one["answered"] for one in row["matches"])
    assert not any(one["bears"] for one in row["snippets"])
    assert "Nothing stored" in row["summary"]


def test_a_row_of_a_brief_is_in_the_order_of_a_reader(desk: Desk) -> None:
    reply, looked = desk.ask_in_full(ASKER, "what is new with Qatar?")
    assert isinstance(reply, Brief)
    row = row_of(reply, looked, "UTC")
    assert row["answered"] is True
    assert len(row["snippets"]) == 10
    shown = [line.snippet.quote for line in lines_of(reply)]
    assert [one["quote"] for one in row["snippets"]] == shown[:10]
    assert all(one["bears"] for one in row["snippets"])
    articles = [one["article"] for one in row["matches"]]
    assert len(articles) == len(set(articles))


def test_a_name_cut_off_finds_the_whole_one_but_is_not_answered_by_it(library: Library) -> None:
    question = asked(library, "any news about Zanzib last week?")
    looked = query_terms(library, question)
    assert looked.besides == ("zanzibar",)
    assert ids(library, question.text)[0] == "ferry"
    assert not any(one.is_answer for one in retrieve(library, question).candidates)


def test_a_short_question_for_a_number_is_quoted_with_the_sentences_beside(
    library: Library,
) -> None:
    found = retrieve(library, asked(library, "How many ferry passengers came ashore?")).candidates
    assert "212 passengers" in found[0].line.snippet.quote
    assert "Marigold" in found[0].line.snippet.quote
    assert len(found[0].line.snippet.quote.split()) <= MOST_WORDS


def test_quoted_words_in_a_long_question_are_no_filter(library: Library) -> None:
    long = asked(library, 'Which island did the "ferry Marigold" run aground off before dawn?')
    short = asked(library, '"ferry Marigold" island')
    assert (long.filters.phrases, short.filters.phrases) == ((), ("ferry Marigold",))


@pytest.mark.parametrize(
    ("stories", "asked_words", "order"),
    [
        ("aaab", 2, "aaba"),  # what is further of one story comes last
        ("aaab", 9, "aaab"),  # but a question of many words is about one
        ("abab", 2, "abab"),
        ("aaa-", 2, "aa-a"),  # what belongs to no story is one of others
    ],
)
def test_no_story_takes_the_place_of_all_others(
    library: Library, stories: str, asked_words: int, order: str
) -> None:
    line = retrieve(library, asked(library, "ferry")).candidates[0].line
    found = [
        Candidate(line, FEATURES, 0.9, asked=asked_words, story=None if one == "-" else one)
        for one in stories
    ]
    assert "".join(one.story or "-" for one in diversify(found)) == order


def test_reports_a_year_out_of_date_do_not_answer_a_question_about_now(
    desk: Desk, library: Library
) -> None:
    def outdated(text: str) -> set[str | None]:
        found = retrieve(library, desk.understood(ASKER, text)).candidates
        return {one.line.snippet.external_id for one in found if one.old}

    assert outdated("how did the ferry run aground") == {"old"}
    assert outdated("how did the ferry run aground in 2023") == set()
