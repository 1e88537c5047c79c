"""A brief on three actors or more: what all of them share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.desk import Desk
from bot.models import Asker, Brief, Draft, Reply

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
TEXTS = (
    "Iran met Turkey in Ankara on 30 March 2026.",
    "Turkey and Qatar signed an agreement on 29 March 2026.",
    "Qatar visited Iran on 28 March 2026. Iran praised Qatar.",
    "Kenya met Peru in Lima on 30 March 2026. Oman was told.",
    "Peru, Chile and Brazil signed an agreement in Lima on 27 March 2026.",
    "Oman accused Chile of spying in Fiji on 26 March 2026.",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk.open(tmp_path_factory.mktemp("desk"), workers=1)
    items = [
        Draft(text=text, external_id=str(n), published=NOW, publisher=f"{n}.example")
        for n, text in enumerate(TEXTS)
    ]
    desk.ingest(items, now=NOW)
    yield desk
    desk.close()


def brief(desk: Desk, query: str) -> Reply:
    return desk.brief(Asker(workspace="local", person="U1", place="C1", tz="UTC", now=NOW), query)


def test_an_article_that_names_all_is_shown(desk: Desk) -> None:
    reply = brief(desk, "Kenya, Peru and Oman")
    assert isinstance(reply, Brief)
    assert reply.articles == 1


def test_a_sentence_that_names_all_is_shown(desk: Desk) -> None:
    reply = brief(desk, "Peru Chile Brazil")
    assert isinstance(reply, Brief)
    assert reply.notes == ()
    lines = [*reply.in_short, *reply.happened, *reply.more]
    assert TEXTS[4] in [line.snippet.quote for line in lines]


def test_two_are_as_before(desk: Desk) -> None:
    reply = brief(desk, "Iran Turkey")
    assert isinstance(reply, Brief)
    assert reply.notes == ()
    assert reply.in_short
    assert reply.in_short[0].snippet.quote == TEXTS[0]
    assert reply.happened == ()
