"""What stands for the whole: governments called after whoever heads them, houses, spokesmen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.provisional import newcomers
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


SOURCES = [
    # a government is its state's, whoever heads it
    ("Trump's administration criticized Iran.", ["state:usa"]),
    ("The Obama administration criticized Iran.", ["state:usa"]),
    ("The Biden White House criticized Iran.", ["state:usa"]),
    ("The Netanyahu government criticized Iran.", ["state:isr"]),
    ("Donald Trump criticized Iran.", ["person:donald-trump"]),
    ("Donald Trump governed, and criticized Iran.", ["person:donald-trump"]),
    # some of a party are not the party
    ("The House GOP criticized Iran.", ["The House GOP"]),
    ("The Senate GOP criticized Iran.", ["The Senate GOP"]),
    ("The GOP criticized Iran.", ["org:republican-party"]),
    # one of those who speak is not the one who holds the office
    ("A White House spokeswoman criticized Iran.", ["A White House spokeswoman"]),
    ("White House spokeswoman Karoline Leavitt criticized Iran.", ["person:karoline-leavitt"]),
]


@pytest.mark.parametrize(("sentence", "expected"), SOURCES, ids=[one[0] for one in SOURCES])
def test_who_does_it(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [one.source_actor or one.source_words for one in facts] == expected


def test_a_government_is_met_as_its_state(index: ActorIndex) -> None:
    facts = read("", "Iran signed a deal with the Biden White House.", DAY, index, "test").facts
    assert [one.target_actor for one in facts] == ["state:usa"]


NAMES = [
    ("The Zembla Board of Regents criticized Iran.", ["Zembla Board of Regents"]),
    ("One member of the Zembla state Board of Regents criticized Iran.", []),
    ("Dunder Bros. Film Group criticized Iran.", []),
    ("The Dunder Film Group criticized Iran.", ["Dunder Film Group"]),
    # a byline runs into the name that the article begins with
    ("Peter Rivers John Dunder, a minister of Zembla, criticized Iran.", []),
    ("John Dunder, a minister of Zembla, criticized Iran.", ["John Dunder"]),
]


@pytest.mark.parametrize(("sentence", "expected"), NAMES, ids=[one[0] for one in NAMES])
def test_a_body_is_named_in_full_and_is_none_of_its_members(
    index: ActorIndex, sentence: str, expected: list[str]
) -> None:
    told = read("", sentence, DAY, index, "test")
    known = index.with_others(newcomers(told.introduced)) if told.introduced else index
    actors = [known.get(one.source_actor) for one in told.facts]
    assert [one.name for one in actors if one is not None] == expected
