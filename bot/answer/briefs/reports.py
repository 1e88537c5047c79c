"""Reports made of lines, and ranked as stories: for those who ask about actors, and for others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.answer.briefs.disputes import TOLD
from bot.answer.briefs.importance import MOST, Report, Story, leans, stories
from bot.answer.library import Library
from bot.models import Line, Mention, Snippet
from bot.read import kinds
from bot.read.kinds import Numbers
from bot.read.terms import informative_stems
from bot.search.vectors import Vector

SOFT = 0.5
"""From which probability of being no hard news on a story comes last, whoever it is about."""

_LEAD = 300
"""Characters of an article that say what it is about."""

_BEGINNING = 600
"""Characters of an article that are its beginning, ..."""

_EARLY = 0.2
"""... and what a sentence there gains on others, as a probability of reporting an event."""

_PUBLISHER = re.compile(r"\s+[-|–—]\s+[^-|–—]{2,30}$|\s+$")
_NO_HEADLINE = re.compile(r"(?:\.\.\.|…|\?)$|^\d")
_FEWEST_WORDS = 5

_LEAST_DAYS = 14
"""What was published yesterday is not old, however few days are asked about."""

_OF_ONE_STORY = 12
"""Articles of one stored story that are weighed where there are more than ``MOST`` articles."""


def ranked(
    library: Library,
    lines: Sequence[Line],
    days: int,
    groups: Sequence[frozenset[str]] = (),
    *,
    headlines: bool = True,
) -> list[Story]:
    """Return the stories that lines tell, the most important first.

    ``days`` is how many days the lines are from, up to today; ``groups`` are the ids of the
    actors asked about. Without any, sport, culture, opinion and lists come last. ``headlines``
    says whether a headline may stand for the lines of its article.
    """
    kept = most_told(library, {line.snippet.article for line in lines})
    lines = [line for line in lines if line.snippet.article in kept]
    mentions = library.store.mentions(library.workspace, kept)
    found = reports(library, groups, lines, mentions, headlines=headlines)
    days = max(days, _LEAST_DAYS)
    if groups:
        return stories(found, library.today, days)
    told = stories(found, library.today, days, relevant_from=0.0)
    return sorted(told, key=lambda story: story.reports[0].soft >= SOFT)


def in_order(
    library: Library, lines: Sequence[Line], days: int, groups: Sequence[frozenset[str]] = ()
) -> dict[str, Line]:
    """Return a line of each article that lines are from, in the order of their importance.

    Those that lead a story come first, then what repeats them, then what ``ranked`` left out.
    """
    told = ranked(library, lines, days, groups, headlines=False)
    leads = [story.reports[0].line for story in told]
    others = [report.line for story in told for report in story.reports[1:]]
    found: dict[str, Line] = {}
    for line in [*leads, *others, *lines]:
        found.setdefault(line.snippet.article, line)
    return found


def most_told(library: Library, articles: Collection[str]) -> frozenset[str]:
    """Choose ``MOST`` of the articles at most: those of the stories that most sources tell."""
    if len(articles) <= MOST:
        return frozenset(articles)
    sources = library.store.source_counts(library.workspace, articles)
    story_of = library.store.stories.of(library.workspace, articles)
    by_story: dict[str, list[str]] = {}
    for key in sorted(articles):
        by_story.setdefault(story_of.get(key, key), []).append(key)

    def weight(keys: Sequence[str]) -> tuple[int, int]:
        told_by = {source for key in keys for source in sources.get(key, ())}
        return len(told_by), len(keys)

    weightiest = sorted(by_story.values(), key=weight, reverse=True)
    chosen = [key for keys in weightiest for key in keys[:_OF_ONE_STORY]]
    return frozenset(chosen[:MOST])


def reports(
    library: Library,
    groups: Sequence[frozenset[str]],
    lines: Sequence[Line],
    mentions: Mapping[str, Sequence[Mention]],
    *,
    headlines: bool = True,
) -> list[Report]:
    """Make a report of each of the newest articles: of its lines the one that tells most.

    ``groups`` are the ids of the actors asked about; without any, whoever is mentioned counts.
    With ``headlines``, the line is the headline where that says what happened.
    """
    by_article: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (_day(library, line), line.snippet.article)):
        by_article.setdefault(line.snippet.article, []).append(line)
    newest = list(by_article)[-MOST:]
    looked = _Looked(
        library,
        frozenset().union(*groups) if groups else None,
        mentions,
        library.vectors.of(library.store, library.workspace, newest),
        library.store.source_counts(library.workspace, newest),
        library.store.stories.of(library.workspace, newest),
        headlines,
    )
    # An article that was deleted meanwhile has no vector.
    return [looked.report(key, by_article[key]) for key in newest if key in looked.vectors]


@dataclass(frozen=True)
class _Looked:
    """What is known of the articles that reports are made of, by article.

    ``known`` are the ids of the actors asked about; None is anybody.
    """

    library: Library
    known: frozenset[str] | None
    mentions: Mapping[str, Sequence[Mention]]
    vectors: Mapping[str, Vector]
    sources: Mapping[str, Collection[str]]
    stories: Mapping[str, str]
    headlines: bool

    @cached_property
    def names(self) -> frozenset[str]:
        """The stems of the names, as they are written in the articles, of those asked about."""
        if self.known is None:
            return frozenset()
        found = [one for several in self.mentions.values() for one in several]
        aliases = sorted({one.alias for one in found if one.actor in self.known})
        return frozenset(self.library.passages.terms(" ".join(aliases)))

    def report(self, key: str, lines: Sequence[Line]) -> Report:
        """Make the report of one article."""
        snippet, models = lines[0].snippet, kinds.trained()
        article = models.of_article(self.vectors[key], snippet.title, snippet.url)
        own = [
            one
            for one in self.mentions.get(key, ())
            if self.known is None or one.actor in self.known
        ]
        titled = any(one.field == "title" for one in own)
        line = _headline(lines[0]) if titled and self.headlines else None
        if line is None:
            line = min(lines, key=lambda line: _lead_order(line, _event(line.snippet, article)))
        stems = self.library.passages.terms(f"{snippet.title} {line.snippet.quote}")
        return Report(
            line=line,
            terms=informative_stems(stems) - self.names,
            vector=self.vectors[key],
            sources=frozenset(self.sources.get(key, ())),
            mentions=sum(_within(one, line.snippet) for one in own),
            titled=titled,
            leading=any(one.field == "text" and one.start < _LEAD for one in own),
            density=len(own),
            day=_day(self.library, line),
            # Without address or title too little tells the kind of an article.
            hard=kinds.hardness(article) if snippet.url and snippet.title.strip() else 1.0,
            event=_event(line.snippet, article),
            story=self.stories.get(key),
            actors=None if self.known is not None else _leading(own),
            soft=kinds.softness(article, snippet.title),
        )


def _headline(line: Line) -> Line | None:
    """Return the title of a line's article as a line; None where it does not say what happened.

    A question, a list, a few words or a title that was cut off does not. The name of a publisher at
    its end is left out.
    """
    title = line.snippet.title
    words = _PUBLISHER.sub("", title)
    if len(words.split()) < _FEWEST_WORDS or _NO_HEADLINE.search(words):
        return None
    start = len(words) - len(words.lstrip())
    quote = {"field": "title", "start": start, "end": len(words), "quote": words[start:]}
    snippet = line.snippet.model_copy(update={**quote, "key_spans": (), "answer": None})
    return Line(snippet=snippet)


def _leading(mentions: Sequence[Mention]) -> frozenset[str]:
    """Whom a title or the first words name."""
    return frozenset(one.actor for one in mentions if one.field == "title" or one.start < _LEAD)


def _event(snippet: Snippet, article: Numbers) -> float:
    """How likely a quote reports an event; ``article`` are the probabilities of its kinds."""
    if snippet.field == "title":
        return float(article[kinds.ARTICLES.index("news")])
    found = kinds.trained().of_sentence(snippet.quote, first=snippet.start == 0, article=article)
    return float(found[kinds.SENTENCES.index("event")])


def _lead_order(line: Line, event: float) -> tuple[bool, bool, float, int]:
    """Put first what stands alone, then what is no plan or possibility, then what is an event.

    The beginning of an article is worth something by itself.
    """
    told = line.status is None or line.status in TOLD
    early = _EARLY if line.snippet.start < _BEGINNING else 0.0
    return leans(line.snippet), not told, -(event + early), line.snippet.start


def _day(library: Library, line: Line) -> date:
    return line.snippet.published.date() if line.snippet.published else library.today


def _within(mention: Mention, snippet: Snippet) -> bool:
    return mention.field == snippet.field and snippet.start <= mention.start < snippet.end
