"""Actors, their names, and the offices they hold."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.models.base import SEED, Model


class ActorType(StrEnum):
    """What an actor is."""

    STATE = "state"
    ORGANISATION = "organisation"
    GROUP = "group"
    OFFICE = "office"
    PERSON = "person"
    PLACE = "place"
    TREATY = "treaty"


class AliasKind(StrEnum):
    """How an alias names its actor."""

    NAME = "name"
    ACRONYM = "acronym"
    TRANSLITERATION = "transliteration"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    METONYM = "metonym"
    SURNAME = "surname"
    OFFICE = "office"


class Alias(Model):
    """Another name of an actor. ``lang`` is ISO 639-1 where known."""

    text: str = Field(min_length=1, max_length=200)
    kind: AliasKind = AliasKind.NAME
    lang: str | None = None
    source: str | None = None


class Actor(Model):
    """An actor. ``acts_for`` is the id of the state or body a person or office belongs to.

    ``members`` are the ids of the members of a grouping such as *Gulf states*.
    """

    id: str = Field(min_length=1, max_length=120)
    workspace: str = SEED
    type: ActorType
    name: str
    iso3: str | None = None
    acts_for: str | None = None
    description: str | None = None
    source: str
    as_of: date | None = None
    merged_into: str | None = None
    aliases: tuple[Alias, ...] = ()
    members: tuple[str, ...] = ()


class Tenure(Model):
    """Who holds an office; ``since`` and ``until`` are inclusive, None is unknown or open."""

    office: str
    person: str
    since: date | None = None
    until: date | None = None
    source: str


class Match(Model):
    """An actor that a query may mean, scored in 0..1 and explained."""

    query: str
    actor: str
    name: str
    type: ActorType
    iso3: str | None = None
    alias: str
    how: Literal["exact", "typo", "reordered", "partial", "office at date", "demonym", "capital"]
    score: float = Field(ge=0, le=1)
    why: str
