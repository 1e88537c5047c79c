"""The kinds of acts that facts report, and whether they took place."""

from __future__ import annotations

from enum import StrEnum


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
