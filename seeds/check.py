"""Check the seeds against what they rest on: ``python -m seeds.check PATH [TEXT]``.

PATH is a folder that holds ``current-events/items.jsonl.gz`` (Wikipedia's Current events
portal, CC BY-SA) and ``factbook/leaders_dated.csv``; TEXT is the article that
``articles/0001-*.md`` restates. Every article must have its item's date and publishers and
share no run of six words with it, names and numbers not counted; every item that
``actors/curated.yaml`` cites must exist, and every date of a tenure must stand in its source.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LONGEST = 5
"""Equal words in a row, names and numbers not counted, that still are not copying."""

Item = dict[str, Any]
WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


def read_items(folder: Path) -> dict[str, Item]:
    """The portal's items by id."""
    with gzip.open(folder / "current-events" / "items.jsonl.gz", "rt", encoding="utf-8") as file:
        return {item["id"]: item for item in map(json.loads, file)}


def read_leaders(folder: Path) -> dict[str, set[date]]:
    """By factbook country code, the days on which its office-holders began."""
    found: dict[str, set[date]] = {}
    with (folder / "factbook" / "leaders_dated.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                day = datetime.strptime(row["since"], "%d %B %Y").date()  # noqa: DTZ007
            except ValueError:
                continue  # a year or a month alone dates no tenure
            found.setdefault(row["gec"], set()).add(day)
    return found


def article(path: Path) -> tuple[dict[str, Any], str]:
    """Front matter and text of one Markdown file; raises ValueError."""
    parts = path.read_text("utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{path.name}: no front matter between two lines of ---")
    head = yaml.safe_load(parts[1])
    if not isinstance(head, dict):
        raise ValueError(f"{path.name}: its front matter is not a mapping")  # noqa: TRY004
    return head, parts[2].strip()


def words(text: str) -> list[tuple[str, bool]]:
    """The words in lower case, each with whether it is a name or number."""
    found = [(m[0], m.start()) for m in WORD.finditer(text)]
    inside = {
        word for word, start in found if word[0].isupper() and re.search(r"[\w,’'] $", text[:start])
    }
    return [
        (re.sub(r"['’]s$", "", word).casefold(), word in inside or any(c.isdigit() for c in word))
        for word, _ in found
    ]


def longest_run(ours: str, theirs: str) -> tuple[int, str]:
    """Words of the longest run that both texts hold, names and numbers not counted."""
    left, right = words(ours), words(theirs)
    best, where = 0, ""
    for i in range(len(left)):
        for j in range(len(right)):
            n = counted = 0
            while i + n < len(left) and j + n < len(right) and left[i + n][0] == right[j + n][0]:
                counted += not (left[i + n][1] or right[j + n][1])
                n += 1
            if counted > best:
                best, where = counted, " ".join(word for word, _ in left[i : i + n])
    return best, where


def check_article(path: Path, items: dict[str, Item]) -> Iterator[str]:
    """What is wrong with one article that restates an item."""
    head, text = article(path)
    item = items.get(str(head.get("origin")))
    if item is None:
        yield f"{path.name}: its origin {head.get('origin')} is not an item"
        return
    if str(head.get("date")) != item["date"]:
        yield f"{path.name}: dated {head.get('date')}, its item {item['date']}"
    if not item["sources"] or head.get("sources") != item["sources"]:
        yield f"{path.name}: its sources are not those of its item, {item['sources']}"
    if head.get("original_source") not in item["sources"]:
        yield f"{path.name}: {head.get('original_source')} is no source of its item"
    yield from copied(path, f"{head.get('title')}. {text}", item["text"])


def copied(path: Path, ours: str, theirs: str) -> Iterator[str]:
    """A complaint if the texts share too long a run."""
    n, run = longest_run(ours, theirs)
    if n > LONGEST:
        yield f"{path.name}: {n} words in a row as in its source: {run!r}"


def check_curated(items: dict[str, Item], leaders: dict[str, set[date]]) -> Iterator[str]:
    """Citations that do not exist, and dates of tenures that no cited source gives."""
    for entry in yaml.safe_load((HERE / "actors" / "curated.yaml").read_text("utf-8")):
        tenures = entry.get("tenures", [])
        for source in [entry.get("source", ""), *(tenure["source"] for tenure in tenures)]:
            for cited in re.findall(r"wce-[\d-]+", source):
                if cited not in items:
                    yield f"{entry['id']}: cites {cited}, which is not an item"
        begins = {tenure.get("since") for tenure in tenures}
        for tenure in tenures:
            dated = set(_dates(tenure["source"], items, leaders))
            for key, known in (("since", dated), ("until", dated | begins)):
                if tenure.get(key) not in {None, *known}:
                    yield f"{entry['id']}: {key} {tenure[key]} does not stand in {tenure['source']}"


def _dates(source: str, items: dict[str, Item], leaders: dict[str, set[date]]) -> Iterator[date]:
    for code in re.findall(r"factbook \((\w\w)\)", source):
        yield from leaders.get(code, ())
    for cited in re.findall(r"wce-[\d-]+", source):
        if cited in items:
            yield date.fromisoformat(items[cited]["date"])
            for written in re.findall(r"[A-Z][a-z]+ \d{1,2}, \d{4}", items[cited]["text"]):
                yield datetime.strptime(written, "%B %d, %Y").date()  # noqa: DTZ007


def check(folder: Path, seed: Path | None) -> list[str]:
    """Everything that is wrong, one line each; without ``seed`` 0001 is left out."""
    items = read_items(folder)
    wrong = list(check_curated(items, read_leaders(folder)))
    for path in sorted((HERE / "articles").glob("*.md")):
        if not path.name.startswith("0001-"):
            wrong += check_article(path, items)
        elif seed:
            head, text = article(path)
            body = text.rpartition("Original Source:")[0]
            wrong += copied(path, f"{head['title']}. {body}", seed.read_text("utf-8"))
    return wrong


def main() -> None:
    """Print what is wrong; exit status 1 if anything is."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m seeds.check PATH [TEXT]")
    try:
        wrong = check(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else None)
    except (OSError, ValueError) as error:
        sys.exit(f"cannot check: {error}")
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
