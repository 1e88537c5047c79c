"""Resolve *he* or *the two countries*: pronouns that open a sentence, and pairs of actors.

A pronoun means the subject of the previous sentence. *The two countries*, *both sides* and *the two
leaders* are searched from the nearest sentence back, within the paragraph; unless exactly two
actors fit, they stay unresolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.models import AliasKind, Mention
from bot.read import role_words
from bot.read.role_words import TIME
from bot.read.short_names import overlap
from bot.text.english import is_common, is_ing, is_verb_form
from bot.text.names import HONORIFICS

_OPENS = re.compile(
    r"(?:But |And |Then |Later |Still, |Instead, |Meanwhile, )?"
    r"(?P<word>He|he|She|she|It|it|They|they)(?= [a-z])"
)
# ", she said" at the end of a statement is mostly another person, named before.
_INSIDE = re.compile(
    r"(?:,(?! (?:he|she) (?:said|says|told|added|wrote|noted|tweeted|explained))|"
    r"\b(?:and|but|that|when|while|after|because|before|as|until|if|said|says|whether))"
    r" (?P<word>he|she)(?= [a-z])"
)
_AFTER_SUBJECT = re.compile(r"(?:,[^,;]{1,110},| \([^()]{1,60}\))? (?P<word>[a-z]+)(?![\w’'-])")
_SAY = r"(?:said|says|told|added|wrote|warned|noted|explained|tweeted)"
_SPOKE_BEFORE = re.compile(r",[”\"’'] (?:" + _SAY + r" )?\Z")
_SPOKE_AFTER = re.compile(rf"(?: {_SAY}\b|[^“\"]{{0,60}}\.\Z)")
_NAME = re.compile(r"(?<![\w’'-])[A-Z][a-z]+(?:[A-Z][a-z]+)?(?![\w-])")
_OF_SOMEBODY = role_words.PRIVATE | role_words.TITLES | role_words.BODIES_OF_PERSONS
_OWNS = re.compile(rf"[’']s\b| (?:{'|'.join(sorted(_OF_SOMEBODY))})\b")
"""*Trump's adviser said he*, *Trump lawyer Ada Ruritan said he*: the adviser, the lawyer."""
_ADJUNCT = re.compile(
    r"(?:(?:After|Before|While|Since|Without|By|In|On|Upon|Besides|When|Despite|Instead of) )?"
    r"(?P<doing>[A-Za-z-]+ing) (?=[^,]*,)"
)
"""*After meeting with Hentzau, he left*: the subject of an opening participle is *he*."""
_NEAR = 40
_SPEAKS = re.compile(r"\b(?:he|she) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a sentence, and the span of the sentence that names it.

    ``word`` is the pronoun used for it since: after *he*, *she* is somebody else.
    """

    actors: tuple[str, ...]
    span: tuple[int, int]
    word: str | None = None


def subject_of(text: str, span: tuple[int, int], mentions: Sequence[Mention]) -> Subject | None:
    """Return the subject of a sentence, which a pronoun in the next may mean."""
    if not mentions:
        return None
    first = mentions[0]
    for other in mentions[1:]:  # "US President" and the name after it are one
        first = other if 0 <= other.start - first.end <= 1 else first
    after = _AFTER_SUBJECT.match(text, first.end, span[1])
    acts = after is not None and (is_verb_form(after["word"]) or after["word"].endswith("ly"))
    if acts and first.kind is not AliasKind.DEMONYM and not _named_before(text, span, first):
        return Subject((first.actor,), span)
    # “Roy is old,” Sneade said. He ...: Roy.
    speaker = mentions[-1]
    spoke = _SPOKE_BEFORE.search(text, span[0], speaker.start)
    if spoke and _SPOKE_AFTER.match(text, speaker.end, span[1]):
        return None if _unknown(text, *span, mentions) else Subject((speaker.actor,), span)
    return None


def _named_before(text: str, span: tuple[int, int], first: Mention) -> bool:
    """Return whether a sentence has an unknown name, or a quote, before its first mention."""
    if any(mark in text[span[0] : first.start] for mark in '“"'):
        return True
    return _unknown(text, span[0], first.start, [])


def opening_pronoun(text: str, span: tuple[int, int]) -> str | None:
    """Return the pronoun that begins a sentence."""
    match = _OPENS.match(text, *span)
    return match["word"].lower() if match else None


def _pronoun(text: str, span: tuple[int, int], subject: Subject) -> tuple[int, int] | None:
    """Return the span of a sentence's opening pronoun if it can mean ``subject``."""
    match = _OPENS.match(text, *span)
    if match is None or not _suits(match["word"].lower(), subject):
        return None
    return match.span("word")


def resolved(
    text: str, span: tuple[int, int], mentions: Sequence[Mention], subject: Subject | None
) -> tuple[list[Mention], bool]:
    """Return a sentence's mentions plus those of its pronouns, and whether ``subject`` is one.

    The added mentions are for reading acts only; they name no actor by an alias.
    """
    at = _pronoun(text, span, subject) if subject is not None else None
    if at is not None and subject is not None:
        return [_mention(text, at, subject.actors[0]), *mentions], True
    people = [m for m in mentions if m.actor.startswith("person:")]
    if not people or _SPEAKS.search(text, *span) is None:
        return list(mentions), False
    for match in _INSIDE.finditer(text, *span):
        before = [m for m in people if m.end <= match.start("word")]
        named = {m.actor for m in before}
        # "Trump's adviser said he": the adviser.
        owns = any(_OWNS.match(text, m.end) for m in before)
        # "He believed Trump should go": somebody else.
        again = any(0 <= m.start - match.end() < _NEAR and m.actor in named for m in people)
        # "Jackson told Cornyn she": Jackson.
        others = _unknown(text, span[0], match.start("word"), mentions)
        if _opens_with_adjunct(text, span, match.start()):
            continue
        if len(named) == 1 and not owns and not again and not others:
            added = _mention(text, match.span("word"), named.pop())
            return sorted([*mentions, added], key=lambda m: m.start), False
    return list(mentions), False


def _opens_with_adjunct(text: str, span: tuple[int, int], comma: int) -> bool:
    """Return whether the text before a comma is an adjunct of the subject: *Leaving Doha*."""
    found = _ADJUNCT.match(text, *span)
    return (
        found is not None
        and is_ing(found["doing"].lower())
        and text.find(",", found.end()) == comma
    )


def _unknown(text: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Return whether a stretch contains a name that is not a mention."""
    overlaps = overlap([(m.start, m.end) for m in mentions])
    return any(
        not overlaps(*name.span())
        and not is_common(key := name[0].lower())
        and key not in TIME
        and key not in HONORIFICS
        for name in _NAME.finditer(text, start, end)
    )


def _suits(word: str, subject: Subject) -> bool:
    if len(subject.actors) != 1 or subject.word not in (None, word):
        return False
    kinds = {"they": ("group:",), "it": ("state:", "org:", "group:")}
    return subject.actors[0].startswith(kinds.get(word, ("person:", "office:")))


def _mention(text: str, at: tuple[int, int], actor: str) -> Mention:
    return Mention(
        field="text", start=at[0], end=at[1], actor=actor, alias=text[at[0] : at[1]],
        kind=AliasKind.NAME,
    )  # fmt: skip


_PAIR = re.compile(
    r"\b(?:(?:[Tt]he|[Tt]hese) two|[Bb]oth) "
    r"(?:(?P<states>countries|nations|states|governments|neighbou?rs)|(?P<sides>sides|parties)|"
    r"(?P<people>leaders|presidents|ministers|foreign ministers|prime ministers|men|politicians|"
    r"diplomats|officials))\b(?![’'-])"
)
_TWO = 2
_FITS = {
    "states": ("state:",),
    "sides": ("state:", "group:"),
    "people": ("person:", "office:"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors that a phrase stands for; ``span`` is the sentence that first names them."""

    mention: Mention
    actors: tuple[str, str]
    span: tuple[int, int]


def pair_in(
    text: str,
    span: tuple[int, int],
    mentions: Sequence[Mention],
    before: Sequence[tuple[tuple[int, int], Sequence[Mention]]],
) -> Pair | None:
    """Return the first pair of a sentence that its paragraph resolves.

    ``mentions`` are the sentence's own, ``before`` the sentences of the paragraph up to it, each
    with its mentions, in order.
    """
    match = _PAIR.search(text, *span)
    if match is None or any(m.start < match.end() and match.start() < m.end for m in mentions):
        return None
    kinds = _FITS[str(match.lastgroup)]
    own = (span, [m for m in mentions if m.end <= match.start()])
    # "Qatar urged both countries to sign": Qatar is a third.
    for sentences in ([own, *reversed(before)], [*reversed(before)]):
        for where, named in _nearest(sentences, kinds):
            if len(named) == _TWO:
                return _pair(match, named, where)
    return None


def _nearest(
    sentences: Sequence[tuple[tuple[int, int], Sequence[Mention]]], kinds: tuple[str, ...]
) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
    """Yield the nearest two or more actors, and where they are named; three are not a pair."""
    found: list[str] = []
    for where, some in sentences:
        found += [m.actor for m in some if m.actor.startswith(kinds)]
        if len(set(found)) > 1:
            yield where, tuple(dict.fromkeys(found))
            return


def _pair(match: re.Match[str], named: tuple[str, ...], span: tuple[int, int]) -> Pair:
    mention = Mention(
        field="text", start=match.start(), end=match.end(), actor=named[0], alias=match[0],
        kind=AliasKind.NAME,
    )  # fmt: skip
    return Pair(mention, (named[0], named[1]), span)
