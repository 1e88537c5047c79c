"""Shared parts of the benchmarks: data folders, the commit, percentiles, intervals, memory."""

from __future__ import annotations

import math
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

Result = dict[str, object]

ROOT = Path(__file__).parents[2]
ITEMS = Path("current-events") / "items.jsonl.gz"

_Z = 1.96
_EVERY = 0.25
"""Seconds between two samples of memory."""


class MissingData(Exception):
    """The given folder lacks a file that a benchmark reads."""


def needed(path: Path, name: Path) -> Path:
    """Return the file ``name`` in the data folder; raises MissingData."""
    found = path / name
    if not found.is_file():
        raise MissingData(
            f"{path} has no {name}: give the folder that holds it, as in"
            " `python -m tests.bench ingest DATA`."
        )
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of the share ``right`` of ``n`` (Wilson 1927); 0 to 1 if n is 0."""
    if not n:
        return 0.0, 1.0
    share, z = right / n, _Z**2 / n
    middle = (share + z / 2) / (1 + z)
    reach = _Z * math.sqrt(share * (1 - share) / n + z / (4 * n)) / (1 + z)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def commit(*folders: str) -> str:
    """Return the commit's hash; raises MissingData if the code in ``folders`` differs from it."""
    if changed := _git("status", "--porcelain", "--", *folders):
        raise MissingData(f"These differ from the commit, so it would be named wrongly:\n{changed}")
    return _git("rev-parse", "HEAD")


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(ROOT), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


class Memory:
    """The peak memory of this process, or another, and of all that it started; sampled.

    ``how`` names what is summed: PSS (each page shared by n processes counts 1/n to each), or RSS,
    which counts shared pages once for every process, if PSS cannot be read.
    """

    def __init__(self, process: int | None = None) -> None:
        self._process = os.getpid() if process is None else process
        self.how = "PSS" if Path("/proc/self/smaps_rollup").is_file() else "RSS"
        self.peak_mb = 0.0
        self.most_processes = 0
        self.samples = 0

    def sample(self) -> None:
        """Add one sample."""
        processes = [self._process, *descendants(self._process)]
        total = sum(self._kilobytes(process) for process in processes)
        self.peak_mb = max(self.peak_mb, total / 1024)
        self.most_processes = max(self.most_processes, len(processes))
        self.samples += 1

    def _kilobytes(self, process: int) -> int:
        name, key = ("smaps_rollup", "Pss:") if self.how == "PSS" else ("status", "VmRSS:")
        try:
            lines = Path(f"/proc/{process}/{name}").read_text().splitlines()
        except OSError:  # it ended between the listing and now
            return 0
        return sum(int(line.split()[1]) for line in lines if line.startswith(key))


@contextmanager
def measured() -> Iterator[Memory]:
    """Sample memory in the background while the block runs; Linux only."""
    memory = Memory()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY):
            memory.sample()

    watcher = threading.Thread(target=watch, daemon=True)
    memory.sample()
    watcher.start()
    try:
        yield memory
    finally:
        done.set()
        watcher.join()
        memory.sample()


def descendants(process: int) -> list[int]:
    """Return the processes that a process started, and their descendants; Linux only."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:  # the thread ended
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found
