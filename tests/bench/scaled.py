"""The measurements of one store for ``tests/bench/scale.py``, each in a separate process."""

from __future__ import annotations

import gc
import gzip
import os
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bot.desk import Desk
from bot.models import Asker
from tests.bench.common import Result, measured, percentile
from tests.bench.filled import fill
from tests.bench.latency import ROUNDS, one_round


def ingested(folder: Path, url: str, items: Path, first: int, most: int) -> dict[str, Any]:
    """Ingest ``most`` of the articles of a file, from the one numbered ``first`` on."""
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        some = Path(name) / "items.jsonl"
        with gzip.open(items, "rb") as lines, some.open("wb") as out:
            out.writelines(islice(lines, first, first + most))
        with measured() as memory:
            report, seconds, _ = fill(folder, some, url)
    return {"new": report.new, "seconds": seconds, "memory_mb": memory.peak_mb}


def indexed(folder: Path, url: str) -> float:
    """Build the index of a store that has none, or update it; return the seconds it took."""
    with closing(Desk.open(folder, url=url)) as desk:
        begun = time.perf_counter()
        desk.catch_up()
        return time.perf_counter() - begun


def asked(folder: Path, url: str) -> Result:
    """Ask everything once, with files that nothing has read since, and then ROUNDS times more."""
    forgotten(folder)
    with measured() as memory:
        begun = time.perf_counter()
        with closing(Desk.open(folder, url=url)) as desk:
            desk.catch_up()
            gc.freeze()  # as the server does
            opened = time.perf_counter() - begun
            asker = Asker(now=datetime.now(UTC))
            rounds = [one_round(desk, asker) for _ in range(1 + ROUNDS)]
            size = desk.passages.size
            count = desk.store.articles_total(asker.workspace)
    result: Result = {"articles": count, "passages": size, "open_seconds": opened}
    for kind in ("ask", "brief"):
        for heat, some in (("cold", rounds[:1]), ("warm", rounds[1:])):
            every = [call for each in some for call in each if call.command == kind]
            for unit in ("ms", "cpu_ms"):
                values = [float(getattr(call, unit)) for call in every]
                result[f"{kind}_{heat}_{unit}"] = [percentile(values, p) for p in (0.5, 0.95)]
    return {**result, "memory_mb": memory.peak_mb, "memory_is": memory.how}


def forgotten(folder: Path) -> None:
    """Drop the files of a folder from the system's cache, so it reads them from the disk again."""
    os.sync()  # unwritten pages would stay in memory
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as one:
                os.posix_fadvise(one.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def size_of(folder: Path) -> int:
    """Return the size in bytes of the files of a folder, or of one file."""
    files = folder.rglob("*") if folder.is_dir() else [folder]
    return sum(one.stat().st_size for one in files if one.is_file())
