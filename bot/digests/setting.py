"""Set up, show, send and pause the digests of a place. Synchronous, as the desk is."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from bot.desk import Desk
from bot.digests.issuing import followed, make_issue, outgoing
from bot.digests.schedule import next_due, topics_in_words
from bot.errors import BadQuery
from bot.match.lookup import verdict
from bot.models import Asker, Digest, DigestIssue, Hours, Quiet, Times

FIRST = timedelta(days=1)
"""The time that the first digest of a place covers."""

MOST_ACTORS = 20
_NOW = timedelta(hours=1)


class Wish(NamedTuple):
    """The options of a digest; None leaves an option as it is."""

    times: Times
    actors: tuple[tuple[str, str], ...] | None = None
    quiet: Quiet | None = None
    hush: Hours | None = None
    keep_hush: bool = True


class Setting:
    """The digests of one Slack workspace, ``team``, as an asker may see and change them.

    Every member of a channel may change its digest; a personal one is seen by nobody else. A
    ``guest`` may only pause or remove their own, which would show them what they may not see.
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
        """The same digest, or a default one that is not set up and has the number 0."""
        if (known := self.of(asker, mine=mine)) is not None:
            return known
        times = Times(tz=asker.tz)
        return Digest(
            workspace=asker.workspace,
            id=0,
            team=self._team,
            place=asker.person if mine else asker.place,
            # A personal one shows what is in direct messages, never what is in a channel.
            room=asker.place if not mine or asker.place.startswith("D") else None,
            person=asker.person,
            times=times,
            since=asker.now - FIRST,
            due=next_due(times, asker.now),
        )

    def set_up(self, asker: Asker, wish: Wish, *, mine: bool) -> tuple[Digest, bool]:
        """Set the digest up, or change it; returns whether it is new."""
        self._check_allowed(asker, mine=mine, sends=True)
        return self._store.put(_as_wished(self.or_new(asker, mine=mine), wish, asker))

    def preview(self, asker: Asker, *, mine: bool) -> DigestIssue:
        """Make the digest as it would be now; it is still sent when due.

        Raises BadQuery if the asker may not see it.
        """
        if mine:
            self._check_allowed(asker, mine=mine, sends=True)
        of = self.or_new(asker, mine=mine)
        return make_issue(self._desk, of, asker.now, preview=True).issue

    def send(self, asker: Asker, key: str, *, mine: bool) -> Digest:
        """Send the digest now to its place, once per ``key``; raises BadQuery if there is none."""
        of = self._known(asker, mine=mine, sends=True)
        issue, articles = make_issue(self._desk, of, asker.now)
        message = outgoing(of, issue, f"digest now {key}", asker.now, asker.now + _NOW)
        if self._desk.store.outbox.ended(self._team, message.key) is None:
            self._store.finish(of, of.due, message, articles, asker.now, upto=asker.now)
        return of

    def pause(self, asker: Asker, *, mine: bool) -> Digest:
        """Send nothing until it is resumed; raises BadQuery if there is none."""
        return self._store.change(self._known(asker, mine=mine), paused=True)

    def resume(self, asker: Asker, *, mine: bool) -> Digest:
        """Continue from what was sent last; raises BadQuery if there is none."""
        known = self._known(asker, mine=mine, sends=True)
        due = next_due(known.times, asker.now)
        return self._store.change(known, paused=False, due=due)

    def remove(self, asker: Asker, *, mine: bool) -> Digest:
        """Remove the digest; raises BadQuery if there is none."""
        known = self._known(asker, mine=mine)
        self._store.remove(known)
        return known

    def listed(self, asker: Asker) -> list[Digest]:
        """The digest of the place, and the personal one of the asker."""
        both = (self.of(asker, mine=False), self.of(asker, mine=True))
        return list({one.id: one for one in both if one is not None}.values())

    def about(self, of: Digest) -> str:
        """What a digest is about, in words."""
        return topics_in_words(of, followed(self._desk, of))

    def actors(self, asker: Asker, text: str) -> tuple[tuple[str, str], ...]:
        """The actors in a list with commas; raises BadQuery if one is unclear."""
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

    def _check_allowed(self, asker: Asker, *, mine: bool, sends: bool = False) -> None:
        if (self._guest or asker.guest) and (sends or not mine):
            raise BadQuery(
                "You are a guest here. Ask a member to set up a digest.",
                about=asker.person,
            )

    def _known(self, asker: Asker, *, mine: bool, sends: bool = False) -> Digest:
        self._check_allowed(asker, mine=mine, sends=sends)
        found = self.of(asker, mine=mine)
        if found is None:
            where = "You have" if mine else "This channel has"
            raise BadQuery(
                f"{where} no digest yet: set one up with `/digest`, or `/digest daily at 8:00`.",
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
        "due": next_due(wish.times, asker.now),
    }
    return of.model_copy(update=changed)
