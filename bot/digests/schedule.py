"""Times of digests: parsed as people type them, written in words, and when they are due.

Local times become instants as in PEP 495 (https://peps.python.org/pep-0495): of a time that occurs
twice, the first counts; a time that a clock skips is due at the instant of the jump.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BadQuery
from bot.models import Digest, Hours, Often, Times, Watch
from bot.store.store import Store

Verb = Literal["form", "set", "now", "preview", "pause", "resume", "list", "off", "help"]

_VERBS: dict[str, Verb] = {
    "set": "set", "every": "set",
    "now": "now", "send": "now",
    "preview": "preview", "show": "preview",
    "pause": "pause", "resume": "resume", "continue": "resume", "unpause": "resume",
    "list": "list", "status": "list",
    "off": "off", "remove": "off", "delete": "off", "stop": "off", "cancel": "off",
    "help": "help", "?": "help",
}  # fmt: skip
_ALIKE = 0.8
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OFTEN: dict[str, Often] = {
    "daily": "daily", "every day": "daily", "each day": "daily", "everyday": "daily",
    "weekdays": "weekdays", "every weekday": "weekdays", "workdays": "weekdays",
    "weekly": "weekly", "every week": "weekly", "once a week": "weekly",
    "twice a day": "twice", "twice daily": "twice", "two times a day": "twice", "twice": "twice",
}  # fmt: skip
_TIME = re.compile(
    r"(?<![\w:])(?:(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<word>noon|midday|midnight))(?![\w:])",
    re.IGNORECASE,
)
_LEAVE = re.compile(r"[\s,;.&]+")
_BETWEEN = frozenset("at and on to until till from o'clock in the".split()) | set("-–—")
"""Words allowed next to a time of day."""

_BESIDE = _BETWEEN | frozenset("set every each day days week send come time morning".split())
"""Words allowed next to the frequency, time and zone of a digest."""

_OTHER = re.compile(
    r"\b(?:(?:every|each)\s+(?:other|second|third|few|\d+|two|three|hour|month|year|fortnight|weekend)"
    r"|hourly|monthly|fortnightly|bi-?weekly|quarterly|yearly|weekends?)\b",
    re.IGNORECASE,
)
_MINE = re.compile(r"(?<!\S)(?:just\s+)?for\s+me(?:\s+only)?$", re.IGNORECASE)
_DEFAULT: dict[Often, tuple[time, ...]] = {
    "daily": (time(8),), "weekdays": (time(8),), "weekly": (time(8),),
    "twice": (time(8), time(18)),
}  # fmt: skip
WORDS: dict[Often, str] = {
    "daily": "every day", "weekdays": "Monday to Friday", "weekly": "every week",
    "twice": "twice a day",
}  # fmt: skip


class Command(NamedTuple):
    """A verb, what follows it, and whether it is about the asker's personal digest."""

    verb: Verb
    rest: str
    mine: bool


def parse_command(text: str) -> Command:
    """Parse what was typed after ``/digest``; times without a verb set a digest up."""
    text = " ".join(text.split())
    mine = _MINE.search(text) is not None
    text = _MINE.sub("", text).strip()
    first, _, rest = text.partition(" ")
    if not first:
        return Command("form", "", mine)
    if often_in(text) is not None:
        return Command("set", text, mine)
    word = first.casefold()
    near = get_close_matches(word, _VERBS, 1, _ALIKE)
    verb = _VERBS.get(word) or (_VERBS[near[0]] if near else None)
    if verb is None:
        raise BadQuery(
            f"“{first}” is not a command I know: `/digest help` lists them.",
            about=text,
        )
    return Command(verb, rest, mine)


def often_in(text: str) -> Often | None:
    """The frequency in a text, if any; a weekday means once a week."""
    folded = text.casefold()
    for words in sorted(_OFTEN, key=len, reverse=True):
        if re.search(rf"(?<!\w){words}(?!\w)", folded):
            return _OFTEN[words]
    return "weekly" if weekday_in(text) is not None else None


def weekday_in(text: str) -> int | None:
    """The first weekday in a text; 0 is Monday."""
    return next(iter(_weekdays(text)), None)


def _weekdays(text: str) -> list[int]:
    found: list[int] = []
    for word in re.findall(r"[a-z]{3,}", text.casefold()):
        for number, name in enumerate(_DAYS):
            folded = name.casefold()
            named = word in (folded, f"{folded}s", folded[:3]) or (word == "thurs" and number == 3)
            if named and number not in found:
                found.append(number)
    return found


def parse_times(text: str, tz: str) -> Times:
    """Parse times such as *weekly on Monday at 8:30*; raises BadQuery for a word not understood.

    The default time is eight in the morning, and ``tz`` is the default zone.
    """
    if (other := _OTHER.search(text)) is not None or len(_weekdays(text)) > 1:
        what = other[0] if other else "on several days of the week"
        raise BadQuery(
            f"A digest does not come {what}: it comes daily, on weekdays, on one day of the week"
            " or twice a day, as in `/digest weekly on Monday at 9:00`.",
            about=text,
        )
    often = often_in(text) or "daily"
    found, rest = _clock(text)
    unknown = _unknown(rest)
    tz = _zone(unknown, text) if unknown else tz
    if len(found) > (2 if often == "twice" else 1):
        if often != "daily" or len(found) > 2:
            raise BadQuery(
                "A digest comes at one time of day, or at two: "
                "`/digest twice a day at 8:00 and 18:00`.",
                about=text,
            )
        often = "twice"
    if often == "twice" and len(found) == 1:
        raise BadQuery("Say both times: `/digest twice a day at 8:00 and 18:00`.", about=text)
    at = tuple(sorted(found)) or _DEFAULT[often]
    return Times(often=often, at=at, weekday=weekday_in(text) or 0, tz=tz)


def _unknown(text: str) -> str:
    """Return the words that are neither a frequency nor a day."""
    folded = text.casefold()
    for words in sorted(_OFTEN, key=len, reverse=True):
        at = re.search(rf"(?<!\w){words}(?!\w)", folded)
        if at is not None:
            text = f"{text[: at.start()]} {text[at.end() :]}"
            folded = text.casefold()
    left = [word for word in _LEAVE.split(text) if word and word.casefold() not in _BESIDE]
    return " ".join(word for word in left if not _weekdays(word))


def _zone(words: str, text: str) -> str:
    """Return the zone that the otherwise unknown words name; raises BadQuery."""
    try:
        return parse_zone(words)
    except BadQuery as error:
        if "/" in words or _near_zone(words):
            raise
        raise BadQuery(
            f"I do not understand “{words}”: write when it is to come, as in "
            "`/digest daily at 8:00`, `/digest weekdays at noon` or "
            "`/digest weekly on Monday at 6 pm Europe/Berlin`.",
            about=text,
        ) from error


def parse_clock(text: str) -> list[time]:
    """Parse a list of times of day, each kept once; raises BadQuery for anything else."""
    found, rest = _clock(text)
    for word in _LEAVE.split(rest):
        if word and word.casefold() not in _BETWEEN:
            raise BadQuery(
                f"“{word}” is not a time of day: write 8:00, 18:30, 6 pm or noon.", about=text
            )
    return found


def _clock(text: str) -> tuple[list[time], str]:
    """Return the times of day in a text, each once, and the text without them."""
    found: list[time] = []
    for match in _TIME.finditer(text):
        one = _time(match)
        if one is None:
            raise BadQuery(
                f"“{match[0]}” is not a time of day: write 8:00, 18:30 or 6 pm.", about=text
            )
        if one not in found:
            found.append(one)
    return found, _TIME.sub(" ", text)


def _time(match: re.Match[str]) -> time | None:
    if match["word"]:
        return time(0 if match["word"].casefold() == "midnight" else 12)
    hour, minute, half = int(match["h"]), int(match["m"] or 0), (match["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def parse_hours(text: str) -> Hours | None:
    """Parse quiet hours such as *22:00 to 7:00*; None for an empty text. Raises BadQuery."""
    if not text.strip():
        return None
    found = parse_clock(text)
    if len(found) != 2:
        raise BadQuery("Write quiet hours as 22:00 to 7:00.", about=text)
    return Hours(begin=found[0], end=found[1])


def parse_zone(text: str) -> str:
    """The IANA time zone in a text, by its name or its city; raises BadQuery."""
    wanted = "_".join(text.split()).casefold()
    known = available_timezones()
    for name in sorted(known, key=lambda one: (one.count("/"), one)):
        if wanted in (name.casefold(), name.rpartition("/")[2].casefold()):
            return ZoneInfo(name).key
    near = _near_zone(text)
    hint = f" Did you mean {near}?" if near else ""
    raise BadQuery(
        f"I do not know the time zone “{text.strip()}”: write one such as Europe/Berlin.{hint}",
        about=text,
    )


def _near_zone(text: str) -> str:
    """Return the zone whose name or city is most similar to a text; empty if none is."""
    wanted = "_".join(text.split()).casefold()
    names: dict[str, str] = {}
    for name in sorted(available_timezones()):
        names |= {name.rpartition("/")[2].casefold(): name, name.casefold(): name}
    near = get_close_matches(wanted, names, 1, _ALIKE)
    return names[near[0]] if near else ""


@cache
def zones() -> Mapping[str, tuple[str, ...]]:
    """Return the time zones to choose from, by region: UTC, and those of ``zone.tab``."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    found: dict[str, list[str]] = {"UTC": ["UTC"]}
    for name in sorted(row[2] for row in rows):
        found.setdefault(name.partition("/")[0], []).append(name)
    return {region: tuple(names) for region, names in found.items()}


def times_in_words(times: Times) -> str:
    """Times in words: ``Monday to Friday at 08:00, Europe/Berlin time``."""
    at = " and ".join(f"{one:%H:%M}" for one in times.at)
    often = f"every {_DAYS[times.weekday]}" if times.often == "weekly" else WORDS[times.often]
    return f"{often} at {at}, {times.tz} time"


def topics_in_words(of: Digest, follows: Sequence[str]) -> str:
    """What a digest is about, in words; ``follows`` is what its place follows."""
    names = [*follows, *(name for _, name in of.actors if name not in follows)]
    return ", ".join(names) or "everything"


AGE = timedelta(hours=12)
"""A digest that was due longer ago is not sent; the next one covers its time."""

_WEEKDAYS = range(5)
_AROUND = timedelta(days=2)  # a zone may jump by a whole day


class Step(NamedTuple):
    """What to do about a due digest: send the one due at ``send`` (None: too late), then wait."""

    send: datetime | None
    next_due: datetime


def next_due(times: Times, after: datetime) -> datetime:
    """The first instant after ``after`` at which a digest is due, in UTC."""
    return next(due_times(times, after))


def due_times(times: Times, after: datetime) -> Iterator[datetime]:
    """All instants after ``after`` at which a digest is due, in UTC and in order, endlessly."""
    zone = ZoneInfo(times.tz)
    day = after.astimezone(zone).date() - _AROUND
    known = after
    while True:
        for instant in _on(times, day, zone):
            # Two skipped times fall on the same instant, which is due once.
            if instant > known:
                known = instant
                yield instant
        day += timedelta(days=1)


def step(times: Times, due: datetime, now: datetime, age: timedelta = AGE) -> Step:
    """Decide what to do at ``now`` about a digest due at ``due``, or later if it was missed.

    Of several missed digests the last is sent, and covers the time of all.
    """
    last = due
    for instant in due_times(times, due):
        if instant > now:
            return Step(last if now - last < age else None, instant)
        last = instant
    raise AssertionError("there is always a next one")


def after_quiet_hours(hours: Hours | None, tz: str, now: datetime) -> datetime:
    """The end of the quiet hours that ``now`` is in; ``now`` if it is in none."""
    if hours is None or hours.begin == hours.end:
        return now
    zone = ZoneInfo(tz)
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if hours.begin < hours.end else day + timedelta(days=1)
        begin, end = _instant(day, hours.begin, zone), _instant(last, hours.end, zone)
        if begin <= now < end:
            return end
    return now


def end_of_quiet(store: Store, workspace: str, team: str, place: str, now: datetime) -> datetime:
    """When a place may be sent something: now, or at the end of its quiet hours.

    These are the quiet hours of its digest, or, if that has none, those of its preferences.
    """
    digest = store.digests.of(workspace, team, place)
    if digest is not None and digest.hush is not None:
        return after_quiet_hours(digest.hush, digest.times.tz, now)
    preferred = store.preferences.place(team, place)
    return after_quiet_hours(preferred.hush, preferred.tz, now)


def send_time(store: Store, watch: Watch, now: datetime) -> datetime:
    """When an alert of a watch may be sent: now, or at the end of the quiet hours."""
    return end_of_quiet(store, watch.workspace, watch.team, watch.place, now)


def _on(times: Times, day: date, zone: tzinfo) -> Iterator[datetime]:
    if times.often == "weekdays" and day.weekday() not in _WEEKDAYS:
        return
    if times.often == "weekly" and day.weekday() != times.weekday:
        return
    for at in sorted(times.at) if times.often == "twice" else times.at[:1]:
        yield _instant(day, at, zone)


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    """The first instant at which the clock shows this time on this day."""
    wall = datetime.combine(day, at)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # Skipped: the clock jumps somewhere between the readings by the two offsets.
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
