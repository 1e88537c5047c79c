"""Which stored word a misspelt one was meant to be."""

from __future__ import annotations

import pytest

from bot.search.query import (
    allowed_edits,
    meant_as_well,
    nearest,
    one_off,
    parted,
)


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("mosl", [("most", 900), ("mosul", 12)], "mosul"),  # a letter lost
        ("flnt", [("flat", 300), ("flint", 4), ("font", 20)], "flint"),
        ("ceasfire", [("ceasefire", 5), ("campfire", 50)], "ceasefire"),
        ("tarde", [("trade", 5), ("tardy", 80)], "trade"),  # two swapped
        ("beirutt", [("beirut", 5), ("beiruti", 50)], "beirut"),  # one doubled
        ("trabe", [("trade", 5), ("tribe", 8)], "tribe"),  # as near and as likely: more frequent
        ("qatr", [("qatar", 1), ("quarter", 99)], "qatar"),
        ("sanctoins", [("sanctions", 2), ("sanction", 70)], "sanctions"),
        ("oan", [("oman", 5)], None),  # too short to be sure
        ("zeppelin", [("zeal", 5), ("hospital", 9)], None),
        ("word", [], None),
    ],
)
def test_the_nearest_word(typed: str, known: list[tuple[str, int]], meant: str | None) -> None:
    assert nearest(typed, known) == meant


@pytest.mark.parametrize(("length", "edits"), [(3, 0), (4, 1), (7, 1), (8, 2), (20, 2)])
def test_longer_words_may_have_more_errors(length: int, edits: int) -> None:
    assert allowed_edits(length) == edits


@pytest.mark.parametrize(
    ("typed", "count", "known", "others"),
    [
        ("guma", 2, [("guam", 40), ("gum", 4)], ["guam", "gum"]),  # rare, and near commoner ones
        ("guma", 2, [("guam", 2)], []),  # no commoner
        ("guma", 2, [("puma", 40)], ["puma"]),  # much commoner, with another letter
        ("guma", 2, [("puma", 39)], []),  # not by enough
        ("nicol", 20, [("nicola", 300), ("nicole", 30), ("nicol", 20)], ["nicola", "nicole"]),
        ("guzm", 0, [("guzman", 90)], ["guzman"]),  # cut off at its accent
        ("guzm", 0, [("guzmanovski", 90)], []),  # by too much
        ("oan", 0, [("oman", 100), ("oat", 900)], ["oman"]),  # a letter lost
        ("oan", 0, [("oak", 900)], []),  # but no other one in its place
        ("rma", 0, [("ram", 100)], ["ram"]),  # two swapped
    ],
)
def test_what_a_rare_word_may_have_been_meant_for(
    typed: str, count: int, known: list[tuple[str, int]], others: list[str]
) -> None:
    assert meant_as_well(typed, count, known) == others


def test_a_word_is_put_right_before_its_ending_is_cut_off() -> None:
    spellings = one_off("constittuion")
    assert spellings["constitution"] is False  # two letters swapped
    assert spellings["constittuian"] is True  # another letter
    assert "constittuion" not in spellings
    assert "xonstittuion" not in spellings  # the first letter is no other one
    assert nearest("constittuion", [("constitut", 9)]) is None
    assert nearest("constittuion", [("constitut", 9)], {"constitut": False}) == "constitut"


@pytest.mark.parametrize("word", ["rice", "año42", "münchen", "b2b2b2"])
def test_short_words_and_those_of_other_letters_are_not_tried(word: str) -> None:
    assert one_off(word) == {}


@pytest.mark.parametrize(
    ("typed", "halves"),
    [
        ("millenniumstadium", ("millennium", "stadium")),
        ("riogrande", ("rio", "grande")),  # three letters, of a word that is often there
        ("barnaby", None),  # and of one that is not
        ("standstill", ("stand", "still")),
        ("zeppelin", None),
        ("rio", None),
    ],
)
def test_two_words_typed_as_one(typed: str, halves: tuple[str, str] | None) -> None:
    known = {"millennium": 3, "stadium": 9, "rio": 40, "grande": 30, "bar": 40, "naby": 3}
    known |= {"stand": 9, "still": 9, "stands": 1, "till": 9}
    assert parted(typed, lambda word: known.get(word, 0)) == halves
