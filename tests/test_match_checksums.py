"""Checksums of many keys at once are those of each key alone."""

from __future__ import annotations

import numpy as np
import pytest

from bot.match.alias_table import INDEXES, Keys

KEYS = [
    "qatar",
    "emir of qatar",
    "qatar emir",
    "united nations security council",
    "the of",
    "a",
    "of",
    "x" * 1500,
    "one two three four five six seven eight",
    "the islamic republic of iran news agency",
    "lybia",
    "libya",
]


@pytest.mark.parametrize("name", INDEXES)
def test_a_key_has_the_checksum_of_what_is_made_of_it_or_none(name: str) -> None:
    index = INDEXES[name]
    sums, has = index.of_all(Keys(KEYS))
    for key, checksum, indexed in zip(KEYS, sums.tolist(), has.tolist(), strict=True):
        made = index.made(key)
        assert indexed == bool(made), key
        if made:
            assert checksum == index.of_one(made), key


@pytest.mark.parametrize(
    ("name", "left", "right", "same"),
    [
        ("key", "ab cd", "ab cd", True),
        ("key", "ab cd", "abcd", False),
        ("key", "ab", "ba", False),
        ("loose", "emir of qatar", "qatar emir", True),
        ("loose", "ab cd", "ad cb", False),  # letters traded between words
        ("loose", "emir of qatar", "emir of oman", False),
        ("letters", "lybia", "libya", True),
        ("letters", "lybia", "libyan", False),
        ("initials", "united arab emirates", "union of african engineers", True),
        ("initials", "united arab emirates", "arab united emirates", False),
    ],
)
def test_what_changes_places_counts_without_its_place(
    name: str, left: str, right: str, same: bool
) -> None:
    sums, has = INDEXES[name].of_all(Keys([left, right]))
    assert has.all()
    assert (sums[0] == sums[1]) is np.bool_(same)


def test_words_are_told_apart_and_belong_to_their_keys() -> None:
    keys = Keys(["emir of qatar", "qatar", "emir"])
    assert keys.texts(np.arange(5)) == ["emir", "of", "qatar", "qatar", "emir"]
    assert keys.of().tolist() == [0, 0, 0, 1, 2]
    first, _, third, fourth, fifth = keys.words.tolist()
    assert (first, third) == (fifth, fourth)
    assert keys.telling.tolist() == [True, False, True, True, True]
