"""From a question to its reply: by kind, by asking back, or with the nearest lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.answer.answers import (
    answer,
    no_answer,
    one_line_per_event,
    resolve_by_facts,
    unknown_words,
)
from bot.answer.brief import brief
from bot.answer.claims import with_read_hint
from bot.answer.fact_answers import (
    filtered_answer,
    how_often,
    last_time,
    what_is_new,
    what_is_new_about,
    what_is_planned,
    who_has_not,
)
from bot.answer.formatting import days
from bot.answer.library import Library
from bot.answer.office_holders import answer_who_holds
from bot.answer.office_question import read_office_question
from bot.answer.question import Kind, Question
from bot.answer.retrieval import candidates
from bot.answer.statement_answers import is_it_true, versus, what_was_said
from bot.answer.sufficiency import Candidate
from bot.errors import BadQuery
from bot.models import ActorType, Answer, Brief, DidYouMean, Match, Nothing, Reply, SentReply
from bot.telemetry.traces import spanned

BY_KIND: Mapping[Kind, Callable[[Library, Question], Answer | Nothing]] = {
    "is it true": is_it_true,
    "said": what_was_said,
    "versus": versus,
    "how often": how_often,
    "last": last_time,
    "who has not": who_has_not,
    "planned": what_is_planned,
    "new": what_is_new,
}
"""Kinds of question with an answer of their own, not just the best evidence."""


ALONE: frozenset[Kind] = frozenset({"new", "planned", "who has not"})
"""Kinds that need no actor and no other word."""


@spanned("answer")
def reply_to(library: Library, question: Question) -> Brief | Answer | Nothing:
    """Answer according to the kind of question; if it names only actors, with a brief."""
    notes = (*question.notes, *unknown_words(library, question))
    reply = _reply_by_kind(library, question)
    update: dict[str, object] = {"notes": (*notes, *reply.notes)}
    if not isinstance(reply, Brief):
        update["asked"] = question.kind
    return reply.model_copy(update=update)


def _reply_by_kind(library: Library, question: Question) -> Brief | Answer | Nothing:
    if any(question.filters):
        return filtered_answer(library, question)
    office = read_office_question(question, library.actors, library.today)
    if office and (reply := answer_who_holds(library, question, office)) is not None:
        return reply
    if question.general:
        return brief(library, question, question.subjects)
    if question.kind not in ALONE and not (question.subjects or question.terms or question.named):
        return no_answer(library, question)
    return BY_KIND.get(question.kind, answer)(library, question)


# --- asking back ----------------------------------------------------------------------

OFFERED_WITHIN = 0.15
"""A match is offered if its score is at most this far below the best."""

AS_LIKELY_WITHIN = 0.05
"""For a misspelt name, matches this close to the best are equally likely."""

MOST_OFFERED = 5

MOST_WORDS = 2
"""With an ambiguous name, questions of more words than this are answered if possible."""

SHORT_NAME = 7
"""Beside a sure name, a shorter word similar to a surname is just a word: *nukes*."""

ASK_BACK_SCORE = 0.8
"""Beside a sure name, an unsure one with a lower score counts as an ordinary word."""


def reply_or_ask_back(library: Library, question: Question) -> Reply:
    """Answer a question, or ask back which actor is meant if stored facts do not resolve it."""
    unclear = ask_back(question)
    if unclear is None:
        return reply_to(library, question)
    resolved = resolve_by_facts(library, question) if question.classes else None
    if resolved is not None:
        return reply_to(library, resolved)
    if len(question.terms) > MOST_WORDS or (question.terms and len(unclear.candidates) == 1):
        # Its other words may suffice to find the answer.
        reply = reply_to(library, question)
        if isinstance(reply, Answer):
            return reply
    return unclear


def ask_back(question: Question) -> DidYouMean | None:
    """Ask back if a name is ambiguous and no other name is sure."""
    for one in question.unsure:
        if question.subjects and one.matches[0].how == "typo" and len(one.text) < SHORT_NAME:
            continue
        if not question.subjects or one.matches[0].score >= ASK_BACK_SCORE:
            return DidYouMean(query=question.text, candidates=_offered(one.matches))
    return None


def _offered(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Return the matches to offer: those near the best, each once; for a typing error states first.

    If an office and a name lead to one person, the person is offered once; so are people of one
    name, whom the list would not tell apart.
    """
    best = matches[0]
    near = [match for match in matches if best.score - match.score <= OFFERED_WITHIN]
    if best.how == "typo":
        near.sort(
            key=lambda match: (
                match.type is not ActorType.STATE or best.score - match.score > AS_LIKELY_WITHIN
            )
        )
    first: dict[tuple[str, ActorType], Match] = {}
    for match in near:
        first.setdefault((match.name, match.type), match)
    return tuple(first.values())[:MOST_OFFERED]


# --- what is new, without a name ------------------------------------------------------

MOST_ASKED_BEFORE = 8
"""The most actors taken from earlier questions."""


@spanned("answer")
def reply_after(
    library: Library,
    question: Question,
    understood: Callable[[str], Question],
    earlier: Sequence[SentReply],
    following: Sequence[Match] = (),
) -> Reply:
    """Answer a question; *what is new?* without a name is about the actors the asker follows, else
    those of ``earlier`` replies, the newest first."""
    nobody = not (question.subjects or question.terms or any(question.filters))
    if question.kind != "new" or not nobody:
        return reply_or_ask_back(library, question)
    if following:
        return what_is_new_about(library, question, following, "Of those followed here")
    if asked_about := actors_asked_before(understood, earlier):
        return what_is_new_about(library, question, asked_about, "Of those you asked about before")
    return reply_or_ask_back(library, question)


def actors_asked_before(
    understood: Callable[[str], Question], earlier: Sequence[SentReply]
) -> tuple[Match, ...]:
    """Return the actors that earlier questions clearly named, at most ``MOST_ASKED_BEFORE``."""
    found: dict[str, Match] = {}
    for query in dict.fromkeys(one.query for one in earlier):
        try:
            subjects = understood(query).subjects
        except BadQuery:  # it was a call for help, or took a correction back
            continue
        for match in subjects:
            found.setdefault(match.actor, match)
        if len(found) >= MOST_ASKED_BEFORE:
            break
    return tuple(found.values())[:MOST_ASKED_BEFORE]


# --- the nearest lines ----------------------------------------------------------------

MOST_NEAR = 4
"""The most lines offered, each from another article."""

NOTHING_STORED = (
    "Nothing is stored here yet: give me links or files in a direct message, or add feeds in Home."
)

NEAR_CHANCE = 0.03
"""The least probability of answering that makes a line near a question: of the first three lines
of held-out questions, one in six just above it was right."""

NEAR_SHARE = 0.25
"""Lines with less than this share of the best line's probability are left out."""

NEAR_WORDS, NEAR_SIMILARITY = 0.4, 0.45
"""If no line is as likely, a sentence is near a question if it has this share of its words,
weighted by rarity, or its article this cosine with it."""


def with_nearest(library: Library, question: Question, reply: Reply) -> Reply:
    """Extend a reply without an answer by the search terms and the nearest lines."""
    if not isinstance(reply, Nothing):
        return reply
    if not library.frequency(None) and not library.asker.guest:
        return reply.model_copy(
            update={"notes": (*reply.notes, *with_read_hint(library, NOTHING_STORED))}
        )
    if not (question.subjects or question.terms):
        return reply
    near = _near(library, question)
    if not near and question.subjects:
        # Nothing matches the words: offer articles about the actors.
        alone = replace(question, terms=(), classes=frozenset(), kind="what", period=None)
        near = _near(library, alone)
    merged = one_line_per_event(library, [one.line for one in near])
    return reply.model_copy(
        update={"near": tuple(merged[:MOST_NEAR]), "notes": (*reply.notes, looked_for(question))}
    )


def _near(library: Library, question: Question) -> list[Candidate]:
    """Return the best candidates near the question, one per article; old ones if all are old.

    Near a question are the lines most likely to answer it, else those alike in words or meaning;
    near keywords, those alike come first.
    """
    found = candidates(library, question)
    likely = sorted(
        (one for one in found if one.inside), key=lambda one: -round(one.probability, 2)
    )
    least = max(NEAR_CHANCE, NEAR_SHARE * max((one.probability for one in likely), default=0.0))
    likely = [one for one in likely if one.probability >= least]
    alike = [one for one in found if _is_alike(question, one)]
    keywords = any(one.keywords is not None for one in found)
    near = (alike or likely) if keywords else (likely or alike)
    first: dict[str, Candidate] = {}
    for one in [one for one in near if not one.old] or near:
        first.setdefault(one.line.snippet.article, one)
    return list(first.values())[: 2 * MOST_NEAR]


def _is_alike(question: Question, one: Candidate) -> bool:
    found = one.features
    if (question.subjects and found.named < 1) or not one.related:
        return False
    return (
        not question.terms
        or found.similarity >= NEAR_SIMILARITY
        or max(found.words, found.whole) >= NEAR_WORDS
    )


def looked_for(question: Question) -> str:
    """Describe the search in a sentence: actors, words, days."""
    actors = [one.name for one in question.subjects]
    words = [f"“{word}”" for word in question.terms]
    when = days(question.period)
    return f"Looked for {', '.join([*actors, *words])}{f', {when}' if when else ''}."
