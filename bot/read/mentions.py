"""Where an article names actors: one pass by the trie, then what only the article can tell.

The article tells which Korea is meant (the one it names in full), whom a bare surname
means (the person it introduced) and which emir *the Emir* is (the one it named with
his country).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from bot.match.actors import ActorIndex
from bot.match.trie import Hit, Named, Trie
from bot.models import Actor, ActorType, AliasKind, Field_, Mention
from bot.read.proper import american_georgia, part_of_other_name
from bot.text.names import FILLERS, strip_honorifics

_GEORGIA = "state:geo"
_SHORTEST_SURNAME = 3

# *The president* of an article that names Russia's is, more often than not, another one.
_RARE_TITLES = frozenset({"emir", "amir", "sultan", "king", "crown prince", "supreme leader"})


@dataclass(frozen=True, slots=True)
class _Found:
    field: Field_
    hit: Hit


def find_mentions(
    title: str, text: str, index: ActorIndex, published: date | None = None
) -> list[Mention]:
    """Find where ``title`` and ``text`` name actors of ``index``.

    Spans are code points into the title or the text. Sorted by field (title first) and
    start; without overlap. ``published`` decides between namesakes: who held an office then.
    """
    fields: tuple[tuple[Field_, str], ...] = (("title", title), ("text", text))
    trie = index.trie
    found = [
        _Found(field, hit) for field, words in fields if words for hit in _own_names(words, trie)
    ]
    if not found:
        return []
    if any(_GEORGIA in one.hit.actors for one in found) and american_georgia(f"{title}\n{text}"):
        found = [one for one in found if one.hit.actors != (_GEORGIA,)]
    named = _named_in_full(found)
    mentions = [
        _mention(one.field, one.hit.start, one.hit.end, chosen)
        for one in found
        if (chosen := _choose(one.hit, named, index, published)) is not None
    ]
    mentions += _short_forms(fields, mentions, found, index)
    return sorted(mentions, key=lambda m: (m.field != "title", m.start))


def _own_names(text: str, trie: Trie) -> Iterator[Hit]:
    """Yield the hits that stand for their actor; of *former Qatari Prime Minister*
    and *vice president of Iran*, the state."""
    for hit in trie.scan(text):
        if not part_of_other_name(text, hit, trie.begins):
            yield hit
        elif hit.named[0].kind is AliasKind.OFFICE:
            # Its first word, then the others: the state stands at the one end or the other.
            middle = hit.start + len(text[hit.start : hit.end].split()[0])
            for start, end in ((hit.start, middle), (middle, hit.end)):
                for inner in trie.scan(text[start:end]):
                    yield replace(inner, start=inner.start + start, end=inner.end + start)


def _mention(field: Field_, start: int, end: int, named: Named) -> Mention:
    return Mention(
        field=field, start=start, end=end, actor=named.actor, alias=named.alias, kind=named.kind
    )


def _named_in_full(found: Iterable[_Found]) -> set[str]:
    """Return the actors that the article names by an alias of theirs alone."""
    return {
        one.hit.named[0].actor
        for one in found
        if len(one.hit.actors) == 1 and one.hit.named[0].kind is not AliasKind.SURNAME
    }


def _choose(hit: Hit, named: set[str], index: ActorIndex, published: date | None) -> Named | None:
    """Return whom a hit means: the only one, or the only one that the article bears out."""
    actors = hit.actors
    if len(actors) == 1:
        return hit.named[0]
    likely = [actor for actor in actors if actor in named]
    if not likely:
        likely = [a for a in actors if a.startswith("person:") and index.offices(a, published)]
    if len(likely) != 1:
        return None
    return next(one for one in hit.named if one.actor == likely[0])


def _short_forms(
    fields: Sequence[tuple[Field_, str]],
    mentions: Sequence[Mention],
    found: Sequence[_Found],
    index: ActorIndex,
) -> list[Mention]:
    """Find later short references: a surname, or *the Emir*, of whom the article named."""
    surnames, titles = _introduced(mentions, index)
    words = [re.escape(word) for word in sorted({*surnames, *titles}, key=len, reverse=True)]
    if not words:
        return []
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])")
    taken: dict[Field_, list[tuple[int, int]]] = {"title": [], "text": []}
    for one in found:
        taken[one.field].append((one.hit.start, one.hit.end))
    for spans in taken.values():
        spans.sort()
    short: list[Mention] = []
    for field, text in fields:
        for match in pattern.finditer(text):
            if _overlaps(taken[field], *match.span()):
                continue
            named = surnames.get(match[0]) or titles.get(match[0])
            if named is None:
                continue
            if match[0] in titles and _of_another(text, match):
                continue
            hit = Hit(match.start(), match.end(), (named,))
            if match[0] in surnames and part_of_other_name(text, hit, index.trie.begins):
                continue
            start = hit.start + len("the ") if match[0] in titles else hit.start
            short.append(_mention(field, start, hit.end, named))
    return short


def _overlaps(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether a stretch meets any of these spans, which are sorted and lie apart."""
    at = bisect_left(spans, (end,)) - 1
    return at >= 0 and spans[at][1] > start


def _introduced(
    mentions: Sequence[Mention], index: ActorIndex
) -> tuple[dict[str, Named], dict[str, Named]]:
    """Return the short forms that mean one actor of the article: surnames, and titles."""
    surnames: dict[str, set[Named]] = {}
    titles: dict[str, set[Named]] = {}
    for actor_id in dict.fromkeys(m.actor for m in mentions if m.kind is not AliasKind.SURNAME):
        actor = index.get(actor_id)
        if actor is None:
            continue
        if actor.type is ActorType.PERSON:
            for word in _surnames(actor):
                named = Named(actor_id, word, AliasKind.SURNAME, (1,))
                surnames.setdefault(word, set()).add(named)
        elif actor.type is ActorType.OFFICE and (title := _title(actor.name)):
            named = Named(actor_id, actor.name, AliasKind.OFFICE, (1,))
            for form in (f"the {title}", f"The {title}", f"the {title.lower()}"):
                titles.setdefault(form, set()).add(named)
    return _single(surnames), _single(titles)


def _single(forms: dict[str, set[Named]]) -> dict[str, Named]:
    return {form: next(iter(named)) for form, named in forms.items() if len(named) == 1}


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


def _title(office: str) -> str:
    """Return ``Emir`` of ``Emir of Qatar``; nothing for a title that every other state has."""
    title, sep, _ = office.partition(" of ")
    return title if sep and title.lower() in _RARE_TITLES else ""


def _of_another(text: str, match: re.Match[str]) -> bool:
    """Whether a title goes on to say whose it is: *the Emir of Kuwait*, *the President Putin*."""
    following = text[match.end() : match.end() + 4]
    return following.startswith(" of ") or bool(re.match(r" [A-Z]", following))
