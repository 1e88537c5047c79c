"""Cold start: the wall time of ``dragoman brief Qatar`` in a separate process.

The store holds the notes that come with Dragoman, or is the one that ``--store`` names.
What is measured is what a person waits for: the interpreter, the imports, opening store
and index, the answer, the exit. PATH is not read.

How to read it: ``first_seconds`` is the first run, with whatever was not yet in the page
cache; ``median_seconds`` and ``worst_seconds`` are of the runs after it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.desk import Desk
from tests.bench.common import Result

RUNS = 7
_COMMAND = (sys.executable, "-c", "from bot.cli import main; main()", "brief", "Qatar")


def run(_: Path, store: Path | None = None, *, runs: int = RUNS) -> Result:
    """Start it several times; raises RuntimeError if it does not brief on Qatar."""
    if store is not None:
        return _started(store, runs)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        desk = Desk.open(Path(name))
        try:
            desk.ingest_seeds(now=datetime.now(UTC))
        finally:
            desk.close()
        return _started(Path(name), runs)


def _started(folder: Path, runs: int) -> Result:
    env = {**os.environ, "DRAGOMAN_DATA": str(folder)}
    took: list[float] = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        done = subprocess.run(_COMMAND, env=env, capture_output=True, text=True, check=False)
        took.append(time.perf_counter() - begun)
        if done.returncode or "Qatar" not in done.stdout:
            raise RuntimeError(f"`dragoman brief Qatar` failed: {done.stderr.strip()[-500:]}")
    return {
        "first_seconds": round(took[0], 3),
        "median_seconds": round(statistics.median(took[1:]), 3),
        "worst_seconds": round(max(took[1:]), 3),
        "runs": runs,
    }
