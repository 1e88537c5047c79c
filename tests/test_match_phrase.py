"""Whom a phrase is about: names with words around them, and halves of other names."""

from __future__ import annotations

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.lookup import verdict
from bot.match.query import in_phrase


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


@pytest.mark.parametrize(
    ("phrase", "actor"),
    [
        ("Russian President Boris Yeltsin", "person:boris-yeltsin"),
        ("B. Yeltsin", "person:boris-yeltsin"),
        ("Israeli border police", "state:isr"),
        ("Irish nationalist guerrillas", "state:irl"),  # no National Diet
        ("opposition leader Khatami", "person:mohammad-khatami"),
        ("opposition leader Jose Khatami", None),  # somebody else
        ("John Paris", None),
        ("protesters in Paris", "state:fra"),
        ("George Wilson Ruritani", None),  # George is a surname of somebody, here it is none
    ],
)
def test_who_is_named_in_a_phrase(index: ActorIndex, phrase: str, actor: str | None) -> None:
    found = in_phrase(index, phrase, None, 5)
    sure = found[0].actor if verdict(found[:1]) == "sure" else None
    assert sure == actor, found[:2]
