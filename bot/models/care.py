"""What people correct: what a workspace says of actors, facts marked wrong, and the log of both."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.actors import Actor, ActorType, Alias, AliasKind, Tenure
from bot.models.base import Model
from bot.models.facts import Fact

Fault = Literal["who", "what", "status", "not said"]
"""What a reader finds wrong with a fact: its actors, its act, its status, or all of it."""


class Own(Model):
    """What a workspace itself says of one actor id, beside the seeds.

    ``actor`` is the workspace's own row, with the aliases that it added, or None where the
    seed's stands; ``hidden`` are texts of seed aliases that do not count here; ``tenures``
    those of an office that it added, which take the place of a seed's of the same person
    and begin. The empty value says nothing.
    """

    actor: Actor | None = None
    hidden: tuple[str, ...] = ()
    tenures: tuple[Tenure, ...] = ()


class AddActor(Model):
    """Add an actor. Without an ``id``, one is made of its type and name."""

    type: ActorType
    name: str = Field(min_length=1, max_length=200)
    id: str | None = Field(default=None, max_length=120)
    iso3: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    acts_for: str | None = None
    description: str | None = None
    aliases: tuple[Alias, ...] = ()
    source: str = Field(min_length=1)


class AddAlias(Model):
    """Give an actor another name; ``move`` takes it from whoever has it now."""

    actor: str
    text: str = Field(min_length=1, max_length=200)
    kind: AliasKind = AliasKind.NAME
    lang: str | None = Field(default=None, pattern="^[a-z]{2,3}$")
    move: bool = False
    source: str = Field(min_length=1)


class RemoveAlias(Model):
    """Take a name from an actor; one that the seeds have is hidden here."""

    actor: str
    text: str


class Merge(Model):
    """Count ``actor`` as ``into``: two entries that are one and the same."""

    actor: str
    into: str


class Split(Model):
    """Undo a merge; or, with ``aliases``, move those to a new actor called ``name``."""

    actor: str
    aliases: tuple[str, ...] = ()
    name: str | None = Field(default=None, max_length=200)
    type: ActorType | None = None
    source: str = Field(min_length=1)


class TakeIn(Model):
    """Take in actors, tenures and merges from elsewhere, all of one batch at once.

    An actor that is there gets the aliases, and what else the row says of it; ``aliases``
    are further names by the id of their actor, ``hidden`` seed aliases that do not count,
    ``merged`` pairs of ids, the first into the second.
    """

    actors: tuple[Actor, ...] = ()
    aliases: tuple[tuple[str, Alias], ...] = ()
    tenures: tuple[Tenure, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, str], ...] = ()


Edit = AddActor | AddAlias | RemoveAlias | Merge | Split | TakeIn


class ActorChange(Model):
    """One line of the log: what became of which actors, by whom and when.

    ``before`` and ``after`` hold what the workspace said of each actor; ``actor`` is the
    one that the change is about; ``said`` tells it in a sentence. Where a fact was marked
    wrong, or that was taken back, ``actor`` is the fact's id, and the other two are empty.
    """

    workspace: str
    seq: int
    actor: str
    op: str
    said: str
    before: dict[str, Own]
    after: dict[str, Own]
    person: str
    at: AwareDatetime
    undone: bool = False


class WrongFact(Model):
    """A fact as it was read, which somebody marked wrong: why, who and when.

    ``seq`` is the mark's number in the log, by which it is undone. ``title`` and ``text`` are
    of the revision that was read; ``text`` is empty where that was thinned.
    """

    seq: int
    fault: Fault
    person: str
    at: AwareDatetime
    fact: Fact
    external_id: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: AwareDatetime | None = None
    title: str = ""
    text: str = ""
