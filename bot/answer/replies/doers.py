"""Who did it: the sentences that bear on it, and whether any fact tells."""

from __future__ import annotations

from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.answer.replies.ask import answer
from bot.answer.replies.telling import main_classes, noting, sides, told_facts
from bot.models import Answer, Nothing

NO_DOER = "No stored fact tells who did it; these sentences bear on it."


def who(library: Library, question: Question) -> Answer | Nothing:
    """Answer by the sentences that bear on it; where no fact among them tells who, that is said."""
    found = answer(library, question)
    classes = main_classes(question)
    if isinstance(found, Nothing) or not (question.doer and question.subjects and classes):
        return found
    shown = {one.fact for one in found.lines if one.fact}
    asked = sides(library, question)
    first = library.expand(question.subjects[0].actor)
    facts = told_facts(library, question, classes=classes, actors=first) if shown else []
    if any(one.id in shown and asked.has(one) for one in facts):
        return found
    return noting(found, NO_DOER)
