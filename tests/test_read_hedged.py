"""What a sentence leaves open, what it means in a figure of speech, who suffers it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


OPEN = [
    # beside the verb
    "Iran reportedly attacked Iraq.",
    "Reportedly, Iran attacked Iraq.",
    "Iran seemingly attacked Iraq.",
    "Iran apparently attacked Iraq on Monday.",
    "Iran may have attacked Iraq.",
    "Iran appears to have attacked Iraq.",
    # what others say of whoever did it
    "Iran is said to have attacked Iraq.",
    "Iran is believed to have attacked Iraq.",
    "Iran is suspected of attacking Iraq.",
    "Iran is accused of attacking Iraq.",
    "Iran has been blamed for attacking Iraq.",
    # before the clause
    "It is possible that Iran attacked Iraq.",
    "It seems that Iran attacked Iraq.",
    "There are signs that Iran attacked Iraq.",
    "One explanation is that Iran attacked Iraq.",
    "I think Iran attacked Iraq.",
    "Perhaps Iran attacked Iraq.",
    "In what appears to be an Iranian strike on Iraq, ten died.",
    "A suspected Iranian drone attack hit Iraq.",
    # after it
    "Iran attacked Iraq, if the reports are true.",
]

SURE = [
    "Iran attacked Iraq.",
    "Iran attacked Iraq, and Oman reportedly left the talks.",
    "Iran attacked Iraq, but perhaps all will be well.",
    "Perhaps all will be well, but Iran attacked Iraq.",
    "It seems that all is lost; Iran attacked Iraq.",
    "“I think that it will rain,” he said, and Iran attacked Iraq.",
    "Iran, which was suspected of theft, attacked Iraq.",
]


@pytest.mark.parametrize("sentence", OPEN)
def test_what_is_left_open_is_possible(index: ActorIndex, sentence: str) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [str(one.status) for one in facts if one.event_class == "ASSAULT"] == ["possible"]


@pytest.mark.parametrize("sentence", SURE)
def test_what_is_told_as_it_is_happened(index: ActorIndex, sentence: str) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [str(one.status) for one in facts if one.event_class == "ASSAULT"] == ["happened"]


UNTOLD = [
    # only supposed, or told not to be so
    "It is unclear whether Iran attacked Iraq.",
    "Iran did not say Turkey attacked Iraq.",
    "Neither Iran nor Turkey attacked Iraq.",
    # in words
    "Donald Trump's attack ad on Joe Biden aired.",
    "Donald Trump's attack on the judges drew criticism.",
    "Russia launched a charm offensive in Turkey.",
    "Turkey waged war on inflation.",
    "Iran's heart attack rate rose in Iraq.",
    "Turkey struck Iran from the list.",
    # left behind, not left
    "Hakan Fidan left Iran speechless.",
    "Iran left Iraq behind.",
    # another suffers it, or does it
    "The man Turkey arrested left Iran.",
    "Iran was attacked by people from Iraq.",
]


@pytest.mark.parametrize("sentence", UNTOLD)
def test_nothing_is_told(index: ActorIndex, sentence: str) -> None:
    assert [one.act for one in read("", sentence, DAY, index, "test").facts] == []


HEADLINES = [
    ("Turkey threatened with sanctions", []),
    ("Turkey sanctioned for raid", []),
    ("Mayor killed: Israel blamed", []),
    ("Turkey blames Israel", ["state:tur ACCUSE state:isr"]),
]


@pytest.mark.parametrize(("title", "expected"), HEADLINES, ids=[one[0] for one in HEADLINES])
def test_headlines_leave_out_who_suffers_it(
    index: ActorIndex, title: str, expected: list[str]
) -> None:
    facts = read(title, "", DAY, index, "test").facts
    assert [f"{one.source_actor} {one.event_class} {one.target_actor}" for one in facts] == expected


NEAR = [
    ("Turkey waged war on Iran.", "ASSAULT state:irn"),
    ("Hakan Fidan left Iran on Monday.", "MOVE state:irn"),
    ("Russia launched an offensive in Ukraine.", "ASSAULT state:ukr"),
    ("Donald Trump's attacks on Iran drew criticism.", "ASSAULT state:irn"),
    ("Iran was attacked by gunmen in Iraq.", None),
    ("Iran was attacked by Iraqi troops.", "ASSAULT state:irn"),
]


@pytest.mark.parametrize(("sentence", "expected"), NEAR, ids=[one[0] for one in NEAR])
def test_near_these_it_is_told(index: ActorIndex, sentence: str, expected: str | None) -> None:
    told = [
        f"{one.event_class} {one.target_actor}"
        for one in read("", sentence, DAY, index, "test").facts
    ]
    assert told == ([expected] if expected else [])
