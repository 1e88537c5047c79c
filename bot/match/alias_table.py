"""All aliases as columns: a few numpy arrays and two long strings, no object per alias.

Look-ups go by a checksum of the wanted key, sorted; what it finds is compared with the key itself,
so that two keys with one checksum do no harm. A checksum is a sum of signs, each weighted by its
place or its kind, modulo 2**64: numpy makes them of thousands of keys in a few passes, and what may
change places counts without its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import cycle, pairwise
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from bot.match.entries import ORIGINS, STORED, TELLING, Entry, initials, loose
from bot.models import ActorType, AliasKind
from bot.text.names import FILLERS, latin

Sums = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_SPACE = ord(" ")
_SHUFFLED = 12
"""Two letters that changed places leave few n-grams whole only in a name this short."""

_PLACES = 1024
"""A power of two; in a longer key the weights of the places begin again."""

_chance = np.random.Generator(np.random.PCG64(20260101))
_BY_PLACE = _chance.integers(2**63, 2**64, _PLACES, dtype=np.uint64) | np.uint64(1)
_PLAIN_BY_PLACE: list[int] = _BY_PLACE.tolist()
_64_BITS = 2**64 - 1
_BY_SIGN = _chance.integers(2**63, 2**64, 256, dtype=np.uint64) | np.uint64(1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_HALF, _THIRD = np.uint64(32), np.uint64(29)


class Keys:
    """Some normalised keys, none of them empty, laid out one after another."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._joined = "".join(keys)
        raw = np.frombuffer(self._joined.encode("ascii"), dtype=np.uint8)
        self.spaces = raw == _SPACE
        self.signs = np.where(self.spaces, 0, raw)
        self.lengths = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
        self.starts = np.cumsum(self.lengths) - self.lengths
        begins = np.zeros(len(raw), dtype=np.bool_)
        begins[1:] = self.spaces[:-1]
        begins[self.starts] = True
        self.word_starts = np.flatnonzero(begins)
        self.first_words = np.searchsorted(self.word_starts, self.starts)
        self.counts = _lengths(self.first_words, len(self.word_starts))

    @cached_property
    def words(self) -> Sums:
        """The checksum of each word of each key, in their order."""
        return _placed(self.signs, self.word_starts)

    @cached_property
    def telling(self) -> Flags:
        """Which words are no fillers."""
        return np.isin(self.words, _FILLERS, invert=True)

    def of(self) -> Numbers:
        """Return the number of the key that each word is of."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def texts(self, numbers: Numbers) -> list[str]:
        """Return words by their numbers."""
        starts = self.word_starts[numbers]
        ends = starts + _lengths(self.word_starts, len(self.signs))[numbers]
        return [
            self._joined[start:end].rstrip()
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]


class Index(NamedTuple):
    """A way to look keys up.

    ``made`` gives what is compared, from a key; ``of_all`` the checksums of keys, and which
    of them have one; ``of_one`` the checksum of what ``made`` gave.
    """

    made: Callable[[str], str]
    of_all: Callable[[Keys], tuple[Sums, Flags]]
    of_one: Callable[[str], int]


def _whole(keys: Keys) -> tuple[Sums, Flags]:
    return _placed(keys.signs, keys.starts), keys.lengths > 0


def _letters(keys: Keys) -> tuple[Sums, Flags]:
    return _summed(_BY_SIGN[keys.signs], keys.starts), keys.lengths <= _SHUFFLED


def _loose(keys: Keys) -> tuple[Sums, Flags]:
    sums = _summed(_spread(keys.words) * keys.telling, keys.first_words)
    return sums, (keys.counts > 1) & (_telling(keys) > 0)


def _initials(keys: Keys) -> tuple[Sums, Flags]:
    before: Numbers = np.cumsum(keys.telling) - keys.telling
    rank: Numbers = before - np.repeat(before[keys.first_words], keys.counts)
    heads = keys.signs[keys.word_starts] * keys.telling
    count = _telling(keys)
    few = (count >= TELLING.start) & (count < TELLING.stop)
    return _summed(heads * _BY_PLACE[rank & (_PLACES - 1)], keys.first_words), few


def _telling(keys: Keys) -> Numbers:
    return np.add.reduceat(keys.telling, keys.first_words, dtype=np.int64)


def _one(text: str) -> int:
    """The same as ``_whole`` of one key, without its detours."""
    signs = text.encode("ascii").replace(b" ", b"\0")
    return sum(place * sign for place, sign in zip(cycle(_PLAIN_BY_PLACE), signs)) & _64_BITS


def _placed(signs: NDArray[np.uint8], starts: Numbers) -> Sums:
    """Sum the signs from each start to the next, weighted by their places after it."""
    place = np.arange(len(signs)) - np.repeat(starts, _lengths(starts, len(signs)))
    return _summed(_BY_PLACE[place & (_PLACES - 1)] * signs, starts)


def _summed(values: Sums, starts: Numbers) -> Sums:
    return np.add.reduceat(values, starts)


def _lengths(starts: Numbers, end: int) -> Numbers:
    return np.diff(starts, append=end)


def _spread(words: Sums) -> Sums:
    """Break what is linear, or words could trade letters unseen."""
    return ((words ^ (words >> _THIRD)) * _SPREAD) >> _HALF


def _loose_of(text: str) -> int:
    return int(_spread(np.array([_one(word) for word in text.split()], dtype=np.uint64)).sum())


def _letters_of(text: str) -> int:
    return int(_letters(Keys([text]))[0][0]) if text else 0


def letters(key: str) -> str:
    """What stays the same when letters change places."""
    return "".join(sorted(key))


INDEXES = {
    "key": Index(str, _whole, _one),
    "loose": Index(lambda key: loose(key) if " " in key else "", _loose, _loose_of),
    "letters": Index(
        lambda key: letters(key) if len(key) <= _SHUFFLED else "", _letters, _letters_of
    ),
    "initials": Index(initials, _initials, _one),
}
"""What an alias is looked up by, from its key; where ``made`` gives nothing, it is left out."""

_FILLERS = np.array([_one(word) for word in sorted(FILLERS)], dtype=np.uint64)


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
