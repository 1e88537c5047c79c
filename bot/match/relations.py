"""Who belongs to whom: offices and their holders, those who act for a state, merged actors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.models import Actor, ActorType, Tenure

MEMBERS_MEANT = 7
"""A grouping of so many at most means each of its members."""


class Relations:
    """Look-ups over actors and tenures; ids that no actor has are answered with nothing."""

    def __init__(self, actors: Sequence[Actor], tenures: Sequence[Tenure]) -> None:
        self._actors = {actor.id: actor for actor in actors}
        self._acting: dict[str, list[str]] = {}
        self._merged: dict[str, list[str]] = {}
        for actor in actors:
            if actor.acts_for:
                self._acting.setdefault(actor.acts_for, []).append(actor.id)
            if actor.merged_into:
                self._merged.setdefault(actor.merged_into, []).append(actor.id)
        self._tenures: dict[str, list[Tenure]] = {}
        self._offices: dict[str, set[str]] = {}
        for tenure in tenures:
            self._tenures.setdefault(tenure.office, []).append(tenure)
            self._offices.setdefault(tenure.person, set()).add(tenure.office)
        self._tenures = {office: _in_order(rows) for office, rows in self._tenures.items()}

    def holder(self, office: str, on: date | None = None) -> str | None:
        """Return who holds ``office`` on a day: the last known to have taken it by then.

        None where nobody is known to hold it. Without a day: who holds it now, else whoever
        held it last. A holder whose start is not known took it when the last before left.
        """
        tenure = self.tenure(office, on)
        return tenure.person if tenure else None

    def tenure(self, office: str, on: date | None = None) -> Tenure | None:
        """Return the row that says who holds ``office`` on a day: see ``holder``."""
        rows = self._tenures.get(office, [])
        if on is not None:
            rows = [row for row in rows if row.since is None or row.since <= on]
            rows = [row for row in rows if row.until is None or row.until >= on]
        else:
            rows = [row for row in rows if row.until is None] or rows
        return rows[-1] if rows else None

    def tenures(self, office: str) -> tuple[Tenure, ...]:
        """Return all rows of an office, in order."""
        return tuple(self._tenures.get(office, ()))

    def _left(self, office: str, on: date | None) -> str | None:
        """Return who left a vacant office last: what is stored about it is about them."""
        rows = [row for row in self._tenures.get(office, []) if row.until and on and row.until < on]
        return max(rows, key=lambda row: row.until or date.min).person if rows else None

    def offices(self, person: str, on: date | None = None) -> list[str]:
        """Return the offices that a person holds on a day, or holds now, by id."""
        return sorted(
            office
            for office in self._offices.get(person, ())
            if self.holder(office, on) == person and self._still(office, person, on)
        )

    def acting(self, actor: str) -> tuple[str, ...]:
        """Return the ids of those that act for an actor, in the order of the list."""
        return tuple(self._acting.get(actor, ()))

    def held(self, person: str) -> frozenset[str]:
        """Return the offices that a person holds or ever held, by id."""
        return frozenset(self._offices.get(person, ()))

    def _still(self, office: str, person: str, on: date | None) -> bool:
        if on is not None:
            return True
        return any(t.person == person and t.until is None for t in self._tenures[office])

    def iso3(self, actor: str, on: date | None = None) -> str | None:
        """Return the code of the state that an actor is or acts for: see ``ActorIndex.iso3``."""
        seen: set[str] = set()
        waiting = [actor]
        while waiting:
            one = waiting.pop(0)
            known = self._actors.get(one)
            if known is None or one in seen:
                continue
            seen.add(one)
            if known.iso3:
                return known.iso3
            if known.acts_for:
                waiting.append(known.acts_for)
            if known.type is ActorType.PERSON:
                waiting += self.offices(one, on) or self._former(one)
        return None

    def _former(self, person: str) -> list[str]:
        """The offices that somebody ever held, the last first."""
        held = [
            (row.until or row.since or date.min, office)
            for office in self._offices.get(person, ())
            for row in self._tenures[office]
            if row.person == person
        ]
        return [office for _, office in sorted(held, reverse=True)]

    def final(self, actor: str) -> str:
        """Return the id that an actor was merged into, through any chain of merges."""
        seen = {actor}
        while (known := self._actors.get(actor)) and known.merged_into:
            if known.merged_into in seen:
                return actor
            actor = known.merged_into
            seen.add(actor)
        return actor

    def members(self, actor: str) -> tuple[str, ...]:
        """Return whom a grouping stands for (*E3*, *Gulf states*); of any other actor nobody.

        A body that somebody acts for, as a secretary general does, acts by itself; and of
        one with many members nobody means each.
        """
        known = self._actors.get(actor)
        if known is None or len(known.members) > MEMBERS_MEANT or self._acting.get(actor):
            return ()
        return known.members

    def expand(self, actor: str, on: date | None = None) -> frozenset[str]:
        """Return all ids that count as ``actor``: see ``ActorIndex.expand``."""
        start = self.final(actor)
        found: set[str] = set()
        waiting = [actor, start]
        while waiting:
            one = waiting.pop()
            if one in found:
                continue
            found.add(one)
            if one == start:
                waiting.extend(self.members(one))
            waiting.extend(self._merged.get(one, ()))
            waiting.extend(self._acting.get(one, ()))
            kind = self._actors[one].type if one in self._actors else None
            if kind is ActorType.OFFICE and (person := self.holder(one, on) or self._left(one, on)):
                waiting.append(person)
            if kind is ActorType.PERSON and one == start:
                waiting.extend(self.offices(one, on))
        return frozenset(found)


def _in_order(rows: Sequence[Tenure]) -> list[Tenure]:
    """Sort an office's tenures by start; one of now that has no start begins after all
    that have ended."""
    ends = [row.until for row in rows if row.until is not None]
    last = max(ends, default=None)
    known = [
        row.model_copy(update={"since": last}) if row.since is None and row.until is None else row
        for row in rows
    ]
    return sorted(known, key=lambda r: (r.since or date.min, r.until or date.max, r.person))
