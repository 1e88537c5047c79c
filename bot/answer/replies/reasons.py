"""Why, is it true, is it still so: the sentences that give a reason, affirm or deny."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.answer.lines import day_of
from bot.answer.replies.ask import answer
from bot.answer.replies.telling import listed, noting, under
from bot.answer.words import count
from bot.models import Answer, EventClass, Line, Nothing, Status

NO_REASON = "No stored sentence gives a reason; these tell of it."
NOT_JUDGED = "This is what is reported, not whether it is true."

_REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|in response to|in retaliation|retaliat\w+|in protest"
    r"|citing|cited|as a result of|on (?:the )?grounds|in order to|so as to|prompted|triggered by"
    r"|caused by|sparked by|blam(?:es|ed|ing)|on (?:charges|suspicion|allegations|accusations) of"
    r"|for (?:allegedly|having|failing|violating|supporting|refusing)|over (?:its|his|her|their|the"
    r"|alleged|claims|allegations|concerns|fears)|amid (?:concerns|fears)|the reasons?"
    r"|aim(?:ed|s) (?:at|to)|motivated by|to (?:avoid|prevent|punish|deter|pressure|avenge))\b"
    r"|\bsince\b(?= (?:it|he|she|they)\b)",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|refut\w+|rebuff\w*|dismiss(?:es|ed|ing)|disput(?:es|ed|ing)"
    r"|reject(?:s|ed|ing)? (?:\w+ ){0,3}(?:claims?|reports?|allegations?|accusations?|suggestions?)"
    r"|(?:is|are|was|were) (?:false|untrue|baseless|fabricated|not true)|no (?:plans?|intention)\b"
    r"|neither|nor|ruled? out|rules out|(?:will|would|does|do) not|(?:won|wouldn|doesn|don)['’]t"
    r"|did(?: not|n['’]t)|has(?: not|n['’]t)|have(?: not|n['’]t)|was(?: not|n['’]t)|never)\b",
    re.IGNORECASE,
)
ENDED = re.compile(
    r"\b(?:no longer|ended|ends|cancel(?:s|led|ed)|called off|calls off|withdr[ae]ws?|withdrew"
    r"|halted|suspend(?:s|ed)|expired?|collaps(?:es|ed)|broke(?:n)? down|breaks down|lifted|lifts"
    r"|reversed|scrapped|revoked|resigned|resigns|dissolved|violat(?:es|ed|ion|ions)|breach(?:es|ed)?"
    r"|terminated|abandon(?:s|ed)|repealed|overturned|left|leaves)\b",
    re.IGNORECASE,
)
"""Words by which a sentence tells that something is so no more."""

_ENDING = frozenset({EventClass.REJECT, EventClass.RETREAT})


def why(library: Library, question: Question) -> Answer | Nothing:
    """The sentences that bear on it and give a reason; where none does, that is said."""
    found = answer(library, question)
    if isinstance(found, Nothing):
        return noting(found, "No stored sentence gives a reason.")
    lines = [one for one in found.lines if _REASON.search(one.snippet.quote)]
    if not lines:
        return noting(found, NO_REASON)
    return found.model_copy(update={"lines": tuple(lines)})


def is_it_true(library: Library, question: Question) -> Answer | Nothing:
    """Who says so and who denies it; never a yes or a no of our own."""
    found = answer(library, question)
    if isinstance(found, Nothing):
        return noting(found, "No stored report says so, and none denies it.")
    denying = [one for one in found.lines if denies(one)]
    saying = [one for one in found.lines if one not in denying]
    notes = [NOT_JUDGED]
    if not denying:
        notes.append("No stored report that was found denies it.")
    if not saying:
        notes.append("No stored report that was found affirms it.")
    told = [*under("Reported", saying[:5]), *under("Denied", denying[:5])]
    return listed(library, question, told, notes)


def denies(line: Line) -> bool:
    """Whether a line denies what it is about, by its fact or by its words."""
    if line.status is not None:
        return line.status is Status.DENIED
    return bool(_DENIAL.search(line.snippet.quote))


def still(library: Library, question: Question) -> Answer | Nothing:
    """The newest evidence that it is so, and the newest that it is not any more."""
    found = answer(library, question)
    if isinstance(found, Nothing):
        return found
    lines = sorted(found.lines, key=lambda one: day_of(one) or date.min, reverse=True)
    against = [one for one in lines if _ended(one)]
    since = [one for one in lines if one not in against]
    told = [*under("Newest that bears on it", since[:3]), *under("Newest against it", against[:3])]
    notes = [_age(library, lines)]
    if not against:
        notes.append("No stored sentence that was found speaks against it.")
    return listed(library, question, told, [note for note in notes if note])


def _ended(line: Line) -> bool:
    return line.event_class in _ENDING or denies(line) or bool(ENDED.search(line.snippet.quote))


def _age(library: Library, lines: Sequence[Line]) -> str:
    newest = day_of(lines[0])
    if newest is None:
        return "None of this is dated."
    age = (library.today - newest).days
    return f"The newest of it is {count(age, 'day')} old." if age > 0 else ""
