"""A question as a topic to follow, and a topic in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.answer.asked.classes import classes_of
from bot.answer.asked.question import Question
from bot.errors import BadQuery
from bot.models import EventClass, Match, Topic, Watch
from bot.search.query import running

MOST_ACTORS = 3
NOTHING = (
    "Say what to follow: an actor, a pair, a kind of event or words, "
    "as in /watch add Qatar Iran, /watch add type:sanction, /watch add “red sea”."
)

CLASS_WORDS = {
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
    """What a question asks about, as a topic; ``words`` are those it was typed in.

    Beside them ``phrases`` were quoted, which must stand so. What names nobody must stand as it
    was typed, beside a name or a kind of event each word of it somewhere. Raises BadQuery where
    nothing can be followed.
    """
    actors: tuple[tuple[str, str], ...] = ()
    classes: frozenset[EventClass] = frozenset()
    if question is not None:
        if question.filters.publishers or question.filters.without:
            raise BadQuery("A watch takes neither from: nor words with a minus.", about=words)
        actors, classes = _actors(question.subjects), question.classes
        others = tuple(term for term in question.terms if not classes_of([term]))
        if others and not (actors or question.filters.classes):
            classes, others = frozenset(), (" ".join(words.split()),)
        phrases = (*phrases, *others)
    phrases = tuple(phrase for phrase in phrases if running(phrase))  # *the* stands everywhere
    topic = Topic(actors=actors, classes=tuple(sorted(classes)), phrases=phrases)
    if not (topic.actors or topic.classes or topic.phrases):
        raise BadQuery(NOTHING, about=words)
    return topic


def of_actors(subjects: Sequence[Match]) -> Topic:
    """The topic of a brief: all of its subjects together."""
    return Topic(actors=_actors(subjects))


def _actors(subjects: Sequence[Match]) -> tuple[tuple[str, str], ...]:
    if len(subjects) > MOST_ACTORS:
        raise BadQuery(
            f"A watch may have {MOST_ACTORS} actors, all of which an article must name: "
            "follow the others apart.",
            about=subjects[0].query,
        )
    return tuple((match.actor, match.name) for match in subjects)


def in_words(topic: Topic) -> str:
    """A topic as its followers read it: ``Iran and Qatar: talks and visits, “red sea”``."""
    names = _and([name for _, name in topic.actors])
    rest = [*(CLASS_WORDS[one] for one in topic.classes), *(f"“{one}”" for one in topic.phrases)]
    return ": ".join(filter(None, [names, ", ".join(rest)]))


def how(watch: Watch) -> str:
    """How a watch tells what is new, in words."""
    if watch.digest_only:
        return "in the digest only"
    if watch.least > 1:
        return f"at once, when {watch.least} independent sources tell it"
    return "at once, one alert a story"


def silent(watch: Watch, now: datetime) -> str:
    """Why a watch tells nothing at once for the time being; empty where it does."""
    if watch.paused:
        return ", paused"
    if watch.muted_until is not None and now < watch.muted_until:
        return f", muted until {watch.muted_until:%Y-%m-%d %H:%M} UTC"
    return ""


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
