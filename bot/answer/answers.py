"""The answer to a question, and shared parts of all answers: lines, headings, notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from bot.answer.library import Library
from bot.answer.lines import merge_same_event
from bot.answer.question import Question, classes_of
from bot.answer.ranking import query_terms
from bot.answer.retrieval import candidates, matching_facts
from bot.answer.sufficiency import Candidate, diversify
from bot.models import Actor, ActorType, Answer, EventClass, Line, Match, Nothing
from bot.text.english import is_common
from bot.text.names import to_ascii

LINES = 10
"""The most lines of an answer; a surface may show fewer first."""


def main_classes(question: Question) -> frozenset[EventClass]:
    """Return the classes of the first word with any: *condemned* in *condemned the attack*."""
    if question.filters.classes:
        return question.filters.classes
    found = (classes_of([word]) for word in question.terms)
    return next((classes for classes in found if classes), question.classes)


def one_line_per_event(library: Library, lines: Sequence[Line]) -> list[Line]:
    """Merge lines about the same event; the line that stays counts all their sources."""
    terms = {
        one.snippet.quote: frozenset(library.passages.terms(one.snippet.quote)) for one in lines
    }
    articles = {one.snippet.article for one in lines}
    return merge_same_event(lines, library.store.source_counts(library.workspace, articles), terms)


def with_heading(heading: str, lines: Iterable[Line]) -> list[Line]:
    """Put lines under a heading."""
    return [line.model_copy(update={"heading": heading}) for line in lines]


def list_answer(
    library: Library,
    question: Question,
    lines: Iterable[Line],
    notes: Iterable[str] = (),
    *,
    reference: Iterable[str] = (),
    undated_left_out: int = 0,
) -> Answer:
    """Return an answer with these lines."""
    return Answer(
        query=question.text,
        subjects=question.subjects,
        period=question.period,
        as_of=library.as_of,
        answered=True,
        lines=tuple(lines),
        notes=tuple(notes),
        reference=tuple(reference),
        undated_left_out=undated_left_out,
    )


def with_notes(reply: Answer | Nothing, *notes: str) -> Answer | Nothing:
    """Add notes on gaps in a reply; the first one becomes the answer's ``lacking``."""
    lacking = {"lacking": notes[0]} if isinstance(reply, Answer) else {}
    return reply.model_copy(update={"notes": (*reply.notes, *notes), **lacking})


def no_answer(library: Library, question: Question, *notes: str) -> Nothing:
    """Say that nothing answers, and how many articles still name the subjects."""
    groups = library.groups(question.subjects)
    known = library.coverage(groups, None).articles if groups else 0
    return Nothing(
        query=question.text,
        subjects=question.subjects,
        period=None if groups else question.period,
        articles=known,
        notes=tuple(filter(None, notes)),
    )


# --- the answer by evidence -----------------------------------------------------------

ALL_WORDS = 0.85
"""The share of the words that a sentence needs if names are treated as plain words."""

NAME_SIMILARITY, NAME_RATIO = 0.28, 60.0
"""The least similarity of an offered name: by n-grams, 0..1, and by rapidfuzz ``ratio``."""

SHORTEST_NEAR, EDITS_NEAR = 5, 2
"""Names of at least so many letters are offered up to this many edits away."""


def answer(library: Library, question: Question) -> Answer | Nothing:
    """Answer from the store; ``Nothing`` if no stored sentence answers the question."""
    found = answering(library, question)
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
    varied = [one.line for one in diversify(found)[: 4 * LINES]]
    lines = one_line_per_event(library, varied)[:LINES]
    return list_answer(library, question, lines, undated_left_out=left_out)


def answering(library: Library, question: Question) -> list[Candidate]:
    """Return the answering candidates, best first; as a last resort names are plain words."""
    found = [one for one in candidates(library, question) if one.is_answer]
    if not found and question.named:
        # It may be the name of an actor that is on no list.
        words = candidates(library, question.without(question.named))
        return [one for one in words if one.is_answer and one.features.words >= ALL_WORDS]
    return found


def resolve_by_facts(library: Library, question: Question) -> Question | None:
    """Resolve an ambiguous name by stored facts: take the only actor that has a matching one.

    "When will the Emir visit Tehran?" may mean any emir; the store has a fact about one of them
    that matches the rest of the question. None if no candidate, or more than one, has such a fact.
    """
    for name in question.unsure:
        fitting = [
            meant
            for match in name.matches[:4]
            if match.how != "office at date"
            for meant in [question.meaning(name, match)]
            if any(fit for _, fit in matching_facts(library, meant, query_terms(library, meant)))
        ]
        # An office and its holder give the same answer.
        if not fitting or any(not _alike(library, fitting[0], other) for other in fitting[1:]):
            return None
        question = fitting[0]
    return question


def _alike(library: Library, one: Question, other: Question) -> bool:
    known = frozenset().union(*(library.expand(subject.actor) for subject in one.subjects))
    return all(subject.actor in known for subject in other.subjects)


def _nearest(library: Library, question: Question) -> tuple[Match, ...]:
    """Return actors with names most like the unknown words; skips common and tiny words."""
    words = [word for word in question.terms if len(word) > 2 and not is_common(word)]
    if question.subjects or not words:
        return ()
    typed = " ".join(words)
    near = [one for one in library.actors.nearest(typed) if one.score >= NAME_SIMILARITY]
    found = [
        *_read_about(library, typed),
        *(one for one in near if _alike_in_letters(words, one.alias)),
    ]
    first: dict[str, Match] = {}
    for one in found:
        first.setdefault(one.actor, one)
    return tuple(first.values())


def _read_about(library: Library, typed: str) -> list[Match]:
    """Return states and groups in stored articles with names at most two edits from the words.

    Of names equally near to the typed one (*quatr*), those in articles come first.
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
        score=NAME_SIMILARITY,
        why=f"“{typed}” is within two letters of {actor.name}, which stored articles name.",
    )


def _alike_in_letters(words: Sequence[str], alias: str) -> bool:
    """Return whether a name is similar to what was typed, or to one word of it."""
    name = to_ascii(alias).casefold()
    typed = [to_ascii(word).casefold() for word in (" ".join(words), *words)]
    return any(ratio(one, name) >= NAME_RATIO for one in typed)


def _articles(library: Library, question: Question) -> int:
    """Count the articles that name the subjects; with a period, those outside it."""
    if not question.subjects:
        return 0
    groups = library.groups(question.subjects)
    known = library.coverage(groups, None).articles
    return known - library.coverage(groups, question.period).articles if question.period else known


def _undated_left_out(library: Library, question: Question) -> int:
    """Count the undated articles that name the subjects but fit into no period."""
    if question.period is None or not question.subjects:
        return 0
    groups = library.groups(question.subjects)
    return library.coverage(groups, question.period).undated


def unknown_words(library: Library, question: Question) -> list[str]:
    """Name the words beside a known name that are neither a known name nor in any article."""
    if not question.subjects:
        return []
    nowhere = [
        word
        for word in question.terms
        if not is_common(word)
        and not any(library.frequency(stem) for stem in library.stems([word]))
    ]
    return [f"“{one}” is not a name I know, and no stored article contains it." for one in nowhere]
