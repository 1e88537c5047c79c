"""Work in a process apart: what hangs, grows or dies costs one call and nothing else."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest

from bot.errors import BadRecord, TooHeavy
from bot.gather.workers import Apart


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    apart = Apart(seconds=0.3, megabytes=100)
    yield apart
    apart.close()


def double(number: int) -> int:
    return 2 * number


def spin() -> None:
    while True:
        pass


def stuck_in_c() -> None:
    re.match(r"(a+)+$", "a" * 60 + "!")


def grow() -> int:
    return len(bytearray(300 * 2**20))


def fit() -> int:
    return len(bytearray(30 * 2**20))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> None:
    raise BadRecord("it is no record", about="x:1")


def test_what_is_asked_is_done(apart: Apart) -> None:
    assert apart.run(double, 21) == 42
    assert apart.run(fit) == 30 * 2**20


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (spin, "more than 0.3 s"),
        (stuck_in_c, "more than 0.3 s"),
        (grow, "more than 100 MB"),
        (die, "died"),
    ],
)
def test_what_exceeds_a_limit_is_given_up_and_the_next_is_read(
    apart: Apart, work: Callable[[], None], why: str
) -> None:
    with pytest.raises(TooHeavy, match=why):
        apart.run(work)
    assert apart.run(double, 1) == 2


def test_our_errors_come_back_whole(apart: Apart) -> None:
    with pytest.raises(BadRecord, match="it is no record") as caught:
        apart.run(refuse)
    assert caught.value.about == "x:1"


def test_what_was_never_used_closes() -> None:
    Apart(seconds=1, megabytes=10).close()
