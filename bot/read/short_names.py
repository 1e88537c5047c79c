"""Resolve short references within an article: a surname, or *the president*.

A surname means the person whom the article introduced with it. *The president* means the person
named before with that title: *President Ada Ruritan*, *the Ruritan president*, or somebody known to
hold such an office that day. If two have the title, the one named in the same paragraph; if they
still cannot be told apart, or an unknown person has it, nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.match.actors import ActorIndex
from bot.match.trie import Hit, Named
from bot.models import Actor, ActorType, AliasKind, Field_, Mention
from bot.read.offices import TITLES, title_of
from bot.read.proper_names import former, generation, part_of_other_name
from bot.text.names import FILLERS, strip_honorifics

_SHORTEST_SURNAME = 3
GOVERNMENT = re.compile(r"(?:’s|'s)? (?:administration|government|cabinet)\b")
_MUCH_OFTENER = 3
_TITLE = re.compile(rf"(?<![\w-])(?P<title>{TITLES})(?![\w-])", re.IGNORECASE)
# *The president of*, *the King James*, *the president-elect*: another person's title, or a name.
_GOES_ON = re.compile(r" (?:of|for|at|emeritus) |-| [A-Z]| (?:and|or) (?:[\w’'-]+ ){1,3}of ")
_NAME_AFTER = re.compile(r"(?:,? and (?:[A-Z][\w-]+ )+)?,? ?(?:[Ss]he?ikh |[Pp]rince )?(?=[A-Z])")
_AFTER_COMMA = r", (?:the |a |an )?(?!and |but |who |which )(?:[\w’'-]+ ){0,3}?"
_APPOSED = re.compile(rf"{_AFTER_COMMA}(?P<title>{TITLES})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Bearer:
    """The bearer of a title from ``at`` on; ``actor`` is None if unknown."""

    at: int
    title: str
    actor: str | None


def surnames(
    fields: Sequence[tuple[Field_, str]],
    mentions: Sequence[Mention],
    taken: dict[Field_, list[tuple[int, int]]],
    index: ActorIndex,
) -> list[Mention]:
    """Find the surnames of people whom the article names in full, outside of other mentions."""
    known = _surnames_of(mentions, index)
    if not known:
        return []
    pattern = _any_of(tuple(sorted(known)))
    short: list[Mention] = []
    for field, text in fields:
        overlaps = overlap(taken[field])
        for match in pattern.finditer(text):
            hit = Hit(*match.span(), (known[match[0]],))
            if overlaps(*match.span()) or part_of_other_name(text, hit, index.trie.begins):
                continue
            if GOVERNMENT.match(text, match.end()) and not index.iso3(known[match[0]].actor):
                continue  # "the Ruritan administration", when only his wife was named
            short.append(mention_of(field, hit.start, hit.end, known[match[0]]))
    return short


def without_relatives(
    fields: Sequence[tuple[Field_, str]], mentions: Sequence[Mention], index: ActorIndex
) -> list[Mention]:
    """Return the mentions without names before *Jr.* or *Sr.* that belong to a relative.

    If a person's full name before *Jr.* has another given name than their usual one, they are the
    junior: *Joseph R. Biden Jr.* is Joe Biden, and so is *Biden Jr.* after that.
    """
    texts = dict(fields)
    suffixes = [generation(texts[m.field], m.end) for m in mentions]
    juniors = {
        m.actor
        for m, suffix in zip(mentions, suffixes, strict=True)
        if suffix == "Jr"
        and m.kind is not AliasKind.SURNAME
        and m.alias.split()[0] != index.name(m.actor).split()[0]
    }
    return [
        m
        for m, suffix in zip(mentions, suffixes, strict=True)
        if suffix is None
        or not m.actor.startswith("person:")
        or (suffix == "Jr" and m.actor in juniors)
    ]


def without_namesakes(
    fields: Sequence[tuple[Field_, str]], mentions: Sequence[Mention]
) -> list[Mention]:
    """Return the mentions without surnames that mean a namesake named in the article.

    After *Liz Cheney*, *Cheney* is no longer Dick. A person named in full much more often than all
    namesakes gives way only in the paragraph that names one.
    """
    words = {m.alias for m in mentions if m.kind is AliasKind.SURNAME}
    if not words:
        return list(mentions)
    pattern, kept = _any_of(tuple(sorted(words))), []
    for field, text in fields:
        here = [m for m in mentions if m.field == field]
        overlaps = overlap([(m.start, m.end) for m in here])
        others = [
            (match.start(), match[0])
            for match in pattern.finditer(text)
            if not overlaps(*match.span())
            and _FIRST_NAME.search(text, 0, match.start())
            and generation(text, match.end()) is None  # always named with it
        ]
        kept += [m for m in here if not (others and _is_namesake(text, m, here, others))]
    return kept


_FIRST_NAME = re.compile(r"(?<![\w’'-])[A-Z][a-z]+ \Z")


def _is_namesake(
    text: str, one: Mention, here: Sequence[Mention], others: Sequence[tuple[int, str]]
) -> bool:
    """Whether the last person named in full before a surname is a namesake."""
    if one.kind is not AliasKind.SURNAME or text.endswith("President ", 0, one.start):
        return False
    bearing = [at for at, word in others if word == one.alias]
    before = [at for at in bearing if at < one.start]
    if not before:
        return False
    own = [m.start for m in here if m.actor == one.actor and m.kind is not AliasKind.SURNAME]
    last = max([at for at in own if at < one.start], default=-1)
    if last > before[-1]:
        return False
    often = len(own) >= _MUCH_OFTENER * len(bearing)
    return not often or "\n" not in text[before[-1] : one.start]


@lru_cache(maxsize=4096)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a pattern of names, cached: the same people recur."""
    longest = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest)})(?![\w-])")


def titles(
    text: str,
    mentions: Sequence[Mention],
    index: ActorIndex,
    published: date | None,
) -> list[Mention]:
    """Find *the president* and the like in one field; ``mentions`` are the field's, in order."""
    if not any(m.actor.startswith(("person:", "office:")) for m in mentions):
        return []
    bearers: list[_Bearer] = []
    shorts: list[re.Match[str]] = []
    overlaps = overlap([(m.start, m.end) for m in mentions])
    people = {m.start: m for m in mentions if m.actor.startswith("person:")}
    for match in _TITLE.finditer(text):
        if former(text, match.start()):
            continue
        name = _NAME_AFTER.match(text, match.end())
        if name is not None and name.end() > match.end():
            person = people.get(name.end())
            bearers.append(
                _Bearer(match.start(), title_of(match["title"]), person.actor if person else None)
            )
        elif _alone(text, match) and not overlaps(*match.span()):
            shorts.append(match)
    if not shorts:
        return []
    bearers += _known_bearers(text, mentions, index, published)
    found = []
    for match in shorts:
        actor = _meant(bearers, text, match.start(), title_of(match["title"]))
        if actor is not None:
            named = Named(actor, index.name(actor), AliasKind.OFFICE, (1,))
            found.append(mention_of("text", match.start(), match.end(), named))
    return found


def _alone(text: str, match: re.Match[str]) -> bool:
    """Whether a title is just *the president*."""
    before = text[max(0, match.start() - len("the ")) : match.start()]
    return before.lower() == "the " and not _GOES_ON.match(text, match.end())


def _known_bearers(
    text: str, mentions: Sequence[Mention], index: ActorIndex, published: date | None
) -> Iterator[_Bearer]:
    """Yield the mentions of offices, and of people with their titles."""
    for mention in mentions:
        if mention.kind is AliasKind.OFFICE:
            named = _NAME_AFTER.match(text, mention.end)
            if named is not None and named.end() > mention.end:
                continue  # its holder is named beside it, and was found there
            last = _TITLE.search(text, mention.start, mention.end)
            if last is not None and not former(text, last.start()):
                yield _Bearer(mention.start, title_of(last["title"]), mention.actor)
        elif mention.actor.startswith("person:"):
            apposed = _APPOSED.match(text, mention.end)
            if apposed is not None and not former(text, apposed.start("title")):
                yield _Bearer(mention.start, title_of(apposed["title"]), mention.actor)
            for title in _titles_held(index, mention.actor, published):
                yield _Bearer(mention.start, title, mention.actor)


@lru_cache(maxsize=4096)
def _titles_held(index: ActorIndex, person: str, on: date | None) -> frozenset[str]:
    """Return the titles of the offices that a person holds on a day."""
    names = [index.name(office) for office in index.offices(person, on)]
    return frozenset(
        title_of(match["title"])
        for name in names
        if (match := _TITLE.search(name)) is not None and not former(name, match.start())
    )


def _meant(bearers: Sequence[_Bearer], text: str, at: int, title: str) -> str | None:
    """Return the bearer of a title: the only one named before, or before in this paragraph."""
    before = [one for one in bearers if one.title == title and one.at < at]
    if len({one.actor for one in before}) > 1:
        paragraph = text.rfind("\n", 0, at)
        before = [one for one in before if one.at > paragraph]
    actors = {one.actor for one in before}
    return actors.pop() if len(actors) == 1 else None


def overlap(spans: Sequence[tuple[int, int]]) -> Callable[[int, int], bool]:
    """Return a test whether a stretch overlaps any of these disjoint spans."""
    ordered = sorted(spans)

    def overlaps(start: int, end: int) -> bool:
        at = bisect_left(ordered, (end,)) - 1
        return at >= 0 and ordered[at][1] > start

    return overlaps


def mention_of(field: Field_, start: int, end: int, named: Named) -> Mention:
    """Return a mention of a named actor at a span."""
    return Mention(
        field=field, start=start, end=end, actor=named.actor, alias=named.alias, kind=named.kind
    )


def _surnames_of(mentions: Sequence[Mention], index: ActorIndex) -> dict[str, Named]:
    """Return the surnames that identify one person whom the article names in full."""
    found: dict[str, set[Named]] = {}
    for actor_id in dict.fromkeys(m.actor for m in mentions if m.kind is not AliasKind.SURNAME):
        actor = index.get(actor_id)
        if actor is not None and actor.type is ActorType.PERSON:
            for word in _surnames(actor):
                named = Named(actor_id, word, AliasKind.SURNAME, (1,))
                found.setdefault(word, set()).add(named)
    return {word: next(iter(named)) for word, named in found.items() if len(named) == 1}


def _surnames(actor: Actor) -> set[str]:
    """Return the surnames as stored, else the last word of the name and its spellings."""
    stored = {alias.text for alias in actor.aliases if alias.kind is AliasKind.SURNAME}
    if stored:
        return stored
    kinds = (AliasKind.NAME, AliasKind.TRANSLITERATION)
    names = [actor.name, *(a.text for a in actor.aliases if a.kind in kinds)]
    last = {_last_word(name) for name in names if " " in name}
    return {
        word
        for word in last
        if len(word) >= _SHORTEST_SURNAME and word[0].isupper() and word.lower() not in FILLERS
    }


@lru_cache(maxsize=8192)
def _last_word(name: str) -> str:
    return strip_honorifics(name)[0].split()[-1]
