"""Build the table of verb forms: ``python -m seeds.build_verbs PATH LEXICON``.

PATH holds ``current-events/items.jsonl.gz``; LEXICON is ``resources/infl_lu.csv.gz`` of the
package ``lemminflect``, the inflections of the SPECIALIST Lexicon. Writes
``seeds/words/verbs.txt``: every verb of the lexicon with its past tense, its -ing form and
its past participle if that differs from the past tense. Of several spellings, the one in most items
comes first. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).parent / "words" / "verbs.txt"
UNCHANGED = frozenset(("bid", "broadcast", "quit"))
"""Verbs whose past tense is the bare verb in news, which the lexicon lists last or not at all."""
PARTICIPLES = {"bear": "borne", "run": "run", "show": "shown"}
"""Participles that the lexicon lacks, or has differently."""

_HEAD = """\
# English verbs, each with its past tense and -ing form, and a participle that is another form.
# Forms: the SPECIALIST Lexicon of the US National Library of Medicine, by way of lemminflect (MIT).
# Of several spellings the most usual comes first, counted over the items of Wikipedia's Current \
events portal (CC BY-SA; counts are facts).
# Made by seeds/build_verbs.py.
"""
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def table(lexicon: Iterable[str], counts: Mapping[str, int]) -> str:
    """Return the table; ``lexicon`` has rows ``lemma,verb,past,participle,-ing,third person``."""
    rows: dict[str, str] = {}
    for entry in lexicon:
        lemma, kind, *forms = entry.strip().split(",")
        if kind != "verb" or len(forms) < 4 or not _WORD.fullmatch(lemma):
            continue
        if lemma in UNCHANGED:
            forms[0] = lemma
        past = _by_use(lemma, forms[0], counts) or _by_use(lemma, forms[1], counts)
        ing = _by_use(lemma, forms[2], counts)
        if past and ing:
            participle = PARTICIPLES.get(lemma) or _participle(lemma, past, forms[1], counts)
            rows[lemma] = " ".join(filter(None, (lemma, past, ing, participle))) + "\n"
    return _HEAD + "".join(rows[lemma] for lemma in sorted(rows))


def _participle(lemma: str, past: str, spellings: str, counts: Mapping[str, int]) -> str:
    """Return the participle of an irregular verb; empty if it equals the past tense."""
    first, *_ = pasts = past.split("/")
    participles = _by_use(lemma, spellings, counts).split("/")
    if first.endswith("ed") or first in participles:
        return ""
    return next((form for form in participles if form not in pasts), participles[0])


def _by_use(lemma: str, spellings: str, counts: Mapping[str, int]) -> str:
    """Return the spellings that are one word like the lemma, the most usual first.

    Leaves out the third person, which the lexicon has for the past tense of *torpedo*.
    """
    kept = [
        form
        for form in spellings.split("/")
        if _WORD.fullmatch(form)
        and form.count("-") == lemma.count("-")
        and form not in (f"{lemma}s", f"{lemma}es")
    ]
    # The count of a form that equals the bare verb includes the present tense.
    used = {form: counts.get(form, 0) for form in kept if form != lemma}
    return "/".join(sorted(kept, key=lambda form: -used.get(form, 0)))


def main() -> None:
    """Write the table and print how many verbs it has."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_verbs", description=__doc__)
    parser.add_argument("path", type=Path, help="the folder of the data sets")
    parser.add_argument("lexicon", type=Path, help="infl_lu.csv.gz of lemminflect")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    with gzip.open(
        given.path / "current-events" / "items.jsonl.gz", "rt", encoding="utf-8"
    ) as rows:
        for row in rows:
            counts.update(set(_WORD.findall(json.loads(row)["text"].lower())))
    with gzip.open(given.lexicon, "rt", encoding="utf-8") as entries:
        made = table(entries, counts)
    HERE.write_text(made, "utf-8")
    print(f"{sum(not line.startswith('#') for line in made.splitlines())} verbs in {HERE.name}")


if __name__ == "__main__":
    main()
