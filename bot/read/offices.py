"""Find offices named by their state, and their holders on the day of the article.

    Qatar's new prime minister     a state, then a title: the office, if the index has it
    the Iranian president          the holder of the office that day, if known

The person is used only if the reference list is reliable for that day: the start of the tenure is
known, and either its end or a later day for which the list is valid. Otherwise the mention is the
office, and is found by queries for its holder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from bot.match.actors import ActorIndex
from bot.models import ActorType, AliasKind, Mention
from bot.read.proper_names import former

_SAME = {
    "premier": "prime minister",
    "amir": "emir",
    "secretary general": "secretary-general",
    "director general": "director-general",
    "defense minister": "defence minister",
    "minister of foreign affairs": "foreign minister",
    "minister for foreign affairs": "foreign minister",
    "minister of defence": "defence minister",
    "minister of defense": "defence minister",
}
TITLES = (
    "prime minister|premier|president|chancellor|foreign minister|foreign secretary|"
    "defen[cs]e minister|interior minister|finance minister|supreme leader|crown prince|"
    "king|queen|emir|amir|sultan|pope|secretary[- ]general|director[- ]general|"
    "secretary of state"
)
"""Titles rare enough at any time to identify the owner, as a regular expression."""

_AFTER_STATE = re.compile(
    rf"(?:['’]s?)?(?: (?:new|current|long-time|longtime|powerful|beleaguered|embattled))? "
    rf"(?P<title>{TITLES})(?![\w-])",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s? ")
# Followed by the name of the present or a former holder: a name beside an office is more reliable
# than the list.
_NAMED = re.compile(r"(?:,? (?:and|&))?,? [A-Z]|,? (?:sheikh|prince) ")
_NOT_NOW = re.compile(
    r"\b(?:then|next|first|future|incoming|new|outgoing|previous|another|every|no|any|be|become"
    r"|becomes|became|for|as)[ -](?:the )?\Z",
    re.IGNORECASE,
)
_APPOSED = re.compile(r"(?<!\w)[A-Z][\w’'-]*, (?:the )?\Z")
_REACH = 24


def title_of(words: str) -> str:
    """Return the canonical form of a title: *Premier* is *prime minister*."""
    low = words.lower()
    return _SAME.get(low, low)


def state_titles(text: str, mentions: Sequence[Mention], index: ActorIndex) -> list[Mention]:
    """Find offices named by a state and a title after it; each includes its state.

    ``mentions`` are those of one field; those that become part of an office are left out.
    """
    offices = _offices(index)
    kept: list[Mention] = []
    for mention, following in zip(mentions, [*mentions, None][1:], strict=True):
        match = (
            _AFTER_STATE.match(text, mention.end, following.start if following else len(text))
            if mention.kind is AliasKind.DEMONYM or _POSSESSIVE.match(text, mention.end)
            else None
        )
        office = offices.get((mention.actor, title_of(match["title"]))) if match else None
        if match is None or office is None or former(text, mention.start):
            kept.append(mention)
            continue
        named = {"actor": office, "alias": index.name(office), "kind": AliasKind.OFFICE}
        kept.append(mention.model_copy(update={"end": match.end(), **named}))
    return kept


def held(text: str, mention: Mention, index: ActorIndex, published: date | None) -> Mention:
    """Return an office mention as one of its holder on the day, if that is sure."""
    if (
        published is None
        or not mention.actor.startswith("office:")
        or not _definite(text, mention)
        or _NAMED.match(text, mention.end)
        or _NOT_NOW.search(text, max(0, mention.start - _REACH), mention.start)
        or _APPOSED.search(text, max(0, mention.start - _REACH), mention.start)
    ):
        return mention
    person = _holder(index, mention.actor, published)
    return mention if person is None else mention.model_copy(update={"actor": person})


def _definite(text: str, mention: Mention) -> bool:
    """Whether a phrase is about one holder: *the Emir of Qatar*, *Iran's president*, but not
    *elected President of Iran* or *a senator and US secretary of state*."""
    before = text[max(0, mention.start - len("the ")) : mention.start]
    return (
        before.lower() == "the " or _POSSESSIVE.search(text, mention.start, mention.end) is not None
    )


@lru_cache(maxsize=4096)
def _holder(index: ActorIndex, office: str, on: date) -> str | None:
    tenure, known = index.tenure(office, on), index.get(office)
    if tenure is None or known is None or tenure.since is None:
        return None
    person = index.get(tenure.person)
    if person is None or person.acts_for != known.acts_for:
        return None
    spoken = max((one.as_of for one in (known, person) if one.as_of), default=None)
    sure = tenure.until is not None or (spoken is not None and on <= spoken)
    return person.id if sure else None


@lru_cache(maxsize=8)
def _offices(index: ActorIndex) -> dict[tuple[str, str], str]:
    """Return the offices of an index by owner and title."""
    found: dict[tuple[str, str], str] = {}
    for actor in index.actors:
        if actor.type is not ActorType.OFFICE or actor.acts_for is None:
            continue
        for name in (actor.name, *(alias.text for alias in actor.aliases)):
            title, of, _ = name.rpartition(" of ")
            if of:
                found.setdefault((actor.acts_for, title_of(title)), actor.id)
    return found
