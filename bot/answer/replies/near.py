"""What comes nearest where nothing answers: offered as that, and never as an answer."""

from __future__ import annotations

from dataclasses import replace

from bot.answer.asked.question import Question
from bot.answer.evidence.candidate import Candidate
from bot.answer.evidence.gathered import candidates
from bot.answer.library import Library
from bot.answer.replies.seen import hinting
from bot.answer.replies.telling import once
from bot.answer.words import days
from bot.models import Nothing, Reply

MOST = 3
"""Lines offered, each of another article."""

EMPTY = (
    "Nothing is stored here yet: give me links or files in a direct message, or add feeds in Home."
)

SHARE, ALIKE = 0.4, 0.45
"""The share of the question's words, by rarity, that a sentence must have to be near it, or the
cosine of the vectors of the question and the article."""


def offering(library: Library, question: Question, reply: Reply) -> Reply:
    """The same reply; one that has no answer says what was looked for and offers what is near."""
    if not isinstance(reply, Nothing):
        return reply
    if not library.frequency(None) and not library.asker.guest:
        return reply.model_copy(update={"notes": (*reply.notes, *hinting(library, EMPTY))})
    if not (question.subjects or question.terms):
        return reply
    near = _near(library, question)
    if not near and question.subjects:
        # Nothing has the words: then what there is about those who are named.
        alone = replace(question, terms=(), classes=frozenset(), kind="what", period=None)
        near = _near(library, alone)
    told = once(library, [one.line for one in near])
    return reply.model_copy(
        update={"near": tuple(told[:MOST]), "notes": (*reply.notes, looked_for(question))}
    )


def _near(library: Library, question: Question) -> list[Candidate]:
    """The best candidates that come near, one of each article."""
    first: dict[str, Candidate] = {}
    for one in candidates(library, question):
        if _is_near(question, one):
            first.setdefault(one.line.snippet.article, one)
        if len(first) == 2 * MOST:
            break
    return list(first.values())


def _is_near(question: Question, one: Candidate) -> bool:
    found = one.features
    if question.subjects and found.named < 1:
        return False
    return not question.terms or found.similarity >= ALIKE or max(found.words, found.whole) >= SHARE


def looked_for(question: Question) -> str:
    """Say in a sentence what was looked for: whom, which words, in which days."""
    whom = [one.name for one in question.subjects]
    words = [f"“{word}”" for word in question.terms]
    when = days(question.period)
    return f"Looked for {', '.join([*whom, *words])}{f', {when}' if when else ''}."
