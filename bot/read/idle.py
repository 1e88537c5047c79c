"""What reads like an act and is none: a job that is held, an offer that could be made."""

from __future__ import annotations

import re

from bot.models import EventClass, Status
from bot.read.fits import is_person
from bot.read.lexicon import forms
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Phrase

_TO_SOME_END = re.compile(
    r"[^.;:]{0,120}? (?:to (?!the |a |an |his |her |their |its |<)[a-z]+|"
    r"on (?:the|a|an|legislation|bills?)) "
)
_COULD = re.compile(r"\b(?:could|may|might)\b")
_ITSELF = re.compile(r"\b(?:said|says?) (?:it|they)\b")
_IN_WORDS = re.compile(r" (?:attacks?|assaults?|offensive|broadsides?) ")
"""What one person makes on another is made in words."""
_JESTING = re.compile(
    r"\b(?:gently|jokingly|playfully|lightly|teasingly|affectionately|wryly|humorously|good-naturedly)\b"
)
_JOKES = re.compile(r" (?:jok(?:e|es|ed|ing)|jests?|comedians?|comedy|skit|punchlines?|roast) ")
_SCORNING = frozenset(forms("mock", "ridicule", "taunt"))
_FLYING = re.compile(r"(?:fly|flies|flew|flown|flying|land|go|goes|going|went|head|arriv)")
_PLAIN_DRONES = re.compile(r" (?:drones?|aircraft|personnel|guards?|ships?) ")
_AGAIN = re.compile(
    r" (?:(?:every|each) (?:day|week|month|year|summer|winter|spring|fall|night|morning) ,"
    r"|(?:year|day|week|month|night|time) after (?:year|day|week|month|night|time) ,"
    r"|from time to time) "
)
_EVER = re.compile(r"[^,;:.]{0,30} (?:historically|traditionally|typically|always|often|usually) ")
_MADE_UP = re.compile(
    r" (?:fake|false|made-up|bogus|satirical|hoax)"
    r" (?:story|stories|report|reports|article|news|post|posts)\b"
)


def is_no_act(
    pattern: Pattern,
    roles: tuple[Phrase, Phrase | None, Phrase | None],
    match: Found,
    status: Status,
) -> bool:
    """Tell whether nobody does anything, though the words of an act are there.

    ``roles``: who would do it, to whom, and where.
    """
    source, target, _ = roles
    gap = match.groups.get("g") or ""
    if _is_of_everyday(pattern, source, match):
        return True
    if status is Status.HAPPENED and _is_again_and_again(pattern, match):
        return True
    person = is_person(source)
    if person and len(source.actors) == 1 and _ITSELF.search(gap):
        return True  # "he said they had agreed": others
    if _MADE_UP.search(match.line, 0, match.start):
        return True
    if pattern.act == "work with" and person and status in (Status.HAPPENED, Status.ONGOING):
        return _TO_SOME_END.match(match.line, match.end) is None  # a nurse works with patients
    if person and pattern.event_class is EventClass.ASSAULT and pattern.nominal:
        return target is None and _IN_WORDS.search(match.line, match.start, match.end) is not None
    if pattern.act == "allow" and status is Status.DENIED:
        return True
    could = status is Status.POSSIBLE and _COULD.search(gap) is not None
    return could and pattern.event_class is EventClass.AGREE and pattern.act == "promise"


def _is_again_and_again(pattern: Pattern, match: Found) -> bool:
    """Tell whether what is told is no one happening: "year after year", "fighting has often"."""
    if _AGAIN.search(match.line, 0, match.start + 1):
        return True
    return pattern.nominal and _EVER.match(match.line, match.end - 1) is not None


def _is_of_everyday(pattern: Pattern, source: Phrase, match: Found) -> bool:
    """Tell whether a jest is called blame, or what an airline or a town does every day an act."""
    gap = match.groups.get("g") or ""
    if pattern.event_class is EventClass.ACCUSE:
        in_jest = match.verb in _SCORNING and _JOKES.search(match.line) is not None
        return in_jest or _JESTING.search(gap) is not None
    if not source.actors[0].startswith("org:"):
        return False
    if pattern.event_class is EventClass.MOVE:
        return _FLYING.match(match.verb) is not None
    deployed = match.line[match.start : match.end]
    return pattern.act == "deploy forces" and _PLAIN_DRONES.search(deployed) is not None
