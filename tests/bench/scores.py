"""The page of scores: results of benchmarks as Markdown, a table to each part.

``render`` makes the whole page. For parts that were not measured this time it keeps the page's
existing text, word for word, with the commit and the day of its measurement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from tests.bench.common import Result, wilson

SHARE = ""
"""The unit of a share of cases; it has an interval."""

_HEAD = """\
# Scores

Written by `python -m tests.bench report DATA`, never by hand; `--only PART` measures a part again and
keeps the others. `DATA` is a folder that is not part of the project. Each file under `tests/bench/` says
what its benchmark reads and how it counts.

*test* is a half that was not used for tuning, *dev* one that was; *all* has no halves. The interval of a share is
Wilson's, 95 %, as if all cases were independent of each other. Other figures have none.
"""
_COLUMNS = "| figure | half | n | value | 95 % interval |\n|---|---|--:|--:|---|"


class Stamp(NamedTuple):
    """What was measured, and when."""

    commit: str
    day: date


class Figure(NamedTuple):
    """A row of a table: ``at`` leads to its value and its number of cases.

    All three are keys, joined by "/"; ``at`` may be empty.
    """

    name: str
    at: str
    value: str
    n: str
    unit: str = SHARE
    half: str = "test"


class Part(NamedTuple):
    """A section of the page."""

    title: str
    about: str
    limits: str
    figures: tuple[Figure, ...]


def render(results: Mapping[str, Result], stamp: Stamp, page: str = "") -> str:
    """Return the page of these results, by part, with the other parts taken from ``page``."""
    kept = _sections(page)
    sections, missing = [], []
    for name, part in PARTS.items():
        if name in results:
            sections.append(_section(part, results[name], stamp))
        elif part.title in kept:
            sections.append(kept[part.title])
        else:
            missing.append(part.title.lower())
    head = [_HEAD, f"Not measured yet: {', '.join(missing)}.\n"] if missing else [_HEAD]
    return "\n".join([*head, *sections])


def _sections(page: str) -> dict[str, str]:
    """Cut a page into its sections, by title."""
    parts = re.split(r"^(?=## )", page, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0].removeprefix("## "): part.rstrip() + "\n" for part in parts}


def _section(part: Part, result: Result, stamp: Stamp) -> str:
    rows = "\n".join(_row(figure, result) for figure in part.figures)
    paragraphs = (part.about, _measured(result, stamp), f"{_COLUMNS}\n{rows}", part.limits)
    return f"## {part.title}\n\n" + "\n\n".join(paragraphs) + "\n"


def _measured(result: Result, stamp: Stamp) -> str:
    """Return when, at which commit and, if the result has them, on which machine and stores."""
    stores: Any = result.get("stores", {})
    machine = ""
    if "cores" in result:
        machine = f" on {result['cores']} cores, load average {result['load_average']} at the end"
    return " ".join(
        [
            f"Measured on {stamp.day.isoformat()} at commit `{stamp.commit[:10]}`{machine}.",
            *(
                f"Store `{name}`: {size['articles']:,} articles, the facts of"
                f" {size['without facts']:,} of them not read."
                for name, size in stores.items()
            ),
        ]
    )


def _row(figure: Figure, result: Result) -> str:
    there = _found(result, figure.at)
    value, n = _found(there, figure.value), _found(there, figure.n)
    interval = "–"
    if not n:
        shown = "–"
    elif figure.unit == SHARE:
        low, high = wilson(round(value * n), n)
        shown, interval = f"{value:.3f}", f"{low:.3f} to {high:.3f}"
    else:
        shown = f"{value:,} {figure.unit}"
    return f"| {figure.name} | {figure.half} | {n:,} | {shown} | {interval} |"


def _found(result: Result, keys: str) -> Any:
    found: Any = result
    for key in filter(None, keys.split("/")):
        found = found[key]
    return found


_STATED, _STORED = "labelled/test/state", "labelled/test/stored"
_STATED_DEV, _STORED_DEV = "labelled/dev/state", "labelled/dev/stored"
_PAIRS = "name pairs/dragoman test"
_TYPED, _TIMED, _NEWS = "questions/test", "temporal/test", "news/test_new"

PARTS = {
    "facts": Part(
        "Facts",
        "Facts read in single sentences, against what careful readers labelled in them.",
        "Limits: 400 sentences in test and 800 in dev, two thirds of them short items. Earlier versions"
        " were measured on the test half as well, and their figures were seen; neither training nor"
        " thresholds used it. It is read once per release, so this part may be older than the others.",
        (
            Figure("stated: precision", f"{_STATED}/all", "precision", "said"),
            Figure("stated: recall", f"{_STATED}/all", "recall", "labelled"),
            Figure("stated, sentences of news: precision", f"{_STATED}/news", "precision", "said"),
            Figure("stated, sentences of news: recall", f"{_STATED}/news", "recall", "labelled"),
            Figure("linked and stored: precision", _STORED, "precision", "said"),
            Figure("linked and stored: recall", _STORED, "recall", "labelled"),
            Figure("of the right ones, right status", _STORED, "status", "right"),
            Figure("of the right ones, right claimant", _STORED, "claimant", "right"),
            Figure("stated: precision", f"{_STATED_DEV}/all", "precision", "said", half="dev"),
            Figure("stated: recall", f"{_STATED_DEV}/all", "recall", "labelled", half="dev"),
            Figure("linked and stored: precision", _STORED_DEV, "precision", "said", half="dev"),
            Figure("linked and stored: recall", _STORED_DEV, "recall", "labelled", half="dev"),
        ),
    ),
    "briefs": Part(
        "Briefs",
        "Briefs on an actor as of a day, against keys that rank the stories of the 14 days before.",
        "Limits: one-sentence items of current events only, much shorter than articles. Lines of one brief"
        " are alike, so the intervals of the shares of lines are too narrow.",
        (
            Figure("opens with the most important story", "test", "top_one", "briefs"),
            Figure("opens with one of the first three stories", "test", "top_three", "briefs"),
            Figure(
                "first five stories shown in the first view", "test", "coverage", "briefs", "mean"
            ),
            Figure("lines that only mention the actor", "test", "passing", "cited"),
            Figure("lines older than 14 days", "test", "older", "cited"),
        ),
    ),
    "answers": Part(
        "Answers",
        "Questions as of a day: as analysts type them and about periods, over current events, and about"
        " the news of the day, over full articles.",
        "Limits: whether a quoted item is a right one is known by the ids of a key, which may lack others"
        " that answer as well. Questions on news"
        " without an answer are made from answerable ones: asked too early, or with invented names.",
        (
            Figure("typed: right item first", _TYPED, "first", "answerable"),
            Figure("typed: right item in the first four", _TYPED, "first_four", "answerable"),
            Figure(
                "typed: answered, not only offered as nearest", _TYPED, "answered", "answerable"
            ),
            Figure(
                "typed: nothing answers, answered anyway",
                "questions/dev",
                "wrongly",
                "unanswerable",
                half="dev",
            ),
            Figure(
                "typed: answered although what answers was deleted",
                f"{_TYPED}/removed",
                "wrongly",
                "questions",
            ),
            Figure("time: right item in the first ten", f"{_TIMED}/query", "hit10", "questions"),
            Figure(
                "time, misspelt: right item in the first ten",
                f"{_TIMED}/query_typo",
                "hit10",
                "questions",
            ),
            Figure("news: right article first", _NEWS, "h1", "questions"),
            Figure("news: right article in the first ten", _NEWS, "h10", "questions"),
            Figure("news: answer in the first four quotes", _NEWS, "quote4", "questions"),
            Figure("news: answered", _NEWS, "answered", "questions"),
            Figure(
                "news: nothing answers, answered anyway",
                "news/abstention",
                "shipped/wrong",
                "unanswerable",
            ),
            Figure("quotes on news that are verbatim", "news", "verbatim", "quotes", half="all"),
            Figure(
                "quotes on time that are verbatim", "temporal", "verbatim", "quotes", half="all"
            ),
        ),
    ),
    "claims": Part(
        "Claims",
        "*Anyone else reporting this?* of claims that an item of current events reports, and of near misses"
        " of it: another actor or time, roles reversed, negated, or only planned.",
        "Limits: 200 claims in our own words over one-sentence items of a single collection; whether"
        " reports of several publishers are independent is not tested.",
        (
            Figure("true claims: their item is found", "test", "found", "true"),
            Figure("true claims: any item is quoted", "test", "told", "true"),
            Figure(
                "near misses: an item is quoted as reporting it", "test", "reported", "near misses"
            ),
        ),
    ),
    "actors": Part(
        "Actors",
        "Who is meant by a name: an alias left out of a list, pairs of names, text that names a state, and"
        " offices on a day.",
        "Limits: lists of sanctions and of news actors up to 2014, most names in Latin letters, each asked"
        " for without the sentence around it. Pairs are at the threshold in use. Aliases of one actor are"
        " alike, and so are rows of one state, so their intervals are too narrow.",
        (
            *(
                Figure(
                    f"alias left out, {label}: right one first",
                    f"leave one out/{label.lower()}/test",
                    "acc@1",
                    "queries",
                )
                for label in (
                    "OFAC persons",
                    "OFAC organisations",
                    "Phoenix persons",
                    "Phoenix groups",
                )
            ),
            Figure("pairs of names taken for the same that are", _PAIRS, "precision", "found"),
            Figure("pairs of the same that are taken for it", _PAIRS, "recall", "same"),
            Figure("pairs of names: both in one", _PAIRS, "f1", "pairs", "F1"),
            Figure("text that names a state: right one", "actor text/test", "accuracy", "texts"),
            Figure("the same, of those answered", "actor text/test", "precision", "answered"),
            Figure("office on a day: right person", "office at date/test", "right", "rows"),
            Figure(
                "words of news taken for an actor",
                "false alarms/words of news/test",
                "sure",
                "queries",
            ),
            Figure(
                "names that are not listed taken for an actor",
                "false alarms/names left out/test",
                "sure",
                "queries",
            ),
        ),
    ),
    "stories": Part(
        "Stories",
        "Texts grouped into stories, by the stricter rule that keeps events of the same day apart: B-cubed"
        " against the events of ECB+, the mean of eight orders.",
        "Limits: texts without dates, in 16 topics of similar events; the store knows the dates of its"
        " articles. Stories over a stream of current news have not been measured.",
        (
            Figure("B³ precision", "test", "b3 precision", "texts", "mean"),
            Figure("B³ recall", "test", "b3 recall", "texts", "mean"),
            Figure("B³ F1", "test", "b3 f1", "texts", "mean"),
            Figure("B³ F1, worst order", "test", "b3 f1 of the worst order", "texts", "worst"),
        ),
    ),
    "latency": Part(
        "Latency",
        "Whole requests over the store of current events: matching, search, store and words of the reply.",
        "Limits: one request at a time on one machine that may have had other work; a fixed list of 20"
        " briefs and 20 questions, five times over, so that one slow question is a twentieth of the calls;"
        " Slack and the network are not in it.",
        (
            Figure("brief, median", "brief", "p50_ms", "calls", "ms", "all"),
            Figure("brief, 95th percentile", "brief", "p95_ms", "calls", "ms", "all"),
            Figure(
                "brief, 95th percentile, processor", "brief", "p95_cpu_ms", "calls", "ms", "all"
            ),
            Figure("answer, median", "ask", "p50_ms", "calls", "ms", "all"),
            Figure("answer, 95th percentile", "ask", "p95_ms", "calls", "ms", "all"),
            Figure("answer, 95th percentile, processor", "ask", "p95_cpu_ms", "calls", "ms", "all"),
            Figure("quotes shown that are verbatim", "", "verbatim", "quotes", half="all"),
            Figure("peak of memory, articles stored", "", "memory_mb", "articles", "MB", "all"),
        ),
    ),
}
