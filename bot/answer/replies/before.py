"""What is new, over what somebody asked about before: *what changed since yesterday?*"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.answer.replies.asking import asked
from bot.answer.replies.tallies import new_of
from bot.errors import BadQuery
from bot.models import Match, Reply, SentReply
from bot.trail.traces import spanned

MOST = 8
"""Actors that are looked at, those asked about last."""


@spanned("answer")
def asked_after(
    library: Library,
    question: Question,
    understood: Callable[[str], Question],
    earlier: Sequence[SentReply],
    following: Sequence[Match] = (),
) -> Reply:
    """Answer a question; one that asks what is new with nobody named is about whom the asker
    follows, or else was told of in ``earlier`` replies, the newest first."""
    nobody = not (question.subjects or question.terms or any(question.filters))
    if question.kind != "new" or not nobody:
        return asked(library, question)
    if following:
        return new_of(library, question, following, "Of those followed here")
    if whom := asked_before(understood, earlier):
        return new_of(library, question, whom, "Of those you asked about before")
    return asked(library, question)


def asked_before(
    understood: Callable[[str], Question], earlier: Sequence[SentReply]
) -> tuple[Match, ...]:
    """Whom earlier questions named for sure, each once, at most MOST."""
    found: dict[str, Match] = {}
    for query in dict.fromkeys(one.query for one in earlier):
        try:
            subjects = understood(query).subjects
        except BadQuery:  # it asked for help, or took a correction back
            continue
        for match in subjects:
            found.setdefault(match.actor, match)
        if len(found) >= MOST:
            break
    return tuple(found.values())[:MOST]
