"""Which Congress, which Senate, whose Democrats: the article's state tells, or nobody."""

from __future__ import annotations

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.read.mentions import find_mentions

CONGRESS, SENATE = "org:united-states-congress", "org:united-states-senate"
COURT, INDIAN = "org:supreme-court-of-the-united-states", "org:supreme-court-of-india"
GOP, DEMOCRATS = "org:republican-party", "org:democratic-party-of-the-united-states"


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The US is waiting for Congress.", [CONGRESS]),
        ("Congress met.", []),
        ("India and the Congress met.", ["org:indian-national-congress"]),
        ("The US and India watched Congress.", []),
        ("The US, Washington and the White House looked to India's Congress.", []),
        ("Peru and its Congress met.", []),
        ("The US Ruritan National Congress met.", []),
        ("The US Congress met.", [CONGRESS]),
        ("The US lost Congress Street.", []),
        ("The US waits for the Senate.", [SENATE]),
        ("The US waits for the Iowa Senate, and the Senate for it.", []),
        ("The US waits for the state Senate.", []),
        ("The US waits for the Senate Ruritan Committee.", []),
        ("India waits for the Supreme Court.", [INDIAN]),
        ("The US waits for the Supreme Court. In Ruritania nobody does.", [COURT]),
        ("Kenya waits for the Supreme Court.", []),
        ("The US Republicans and Democrats quarrel.", [GOP, DEMOCRATS]),
        ("The US has House Republicans and a Democratic lawmaker.", [GOP]),
        ("The US met Republican Sen. Wilma Zembla.", []),
        ("The US met the Democratic Republic of Congo.", []),
        ("Spain had Republicans.", []),
        ("Spain, Spain and Spain had Republicans, said the US.", []),
    ],
)
def test_bodies_of_the_state_of_an_article(index: ActorIndex, text: str, found: list[str]) -> None:
    mentions = find_mentions("", text, index)
    bodies = [m for m in mentions if m.actor.startswith("org:")]
    assert [m.actor for m in bodies] == found
    assert all(text[m.start : m.end].endswith(m.alias.split()[-1]) for m in bodies)


def test_every_body_is_in_the_lists(index: ActorIndex) -> None:
    from bot.read import mentions

    for table in (*mentions._BODIES.values(), *mentions._PARTIES.values()):
        for iso3, actor in table.items():
            assert index.get(f"state:{iso3.lower()}") is not None, iso3
            assert actor is None or index.get(actor) is not None, actor
