"""Facts by the trained reader, of a whole article: a preview of what will replace the patterns.

``dragoman read --trained`` and ``python -m tests.bench facts`` show what it finds; what is stored
is still read by ``bot/read/reading.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from bot.match.actors import ActorIndex
from bot.match.provisional import newcomers, telling
from bot.models import FoundFact, Mention, Quote, Reading
from bot.read.acting import acting, likely
from bot.read.extraction import extract
from bot.read.happenings import with_sides
from bot.read.introduced import find_introduced
from bot.read.linking import Sentence, Span, facts_of, may_state_facts
from bot.read.mentions import find_mentions
from bot.read.pairs import pair_in
from bot.read.pronouns import Subject, opening_pronoun, resolved, subject_of
from bot.read.reading import Located, merge, paragraphs
from bot.read.sports import in_earnest, is_sport
from bot.read.wholes import wholes
from bot.text.sentences import sentences

VERSION = "trained-1"


class _Item(NamedTuple):
    """A sentence to be read, and whom its opening pronoun stands for, if it has one."""

    sentence: Sentence
    subject: Subject | None = None


def read_trained(
    title: str, text: str, published: datetime | None, index: ActorIndex, gazetteer_version: str
) -> Reading:
    """Read mentions, whom an article introduces, and facts with their probability."""
    day = published.date() if published else None
    mentions = sorted(
        find_mentions(title, text, index, day), key=lambda m: (m.field, m.start, -m.end)
    )
    introduced = find_introduced(title, text, mentions, index)
    whole = wholes({"title": title, "text": text}, mentions, index, day)
    named = acting(title, text, whole, introduced)
    known = index.beside(newcomers(introduced)) if introduced else index
    game = is_sport(title, text)
    found = [
        fact
        for fact in _facts(title, text, named, day)
        if likely(fact) and (not game or in_earnest(fact))
    ]
    facts = tuple(with_sides(one, known, day) for one in merge(found, known))
    introduced, facts = telling(introduced, facts)
    return Reading(
        reader_version=VERSION,
        gazetteer_version=gazetteer_version,
        mentions=tuple(mentions),
        facts=facts,
        introduced=introduced,
    )


def _facts(
    title: str, text: str, mentions: Sequence[Mention], day: date | None
) -> Iterator[FoundFact]:
    """Yield the facts of a title and a text; the network reads all their sentences at a time."""
    located = Located(mentions, "title")
    items = [
        _Item(Sentence("title", title, span, located.inside(*span))) for span in sentences(title)
    ]
    items += _text_items(text, Located(mentions, "text"))
    items = [one for one in items if may_state_facts(one.sentence)]
    acts = extract([one.sentence.quote for one in items])
    for item, some in zip(items, acts, strict=True):
        for fact in facts_of(item.sentence, some, day):
            yield _with_others(text, fact, item)


def _text_items(text: str, located: Located) -> Iterator[_Item]:
    subject: Subject | None = None
    before: Span | None = None
    for paragraph in paragraphs(text, sentences(text)):
        earlier: list[tuple[Span, Sequence[Mention]]] = []
        for span in paragraph:
            if opening_pronoun(text, span) is None:
                subject = None
            elif subject is None and before is not None:
                subject = subject_of(text, before, located.inside(*before))
            mentions, stands_for = resolved(text, span, located.inside(*span), subject)
            pair = pair_in(text, span, mentions, earlier)
            if pair is not None:
                mentions = sorted([*mentions, pair.mention], key=lambda one: one.start)
            sentence = Sentence("text", text, span, mentions, pair)
            yield _Item(sentence, subject if stands_for else None)
            before = span
            earlier.append((span, mentions))


def _with_others(text: str, fact: FoundFact, item: _Item) -> FoundFact:
    """Add the sentences that name whom a pronoun, or *the two countries*, means."""
    others: list[tuple[tuple[str, ...], Span]] = []
    if item.subject is not None:
        others.append((item.subject.actors[:1], item.subject.span))
    if (pair := item.sentence.pair) is not None and pair.span != item.sentence.span:
        others.append((pair.actors, pair.span))
    sides = {fact.source_actor, fact.target_actor, fact.claimant}
    naming = [
        Quote(field="text", start=span[0], end=span[1], quote=text[slice(*span)])
        for actors, span in others
        if sides.intersection(actors)
    ]
    return fact.model_copy(update={"evidence": (*fact.evidence, *naming)})
