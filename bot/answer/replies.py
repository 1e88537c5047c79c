"""From a question to its reply: by kind, by asking back, or with the nearest lines.

Most kinds are answered by the best evidence; some have a form of their own: filtered, counted, the
date first, plans, two sides, and what is new."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.answer.answers import (
    LINES,
    answer,
    list_answer,
    main_classes,
    no_answer,
    one_line_per_event,
    resolve_by_facts,
    unknown_words,
    with_heading,
    with_notes,
)
from bot.answer.brief import brief, days_in, material_of
from bot.answer.brief_sections import PLAN_DAYS, coming_up
from bot.answer.claims import NOBODY_DENIES, NOTHING_SAYS_SO, with_read_hint
from bot.answer.formatting import MAY_ANSWER, capital, count, day, days
from bot.answer.importance import stories
from bot.answer.library import Library
from bot.answer.lines import (
    TOOK_PLACE,
    day_of,
    fact_lines,
    newest_first,
    place_of,
    snippet_of,
    spans_in,
)
from bot.answer.office_holders import answer_who_holds, read_office_question
from bot.answer.question import Kind, Question, looks_ahead
from bot.answer.ranking import query_terms
from bot.answer.retrieval import candidates, matching_facts
from bot.answer.stories import stories_of
from bot.answer.sufficiency import FEW_WORDS, Candidate
from bot.match.query import QueryActor
from bot.models import (
    ActorType,
    Answer,
    Brief,
    DidYouMean,
    Line,
    Match,
    Mention,
    Nothing,
    Period,
    Reply,
    Status,
)
from bot.store.ids import publisher_key
from bot.telemetry.traces import spanned

# --- filtered -------------------------------------------------------------------------

NOTHING_PASSES = "No stored report matches the filters of this question."

_FACTS, _PASSAGES = 600, 600
_SHARE_OF_WORDS = 0.5


def filtered_answer(library: Library, question: Question) -> Answer | Nothing:
    """Return the newest lines about the actors of the question that pass its filters."""
    lines = _filtered_facts(library, question)
    if not question.filters.classes:
        known = {place_of(one) for one in lines}
        lines += [
            one for one in _filtered_sentences(library, question) if place_of(one) not in known
        ]
    passing = _passing(library, question, lines)
    if not passing:
        return no_answer(library, question, NOTHING_PASSES)
    return list_answer(
        library, question, one_line_per_event(library, newest_first(passing))[:LINES]
    )


def _filtered_facts(library: Library, question: Question) -> list[Line]:
    """Return lines of facts of the requested classes with a role for each actor."""
    groups, classes = library.groups(question.subjects), question.filters.classes
    if not groups and not classes:
        return []
    found = library.facts(
        question.period,
        actors=groups[0] if groups else None,
        classes=classes or None,
        limit=_FACTS,
    )
    return fact_lines(library, [fact for fact in found if all(fact.roles & one for one in groups)])


def _filtered_sentences(library: Library, question: Question) -> Iterator[Line]:
    """Yield sentences with the phrases of the question; without any, those that name its actors
    and have half of its words."""
    groups, phrases = library.groups(question.subjects), question.filters.phrases
    for line, mentions in _sentences(library, phrases or question.terms, groups, question.period):
        named = {one.actor for one in _inside(line, mentions)}
        if phrases or (_says(library, question, line) and all(one & named for one in groups)):
            yield line


def _sentences(
    library: Library,
    words: Sequence[str],
    groups: Sequence[frozenset[str]],
    period: Period | None,
) -> Iterator[tuple[Line, Sequence[Mention]]]:
    """Yield the sentences of passages with some words and actors, and the mentions of their
    article; without words, the newest first."""
    hits = library.found(
        " ".join(words),
        groups,
        period,
        require_actor=bool(groups),
        newest_first=not words,
        limit=_PASSAGES,
    )
    mentions = library.store.mentions(library.workspace, {hit.article for hit in hits})
    for hit, one in library.current(hits):
        for start, end in spans_in(one.revision.text, hit):
            line = Line(snippet=snippet_of(one, one.evidence(start, end), hit.score))
            yield line, mentions.get(hit.article, ())


def _inside(line: Line, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions in the quote of a line."""
    snippet = line.snippet
    return [
        one
        for one in mentions
        if one.field == snippet.field and snippet.start <= one.start < snippet.end
    ]


def _says(library: Library, question: Question, line: Line) -> bool:
    """Return whether a line, with its title, has half of the words of the question."""
    stems = set(library.stems(question.terms))
    held = library.passages.terms(f"{line.snippet.title} {line.snippet.quote}")
    return len(stems.intersection(held)) >= _SHARE_OF_WORDS * len(stems)


def _passing(library: Library, question: Question, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that pass the publishers, phrases and excluded words of the question."""
    filters = question.filters
    articles = {one.snippet.article for one in lines}
    sources = library.store.source_counts(library.workspace, articles)
    excluded = [one for word in filters.without for one in library.actors.in_query(word)]
    ids = frozenset().union(*(library.expand(one.actor) for one in excluded if one.actor))
    mentions = library.store.mentions(library.workspace, articles) if ids else {}
    kept = []
    for line in lines:
        quote = f" {_folded(line.snippet.quote)} "
        if (
            (not filters.publishers or _is_from(line, sources, filters.publishers))
            and all(_folded(phrase) in quote for phrase in filters.phrases)
            and not any(f" {_folded(word)} " in quote for word in filters.without)
            and ids.isdisjoint(
                one.actor for one in _inside(line, mentions.get(line.snippet.article, ()))
            )
        ):
            kept.append(line)
    return kept


def _folded(text: str) -> str:
    letters = "".join(c if c.isalnum() else " " for c in text.casefold())
    return " ".join(letters.split())


def _is_from(
    line: Line, sources: Mapping[str, tuple[str, ...]], publishers: Collection[str]
) -> bool:
    """Return whether one of the publishers published an article or is cited in it.

    A publisher is asked for by its name, the first words of it, or its domain.
    """
    snippet = line.snippet
    named = {publisher_key(one) for one in (snippet.publisher, snippet.original_source) if one}
    named |= set(sources.get(snippet.article, ()))
    return any(
        name == asked or name.startswith((f"{asked} ", f"{asked}."))
        for asked in publishers
        for name in named
    )


# --- counted, the date first ----------------------------------------------------------

PROVES_NOTHING = "A lack of stored reports does not mean that it did not happen."

_BEFORE = 4


def how_often(library: Library, question: Question) -> Answer | Nothing:
    """Count the events of the kind asked for, and list the newest."""
    classes = main_classes(question)
    if not question.subjects or not classes:
        return answer(library, question)
    reports = _lines_done(library, question)
    lines = one_line_per_event(library, reports)
    if not lines:
        return with_notes(answer(library, question), f"No stored fact to count. {PROVES_NOTHING}")
    among = f"{count(len(reports), 'report')}, {days(question.period) or 'of all that is stored'}"
    kinds = " or ".join(sorted(one.lower() for one in classes))
    notes = [
        f"{capital(count(len(lines), 'event'))} in {among}; counted by event class {kinds}.",
        *([f"The newest {LINES} are listed."] if len(lines) > LINES else []),
    ]
    return list_answer(library, question, lines[:LINES], notes)


def last_time(library: Library, question: Question) -> Answer | Nothing:
    """Answer with the newest event of the requested kind, and those before it."""
    done = _lines_done(library, question) if main_classes(question) else []
    lines = [one for one in one_line_per_event(library, done) if day_of(one)]
    if lines:
        newest, *before = lines[: _BEFORE + 1]
        return list_answer(library, question, [newest, *with_heading("Before that", before)])
    found = answer(library, question)
    if isinstance(found, Nothing):
        return found
    by_date = found.model_copy(update={"lines": tuple(newest_first(found.lines))})
    return with_notes(by_date, "No stored fact says when; these are the newest sentences about it.")


def _lines_done(library: Library, question: Question) -> list[Line]:
    """Return the facts of the requested classes and sides that took place, newest first."""
    asked = replace(question, classes=main_classes(question))
    fitting = matching_facts(library, asked, query_terms(library, asked))
    return newest_first(line for line, fit in fitting if fit and line.status in TOOK_PLACE)


def who_has_not(library: Library, question: Question) -> Answer | Nothing:
    """Answer who has, since no report says who has not."""
    if not (question.subjects or question.terms):
        return no_answer(library, question, PROVES_NOTHING)
    return with_notes(answer(library, question), PROVES_NOTHING)


# --- plans ----------------------------------------------------------------------------

NO_PLAN = "No upcoming plan is stored."

_UNDATED_PLANS = 5


def what_is_planned(library: Library, question: Question) -> Answer | Nothing:
    """List plans: those with a day ahead, and recent ones without a day.

    A question of many words is answered by these words, not by a list of plans.
    """
    if len(question.terms) > FEW_WORDS:
        return answer(library, question)
    groups = library.groups(question.subjects)
    facts = library.facts(
        question.period,
        actors=groups[0] if groups else None,
        classes=question.classes or None,
        limit=_FACTS,
    )
    about = [fact for fact in facts if all(fact.roles & group for group in groups)]
    lines = one_line_per_event(library, fact_lines(library, about))
    recent = library.today - timedelta(days=PLAN_DAYS)
    undated = [
        one
        for one in lines
        if one.status is Status.PLANNED
        and one.event_date is None
        and (one.snippet.day or date.max) >= recent
    ]
    plans = [
        *with_heading("Ahead", coming_up(lines, library.today)[:LINES]),
        *with_heading("Planned, no day given", undated[:_UNDATED_PLANS]),
    ]
    if plans:
        return list_answer(library, question, plans)
    if not (question.subjects or question.terms):
        return no_answer(library, question, NO_PLAN)
    found = answer(library, question)
    if isinstance(found, Nothing):
        return with_notes(found, NO_PLAN)
    ahead = tuple(one for one in found.lines if looks_ahead(one.snippet.quote))
    if not ahead:
        return no_answer(library, question, NO_PLAN)
    return with_notes(found.model_copy(update={"lines": ahead}), NO_PLAN)


# --- statements and two sides ---------------------------------------------------------

NOT_JUDGED = "This is what is reported, not whether it is true."

EACH = 4
"""Lines per side of a comparison."""

_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|refut\w+|rebuff\w*|dismiss(?:es|ed|ing)|disput(?:es|ed|ing)"
    r"|reject(?:s|ed|ing)? (?:\w+ ){0,3}(?:claims?|reports?|allegations?|accusations?|suggestions?)"
    r"|(?:is|are|was|were) (?:false|untrue|baseless|fabricated|not true)|no (?:plans?|intention)\b"
    r"|neither|nor|ruled? out|rules out|(?:will|would|does|do) not|(?:won|wouldn|doesn|don)['’]t"
    r"|did(?: not|n['’]t)|has(?: not|n['’]t)|have(?: not|n['’]t)|was(?: not|n['’]t)|never)\b",
    re.IGNORECASE,
)


def is_it_true(library: Library, question: Question) -> Answer | Nothing:
    """Answer who affirms it and who denies it, without a judgement."""
    found = answer(library, question)
    if isinstance(found, Nothing):
        return with_notes(found, NOTHING_SAYS_SO)
    denying = [one for one in found.lines if _denies(one)]
    saying = [one for one in found.lines if one not in denying]
    notes = [NOT_JUDGED]
    if not denying:
        notes.append(NOBODY_DENIES)
    if not saying:
        notes.append("No stored report was found that affirms it.")
    lines = [*with_heading("Reported", saying[:5]), *with_heading("Denied", denying[:5])]
    return list_answer(library, question, lines, notes)


def _denies(line: Line) -> bool:
    """Return whether a line is a denial, by its fact or its words."""
    if line.status is not None:
        return line.status is Status.DENIED
    return bool(_DENIAL.search(line.snippet.quote))


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


def what_was_said(library: Library, question: Question) -> Answer | Nothing:
    """Answer what the first actor of a question said about the others and its words."""
    names = [one for one in question.named if one.verdict == "sure"]
    if not names:
        return answer(library, question)
    if lines := _statements(library, question, names[0], names[1:]):
        return list_answer(library, question, lines[:LINES])
    silent = f"No stored sentence was found in which {names[0].matches[0].name} speaks about it."
    if not (names[1:] or question.terms):
        return no_answer(library, question, silent)
    return with_notes(answer(library, question), silent)


def _statements(
    library: Library, question: Question, speaker: QueryActor, topics: Sequence[QueryActor]
) -> list[Line]:
    """Return the sentences in which an actor speaks about the topics, newest first."""
    own, *groups = (library.expand(one.matches[0].actor) for one in (speaker, *topics))
    found = []
    for line, mentions in _sentences(library, question.terms, [own, *groups], question.period):
        inside = _inside(line, mentions)
        about = {one.actor for one in mentions if one.field == "title" or one in inside}
        if (
            any(one.actor in own and _speaks(line, one) for one in inside)
            and all(group & about for group in groups)
            and _says(library, question, line)
        ):
            found.append(line)
    return one_line_per_event(library, newest_first(found))


def _speaks(line: Line, mention: Mention) -> bool:
    """Return whether a mention is the speaker of a sentence: *Iran said*, *according to Iran*."""
    quote, start = line.snippet.quote, line.snippet.start
    after, before = quote[mention.end - start :], quote[: mention.start - start]
    return bool(_SPEAKS.match(after) or _SPOKEN.search(before))


def versus(library: Library, question: Question) -> Answer | Nothing:
    """Answer what each of two actors says on a topic, else what is reported, as two lists."""
    names = [one for one in question.named if one.verdict == "sure"]
    if len(names) < 2:
        return answer(library, question)
    shown: list[Line] = []
    silent = []
    for one in names[:2]:
        heading = one.matches[0].name
        lines: Sequence[Line] = _statements(library, question, one, names[2:])
        if not lines:
            found = answer(library, question.about([one, *names[2:]]))
            lines = found.lines if isinstance(found, Answer) else ()
        known = {place_of(line) for line in shown}
        fresh = [line for line in lines if place_of(line) not in known]
        shown += with_heading(heading, fresh[:EACH])
        silent += [] if fresh else [f"No stored sentence was found that gives {heading}'s side."]
    if not shown:
        return with_notes(answer(library, question), *silent)
    return list_answer(library, question, shown, silent)


# --- what is new, in general ----------------------------------------------------------

RECENT = timedelta(days=7)

FEW = 5
"""How many of the last stories are listed if the period has none."""

NAMED = 8
"""The most actors that a note names."""


def what_is_new(library: Library, question: Question) -> Answer | Nothing:
    """Answer what is new, without an actor: the most important stories of the period."""
    if question.subjects or question.terms:
        return answer(library, question)
    return _newest(library, question, (), "You follow nobody here; these are")


def _new_about(library: Library, question: Question, followed: Sequence[Match]) -> Answer | Nothing:
    """List the most important stories of the period about the followed actors."""
    names = ", ".join(one.name for one in followed[:NAMED])
    others = f" and {len(followed) - NAMED} more" if len(followed) > NAMED else ""
    return _newest(library, question, followed, f"Of those followed here ({names}{others}):")


def _newest(
    library: Library, question: Question, actors: Sequence[Match], lead: str
) -> Answer | Nothing:
    """List the stories of the period, else of the past week, else the last ones."""
    period = question.period or Period(start=library.today - RECENT, end=library.today)
    since = day(period.start) if period.start else "the beginning"
    if lines := _stories(library, actors, period):
        note = f"{lead} the most important stored stories since {since}."
        return list_answer(library, question, lines, [note])
    groups = [_group(library, actors)] if actors else []
    last = library.coverage(groups, Period(end=period.end or library.today)).newest
    if question.period is None and last is not None:
        lines = _stories(library, actors, Period(start=last - RECENT, end=last))[:FEW]
        none = f"{lead} no story since {since}"
        if not actors:
            none = f"No story is stored from {since} on"
        return list_answer(library, question, lines, reference=[f"{none}; these are the latest."])
    newest = f"The newest stored article is from {day(last)}." if last else ""
    return no_answer(
        library, question, f"{lead} no story since {since}. {newest}" if actors else newest
    )


def _stories(library: Library, actors: Sequence[Match], period: Period) -> list[Line]:
    """Return a line for each important story of a period, about some actors or any."""
    if actors:
        found = material_of(library, [_group(library, actors)], period, period).reports
        ranked = stories(found, library.today, days_in(library, period))
    else:
        ranked = stories_of(library, period)
    return [story.lead for story in ranked[:LINES]]


def _group(library: Library, actors: Sequence[Match]) -> frozenset[str]:
    return frozenset().union(*library.groups(actors))


# --- by kind ------------------------------------------------------------------------


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
"""Kinds of question whose answer has a form of its own, not just the best evidence."""


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
    name, which the list could not distinguish.
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


@spanned("answer")
def reply_to_follower(
    library: Library, question: Question, following: Sequence[Match] = ()
) -> Reply:
    """Answer a question; *what is new?* without a name is about the actors the asker follows."""
    nobody = not (question.subjects or question.terms or any(question.filters))
    if question.kind == "new" and nobody and following:
        return _new_about(library, question, following)
    return reply_or_ask_back(library, question)


# --- the nearest lines ----------------------------------------------------------------

MOST_NEAR = 4
"""The most lines offered, each from another article."""

NOTHING_STORED = (
    "Nothing is stored here yet: give me links or files in a direct message, or add feeds in Home."
)

NEAR_CHANCE = 0.03
"""The least probability of answering that makes a line near a question: of the first three lines
of held-out questions, one in twelve just above it was right. From .06 on, one of *dev* was lost."""

NEAR_SHARE = 0.25
"""Lines with less than this share of the best line's probability are left out."""

FEWEST_WORDS = 4
"""A line of fewer words is a heading, and near no question."""

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
    found, only_named = _near(library, question)
    merged = one_line_per_event(library, [one.line for one in found])
    return reply.model_copy(
        update={
            "near": tuple(merged[:MOST_NEAR]),
            "near_only_named": only_named,
            "notes": (*reply.notes, looked_for(question)),
        }
    )


def _near(library: Library, question: Question) -> tuple[list[Candidate], bool]:
    """Return the best lines near the question, one per article.

    Also returns whether they only name its actors, and have none of its other words.
    If no recent line matches its words, offer what is new about its actors; else old lines.
    """
    found = candidates(library, question)
    near = _nearest(question, [one for one in found if not one.old])
    only_named = False
    if not near and question.subjects:
        alone = replace(question, terms=(), classes=frozenset(), kind="what", period=None)
        near = _nearest(alone, [one for one in candidates(library, alone) if not one.old])
        only_named = bool(near and question.terms)
    elif question.subjects and question.terms:
        only_named = not any(one.features.words or one.probability >= NEAR_CHANCE for one in near)
    first: dict[str, Candidate] = {}
    for one in near or _nearest(question, found):
        first.setdefault(one.line.snippet.article, one)
    return list(first.values())[: 2 * MOST_NEAR], only_named


def _nearest(question: Question, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the lines most likely to answer a question, else those alike in words or meaning.

    For keywords, those alike come before lines that are unlikely to answer. Headings are left out.
    """
    found = [one for one in found if len(one.line.snippet.quote.split()) >= FEWEST_WORDS]
    likely = sorted(
        (one for one in found if one.inside), key=lambda one: -round(one.probability, 2)
    )
    best = max((one.probability for one in likely), default=0.0)
    least = max(NEAR_CHANCE, NEAR_SHARE * best)
    likely = [one for one in likely if one.probability >= least]
    alike = [one for one in found if _is_alike(question, one)]
    keywords = any(one.keywords is not None for one in found)
    return (alike or likely) if keywords and best < MAY_ANSWER else (likely or alike)


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
