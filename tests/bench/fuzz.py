"""Damaged and hostile input to every parser of outside data; reads no data.

``python -m tests.bench fuzz [--inputs 200000] [--seed 1] [--only NAME]``. Each target (see
``tests.fuzz``) is tried in a separate process: its seeds, then random damage to them, and
from Python 3.12 on further damage to those that were first to reach a line of ours.

How to read it: ``crashes`` must be 0: inputs that raised an exception not ours, took more than ten
seconds of processor time, or ended the process; each is printed with its place, an input that
causes it, and the seed that input comes from. ``refused`` are inputs refused in words, ``lines``
the lines of ours that were reached, ``slowest_ms`` the longest processor time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tests.bench.common import Result
from tests.fuzz.running import Crash, Ran, Target
from tests.fuzz.running import run as tried
from tests.fuzz.targets import TARGETS, named

SECONDS = 10.0


def options(parser: argparse.ArgumentParser) -> None:
    """Add options for the number of inputs, the seed, and a single target."""
    parser.add_argument("--inputs", type=int, default=200_000, help="inputs of all targets")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other damage")
    parser.add_argument("--jobs", type=int, default=1, help="targets tried at the same time")
    parser.add_argument("--only", choices=[one.name for one in TARGETS], help="one target alone")


def run(
    _: Path, __: Path | None = None, *, inputs: int, seed: int, only: str | None, jobs: int
) -> Result:
    """Try every target, each with its share of the inputs."""
    targets = [named(only)] if only else list(TARGETS)
    weights = sum(target.weight for target in targets)
    result: Result = {}
    total = crashes = 0

    def one(target: Target) -> Ran:
        return _apart(target.name, -(-inputs * target.weight // weights), seed)

    threads = ThreadPoolExecutor(jobs)
    for target, ran in zip(targets, threads.map(one, targets), strict=True):
        total, crashes = total + ran.inputs, crashes + len(ran.crashes)
        row = {"inputs": ran.inputs, "crashes": len(ran.crashes), "refused": ran.refused}
        row |= {"lines": ran.lines, "slowest_ms": round(1_000 * ran.slowest)}
        result[target.name] = row
        print(f"{target.name}: {row}", file=sys.stderr, flush=True)
        for crash in ran.crashes.values():
            print(f"  {crash.where}, seed {seed}\n{crash.told}\n  {crash.data!r}", file=sys.stderr)
    threads.shutdown()
    return {**result, "inputs": total, "crashes": crashes, "bars": "crashes 0"}


def _apart(name: str, inputs: int, seed: int) -> Ran:
    """Try a target in a separate process that it may crash."""
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / "input"
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            try:
                return pool.submit(_try, name, inputs, seed, last).result()
            except BrokenProcessPool:
                data = last.read_bytes() if last.exists() else b""
                return Ran(crashes={"died": Crash("the process died", "", data)})


def _try(name: str, inputs: int, seed: int, last: Path) -> Ran:
    return tried(named(name), inputs, seed, seconds=SECONDS, last=last)
