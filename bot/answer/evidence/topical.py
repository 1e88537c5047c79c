"""Sentences about an event or a claim, by words: as many as there are, for a brief or a comparison.

For a question see ``gathered``: it looks at fewer sentences, each more closely.
"""

from __future__ import annotations

from bot.answer.asked.question import Question
from bot.answer.evidence.candidate import ALONE, ENOUGH_WORDS
from bot.answer.evidence.gathered import inside, line_of, named_in, without_copies
from bot.answer.evidence.quoting import Quoted, quotes
from bot.answer.evidence.ranking import Found, ranked
from bot.answer.evidence.spans import sought
from bot.answer.evidence.told import from_facts
from bot.answer.evidence.wanted import Wanted, wanted
from bot.answer.library import Library
from bot.answer.lines import place_of
from bot.models import Line

_EACH = 3
"""Sentences of one article."""


def sentences_about(library: Library, question: Question) -> list[Line]:
    """Return the facts and sentences of the question's period that have its words and actors.

    Facts come first, then the sentences of the likeliest articles.
    """
    looked = wanted(library, question)
    facts = from_facts(library, question, looked)
    lines = [line for line, fit in facts if fit]
    known = {place_of(line) for line, _ in facts}
    articles = without_copies(ranked(library, question, looked))
    stored = library.articles({one.article.article for one in articles})
    for found in articles:
        one = stored.get(found.article.article)
        published = found.article.published
        if one is None or one.revision.n != found.article.revision:
            continue
        if not inside(question.period, published.date() if published else None):
            continue
        kept = quotes(library, found, looked, sought(question), widen=False)[:_EACH]
        for quoted in kept:
            line = line_of(found, one, quoted)
            if place_of(line) not in known and _is_about(library, looked, found, quoted, line):
                known.add(place_of(line))
                lines.append(line)
    return lines


def _is_about(library: Library, looked: Wanted, found: Found, quoted: Quoted, line: Line) -> bool:
    """Whether a sentence, with its title, has enough of the words and names all actors."""
    text = found.article.text[quoted.start : quoted.end]
    bag = library.passages.words(f"{found.article.title} {text}")
    actors = max(found.parts.named, looked.named(named_in(found, line), bag))
    enough = ENOUGH_WORDS if looked.groups else ALONE
    return actors >= 1 and looked.topical(bag) >= enough
