"""The answer to a question: the lines that bear on it, or an honest no."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from bot.answer.asked.question import Question, is_common
from bot.answer.evidence.candidate import Candidate, diversify
from bot.answer.evidence.gathered import candidates
from bot.answer.evidence.told import from_facts
from bot.answer.evidence.wanted import wanted
from bot.answer.library import Library
from bot.answer.lines import told_once
from bot.models import Actor, ActorType, Answer, Line, Match, Nothing
from bot.text.names import to_ascii

ALL_WORDS = 0.85
"""The share of a question's words that a sentence must have where names are only words."""

LIKE, LETTERS = 0.28, 60.0
"""How like a name that is offered must be: by n-grams, 0..1, and by rapidfuzz ``ratio``."""

SHORTEST_NEAR, EDITS_NEAR = 5, 2
"""From so many letters on a name this many off is offered, where articles name who bears it."""

LINES = 10
"""Lines an answer holds; a surface may show fewer first."""


def answer(library: Library, question: Question) -> Answer | Nothing:
    """Answer from the store; ``Nothing`` where no stored sentence bears on the question."""
    found = bearing(library, question)
    left_out = _undated_left_out(library, question)
    if not found:
        return Nothing(
            query=question.text,
            subjects=question.subjects,
            period=question.period,
            nearest=_nearest(library, question),
            undated_left_out=left_out,
            articles=_articles(library, question),
        )
    return Answer(
        query=question.text,
        subjects=question.subjects,
        period=question.period,
        as_of=library.as_of,
        answered=True,
        lines=tuple(_once(library, found)[:LINES]),
        undated_left_out=left_out,
    )


def bearing(library: Library, question: Question) -> list[Candidate]:
    """What answers a question, best first; a name may be only words where nothing else does."""
    found = [one for one in candidates(library, question) if one.is_answer]
    if not found and question.named:
        # It may be the name of somebody whom nobody listed.
        words = candidates(library, question.without(question.named))
        return [one for one in words if one.is_answer and one.features.words >= ALL_WORDS]
    return found


def told_apart(library: Library, question: Question) -> Question | None:
    """Let the store tell what an unsure name means: the one of whom it can answer.

    "When will the Emir visit Tehran?" may mean any emir; a fact that fits the rest of the
    question is stored about one. None where no candidate, or more than one, has such a fact.
    """
    for name in question.unsure:
        fitting = [
            meant
            for match in name.matches[:4]
            if match.how != "office at date"
            for meant in [question.meaning(name, match)]
            if any(fit for _, fit in from_facts(library, meant, wanted(library, meant)))
        ]
        # An office and whoever holds it are one answer.
        if not fitting or any(not _alike(library, fitting[0], other) for other in fitting[1:]):
            return None
        question = fitting[0]
    return question


def _alike(library: Library, one: Question, other: Question) -> bool:
    known = frozenset().union(*(library.expand(subject.actor) for subject in one.subjects))
    return all(subject.actor in known for subject in other.subjects)


def _once(library: Library, bearing: Sequence[Candidate]) -> list[Line]:
    lines = [one.line for one in diversify(bearing)[: 4 * LINES]]
    terms = {
        line.snippet.quote: frozenset(library.passages.terms(line.snippet.quote)) for line in lines
    }
    sources = library.store.source_counts(
        library.workspace, {line.snippet.article for line in lines}
    )
    return told_once(lines, sources, terms)


def _nearest(library: Library, question: Question) -> tuple[Match, ...]:
    """Whose names look most like words that are nobody's; ordinary and tiny ones are no names."""
    words = [word for word in question.terms if len(word) > 2 and not is_common(word)]
    if question.subjects or not words:
        return ()
    typed = " ".join(words)
    near = [one for one in library.actors.nearest(typed) if one.score >= LIKE]
    found = [
        *_read_about(library, typed),
        *(one for one in near if _alike_in_letters(words, one.alias)),
    ]
    first: dict[str, Match] = {}
    for one in found:
        first.setdefault(one.actor, one)
    return tuple(first.values())


def _read_about(library: Library, typed: str) -> list[Match]:
    """States and groups that stored articles name and whose names are two letters off.

    Of names as near to what was typed (*quatr*), those that somebody wrote of come first.
    """
    key = to_ascii(typed).casefold()
    if len(key) < SHORTEST_NEAR:
        return []
    found: list[tuple[int, Actor]] = []
    for actor in library.actors.actors:
        if (
            actor.type not in (ActorType.STATE, ActorType.GROUP)
            or actor.name[:1].casefold() != key[:1]
        ):
            continue
        edits = OSA.distance(key, to_ascii(actor.name).casefold(), score_cutoff=EDITS_NEAR)
        if edits <= EDITS_NEAR:
            found.append((edits, actor))
    found.sort(key=lambda one: (one[0], one[1].id))
    return [_near(typed, actor) for _, actor in found if library.names(actor.id)]


def _near(typed: str, actor: Actor) -> Match:
    return Match(
        query=typed,
        actor=actor.id,
        name=actor.name,
        type=actor.type,
        iso3=actor.iso3,
        alias=actor.name,
        how="typo",
        score=LIKE,
        why=f"“{typed}” is two letters from {actor.name}, whom stored articles name.",
    )


def _alike_in_letters(words: Sequence[str], alias: str) -> bool:
    """Whether a name looks like what was typed, or like a word of it, to a reader too."""
    name = to_ascii(alias).casefold()
    typed = [to_ascii(word).casefold() for word in (" ".join(words), *words)]
    return any(ratio(one, name) >= LETTERS for one in typed)


def _articles(library: Library, question: Question) -> int:
    """How many articles name the subjects, whatever they say; of a period, those outside it."""
    if not question.subjects:
        return 0
    groups = [library.expand(one.actor) for one in question.subjects]
    known = library.coverage(groups, None).articles
    return known - library.coverage(groups, question.period).articles if question.period else known


def _undated_left_out(library: Library, question: Question) -> int:
    """How many undated articles name the subjects but cannot be placed in the period."""
    if question.period is None or not question.subjects:
        return 0
    groups = [library.expand(one.actor) for one in question.subjects]
    return library.coverage(groups, question.period).undated
