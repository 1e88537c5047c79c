"""Regular expressions that take far longer on a text twice as long; reads no data.

``python -m tests.bench patterns [--only MODULE]``. Every pattern that a module of ours keeps
(``bot``, ``handlers``) searches texts made to be hard for it: its own words, and marks that
patterns repeat, over and over, with an end that does not fit. Each is searched at two lengths.

How to read it: ``explode`` must be 0: patterns that take more than ``SECONDS`` of processor
time for 8,000 characters. ``square`` are those that take more than a tenth of that and three
times as long for twice the length: fit only for short texts, such as typed ones. Each is reported
with its module, its input, and the seconds.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import bot
import handlers
from tests.bench.common import Result

SECONDS = 1.0
LENGTH = 8_000
NOTED = SECONDS / 10

UNITS = (
    "a", " ", "a ", "\n", "\n\n", " \n", "\t", "1", "1 ", "1,", "1.", "-", "a-", "'", "’", "“", "”", "a’s ", "A. ",
    "A ", "Aa ", "Aa-", "A.B.", ",", ", ", ".", ". ", "/", "//", "a/", "a.", ":", "<", "<a", "<a ", "<!--", "<a href='", ">", "&", "&a;", "&#1;", "(", ")",
    "[", "{", "|", "=", "?", "!", "#", "@", "a@", "%", "_", "*", "…", "—", " — ", "\u00a0", "\u200b", "é", "the ", "and ", "of ", "to ", "in ", "http://a.", "3 May ",
    "since ", "who ", "said ", "--", "  ",
)  # fmt: skip


class _Late(BaseException):
    """A search took longer than allowed."""


def options(parser: argparse.ArgumentParser) -> None:
    """Add the option that selects one module."""
    parser.add_argument("--only", default="", help="modules whose name begins so")


def run(_: Path, __: Path | None = None, *, only: str = "") -> Result:
    """Search with every pattern."""
    found: dict[str, list[str]] = {"explode": [], "square": []}
    number = 0
    for module, name, pattern in patterns():
        if not module.startswith(only):
            continue
        number += 1
        for kind, told in _judged(pattern):
            line = f"{module}.{name}: {told}"
            found[kind].append(line)
            print(f"{kind} {line}", file=sys.stderr, flush=True)
    return {"patterns": number, **{kind: len(lines) for kind, lines in found.items()}}


def patterns() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    """Yield every compiled pattern that a module of ours keeps, once, with its location."""
    seen: set[int] = set()
    for module in _modules():
        for name, value in vars(module).items():
            for pattern in _within(value):
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    yield module.__name__, name, pattern


def _modules() -> Iterator[ModuleType]:
    for package in (bot, handlers):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in found.name and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def _within(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        for one in value.values():
            yield from _within(one, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset) and len(value) < 500:
        for one in value:
            yield from _within(one, depth - 1)


def hard(pattern: re.Pattern[Any], length: int) -> Iterator[tuple[str, str]]:
    """Yield texts that are hard for a pattern, each with what it is made of."""
    source = pattern.pattern
    text = source if isinstance(source, str) else source.decode("latin-1")
    words = list(dict.fromkeys(re.findall(r"(?<![\\\w])[A-Za-z<][\w-]{1,12}", text)))[:12]
    for unit in (*UNITS, *(f"{word} " for word in words)):
        yield repr(unit), unit * (length // len(unit)) + "\x01"
    for word in words[:6]:
        for unit in UNITS[:12]:
            yield f"{word!r} + {unit!r}", word + unit * (length // len(unit)) + "\x01"


def _judged(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """Yield the worst result of a pattern, if it is bad."""
    worst: tuple[float, str, str] | None = None
    for (made, short), (_, long) in zip(
        hard(pattern, LENGTH // 2), hard(pattern, LENGTH), strict=True
    ):
        took = _timed(pattern, long)
        if took < NOTED or (worst is not None and took <= worst[0]):
            continue
        if took >= SECONDS:
            worst = took, "explode", made
        elif took > 3 * _timed(pattern, short):
            worst = took, "square", made
    if worst is not None:
        yield worst[1], f"{worst[2]} takes {worst[0]:.2f} s: {pattern.pattern[:100]!r}"


def _timed(pattern: re.Pattern[Any], text: str) -> float:
    def late(_signal: int, _frame: FrameType | None) -> None:
        raise _Late

    given: Any = text if isinstance(pattern.pattern, str) else text.encode()
    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    begun = time.process_time()
    try:
        pattern.search(given)
    except _Late:
        return SECONDS
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begun
