"""What is looked for: the words of a question by how rare they are, and whom it names.

The words of names are looked for too: whoever reads *Toronto* as the police of Toronto is
still answered by what is said of Toronto.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.answer.asked.question import Question, is_function_word
from bot.answer.library import Library
from bot.match.query import QueryActor

_CAPITAL = re.compile(r"(?<=\S )[“\"]?([A-Z][\w’'-]*|\d[\w.,]*)")
"""A word with a capital, not the first; or a number."""

_BY_NAME = frozenset({"exact", "office at date", "demonym"})
"""Matches of a whole alias: of whom it is said, the reader of the article knew better."""


FEW_TEXTS = 25
"""Passages that have a word, up to which it is looked for in what else it may be, too."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question looks for.

    ``weights`` has each word's stem with its inverse document frequency; ``topic`` those
    that are no part of a name, ``capitals`` those typed as names or numbers; ``asked`` all
    words in lower case. ``groups`` has the ids of each actor named, ``names`` the stems by
    which a text names it too: none for a name matched as it stands, unless no text that
    is stored was read as naming that actor. ``spelt`` has those of every actor, by which what
    is near is found. ``besides`` are stems that a lone rare word may have been meant for: they
    find, but nothing is an answer for having them.
    """

    weights: Mapping[str, float]
    topic: frozenset[str]
    capitals: frozenset[str]
    asked: frozenset[str]
    groups: tuple[frozenset[str], ...]
    names: tuple[frozenset[str], ...]
    spelt: tuple[frozenset[str], ...] = ()
    besides: tuple[str, ...] = ()

    def share(self, bag: Collection[str]) -> float:
        """The share of the question's words that ``bag`` has, by weight; 1 of no words."""
        return _share(self.weights, bag)

    def proper(self, bag: Collection[str]) -> float:
        """The same of the words typed as names and numbers; of all, where there are none."""
        if not self.capitals:
            return self.share(bag)
        return _share({stem: self.weights[stem] for stem in self.capitals}, bag)

    def rarest(self, bag: Collection[str]) -> float:
        """The same of the three rarest words."""
        rare = sorted(self.weights.items(), key=lambda one: (-one[1], one[0]))[:3]
        return _share(dict(rare), bag)

    def topical(self, bag: Collection[str]) -> float:
        """The same of the words beyond names."""
        return _share({stem: self.weights[stem] for stem in self.topic}, bag)

    def meant(self, bag: Collection[str]) -> Collection[str]:
        """The bag, with the lone word of the topic for one that it may have been meant for."""
        if not self.besides or not self.topic.isdisjoint(bag):
            return bag
        return bag if set(self.besides).isdisjoint(bag) else {*bag, *self.topic}

    def named(self, actors: Collection[str], bag: Collection[str]) -> float:
        """The share of the actors asked about that are among ``actors`` or named in ``bag``."""
        if not self.groups:
            return 1.0
        hits = (
            not group.isdisjoint(actors) or bool(words and words.issubset(bag))
            for group, words in zip(self.groups, self.names, strict=True)
        )
        return sum(hits) / len(self.groups)


def wanted(library: Library, question: Question) -> Wanted:
    """Work out what a question looks for among what the asker may see."""
    subjects = {match.actor for match in question.subjects}
    sure = {
        one.matches[0].actor: one
        for one in reversed(question.named)
        if one.verdict == "sure" and one.matches[0].actor in subjects
    }
    groups = tuple(library.expand(match.actor) for match in question.subjects)
    names = tuple(
        _name(library, sure[match.actor], group)
        for match, group in zip(question.subjects, groups, strict=True)
    )
    topic = dict.fromkeys(library.stems(question.terms))
    spoken = [stem for one in question.named for stem in library.passages.terms(_words(one))]
    stems = [*topic, *(stem for stem in spoken if stem not in topic)]
    total = max(library.frequency(None), 1)
    return Wanted(
        weights={stem: math.log(1 + total / (1 + library.frequency(stem))) for stem in stems},
        topic=frozenset(topic),
        capitals=frozenset(
            stem
            for word in _CAPITAL.findall(question.text)
            for stem in library.passages.words(word)
            if stem in stems
        ),
        asked=frozenset(re.findall(r"\w+", question.text.lower())),
        groups=groups,
        names=names,
        spelt=tuple(
            frozenset(library.passages.terms(_words(sure[match.actor])))
            for match in question.subjects
        ),
        besides=_besides(library, question, list(topic)) if not groups else (),
    )


def _besides(library: Library, question: Question, topic: Sequence[str]) -> tuple[str, ...]:
    """What a word that stands alone, and is in few texts or none, may have been meant for."""
    if len(topic) != 1:
        return ()
    typed = {stem: word for word in question.terms for stem in library.passages.terms(word)}
    if max(map(library.frequency, typed), default=0) > FEW_TEXTS:
        return ()
    meant = (
        library.meant_as_well(stem, typed.get(stem, "")) for stem in dict.fromkeys([*typed, *topic])
    )
    return tuple(dict.fromkeys(one for found in meant for one in found if one not in topic))


def _words(name: QueryActor) -> str:
    """The words of a name as they are written: a misspelt one as its alias has it."""
    best = name.matches[0] if name.matches else None
    if best is None or best.how != "typo":
        return " ".join(word for word in name.text.split() if not is_function_word(word))
    return best.alias


def _name(library: Library, name: QueryActor, group: frozenset[str]) -> frozenset[str]:
    """The words that name an actor in a text; none where its readers know it by that name."""
    if name.matches[0].how in _BY_NAME and _is_named(library, group):
        return frozenset()
    if name.matches[0].how == "typo":
        # Whoever is meant, the words that somebody wrote are likelier than the whole alias.
        stems = library.stems(name.text.lower().split())
        if all(map(library.frequency, stems)):
            return frozenset(stems)
    return frozenset(library.passages.terms(_words(name)))


def _is_named(library: Library, group: frozenset[str]) -> bool:
    return library.passages.names(group, workspace=library.workspace, audiences=library.audiences)


def _share(weights: Mapping[str, float], bag: Collection[str]) -> float:
    whole = sum(weights.values())
    if not whole:
        return 1.0
    return sum(weight for stem, weight in weights.items() if stem in bag) / whole
