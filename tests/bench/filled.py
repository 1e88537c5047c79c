"""A store filled for the benchmarks, the way the command line fills it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.desk import DATABASE, Desk
from bot.gather.files import Defaults, drafts
from bot.ingest import Report
from bot.models import LOCAL
from tests.bench.common import ITEMS, Result, needed


class Filled(NamedTuple):
    """The result of filling; ``seconds`` until all was stored and found, and ``facts_seconds`` from
    then until its facts were."""

    report: Report
    seconds: float
    facts_seconds: float


def fill_once(folder: Path, items: Path) -> Path:
    """Ingest a file unless the folder holds a store already; return the folder.

    The store is filled beside it, so that an interrupted run leaves none that looks complete.
    """
    if not (folder / DATABASE).is_file():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        fill(part, items)
        folder.mkdir(parents=True, exist_ok=True)
        for one in part.iterdir():
            one.rename(folder / one.name)
        part.rmdir()
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """Open a filled store with its index up to date, and close it at the end."""
    with closing(Desk.open(folder)) as desk:
        desk.catch_up()
        yield desk


@contextmanager
def items_in(path: Path, store: Path | None = None) -> Iterator[Desk]:
    """Open the store of current events, filled if necessary: ``store``, or a temporary one."""
    items = needed(path, ITEMS)
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name,
        opened(fill_once(store or Path(name), items)) as desk,
    ):
        yield desk


def size(folder: Path) -> Result:
    """Count the articles of a filled store, and those whose facts have not been read."""
    with closing(Desk.open(folder)) as desk:
        return {"articles": desk.store.articles_total(LOCAL), "without facts": desk.waiting().facts}


def fill(folder: Path, items: Path, url: str = "") -> Filled:
    """Ingest a file into a new or old store."""
    now = datetime.now(UTC)
    with closing(Desk.open(folder, url=url)) as desk:
        begun = time.perf_counter()
        found = drafts([str(items)], defaults=Defaults(), now=now)
        report = desk.ingest(found, now=now, facts_later=True)
        stored = time.perf_counter()
        report.facts += desk.read_facts(now=now)
        return Filled(report, stored - begun, time.perf_counter() - stored)
