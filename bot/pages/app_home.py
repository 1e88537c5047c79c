"""A person's home page: stories and counts of what they may see, and who may add feeds.

Guests see only articles given in their own direct messages: the workspace's articles are open to
them only in the channels they are in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, NamedTuple

from bot.answer.library import Library
from bot.answer.stories import stories_of
from bot.desk import Desk
from bot.digests.setting import Setting
from bot.feeds.following import health
from bot.models import (
    Active,
    ActorType,
    AskedBefore,
    Asker,
    Home,
    Line,
    Period,
    ReadSoFar,
    SetUp,
    WorkspacePreferences,
)
from bot.search.query import Scope
from bot.watches.watchlist import WatchList

WEEK = timedelta(days=7)
MOST_STORIES = 3
MOST_ACTIVE = 10
_COUNTED = 2 * MOST_ACTIVE
"""Only this many of the most named actors (by passages) have their articles counted."""

MOST_WATCHES = 20
MOST_DIGESTS = 6
MOST_ASKED = 5
MOST_FAILING = 6
_ACTIVE = {ActorType.STATE, ActorType.ORGANISATION, ActorType.GROUP, ActorType.PERSON}
"""Types that act: places and treaties do not, and an office is shown by its holder."""

_COMMAND = "command"
"""The surface of briefs; every other surface takes questions."""


class Who(NamedTuple):
    """A person, and whether they are an admin or a guest of the workspace."""

    person: str
    admin: bool = False
    guest: bool = False


def may_add_feeds(who: Who, preferred: WorkspacePreferences) -> bool:
    """Return whether a person may add feeds, which then serve the whole workspace."""
    if who.admin:
        return True
    if who.guest:
        return False
    if preferred.feeds_by == "listed":
        return who.person in preferred.people
    return preferred.feeds_by == "everybody"


def home(desk: Desk, team: str, asker: Asker, who: Who, just: AskedBefore | None = None) -> Home:
    """Gather the contents of a person's home page; their place is their direct messages.

    ``just`` is the question they just asked, which is not stored yet. Raises StoreError.
    """
    store = desk.store
    library = desk.library(asker.model_copy(update={"guest": who.guest}))
    scope = library.scope
    active, ever = _active(library, scope)
    watches = store.watches.set_up_by(asker.workspace, team, who.person)
    setting = Setting(desk, team, guest=who.guest)
    digests = [
        one
        for one in store.digests.all(asker.workspace)
        if (one.team, one.person) == (team, who.person)
    ]
    return Home(
        read=_read(desk, library, scope, who),
        stories=tuple(story.lead for story in stories_of(library, _week(library))[:MOST_STORIES]),
        active=active,
        ever=ever,
        watches=tuple(watches[:MOST_WATCHES]),
        more_watches=max(0, len(watches) - MOST_WATCHES),
        digests=tuple(
            SetUp(digest=one, about=setting.about(one)) for one in digests[:MOST_DIGESTS]
        ),
        asked=_asked(desk, team, who.person, just),
        may_feed=may_add_feeds(who, store.preferences.workspace(team)),
        admin=who.admin,
        guest=who.guest,
    )


def followed_stories(desk: Desk, team: str, asker: Asker, most: int) -> list[Line]:
    """Return the leads of this week's stories on followed actors, the most important first.

    The asker's place is their direct messages. Empty if they follow nobody. Raises StoreError.
    """
    followed = WatchList(desk, team).followed_actors(asker, alone=True)
    if not followed:
        return []
    library = desk.library(asker)
    about = frozenset[str]().union(*library.groups(followed))
    return [story.lead for story in stories_of(library, _week(library), about)[:most]]


def _active(library: Library, scope: Scope) -> tuple[tuple[Active, ...], bool]:
    """Return the actors named by most articles of the week, or of all time if it has none."""
    for period in (_week(library), None):
        found: dict[str, Active] = {}
        for actor in library.passages.named_together([], None, scope, period):
            if len(found) == _COUNTED:
                break
            known = library.actors.get(actor)
            if known is None or known.id in found or known.type not in _ACTIVE:
                continue
            group = library.expand(known.id)
            articles = library.passages.coverage([group], scope, period).articles
            found[known.id] = Active(actor=known.id, name=known.name, articles=articles)
        if found:
            ranked = sorted(found.values(), key=lambda one: (-one.articles, one.name, one.actor))
            return tuple(ranked[:MOST_ACTIVE]), period is None
    return (), False


def _week(library: Library) -> Period:
    return Period(start=library.today - WEEK, end=library.today, label="this week")


def _read(desk: Desk, library: Library, scope: Scope, who: Who) -> ReadSoFar:
    covered = library.passages.coverage([], scope, None)
    feeds = [] if who.guest else desk.store.feeds.all(scope.workspace)
    failing = [
        one
        for one in feeds
        if one.state == "retired" or (one.state == "active" and one.failures > 0)
    ]
    failing.sort(key=lambda one: -one.failures)
    shown = failing[:MOST_FAILING] if who.admin else []
    return ReadSoFar(
        articles=covered.articles,
        sources=covered.sources,
        newest=covered.newest,
        feeds=len(feeds),
        paused=sum(one.state == "paused" for one in feeds) if who.admin else 0,
        failed=len(failing) if who.admin else 0,
        failing=tuple((one.title or one.url, health(one)) for one in shown),
    )


def _asked(desk: Desk, team: str, person: str, just: AskedBefore | None) -> tuple[AskedBefore, ...]:
    """Return a person's last questions, in any place, each once."""
    every = [] if just is None else [just]
    for reply in desk.store.history.asked(team, person):
        do: Literal["brief", "ask"] = "brief" if reply.surface == _COMMAND else "ask"
        every.append(AskedBefore(do=do, query=reply.query, at=reply.sent_at))
    found: dict[str, AskedBefore] = {}
    for one in every:
        found.setdefault(" ".join(one.query.split()).casefold(), one)
    return tuple(found.values())[:MOST_ASKED]
