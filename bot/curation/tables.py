"""Lists of actors as CSV: read, and written so that reading it gives the same.

The first line names the columns, in any order; unused columns may be left out.

    kind         actor (where empty), alias, tenure, hidden or merge
    actor:       id (made of type and name where empty), type, name, iso3, acts_for,
                 description, as_of, aliases (with | between them), source
    alias:       id, text, alias_kind (name where empty), lang, source
    tenure:      office, person (each an id or a name), since, until, acts_for, source
    hidden:      id, text — a name of a reference list that does not count here
    merge:       id, merged_into

An alias comes after its actor; tenures and merges may be anywhere. Without a column ``kind``, a
table with a column ``office`` contains tenures. ``person_name`` is read as ``person``, and
``actor_id`` as ``id``. Lines that begin with # are skipped.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

from bot.curation.rows import BadRow, Held, Hidden, Merged, Named, Row, Unfit, checked, day
from bot.errors import BadEdit
from bot.match.edits import slug
from bot.models import Actor, Alias, AliasKind, Own

COLUMNS = (
    "kind",
    "id",
    "type",
    "name",
    "iso3",
    "acts_for",
    "description",
    "as_of",
    "aliases",
    "text",
    "alias_kind",
    "lang",
    "merged_into",
    "office",
    "person",
    "since",
    "until",
    "source",
)
_OTHER_NAMES = {"person_name": "person", "actor_id": "id", "actor": "id", "alias": "text"}

Cells = Mapping[str, str]


def read(lines: Iterable[str], source: str) -> Iterator[Row | BadRow]:
    """Read a table line by line; ``source`` is the default for rows without one.

    Raises BadEdit if the first line has unknown columns.
    """
    # Comments become empty lines, so that line numbers stay those of the file.
    reader = csv.reader("\n" if line.startswith("#") else line for line in lines)
    header: list[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(reader.line_num, f"it is not CSV: {error}")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = _header(cells)
            continue
        yield _row(reader.line_num, header, cells, source)


def _header(cells: list[str]) -> list[str]:
    named = [cell.strip().lower().lstrip("\ufeff") for cell in cells]
    header = [_OTHER_NAMES.get(name, name) for name in named]
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or len(set(header)) != len(header):
        wrong = f"unknown: {', '.join(unknown[:5])}" if unknown else "one stands twice"
        raise BadEdit(
            f"The first line must name the columns ({wrong}); known are {', '.join(COLUMNS)}.",
            about="columns",
        )
    return header


def _row(line: int, header: list[str], cells: list[str], source: str) -> Row | BadRow:
    if len(cells) != len(header):
        return BadRow(line, f"{len(cells)} cells for {len(header)} columns")
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    kind = row.get("kind") or ("tenure" if "office" in header and not row.get("name") else "actor")
    make = _KINDS.get(kind)
    if make is None:
        return BadRow(line, f"kind {kind!r} is none of {', '.join(_KINDS)}")
    if any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in "".join(cells)):
        return BadRow(line, "it is not UTF-8 text")
    try:
        return Row(line, make(row, row.get("source") or source))
    except Unfit as error:
        return BadRow(line, str(error))


def _actor(row: Cells, source: str) -> Actor:
    name = _needed(row, "name")
    kind = row.get("type", "")
    key = row.get("id") or (f"{kind}:{slug(name)}" if slug(name) else "")
    texts = dict.fromkeys(text.strip() for text in row.get("aliases", "").split("|"))
    values = {k: row[k] for k in ("iso3", "acts_for", "description") if row.get(k)}
    return checked(
        Actor,
        {
            **values,
            "id": key,
            "type": kind,
            "name": name,
            "as_of": day(row.get("as_of"), "end"),
            "aliases": [{"text": text, "source": source} for text in texts if text],
            "source": source,
        },
    )


def _alias(row: Cells, source: str) -> Named:
    values = {
        "text": _needed(row, "text"),
        "kind": row.get("alias_kind") or AliasKind.NAME,
        "lang": row.get("lang") or None,
        "source": source,
    }
    return Named(_needed(row, "id"), checked(Alias, values))


def _tenure(row: Cells, source: str) -> Held:
    return Held(
        _needed(row, "office"),
        _needed(row, "person"),
        day(row.get("since"), "start"),
        day(row.get("until"), "end"),
        source,
        row.get("acts_for") or None,
    )


def _needed(row: Cells, column: str) -> str:
    if not row.get(column):
        raise Unfit(f"{column} is empty")
    return " ".join(row[column].split())


_KINDS: dict[str, Callable[[Cells, str], Any]] = {
    "actor": _actor,
    "alias": _alias,
    "tenure": _tenure,
    "hidden": lambda row, _: Hidden(_needed(row, "id"), _needed(row, "text")),
    "merge": lambda row, _: Merged(_needed(row, "id"), _needed(row, "merged_into")),
}


def write(own_words: Mapping[str, Own], out: IO[str]) -> int:
    """Write everything a workspace added or changed; returns the number of rows."""
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    count = 0
    for row in _rows(own_words):
        table.writerow({key: value for key, value in row.items() if value is not None})
        count += 1
    return count


def _rows(own_words: Mapping[str, Own]) -> Iterator[dict[str, Any]]:
    for own in own_words.values():
        if own.actor is not None:
            values = own.actor.model_dump(
                mode="json", include=set(COLUMNS) - {"aliases", "merged_into"}
            )
            yield {"kind": "actor", **values}
            for alias in own.actor.aliases:
                yield {
                    "kind": "alias",
                    "id": own.actor.id,
                    "text": alias.text,
                    "alias_kind": alias.kind.value,
                    "lang": alias.lang,
                    "source": alias.source,
                }
    for key, own in own_words.items():
        for text in own.hidden:
            yield {"kind": "hidden", "id": key, "text": text}
    for own in own_words.values():
        for held in own.tenures:
            yield {"kind": "tenure", **held.model_dump(mode="json")}
    for key, own in own_words.items():
        if own.actor is not None and own.actor.merged_into:
            yield {"kind": "merge", "id": key, "merged_into": own.actor.merged_into}
