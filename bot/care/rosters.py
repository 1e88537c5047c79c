"""Whom each workspace knows: the seeds, shared by all, or those with its own words beside them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import partial

from bot.match.actors import ActorIndex
from bot.match.edits import NOTHING, whole
from bot.match.gazetteer import Gazetteer
from bot.models import Actor, Own, Tenure
from bot.store.store import Store

_MOST = 16
"""Workspaces whose own indexes are kept; the one that was made first goes first."""


Make = Callable[[Sequence[Actor], Sequence[Tenure], str, str], ActorIndex]
"""Builds an index over actors and tenures, or loads the one that was built of them before.

The two words name what it is over: a workspace, and a digest of all that it says of its
own. Both are empty for the seeds alone.
"""


def build(actors: Sequence[Actor], tenures: Sequence[Tenure], _whose: str, _of: str) -> ActorIndex:
    """Build an index, whatever was built before."""
    return ActorIndex(actors, tenures)


class Roster:
    """The actors of a workspace, and the index over them, made when first asked for."""

    def __init__(
        self,
        actors: Sequence[Actor],
        tenures: Sequence[Tenure],
        make: Make,
        workspace: str = "",
        version: str = "",
    ) -> None:
        self.actors = tuple(actors)
        self.tenures = tuple(tenures)
        self._make = partial(make, self.actors, self.tenures, workspace, version)
        self._lock = threading.Lock()
        self._index: ActorIndex | None = None

    @property
    def in_use(self) -> bool:
        """Whether anybody has asked for the index."""
        return self._index is not None

    @property
    def index(self) -> ActorIndex:
        """The index over the actors; the first who asks waits for it."""
        with self._lock:
            if self._index is None:
                self._index = self._make()
            return self._index


class Rosters:
    """One roster a workspace, made when first asked for; safe from several threads."""

    def __init__(self, store: Store, gazetteer: Gazetteer, make: Make = build) -> None:
        """A workspace without words of its own uses one over the gazetteer; ``make`` builds."""
        self._store = store
        self._made_by = make
        self.shared = Roster(gazetteer.actors, gazetteer.tenures, make)
        self._rosters: dict[str, Roster] = {}
        self._lock = threading.Lock()
        self._noticing = threading.Lock()
        self._seq = store.last_seq()
        self._turn = 0

    def of(self, workspace: str) -> Roster:
        """The roster of a workspace as it was when last noticed."""
        while True:
            with self._lock:
                if (there := self._rosters.get(workspace)) is not None:
                    return there
                turn = self._turn
            # Made outside of the lock: others are answered meanwhile.
            made = self._made(workspace)
            with self._lock:
                if turn == self._turn:
                    if len(self._rosters) >= _MOST:
                        del self._rosters[next(iter(self._rosters))]
                    self._rosters[workspace] = made
                    return made

    def notice(self) -> None:
        """Make the rosters anew of those whose actors changed, here or in another process.

        Others go on with the old ones until then; whoever calls meanwhile waits, so that
        after this call nobody finds what was before it.
        """
        with self._noticing:
            seq, whose = self._store.care.news(self._seq)
            with self._lock:
                self._seq = max(self._seq, seq)
                self._turn += 1 if whose else 0
                turn, stale = self._turn, {w: r for w, r in self._rosters.items() if w in whose}
            for workspace, old in stale.items():
                made = self._made(workspace)
                if old.in_use:
                    made.index  # noqa: B018 - made now, so that the next who asks need not wait
                with self._lock:
                    if turn == self._turn:
                        self._rosters[workspace] = made

    def _made(self, workspace: str) -> Roster:
        said = self._store.care.own(workspace)
        if not said:
            return self.shared
        actors = _beside(self.shared.actors, said)
        own = {
            (held.office, held.person, held.since): held
            for one in said.values()
            for held in one.tenures
        }
        kept = [
            held
            for held in self.shared.tenures
            if (held.office, held.person, held.since) not in own
        ]
        tenures = (*kept, *own.values())
        return Roster(actors, tenures, self._made_by, workspace, _digest(said))


def _digest(said: dict[str, Own]) -> str:
    told = [f"{key}\n{own.model_dump_json()}" for key, own in sorted(said.items())]
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def _beside(seeds: tuple[Actor, ...], said: dict[str, Own]) -> tuple[Actor, ...]:
    ids = {one.id for one in seeds}
    ours = [whole(one, said.get(one.id, NOTHING)) for one in seeds]
    ours += [own.actor for key, own in said.items() if key not in ids]
    return tuple(one for one in ours if one is not None)
