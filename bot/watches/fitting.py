"""Whether an article is about a topic, and by which words of it: pure.

News tells first what it is about; further down stands what led to it, such as a war that every
report recalls. So only a fact, or a sentence, among what stands first counts, or the title.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.models import ActorType, AliasKind, Evidence, Fact, Mention, Status, Topic
from bot.search.query import running
from bot.store.news import Item
from bot.text.sentences import sentences
from bot.watches.topics import CLASS_WORDS, in_words

LEAD = 1000
"""Characters of a text that tell what it is about, ..."""

NAMED = 400
"""... and of those the first, in which an actor counts of whom no fact is told."""

STALE = timedelta(days=7)
"""What took place so long before it was published is recalled, not reported."""

_BY_NAME = {AliasKind.NAME, AliasKind.ACRONYM, AliasKind.TRANSLITERATION, AliasKind.SURNAME}
_BY_NAME |= {AliasKind.OFFICE}
"""*American airlines* and *Hollywood* are no news of the United States."""

_READ = 50_000
"""Characters of a text in which phrases are looked for."""

Groups = Sequence[Collection[str]]
"""Of each actor of a topic all ids that count as it."""


class Fit(NamedTuple):
    """Why an article is told: the words of it that fit, as a fact where they tell one."""

    evidence: Evidence
    fact: Fact | None
    why: str


def fit(topic: Topic, groups: Groups, item: Item) -> Fit | None:
    """How an article fits a topic; None where it does not."""
    quoted = [_saying(phrase, item) for phrase in topic.phrases]
    if None in quoted:
        return None
    if topic.classes:
        facts = [fact for fact in _of(item, groups) if fact.event_class in topic.classes]
        if not facts:
            return None
        best = max(facts, key=lambda fact: _worth(fact, topic))
        kind = CLASS_WORDS[best.event_class]
        about = f" about {_names(topic)}" if topic.actors else ""
        return Fit(best.evidence[0], best, f"a sentence{about} tells of {kind}")
    if topic.actors:
        return _about(topic, groups, item)
    saying = quoted[0]
    return Fit(saying, None, f"the article says {in_words(topic)}") if saying else None


def _about(topic: Topic, groups: Groups, item: Item) -> Fit | None:
    facts = _of(item, groups)
    if facts:
        best = max(facts, key=lambda fact: _worth(fact, topic))
        told = "what they did or plan together" if len(groups) > 1 else "what they did or plan"
        return Fit(best.evidence[0], best, f"the article names {_names(topic)} and tells {told}")
    named = _naming(topic, groups, item)
    if named is None:
        return None
    where = {"title": "the title names", "text": "the article names"}[named.field]
    early = " at its beginning" if len(groups) == 1 and named.field == "text" else ""
    return Fit(named, None, f"{where} {_names(topic)}{early}")


def _names(topic: Topic) -> str:
    return in_words(Topic(actors=topic.actors))


def _of(item: Item, groups: Groups) -> list[Fact]:
    """The facts told first and lately that somebody of every group has a part in."""
    return [
        fact
        for fact in item.facts
        if fact.evidence
        and _tells(fact.evidence[0], fact, item)
        and all(_parties(fact).intersection(group) for group in groups)
    ]


def _tells(proof: Evidence, fact: Fact, item: Item) -> bool:
    article = item.stored.article
    came = (article.published or article.first_seen).date()
    stale = fact.event_date is not None and came - fact.event_date > STALE
    return not stale and (proof.field == "title" or proof.start < LEAD)


def _parties(fact: Fact) -> set[str]:
    roles = (fact.source_actor, fact.target_actor, fact.claimant)
    return {role for role in roles if role}


def _worth(fact: Fact, topic: Topic) -> tuple[bool, bool, bool, int]:
    """What is told first: what has the words asked for, then what took place, then two sides."""
    words = _words(fact.evidence[0].quote)
    says = all(_holds(words, _words(phrase)) for phrase in topic.phrases)
    took_place = fact.status in (Status.HAPPENED, Status.ONGOING)
    return says, took_place, fact.target_actor is not None, -fact.evidence[0].start


def _naming(topic: Topic, groups: Groups, item: Item) -> Evidence | None:
    """The words that name one of every group: a sentence before the title, which is shown."""
    revision = item.stored.revision
    until = NAMED if len(groups) == 1 else LEAD
    named = [one for one in item.mentions if one.field == "text" and one.start < until]
    if len(groups) == 1:
        named = [one for one in named if one.kind in _BY_NAME and not _town(one, topic)]
    if _all_named(groups, named):
        for start, end in sentences(revision.text[: until + LEAD]):
            if _all_named(groups, [one for one in named if start <= one.start < end]):
                return _evidence(item, start, end)
    titled = [one for one in item.mentions if one.field == "title" and not _town(one, topic)]
    return _title(item) if _all_named(groups, titled) else None


def _town(mention: Mention, topic: Topic) -> bool:
    """Whether it names a place that only lies where a topic has an actor."""
    followed = {actor for actor, _ in topic.actors}
    return mention.actor.startswith(f"{ActorType.PLACE.value}:") and mention.actor not in followed


def _all_named(groups: Groups, mentions: Sequence[Mention]) -> bool:
    named = {one.actor for one in mentions}
    return all(named.intersection(group) for group in groups)


def _saying(phrase: str, item: Item) -> Evidence | None:
    """The first sentence, else the title, that has the words of a phrase one after another."""
    wanted = _words(phrase)
    revision = item.stored.revision
    if not wanted:
        return None
    text = revision.text[:_READ]
    if _holds(_words(text), wanted):
        for start, end in sentences(text):
            if _holds(_words(text[start:end]), wanted):
                return _evidence(item, start, end)
    return _title(item) if _holds(_words(revision.title), wanted) else None


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text; many watches look for theirs in the same few."""
    return tuple(running(text))


def _holds(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))


def _title(item: Item) -> Evidence:
    title = item.stored.revision.title
    return Evidence(
        field="title",
        start=0,
        end=len(title),
        quote=title,
        article=item.stored.article.id,
        revision=item.stored.revision.n,
    )


def _evidence(item: Item, start: int, end: int) -> Evidence:
    return Evidence(
        start=start,
        end=end,
        quote=item.stored.revision.text[start:end],
        article=item.stored.article.id,
        revision=item.stored.revision.n,
    )
