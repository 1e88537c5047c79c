"""Corrections by people: a workspace's changes of actors, facts marked wrong, and their log."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.actors import Actor, ActorType, Alias, AliasKind, Tenure
from bot.models.articles import Fact
from bot.models.base import Model

Fault = Literal["who", "what", "status", "not said"]
"""What is wrong with a fact, by a reader's judgement: its actors, act, status, or all of it."""


class Own(Model):
    """A workspace's own changes of one actor id, on top of the seeds.

    ``actor`` is the workspace's own row, with the aliases that it added, or None if the seed's
    row holds; ``hidden`` are texts of seed aliases that do not count here; ``tenures`` are
    added tenures of an office, which replace seed tenures with the same person and start.
    The empty value changes nothing.
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
    """Give an actor another name; ``move`` takes it from the actor that has it now."""

    actor: str
    text: str = Field(min_length=1, max_length=200)
    kind: AliasKind = AliasKind.NAME
    lang: str | None = Field(default=None, pattern="^[a-z]{2,3}$")
    move: bool = False
    source: str = Field(min_length=1)


class RemoveAlias(Model):
    """Remove a name from an actor; a seed's name is hidden in this workspace."""

    actor: str
    text: str


class Merge(Model):
    """Merge ``actor`` into ``into``: two entries for the same actor."""

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
    """Import actors, tenures and merges, a whole batch at once.

    An existing actor gets the aliases and other values of its row; ``aliases`` are further
    names, each with the id of its actor, ``hidden`` seed aliases that do not count, ``merged``
    pairs of ids, the first merged into the second.
    """

    actors: tuple[Actor, ...] = ()
    aliases: tuple[tuple[str, Alias], ...] = ()
    tenures: tuple[Tenure, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, str], ...] = ()


Edit = AddActor | AddAlias | RemoveAlias | Merge | Split | TakeIn


class ActorChange(Model):
    """One entry of the log: which actors changed and how, who changed them and when.

    ``before`` and ``after`` hold the workspace's own values of each actor; ``actor`` is the
    actor that the change is about; ``said`` describes the change in a sentence. If a fact was
    marked wrong, or that was undone, ``actor`` is the fact's id, and the other two are empty.
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
    """A fact that somebody marked wrong, as it was read: why, who and when.

    ``seq`` is the mark's number in the log, for undoing it. ``title`` and ``text`` are those of
    the revision that was read; ``text`` is empty if that was thinned.
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
