"""Near-copies: what is found and what is not, and which of them is the original."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import EVERYWHERE
from bot.read.copies import (
    COPIED,
    FEWEST,
    SHORT,
    Printed,
    alike,
    covered,
    originals,
    sketch,
)

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


def prose(seed: int, words: int) -> list[str]:
    """Words that come in no order, so that two seeds share next to no three in a row."""
    chance = random.Random(seed)  # noqa: S311 - no secret, and the same every time
    return [f"w{chance.randrange(400)}" for _ in range(words)]


def edited(words: list[str], share: float, seed: int = 1) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - no secret, and the same every time
    return [f"x{chance.randrange(400)}" if chance.random() < share else one for one in words]


def found(one: str, other: str) -> bool:
    """Whether the look-up finds two texts, and comparing them holds."""
    mine, theirs = sketch(one), sketch(other)
    shared = len(mine.hashes & theirs.hashes)
    likely = alike(len(mine.hashes), len(theirs.hashes), shared)
    return likely and max(covered(one, other)) >= COPIED


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        (lambda words: words, True),
        (lambda words: edited(words, 0.05), True),
        (lambda words: edited(words, 0.20), True),
        (lambda words: edited(words, 0.70), False),
        (lambda words: words[:200], True),
        (lambda words: words[200:], True),
        (lambda words: [*prose(9, 30), *words, *prose(8, 30)], True),
        (lambda words: ["A", "new", "headline.", *words], True),
        (lambda words: [word.upper() for word in words], True),
        (lambda words: [f"{word}," for word in words], True),
        (lambda words: words[::-1], False),
        (lambda _: prose(2, 600), False),
        (lambda words: [*words[:25], *prose(2, 575)], False),
    ],
    ids=[
        "same", "5 %", "20 %", "70 %", "begin", "end", "framed", "headline", "case", "commas",
        "backwards", "other", "one sentence",
    ],
)  # fmt: skip
def test_found(copy: object, expected: bool) -> None:
    words = prose(1, 600)
    assert callable(copy)
    assert found(" ".join(words), " ".join(copy(words))) is expected


def test_a_short_text_is_a_copy_of_the_same_words_only() -> None:
    words = prose(1, SHORT - 1)
    assert found(" ".join(words), " ".join(words).upper())
    assert not found(" ".join(words), " ".join([*words[:-1], "other"]))
    assert not found(" ".join(words), " ".join(prose(1, 600)))


def test_so_little_is_nobodys_copy() -> None:
    few = " ".join(prose(1, FEWEST - 1))
    assert sketch(few).hashes == frozenset()
    assert covered(few, few) == (0.0, 0.0)
    assert sketch("").hashes == frozenset()
    assert covered("", "") == (0.0, 0.0)


def test_how_much_of_each_the_other_has() -> None:
    whole = " ".join(prose(1, 600))
    part = " ".join(prose(1, 200))
    mine, theirs = covered(part, whole)
    assert mine == 1.0
    assert 0.25 < theirs < COPIED


def test_hostile_texts_stay_small() -> None:
    assert len(sketch("spam " * 100_000).hashes) <= 1
    assert len(sketch(" ".join(f"w{n}" for n in range(200_000))).hashes) <= 1_000
    assert sketch("\u202e\x01 \U0001f600 " * 100).hashes == frozenset()


def printed(
    key: str, hours: float = 0, publisher: str = "", named: str = "", audience: str = EVERYWHERE
) -> Printed:
    at = NOON + timedelta(hours=hours)
    return Printed(key, at, publisher, frozenset(named.split()), audience)


def pairs(**shares: tuple[float, float]) -> dict[tuple[str, str], float]:
    """``ab=(x, y)``: b has x of a's words, and a has y of b's."""
    found = {(name[0], name[1]): one for name, (one, _) in shares.items()}
    return found | {(name[1], name[0]): other for name, (_, other) in shares.items()}


@pytest.mark.parametrize(
    ("articles", "shares", "expected"),
    [
        ([printed("a"), printed("b", 1)], pairs(ab=(0.9, 0.9)), {"b": "a"}),
        ([printed("a", 1), printed("b")], pairs(ab=(0.9, 0.9)), {"a": "b"}),
        # At one time: by id, so that it is always the same.
        ([printed("b"), printed("a")], pairs(ab=(0.9, 0.9)), {"b": "a"}),
        ([printed("a"), printed("b", 1)], pairs(ab=(0.3, 0.3)), {}),
        # A copy of a copy, which shares too little with the first.
        (
            [printed("a"), printed("b", 1), printed("c", 2)],
            pairs(ab=(0.6, 0.6), bc=(0.6, 0.6)),
            {"b": "a", "c": "a"},
        ),
        # A round-up that holds two reports joins neither to the other.
        (
            [printed("a"), printed("b", 1), printed("r", 2)],
            pairs(ar=(1.0, 0.3), br=(1.0, 0.3)),
            {},
        ),
        # An excerpt is of the whole, but not of one that came later and built on it.
        ([printed("a"), printed("b")], pairs(ab=(1.0, 0.3)), {"a": "b"}),
        ([printed("a"), printed("b", 3)], pairs(ab=(1.0, 0.3)), {}),
        ([printed("a", 30), printed("b")], pairs(ab=(1.0, 0.3)), {"a": "b"}),
        # Whom a copy names is its original, though it came late.
        (
            [printed("a", publisher="x", named="wire"), printed("w", 5, publisher="wire")],
            pairs(aw=(0.9, 0.9)),
            {"a": "w"},
        ),
        (
            [
                printed("a", publisher="x"),
                printed("b", 1, publisher="y", named="wire"),
                printed("w", 5, publisher="wire"),
            ],
            pairs(ab=(0.9, 0.9), aw=(0.9, 0.9), bw=(0.9, 0.9)),
            {"b": "a", "w": "a"},
        ),
        # Two that name each other: the first.
        (
            [printed("a", publisher="x", named="y"), printed("b", 1, publisher="y", named="x")],
            pairs(ab=(0.9, 0.9)),
            {"b": "a"},
        ),
        # What only some may see is no original of what everybody sees.
        (
            [printed("a", audience="C1"), printed("b", 1), printed("c", 2, audience="C2")],
            pairs(ab=(0.9, 0.9), ac=(0.9, 0.9), bc=(0.9, 0.9)),
            {"a": "b", "c": "b"},
        ),
        # What was deleted is no original any more.
        ([printed("b", 1), printed("c", 2)], pairs(ab=(0.9, 0.9), bc=(0.9, 0.9)), {"c": "b"}),
    ],
)
def test_originals(
    articles: list[Printed], shares: dict[tuple[str, str], float], expected: dict[str, str]
) -> None:
    assert originals(articles, shares) == expected
    assert originals(articles[::-1], shares) == expected
