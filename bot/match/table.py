"""All aliases as columns: a few numpy arrays and two long strings, no object per alias.

Look-ups go by a 32-bit checksum of the wanted key, sorted; what it finds is compared with
the key itself, so that two keys with one checksum do no harm.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.match.entries import ORIGINS, STORED, Entry, initials, loose
from bot.models import ActorType, AliasKind
from bot.text.names import latin

Arrays = Mapping[str, NDArray[np.generic]]

_TYPES = tuple(ActorType)
_KINDS = tuple(AliasKind)
_SHUFFLED = 12
"""Two letters that changed places leave few n-grams whole only in a name this short."""

_INDEXES: dict[str, Callable[[str], str]] = {
    "key": lambda key: key,
    "loose": lambda key: loose(key) if " " in key else "",
    "letters": lambda key: letters(key) if len(key) <= _SHUFFLED else "",
    "initials": initials,
}
"""What an alias is looked up by, from its key; the empty string is left out."""


def letters(key: str) -> str:
    """What stays the same when letters change places."""
    return "".join(sorted(key))


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
        self._sorted = {name: (columns[f"{name}_sum"], columns[f"{name}_at"]) for name in _INDEXES}

    @classmethod
    def build(cls, types: Sequence[ActorType], found: Iterable[Entry]) -> Self:
        """Lay out the entries of actors, given by their types; entries come actor by actor."""
        columns = _Columns()
        for entry in found:
            columns.add(entry)
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

    def display_of(self, actor: int) -> str:
        """Return an actor's first stored alias; empty if nothing of it is left."""
        number = int(self._first[actor])
        return self.entry(number).alias if self.name_of(actor) else ""

    def by(self, index: str, wanted: str) -> list[int]:
        """List the aliases whose ``key``, ``loose``, ``letters`` or ``initials`` is this."""
        sums, at = self._sorted[index]
        checksum = np.uint32(zlib.crc32(wanted.encode()))
        first, last = (int(np.searchsorted(sums, checksum, side)) for side in ("left", "right"))
        made = _INDEXES[index]
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
    """Gathers entries, one by one, into columns."""

    def __init__(self) -> None:
        self._keys: list[bytes] = []
        self._aliases: list[bytes] = []
        self._rows: dict[str, list[int]] = {
            name: [] for name in ("actor", "alias", "kind", "origin")
        }
        self._latin: list[bool] = []
        self._first: dict[int, int] = {}
        self._of_actor: dict[str, tuple[int, bool]] = {}
        self._actor = -1
        self._words: dict[str, int] = {}
        self._last_owner: dict[str, int] = {}

    def add(self, entry: Entry) -> None:
        if entry.actor != self._actor:
            self._actor = entry.actor
            self._of_actor = {}
            self._first[entry.actor] = len(self._keys)
        known = self._of_actor.get(entry.alias)
        if known is None:
            known = (len(self._aliases), latin(entry.alias))
            self._of_actor[entry.alias] = known
            self._aliases.append(entry.alias.encode())
        self._keys.append(entry.key.encode())
        self._rows["actor"].append(entry.actor)
        self._rows["alias"].append(known[0])
        self._rows["kind"].append(_KINDS.index(entry.kind))
        self._rows["origin"].append(ORIGINS.index(entry.origin))
        self._latin.append(known[1])
        if entry.origin == STORED and known[1]:
            for word in entry.key.split():
                if self._last_owner.get(word) != entry.actor:
                    self._last_owner[word] = entry.actor
                    self._words[word] = self._words.get(word, 0) + 1

    def done(self, types: Sequence[ActorType]) -> dict[str, NDArray[np.generic]]:
        keys, ends = _joined(self._keys)
        aliases, alias_ends = _joined(self._aliases)
        words, word_ends = _joined([word.encode() for word in self._words])
        small = (np.uint8, np.uint8)
        nobody = len(self._keys)
        columns: dict[str, NDArray[np.generic]] = {
            "keys": keys,
            "key_ends": ends,
            "aliases": aliases,
            "alias_ends": alias_ends,
            "words": words,
            "word_ends": word_ends,
            "owners": np.array(list(self._words.values()), dtype=np.uint32),
            "actor": np.array(self._rows["actor"], dtype=np.uint32),
            "alias": np.array(self._rows["alias"], dtype=np.uint32),
            "kind": np.array(self._rows["kind"], dtype=small[0]),
            "origin": np.array(self._rows["origin"], dtype=small[1]),
            "latin": np.array(self._latin, dtype=np.bool_),
            "type": np.array([_TYPES.index(t) for t in types], dtype=np.uint8),
            "first": np.array(
                [self._first.get(n, nobody) for n in range(len(types))], dtype=np.uint32
            ),
        }
        for name, made in _INDEXES.items():
            columns[f"{name}_sum"], columns[f"{name}_at"] = self._index(made)
        return columns

    def _index(self, made: Callable[[str], str]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Sort the aliases by the checksum of what ``made`` makes of their keys."""
        sums: list[int] = []
        at: list[int] = []
        for number, key in enumerate(self._keys):
            if wanted := made(key.decode()):
                sums.append(zlib.crc32(wanted.encode()))
                at.append(number)
        checksums = np.array(sums, dtype=np.uint32)
        order = np.argsort(checksums, kind="stable")
        return checksums[order], np.array(at, dtype=np.uint32)[order]


def _joined(parts: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    ends = np.zeros(len(parts) + 1, dtype=np.uint32)
    np.cumsum([len(part) for part in parts], out=ends[1:], dtype=np.uint32)
    return np.frombuffer(b"".join(parts), dtype=np.uint8), ends
