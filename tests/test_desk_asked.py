"""What analysts type, put to a desk that has read the notes that come with Dragoman."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.cli_output import plain_text
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import Answer, Asker, Brief, DidYouMean, Line, Nothing, Reply
from tests.stocked import TEAM, desk_at

PREMIER = "Mohammed bin Abdulrahman Al Thani"
ASKER = Asker(workspace=TEAM, now=datetime(2026, 4, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = desk_at(Path(tmp_path_factory.mktemp("desk")))
    yield desk
    desk.close()


def lines(reply: Reply) -> list[Line]:
    if isinstance(reply, Answer):
        return list(reply.lines)
    assert isinstance(reply, Brief), reply
    found = [*reply.disputed, *reply.planned, *reply.happened, *reply.undated, *reply.more]
    return [*reply.in_short, *found]


def told(line: Line) -> str:
    return " ".join(filter(None, [line.actor, line.act, line.target]))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("who attacked qatar?", "Iran attacked Qatar"),
        ("who attacked iran", "United States attacked Iran"),
        ("who has pezeshkian met?", f"Masoud Pezeshkian met {PREMIER}"),
        ("who met with pezeshkian", f"Masoud Pezeshkian met {PREMIER}"),
        ("who killed sinwar?", "Israel killed Yahya Sinwar"),
        ("who accused the eu", "Masoud Pezeshkian accused European Union"),
        ("when will the emir visit tehran", "Emir of Qatar plans to visit Iran"),
        ("when will the emir go to iran", "Emir of Qatar plans to visit Iran"),
    ],
)
def test_the_first_line_of_an_answer(question: str, first: str, desk: Desk) -> None:
    reply = desk.ask(ASKER, question)
    assert isinstance(reply, Answer)
    assert told(reply.lines[0]) == first


def test_who_did_it_is_not_answered_by_what_they_did(desk: Desk) -> None:
    """The notes tell of attacks by Israel, and of none on it."""
    reply = desk.ask(ASKER, "who attacked israel?")
    assert not [told(one) for one in lines(reply) if one.actor == "Israel"]
    assert not [one for one in lines(reply) if "Israel attacked" in one.snippet.quote]
    assert "Israel attacked Iran" in map(told, lines(desk.ask(ASKER, "whom did israel attack?")))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what is going on between qatar and iran", ["Qatar", "Iran"]),
        ("what's new with hamas", ["Hamas"]),
        ("whats new with hamas", ["Hamas"]),
        ("latest on gaza", ["Gaza Strip"]),
        ("who is barnea", ["David Barnea"]),
        ("emir of qatar", ["Emir of Qatar"]),
        ("qatar vs iran", ["Qatar", "Iran"]),
    ],
)
def test_how_things_stand_is_a_brief(question: str, names: list[str], desk: Desk) -> None:
    reply = desk.ask(ASKER, question)
    assert isinstance(reply, Brief)
    assert [one.name for one in reply.subjects] == names


def test_who_holds_an_office_is_told_from_the_reference_list(desk: Desk) -> None:
    for reply in (
        desk.ask(ASKER, "who is the president of iran"),
        desk.brief(ASKER, "president of iran"),
    ):
        assert isinstance(reply, Answer | Brief)
        (told,) = reply.reference
        said = "President of Iran: Masoud Pezeshkian since 30 Jul 2024 (reference list"
        assert told.startswith(said)


@pytest.mark.parametrize(
    ("question", "start", "said"),
    [
        ("who leads hamas?", "No stored article", "16 articles name Hamas."),
        (
            "does qatar fund the taliban?",
            "No stored article",
            "One article names Qatar and Taliban.",
        ),
        ("what did iran do yesterday", "No stored article", "Outside that period: 24 articles."),
        ("Kim Jong Un", "Nothing stored", "Nothing stored about Kim Jong Un."),
    ],
)
def test_a_no_does_not_deny_what_is_stored(
    question: str, start: str, said: str, desk: Desk
) -> None:
    reply = desk.ask(ASKER, question)
    assert isinstance(reply, Nothing)
    written = plain_text(reply, "UTC")
    assert said in written
    assert written.startswith(start)


@pytest.mark.parametrize("question", ["nuclear deal", "what happened yesterday"])
def test_ordinary_words_are_neither_answers_nor_names(question: str, desk: Desk) -> None:
    reply = desk.ask(ASKER, question)
    assert isinstance(reply, Nothing)
    assert reply.nearest == ()


@pytest.mark.parametrize("text", ["thanks!", "hello", "tell me a joke", "summarise this channel"])
def test_what_news_cannot_answer_is_said_so(text: str, desk: Desk) -> None:
    with pytest.raises(BadQuery, match="I answer questions from the news"):
        desk.ask(ASKER, text)
    with pytest.raises(BadQuery, match="I answer questions from the news"):
        desk.brief(ASKER, text)
    assert desk.follow_up(ASKER, "who attacked Qatar?", text) == text


@pytest.mark.parametrize("question", ["who", "when?", "who did what to whom", "…"])
def test_a_question_about_nothing_is_none(question: str, desk: Desk) -> None:
    with pytest.raises(BadQuery, match="no question"):
        desk.ask(ASKER, question)


@pytest.mark.parametrize("topic", ["ceasefire", "hostages", "what about the ceasefire"])
def test_of_what_fits_as_well_the_newest_is_first(topic: str, desk: Desk) -> None:
    reply = desk.ask(ASKER, topic)
    assert isinstance(reply, Answer)
    days = [one.snippet.published for one in reply.lines if one.snippet.published]
    assert days == sorted(days, reverse=True)


def test_a_brief_is_not_empty_where_only_an_undated_sentence_names_the_actor(desk: Desk) -> None:
    reply = desk.brief(ASKER, "nato")
    assert isinstance(reply, Brief)
    assert len(reply.undated) == 1


def test_whoever_is_offered_is_offered_once(desk: Desk) -> None:
    reply = desk.ask(ASKER, "has pezeshkian met the emir?")
    assert isinstance(reply, DidYouMean)
    offered = [one.actor for one in reply.candidates]
    assert offered[0] == "office:emir-of-qatar"
    assert len(offered) == len(set(offered))


def test_a_sentence_of_a_brief_on_two_names_them_both(desk: Desk) -> None:
    reply = desk.brief(ASKER, "qatar iran")
    assert isinstance(reply, Brief)
    plain_sentences = [line for line in lines(reply) if line.fact is None]
    assert lines(reply)
    for line in plain_sentences:
        assert "Qatar" in line.snippet.quote, line.snippet.quote
        assert "Iran" in line.snippet.quote, line.snippet.quote


def test_a_vacant_office_is_whoever_left_it_last(desk: Desk) -> None:
    reply = desk.brief(ASKER, "supreme leader of iran")
    assert isinstance(reply, Brief), reply
    assert any("Khamenei" in line.snippet.quote for line in lines(reply))


def test_those_near_the_best_are_offered(desk: Desk) -> None:
    reply = desk.brief(ASKER, "korea")
    assert isinstance(reply, DidYouMean)
    assert [one.name for one in reply.candidates][:2] == ["South Korea", "North Korea"]


def test_whom_stored_articles_name_is_the_nearest(desk: Desk) -> None:
    reply = desk.brief(ASKER, "quatr")
    assert isinstance(reply, Nothing)
    assert reply.nearest[0].name == "Qatar"


def test_a_country_s_name_in_another_language_is_its_name(desk: Desk) -> None:
    reply = desk.brief(ASKER, "katar")
    assert isinstance(reply, Brief)
    assert [one.actor for one in reply.subjects] == ["state:qat"]
