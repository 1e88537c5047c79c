"""Whether an article is about a topic, and by which words of it: pure.

A passing mention is none: of one actor a fact must tell, or the title, or what stands first;
of several, a fact or one sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.models import Evidence, Fact, Mention, Status, Topic
from bot.search.query import running
from bot.store.news import Item
from bot.text.sentences import sentences
from bot.watches.topics import CLASS_WORDS, in_words

LEAD = 600
"""Characters of a text that tell what it is about, as news tells that first."""

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
    named = _naming(groups, item)
    if named is None:
        return None
    where = {"title": "the title names", "text": "the article names"}[named.field]
    early = " at its beginning" if len(groups) == 1 and named.field == "text" else ""
    return Fit(named, None, f"{where} {_names(topic)}{early}")


def _names(topic: Topic) -> str:
    return in_words(Topic(actors=topic.actors))


def _of(item: Item, groups: Groups) -> list[Fact]:
    """The facts that somebody of every group has a part in."""
    return [
        fact
        for fact in item.facts
        if fact.evidence and all(_parties(fact).intersection(group) for group in groups)
    ]


def _parties(fact: Fact) -> set[str]:
    roles = (fact.source_actor, fact.target_actor, fact.claimant)
    return {role for role in roles if role is not None}


def _worth(fact: Fact, topic: Topic) -> tuple[bool, bool, bool, int]:
    """What is told first: what has the words asked for, then what took place, then two sides."""
    words = running(fact.evidence[0].quote)
    says = all(_holds(words, running(phrase)) for phrase in topic.phrases)
    took_place = fact.status in (Status.HAPPENED, Status.ONGOING)
    return says, took_place, fact.target_actor is not None, -fact.evidence[0].start


def _naming(groups: Groups, item: Item) -> Evidence | None:
    """The words that name one of every group: a sentence before the title, which is shown."""
    revision = item.stored.revision
    until = LEAD if len(groups) == 1 else len(revision.text)
    last = max((one.end for one in item.mentions if one.field == "text"), default=0)
    for start, end in sentences(revision.text[: min(until, last) + LEAD]):
        if start >= until:
            break
        here = [one for one in item.mentions if one.field == "text" and start <= one.start < end]
        if _all_named(groups, here):
            return _evidence(item, start, end)
    titled = [one for one in item.mentions if one.field == "title"]
    return _title(item) if _all_named(groups, titled) else None


def _all_named(groups: Groups, mentions: Sequence[Mention]) -> bool:
    named = {one.actor for one in mentions}
    return all(named.intersection(group) for group in groups)


def _saying(phrase: str, item: Item) -> Evidence | None:
    """The first sentence, else the title, that has the words of a phrase one after another."""
    wanted = running(phrase)
    revision = item.stored.revision
    if not wanted:
        return None
    text = revision.text[:_READ]
    if _holds(running(text), wanted):
        for start, end in sentences(text):
            if _holds(running(text[start:end]), wanted):
                return _evidence(item, start, end)
    return _title(item) if _holds(running(revision.title), wanted) else None


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(list(words[at : at + size]) == list(wanted) for at in range(len(words) - size + 1))


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
