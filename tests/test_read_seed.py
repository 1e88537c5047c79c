"""An analysis of the kind that the bot was made for, in our words: what it tells, what not.

The text is undated, tells one meeting three times, and mixes what was done with what is
said, meant and merely thought possible.
"""

from __future__ import annotations

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import Reading
from bot.read.reading import read

TEXT = """\
Iran's President Masoud Pezeshkian calls for stronger ties with Qatar in a meeting with Qatari leaders.

On Wednesday, Iranian President Masoud Pezeshkian stressed the need for deeper relations with Qatar during a long meeting with Qatari Prime Minister and Foreign Minister Sheikh Mohammed bin Abdulrahman Al Thani. The talk counts for more after Hamas leaders left Qatar for Turkey. Turkey continues to support Hamas.

Doha has a long record of hosting groups such as the Taliban and Hamas.

President Pezeshkian repeated Iran's commitment to honour earlier agreements and extended an invitation for the Emir of Qatar to visit Tehran. Sheikh Mohammed bin Abdulrahman Al Thani answered warmly, expressing Qatar's intention to strengthen its ties with Iran and revealing plans for the Emir's visit in the coming year.

Better relations with Qatar may give leverage against institutions like the UN and IAEA, which Iran criticizes for unfair treatment. Iran's support could strengthen Qatar's standing.

Both capitals know that the talks between Iranian and Qatari leaders matter.
"""
IRANIAN = "person:masoud-pezeshkian"
ROWS = [
    (IRANIAN, "REQUEST", "state:qat", "happened", None),
    ("state:tur", "SUPPORT", "group:hamas", "ongoing", None),
]
"""Of what it says; the meeting, the criticism, the invitation and the plans are less certain than what is kept."""


@pytest.fixture(scope="module")
def reading() -> Reading:
    gazetteer = load()
    return read("", TEXT, None, ActorIndex(gazetteer.actors, gazetteer.tenures), "test")


@pytest.mark.parametrize("row", ROWS, ids=[f"{who} {what} {whom}" for who, what, whom, *_ in ROWS])
def test_it_tells(reading: Reading, row: tuple[str | None, ...]) -> None:
    told = [
        (
            fact.source_actor,
            fact.event_class.value,
            fact.target_actor,
            fact.status.value,
            fact.claimant,
        )
        for fact in reading.facts
    ]
    assert row in told


def test_it_tells_nothing_else(reading: Reading) -> None:
    assert {
        (fact.source_actor, fact.event_class.value, fact.target_actor) for fact in reading.facts
    } == {row[:3] for row in ROWS}


def test_every_quote_is_verbatim(reading: Reading) -> None:
    for fact in reading.facts:
        for quote in fact.evidence:
            assert TEXT[quote.start : quote.end] == quote.quote
