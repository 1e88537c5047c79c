"""A timeline of cooperation, conflict and coverage: counted, drawn, and in words.

matplotlib is imported only when a picture is drawn, since that takes a second; its object interface
keeps no state, so any thread may draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.answer.act_wording import sentence_of
from bot.answer.brief import lines_of_facts
from bot.answer.brief_sections import Material
from bot.answer.formatting import capital, count, day, day_of_year, names_both_sides
from bot.answer.library import Library
from bot.answer.lines import TOOK_PLACE, day_of, newest_first
from bot.models import EventClass, Line, Match, Period

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COOPERATION = frozenset(
    {
        EventClass.AGREE,
        EventClass.CONSULT,
        EventClass.SUPPORT,
        EventClass.COOPERATE,
        EventClass.AID,
        EventClass.CONCEDE,
        EventClass.RETREAT,
    }
)
CONFLICT = frozenset(
    {
        EventClass.ACCUSE,
        EventClass.REJECT,
        EventClass.THREATEN,
        EventClass.PROTEST,
        EventClass.SANCTION,
        EventClass.MOBILIZE,
        EventClass.COERCE,
        EventClass.ASSAULT,
    }
)
"""After PLOVER's four quadrants (https://github.com/openeventdata/PLOVER). Requests and moves
are left out: a request may be an invitation or a demand, and a journey is neither."""

LONGEST_DAYS = 730
"""Without a period, the two years up to the newest event are shown."""

_FACTS = 1500
_NAMED_EVENTS = 3

Step = Literal["day", "week", "month", "year"]


class Timeline(NamedTuple):
    """Events and coverage in steps of time; every step has its first day.

    ``undated`` counts the events without a date.
    """

    title: str
    step: Step
    steps: tuple[date, ...]
    cooperation: tuple[int, ...]
    conflict: tuple[int, ...]
    articles: tuple[int, ...]
    newest: tuple[Line, ...]
    undated: int


def timeline(library: Library, subjects: Sequence[Match], period: Period | None) -> Timeline | None:
    """Collect the events between or of ``subjects``; None if none has a date.

    Only facts that took place count, each event once, on its own day or else its article's.
    """
    groups = library.groups(subjects)
    material = Material.of(library, lines_of_facts(library, groups, period, _FACTS))
    kinds = COOPERATION | CONFLICT
    happened = (one for one in material.lines if one.status in TOOK_PLACE)
    once = material.merged(newest_first(one for one in happened if one.event_class in kinds))
    placed = [(day, one) for one in once if (day := day_of(one)) is not None]
    if not placed:
        return None
    last = max(day for day, _ in placed)
    earliest = min(day for day, _ in placed)
    first = max(earliest, last - timedelta(days=LONGEST_DAYS)) if period is None else earliest
    placed = [(day, one) for day, one in placed if day >= first]
    step = _step((last - first).days)
    steps = _steps(first, last, step)
    volume = library.store.history.volume(
        library.workspace,
        library.audiences,
        groups,
        since=steps[0],
        until=last,
        as_of=library.as_of,
    )
    return Timeline(
        title=" and ".join(one.name for one in subjects),
        step=step,
        steps=steps,
        cooperation=_counted((d for d, one in placed if one.event_class in COOPERATION), steps),
        conflict=_counted((d for d, one in placed if one.event_class in CONFLICT), steps),
        articles=_summed(volume, steps),
        newest=tuple(one for _, one in placed[:_NAMED_EVENTS]),
        undated=len(once) - sum(day_of(one) is not None for one in once),
    )


def _step(days: int) -> Step:
    if days <= 45:
        return "day"
    if days <= 300:
        return "week"
    return "month" if days <= 3660 else "year"


def begin(day: date, step: Step) -> date:
    """Return the first day of the step that contains a day; weeks begin on Monday."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def _steps(first: date, last: date, step: Step) -> tuple[date, ...]:
    found = [begin(first, step)]
    width = {"day": 1, "week": 7, "month": 31, "year": 366}[step]
    while (following := begin(found[-1] + timedelta(days=width), step)) <= last:
        found.append(following)
    return tuple(found)


def _counted(days: Iterable[date], steps: Sequence[date]) -> tuple[int, ...]:
    return _summed(Counter(days), steps)


def _summed(counts: Mapping[date, int], steps: Sequence[date]) -> tuple[int, ...]:
    """Add up the values of each step; the last step is open."""
    sums = [0] * len(steps)
    at = 0
    for counted in sorted(counts):
        while at + 1 < len(steps) and steps[at + 1] <= counted:
            at += 1
        if counted >= steps[0]:
            sums[at] += counts[counted]
    return tuple(sums)


# --- the picture ----------------------------------------------------------------------

WIDTH, HEIGHT, DPI = 10.0, 7.5, 110
"""Inches and dots per inch: 1100 x 825 pixels, of which a phone shows about a third."""

_LARGE, _MEDIUM = 20, 16
_UP, _DOWN, _INK, _PALE = "#1b7f79", "#c2452d", "#222222", "#8a8f98"
_MOST_TICKS = 6
_ALT = 1000


def draw(timeline: Timeline) -> bytes:
    """Draw a timeline as PNG: cooperation above the line, conflict below, coverage beneath."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white", layout="constrained")
    events, coverage = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    figure.suptitle(
        f"{timeline.title}: {_span(timeline)}", fontsize=_LARGE, color=_INK, parse_math=False
    )
    at = range(len(timeline.steps))
    events.bar(at, timeline.cooperation, color=_UP, width=0.8)
    events.bar(at, [-number for number in timeline.conflict], color=_DOWN, width=0.8)
    events.axhline(0, color=_INK, linewidth=1.2)
    _name_the_sides(events, timeline)
    coverage.bar(at, timeline.articles, color=_PALE, width=0.8)
    _label(coverage, f"Articles per {timeline.step}")
    ticks = _ticks(len(timeline.steps))
    coverage.set_xticks(ticks, [tick_label(timeline.steps[i], timeline.step) for i in ticks])
    for axes in (events, coverage):
        _plain(axes)
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Description": alt_text(timeline)})
    return out.getvalue()


def _name_the_sides(axes: Axes, timeline: Timeline) -> None:
    up, down = max(timeline.cooperation), max(timeline.conflict)
    edge = 0.28 * max(up + down, 1)  # room for the words above and below the bars
    axes.set_ylim(-(down + edge), up + edge)
    cooperation = count(sum(timeline.cooperation), "event")
    conflict = count(sum(timeline.conflict), "event")
    for words, color, y, side in (
        (f"Cooperation: {cooperation}", _UP, 0.98, "top"),
        (f"Conflict: {conflict}", _DOWN, 0.02, "bottom"),
    ):
        axes.text(
            0.01,
            y,
            words,
            transform=axes.transAxes,
            color=color,
            fontsize=_LARGE,
            fontweight="bold",
            verticalalignment=side,
        )
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")


def _label(axes: Axes, words: str) -> None:
    axes.set_title(words, fontsize=_MEDIUM, color=_INK, loc="left")


def _plain(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.tick_params(labelsize=_MEDIUM, colors=_INK, length=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.grid(axis="y", color="#e4e6ea", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)


def _ticks(steps: int) -> list[int]:
    apart = max(1, -(-steps // _MOST_TICKS))
    return list(range(0, steps, apart))


def tick_label(value: date, step: Step) -> str:
    """Format a step's first day for an axis: ``5 Mar``, ``Mar 2026``, ``2026``."""
    if step in {"month", "year"}:
        return day(value, step)
    return day_of_year(value)


def _span(timeline: Timeline) -> str:
    precision = {"day": "day", "week": "day", "month": "month", "year": "year"}[timeline.step]
    first, last = (day(timeline.steps[i], precision) for i in (0, -1))
    return first if first == last else f"{first} to {last}"


def alt_text(timeline: Timeline) -> str:
    """Describe the picture in words, in at most 1000 characters."""
    parts = [
        f"Timeline of {timeline.title}, {_span(timeline)}, by {timeline.step}.",
        _side("of cooperation", timeline.cooperation, timeline),
        _side("of conflict", timeline.conflict, timeline),
        _side("", timeline.articles, timeline, one="article"),
    ]
    if timeline.undated:
        parts.append(f"{capital(count(timeline.undated, 'undated event'))} left out.")
    # The same act in two reports of one day is read out once.
    parts += dict.fromkeys(
        f"{_dated_act(line)}." for line in timeline.newest if names_both_sides(line)
    )
    while len(text := " ".join(parts)) > _ALT:
        parts.pop()
    return text


def _side(what: str, counts: Sequence[int], timeline: Timeline, one: str = "event") -> str:
    total = sum(counts)
    words = capital(f"{count(total, one)} {what}".strip())
    if not total or len(counts) == 1:
        return f"{words}."
    most = max(range(len(counts)), key=lambda i: (counts[i], i))
    when = tick_label(timeline.steps[most], timeline.step)
    start = "the week of " if timeline.step == "week" else ""
    return f"{words}, most in {start}{when} ({counts[most]})."


def _dated_act(line: Line) -> str:
    when = day_of(line)
    act = sentence_of(line.actor, line.act, line.target)
    return f"{day(when)}: {act}" if when else act
