"""What a watch is about, and whether an article matches it.

News begins with its subject; background, such as a war that every report mentions, comes later. So
only the title, and facts and sentences near the beginning, count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.answer.question import Question, classes_of
from bot.errors import BadQuery
from bot.models import (
    ActorType,
    AliasKind,
    EventClass,
    Evidence,
    Fact,
    Match,
    Mention,
    Status,
    Topic,
    Watch,
)
from bot.search.query import running
from bot.store.watches import Item
from bot.text.sentences import sentences

MOST_ACTORS = 3
NOTHING = (
    "Say what to follow: an actor, a pair, a kind of event or words, "
    "as in /watch add Qatar Iran, /watch add type:sanction, /watch add “red sea”."
)

CLASS_NAMES = {
    EventClass.AGREE: "agreements",
    EventClass.CONSULT: "talks and visits",
    EventClass.SUPPORT: "support",
    EventClass.COOPERATE: "cooperation",
    EventClass.AID: "aid",
    EventClass.CONCEDE: "concessions",
    EventClass.RETREAT: "retreats, releases and resignations",
    EventClass.REQUEST: "requests",
    EventClass.ACCUSE: "accusations",
    EventClass.REJECT: "rejections",
    EventClass.THREATEN: "threats",
    EventClass.PROTEST: "protests",
    EventClass.SANCTION: "sanctions",
    EventClass.MOBILIZE: "mobilisation",
    EventClass.COERCE: "arrests and coercion",
    EventClass.ASSAULT: "attacks",
    EventClass.MOVE: "moves",
}
"""Classes of events as people call them."""


def topic_of(question: Question | None, words: str, phrases: tuple[str, ...] = ()) -> Topic:
    """Turn a question into a topic; ``words`` are those it was typed in.

    ``phrases`` were quoted and must appear verbatim. Words without a name must appear as they were
    typed; beside a name or a kind of event, each word somewhere. Raises BadQuery if nothing can be
    followed.
    """
    actors: tuple[tuple[str, str], ...] = ()
    classes: frozenset[EventClass] = frozenset()
    if question is not None:
        if question.filters.publishers or question.filters.without:
            raise BadQuery("A watch cannot have from: or words with a minus.", about=words)
        actors, classes = _actors(question.subjects), question.classes
        others = tuple(term for term in question.terms if not classes_of([term]))
        if others and not (actors or question.filters.classes):
            classes, others = frozenset(), (" ".join(words.split()),)
        phrases = (*phrases, *others)
    phrases = tuple(phrase for phrase in phrases if running(phrase))  # *the* is everywhere
    topic = Topic(actors=actors, classes=tuple(sorted(classes)), phrases=phrases)
    if not (topic.actors or topic.classes or topic.phrases):
        raise BadQuery(NOTHING, about=words)
    return topic


def topic_of_actors(subjects: Sequence[Match]) -> Topic:
    """The topic of a brief: all of its subjects together."""
    return Topic(actors=_actors(subjects))


def _actors(subjects: Sequence[Match]) -> tuple[tuple[str, str], ...]:
    if len(subjects) > MOST_ACTORS:
        raise BadQuery(
            f"A watch may have {MOST_ACTORS} actors, all of which an article must name: "
            "follow the others separately.",
            about=subjects[0].query,
        )
    return tuple((match.actor, match.name) for match in subjects)


def in_words(topic: Topic) -> str:
    """A topic as its followers read it: ``Iran and Qatar: talks and visits, “red sea”``."""
    named = [name for _, name in topic.actors]
    names = " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
    rest = [*(CLASS_NAMES[one] for one in topic.classes), *(f"“{one}”" for one in topic.phrases)]
    return ": ".join(filter(None, [names, ", ".join(rest)]))


def delivery_in_words(watch: Watch) -> str:
    """How the news of a watch is sent, in words."""
    if watch.digest_only:
        return "in the digest only"
    if watch.least > 1:
        return f"at once, when {watch.least} independent sources report it"
    return "at once, one alert per story"


def silence_in_words(watch: Watch, now: datetime) -> str:
    """Why a watch sends no alerts at present; empty where it does."""
    if watch.paused:
        return ", paused"
    if watch.muted_until is not None and now < watch.muted_until:
        return f", muted until {watch.muted_until:%Y-%m-%d %H:%M} UTC"
    return ""


# --- matching articles ----------------------------------------------------------------

LEAD_CHARACTERS = 1000
"""Characters of a text that say what it is about."""

NAMED_WITHIN = 400
"""The first characters, in which the mention of an actor counts without a fact."""

STALE = timedelta(days=7)
"""An event so long before publication is background, not news."""

_BY_NAME = {AliasKind.NAME, AliasKind.ACRONYM, AliasKind.TRANSLITERATION, AliasKind.SURNAME}
_BY_NAME |= {AliasKind.OFFICE}
"""Kinds of alias that count: *American airlines* and *Hollywood* are no news of the state."""

_READ = 50_000
"""Characters of a text in which phrases are looked for."""

Groups = Sequence[Collection[str]]
"""For each actor of a topic all ids that count as it."""


class TopicMatch(NamedTuple):
    """Why an article matches: the evidence, and its fact where there is one."""

    evidence: Evidence
    fact: Fact | None
    why: str


def match_topic(topic: Topic, groups: Groups, item: Item) -> TopicMatch | None:
    """Match an article with a topic; None where it does not match."""
    quoted = [_sentence_with(phrase, item) for phrase in topic.phrases]
    if None in quoted:
        return None
    if topic.classes:
        facts = [fact for fact in _of(item, groups) if fact.event_class in topic.classes]
        if not facts:
            return None
        best = max(facts, key=lambda fact: _worth(fact, topic))
        kind = CLASS_NAMES[best.event_class]
        about = f" about {_names(topic)}" if topic.actors else ""
        return TopicMatch(best.evidence[0], best, f"a sentence{about} reports {kind}")
    if topic.actors:
        return _match_actors(topic, groups, item)
    quote = quoted[0]
    return TopicMatch(quote, None, f"the article says {in_words(topic)}") if quote else None


def _match_actors(topic: Topic, groups: Groups, item: Item) -> TopicMatch | None:
    facts = _of(item, groups)
    if facts:
        best = max(facts, key=lambda fact: _worth(fact, topic))
        what = "what they did or plan together" if len(groups) > 1 else "what they did or plan"
        return TopicMatch(
            best.evidence[0], best, f"the article names {_names(topic)} and tells {what}"
        )
    named = _naming(topic, groups, item)
    if named is None:
        return None
    where = {"title": "the title names", "text": "the article names"}[named.field]
    early = " at its beginning" if len(groups) == 1 and named.field == "text" else ""
    return TopicMatch(named, None, f"{where} {_names(topic)}{early}")


def _names(topic: Topic) -> str:
    return in_words(Topic(actors=topic.actors))


def _of(item: Item, groups: Groups) -> list[Fact]:
    """The recent facts near the beginning in which an actor of every group has a role."""
    return [
        fact
        for fact in item.facts
        if fact.evidence
        and _is_current(fact.evidence[0], fact, item)
        and all(_parties(fact).intersection(group) for group in groups)
    ]


def _is_current(proof: Evidence, fact: Fact, item: Item) -> bool:
    article = item.stored.article
    published = (article.published or article.first_seen).date()
    stale = fact.event_date is not None and published - fact.event_date > STALE
    return not stale and (proof.field == "title" or proof.start < LEAD_CHARACTERS)


def _parties(fact: Fact) -> set[str]:
    roles = (fact.source_actor, fact.target_actor, fact.claimant)
    return {role for role in roles if role}


def _worth(fact: Fact, topic: Topic) -> tuple[bool, bool, bool, int]:
    """Sort key of facts: those with the words, then those that took place, then with a target."""
    words = _words(fact.evidence[0].quote)
    has_words = all(_contains(words, _words(phrase)) for phrase in topic.phrases)
    took_place = fact.status in (Status.HAPPENED, Status.ONGOING)
    return has_words, took_place, fact.target_actor is not None, -fact.evidence[0].start


def _naming(topic: Topic, groups: Groups, item: Item) -> Evidence | None:
    """A sentence that names an actor of every group, else the title."""
    revision = item.stored.revision
    until = NAMED_WITHIN if len(groups) == 1 else LEAD_CHARACTERS
    named = [one for one in item.mentions if one.field == "text" and one.start < until]
    if len(groups) == 1:
        named = [one for one in named if one.kind in _BY_NAME and not _town(one, topic)]
    if _all_named(groups, named):
        for start, end in sentences(revision.text[: until + LEAD_CHARACTERS]):
            if _all_named(groups, [one for one in named if start <= one.start < end]):
                return item.stored.evidence(start, end)
    titled = [one for one in item.mentions if one.field == "title" and not _town(one, topic)]
    return _title(item) if _all_named(groups, titled) else None


def _town(mention: Mention, topic: Topic) -> bool:
    """Whether a mention is a place within an actor of the topic."""
    followed = {actor for actor, _ in topic.actors}
    return mention.actor.startswith(f"{ActorType.PLACE.value}:") and mention.actor not in followed


def _all_named(groups: Groups, mentions: Sequence[Mention]) -> bool:
    named = {one.actor for one in mentions}
    return all(named.intersection(group) for group in groups)


def _sentence_with(phrase: str, item: Item) -> Evidence | None:
    """The first sentence, else the title, that has a phrase."""
    wanted = _words(phrase)
    revision = item.stored.revision
    if not wanted:
        return None
    text = revision.text[:_READ]
    if _contains(_words(text), wanted):
        for start, end in sentences(text):
            if _contains(_words(text[start:end]), wanted):
                return item.stored.evidence(start, end)
    return _title(item) if _contains(_words(revision.title), wanted) else None


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text, cached because many watches look at the same texts."""
    return tuple(running(text))


def _contains(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))


def _title(item: Item) -> Evidence:
    return item.stored.evidence(0, len(item.stored.revision.title), "title")
