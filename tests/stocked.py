"""A real desk over a real store, stocked once with the notes that come with Dragoman."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.desk import DATABASE, INDEX, Desk
from bot.match.gazetteer import load
from bot.read.reading import Page
from bot.search.index import PassageIndex
from bot.search.vectors import Vectors
from bot.store.store import Store
from tests import databases

TEAM = "T0LOCAL"


def _folder(of: str) -> Path:
    """A folder that goes when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"dragoman-tests-{of}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _stock(kind: databases.Kind) -> Path:
    """A data folder with the notes in it, read once a run."""
    folder = _folder(kind)
    desk = opened(folder)
    desk.ingest_seeds(now=datetime(2026, 4, 1, tzinfo=UTC), workspace=TEAM)
    while desk.embed_more():
        pass
    # As serve does, so that no test waits for the worker to start.
    desk.readers().read([Page("", "Iran met Qatar.", None)])
    desk.close()
    return folder


def opened(folder: Path) -> Desk:
    """Open the desk in a folder, empty if that is new; whoever opens it closes it."""
    store = Store.open(f"sqlite:///{folder / DATABASE}")
    return Desk(store, PassageIndex.open(folder / INDEX), load(), vectors=Vectors(folder))


def desk_at(folder: Path) -> Desk:
    """Open the desk in ``folder``, stocked if it is new; whoever opens it closes it."""
    if not (folder / INDEX).exists():
        databases.copied(_stock(databases.kind()), folder)
    return opened(folder)
