"""Offices that a phrase names by its state, and who held them on the day of the article.

    Qatar's new prime minister     a state, then a title: the office, if the index has it
    the Iranian president          whoever held the office that day, if that is known

The person is taken only where the reference list speaks for that day: the start of the
tenure is known, and either its end or a later day that the list is of. Else the office
stands, and is found by whoever asks about its holder.
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
"""Titles that few enough bear at a time to tell whose they are, as a regular expression."""

_AFTER_STATE = re.compile(
    rf"(?:['’]s?)?(?: (?:new|current|long-time|longtime|powerful|beleaguered|embattled))? "
    rf"(?P<title>{TITLES})(?![\w-])",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s? ")
# Then follows who it is, or did before: a name beside an office says more than the list.
_NAMED = re.compile(r"(?:,? (?:and|&))?,? [A-Z]|,? (?:sheikh|prince) ")
_NOT_NOW = re.compile(
    r"\b(?:then|next|first|future|incoming|new|outgoing|previous|another|every|no|any|be|become"
    r"|becomes|became|for|as)[ -](?:the )?\Z",
    re.IGNORECASE,
)
_APPOSED = re.compile(r"(?<!\w)[A-Z][\w’'-]*, (?:the )?\Z")
_REACH = 24


def title_of(words: str) -> str:
    """Return a title as all its spellings are compared: *Premier* is *prime minister*."""
    low = words.lower()
    return _SAME.get(low, low)


def state_titles(text: str, mentions: Sequence[Mention], index: ActorIndex) -> list[Mention]:
    """Find the offices that a state and a title after it name; each takes in its state.

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
    """Return the mention of an office as one of who held it on the day, if that is sure."""
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
    """Return the offices of an index by whose they are and their title."""
    found: dict[tuple[str, str], str] = {}
    for actor in index.actors:
        if actor.type is not ActorType.OFFICE or actor.acts_for is None:
            continue
        for name in (actor.name, *(alias.text for alias in actor.aliases)):
            title, of, _ = name.rpartition(" of ")
            if of:
                found.setdefault((actor.acts_for, title_of(title)), actor.id)
    return found
