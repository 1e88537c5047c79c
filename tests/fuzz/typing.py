"""Targets: what people type, to a desk that has read the notes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot.answer.conversation import asks_for_more, looks_like_follow_up
from bot.curation.trusting import order
from bot.desk import Desk
from bot.digests import schedule as digests
from bot.digests.setting import Setting
from bot.models import Asker
from bot.text.periods import find_period, parse_day
from bot.watches import watchlist as watches
from bot.watches.watchlist import WatchList
from handlers import actions
from handlers.blocks.text import plain_text
from handlers.links import links_of
from tests.fuzz import seeds
from tests.fuzz.documents import NOW, storable
from tests.fuzz.running import Call, Target, plainly
from tests.stocked import TEAM, desk_at

ASKER = Asker(workspace=TEAM, person="U1", place="C1", tz="Asia/Qatar", now=NOW)


@contextmanager
def at_a_desk(what: Callable[[Desk, str], object]) -> Iterator[Call]:
    """Give what is typed to ``what``."""
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_at(Path(folder) / "desk")
        try:
            yield lambda data: what(desk, plain_text(data.decode("utf-8", "replace")))
        finally:
            desk.close()


def question(desk: Desk, text: str) -> None:
    """Ask it; the reply can be stored."""
    asks_for_more(text)
    looks_like_follow_up(text)
    storable([desk.ask(ASKER, text)])


def follow_up(desk: Desk, text: str) -> None:
    """Ask on, after a question."""
    first, _, then = text.partition("\n")
    desk.asks_on(ASKER, first, then)
    desk.understood(ASKER, desk.follow_up(ASKER, first, then))


def briefed(desk: Desk, text: str) -> None:
    """What stands after ``/brief``."""
    storable(
        [desk.brief(ASKER, actions.command_options(text, usually_public=len(text) % 2 == 0).query)]
    )


def watched(desk: Desk, text: str) -> None:
    """What stands after ``/watch``; all of it is done."""
    watching = WatchList(desk, TEAM)
    asked = watches.parse_command(text)
    match asked.verb:
        case "add":
            watching.follow(ASKER, watches.parse_watch(asked.rest))
        case "remove":
            watching.remove(ASKER, asked.rest)
        case "mute":
            watching.mute(ASKER, asked.rest)
        case "pause" | "resume":
            watching.pause(ASKER, asked.rest, paused=asked.verb == "pause")
        case "list" | "help":
            watching.listed(ASKER)


def digested(desk: Desk, text: str) -> None:
    """What stands after ``/digest``, and what its form takes."""
    setting = Setting(desk, TEAM)
    asked = digests.parse_command(text)
    times = digests.parse_times(asked.rest, "Asia/Qatar")
    digests.times_in_words(times)
    digests.parse_hours(asked.rest)
    setting.actors(ASKER, asked.rest)


def zone(data: bytes) -> None:
    """A time zone by name."""
    digests.parse_zone(data.decode("utf-8", "replace"))


def period(data: bytes) -> None:
    """A span of time in words."""
    text = plain_text(data.decode("utf-8", "replace"))
    order(text)
    links_of(text)
    found = find_period(text, NOW.date())
    assert found is None or 0 <= found.start < found.end <= len(text)
    parse_day(text, NOW.date(), edge="end" if len(text) % 2 else "start")


TARGETS = (
    *(
        Target(name, given, partial(at_a_desk, what), seeds.TYPED_WORDS, weight=weight)
        for name, what, given, weight in (
            ("question", question, seeds.QUESTIONS, 1),
            ("follow-up", follow_up, seeds.FOLLOW_UPS, 1),
            ("/brief", briefed, seeds.QUESTIONS, 1),
            ("/watch", watched, seeds.WATCHES, 2),
            ("/digest", digested, seeds.DIGESTS, 8),
        )
    ),
    Target("time zone", seeds.ZONES, plainly(zone), seeds.TYPED_WORDS, weight=2),
    Target("period", seeds.PERIODS, plainly(period), seeds.TYPED_WORDS, weight=16),
)
