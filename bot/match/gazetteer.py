"""The seed actors, read from the tables under ``seeds/actors/``.

    states.csv         id,name,iso3,description,as_of,source
    state_aliases.csv  actor,text,kind,lang,source
    curated.yaml       a list of mappings: id, type, name, iso3?, acts_for?, description,
                       source, as_of, aliases [{text, kind?, lang?}], tenures of an office
                       [{person, since?, until?, source?}]

An entry of curated.yaml that has only ``id`` and ``aliases`` adds aliases to an actor that
another row defines. Lines that begin with ``#`` name source and licence and are skipped.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.errors import BadTable
from bot.models import Actor, ActorType, Alias, Tenure

STATES, STATE_ALIASES, CURATED = "states.csv", "state_aliases.csv", "curated.yaml"

_STATE_COLUMNS = ("id", "name", "iso3", "description", "as_of", "source")
_ALIAS_COLUMNS = ("actor", "text", "kind", "lang", "source")
_KEYS = "id type name iso3 acts_for description source as_of aliases tenures"
_ENTRY_KEYS = frozenset(_KEYS.split())


@dataclass(frozen=True)
class Gazetteer:
    """All seed actors with their tenures; ``version`` is a hash of the tables' bytes."""

    actors: tuple[Actor, ...]
    tenures: tuple[Tenure, ...]
    version: str


@dataclass
class _Draft:
    """An actor while its rows are gathered; ``where`` is the file and line that defines it."""

    where: str
    fields: dict[str, Any]
    aliases: list[Alias] = field(default_factory=list)


def load(folder: Traversable | Path | None = None) -> Gazetteer:
    """Read the tables of ``folder``, the project's own by default.

    Raises BadTable, naming file and line, where a file is missing, a row does not parse,
    an id is defined twice, or an alias, ``acts_for`` or tenure points to no actor.
    """
    if folder is None:
        folder = resources.files("seeds") / "actors"
    raw = {name: _read(folder, name) for name in (STATES, STATE_ALIASES, CURATED)}
    digest = hashlib.sha256("\0".join(raw.values()).encode()).hexdigest()
    drafts: dict[str, _Draft] = {}
    _take_states(raw[STATES], drafts)
    entries = _entries(raw[CURATED])
    for where, entry in entries:
        if not _only_adds(entry):
            _define(drafts, where, {**entry, "aliases": None, "tenures": None})
    _take_state_aliases(raw[STATE_ALIASES], drafts)
    for where, entry in entries:
        _take_aliases(drafts, where, entry)
    tenures = tuple(t for where, entry in entries for t in _tenures(drafts, where, entry))
    actors = tuple(_finish(drafts, draft) for draft in drafts.values())
    return Gazetteer(actors=actors, tenures=tenures, version=digest[:16])


def _read(folder: Traversable | Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadTable(
            f"{folder / name} is missing: the actor tables are {STATES}, {STATE_ALIASES} "
            f"and {CURATED}.",
            about=name,
        ) from error
    except (UnicodeDecodeError, OSError) as error:
        raise BadTable(f"{folder / name} cannot be read as UTF-8: {error}.", about=name) from error


def _rows(name: str, text: str, columns: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Yield ``(file:line, cells)``; cells are in the order of ``columns``."""
    lines = text.split("\n")
    # Comment lines are blanked, not dropped, so that line numbers stay those of the file.
    reader = csv.reader("" if line.startswith("#") else line for line in lines)
    header: list[str] | None = None
    for cells in reader:
        if not cells:
            continue
        where = f"{name}:{reader.line_num}"
        if header is None:
            header = cells
            if tuple(header) != columns:
                raise BadTable(
                    f"{where}: the columns are {','.join(header)}, expected {','.join(columns)}.",
                    about=where,
                )
        elif len(cells) != len(columns):
            raise BadTable(
                f"{where}: {len(cells)} cells, expected {len(columns)}; quote cells with commas.",
                about=where,
            )
        else:
            yield where, cells


def _take_states(text: str, drafts: dict[str, _Draft]) -> None:
    for where, cells in _rows(STATES, text, _STATE_COLUMNS):
        fields = {key: cell or None for key, cell in zip(_STATE_COLUMNS, cells, strict=True)}
        _define(drafts, where, {**fields, "type": ActorType.STATE})


def _take_state_aliases(text: str, drafts: dict[str, _Draft]) -> None:
    for where, (actor, alias, kind, lang, source) in _rows(STATE_ALIASES, text, _ALIAS_COLUMNS):
        _draft(drafts, actor, where).aliases.append(
            _alias(where, {"text": alias, "kind": kind, "lang": lang or None, "source": source})
        )


def _entries(text: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the mappings of curated.yaml, each with the file and line where it begins."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return []
        if not isinstance(root, yaml.SequenceNode):
            raise BadTable(
                f"{CURATED}: expected a list of actors, each '- id: ...'.", about=CURATED
            )
        pairs = [
            (f"{CURATED}:{node.start_mark.line + 1}", loader.construct_document(node))
            for node in root.value
        ]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        where = f"{CURATED}:{line}"
        raise BadTable(f"{where}: not YAML: {error.problem}.", about=where) from error
    finally:
        loader.dispose()
    for where, entry in pairs:
        _check_entry(where, entry)
    return pairs


def _check_entry(where: str, entry: object) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise BadTable(f"{where}: every entry needs an id, such as 'org:iaea'.", about=where)
    if unknown := sorted(map(str, entry.keys() - _ENTRY_KEYS)):
        raise BadTable(
            f"{where}: {entry['id']} has unknown keys {', '.join(unknown)}; "
            f"known are {', '.join(sorted(_ENTRY_KEYS))}.",
            about=where,
        )


def _only_adds(entry: Mapping[str, Any]) -> bool:
    return entry.keys() <= {"id", "aliases", "source", "as_of"}


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
        raise BadTable(
            f"{where}: no actor {actor} is defined in {STATES} or {CURATED}.", about=where
        )
    return draft


def _take_aliases(drafts: Mapping[str, _Draft], where: str, entry: Mapping[str, Any]) -> None:
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


def _tenures(
    drafts: Mapping[str, _Draft], where: str, entry: Mapping[str, Any]
) -> Iterator[Tenure]:
    rows = entry.get("tenures") or []
    office = entry["id"]
    if rows and drafts[office].fields.get("type") != ActorType.OFFICE:
        raise BadTable(f"{where}: {office} has tenures but is no office.", about=where)
    for row in rows:
        try:
            tenure = Tenure.model_validate({"source": entry.get("source"), **row, "office": office})
        except (ValidationError, TypeError) as error:
            reason = _first(error) if isinstance(error, ValidationError) else str(error)
            raise BadTable(f"{where}: a tenure of {office}: {reason}", about=where) from error
        _draft(drafts, tenure.person, where)
        if tenure.since and tenure.until and tenure.since > tenure.until:
            raise BadTable(
                f"{where}: {tenure.person} leaves {office} before taking it.", about=where
            )
        yield tenure


def _finish(drafts: Mapping[str, _Draft], draft: _Draft) -> Actor:
    as_of = draft.fields.get("as_of")
    try:
        if isinstance(as_of, str):
            draft.fields["as_of"] = date.fromisoformat(as_of)
        # One alias per text and kind: two sources may both know a name.
        unique = {(a.text, a.kind): a for a in reversed(draft.aliases)}
        actor = Actor.model_validate({**draft.fields, "aliases": tuple(reversed(unique.values()))})
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
