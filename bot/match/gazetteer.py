"""Read the seed actors from the tables under ``seeds/actors/``.

Any number of CSV tables, recognised by their columns, and of YAML tables of these mappings:

    states.csv         id,name,iso3,description,as_of,source
    actors             id,name,iso3,acts_for,description,as_of,source
    aliases            actor,text,kind,lang,source
    tenures            office,person,since,until,source
    groupings          grouping,member,as_of,source
    *.yaml             a list of mappings: id, type, name, iso3?, acts_for?, description,
                       source, as_of, aliases [{text, kind?, lang?}], tenures of an office
                       [{person, since?, until?, source?}]

The id of an actor in a CSV table gives its type (``org:iaea``). A YAML entry with only ``id`` and
``aliases`` adds aliases to an actor defined elsewhere. Lines that begin with ``#`` name source and
licence and are skipped.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, partial
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bot.errors import BadTable
from bot.models import Actor, ActorType, Alias, Tenure, actors

log = logging.getLogger(__name__)

_KEYS = "id type name iso3 acts_for description source as_of aliases tenures"
_ENTRY_KEYS = frozenset(_KEYS.split())
_STEM = "gazetteer-"
_TYPES = {kind.value: kind for kind in ActorType} | {"org": ActorType.ORGANISATION}


class Contents(NamedTuple):
    """The contents of the tables."""

    actors: tuple[Actor, ...]
    tenures: tuple[Tenure, ...]


_CONTENTS = TypeAdapter(Contents)


class Gazetteer:
    """All seed actors with their tenures, read on first use.

    ``version`` is a hash of the tables' bytes.
    """

    def __init__(self, version: str, read: Callable[[], Contents]) -> None:
        self.version = version
        self._read = read

    def __reduce__(self) -> tuple[object, ...]:
        """Make another process read the tables itself."""
        return (Gazetteer, (self.version, self._read))

    @cached_property
    def _contents(self) -> Contents:
        return self._read()

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The actors, in the order of the tables."""
        return self._contents.actors

    @property
    def tenures(self) -> tuple[Tenure, ...]:
        """The tenures of all offices."""
        return self._contents.tenures


@dataclass
class _Draft:
    """An actor while its rows are collected; ``where`` is the file and line that defines it."""

    where: str
    fields: dict[str, Any]
    aliases: list[Alias] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


def load(folder: Folder | None = None, kept: Path | None = None) -> Gazetteer:
    """Read the tables of ``folder``, or the project's own, which are parsed when needed.

    If a folder ``kept`` is given, the contents of the project's own tables are cached there as
    JSON, which is ten times as fast to read.

    Raises BadTable, naming file and line, if a file is missing, a row does not parse, an id is
    defined twice, or an alias, ``acts_for``, member or tenure points to no actor.
    """
    if folder is not None:
        raw = read_folder(folder)
        contents = _parse(raw)
        return Gazetteer(_version(raw), partial(Contents, *contents))
    return Gazetteer(_version(_own_tables()), partial(_own, kept))


def _version(raw: Mapping[str, str]) -> str:
    return hashlib.sha256("\0".join(raw.values()).encode()).hexdigest()[:16]


@cache
def _own_tables() -> dict[str, str]:
    return read_folder(resources.files("seeds") / "actors")


@cache
def _own(kept: Path | None) -> Contents:
    """Read the cached contents of the project's own tables, else parse and cache them."""
    if kept is None:
        return _parse(_own_tables())
    code = b"".join(Path(file).read_bytes() for file in (__file__, actors.__file__))
    version = hashlib.sha256(_version(_own_tables()).encode() + code).hexdigest()[:16]
    path = kept / f"{_STEM}{version}.json"
    found = _read_kept(path)
    if found is None:
        found = _own(None)
        _keep(found, path)
    return found


def _read_kept(path: Path) -> Contents | None:
    """Read a file that ``_keep`` wrote; None if there is none, or it is damaged."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    intact = digest == hashlib.sha256(body).hexdigest().encode()
    return _CONTENTS.validate_json(body) if intact else None


def _keep(contents: Contents, path: Path) -> None:
    """Write a cache file atomically and delete older ones, if the folder is writable."""
    body = _CONTENTS.dump_json(contents, exclude_defaults=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=_STEM, delete=False) as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        Path(file.name).replace(path)
        for other in set(path.parent.iterdir()) - {path}:
            shutil.rmtree(other) if other.is_dir() else other.unlink(missing_ok=True)
    except OSError as error:
        log.info("the actor tables are parsed at each start: %s", error)


def _parse(raw: Mapping[str, str]) -> Contents:
    drafts: dict[str, _Draft] = {}
    entries: list[tuple[str, Mapping[str, Any]]] = []
    later: dict[tuple[str, ...], list[Row]] = {}
    for name, text in raw.items():
        if name.endswith(".yaml"):
            entries += _take_entries(drafts, name, text)
            continue
        columns, rows = csv_rows(name, text)
        if "id" in columns:
            _take_actors(drafts, columns, rows)
        else:
            later.setdefault(columns, []).extend(rows)
    _take_aliases(drafts, later.get(ALIAS_COLUMNS, ()))
    _take_members(drafts, later.get(MEMBER_COLUMNS, ()))
    for where, entry in entries:
        _take_entry_aliases(drafts, where, entry)
    tenures = [t for where, entry in entries for t in _entry_tenures(drafts, where, entry)]
    tenures += _table_tenures(drafts, later.get(TENURE_COLUMNS, ()))
    actors = tuple(_finish(drafts, draft) for draft in drafts.values())
    return Contents(actors, tuple(tenures))


def _take_actors(drafts: dict[str, _Draft], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    for where, cells in rows:
        fields: dict[str, Any] = {
            key: cell or None for key, cell in zip(columns, cells, strict=True)
        }
        kind = cells[0].partition(":")[0]
        if kind not in _TYPES:
            raise BadTable(
                f"{where}: {cells[0]!r} is no id: one begins with {', '.join(sorted(_TYPES))} "
                "and a colon.",
                about=where,
            )
        _define(drafts, where, {**fields, "type": _TYPES[kind]})


def _take_entries(
    drafts: dict[str, _Draft], name: str, text: str
) -> list[tuple[str, Mapping[str, Any]]]:
    """Define the actors of one YAML table; return its entries."""
    entries = list(yaml_entries(name, text))
    for where, entry in entries:
        if unknown := sorted(map(str, entry.keys() - _ENTRY_KEYS)):
            raise BadTable(
                f"{where}: {entry['id']} has unknown keys {', '.join(unknown)}; "
                f"known are {', '.join(sorted(_ENTRY_KEYS))}.",
                about=where,
            )
        if not entry.keys() <= {"id", "aliases", "source", "as_of"}:
            _define(drafts, where, {**entry, "aliases": None, "tenures": None})
    return entries


def _define(drafts: dict[str, _Draft], where: str, fields: Mapping[str, Any]) -> None:
    actor = str(fields["id"])
    if actor in drafts:
        raise BadTable(
            f"{where}: {actor} is already defined at {drafts[actor].where}.", about=where
        )
    kept = {key: value for key, value in fields.items() if value is not None}
    drafts[actor] = _Draft(where, kept)


def _draft(drafts: Mapping[str, _Draft], actor: object, where: str) -> _Draft:
    draft = drafts.get(str(actor))
    if draft is None:
        raise BadTable(f"{where}: no actor {actor} is defined in any table.", about=where)
    return draft


def _take_aliases(drafts: Mapping[str, _Draft], rows: Iterable[Row]) -> None:
    for where, (actor, text, kind, lang, source) in rows:
        _draft(drafts, actor, where).aliases.append(
            _alias(where, {"text": text, "kind": kind, "lang": lang or None, "source": source})
        )


def _take_members(drafts: Mapping[str, _Draft], rows: Iterable[Row]) -> None:
    for where, (grouping, member, _, _) in rows:
        _draft(drafts, member, where)
        _draft(drafts, grouping, where).members.append(member)


def _take_entry_aliases(drafts: Mapping[str, _Draft], where: str, entry: Mapping[str, Any]) -> None:
    draft = _draft(drafts, entry["id"], where)
    aliases = entry.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(a, dict) for a in aliases):
        raise BadTable(
            f"{where}: the aliases of {entry['id']} must be a list of 'text: ...'.", about=where
        )
    source = entry.get("source")
    draft.aliases.extend(_alias(where, {"source": source, **alias}) for alias in aliases)


def _alias(where: str, fields: Mapping[str, Any]) -> Alias:
    try:
        return Alias.model_validate(fields)
    except ValidationError as error:
        raise BadTable(f"{where}: alias {_first(error)}", about=where) from error


def _entry_tenures(
    drafts: Mapping[str, _Draft], where: str, entry: Mapping[str, Any]
) -> Iterator[Tenure]:
    for row in entry.get("tenures") or []:
        if not isinstance(row, dict):
            raise BadTable(f"{where}: a tenure of {entry['id']} is no mapping.", about=where)
        fields = {"source": entry.get("source"), **row, "office": entry["id"]}
        yield _tenure(drafts, where, fields)


def _table_tenures(drafts: Mapping[str, _Draft], rows: Iterable[Row]) -> Iterator[Tenure]:
    for where, cells in rows:
        yield _tenure(
            drafts, where, dict(zip(TENURE_COLUMNS, (c or None for c in cells), strict=True))
        )


def _tenure(drafts: Mapping[str, _Draft], where: str, fields: Mapping[str, Any]) -> Tenure:
    office = fields["office"]
    try:
        tenure = Tenure.model_validate(fields)
    except ValidationError as error:
        raise BadTable(f"{where}: a tenure of {office}: {_first(error)}", about=where) from error
    if _draft(drafts, office, where).fields.get("type") != ActorType.OFFICE:
        raise BadTable(f"{where}: {office} has tenures but is no office.", about=where)
    _draft(drafts, tenure.person, where)
    if tenure.since and tenure.until and tenure.since > tenure.until:
        raise BadTable(f"{where}: {tenure.person} leaves {office} before taking it.", about=where)
    return tenure


def _finish(drafts: Mapping[str, _Draft], draft: _Draft) -> Actor:
    as_of = draft.fields.get("as_of")
    try:
        if isinstance(as_of, str):
            draft.fields["as_of"] = date.fromisoformat(as_of)
        # One alias per text and kind: two sources may both have a name.
        unique = {(a.text, a.kind): a for a in reversed(draft.aliases)}
        lists = {"aliases": tuple(reversed(unique.values())), "members": tuple(draft.members)}
        actor = Actor.model_validate({**draft.fields, **lists})
    except (ValidationError, ValueError) as error:
        reason = _first(error) if isinstance(error, ValidationError) else str(error)
        raise BadTable(
            f"{draft.where}: {draft.fields['id']}: {reason}", about=draft.where
        ) from error
    if actor.acts_for is not None:
        _draft(drafts, actor.acts_for, draft.where)
    return actor


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place} is {first['input']!r}: {first['msg']}."


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
"""The place of a row (``file:line``), and its cells."""


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
        return []  # reported with the first missing table


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

    Raises BadTable for unknown columns, or a row of another length.
    """
    # Comment lines are blanked, not dropped, so that line numbers match the file.
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

    Raises BadTable if it is not YAML or not a list, or if an entry is not a mapping with an id.
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
