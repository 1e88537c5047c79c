"""What the tests of a run would work out again and again: built or read once, then shared.

The results are the same: an index does not change after it was built, and a sentence is read alike
by every process. A test of how indexes are built turns sharing off with ``unshared``. Reader
processes import this module, so it imports little.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.match.gazetteer import Gazetteer
from bot.match.lookup import Lookup
from bot.match.trie import Trie
from bot.models import Actor
from bot.read import extraction, pool

READINGS = "TEST_READINGS"
"""The variable that names the folder of this run's sentences, for every process that reads."""

INDEXES = 4
"""Lists of actors whose indexes are kept: the seeds, and the seeds with a test's corrections."""

_build, _initialise, _read = Lookup.build, pool._initialise, extraction._stated.__wrapped__
_sharing = True


def lookup(known: Sequence[Actor]) -> Lookup:
    """Build the lookup of a list of actors, once in this process."""
    return _lookup(tuple(known)) if _sharing else _build(known)


def trie(known: Sequence[Actor]) -> Trie:
    """Build the trie of a list of actors, once in this process."""
    return _trie(tuple(known)) if _sharing else Trie(known)


@lru_cache(maxsize=INDEXES)
def _lookup(known: tuple[Actor, ...]) -> Lookup:
    return _build(known)


@lru_cache(maxsize=INDEXES)
def _trie(known: tuple[Actor, ...]) -> Trie:
    return Trie(known)


@contextmanager
def unshared() -> Iterator[None]:
    """Build every index that is first used in this context."""
    global _sharing  # noqa: PLW0603 - one for all threads of a test
    _sharing = False
    try:
        yield
    finally:
        _sharing = True


def share_readings() -> None:
    """Share what is read in a process of its own, which has the variable from the test."""
    vars(pool)["_initialise"] = partial(begin_reader, Path(os.environ[READINGS]))


def begin_reader(folder: Path, seeds: Gazetteer) -> None:
    """Begin a reader process that looks in ``folder`` for a sentence before it reads it."""
    once = lru_cache(maxsize=extraction.REMEMBERED)(partial(_read_once, folder))
    vars(extraction)["_stated"] = once
    _initialise(seeds)


def _read_once(folder: Path, sentence: str, article: bool) -> tuple[extraction.Extracted, ...]:
    name = sha256(sentence.encode("utf-8", "surrogatepass")).hexdigest()
    file = folder / f"{name}-{article}"
    found: tuple[extraction.Extracted, ...]
    try:
        found = pickle.loads(file.read_bytes())  # noqa: S301 - our own bytes
    except FileNotFoundError:
        found = _read(sentence, article)
        # Where a test has left no room on the disk, the next process reads the sentence itself.
        with suppress(OSError):
            _keep(found, file)
    return found


def _keep(found: tuple[extraction.Extracted, ...], file: Path) -> None:
    """Write a file that is whole as soon as it is there."""
    with NamedTemporaryFile(dir=file.parent, delete=False) as written:
        written.write(pickle.dumps(found))
    Path(written.name).replace(file)
