"""A store filled for the benchmarks, the way the command line fills it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from bot.desk import Desk
from bot.gather.files import Defaults, drafts
from bot.ingest import Report


def fill(folder: Path, items: Path, url: str = "") -> tuple[Report, float]:
    """Ingest a file into a new or old store; returns the report and the seconds it took."""
    desk = Desk.open(folder, url=url)
    now = datetime.now(UTC)
    try:
        begun = time.perf_counter()
        report = desk.ingest(drafts([str(items)], defaults=Defaults(), now=now), now=now)
        return report, time.perf_counter() - begun
    finally:
        desk.close()
