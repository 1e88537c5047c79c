"""A real desk over a real store, stocked once with the notes that come with Dragoman."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.desk import DATABASE, INDEX, Desk
from bot.match.gazetteer import Gazetteer, load
from bot.search.index import PassageIndex
from bot.store.store import Store
from tests import databases

TEAM = "T0LOCAL"


@cache
def _gazetteer() -> Gazetteer:
    return load()


@cache
def _stock(kind: databases.Kind) -> Path:
    """A data folder with the notes in it, read once a run; it goes when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"dragoman-tests-{kind}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    desk = opened(folder)
    desk.ingest_seeds(now=datetime(2026, 4, 1, tzinfo=UTC), workspace=TEAM)
    desk.close()
    return folder


def opened(folder: Path) -> Desk:
    """Open the desk in a folder, empty if that is new; whoever opens it closes it."""
    store = Store.open(f"sqlite:///{folder / DATABASE}")
    return Desk(store, PassageIndex.open(folder / INDEX), _gazetteer())


def desk_at(folder: Path) -> Desk:
    """Open the desk in ``folder``, stocked if it is new; whoever opens it closes it."""
    if not (folder / INDEX).exists():
        databases.copied(_stock(databases.kind()), folder)
    return opened(folder)
