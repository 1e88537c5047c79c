"""Whom each workspace knows: the seeds, shared by all, or those with its own words beside them."""

from __future__ import annotations

import hashlib
import threading

from bot.match.actors import ActorIndex
from bot.match.edits import OwnWords, beside
from bot.match.gazetteer import Gazetteer
from bot.models import Actor, Own, Tenure
from bot.store.store import Store

_MOST = 16
"""Workspaces whose own indexes are kept; the one that was made first goes first."""


class Roster:
    """The actors of a workspace, and the index over them, made when first asked for."""

    def __init__(
        self,
        actors: tuple[Actor, ...],
        tenures: tuple[Tenure, ...],
        own: OwnWords | None = None,
        reading: OwnWords | None = None,
    ) -> None:
        """``own`` is what the workspace says beside the seeds, ``reading`` what of it counts when
        texts are read, if that is not all."""
        self.own = own or OwnWords()
        self.reading = self.own if reading is None else reading
        self.actors = actors
        self.tenures = tenures
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
                self._index = ActorIndex(self.actors, self.tenures)
            return self._index


class Rosters:
    """One roster a workspace, made when first asked for; safe from several threads."""

    def __init__(self, store: Store, gazetteer: Gazetteer) -> None:
        """A workspace without words of its own uses one over the gazetteer."""
        self._store = store
        self._gazetteer = gazetteer
        self._shared: Roster | None = None
        self._sharing = threading.Lock()
        self._rosters: dict[str, Roster] = {}
        self._lock = threading.Lock()
        self._noticing = threading.Lock()
        self._seq = store.last_seq()
        self._turn = 0

    @property
    def shared(self) -> Roster:
        """The seed actors alone, for every workspace that says nothing of its own."""
        with self._sharing:
            if self._shared is None:
                seeds = self._gazetteer
                self._shared = Roster(seeds.actors, seeds.tenures)
            return self._shared

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
            seq, whose = self._store.curation.changed_since(self._seq)
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
        said = self._store.curation.own(workspace)
        if not said:
            return self.shared
        actors, tenures = beside(self.shared.actors, self.shared.tenures, said)
        # Whom nothing but articles made known does not count: what is read from an article
        # must not depend on what was read before.
        learnt = self._store.introductions.promoted(workspace)
        given = {key: own for key, own in said.items() if own != learnt.get(key)}
        reading = OwnWords(given, _digest(given)) if given else OwnWords()
        own = OwnWords(said, _digest(said))
        return Roster(actors, tenures, own, reading)


def _digest(said: dict[str, Own]) -> str:
    told = [f"{key}\n{own.model_dump_json()}" for key, own in sorted(said.items())]
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()
