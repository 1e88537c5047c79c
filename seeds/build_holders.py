"""Tenures: who held which office of a state from when to when.

Two sources are joined. The factbook gives the day of taking office and the days between which the
holder was seen. A tenure ends when the next one begins, unless so long a time lies between that
another holder may have come and gone: then it ends on the last day seen. The portal's items give
sightings. From those alone a tenure lasts from the first to the last of an unbroken run, which
understates it but never invents a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

MONARCHS = ("king", "queen", "emir", "sultan", "emperor", "pope", "grand-duke", "prince")
BLIND = (date(2017, 3, 28), date(2020, 11, 24))
"""Days between which the factbook was not read."""

GAP = timedelta(days=200)
"""A holder last seen this long before the next began is assumed to have stayed till then."""

OPEN_SINCE = date(2025, 10, 1)
"""A holder whom the factbook saw in office on this day or later still holds it."""

SIGHTED_SINCE = date(2025, 6, 1)
"""The same for holders whom only the items name; ministers are named seldom."""


class Stay(NamedTuple):
    """A person in an office according to one source: begun, last seen there."""

    person: str
    since: date
    seen: date
    source: str


class Tenure(NamedTuple):
    """A row of tenures.csv; ``until`` None means still in office as far as is known."""

    office: str
    person: str
    since: date
    until: date | None
    source: str


class Glimpse(NamedTuple):
    """A person seen in an office on a day, in an item."""

    person: str
    day: date
    item: str


def stays(rows: Iterable[Stay]) -> list[Stay]:
    """Join one person's rows with no other person's row between, in order of time."""
    joined: list[Stay] = []
    for row in sorted(rows, key=lambda row: (row.since, row.seen)):
        last = joined[-1] if joined else None
        if last and last.person == row.person and _stayed(last.seen, row.since):
            # A day corrected within months is a correction, a later one another election.
            near = row.since - last.since <= timedelta(days=120)
            since = row.since if near and row.seen > last.seen else last.since
            joined[-1] = last._replace(since=since, seen=max(last.seen, row.seen))
        elif last and row.since == last.since and row.seen <= last.seen:
            continue  # two for one day: keep the one seen longer
        elif last and row.since == last.since:
            joined[-1] = row
        else:
            joined.append(row)
    return joined


def _stayed(seen: date, again: date) -> bool:
    """Return whether nobody can have served unseen in between, except while nothing was read."""
    return again - seen <= GAP or (seen >= BLIND[0] - GAP and again <= BLIND[1])


def runs(glimpses: Iterable[Glimpse], dated: Sequence[Stay]) -> tuple[list[Stay], dict[int, Stay]]:
    """Return unbroken runs of sightings outside ``dated``, and the ``dated`` ones seen for longer.

    A sighting within another's dated stay is a slip, and so is a single one between two of somebody
    else.
    """

    def gone(day: date) -> set[str]:
        """Return the holders with a known successor: named later, they are former."""
        begun = [stay.person for stay in dated if stay.since <= day]
        return set(begun[:-1])

    longer: dict[int, Stay] = {}
    free: list[Glimpse] = []
    for one in sorted(glimpses, key=lambda g: (g.day, g.item)):
        at = _last_begun(dated, one.day)
        current = longer.get(at, dated[at]) if at >= 0 else None
        since_then = free[-1].person if current and free and free[-1].day > current.seen else None
        if current and current.person == one.person and since_then in (None, one.person):
            if one.day > current.seen:
                base = dated[at].source
                longer[at] = current._replace(seen=one.day, source=f"{base}; {one.item}")
        elif current is None or (one.day > current.seen and one.person not in gone(one.day)):
            free.append(one)
    kept = [
        one
        for i, one in enumerate(free)
        if not (0 < i < len(free) - 1 and free[i - 1].person == free[i + 1].person != one.person)
    ]
    found: list[tuple[Stay, str]] = []
    for one in kept:
        if (
            found
            and found[-1][0].person == one.person
            and not _between(dated, found[-1][0].seen, one.day)
        ):
            stay, first = found[-1]
            found[-1] = (stay._replace(seen=one.day, source=_cite(first, one.item)), first)
        else:
            found.append((Stay(one.person, one.day, one.day, one.item), one.item))
    return [stay for stay, _ in found], longer


def _cite(first: str, last: str) -> str:
    return first if first == last else f"{first}; {last}"


def _last_begun(dated: Sequence[Stay], day: date) -> int:
    return max((i for i, stay in enumerate(dated) if stay.since <= day), default=-1)


def _between(dated: Sequence[Stay], start: date, end: date) -> bool:
    return any(start < stay.since <= end for stay in dated)


def tenures(office: str, dated: Sequence[Stay], sighted: Sequence[Stay]) -> list[Tenure]:
    """Return the tenures of one office, in order of time."""
    rows = sorted(
        [(stay, True) for stay in dated] + [(stay, False) for stay in sighted],
        key=lambda pair: (pair[0].since, pair[0].seen),
    )
    found: list[Tenure] = []
    for i, (stay, exact) in enumerate(rows):
        following, next_exact = rows[i + 1] if i + 1 < len(rows) else (None, False)
        if following is None:
            limit = OPEN_SINCE if exact else SIGHTED_SINCE
            until = None if stay.seen >= limit else stay.seen
        else:
            until = _end(stay, following, exact=exact and next_exact)
        before = found[-1] if found else None
        if before and before.person == stay.person and before.until == stay.since:
            found[-1] = before._replace(until=until, source=f"{before.source}; {stay.source}")
        else:
            found.append(Tenure(office, stay.person, stay.since, until, stay.source))
    return found


def _end(stay: Stay, following: Stay, *, exact: bool) -> date:
    if following.since <= stay.seen:
        return following.since
    near = following.since - stay.seen <= (GAP if exact else timedelta(days=45))
    unread = exact and stay.seen >= BLIND[0] - GAP and following.since <= BLIND[1]
    return following.since if near or (unread and stay.seen <= BLIND[1]) else stay.seen


def end_by_successors(rows: list[Tenure], others: Sequence[Tenure]) -> list[Tenure]:
    """End the last tenure of one crown when another title's holder took it afterwards."""
    if not rows:
        return rows
    last = rows[-1]
    later = sorted(other.since for other in others if other.since > last.since)
    if not later or (last.until and later[0] - last.until > GAP):
        return rows
    return [*rows[:-1], last._replace(until=later[0])]
