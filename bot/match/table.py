"""All aliases as columns: a few numpy arrays and two long strings, no object per alias.

Look-ups go by a 32-bit checksum of the wanted key, sorted; what it finds is compared with
the key itself, so that two keys with one checksum do no harm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.match.checksums import INDEXES, Flags, Keys
from bot.match.entries import ORIGINS, STORED, Entry
from bot.models import ActorType, AliasKind
from bot.text.names import latin

Arrays = Mapping[str, NDArray[np.generic]]

_TYPES = tuple(ActorType)
_KINDS = tuple(AliasKind)
_ORIGINS = {origin: number for number, origin in enumerate(ORIGINS)}
_AT_ONCE = 50_000
_32_BITS = 0xFFFFFFFF
_APART = np.uint64(0x9E3779B97F4A7C15)

_ROWS = ("actor", "alias", "kind", "origin", "latin")
_DTYPES: dict[str, type[np.generic]] = {
    "actor": np.uint32,
    "alias": np.uint32,
    "kind": np.uint8,
    "origin": np.uint8,
    "latin": np.bool_,
    "keys": np.uint8,
    "key_ends": np.uint32,
    "aliases": np.uint8,
    "alias_ends": np.uint32,
    **{f"{name}_{what}": np.uint32 for name in INDEXES for what in ("sum", "at")},
}


class Table:
    """The aliases of a fixed list of actors, by number, in the order of the actors."""

    def __init__(self, columns: Arrays) -> None:
        """Take the columns that ``arrays()`` returned; raises KeyError or ValueError."""
        self._columns = dict(columns)
        self._keys = _Texts(columns["keys"], columns["key_ends"])
        self._aliases = _Texts(columns["aliases"], columns["alias_ends"])
        self.actor = np.asarray(columns["actor"], dtype=np.uint32)
        self.type = np.asarray(columns["type"], dtype=np.uint8)
        self._alias = np.asarray(columns["alias"], dtype=np.uint32)
        self._kind = np.asarray(columns["kind"], dtype=np.uint8)
        self._origin = np.asarray(columns["origin"], dtype=np.uint8)
        self.latin = np.asarray(columns["latin"], dtype=np.bool_)
        self._first = np.asarray(columns["first"], dtype=np.uint32)
        lengths = {len(x) for x in (self.actor, self._alias, self._kind, self._origin, self.latin)}
        if lengths != {len(self._keys)} or len(self._first) != len(self.type):
            raise ValueError("the columns of the alias table differ in length")
        words = _Texts(columns["words"], columns["word_ends"])
        self.owners: dict[str, int] = dict(
            zip(words, np.asarray(columns["owners"]).tolist(), strict=True)
        )
        self._sorted = {name: (columns[f"{name}_sum"], columns[f"{name}_at"]) for name in INDEXES}

    @classmethod
    def build(cls, types: Sequence[ActorType], found: Iterable[Entry]) -> Self:
        """Lay out the entries of actors, given by their types; entries come actor by actor."""
        columns = _Columns()
        columns.take(found)
        return cls(columns.done(types))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the columns."""
        return self._columns

    def __len__(self) -> int:
        return len(self.actor)

    def key(self, number: int) -> str:
        """Return the normalised key of one alias."""
        return self._keys[number]

    def keys(self, numbers: Iterable[int]) -> list[str]:
        """Return the normalised keys of some aliases."""
        return [self._keys[number] for number in numbers]

    def entry(self, number: int) -> Entry:
        """Return one alias whole."""
        return Entry(
            self._keys[number],
            int(self.actor[number]),
            self._aliases[int(self._alias[number])],
            _KINDS[int(self._kind[number])],
            ORIGINS[int(self._origin[number])],
        )

    def type_of(self, actor: int) -> ActorType:
        """Return what an actor is."""
        return _TYPES[int(self.type[actor])]

    def name_of(self, actor: int) -> str:
        """Return an actor's display name, normalised; empty if nothing of it is left."""
        number = int(self._first[actor])
        return self._keys[number] if number < len(self) and self.actor[number] == actor else ""

    def of_another(self, entry: Entry) -> bool:
        """Whether an entry's key is another actor's very name: *(Republic of) China*."""
        bearers = {int(self.actor[number]) for number in self.by("key", entry.key)}
        return any(self.name_of(one) == entry.key for one in bearers - {entry.actor})

    def display_of(self, actor: int) -> str:
        """Return an actor's first stored alias; empty if nothing of it is left."""
        number = int(self._first[actor])
        return self.entry(number).alias if self.name_of(actor) else ""

    def by(self, index: str, wanted: str) -> list[int]:
        """List the aliases whose ``key``, ``loose``, ``letters`` or ``initials`` is this."""
        sums, at = self._sorted[index]
        made, _, of_one = INDEXES[index]
        checksum = np.uint32(of_one(wanted) & _32_BITS)
        first, last = (int(np.searchsorted(sums, checksum, side)) for side in ("left", "right"))
        return [n for n in at[first:last].tolist() if made(self._keys[n]) == wanted]


class _Texts:
    """Many short strings in one: UTF-8 and where each ends."""

    def __init__(self, text: NDArray[np.generic], ends: NDArray[np.generic]) -> None:
        self._text = np.asarray(text, dtype=np.uint8).tobytes()
        self._ends = np.asarray(ends, dtype=np.uint32)
        if not len(self._ends) or int(self._ends[-1]) != len(self._text) or self._ends[0]:
            raise ValueError("a text and its ends do not fit")

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        return self._text[self._ends[number] : self._ends[number + 1]].decode()

    def __iter__(self) -> Iterator[str]:
        for start, end in pairwise(self._ends.tolist()):
            yield self._text[start:end].decode()


class _Columns:
    """Gathers entries into columns, some thousands at a time."""

    def __init__(self) -> None:
        self._parts: dict[str, list[NDArray[np.generic]]] = {}
        self._first: dict[int, int] = {}
        self._words: dict[int, str] = {}
        self._owners: Counter[int] = Counter()
        self._count = self._alias_count = 0
        self._clear()

    def _clear(self) -> None:
        self._keys: list[str] = []
        self._aliases: list[str] = []
        self._rows: dict[str, list[int]] = {name: [] for name in _ROWS}

    def take(self, found: Iterable[Entry]) -> None:
        """Take all entries in, which come actor by actor."""
        actor, of_actor = -1, dict[str, tuple[int, bool]]()
        for entry in found:
            if entry.actor != actor:
                if len(self._keys) >= _AT_ONCE:
                    self._lay_out()
                actor, of_actor = entry.actor, {}
                self._first[actor] = self._count + len(self._keys)
            known = of_actor.get(entry.alias)
            if known is None:
                known = (self._alias_count + len(self._aliases), latin(entry.alias))
                of_actor[entry.alias] = known
                self._aliases.append(entry.alias)
            rows = self._rows
            rows["actor"].append(actor)
            rows["alias"].append(known[0])
            rows["kind"].append(_KINDS.index(entry.kind))
            rows["origin"].append(_ORIGINS[entry.origin])
            rows["latin"].append(known[1])
            self._keys.append(entry.key)
        self._lay_out()

    def _lay_out(self) -> None:
        if not self._keys:
            return
        rows = {name: np.array(values, dtype=_DTYPES[name]) for name, values in self._rows.items()}
        self._add(rows.items())
        keys = Keys(self._keys)
        for name, index in INDEXES.items():
            sums, has = index.of_all(keys)
            at = np.flatnonzero(has)
            self._add([(f"{name}_sum", sums[at]), (f"{name}_at", at + self._count)])
        self._add(zip(("keys", "key_ends"), _joined(self._keys), strict=True))
        self._add(zip(("aliases", "alias_ends"), _joined(self._aliases), strict=True))
        counted = (rows["origin"] == _ORIGINS[STORED]) & rows["latin"]
        self._weigh(keys, counted, rows["actor"])
        self._count += len(self._keys)
        self._alias_count += len(self._aliases)
        self._clear()

    def _add(self, columns: Iterable[tuple[str, NDArray[np.generic]]]) -> None:
        for name, column in columns:
            self._parts.setdefault(name, []).append(column.astype(_DTYPES[name], copy=False))

    def _weigh(self, keys: Keys, counted: Flags, actors: NDArray[np.uint32]) -> None:
        """Count by how many actors each word is borne, in those keys that count."""
        of = keys.of()
        some = np.flatnonzero(counted[of])
        once = some[_distinct(keys.words[some] + actors[of[some]] * _APART)[0]]
        first, owners = _distinct(keys.words[once])
        told = zip(
            keys.words[once[first]].tolist(), keys.texts(once[first]), owners.tolist(), strict=True
        )
        for word, text, count in told:
            self._owners[word] += count
            self._words[word] = text

    def done(self, types: Sequence[ActorType]) -> dict[str, NDArray[np.generic]]:
        """Return the columns of all that was taken in."""
        columns = {name: self._whole(name) for name in _DTYPES}
        for name in ("key_ends", "alias_ends"):
            columns[name] = np.append([0], np.cumsum(columns[name])).astype(np.uint32)
        words = _joined(list(self._words.values()))
        columns["words"] = words[0]
        columns["word_ends"] = np.append([0], np.cumsum(words[1])).astype(np.uint32)
        columns["owners"] = np.array([self._owners[n] for n in self._words], dtype=np.uint32)
        columns["type"] = np.array([_TYPES.index(kind) for kind in types], dtype=np.uint8)
        columns["first"] = np.array(
            [self._first.get(n, self._count) for n in range(len(types))], dtype=np.uint32
        )
        for name in INDEXES:
            order = np.argsort(columns[f"{name}_sum"], kind="stable")
            for column in (f"{name}_sum", f"{name}_at"):
                columns[column] = columns[column][order]
        return columns

    def _whole(self, name: str) -> NDArray[np.generic]:
        parts = self._parts.get(name)
        return np.concatenate(parts) if parts else np.zeros(0, dtype=_DTYPES[name])


def _distinct(values: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each distinct value stands, once, and how often it does."""
    order = np.argsort(values)
    new = np.flatnonzero(np.diff(values[order], prepend=~values[order[:1]]))
    return order[new], np.diff(new, append=len(values))


def _joined(parts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """The texts one after another in UTF-8, and how long each is there."""
    encoded = [part.encode() for part in parts]
    lengths = np.fromiter(map(len, encoded), dtype=np.uint32, count=len(encoded))
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), lengths
