"""Write ``words/senses.txt``: ``python -m seeds.build_senses PATH WORDNET``.

Verbs that share a meaning, from WordNet 3.0 of Princeton University: WORDNET is a folder with its
``data.verb``, ``index.verb``, ``data.noun`` and ``verb.exc``, as in Debian's package
``wordnet-base``. The table has verbs that are in the news, counted over the items of Wikipedia's
Current events portal in PATH/current-events/items.jsonl.gz, and the nouns made from them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.text.english import bare_form

SENSES = Path(__file__).parent / "words" / "senses.txt"

LEAST = 5
"""The fewest items that a verb must be in."""

MOST_SENSES = 6
"""How many of a verb's most usual senses are used."""

_HEAD = """\
# Meanings of verbs, from WordNet 3.0, Copyright 2006 by Princeton University. All rights reserved.
# "THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS
# OR WARRANTIES, EXPRESS OR IMPLIED": licence at https://wordnet.princeton.edu/license-and-commercial-use
# Lines: verb, then its meanings; "parents", "opposites": a meaning, then others;
# "noun": a noun and the verb it is of; "participle": a participle and its verb.
# Made by seeds/build_senses.py.
"""


class Synset(NamedTuple):
    """A meaning: its words, what it is a kind of or causes, opposites, and nouns made from it."""

    words: tuple[str, ...]
    parents: tuple[str, ...]
    opposites: tuple[str, ...]
    nouns: tuple[tuple[str, int, int], ...]


def main() -> None:
    """Read WordNet and the items, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_senses", description=__doc__)
    parser.add_argument("path", type=Path, help="the folder of the data sets")
    parser.add_argument("wordnet", type=Path, help="the folder with WordNet's files")
    given = parser.parse_args()
    lines = table(given.wordnet, in_news(given.path / "current-events" / "items.jsonl.gz"))
    SENSES.write_text(_HEAD + "".join(f"{line}\n" for line in lines), "utf-8")


def in_news(items: Path) -> set[str]:
    """Return verbs, by their bare form, and nouns that enough items have."""
    often: Counter[str] = Counter()
    with gzip.open(items, "rt", encoding="utf-8") as lines:
        for line in lines:
            words = set(re.findall(r"[a-z]+", json.loads(line)["text"].casefold()))
            often.update(words | {bare_form(word) or word for word in words})
    return {word for word, count in often.items() if count >= LEAST}


def synsets(file: Path) -> Iterator[tuple[str, Synset]]:
    """Read the meanings of a data file by their offsets."""
    for line in file.read_text("ascii").splitlines():
        if line.startswith("  "):
            continue
        fields = line.partition("|")[0].split()
        count = int(fields[3], 16)
        words = tuple(fields[4 + 2 * n].lower().partition("(")[0] for n in range(count))
        at = 4 + 2 * count
        pointers = [tuple(fields[at + 1 + 4 * n : at + 5 + 4 * n]) for n in range(int(fields[at]))]
        yield (
            fields[0],
            Synset(
                words,
                tuple(offset for sign, offset, kind, _ in pointers if sign in "@>" and kind == "v"),
                tuple(offset for sign, offset, kind, _ in pointers if (sign, kind) == ("!", "v")),
                tuple(
                    (offset, int(ends[:2], 16), int(ends[2:], 16))
                    for sign, offset, kind, ends in pointers
                    if (sign, kind) == ("+", "n")
                ),
            ),
        )


def table(wordnet: Path, news: set[str]) -> Iterator[str]:
    """Yield the lines of the table."""
    verbs = dict(synsets(wordnet / "data.verb"))
    nouns = dict(synsets(wordnet / "data.noun"))
    senses = dict(_senses(wordnet / "index.verb", news))
    used = {offset for offsets in senses.values() for offset in offsets}
    number = {offset: f"{n:x}" for n, offset in enumerate(sorted(verbs))}
    for verb, offsets in sorted(senses.items()):
        yield " ".join([verb, *(number[offset] for offset in offsets)])
    for offset in sorted(used):
        one = verbs[offset]
        for name, others in (("parents", one.parents), ("opposites", one.opposites)):
            if others:
                yield " ".join([name, number[offset], *(number[other] for other in others)])
    yield from _nouns(verbs, nouns, senses, news)
    for line in (wordnet / "verb.exc").read_text("ascii").splitlines():
        form, *bare = line.split()
        if bare[0] in senses and "_" not in form and bare_form(form) is None:
            yield f"participle {form} {bare[0]}"


def _senses(file: Path, news: set[str]) -> Iterator[tuple[str, list[str]]]:
    for line in file.read_text("ascii").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split()
        verb, count = fields[0], int(fields[2])
        parts = verb.split("_")
        if (
            len(parts) <= 2
            and all(part in news for part in parts)
            and verb.replace("_", "").isalpha()
        ):
            yield verb, fields[-count:][:MOST_SENSES]


def _nouns(
    verbs: dict[str, Synset], nouns: dict[str, Synset], senses: dict[str, list[str]], news: set[str]
) -> Iterator[str]:
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for verb, offsets in senses.items():
        for rank, offset in enumerate(offsets):
            one = verbs[offset]
            for noun, ours, theirs in one.nouns:
                if ours and one.words[ours - 1] == verb:
                    word = nouns[noun].words[theirs - 1]
                    if word in news and word not in senses and not word.endswith(("er", "or")):
                        made[word][verb] += MOST_SENSES - rank
    for word in sorted(made):
        yield f"noun {word} {made[word].most_common(1)[0][0]}"


if __name__ == "__main__":
    main()
