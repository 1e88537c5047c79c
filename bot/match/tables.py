"""The actor tables as files: which there are, their columns, and their rows.

A CSV table is known by its columns, whatever its name; lines that begin with ``#`` name
source and licence and are skipped. A YAML table is a list of mappings, one an actor.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from bot.errors import BadTable

STATES, STATE_ALIASES, CURATED = "states.csv", "state_aliases.csv", "curated.yaml"
REQUIRED = (STATES, STATE_ALIASES, CURATED)

ACTOR_COLUMNS = ("id", "name", "iso3", "description", "as_of", "source")
ACTING_COLUMNS = ("id", "name", "iso3", "acts_for", "description", "as_of", "source")
ALIAS_COLUMNS = ("actor", "text", "kind", "lang", "source")
TENURE_COLUMNS = ("office", "person", "since", "until", "source")
MEMBER_COLUMNS = ("grouping", "member", "as_of", "source")
_TABLES = (ACTOR_COLUMNS, ACTING_COLUMNS, ALIAS_COLUMNS, TENURE_COLUMNS, MEMBER_COLUMNS)

Folder = Traversable | Path
Row = tuple[str, list[str]]
"""Where a row stands (``file:line``), and its cells."""


def read_folder(folder: Folder) -> dict[str, str]:
    """Return the text of every table by file name: states, then YAML, then other CSV."""
    there = {
        entry.name for entry in _entries_of(folder) if entry.name.endswith((".csv", ".yaml"))
    } | set(REQUIRED)
    in_order = sorted(there, key=lambda name: (name != STATES, name.endswith(".csv"), name))
    return {name: _read(folder, name) for name in in_order}


def _entries_of(folder: Folder) -> list[Any]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []  # the first table that is missed says so


def _read(folder: Folder, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadTable(
            f"{folder / name} is missing: the actor tables are {STATES}, {STATE_ALIASES} "
            f"and {CURATED}, and any others beside them.",
            about=name,
        ) from error
    except (UnicodeDecodeError, OSError) as error:
        raise BadTable(f"{folder / name} cannot be read as UTF-8: {error}.", about=name) from error


def csv_rows(name: str, text: str) -> tuple[tuple[str, ...], list[Row]]:
    """Return the columns and the rows of one CSV table; empty without a header.

    Raises BadTable for columns that are those of no table, or a row of another length.
    """
    # Comment lines are blanked, not dropped, so that line numbers stay those of the file.
    reader = csv.reader("" if line.startswith("#") else line for line in text.split("\n"))
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    for cells in reader:
        if not cells:
            continue
        where = f"{name}:{reader.line_num}"
        if not columns:
            columns = _known(where, cells, name)
        elif len(cells) != len(columns):
            raise BadTable(
                f"{where}: {len(cells)} cells, expected {len(columns)}; quote cells with commas.",
                about=where,
            )
        else:
            rows.append((where, cells))
    return columns, rows


def _known(where: str, header: list[str], name: str) -> tuple[str, ...]:
    fixed = {STATES: (ACTOR_COLUMNS,), STATE_ALIASES: (ALIAS_COLUMNS,)}.get(name, _TABLES)
    if tuple(header) not in fixed:
        expected = " or ".join(",".join(columns) for columns in fixed)
        raise BadTable(
            f"{where}: the columns are {','.join(header)}, expected {expected}.", about=where
        )
    return tuple(header)


def yaml_entries(name: str, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the entries of one YAML table, each with the file and line where it begins.

    Raises BadTable for what is not YAML, not a list, or an entry that is no mapping with
    an id.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise BadTable(f"{name}: expected a list of actors, each '- id: ...'.", about=name)
        for node in root.value:
            where = f"{name}:{node.start_mark.line + 1}"
            entry = loader.construct_document(node)
            if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
                raise BadTable(
                    f"{where}: every entry needs an id, such as 'org:iaea'.", about=where
                )
            yield where, entry
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        where = f"{name}:{line}"
        raise BadTable(f"{where}: not YAML: {error.problem}.", about=where) from error
    finally:
        loader.dispose()
