"""Digests as a surface asks for them: set up, shown, sent at once, paused. Synchronous."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from bot.desk import Desk
from bot.digests.issuing import followed, made
from bot.digests.schedule import following
from bot.digests.telling import outgoing
from bot.digests.wording import about
from bot.errors import BadQuery
from bot.match.lookup import verdict
from bot.models import Asker, Digest, DigestIssue, Hours, Quiet, Times

FIRST = timedelta(days=1)
"""How far back the first digest of a place looks."""

MOST_ACTORS = 20
_NOW = timedelta(hours=1)


class Wish(NamedTuple):
    """How a digest is to be: None leaves what is there as it is."""

    times: Times
    actors: tuple[tuple[str, str], ...] | None = None
    quiet: Quiet | None = None
    hush: Hours | None = None
    keep_hush: bool = True


class Setting:
    """The digests of one Slack workspace, ``team``, as an asker may see and change them.

    Every member in a channel may change its digest; one's own nobody else sees. A ``guest`` may
    but pause or remove their own: it would tell them in private what is not theirs to see there.
    """

    def __init__(self, desk: Desk, team: str, *, guest: bool = False) -> None:
        self._guest = guest
        self._desk = desk
        self._store = desk.store.digests
        self._team = team

    def of(self, asker: Asker, *, mine: bool) -> Digest | None:
        """The digest of the place, or the asker's own."""
        place = asker.person if mine else asker.place
        return self._store.of(asker.workspace, self._team, place)

    def or_new(self, asker: Asker, *, mine: bool) -> Digest:
        """The same, or what it would be: it is not set up then, and has the number 0."""
        if (there := self.of(asker, mine=mine)) is not None:
            return there
        times = Times(tz=asker.tz)
        return Digest(
            workspace=asker.workspace,
            id=0,
            team=self._team,
            place=asker.person if mine else asker.place,
            # One's own tells of a direct message, never of the channel it was asked for in.
            room=asker.place if not mine or asker.place.startswith("D") else None,
            person=asker.person,
            times=times,
            since=asker.now - FIRST,
            due=following(times, asker.now),
        )

    def set_up(self, asker: Asker, wish: Wish, *, mine: bool) -> tuple[Digest, bool]:
        """Set the digest up, or change it; False says that there was one."""
        self._may(asker, mine=mine, tells=True)
        return self._store.put(_as_wished(self.or_new(asker, mine=mine), wish, asker))

    def preview(self, asker: Asker, *, mine: bool, wish: Wish | None = None) -> DigestIssue:
        """What the digest would say now, as it is set or as is wished; it still says so when due.

        Raises BadQuery where it is not the asker's to see.
        """
        if mine:
            self._may(asker, mine=mine, tells=True)
        of = self.or_new(asker, mine=mine)
        of = _as_wished(of, wish, asker) if wish else of
        return made(self._desk, of, asker.now, preview=True).issue

    def send(self, asker: Asker, key: str, *, mine: bool) -> Digest:
        """Have the digest told now, for everybody whom it is for; ``key`` has it done once.

        Raises BadQuery where there is none.
        """
        of = self._known(asker, mine=mine, tells=True)
        issue, told = made(self._desk, of, asker.now)
        message = outgoing(of, issue, f"digest now {key}", asker.now, asker.now + _NOW)
        if self._desk.store.outbox.ended(self._team, message.key) is None:
            self._store.finish(of, of.due, message, told, asker.now, upto=asker.now)
        return of

    def pause(self, asker: Asker, *, mine: bool) -> Digest:
        """Tell nothing until it is resumed; raises BadQuery where there is none."""
        return self._store.change(self._known(asker, mine=mine), paused=True)

    def resume(self, asker: Asker, *, mine: bool) -> Digest:
        """Go on telling, from what was told last; raises BadQuery where there is none."""
        known = self._known(asker, mine=mine, tells=True)
        due = following(known.times, asker.now)
        return self._store.change(known, paused=False, due=due)

    def remove(self, asker: Asker, *, mine: bool) -> Digest:
        """Tell no more; raises BadQuery where there is none."""
        known = self._known(asker, mine=mine)
        self._store.remove(known)
        return known

    def listed(self, asker: Asker) -> list[Digest]:
        """The digest of the place, and the asker's own."""
        both = (self.of(asker, mine=False), self.of(asker, mine=True))
        return list({one.id: one for one in both if one is not None}.values())

    def about(self, of: Digest) -> str:
        """What a digest is about, in words."""
        return about(of, followed(self._desk, of))

    def actors(self, asker: Asker, text: str) -> tuple[tuple[str, str], ...]:
        """The actors that a list with commas names; raises BadQuery where it is unclear whom."""
        names = [name.strip() for name in text.replace("\n", ",").split(",") if name.strip()]
        if len(names) > MOST_ACTORS:
            raise BadQuery(f"A digest may name {MOST_ACTORS} actors at most.", about=text)
        return tuple(dict.fromkeys(self._actor(asker, name) for name in names))

    def _actor(self, asker: Asker, name: str) -> tuple[str, str]:
        index = self._desk.actors(asker.workspace)
        matches = index.match(name)
        if verdict(matches) == "sure":
            return matches[0].actor, matches[0].name
        near = matches or index.nearest(name)
        names = "; ".join(dict.fromkeys(match.name for match in near[:4]))
        hint = f" Did you mean {names}?" if names else ""
        raise BadQuery(f"I am not sure who “{name}” is.{hint}", about=name)

    def _may(self, asker: Asker, *, mine: bool, tells: bool = False) -> None:
        if (self._guest or asker.guest) and (tells or not mine):
            raise BadQuery(
                "You are a guest here: digests are for members to set up, so ask one of them.",
                about=asker.person,
            )

    def _known(self, asker: Asker, *, mine: bool, tells: bool = False) -> Digest:
        self._may(asker, mine=mine, tells=tells)
        found = self.of(asker, mine=mine)
        if found is None:
            where = "You have" if mine else "This channel has"
            raise BadQuery(
                f"{where} no digest yet: `/digest` sets one up, or `/digest daily at 8:00`.",
                about=asker.place,
            )
        return found


def _as_wished(of: Digest, wish: Wish, asker: Asker) -> Digest:
    changed = {
        "person": asker.person,
        "times": wish.times,
        "actors": of.actors if wish.actors is None else wish.actors,
        "quiet": wish.quiet or of.quiet,
        "hush": of.hush if wish.keep_hush else wish.hush,
        "paused": False,
        "due": following(wish.times, asker.now),
    }
    return of.model_copy(update=changed)
