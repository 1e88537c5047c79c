"""Lists of actors: read from CSV or FollowTheMoney, and imported a batch at a time.

CSV is written so that reading it gives the same. Its first line names the columns, in any order;
unused columns may be left out.

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

FollowTheMoney is one JSON entity a line, with schemata and properties after
https://followthemoney.tech (model, version 3): names are ``name``, ``alias``, ``previousName``
and ``weakAlias``; an ``Occupancy`` says that its ``holder`` has its ``post``. Ids are kept as
``ftm:<id>``. Entities of other schemata (addresses, sanctions, …) are not actors and are skipped.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, TypeVar

from pydantic import ValidationError

from bot.errors import BadEdit, UnreadableFile
from bot.match.edits import slug
from bot.models import Actor, ActorType, Alias, AliasKind, Own, TakeIn, Tenure
from bot.store.curation import EditResult
from bot.text.names import normalise


class Held(NamedTuple):
    """Who holds an office; each is an id, or a name to be found or created."""

    office: str
    person: str
    since: date | None
    until: date | None
    source: str
    acts_for: str | None = None


class Named(NamedTuple):
    """Another name of an existing actor."""

    actor: str
    alias: Alias


class Hidden(NamedTuple):
    """A seed alias that does not count."""

    actor: str
    text: str


class Merged(NamedTuple):
    """An actor that counts as another."""

    actor: str
    into: str


class Row(NamedTuple):
    """One usable line of a list."""

    line: int
    content: Actor | Named | Held | Hidden | Merged


class BadRow(NamedTuple):
    """A line that cannot be used, and why."""

    line: int
    why: str


class Unfit(ValueError):
    """Why a line cannot be used, in words."""


_DAY = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:T.*)?")


def day(text: str | None, edge: Literal["start", "end"]) -> date | None:
    """Read a day; of a year or month alone, its first or last. Raises Unfit."""
    if not text:
        return None
    match = _DAY.fullmatch(text.strip())
    wrong = Unfit(f"{text[:40]!r} is not a date: write 2013-06-25, 2013-06 or 2013")
    if match is None:
        raise wrong
    try:
        year, month = int(match[1]), int(match[2] or (1 if edge == "start" else 12))
        last = 1 if edge == "start" else monthrange(year, month)[1]
        return date(year, month, int(match[3] or last))
    except ValueError as error:
        raise wrong from error


_LONGEST = 200
_Model = TypeVar("_Model", Actor, Alias)


def checked(model: type[_Model], values: dict[str, Any]) -> _Model:
    """Build a model from the values of a line; raises Unfit with the field that is wrong."""
    if len(values.get("name", "")) > _LONGEST:
        raise Unfit(f"name is {len(values['name'])} characters long: at most {_LONGEST}")
    if (iso3 := values.get("iso3")) and not re.fullmatch("[A-Z]{3}", iso3):
        raise Unfit(f"iso3 is {iso3!r}: it takes three capitals, such as QAT")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Unfit(f"{place} is {str(first['input'])[:80]!r}: {first['msg']}") from error


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


def read_csv(lines: Iterable[str], source: str) -> Iterator[Row | BadRow]:
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


def write_csv(own_words: Mapping[str, Own], out: IO[str]) -> int:
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


TYPES = {
    "Person": ActorType.PERSON,
    "Organization": ActorType.ORGANISATION,
    "Company": ActorType.ORGANISATION,
    "LegalEntity": ActorType.ORGANISATION,
    "PublicBody": ActorType.ORGANISATION,
    "Country": ActorType.STATE,
    "Position": ActorType.OFFICE,
}
"""The type of actor for each schema. ``Country`` is not part of FollowTheMoney, but used by lists
made from it."""

_OF_THE_STATE = {"PublicBody", "Position"}
"""Schemata whose entities act for their country; people and companies only come from theirs."""

_NAMES = ("name", "alias", "previousName", "abbreviation")
_COUNTRIES = ("country", "jurisdiction", "nationality", "citizenship")
_DESCRIPTIONS = ("position", "summary", "description")
_DESCRIPTION = 300


# Codes of rigour's territories (OpenSanctions, MIT), which follow ISO 3166-1.
_PAIRS = """
acASC adAND aeARE afAFG agATG aiAIA alALB amARM anANT aoAGO aqATA arARG asASM atAUT auAUS
awABW axALA azAZE baBIH bbBRB bdBGD beBEL bfBFA bgBGR bhBHR biBDI bjBEN blBLM bmBMU bnBRN
boBOL bqBES brBRA bsBHS btBTN bvBVT bwBWA byBLR bzBLZ caCAN ccCCK cdCOD cfCAF cgCOG chCHE
ciCIV ckCOK clCHL cmCMR cnCHN coCOL cpCPT cqCRQ crCRI cuCUB cvCPV cwCUW cxCXR cyCYP czCZE
ddDDR deDEU dgDGA djDJI dkDNK dmDMA doDOM dzDZA ecECU eeEST egEGY ehESH erERI esESP etETH
fiFIN fjFJI fkFLK fmFSM foFRO frFRA gaGAB gbGBR gdGRD geGEO gfGUF ggGGY ghGHA giGIB glGRL
gmGMB gnGIN gpGLP gqGNQ grGRC gsSGS gtGTM guGUM gwGNB gyGUY hkHKG hmHMD hnHND hrHRV htHTI
huHUN idIDN ieIRL ilISR imIMN inIND ioIOT ipCYB iqIRQ irIRN isISL itITA jeJEY jmJAM joJOR
jpJPN keKEN kgKGZ khKHM kiKIR kmCOM knKNA kpPRK krKOR kwKWT kyCYM kzKAZ laLAO lbLBN lcLCA
liLIE lkLKA lrLBR lsLSO ltLTU luLUX lvLVA lyLBY maMAR mcMCO mdMDA meMNE mfMAF mgMDG mhMHL
mkMKD mlMLI mmMMR mnMNG moMAC mpMNP mqMTQ mrMRT msMSR mtMLT muMUS mvMDV mwMWI mxMEX myMYS
mzMOZ naNAM ncNCL neNER nfNFK ngNGA niNIC nlNLD noNOR npNPL nrNRU nuNIU nzNZL omOMN paPAN
pePER pfPYF pgPNG phPHL pkPAK plPOL pmSPM pnPCN prPRI psPSE ptPRT pwPLW pyPRY qaQAT reREU
roROU rsSRB ruRUS rwRWA saSAU sbSLB scSYC sdSDN seSWE sgSGP shSHN siSVN sjSJM skSVK slSLE
smSMR snSEN soSOM srSUR ssSSD stSTP svSLV sxSXM sySYR szSWZ tcTCA tdTCD tfATF tgTGO thTHA
tjTJK tkTKL tlTLS tmTKM tnTUN toTON trTUR ttTTO tvTUV twTWN tzTZA uaUKR ugUGA umUMI usUSA
uyURY uzUZB vaVAT vcVCT veVEN vgVGB viVIR vnVNM vuVUT wfWLF wsWSM xkXKX yeYEM ytMYT zaZAF
zmZMB zrZAR zwZWE
"""

ISO3 = {pair[:2]: pair[2:] for pair in _PAIRS.split()} | {"uk": "GBR"}
"""Two-letter country codes, as FollowTheMoney has them, to three letters: ``qa`` to ``QAT``."""


def read_ftm(lines: Iterable[str], source: str) -> Iterator[Row | BadRow | None]:
    """Read entities line by line; None stands for one that is not an actor."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _entity(number, line, source)
        except Unfit as error:
            yield BadRow(number, str(error))


def _entity(number: int, line: str, source: str) -> Row | None:
    try:
        entity = json.loads(line)
        line.encode()
    except (ValueError, RecursionError) as error:
        raise Unfit("it is not a JSON object in UTF-8") from error
    if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
        raise Unfit("it is not an entity: {id, schema, properties} is expected")
    schema, key = entity.get("schema"), entity.get("id")
    if not isinstance(schema, str) or not isinstance(key, str) or not key.strip():
        raise Unfit("it has no schema or no id")
    properties = {name: _texts(value) for name, value in entity["properties"].items()}
    if schema == "Occupancy":
        return Row(number, _held(properties, source))
    if schema not in TYPES:
        return None
    return Row(number, _ftm_actor(schema, key, properties, source))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [" ".join(one.split()) for one in values if isinstance(one, str) and one.strip()]


def _held(properties: dict[str, list[str]], source: str) -> Held:
    holder, post = properties.get("holder", []), properties.get("post", [])
    if len(holder) != 1 or len(post) != 1:
        raise Unfit("an Occupancy needs one holder and one post")
    starts, ends = properties.get("startDate", []), properties.get("endDate", [])
    return Held(
        f"ftm:{post[0]}",
        f"ftm:{holder[0]}",
        day(min(starts, default=None), "start"),
        day(max(ends, default=None), "end"),
        source,
    )


def _ftm_actor(schema: str, key: str, properties: dict[str, list[str]], source: str) -> Actor:
    names = [text for name in _NAMES for text in properties.get(name, []) if len(text) <= _LONGEST]
    if not names:
        raise Unfit("it has no name of up to 200 characters")
    codes = [code.lower() for name in _COUNTRIES for code in properties.get(name, [])]
    iso3 = next((ISO3[code] for code in codes if code in ISO3), None)
    aliases = dict.fromkeys(names[1:], AliasKind.NAME)
    for text in properties.get("weakAlias", []):
        if len(text) <= _LONGEST:
            aliases.setdefault(text, _weak(text))
    descriptions = [text for name in _DESCRIPTIONS for text in properties.get(name, [])]
    return checked(
        Actor,
        {
            "id": f"ftm:{key.strip()}",
            "type": TYPES[schema],
            "name": names[0],
            "iso3": iso3,
            "acts_for": f"state:{iso3.lower()}" if iso3 and schema in _OF_THE_STATE else None,
            "description": descriptions[0][:_DESCRIPTION] if descriptions else None,
            "aliases": [
                {"text": text, "kind": kind, "source": source}
                for text, kind in aliases.items()
                if text != names[0]
            ],
            "source": source,
        },
    )


def _weak(text: str) -> AliasKind:
    """A single word counts like a surname, since many may share it."""
    if text.isupper():
        return AliasKind.ACRONYM
    return AliasKind.NAME if " " in text else AliasKind.SURNAME


Form = Literal["csv", "ftm"]

BATCH = 500
REPORTED = 1_000
_FORMS: dict[str, Form] = {
    ".csv": "csv",
    ".json": "ftm",
    ".jsonl": "ftm",
    ".ndjson": "ftm",
    ".ijson": "ftm",
}


@dataclass
class ImportResult:
    """The result of an import: rows read, actors changed, and rejected lines.

    ``others`` counts entities that are not actors; ``names`` are texts that now name another
    actor; ``changes`` are the numbers of the changes in the log.
    """

    read: int = 0
    changed: int = 0
    rejected: int = 0
    others: int = 0
    rejections: list[BadRow] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    actors: set[str] = field(default_factory=set)

    def reject(self, bad: BadRow) -> None:
        """Count a rejected row, and keep the reason unless there are very many."""
        self.rejected += 1
        if len(self.rejections) < REPORTED:
            self.rejections.append(bad)


class ListImport:
    """Imports a list into a workspace; ``apply`` stores a batch in one transaction."""

    def __init__(self, known: Iterable[Actor], apply: Callable[[TakeIn], EditResult]) -> None:
        """``known`` are the actors that tenures may refer to by name."""
        self._apply = apply
        self._ids: dict[ActorType, dict[str, str]] = {ActorType.PERSON: {}, ActorType.OFFICE: {}}
        for actor in known:
            self._note(actor)
        self.result = ImportResult()

    def run(
        self,
        rows: Iterator[Row | BadRow | None],
        progress: Callable[[ImportResult], None] | None = None,
    ) -> ImportResult:
        """Import all rows: actors as they come, tenures and merges when all actors exist."""
        later: list[Row] = []
        while some := list(islice(rows, BATCH)):
            now: list[Row] = []
            for row in some:
                self.result.read += 1
                if row is None:
                    self.result.others += 1
                elif isinstance(row, BadRow):
                    self.result.reject(row)
                elif isinstance(row.content, Held | Merged):
                    later.append(row)
                else:
                    now.append(row)
            self._import(now)
            if progress is not None:
                progress(self.result)
        for start in range(0, len(later), BATCH):
            self._import(later[start : start + BATCH])
        return self.result

    def _import(self, rows: list[Row]) -> None:
        batch: dict[str, list[object]] = {}
        lines: dict[tuple[str, int], int] = {}

        def put(what: str, value: object, line: int) -> None:
            lines[what, len(batch.setdefault(what, []))] = line
            batch[what].append(value)

        for line, content in rows:
            match content:
                case Actor():
                    put("actors", content, line)
                    self._note(content)
                case Named():
                    put("aliases", tuple(content), line)
                case Hidden():
                    put("hidden", tuple(content), line)
                case Merged():
                    put("merged", tuple(content), line)
                case Held():
                    for new in self._tenure(content, line, put):
                        put("actors", new, line)
        if batch:
            self._count(self._apply(TakeIn.model_validate(batch)), lines)

    def _count(self, done: EditResult, lines: dict[tuple[str, int], int]) -> None:
        for refusal in done.refused:
            self.result.reject(BadRow(lines[refusal.field, refusal.number], refusal.why))
        if done.change is not None:
            self.result.changed += len(done.change.after)
            self.result.changes.append(done.change.seq)
            self.result.actors.update(done.change.after)
        self.result.names += done.names

    def _tenure(
        self, held: Held, line: int, put: Callable[[str, object, int], None]
    ) -> Iterator[Actor]:
        """Add a tenure; an office or person given by name is found or created."""
        office, made = self._called(ActorType.OFFICE, held.office, held)
        if made is not None:
            yield made
        person, made = self._called(ActorType.PERSON, held.person, held)
        if made is not None:
            yield made
        tenure = Tenure(
            office=office, person=person, since=held.since, until=held.until, source=held.source
        )
        put("tenures", tenure, line)

    def _called(self, kind: ActorType, text: str, held: Held) -> tuple[str, Actor | None]:
        if ":" in text and " " not in text:
            return text, None
        if (known := self._ids[kind].get(normalise(text))) is not None:
            return known, None
        made = Actor(
            id=f"{kind.value}:{slug(text) or 'x'}",
            type=kind,
            name=text[:200],
            acts_for=held.acts_for if kind is ActorType.OFFICE else None,
            source=held.source,
        )
        self._note(made)
        return made.id, made

    def _note(self, actor: Actor) -> None:
        ids = self._ids.get(actor.type)
        if ids is not None:
            ids.setdefault(normalise(actor.name), actor.id)
            for alias in actor.aliases:
                ids.setdefault(normalise(alias.text), actor.id)


def form_of(path: Path) -> Form | None:
    """The format of a file, by its extension; None if that is unknown."""
    name = path.name.lower().removesuffix(".gz")
    return _FORMS.get(Path(name).suffix)


def rows(lines: IO[str], form: Form, source: str) -> Iterator[Row | BadRow | None]:
    """Read a list in either format."""
    return read_csv(lines, source) if form == "csv" else read_ftm(lines, source)


@contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """Open a list, gzipped or not; raises UnreadableFile. Bytes that are not UTF-8 fail by row."""
    try:
        if path.name.lower().endswith(".gz"):
            file: IO[str] = gzip.open(  # noqa: SIM115 - closed below
                path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline=""
            )
        else:
            file = path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
        with file:
            yield file
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(f"{path} cannot be read: {reason}.", about=str(path)) from error
