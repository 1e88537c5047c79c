"""The base class of the models, wildcards, precision of dates, and classes of events."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

LOCAL = "local"
"""The workspace of everything outside Slack."""

SEED = "*"
"""The workspace of actors that every workspace shares. A value and not NULL, because
neither SQLite nor PostgreSQL keeps a unique key unique where it holds NULL."""

EVERYWHERE = "*"
"""The audience of an article that its whole workspace may see."""

Field_ = Literal["title", "text"]
Precision = Literal["minute", "day", "month", "year", "period"]


class Model(BaseModel):
    """Base of all nouns."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EventClass(StrEnum):
    """What kind of act, after PLOVER (https://github.com/openeventdata/PLOVER), and MOVE."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    COOPERATE = "COOPERATE"
    AID = "AID"
    CONCEDE = "CONCEDE"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"
    MOVE = "MOVE"


MUTUAL = frozenset({EventClass.CONSULT, EventClass.AGREE, EventClass.COOPERATE})
"""Classes of mutual acts: anyone who met the Emir was also met by him."""


class Status(StrEnum):
    """Whether a fact took place, as its sentence has it."""

    HAPPENED = "happened"
    ONGOING = "ongoing"
    PLANNED = "planned"
    POSSIBLE = "possible"
    DENIED = "denied"
    CALLED_FOR = "called for"
