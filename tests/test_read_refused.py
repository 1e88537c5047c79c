"""What is no fact, beside what is: near misses as a table, and patterns that share a beginning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.read.lexicon import GAP
from bot.read.patterns import PATTERNS
from bot.read.patterns.pattern import Line
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


CASES = [
    # talks refused are no talks
    ("Iran held direct talks with Iraq.", ["state:irn CONSULT state:irq"]),
    ("Iran rejected direct talks with Iraq.", ["state:irn REJECT -"]),
    ("Iran had rejected holding direct talks with Iraq.", ["state:irn REJECT -"]),
    ("Iran had talks with Iraq.", ["state:irn CONSULT state:irq"]),
    # only weighed
    ("Qatar announced a ban on Russian oil.", ["state:qat SANCTION state:rus"]),
    ("Qatar examining ban on Russian oil.", []),
    ("Qatar banned the Omani import of all Russian oil.", ["state:qat SANCTION state:omn"]),
    # whom rebels act for
    ("Syrian officials refused to join the talks.", ["state:syr REJECT -"]),
    ("Syrian rebels refused to join the talks.", []),
    # people who are counted are not their state
    ("Germans praised Qatar.", ["state:deu SUPPORT state:qat"]),
    ("Most Germans praised Qatar.", []),
    ("Americans praised Qatar.", []),
    ("Iran tried to free some of the Americans detained in Oman.", []),
    ("Iran bombed Iraqis in Basra.", ["state:irn ASSAULT state:irq at place:basra"]),
    # words against a person are no blows; sports are no war
    ("US lawmakers attack Vladimir Putin.", ["state:usa ACCUSE person:vladimir-putin"]),
    ("Saudi Arabia beat Oman 2-1 after it attacked Oman late in the match.", []),
    # aid to a place goes there
    ("Norway sent aid to Gaza.", ["state:nor AID - at place:gaza-strip"]),
    ("Norway sent aid to Oman.", ["state:nor AID state:omn"]),
    # whose adviser he is
    ("Vladimir Putin said he accused Oman of dumping.", ["person:vladimir-putin ACCUSE state:omn"]),
    ("Vladimir Putin's adviser said he accused Oman of dumping.", []),
    # to add something is no saying
    (
        "To count Qataris adds to what Vladimir Putin promised to change.",
        ["person:vladimir-putin AGREE -"],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[case[0] for case in CASES])
def test_near_misses(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    told = [
        f"{fact.source_actor} {fact.event_class.value} {fact.target_actor or '-'}"
        + (f" at {fact.place}" if fact.place else "")
        for fact in read("", sentence, DAY, index, "test").facts
    ]
    assert told == expected


def test_what_patterns_begin_with_is_shared() -> None:
    beginnings = {one.expression.partition(GAP)[0] for one in PATTERNS if GAP in one.expression}
    assert len(beginnings) < 10  # each is compiled in every process that reads
    assert all(
        one.expression.partition(GAP)[2].startswith(" ")
        for one in PATTERNS
        if GAP in one.expression
    )


def test_a_verb_is_found_with_what_the_same_subject_did_before() -> None:
    meet = next(one for one in PATTERNS if one.name == "meet")
    found = meet.matches(Line(" <n0> visited warsaw and later met <n1> in <p2> . "))
    assert [(one.groups["s"], one.groups["o"], one.verb) for one in found] == [("0", "1", "met")]
    assert found[0].line[found[0].start : found[0].end].endswith("met <n1>")
    assert meet.matches(Line(" <p0> met <n1> . ")) == []
