"""A store filled for the benchmarks, the way the command line fills it."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.desk import DATABASE, Desk
from bot.gather.files import Defaults, drafts
from bot.ingest import Report
from bot.models import LOCAL
from tests.bench.common import Result


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


def size(folder: Path) -> Result:
    """Count the articles of a filled store, and those whose facts have not been read."""
    desk = Desk.open(folder)
    try:
        return {"articles": desk.store.articles_total(LOCAL), "without facts": desk.waiting().facts}
    finally:
        desk.close()


def fill(folder: Path, items: Path, url: str = "") -> Filled:
    """Ingest a file into a new or old store."""
    desk = Desk.open(folder, url=url)
    now = datetime.now(UTC)
    try:
        begun = time.perf_counter()
        found = drafts([str(items)], defaults=Defaults(), now=now)
        report = desk.ingest(found, now=now, facts_later=True)
        stored = time.perf_counter()
        report.facts += desk.read_facts(now=now)
        return Filled(report, stored - begun, time.perf_counter() - stored)
    finally:
        desk.close()
