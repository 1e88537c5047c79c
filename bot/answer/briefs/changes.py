"""What changed for one reader since they were last briefed on the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.answer.asked.question import Question
from bot.answer.briefs.headed import headed
from bot.answer.library import Library
from bot.answer.lines import place_of
from bot.errors import BadQuery
from bot.models import Brief, Changes, Fact, Line, SentReply, Status


def changed(
    library: Library,
    question: Question,
    brief: Brief,
    earlier: Sequence[SentReply],
    understood: Callable[[str], Question],
) -> Brief:
    """A brief with what changed since the first of ``earlier`` replies that was about the same."""
    same = {one.actor for one in brief.subjects}
    for one in earlier:
        if one.as_of >= library.as_of:
            continue
        try:
            then = question if one.query == brief.query else understood(one.query)
        except BadQuery:  # it asked for help, or took a correction back
            continue
        if {match.actor for match in then.subjects} == same and then.terms == question.terms:
            return brief.model_copy(update={"changed": changes(library, brief, one)})
    return brief


def changes(library: Library, brief: Brief, earlier: SentReply) -> Changes:
    """Compare a brief with what was shown to its reader at ``earlier.as_of``.

    New is a line whose article has a date and had not been stored then, denied such a line
    that denies; a line is corrected where its article now says something else of the same
    two actors than what was shown. What was shown and is no longer made by its article, in
    whatever words, is counted as withdrawn.
    """
    lines = [row.line for row in headed(brief)]
    since = earlier.as_of
    stored = library.articles({line.snippet.article for line in lines})
    fresh = {
        key
        for key, one in stored.items()
        if one.article.published is not None and since < one.article.first_seen <= library.as_of
    }
    gone = library.store.history.retired(library.workspace, earlier.fact_ids)
    corrected = [line for line in lines if any(_corrects(line, fact) for fact in gone)]
    places = {place_of(line) for line in corrected}
    arrived = [
        line for line in lines if line.snippet.article in fresh and place_of(line) not in places
    ]
    answered = [fact for fact in gone if any(_corrects(line, fact) for line in corrected)]
    return Changes(
        since=since,
        new=tuple(line for line in arrived if line.status is not Status.DENIED),
        corrected=tuple(corrected),
        denied=tuple(line for line in arrived if line.status is Status.DENIED),
        withdrawn=len(gone) - len(answered),
    )


def _corrects(line: Line, fact: Fact) -> bool:
    if line.fact is None or not any(line.snippet.article == one.article for one in fact.evidence):
        return False
    return set(line.about) == {one for one in (fact.source_actor, fact.target_actor) if one}
