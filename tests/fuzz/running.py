"""One target tried: its seeds first, then those damaged, and what it raised."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from bot.errors import DragomanError
from tests.fuzz.mutating import damaged
from tests.fuzz.reached import watched

Call = Callable[[bytes], object]

_KEPT = 2_000
"""Inputs that reached something new and are damaged further, beside the seeds."""


@dataclass(frozen=True)
class Target:
    """A parser under test.

    ``opened`` gives what takes one input; it may raise DragomanError, and ``may_raise`` where
    its contract says so. ``weight`` is its share of all inputs.
    """

    name: str
    seeds: tuple[bytes, ...]
    opened: Callable[[], AbstractContextManager[Call]]
    words: tuple[bytes, ...] = ()
    weight: int = 10
    may_raise: tuple[type[Exception], ...] = ()
    damage: Callable[..., bytes] = damaged


def plainly(call: Call) -> Callable[[], AbstractContextManager[Call]]:
    """For a target that needs nothing opened."""
    return lambda: nullcontext(call)


@dataclass(frozen=True)
class Crash:
    """What an input did: the error with its last lines, and the shortest input that did it."""

    where: str
    told: str
    data: bytes


@dataclass
class Ran:
    """What came of a target; ``slowest`` is in seconds of processor time."""

    inputs: int = 0
    refused: int = 0
    lines: int = 0
    slowest: float = 0.0
    slowest_input: bytes = b""
    crashes: dict[str, Crash] = field(default_factory=dict)


class TookTooLong(BaseException):
    """An input took more processor time than is allowed."""


def run(
    target: Target, inputs: int, seed: int, *, seconds: float = 0, last: Path | None = None
) -> Ran:
    """Try ``inputs`` inputs; with ``seconds``, what takes longer counts as a crash.

    ``last`` is a file that holds the input at work, for when the process dies of it.
    """
    ran, chance = Ran(), Random(f"{seed} {target.name}")  # noqa: S311
    pool = list(target.seeds)
    with target.opened() as call, watched() as reached:
        for n in range(inputs):
            if n < len(target.seeds):
                data = target.seeds[n]
            else:
                data = target.damage(chance.choice(pool), chance, pool, target.words)
            if last is not None:
                last.write_bytes(data)
            before = reached.lines
            begun = time.process_time()
            _try(target, call, data, ran, seconds)
            took = time.process_time() - begun
            if took > ran.slowest:
                ran.slowest, ran.slowest_input = took, data
            if reached.lines > before and n >= len(target.seeds) and len(pool) < _KEPT:
                pool.append(data)
        ran.lines = reached.lines
    return ran


def _try(target: Target, call: Call, data: bytes, ran: Ran, seconds: float) -> None:
    ran.inputs += 1
    refusals: tuple[type[Exception], ...] = (DragomanError, *target.may_raise)
    try:
        with _within(seconds):
            call(data)
    except refusals:
        ran.refused += 1
    except (Exception, TookTooLong) as error:  # noqa: BLE001 - that is what is looked for
        where = _where(error)
        known = ran.crashes.get(where)
        if known is None or len(data) < len(known.data):
            told = "".join(traceback.format_exception(error)[-6:])
            ran.crashes[where] = Crash(where, told, data)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    if not seconds:
        yield
        return

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _where(error: BaseException) -> str:
    """The kind of an error and the last line of ours that it came through."""
    if told := getattr(error, "where", ""):
        return str(told)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "/bot/" in one.filename or "/handlers/" in one.filename]
    last = (ours or list(frames))[-1]
    return f"{type(error).__name__} at {'/'.join(Path(last.filename).parts[-3:])}:{last.lineno}"
