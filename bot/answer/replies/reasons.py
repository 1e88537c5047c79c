"""Is it true: the sentences that affirm it, and those that deny it."""

from __future__ import annotations

import re

from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.answer.replies.ask import answer
from bot.answer.replies.telling import listed, noting, under
from bot.models import Answer, Line, Nothing, Status

NOT_JUDGED = "This is what is reported, not whether it is true."

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
