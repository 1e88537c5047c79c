"""Build the table of how rare words of news are: ``python -m seeds.build_rarity PATH``.

PATH holds ``current-events/items.jsonl.gz``. Writes ``seeds/words/rarity.txt``: for each stem in
at least ten items, the natural logarithm of the number of all items for one that has it, rounded
to a quarter. Stems of one rarity share a line. It has no text of an item, only counts; the same
input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.text.english import stems

HERE = Path(__file__).parent / "words" / "rarity.txt"
LEAST = 10

_HEAD = """\
# How rare words of news are: ln(items / items that have the stem), rounded to a quarter.
# Counted over the items of Wikipedia's Current events portal, 2002 to March 2026 (CC BY-SA; \
counts are facts).
# Made by seeds/build_rarity.py; stems are those of tantivy's English stemmer.
"""


def table(texts: Iterable[str]) -> str:
    """Count the texts that have each stem; return the table."""
    counts: Counter[str] = Counter()
    number = 0
    for text in texts:
        counts.update(set(stems(text)))
        number += 1
    lines: dict[float, list[str]] = {}
    for stem, count in counts.items():
        if count >= LEAST:
            rarity = round(4 * math.log((number + 1) / (count + 1))) / 4
            lines.setdefault(rarity, []).append(stem)
    return _HEAD + "".join(
        f"{rarity:g} {' '.join(sorted(lines[rarity]))}\n" for rarity in sorted(lines)
    )


def main() -> None:
    """Write the table and print how many stems it has."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_rarity", description=__doc__)
    parser.add_argument("path", type=Path, help="the folder of the data sets")
    items = parser.parse_args().path / "current-events" / "items.jsonl.gz"
    with gzip.open(items, "rt", encoding="utf-8") as rows:
        made = table(json.loads(row)["text"] for row in rows)
    HERE.parent.mkdir(exist_ok=True)
    HERE.write_text(made, "utf-8")
    print(f"{len(made.split())} words in {HERE.name}")


if __name__ == "__main__":
    main()
