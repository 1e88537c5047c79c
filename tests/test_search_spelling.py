"""Which stored word a misspelt one was meant to be."""

from __future__ import annotations

import pytest

from bot.search.spelling import allowed_edits, meant_as_well, nearest


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
        ("guma", 2, [("guam", 40), ("gum", 4)], ["guam"]),  # rare, and near a much commoner one
        ("guma", 2, [("guam", 39)], []),  # not commoner by enough
        ("nicol", 20, [("nicola", 300), ("nicole", 30), ("nicol", 20)], ["nicola", "nicole"]),
        ("guzm", 0, [("guzman", 90)], ["guzman"]),  # cut off at its accent
        ("guzm", 0, [("guzmanovski", 90)], []),  # by too much
        ("oan", 0, [("oman", 100), ("oat", 900)], ["oman"]),  # a letter lost
        ("oan", 0, [("oak", 900)], []),  # but no other one in its place
    ],
)
def test_what_a_rare_word_may_have_been_meant_for(
    typed: str, count: int, known: list[tuple[str, int]], others: list[str]
) -> None:
    assert meant_as_well(typed, count, known) == others
