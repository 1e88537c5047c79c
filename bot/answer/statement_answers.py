"""Answers about statements: quotes of an actor, two views compared, true or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.answer.answers import (
    LINES,
    answer,
    facts_asked_for,
    list_answer,
    no_answer,
    one_line_per_event,
    with_heading,
    with_notes,
)
from bot.answer.claims import NOBODY_DENIES, NOTHING_SAYS_SO
from bot.answer.library import Library
from bot.answer.lines import fact_lines, newest_first, place_of, snippet_of, spans_in
from bot.answer.question import Question
from bot.match.query import QueryActor
from bot.models import Answer, EventClass, Line, Mention, Nothing, Status
from bot.search.index import Hit
from bot.store.articles import Stored

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
"""Words for the end of a state of affairs."""


def is_it_true(library: Library, question: Question) -> Answer | Nothing:
    """Answer who affirms it and who denies it, without a judgement."""
    found = answer(library, question)
    if isinstance(found, Nothing):
        return with_notes(found, NOTHING_SAYS_SO)
    denying = [one for one in found.lines if denies(one)]
    saying = [one for one in found.lines if one not in denying]
    notes = [NOT_JUDGED]
    if not denying:
        notes.append(NOBODY_DENIES)
    if not saying:
        notes.append("No stored report was found that affirms it.")
    lines = [*with_heading("Reported", saying[:5]), *with_heading("Denied", denying[:5])]
    return list_answer(library, question, lines, notes)


def denies(line: Line) -> bool:
    """Return whether a line is a denial, by its fact or its words."""
    if line.status is not None:
        return line.status is Status.DENIED
    return bool(_DENIAL.search(line.snippet.quote))


# --- statements -----------------------------------------------------------------------

EACH = 4
"""Lines per side of a comparison."""

_VERB = (
    r"(?:sa(?:y|ys|id|ying)|told|tells|stat(?:es|ed)|claim(?:s|ed)|announc(?:es|ed)|warn(?:s|ed)"
    r"|declar(?:es|ed)|add(?:s|ed)|wrote|writes|tweet(?:s|ed)|post(?:s|ed)|insist(?:s|ed)|urg(?:es|ed)"
    r"|call(?:s|ed) (?:for|on)|accus(?:es|ed)(?! of)|condemn(?:s|ed)|den(?:ies|ied)|reject(?:s|ed)"
    r"|criticis(?:es|ed)|criticiz(?:es|ed)|prais(?:es|ed)|welcom(?:es|ed)|demand(?:s|ed)|vow(?:s|ed)"
    r"|express(?:es|ed)|describ(?:es|ed)|confirm(?:s|ed)|threaten(?:s|ed)|blam(?:es|ed)|stress(?:es|ed)"
    r"|reiterat(?:es|ed)|suggest(?:s|ed)|argu(?:es|ed)|denounc(?:es|ed)|promis(?:es|ed))"
)
_SPEAKS = re.compile(rf"^[^.;“”\"]{{0,60}}?\b{_VERB}\b", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"\b(?:according to|{_VERB} by|said)\s+(?:[\w'’.-]+\s+){{0,4}}$", re.IGNORECASE
)
_ASKED = re.compile(
    r"\b(?:say|says|said|state[sd]?|tell|told|think|thinks|claim(?:s|ed)?|react(?:ed)?|respond(?:ed)?"
    r"|comment(?:ed)?|about|on|regarding|over|towards?)\b",
    re.IGNORECASE,
)
_SPEAKING = frozenset(
    {
        EventClass.ACCUSE,
        EventClass.REQUEST,
        EventClass.REJECT,
        EventClass.THREATEN,
        EventClass.SUPPORT,
    }
)
_PASSAGES = 150
_ENOUGH = 0.5


def what_was_said(library: Library, question: Question) -> Answer | Nothing:
    """Answer what an actor said about the other actors and words of the question."""
    names = [one for one in question.named if one.verdict == "sure"]
    if not names:
        return answer(library, question)
    speakers, topics = _parted(question.text, names)
    lines = sentences_spoken(library, question, speakers[0], topics)
    if lines:
        return list_answer(library, question, lines[:LINES])
    silent = f"No stored sentence was found in which {speakers[0].matches[0].name} speaks about it."
    if not (topics or question.terms):
        return no_answer(library, question, silent)
    return with_notes(answer(library, question), silent)


def versus(library: Library, question: Question) -> Answer | Nothing:
    """Answer what each of two actors says or does about a topic, as two lists."""
    names = [one for one in question.named if one.verdict == "sure"]
    if len(names) < 2:
        return answer(library, question)
    shown: list[Line] = []
    silent = []
    for one in names[:2]:
        heading = one.matches[0].name
        lines = sentences_spoken(library, question, one, names[2:]) or _on(
            library, question, one, names
        )
        fresh = [line for line in lines if place_of(line) not in {place_of(old) for old in shown}]
        shown += with_heading(heading, fresh[:EACH])
        silent += [] if fresh else [f"No stored sentence was found that gives {heading}'s side."]
    if not shown:
        return with_notes(answer(library, question), *silent)
    return list_answer(library, question, shown, silent)


def _on(
    library: Library, question: Question, one: QueryActor, names: Sequence[QueryActor]
) -> list[Line]:
    """Return lines about one side and the topic, whoever the speaker is."""
    found = answer(library, question.about([one, *names[2:]]))
    return list(found.lines) if isinstance(found, Answer) else []


def _parted(
    text: str, names: Sequence[QueryActor]
) -> tuple[Sequence[QueryActor], Sequence[QueryActor]]:
    """Separate speakers from topics: names before the verb and after it."""
    for cut in range(1, len(names)):
        if _ASKED.search(text[names[cut - 1].end : names[cut].start]):
            return names[:cut], names[cut:]
    return names, ()


def sentences_spoken(
    library: Library, question: Question, speaker: QueryActor, topics: Sequence[QueryActor]
) -> list[Line]:
    """Return facts and sentences with a statement of ``speaker`` on the topics, newest first."""
    own = library.expand(speaker.matches[0].actor)
    groups = [library.expand(one.matches[0].actor) for one in topics]
    lines = _sentences(library, question, own, groups)
    if groups:
        facts = [
            fact
            for fact in facts_asked_for(library, question, actors=own)
            if (
                fact.claimant in own or (fact.source_actor in own and fact.event_class in _SPEAKING)
            )
            and all({fact.source_actor, fact.target_actor, fact.place} & one for one in groups)
        ]
        lines = [*fact_lines(library, facts), *lines]
    places: dict[tuple[str, str, int], Line] = {}
    for line in lines:
        places.setdefault(place_of(line), line)
    return one_line_per_event(library, newest_first(places.values()))


def _sentences(
    library: Library, question: Question, own: frozenset[str], groups: Sequence[frozenset[str]]
) -> list[Line]:
    hits = library.found(
        " ".join(question.terms),
        [own, *groups],
        question.period,
        newest_first=not question.terms,
        limit=_PASSAGES,
    )
    mentions = library.store.mentions(library.workspace, {hit.article for hit in hits})
    stems = set(library.stems(question.terms))
    found: list[Line] = []
    for hit, one in library.current(hits):
        found += _speaking(library, one, hit, mentions.get(hit.article, ()), own, groups, stems)
    return found


def _speaking(
    library: Library,
    stored: Stored,
    hit: Hit,
    mentions: Sequence[Mention],
    own: Collection[str],
    groups: Sequence[frozenset[str]],
    stems: Collection[str],
) -> list[Line]:
    """Return the sentences of a passage in which one of ``own`` speaks about the topics."""
    text = stored.revision.text
    title = {one.actor for one in mentions if one.field == "title"}
    words = set(library.passages.terms(stored.revision.title))
    found = []
    for start, end in spans_in(text, hit):
        inside = [one for one in mentions if one.field == "text" and start <= one.start < end]
        if not any(one.actor in own and _speaks(text, start, end, one) for one in inside):
            continue
        about = title | {one.actor for one in inside}
        held = words | set(library.passages.terms(text[start:end]))
        enough = len(held & set(stems)) >= _ENOUGH * len(stems)
        if enough and all(group & about for group in groups):
            found.append(Line(snippet=snippet_of(stored, stored.evidence(start, end))))
    return found


def _speaks(text: str, start: int, end: int, mention: Mention) -> bool:
    """Return whether a mention is the speaker of a sentence: *Iran said*, *according to Iran*."""
    after, before = text[mention.end : end], text[start : mention.start]
    return bool(_SPEAKS.match(after) or _SPOKEN.search(before))
