"""Check the seeds against their sources: ``python -m seeds.check PATH [TEXT]``.

PATH is a folder that holds ``current-events/items.jsonl.gz`` (Wikipedia's Current events
portal, CC BY-SA) and ``factbook/leaders_dated.csv``; TEXT is the article that
``articles/0001-*.md`` restates. Every article must have its item's date and publishers and
share no run of six words with it, names and numbers not counted. Every item that a table
under ``actors/`` cites must exist. Every date of a tenure, and the ``as_of`` of every row that
rests on an item, must appear in the cited source.
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
"""Equal words in a row, names and numbers not counted, that are still not copying."""

Item = dict[str, Any]
WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


def read_items(folder: Path) -> dict[str, Item]:
    """Return the portal's items by id."""
    with gzip.open(folder / "current-events" / "items.jsonl.gz", "rt", encoding="utf-8") as file:
        return {item["id"]: item for item in map(json.loads, file)}


def read_leaders(folder: Path) -> dict[str, set[date]]:
    """Return, by factbook country code, the days holders began or were first or last seen."""
    found: dict[str, set[date]] = {}
    with (folder / "factbook" / "leaders_dated.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days = found.setdefault(row["gec"], set())
            days |= {date.fromisoformat(row[key]) for key in ("first_seen", "last_seen")}
            for form in ("%d %B %Y", "%d %b %Y"):
                try:
                    days.add(datetime.strptime(row["since"], form).date())  # noqa: DTZ007
                except ValueError:
                    continue  # a year or a month alone does not date a tenure
    return found


def article(path: Path) -> tuple[dict[str, Any], str]:
    """Return front matter and text of one Markdown file; raises ValueError."""
    parts = path.read_text("utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{path.name}: no front matter between two lines of ---")
    head = yaml.safe_load(parts[1])
    if not isinstance(head, dict):
        raise ValueError(f"{path.name}: its front matter is not a mapping")  # noqa: TRY004
    return head, parts[2].strip()


def words(text: str) -> list[tuple[str, bool]]:
    """Return the words in lower case, each with whether it is a name or number."""
    found = [(m[0], m.start()) for m in WORD.finditer(text)]
    inside = {
        word for word, start in found if word[0].isupper() and re.search(r"[\w,’'] $", text[:start])
    }
    return [
        (re.sub(r"['’]s$", "", word).casefold(), word in inside or any(c.isdigit() for c in word))
        for word, _ in found
    ]


def longest_run(ours: str, theirs: str) -> tuple[int, str]:
    """Return the longest run of words that both texts hold, names and numbers not counted."""
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
    """Yield the problems of an article that restates an item."""
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
    """Yield a complaint if the texts share too long a run."""
    n, run = longest_run(ours, theirs)
    if n > LONGEST:
        yield f"{path.name}: {n} words in a row as in its source: {run!r}"


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV table."""
    lines = (HERE / "actors" / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def entries() -> list[dict[str, Any]]:
    """Return the entries of the YAML tables; each tenure of ``tenures.csv`` under its office."""
    found: list[dict[str, Any]] = []
    for path in sorted((HERE / "actors").glob("*.yaml")):
        found += yaml.safe_load(path.read_text("utf-8"))
    offices: dict[str, list[dict[str, Any]]] = {}
    for row in table("tenures.csv"):
        days = {key: date.fromisoformat(row[key]) for key in ("since", "until") if row[key]}
        offices.setdefault(row["office"], []).append({"source": row["source"], **days})
    by_hand = {entry["id"]: entry.get("tenures", []) for entry in found}
    # A term from the build may end on the day that one entered by hand begins.
    for office, rows in offices.items():
        begins = [
            {"since": row.get("since"), "source": row["source"]} for row in by_hand.get(office, [])
        ]
        found.append({"id": office, "tenures": rows + begins})
    return found


def check_tenures(items: dict[str, Item], leaders: dict[str, set[date]]) -> Iterator[str]:
    """Yield citations that do not exist, and dates of tenures that no cited source gives."""
    # A crown ends when another title's holder takes it: a king follows a queen.
    for entry in (every := entries()):
        tenures = entry.get("tenures", [])
        state = entry["id"].partition("-of-")[2]
        others = [t for other in every if other["id"].endswith(f"-of-{state}") and state
                  for t in other.get("tenures", [])]  # fmt: skip
        for source in [entry.get("source", ""), *(tenure["source"] for tenure in tenures)]:
            yield from _missing(entry["id"], source, items)
        begins = {tenure.get("since") for tenure in [*tenures, *others]}
        for tenure in tenures:
            dated = set(_dates(tenure["source"], items, leaders))
            for key, known in (("since", dated), ("until", dated | begins)):
                if tenure.get(key) not in {None, *known}:
                    yield f"{entry['id']}: {key} {tenure[key]} does not stand in {tenure['source']}"


def _missing(who: str, source: str, items: dict[str, Item]) -> Iterator[str]:
    for cited in re.findall(r"wce-[\d-]+", source):
        if cited not in items:
            yield f"{who}: cites {cited}, which is not an item"


def check_rows(items: dict[str, Item], leaders: dict[str, set[date]]) -> Iterator[str]:
    """Yield rows of the other tables whose items do not exist or have another day."""
    for path in sorted((HERE / "actors").glob("*.csv")):
        for row in table(path.name):
            who = row.get("id") or row.get("actor") or row.get("grouping") or row["office"]
            yield from _missing(who, row["source"], items)
            days = set(_dates(row["source"], items, leaders))
            # The rows of an office or a union rest on more than the item that they cite.
            dated = days and row.get("as_of") and path.stem not in ("offices", "organisations")
            if dated and date.fromisoformat(row["as_of"]) not in days:
                yield f"{who}: as_of {row['as_of']} does not stand in {row['source']}"


def _dates(source: str, items: dict[str, Item], leaders: dict[str, set[date]]) -> Iterator[date]:
    for code in re.findall(r"factbook \((\w\w)\)", source):
        yield from leaders.get(code, ())
    for cited in re.findall(r"wce-[\d-]+", source):
        if cited in items:
            yield date.fromisoformat(items[cited]["date"])
            for written in re.findall(r"[A-Z][a-z]+ \d{1,2}, \d{4}", items[cited]["text"]):
                yield datetime.strptime(written, "%B %d, %Y").date()  # noqa: DTZ007


def check(folder: Path, seed: Path | None) -> list[str]:
    """Return all problems, one line each; without ``seed``, 0001 is left out."""
    items = read_items(folder)
    leaders = read_leaders(folder)
    wrong = [*check_tenures(items, leaders), *check_rows(items, leaders)]
    for path in sorted((HERE / "articles").glob("*.md")):
        if not path.name.startswith("0001-"):
            wrong += check_article(path, items)
        elif seed:
            head, text = article(path)
            body = text.rpartition("Original Source:")[0]
            wrong += copied(path, f"{head['title']}. {body}", seed.read_text("utf-8"))
    return wrong


def main() -> None:
    """Print the problems; exit status 1 if there are any."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m seeds.check PATH [TEXT]")
    try:
        wrong = check(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else None)
    except (OSError, ValueError) as error:
        sys.exit(f"cannot check: {error}")
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
