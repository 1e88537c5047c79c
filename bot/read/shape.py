"""A sentence as a line of lower-case words in which actors are numbered marks.

The patterns of ``lexicon`` are written against this shape, so that they speak of who
does what to whom without knowing any name::

    Iranian President Massoud Pezeshkian met Qatari officials in Doha.
    <n0> met <n1> in <p2> .

A mark's letter says how its actor stands in the sentence:

    n  free: can be a subject or a direct object
    p  after a preposition, so never the subject of a verb
    d  a modifier: "Israeli" in "Israeli strikes", "Iran's" in "Iran's attack"
    a  a thing of the actor's: "Iranian embassy", "Israeli soldiers"
    v  private people of the actor's, or its opponents: "Iranian students", "Trump's rivals"
    x  part of some other name or of a compound: nobody acts here
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import AliasKind, Mention
from bot.read import words
from bot.read.beside import (
    are_a_few,
    are_some,
    elected,
    envoy,
    former_before,
    in_compound,
    is_only_a_place,
    is_plural,
    names_a_club,
    only_some,
    person_at,
    private_people,
    stands,
)
from bot.read.pairs import Pair
from bot.read.phrases import Item, Phrase, coordinated, governed

_TOKEN = re.compile(r"[’']s\b|\d{1,3}(?:,\d{3})+(?!\d)|\w+(?:[-’'.]\w+)*|[^\w\s]")
_INITIALISM = re.compile(r"(?:\w\.)+\w?\.?\Z")
# Left out of the line: when something is done, and what stands in brackets, may stand
# anywhere between a subject, its verb and its object.
BESIDE = re.compile(
    r" (?:(?:early |late )?on )?(?:late |early )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"(?: (?:morning|afternoon|evening|night))?(?= )"
    r"| (?:today|yesterday|tonight|overnight)(?= )"
    r"| (?:this|last) (?:week|weekend|month|year|morning|evening|afternoon)(?= )"
    r"| \( [^()]{1,40} \)(?= )"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """``line`` is padded with a space at both ends; mark N stands for ``phrases[N]``."""

    line: str
    phrases: tuple[Phrase, ...]
    items: tuple[Item | Phrase, ...]
    whole: str
    """The line with what ``BESIDE`` leaves out: a word for each of ``items``."""


def shape(
    text: str, start: int, end: int, mentions: Sequence[Mention], pair: Pair | None = None
) -> Shape:
    """Shape ``text[start:end]``; ``mentions`` are those inside it, in order, not overlapping.

    The mention of ``pair``, if there is one among them, stands for two actors.
    """
    items = _items(text, start, end, mentions)
    found: list[Item | Phrase] = []
    at = 0
    while at < len(items):
        item = items[at]
        # Most words are neither: asking _phrase about them costs half the time of a shape.
        phrase, after = None, at
        if item.mention is not None or item.word in words.TITLES:
            phrase, after = _phrase(items, at)
        if phrase is None:
            found.append(item)
            at += 1
        else:
            found.append(phrase)
            at = after
    if pair is not None:
        found = [_of_both(item, pair) for item in found]
    return _render(governed(coordinated(found)))


def _of_both(item: Item | Phrase, pair: Pair) -> Item | Phrase:
    if isinstance(item, Phrase) and item.start == pair.mention.start:
        return replace(item, actors=pair.actors, plural=True)
    return item


def _items(text: str, start: int, end: int, mentions: Sequence[Mention]) -> list[Item]:
    items: list[Item] = []
    at = start
    for mention in mentions:
        if mention.start < at:
            continue
        items += _words(text, at, mention.start)
        items.append(Item("", mention.start, mention.end, True, mention))
        at = mention.end
    return items + _words(text, at, end)


def _words(text: str, start: int, end: int) -> list[Item]:
    return [
        Item(
            word.lower().replace("’", "'").replace(",", "") or ",", *token.span(), word[0].isupper()
        )
        for token in _TOKEN.finditer(text, start, end)
        if (word := token[0])
    ]


def _phrase(items: list[Item], at: int) -> tuple[Phrase | None, int]:
    """Read the noun phrase that starts at ``at``, if an actor heads it."""
    first = at
    former = False
    while at < len(items) and items[at].mention is None and items[at].word in words.TITLES:
        former = former or items[at].word in words.FORMER
        at += 1
    titled = at > first
    if at < len(items) and items[at].mention is not None:
        return _after_mention(items, first, at, former)
    if titled and at + 1 < len(items) and _belongs(items, at):
        inner = at + 1
        while inner < len(items) and items[inner].word in words.DETERMINERS:
            inner += 1
        if inner < len(items) and items[inner].mention is not None:
            phrase, after = _after_mention(items, first, inner, former)
            if phrase is not None and phrase.letter == "n" and not only_some(items[at - 1], phrase):
                return replace(phrase, letter="x") if former else phrase, after
    return None, first


def _belongs(items: list[Item], at: int) -> bool:
    """Tell whether what stands at ``at`` says whose the title before it is.

    "Leaders from Lebanon" are Lebanese; "troops from Lebanon" may be withdrawn from there.
    """
    if items[at].word == "from":
        return items[at - 1].word not in words.MILITARY
    return items[at].word in ("of", "for")


def _after_mention(
    items: list[Item], first: int, at: int, former: bool
) -> tuple[Phrase | None, int]:
    """Read on from the mention at ``at``: its actor, or whom it only points at."""
    mention = items[at].mention
    assert mention is not None  # noqa: S101 - the caller looked
    actor, head_end = mention.actor, items[at].end
    at += 1
    whose = actor.startswith("person:") and (
        person_at(items, at) or stands(items, at, *words.CAMPAIGNS)  # whose lawyer that is
    )
    if whose or in_compound(items, at - 1) or names_a_club(items, at - 1):
        return Phrase((actor,), "x", items[first].start, head_end), at
    beyond = at + stands(items, at, "'s", "'")
    if actor.startswith("state:") and envoy(items, beyond):
        after, _ = _titles(items, beyond + 1)
        return _titled(items, first, after, actor)
    if people := private_people(items, beyond):
        if named := person_at(items, people):  # "Trump ally Ada Ruritan"
            return Phrase((named,), "n", items[first].start, items[people].end), people + 1
        return Phrase((actor,), "v", items[first].start, items[people - 1].end), people
    return _standing(items, first, at, mention, former or former_before(items, first))


def _standing(
    items: list[Item], first: int, at: int, mention: Mention, former: bool
) -> tuple[Phrase | None, int]:
    """Read how the actor of a mention that ends before ``at`` stands."""
    actor, head_end = mention.actor, items[at - 1].end
    person = actor.startswith("person:")
    if mention.kind is not AliasKind.DEMONYM and stands(items, at, "'s", "'"):
        return _owned(items, first, at + 1, actor, head_end)
    if mention.kind is AliasKind.DEMONYM and is_plural(mention.alias):
        letter = "v" if are_some(items, first, at, mention.alias) else "n"
        return Phrase((actor,), letter, items[first].start, head_end, plural=True), at
    if mention.kind is AliasKind.DEMONYM:
        return _owned(items, first, at, actor, head_end, former=former)
    if actor.startswith("office:"):
        after, _ = _titles(items, at, found=True)
        named, after = _name_after_titles(items, after, actor)
        return Phrase((named,), "n", items[first].start, items[after - 1].end), after
    if person and stands(items, at, *words.BODIES_OF_PERSONS):
        after, _ = _titles(items, at + 1)
        return Phrase((actor,), "n", items[first].start, items[after - 1].end), after
    after, titles = _titles(items, at)
    if titles and (person or former or elected(items, at, after, actor)):
        # "A Trump adviser" and "a former White House strategist" are neither.
        return Phrase((actor,), "x", items[first].start, items[after - 1].end), after
    if titles:
        return _titled(items, first, after, actor)
    if is_only_a_place(items, first, at, mention):
        return Phrase((actor,), "x", items[first].start, head_end), at
    if at < len(items) and items[at].mention is None and not person:
        following = items[at]
        if following.word in words.THINGS:
            return Phrase((actor,), "a", items[first].start, following.end), at + 1
        channel = following.word.isdigit() and at + 1 < len(items) and items[at + 1].capital
        if channel or (following.capital and following.word not in words.TIME):
            return Phrase((actor,), "x", items[first].start, head_end), at
    town = mention.kind in (AliasKind.CAPITAL, AliasKind.METONYM)
    return Phrase((actor,), "n", items[first].start, head_end, town=town), at


def _titled(items: list[Item], first: int, after: int, actor: str) -> tuple[Phrase, int]:
    """The phrase of whoever the titles before ``after`` name, or of ``actor`` whom they serve."""
    last = items[after - 1].word
    named, end = _name_after_titles(items, after, actor)
    plural = end == after and (last in ("police", "troops") or last.endswith("s"))
    unknown, few = end > after and named == actor, end == after and are_a_few(items, first, last)
    return Phrase((named,), "n", items[first].start, items[end - 1].end, plural, unknown, few), end


def _owned(
    items: list[Item], first: int, at: int, actor: str, head_end: int, former: bool = False
) -> tuple[Phrase | None, int]:
    """What follows a demonym or a possessive decides whether the actor acts or only modifies."""
    after, titles = _titles(items, at)
    former = former or any(items[i].word in words.FORMER for i in range(at, after))
    former = former or elected(items, at, after, actor)
    near = {one.word for one in items[at : after + 1]}
    if actor.startswith("state:") and near & words.REBELS:
        return Phrase((actor,), "x", items[first].start, items[after - 1].end), after
    if titles and actor.startswith("office:") and items[after - 1].word in words.NEAR_OFFICE:
        return Phrase((actor,), "x", items[first].start, items[after - 1].end), after
    if titles:
        person = actor.startswith("person:") and not stands(items, at, *words.BODIES_OF_PERSONS)
        phrase, after = _titled(items, first, after, "" if former or person else actor)
        if phrase.actors[0]:
            return phrase, after
        return Phrase((actor,), "x", items[first].start, items[after - 1].end), after
    if other := person_at(items, at):
        return Phrase((other,), "n", items[first].start, items[at].end), at + 1
    skip = at
    while skip < len(items) and items[skip].word in words.ADJECTIVES:
        skip += 1
    if skip < len(items) and items[skip].word in words.THINGS:
        return Phrase((actor,), "a", items[first].start, items[skip].end), skip + 1
    return Phrase((actor,), "d", items[first].start, head_end), at


def _titles(items: list[Item], at: int, *, found: bool = False) -> tuple[int, bool]:
    """Pass over titles and institutions ("foreign minister and deputy premier")."""
    while at < len(items) and items[at].mention is None:
        word = items[at].word
        if word in words.TITLES:
            found = found or word in words.ACTING
            at += 1
        elif (
            word == "and"
            and found
            and at + 1 < len(items)
            and items[at + 1].mention is None
            and items[at + 1].word in words.TITLES
        ):
            at += 1
        else:
            break
    return at, found


def _name_after_titles(items: list[Item], at: int, actor: str) -> tuple[str, int]:
    """A person named after the titles is who acts; an unknown name still speaks for ``actor``."""
    if at < len(items) and items[at].mention is not None:
        mention = items[at].mention
        if mention is not None and mention.actor.startswith("person:"):
            return mention.actor, at + 1
        return actor, at
    end = at
    while (
        end < len(items)
        and end - at < 6
        and items[end].mention is None
        and (items[end].capital or (end > at and items[end].word in words.NAME_PARTICLES))
    ):
        end += 1
    while end > at and items[end - 1].word in words.NAME_PARTICLES:
        end -= 1
    return actor, end


def _render(found: list[Item | Phrase]) -> Shape:
    parts: list[str] = []
    phrases: list[Phrase] = []
    for item in found:
        if isinstance(item, Phrase):
            parts.append(f"<{item.letter}{len(phrases)}>")
            phrases.append(item)
        else:
            word = item.word
            if "." in word and _INITIALISM.match(word):
                word = word.replace(".", "")
            parts.append(word)
    whole = f" {' '.join(parts)} "
    return Shape(BESIDE.sub("", whole), tuple(phrases), tuple(found), whole)
