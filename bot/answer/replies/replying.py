"""The reply to a question as its kind wants it: a list, a count, two sides, or plain evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.answer.asked.kinds import Kind
from bot.answer.asked.offices import office_asked
from bot.answer.asked.question import Question, is_common
from bot.answer.briefs.brief import brief
from bot.answer.library import Library
from bot.answer.replies.ask import answer
from bot.answer.replies.holders import holders
from bot.answer.replies.narrow import narrowed
from bot.answer.replies.reasons import is_it_true
from bot.answer.replies.speech import said, versus
from bot.answer.replies.tallies import how_often, last, new, planned, who_has_not
from bot.answer.replies.telling import nothing
from bot.models import Answer, Brief, Nothing
from bot.trail.traces import spanned

BY_KIND: Mapping[Kind, Callable[[Library, Question], Answer | Nothing]] = {
    "is it true": is_it_true,
    "said": said,
    "versus": versus,
    "how often": how_often,
    "last": last,
    "who has not": who_has_not,
    "planned": planned,
    "new": new,
}
"""What is answered otherwise than by the best evidence for its words."""


ALONE: frozenset[Kind] = frozenset({"new", "planned", "who has not"})
"""Kinds that may name nobody and nothing, and still ask something."""


@spanned("answer")
def replied(library: Library, question: Question) -> Brief | Answer | Nothing:
    """Answer as the kind of question wants; one that names only actors is briefed on."""
    notes = (*question.notes, *unknown_words(library, question))
    reply = _reply(library, question)
    told: dict[str, object] = {"notes": (*notes, *reply.notes)}
    if not isinstance(reply, Brief):
        told["asked"] = question.kind
    return reply.model_copy(update=told)


def _reply(library: Library, question: Question) -> Brief | Answer | Nothing:
    if any(question.filters):
        return narrowed(library, question)
    office = office_asked(question, library.actors, library.today)
    if office and (told := holders(library, question, office)) is not None:
        return told
    if question.general:
        return brief(library, question, question.subjects)
    if question.kind not in ALONE and not (question.subjects or question.terms or question.named):
        return nothing(library, question)
    return BY_KIND.get(question.kind, answer)(library, question)


def unknown_words(library: Library, question: Question) -> list[str]:
    """Say of words beside a known name that they are nobody's and stand in no article."""
    if not question.subjects:
        return []
    nowhere = [
        word
        for word in question.terms
        if not is_common(word)
        and not any(library.frequency(stem) for stem in library.stems([word]))
    ]
    return [f"“{word}” is no name I know, and no stored article has it." for word in nowhere]
