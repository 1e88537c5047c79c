"""How far sources are trusted: which words order it, and what comes of an order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.curation.trusting import Order, in_words, order, trust
from bot.errors import BadEdit
from bot.models import EVERYWHERE, LOCAL
from bot.store.sources import Level
from bot.store.store import Store
from tests.arrivals import NOW, open_store
from tests.test_store_sources import article

ORDERS = [
    ("distrust gazette.example", ("gazette.example", "distrusted")),
    ("Distrust https://gazette.example/", ("gazette.example", "distrusted")),
    ("please distrust the source “The Gazette”.", ("The Gazette", "distrusted")),
    ("remove source Gazette", ("Gazette", "removed")),
    ("Remove the source Gazette!", ("Gazette", "removed")),
    ("trust Gazette", ("Gazette", "trusted")),
    ("trust Gazette again", ("Gazette", "trusted")),
    ("trust the source Gazette as any other.", ("Gazette", "normal")),
    ("trust Gazette normally", ("Gazette", "normal")),
    ("remove Gazette", None),
    ("distrust", None),
    ("trust", None),
    ("remove source", None),
    ("distrust Gazette?", None),
    ("does Iran distrust Qatar", None),
    ("who do you trust", None),
    ("trustworthy sources", None),
    ("distrust between Iran and Qatar grows: why?", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "meant"), ORDERS)
def test_orders(text: str, meant: tuple[str, Level] | None) -> None:
    assert order(text) == (Order(*meant) if meant else None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        opened.commit([article("a", "Gazette"), article("b", "Courier", days=1)])
        yield opened


def did(store: Store, name: str, level: Level) -> str:
    return in_words(trust(store, LOCAL, [EVERYWHERE], Order(name, level), "U1", NOW))


def test_what_came_of_it_is_said(store: Store) -> None:
    assert did(store, "the gazette", "distrusted") == (
        "Gazette is distrusted now (#1), was normal; one article set aside."
    )
    assert did(store, "gazette.com", "distrusted") == "Gazette is distrusted already."
    assert did(store, "Gazette", "normal") == (
        "Gazette is normal now (#2), was distrusted; one article brought back."
    )
    assert did(store, "Stranger", "removed").startswith("Stranger is removed now (#3)")


def test_an_unknown_source_is_not_guessed(store: Store) -> None:
    with pytest.raises(BadEdit, match=r"called Gazete\. Did you mean Gazette\?"):
        did(store, "Gazete", "distrusted")
    with pytest.raises(BadEdit, match="`dragoman sources` lists them"):
        did(store, "Zzz", "trusted")
