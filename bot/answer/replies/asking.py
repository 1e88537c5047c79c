"""From a question to its reply: whom to ask back about, and what can be told all the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.answer.replies.ask import told_apart
from bot.answer.replies.replying import replied
from bot.models import ActorType, Answer, DidYouMean, Match, Reply

OFFERED_WITHIN = 0.15
"""How far behind the best match another may be and still be proposed."""

AS_LIKELY_WITHIN = 0.05
"""A misspelt name is as likely the best match as one this close behind it."""

MOST_OFFERED = 5

MOST_WORDS = 2
"""Beside a name that fits several actors, a question of more words is answered if it can be."""

SHORT_NAME = 7
"""Beside a name that is sure, a shorter word near some surname is a word: *nukes*."""

ASK_BACK_SCORE = 0.8
"""Beside a name that is sure, an unsure one below this is taken for an ordinary word."""


def asked(library: Library, question: Question) -> Reply:
    """Answer a question, or ask back whom it means where the store does not tell."""
    unclear = doubt(question)
    if unclear is None:
        return replied(library, question)
    told = told_apart(library, question) if question.classes else None
    if told is not None:
        return replied(library, told)
    if len(question.terms) > MOST_WORDS:
        # What else it says may be enough to find what it asks for.
        reply = replied(library, question)
        if isinstance(reply, Answer):
            return reply
    return unclear


def doubt(question: Question) -> DidYouMean | None:
    """Ask back where a name fits several actors and nothing else says whom is meant."""
    for one in question.unsure:
        if question.subjects and one.matches[0].how == "typo" and len(one.text) < SHORT_NAME:
            continue
        if not question.subjects or one.matches[0].score >= ASK_BACK_SCORE:
            return DidYouMean(query=question.text, candidates=_offered(one.matches))
    return None


def _offered(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Whom to propose: those near the best, each once; of a misspelt name states first.

    An office and a name may lead to one person, who is then offered once.
    """
    best = matches[0]
    near = [match for match in matches if best.score - match.score <= OFFERED_WITHIN]
    if best.how == "typo":
        near.sort(
            key=lambda match: (
                match.type is not ActorType.STATE or best.score - match.score > AS_LIKELY_WITHIN
            )
        )
    first: dict[str, Match] = {}
    for match in near:
        first.setdefault(match.actor, match)
    return tuple(first.values())[:MOST_OFFERED]
