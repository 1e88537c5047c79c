"""Where an article names actors: one pass by the trie, then what only the article can tell.

The article tells which Korea is meant (the one it names in full), whom a bare surname
means (the person it introduced), which emir *the Emir* is (the one it named with his
country), and by its date who held the office that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.match.actors import ActorIndex
from bot.match.trie import Hit, Named, Trie
from bot.models import AliasKind, Field_, Mention
from bot.read.capitals import placed
from bot.read.houses import houses
from bot.read.offices import held, state_titles
from bot.read.proper import american_georgia, part_of_other_name
from bot.read.short import surnames, titles, without_namesakes

_GEORGIA = "state:geo"


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
    taken: dict[Field_, list[tuple[int, int]]] = {"title": [], "text": []}
    for one in found:
        taken[one.field].append((one.hit.start, one.hit.end))
    mentions += surnames(fields, mentions, taken, index)
    mentions = without_namesakes(fields, mentions)
    mentions += houses(fields, mentions, index)
    return [
        mention
        for field, words in fields
        for mention in _in_place(field, words, mentions, index, published)
    ]


def _in_place(
    field: Field_,
    text: str,
    mentions: Sequence[Mention],
    index: ActorIndex,
    published: date | None,
) -> list[Mention]:
    """Return one field's mentions in order, with those of offices that need their place."""
    here = sorted((m for m in mentions if m.field == field), key=lambda m: m.start)
    here = state_titles(text, placed(text, here), index)
    here = [held(text, m, index, published) for m in here]
    if field == "text":
        here += titles(text, here, index, published)
        here.sort(key=lambda m: m.start)
    return here


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
