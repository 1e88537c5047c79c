"""The table of how rare words are: as it is built, and as it is read."""

from __future__ import annotations

import math

from bot.text.english import rarities, stems
from seeds.build_rarity import HERE, LEAST, table


def test_what_is_counted() -> None:
    made = table(["Ferries sank"] * LEAST + ["A ferry"] * LEAST + ["port"] * (LEAST - 1))
    number = 3 * LEAST - 1
    lines = [line for line in made.splitlines() if not line.startswith("#")]
    assert lines == [
        f"{round(4 * math.log((number + 1) / (count + 1))) / 4:g} {stem}"
        for stem, count in (("ferri", 2 * LEAST), ("sank", LEAST))
    ]
    assert table(["Ferries sank"] * 20) == table(["Ferries sank"] * 20)


def test_the_table_that_comes_with_it() -> None:
    text = HERE.read_text("utf-8")
    assert "CC BY-SA" in text.splitlines()[1]
    listed, rarest = rarities()
    assert 10_000 < len(listed) < 12_000
    assert min(listed.values()) > 1
    assert listed["said"] < listed["ferri"] < rarest == max(listed.values())
    assert all(stems(stem) for stem in ("ferri", "minist"))
