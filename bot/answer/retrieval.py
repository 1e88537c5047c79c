"""Evidence for a question or an event: facts and quotes, with how likely each answers.

Articles are ranked first, by words and meaning. The sentences of the likeliest that may answer are
quoted, with the spans that may be the answer. These quotes, and facts of the kind asked for, are
then judged by the question model."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Literal, NamedTuple

from bot.answer.library import Library
from bot.answer.lines import day_of, fact_lines, place_of, snippet_of
from bot.answer.question import Kind, Question, classes_of
from bot.answer.ranking import (
    QueryTerms,
    RankedArticle,
    actors_in,
    query_terms,
    rank_articles,
    recency,
    time_asked,
)
from bot.answer.sufficiency import (
    ENOUGH_WORDS,
    ENOUGH_WORDS_ALONE,
    FEW_WORDS,
    Candidate,
    Features,
    probability,
    sufficiency,
)
from bot.models import MUTUAL, Fact, Line, Period, Snippet, Status
from bot.store.articles import Stored
from bot.text.english import is_common
from bot.text.names import HONORIFICS
from bot.text.networks import Passage, PassageScore, score_passages
from bot.text.periods import find_period
from bot.text.sentences import sentences

_FACTS = 300
_EXCEPTIONS = {
    "host": frozenset("host hosts hosted hosting guest guests".split()),
    "invite": frozenset("invite invites invited inviting invitation invitations".split()),
}
"""Acts unlike the others of their class (hosts do not move, inviters have not met), by the
words for them."""

_UPON = re.compile(
    r"\b(?:(?:sanctions?|attacks?|strikes?|airstrikes?|raids?|tariffs|embargo|war|pressure|threats?)"
    r"\s(?:on|against|at)|(?:invasion|bombing|shelling|killing|assassination|arrest|siege"
    r"|occupation|criticism|condemnation)\sof)\s(?:the\s)?$",
    re.IGNORECASE,
)

_DID = re.compile(r"\b(?:did|does|do)\s(?:the\s)?$", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|were|been)\s(?:the\s)?$", re.IGNORECASE)
_PAST = re.compile(r"\b(?:did|has|have|was|were)\b", re.IGNORECASE)

_COMING = frozenset({Status.PLANNED, Status.CALLED_FOR})


def matching_facts(
    library: Library, question: Question, looked: QueryTerms
) -> list[tuple[Line, float]]:
    """Return lines of facts of the requested kind and actors, with how well each fits.

    A fact that says the opposite has fit 0.
    """
    groups = looked.groups
    if not groups or not (question.classes or not question.terms):
        return []
    facts = library.facts(
        question.period,
        actors=groups[0] if question.classes else frozenset().union(*groups),
        classes=question.classes or None,
        undated=False if question.period else None,
        limit=_FACTS,
    )
    fitting = [fact for fact in facts if all(fact.roles & group for group in groups)]
    fits = {fact.id: _fit(fact, question, groups) for fact in fitting}
    # If the question is about the place of facts, prefer the sentence that names it.
    placed = [fact for fact in fitting if any(fact.place in group for group in groups)]
    names = [frozenset(library.passages.terms(one.name)) for one in question.subjects]
    lines = fact_lines(
        library,
        placed,
        lambda quote: sum(name <= set(library.passages.terms(quote)) for name in names),
    )
    lines += fact_lines(library, [fact for fact in fitting if fact not in placed])
    return [(line, fits[line.fact or ""]) for line in lines]


def _fit(fact: Fact, question: Question, groups: Sequence[frozenset[str]]) -> float:
    """Return how well a fact about the actors fits the question: 0 means not at all."""
    fit = 0.6
    if fact.act in _EXCEPTIONS and _EXCEPTIONS[fact.act].isdisjoint(question.terms):
        return 0.0
    passive = _follows(question, _WAS)  # "was Iran attacked by Israel"
    upon = len(groups) == 1 and (question.doer or _follows(question, _UPON))
    if (upon or passive) and question.classes:
        # "Who moved to Turkey?" asks for the movers, not for what Turkey did.
        if fact.target_actor in groups[0] or fact.event_class in MUTUAL:
            fit += 0.3
        elif fact.place not in groups[0]:
            return 0.0
    elif fact.source_actor in groups[0]:
        fit += 0.3
    elif fact.event_class not in MUTUAL and _follows(question, _DID):
        return 0.0  # "Did Iran attack?" does not ask who attacked Iran.
    if fact.status is Status.DENIED:
        fit -= 0.3  # denied acts come last
    if fact.status in _COMING and not question.ahead and _PAST.search(question.text):
        fit -= 0.3
    if question.ahead:
        fit += 0.1 if fact.status in _COMING else -0.3
    return max(fit, 0.0)


def _follows(question: Question, words: re.Pattern[str]) -> bool:
    """Return whether the first name follows these words: *sanctions on*, *who did*, *was*."""
    first = next((one for one in question.named if one.verdict == "sure"), None)
    return first is not None and bool(words.search(question.text[: first.start]))


# --- candidates for a question --------------------------------------------------------

ARTICLES = 12
"""The most articles quoted for a question."""

QUOTES = 12
"""The most quotes from them that the question model scores."""

FACTS = 3
"""The most lines of facts that it scores as well."""

_SHORT = 7
"""The most words of a question that asks only for an act and its actors."""

LISTED = 10
"""The most lines of facts for such a question: they are the answer."""

_OF_THINGS = 2
"""A question of so many words beyond names that asks for a name, a date, a number or a place gets
the neighbours of a sentence, too; other questions only from ``FEW_WORDS`` on."""

_QUOTES_OF_ARTICLE = 3
"""The most quotes of one article."""

_FURTHER_QUOTE = 0.35
"""The factor for each further quote of an article."""


@dataclass(frozen=True)
class Retrieved:
    """The evidence found for a question: candidates, best first, and ranked articles."""

    candidates: tuple[Candidate, ...]
    articles: tuple[RankedArticle, ...]

    @cached_property
    def probability(self) -> dict[str, float]:
        """The probability that each article answers: that of its best candidate."""
        found: dict[str, float] = {}
        for one in self.candidates:
            key = one.line.snippet.article
            found[key] = max(found.get(key, 0.0), one.probability)
        return found


def candidates(library: Library, question: Question) -> tuple[Candidate, ...]:
    """Collect and score candidates, best first; in a tie the newest first."""
    return retrieve(library, question).candidates


def retrieve(library: Library, question: Question) -> Retrieved:
    """Collect candidates and all ranked articles; computed once per request."""
    if question not in library.retrieved:
        library.retrieved[question] = _retrieve(library, question)
    found: Retrieved = library.retrieved[question]
    return found


def _retrieve(library: Library, question: Question) -> Retrieved:
    looked = query_terms(library, question)
    articles = without_copies(rank_articles(library, question, looked))
    facts = matching_facts(library, question, looked)
    facts.sort(key=lambda one: (-one[1], _date_key(one[0])))
    # A sentence with a fact that says the opposite is no answer, whatever its words.
    contrary = {place_of(line) for line, fit in facts if not fit}
    at = {one.article.article: one for one in articles}
    found: dict[tuple[str, str, int], tuple[Line, float, RankedArticle | None]] = {}
    for line, fit in facts[: LISTED if _asks_for_acts(question, looked) else FACTS]:
        if fit:
            found.setdefault(place_of(line), (line, fit, at.get(line.snippet.article)))
    for line, article in _quote_articles(library, question, looked, articles):
        if place_of(line) not in contrary:
            found.setdefault(place_of(line), (line, 0.0, article))
    return Retrieved(_scored(library, question, looked, list(found.values())), tuple(articles))


def without_copies(articles: Sequence[RankedArticle]) -> list[RankedArticle]:
    """Keep only the most likely of near-copies."""
    first: dict[str, RankedArticle] = {}
    for one in articles:
        first.setdefault(one.article.fold, one)
    return list(first.values())


def _date_key(line: Line) -> int:
    day = day_of(line)
    return -(day.toordinal() if day else 0)


def _quote_articles(
    library: Library, question: Question, looked: QueryTerms, articles: Sequence[RankedArticle]
) -> list[tuple[Line, RankedArticle]]:
    """Return quotes of the most likely articles, several of a much more likely one."""
    likely = articles[:ARTICLES]
    stored = library.articles({one.article.article for one in likely})
    best = likely[0].score if likely else 0.0
    rated: list[tuple[float, RankedArticle, Quote]] = []
    # If a name, date or number is asked for, neighbouring sentences say what it belongs to.
    least = _OF_THINGS if answer_type(question) is not None else FEW_WORDS + 1
    widen = len(looked.topic) >= least
    for found in likely:
        one = stored.get(found.article.article)
        if one is None or one.revision.n != found.article.revision:
            continue
        chance = math.exp(found.score - best)
        kept = choose_quotes(library, found, looked, answer_type(question), widen=widen)
        first, further = kept[:1], kept[1:_QUOTES_OF_ARTICLE]
        chosen = [*first, *(one for one in further if _has_enough(library, looked, found, one))]
        rated += [
            (chance * _FURTHER_QUOTE**again, found, quoted) for again, quoted in enumerate(chosen)
        ]
    rated.sort(key=lambda one: -one[0])  # stable: in a tie the likelier article stays first
    return [
        (line_of(stored[found.article.article], quoted), found)
        for _, found, quoted in rated[:QUOTES]
    ]


def _has_enough(library: Library, looked: QueryTerms, found: RankedArticle, quoted: Quote) -> bool:
    """Return whether a further quote has enough words of a short question by itself."""
    if len(looked.topic) > FEW_WORDS:
        return True
    words = library.passages.words(found.article.text[quoted.start : quoted.end])
    return looked.topical(words) >= ENOUGH_WORDS


def line_of(stored: Stored, quoted: Quote) -> Line:
    """Quote a ranked article."""
    return Line(snippet=snippet_of(stored, stored.evidence(quoted.start, quoted.end)))


def _scored(
    library: Library,
    question: Question,
    looked: QueryTerms,
    found: Sequence[tuple[Line, float, RankedArticle | None]],
) -> tuple[Candidate, ...]:
    """Score each line and mark the words that answer; best first."""
    passages = [_passage(library, line) for line, _, _ in found]
    kind = answer_type(question)
    typed = kind is not None and (kind != "name" or _WHO.search(question.text) is not None)
    fitting = partial(_fitting, kind, _own_words(question, looked)) if kind and typed else None
    scores = score_passages(question.text, passages, fitting)
    made = [
        _candidate(library, question, looked, *one, score)
        for one, score in zip(found, scores, strict=True)
    ]
    if question.period is None:
        made = _without_old_answers(library, looked, made)
    return tuple(sorted(made, key=lambda one: one.order))


OLD = timedelta(days=365)
"""How much older than the newest article an answer may be if the question has no period: on
``dev``, none of five older ones was right."""


def _without_old_answers(
    library: Library, looked: QueryTerms, made: Sequence[Candidate]
) -> list[Candidate]:
    """Mark lines much older than the newest article about the actors; they do not answer.

    Without actors, the newest of all articles counts.
    """
    days = [day_of(one.line) for one in made]
    if not any(day and library.today - day > OLD for day in days):
        return list(made)
    newest = library.coverage(looked.groups, None).newest or library.today  # of all articles
    return [
        replace(one, old=(day := day_of(one.line)) is not None and newest - day > OLD)
        for one in made
    ]


def _own_words(question: Question, looked: QueryTerms) -> frozenset[str]:
    """Return the words of a question and of the names of its actors, in lower case."""
    names = " ".join(one.name for one in question.subjects).lower()
    return looked.asked | frozenset(re.findall(r"\w+", names))


def _fitting(kind: AnswerType, asked: Collection[str], quote: str) -> list[tuple[int, int]]:
    return list(answer_spans(kind, quote, asked))


def _asks_for_acts(question: Question, looked: QueryTerms) -> bool:
    """Return whether a question asks only for an act and its actors, as *who attacked Iran?*"""
    alone = all(classes_of([term]) for term in question.terms)
    short = len(question.text.split()) <= _SHORT
    return bool(question.classes and looked.groups) and alone and short


def _passage(library: Library, line: Line) -> Passage:
    age = (library.today - line.snippet.day).days if line.snippet.day else None
    return Passage(line.snippet.quote, line.snippet.title, age)


MARKED = 0.4
"""The least probability of a line for marking its answering words: of the first lines of held-out
questions .93 of 165 marks were right above it, .70 of 23 below."""


def is_history(snippet: Snippet, span: tuple[int, int] | None) -> bool:
    """Return whether words of a quote are a date more than a year before its report."""
    if span is None or snippet.day is None:
        return False
    found = find_period(f"in {snippet.quote[slice(*span)]}", snippet.day)
    end = found.period.end if found else None
    return end is not None and snippet.day - end > OLD


_UNCOUNTED = 0.01
"""How far below an answer a line without a number stays if the question asks for one."""


def _candidate(
    library: Library,
    question: Question,
    looked: QueryTerms,
    line: Line,
    fit: float,
    found: RankedArticle | None,
    score: PassageScore,
) -> Candidate:
    features = _features(library, question, looked, line, fit, found, score.logit)
    likely = probability(features)
    if score.span is None and answer_type(question) in ("count", "number"):
        likely = min(likely, sufficiency().enough - _UNCOUNTED)
    snippet = line.snippet.model_copy(update={"score": round(likely, 4)})
    made = Candidate(
        line=line.model_copy(update={"snippet": snippet}),
        features=features,
        probability=likely,
        asked=len(looked.topic),
        inside=is_inside(question.period, day_of(line)),
        story=found.article.story if found else None,
        keywords=_keywords(question, looked, fit),
        listed=_asks_for_acts(question, looked),
        related=bool(looked.groups) or max(features.whole, features.words, fit) > 0,
    )
    # The label of a fact already says who did what.
    unmarked = fit > 0 or (question.kind in _UNMARKED and answer_type(question) is None)
    past = answer_type(question) == "date" and is_history(snippet, score.span)
    if not made.is_answer or unmarked or likely < MARKED or past:
        return made
    marked = snippet.model_copy(update={"answer": score.span})
    return replace(made, line=line.model_copy(update={"snippet": marked}))


def _features(
    library: Library,
    question: Question,
    looked: QueryTerms,
    line: Line,
    fit: float,
    found: RankedArticle | None,
    logit: float,
) -> Features:
    bag = library.passages.words(f"{line.snippet.title} {line.snippet.quote}")
    near, lately = recency(line.snippet.published, *time_asked(library, question))
    parts = found.parts if found else None
    return Features(
        logit=logit,
        similarity=parts.similarity if parts else 0.0,
        words=looked.topical(bag),
        whole=parts.passage if parts else looked.share(bag),
        proper=parts.proper if parts else looked.proper(bag),
        rarest=parts.rarest if parts else looked.rarest(bag),
        named=1.0 if fit else looked.named(named_in(found, line), bag),
        fact=fit,
        near=near,
        lately=lately,
    )


def named_in(found: RankedArticle | None, line: Line) -> set[str]:
    """Return the ids of the actors named in a line or in the title of its article."""
    if found is None:
        return set(line.about)
    return actors_in(found.article, line.snippet.start, line.snippet.end)


def _keywords(question: Question, looked: QueryTerms, fit: float) -> float | None:
    """Return the share of the keywords that a line must have; None if it is judged as an answer.

    For a question about acts, facts are listed; its other lines are not matched as keywords.
    """
    most = {"statement": FEW_WORDS, "what": 1}.get(question.kind, 0)
    listed = _asks_for_acts(question, looked)
    if _asks_for_one_thing(question) and not (listed and fit > 0):
        return None
    if not (listed or 0 < len(looked.topic) <= most):
        return None
    return ENOUGH_WORDS if looked.groups else ENOUGH_WORDS_ALONE


_WHO = re.compile(r"\b[Ww]ho(?:m|se)?\b")
"""Not *WHO*, the World Health Organization."""


def _asks_for_one_thing(question: Question) -> bool:
    """Return whether a question asks for a person, day, place or number: not *what about …*."""
    return answer_type(question) not in (None, "name") or bool(_WHO.search(question.text))


_UNMARKED: frozenset[Kind] = frozenset({"statement", "new", "versus", "planned"})
"""Kinds of questions that a few words cannot answer."""

_GRACE = timedelta(days=3)
"""How long after the end of a period a report about it may appear."""


def is_inside(period: Period | None, day: date | None) -> bool:
    """Return whether a day is in a period, or soon enough after it for a report on it."""
    if period is None:
        return True
    if day is None:
        return False
    return (period.start or day) <= day <= (period.end + _GRACE if period.end else day)


# --- sentences about an event ---------------------------------------------------------

_SENTENCES_OF_ARTICLE = 3
"""The most sentences of one article."""


def sentences_about(library: Library, question: Question) -> list[Line]:
    """Return the facts and sentences of the question's period with its words and actors.

    Facts come first, then the sentences of the likeliest articles.
    """
    looked = query_terms(library, question)
    facts = matching_facts(library, question, looked)
    lines = [line for line, fit in facts if fit]
    known = {place_of(line) for line, _ in facts}
    articles = without_copies(rank_articles(library, question, looked))
    stored = library.articles({one.article.article for one in articles})
    for found in articles:
        one = stored.get(found.article.article)
        published = found.article.published
        if one is None or one.revision.n != found.article.revision:
            continue
        if not is_inside(question.period, published.date() if published else None):
            continue
        kept = choose_quotes(library, found, looked, answer_type(question), widen=False)[
            :_SENTENCES_OF_ARTICLE
        ]
        for quoted in kept:
            line = line_of(one, quoted)
            if place_of(line) not in known and _is_about(library, looked, found, quoted, line):
                known.add(place_of(line))
                lines.append(line)
    return lines


def _is_about(
    library: Library, looked: QueryTerms, found: RankedArticle, quoted: Quote, line: Line
) -> bool:
    """Return whether a sentence, with its title, has enough words and names all actors."""
    text = found.article.text[quoted.start : quoted.end]
    bag = library.passages.words(f"{found.article.title} {text}")
    actors = max(found.parts.named, looked.named(named_in(found, line), bag))
    enough = ENOUGH_WORDS if looked.groups else ENOUGH_WORDS_ALONE
    return actors >= 1 and looked.topical(bag) >= enough


# --- quotes -------------------------------------------------------------------------


AnswerType = Literal["name", "date", "count", "number", "place"]
"""A ``count`` is a number of people or things; a ``number`` may be an amount or a share, too."""

_WORDED = (
    r"(?<!\d\s)\b(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    r"|millions?)\b"
)
_DIGITS = r"\d++(?:[.,]\d++)*+"
_NUMBER = (
    rf"[$€£]?{_DIGITS}(?:\s?%|\s(?:percent|per cent|thousand|million|billion|trillion))*"
    rf"|{_WORDED}|\b(?:twice|half|a third|a quarter)\b"
)
_CURRENCY = (
    r"(?:baht|cents?|dinars?|dirhams?|dollars?|dong|euros?|francs?|hryvnias?|kips?|kron[aeo]r?|kyats?"
    r"|liras?|naira|pence|pesos?|pounds?|rands?|rials?|ringgit|riyals?|ro?ubles?|rupees?|rupiahs?"
    r"|she[kq]els?|shillings?|yen|yuan|zloty)\b"
)
"""Units of money; *won* and *real* are left out, since they are common words."""

_MONEY = rf"\s(?:\w+\s){{0,2}}{_CURRENCY}"
_AGE = r"[-\s](?:year|month|week|day)s?[-\s]olds?\b"
_BARE_YEAR = r"(?!2000)(?:19|20)\d\d(?![\d.,]*\d)"
"""A number without a comma that is hardly a count; *2000* is one in *2000 people*."""

_COUNT = (
    rf"(?<![$€£\w.,])(?<![a-z]-)(?<!\baged\s)(?!{_BARE_YEAR}){_DIGITS}(?:\s(?:thousand|million|billion))*+"
    rf"(?!\s?%|\sper\s?cent|{_MONEY}|{_AGE})|{_WORDED}(?!{_MONEY}|{_AGE})|\b(?:nobody|none)\b"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE = (
    rf"\b(?:\d{{1,2}}\s)?{_MONTH}\.?\b(?:\s\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s\d{{4}})?"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:19|20)\d\d\b|\b(?:yesterday|today|"
    r"tomorrow)\b|\b(?:last|next|this) (?:week|month|year|summer|winter|spring|autumn|fall)\b"
)
_NAME = (
    r"“[^“”]{2,60}”|(?:[A-Z][\w’'-]*|[A-Z]\.)(?:(?: (?:of|the|de|del|al|bin|van|von|der|and)){0,2}"
    r" (?:[A-Z][\w’'-]*|[A-Z]\.))*"
)
_PATTERNS: dict[AnswerType, re.Pattern[str]] = {
    "name": re.compile(_NAME),
    "place": re.compile(_NAME),
    "date": re.compile(_DATE),
    "count": re.compile(_COUNT, re.IGNORECASE),
    "number": re.compile(_NUMBER, re.IGNORECASE),
}
_HOW_MANY = re.compile(rf"\bhow many\b(?!\s(?:per\s?cent|times)\b|{_MONEY})", re.IGNORECASE)
_HOW_MUCH = re.compile(
    r"\bhow (?:many|much|often|old|long|far|big|high|large)\b|\bwhat (?:percentage|share|number"
    r"|age|price)\b|\bapproximately\b|\bhow (?:many|much) (?:more|less)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:when|(?:which|what) (?:year|month|day|date|decade|century))\b", re.IGNORECASE
)
_WHERE = re.compile(
    r"\b(?:where|(?:which|what|whose) (?:\w+ ){0,2}(?:country|countries|city|state|nation|island"
    r"|region|province|town|place|continent|territory|capital))\b",
    re.IGNORECASE,
)
_NAMING = re.compile(r"\b(?:who|whom|whose|which|what)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_BEFORE_NAMES = HONORIFICS | frozenset(
    "prime vice monday tuesday wednesday thursday friday saturday sunday".split()
)


def answer_type(question: Question) -> AnswerType | None:
    """Return the type of span that answers a question; None if it does not ask for one."""
    text = question.text
    if _HOW_MANY.search(text):
        return "count"
    if _HOW_MUCH.search(text):
        return "number"
    if _WHEN.search(text):
        return "date"
    if _WHERE.search(text):
        return "place"
    return "name" if _NAMING.search(text) else None


def answer_spans(kind: AnswerType, quote: str, asked: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield spans of a type in a quote, in code points, unless the question has them itself.

    ``asked`` are the question's words in lower case; a span with only these, or with
    common words only, answers nothing.
    """
    for match in _PATTERNS[kind].finditer(quote):
        start, end = match.span()
        if kind in ("name", "place"):
            start = _past_opening(quote, start, end)
        words = [word.lower() for word in _WORD.findall(quote[start:end])]
        fresh = [word for word in words if word not in asked]
        if kind in ("name", "place"):
            fresh = [word for word in fresh if not is_common(word)]
        if fresh:
            yield start, end


def _past_opening(quote: str, start: int, end: int) -> int:
    """Skip words that are not part of a name: a title, a day, a common word capitalised only
    because it begins a sentence."""
    while (first := _WORD.match(quote, start)) is not None and first.end() < end:
        word = first[0].lower()
        opens = start == 0 or quote[:start].rstrip()[-1:] in '.!?“"”:'
        if not (word in _BEFORE_NAMES or (opens and is_common(word))):
            break
        start = first.end() + 1
    return min(start, end)


# --- quotes ---------------------------------------------------------------------------

MOST_WORDS = 60
"""The most words of a quote of several sentences."""

_PIECE = 30
"""The least words of a piece of a sentence too long to quote: a list, a caption."""

_CUT = re.compile(r"(?<=[;:,—–])\s+|\n+|(?<=[.!?][”\"])\s+")

_MOST_HITS = 5
_LEDE, _BYLINE = 2, 12
"""Passages taken from the beginning, and the least words of one: shorter ones are bylines."""

_NEW_WORDS_WEIGHT = 0.3
"""The extra weight of words that the title does not have."""

_SPANS_WEIGHT = 0.1
"""The weight of spans of the requested type, by the logarithm of their number."""

_LENGTH_WEIGHT = 0.003
_LATE_PENALTY = 0.3
"""The penalty of a sentence at the end of an article against one at its beginning. All four
constants were chosen on the even half of the questions used to train the ranking."""


class Quote(NamedTuple):
    """A span of an article, in code points of its text, and how well it fits the question."""

    start: int
    end: int
    fit: float


class _Sentence(NamedTuple):
    """A sentence: its offsets, its stems from the question, and the spans that may answer."""

    start: int
    end: int
    words: int
    held: frozenset[str]
    answers: frozenset[str]


def choose_quotes(
    library: Library,
    found: RankedArticle,
    wanted: QueryTerms,
    kind: AnswerType | None,
    *,
    widen: bool,
) -> list[Quote]:
    """Choose spans of an article that may answer, best first, without overlaps.

    ``widen`` includes neighbouring sentences as long as the quote stays short: for a
    question of many words they often contain the answer.
    """
    text = found.article.text
    title = frozenset(library.passages.words(found.article.title))
    rated: list[Quote] = []
    for first, last in _regions(found):
        inside = [
            _sentence(library, wanted, kind, text, first + start, first + end)
            for start, end in _pieces(text[first:last])
        ]
        for run in _runs(inside, MOST_WORDS if widen else 0):
            fit = _quote_fit(wanted, title, run) - _LATE_PENALTY * run[0].start / len(text)
            rated.append(Quote(run[0].start, run[-1].end, fit))
    return _without_overlaps(sorted(rated, key=lambda one: (-one.fit, one.start)))


def _sentence(
    library: Library, wanted: QueryTerms, kind: AnswerType | None, text: str, start: int, end: int
) -> _Sentence:
    quote = text[start:end]
    held = frozenset(library.passages.words(quote)).intersection(wanted.weights)
    answers = answer_spans(kind, quote, wanted.asked) if kind is not None else ()
    return _Sentence(
        start, end, len(quote.split()), held, frozenset(quote[one:two] for one, two in answers)
    )


def _quote_fit(wanted: QueryTerms, title: frozenset[str], run: Sequence[_Sentence]) -> float:
    held = frozenset().union(*(one.held for one in run))
    answers = frozenset().union(*(one.answers for one in run))
    return (
        wanted.share(held)
        + _NEW_WORDS_WEIGHT * wanted.share(held - title)
        + _SPANS_WEIGHT * math.log1p(len(answers))
        + _LENGTH_WEIGHT * sum(one.words for one in run)
    )


def _regions(found: RankedArticle) -> list[tuple[int, int]]:
    """Return the best passages with their neighbours, and the lede; merged if they touch."""
    passages = found.article.passages
    wide = _lede(found)
    for hit in found.hits[:_MOST_HITS]:
        at = next((n for n, (start, _) in enumerate(passages) if start == hit.start), None)
        if at is None:
            wide.append((hit.start, hit.end))
        else:
            before, after = max(at - 1, 0), min(at + 1, len(passages) - 1)
            wide.append((passages[before][0], passages[after][1]))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(wide):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _lede(found: RankedArticle) -> list[tuple[int, int]]:
    """Return the first passages after the byline."""
    text, passages = found.article.text, found.article.passages
    lengths = (len(text[start:end].split()) for start, end in passages)
    first = next((n for n, words in enumerate(lengths) if words >= _BYLINE), 0)
    return [(start, end) for start, end in passages[first : first + _LEDE]]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text; one that is too long to quote is split into pieces."""
    for start, end in sentences(text):
        if len(text[start:end].split()) <= MOST_WORDS:
            yield start, end
            continue
        at, cut = start, None
        for gap in _CUT.finditer(text, start, end):
            if cut is not None and len(text[at : gap.start()].split()) > _PIECE:
                yield at, cut.start()
                at = cut.end()
            cut = gap
        yield at, end


def _runs(inside: Sequence[_Sentence], most: int) -> Iterator[Sequence[_Sentence]]:
    """Yield every sentence alone, and every run of sentences of at most ``most`` words."""
    for first in range(len(inside)):
        total = 0
        for last in range(first, len(inside)):
            total += inside[last].words
            if total > most and last > first:
                break
            yield inside[first : last + 1]


def _without_overlaps(rated: Sequence[Quote]) -> list[Quote]:
    kept: list[Quote] = []
    for one in rated:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept
