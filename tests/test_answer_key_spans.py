"""However short a quote is shown, it has the words that carry its fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.act_wording import triggers_in
from bot.answer.formatting import excerpt
from bot.answer.library import Library
from bot.answer.lines import fact_lines
from bot.desk import Desk
from bot.models import Asker, Draft, EventClass, Line
from handlers.blocks.layout import Row, statement
from tests.stocked import TEAM, desk_at

ASKER = Asker(workspace=TEAM, now=datetime(2026, 4, 1, tzinfo=UTC))
LENGTHS = (25, 21, 18, 15, 13, 11, 10, 6)

BEFORE = (
    "In a week of which nobody in the region had expected much, and which had begun with rain "
    "on the coast and with a strike of the ferrymen that nobody could end, "
)
AFTER = (
    ", an evening that ended with music in the old customs house and with a long walk along the "
    "quay, of which the papers of the next morning had many pictures and few words"
)
TOLD = [
    ("Iran detained three diplomats of Oman", "detained", "Iran", "Oman"),
    ("Ukrainian forces raided a depot of Russia", "raided", "Ukrainian", ""),
    ("Iranian President Masoud Pezeshkian met Qatari Prime Minister and Foreign Minister Sheikh "
     "Mohammed bin Abdulrahman Al Thani", "met", "Pezeshkian", "Al Thani"),
    ("Turkey imposed sanctions on Syria", "imposed sanctions on", "Turkey", "Syria"),
    ("Israel killed three soldiers of Iran", "killed", "Israel", "Iran"),
    ("Japan accused China of a raid", "accused", "Japan", "China"),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = desk_at(Path(tmp_path_factory.mktemp("desk")))
    texts = [f"{BEFORE}{told}{AFTER}." for told, *_ in TOLD]
    drafts = [
        Draft(title=f"A long day, part {n}", text=text, url=f"https://long.example/{n}")
        for n, text in enumerate(texts)
    ]
    desk.ingest(drafts, now=ASKER.now, workspace=TEAM)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def stored(desk: Desk) -> list[Line]:
    library: Library = desk.library(ASKER)
    facts = desk.store.facts(TEAM, library.audiences, limit=10_000)
    return fact_lines(library, facts)


def words(line: Line, n: int) -> str:
    start, end = line.snippet.key_spans[n]
    return line.snippet.quote[start:end]


def test_every_fact_of_the_notes_is_shown_with_the_words_of_its_act(stored: list[Line]) -> None:
    assert len(stored) > 70
    for line in stored:
        assert line.snippet.key_spans, (line.act, line.snippet.quote)
        assert line.event_class is not None
        for most in LENGTHS:
            shown = " ".join(statement(Row("", line, plain=True), "UTC", most).mrkdwn.split())
            assert " ".join(words(line, 0).split()) in shown, (line.act, shown)
            if line.snippet.key_spans[1:] and most >= 10:
                # The verb that leads to a noun, or who did it.
                assert words(line, 1).split()[0] in shown, (line.act, shown)


@pytest.mark.parametrize(("told", "trigger", "who", "whom"), TOLD)
def test_a_long_sentence_is_cut_around_its_act(
    told: str, trigger: str, who: str, whom: str, stored: list[Line]
) -> None:
    lines = [line for line in stored if told in line.snippet.quote]
    line = next(line for line in lines if words(line, 0) == trigger)
    quote = line.snippet.quote
    assert len(quote.split()) > 60
    for most in LENGTHS:
        shown = excerpt(quote, most, keep=line.snippet.key_spans)
        assert trigger in shown
        if most >= 10:
            assert who in shown
            assert whom in shown


@pytest.mark.parametrize(
    ("sentence", "act", "event_class", "trigger"),
    [
        ("The minister called on Oman to pay.", "call on", EventClass.REQUEST, "called on"),
        ("The parties’ talks ended.", "hold talks", EventClass.CONSULT, "talks"),
        ("Oman vetoed the plan.", "veto", EventClass.REJECT, "vetoed"),
        ("Its thanks went to Oman.", "thank", EventClass.SUPPORT, "thanks"),
        ("It was hit, and later raided.", "raid", EventClass.ASSAULT, "raided"),
        (
            "Oman put off, and then cut, all its ties with Chad.",
            "cut ties",
            EventClass.COERCE,
            "ties cut",
        ),
        ("Nothing of the kind.", "raid", EventClass.ASSAULT, ""),
    ],
)
def test_the_words_of_an_act(
    sentence: str, act: str, event_class: EventClass, trigger: str
) -> None:
    found = triggers_in(sentence, act, event_class)
    assert " ".join(sentence[start:end] for start, end in found) == trigger


def test_of_two_places_the_one_beside_those_who_act_counts() -> None:
    sentence = "Clerks met in the morning, and in the evening Iran met Oman."
    iran = (sentence.index("Iran"), sentence.index("Iran") + 4)
    assert triggers_in(sentence, "meet", EventClass.CONSULT, [iran]) == [(51, 54)]
