"""The actors of each workspace: the seeds, shared by all, or the seeds with its own changes."""

from __future__ import annotations

import hashlib
import threading

from bot.match.actors import ActorIndex
from bot.match.edits import OwnWords, with_own
from bot.match.gazetteer import Gazetteer
from bot.models import Actor, Own, Tenure
from bot.store.store import Store

_MOST = 16
"""The most workspaces whose own indexes are kept; the oldest is dropped first."""


class Roster:
    """The actors of a workspace, and the index over them, built on first use."""

    def __init__(
        self,
        actors: tuple[Actor, ...],
        tenures: tuple[Tenure, ...],
        own: OwnWords | None = None,
        reading: OwnWords | None = None,
    ) -> None:
        """``own`` are the changes of the workspace to the seeds; ``reading`` are those that count
        when texts are read, if not all."""
        self.own = own or OwnWords()
        self.reading = self.own if reading is None else reading
        self.actors = actors
        self.tenures = tenures
        self._lock = threading.Lock()
        self._index: ActorIndex | None = None

    @property
    def in_use(self) -> bool:
        """Whether the index was used."""
        return self._index is not None

    @property
    def index(self) -> ActorIndex:
        """The index over the actors; the first access builds it."""
        with self._lock:
            if self._index is None:
                self._index = ActorIndex(self.actors, self.tenures)
            return self._index


class Rosters:
    """One roster for each workspace, built on first use; thread-safe."""

    def __init__(self, store: Store, gazetteer: Gazetteer) -> None:
        """A workspace without changes of its own uses a shared roster over the gazetteer."""
        self._store = store
        self._gazetteer = gazetteer
        self._shared: Roster | None = None
        self._sharing = threading.Lock()
        self._rosters: dict[str, Roster] = {}
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()
        self._seq = store.last_seq()
        self._turn = 0

    @property
    def shared(self) -> Roster:
        """The seed actors alone, for workspaces without changes of their own."""
        with self._sharing:
            if self._shared is None:
                seeds = self._gazetteer
                self._shared = Roster(seeds.actors, seeds.tenures)
            return self._shared

    def of(self, workspace: str) -> Roster:
        """The roster of a workspace as of the last ``refresh``."""
        while True:
            with self._lock:
                if (there := self._rosters.get(workspace)) is not None:
                    return there
                turn = self._turn
            # Built outside of the lock, so that others are served meanwhile.
            made = self._made(workspace)
            with self._lock:
                if turn == self._turn:
                    if len(self._rosters) >= _MOST:
                        del self._rosters[next(iter(self._rosters))]
                    self._rosters[workspace] = made
                    return made

    def refresh(self) -> None:
        """Rebuild the rosters of workspaces whose actors changed, here or in another process.

        Readers keep the old rosters until then; concurrent calls wait, so that after this call
        nobody sees an older state.
        """
        with self._refreshing:
            seq, whose = self._store.curation.changed_since(self._seq)
            with self._lock:
                self._seq = max(self._seq, seq)
                self._turn += 1 if whose else 0
                turn, stale = self._turn, {w: r for w, r in self._rosters.items() if w in whose}
            for workspace, old in stale.items():
                made = self._made(workspace)
                if old.in_use:
                    made.index  # noqa: B018 - built now, so that the next reader need not wait
                with self._lock:
                    if turn == self._turn:
                        self._rosters[workspace] = made

    def _made(self, workspace: str) -> Roster:
        changes = self._store.curation.own(workspace)
        if not changes:
            return self.shared
        actors, tenures = with_own(self.shared.actors, self.shared.tenures, changes)
        # Actors known only from articles do not count: the reading of an article must not
        # depend on what was read before.
        learnt = self._store.introductions.promoted(workspace)
        given = {key: own for key, own in changes.items() if own != learnt.get(key)}
        reading = OwnWords(given, _digest(given)) if given else OwnWords()
        own = OwnWords(changes, _digest(changes))
        return Roster(actors, tenures, own, reading)


def _digest(changes: dict[str, Own]) -> str:
    lines = [f"{key}\n{own.model_dump_json()}" for key, own in sorted(changes.items())]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
