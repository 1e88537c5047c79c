"""Extracting articles from web pages: PATH holds ``ground-truth.json``, ``html/``.

The data is that of https://github.com/scrapinghub/article-extraction-benchmark, and so is
``f1_shingles``: precision and recall over runs of four words, averaged over the pages, and
the F1 of those averages (trafilatura's own figure there is .960). ``f1_tokens`` is the same
over single words. The patterns of ``bot/gather/boilerplate.py`` were found on the even pages (by
sorted name); read the ``odd`` ones, beside those of bare trafilatura on the same pages.
``walls`` counts pages mistaken for a challenge or a stub: all of them are articles, so it must
be 0.

The rate is that of taking the odd pages into a store, with full reading and in all the processes
that an intake uses, beside ``trafilatura.extract`` on the same pages in this process, once before
and once after each of ``ROUNDS`` rounds. The even pages are taken in first, in a time that is
``seconds_to_start``: by then processes run and know how a page looks, but not these. ``ratio`` is
our rate over theirs by the clock (goal: at least .5); ``cpu_ratio`` is the same by processor time,
which counts all processes and changes less with the load of the machine.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import trafilatura

from bot.gather.extract import extract
from bot.gather.pages import Pages, Pending
from bot.ingest import Ingest, Report
from bot.match.gazetteer import Gazetteer, load
from bot.models import EVERYWHERE, LOCAL, WebPage
from bot.read.pool import ReaderPool
from bot.search.index import PassageIndex
from bot.store.store import Store
from tests.bench.common import Result, descendants, needed

ROUNDS = 3
NOW = datetime(2026, 3, 28, tzinfo=UTC)
TRUTH = Path("ground-truth.json")

_WORD = re.compile(r"\w+")


def run(path: Path, _: Path | None = None) -> Result:
    """Score the texts, then time the whole intake."""
    truth: dict[str, dict[str, str]] = json.loads(needed(path, TRUTH).read_text("utf-8"))
    keys = sorted(truth)
    pages = {
        key: WebPage(
            body=gzip.decompress(needed(path, Path("html") / f"{key}.html.gz").read_bytes()),
            url=truth[key].get("url"),
            now=NOW,
        )
        for key in keys
    }
    ours = {key: extract(page) for key, page in pages.items()}
    bare = {key: _bare(page) for key, page in pages.items()}
    bodies = {key: truth[key].get("articleBody", "") for key in keys}
    texts = {key: one.text for key, one in ours.items()}
    halves = {"odd": keys[1::2], "even (tuned on)": keys[::2], "all": keys}
    scores: Result = {
        half: {"ours": scored(bodies, texts, some), "trafilatura": scored(bodies, bare, some)}
        for half, some in halves.items()
    }
    return {
        "pages": len(keys),
        "walls": sum(one.wall is not None for one in ours.values()),
        "dated": sum(one.published is not None for one in ours.values()),
        **scores,
        "rate": _rates([pages[key] for key in keys[::2]], [pages[key] for key in keys[1::2]]),
    }


def scored(bodies: Mapping[str, str], texts: Mapping[str, str], keys: Sequence[str]) -> Result:
    """Return precision, recall and F1 over runs of four words, and over words."""
    found: Result = {}
    for name, length in (("shingles", 4), ("tokens", 1)):
        pairs = [shared(bodies[key], texts[key], length) for key in keys]
        precision = mean(p for p, _ in pairs if p is not None)
        recall = mean(r for _, r in pairs if r is not None)
        found |= {
            f"f1_{name}": round(2 * precision * recall / (precision + recall), 4),
            f"precision_{name}": round(precision, 4),
            f"recall_{name}": round(recall, 4),
        }
    return found


def shared(body: str, text: str, length: int) -> tuple[float | None, float | None]:
    """Return the share of a text's runs of words that are the body's, and the other way round.

    None if there is nothing to share: an empty text has no precision.
    """
    true, mine = _runs(body, length), _runs(text, length)
    both = (true & mine).total()
    return (
        both / mine.total() if mine else None,
        both / true.total() if true else None,
    )


def _runs(text: str, length: int) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - length + 1)) if words else range(0)
    return Counter(tuple(words[start : start + length]) for start in starts)


def _bare(page: WebPage) -> str:
    found = trafilatura.extract(page.body, url=page.url, include_comments=False)
    return found or ""


def _rates(before: Sequence[WebPage], pages: Sequence[WebPage]) -> Result:
    gazetteer = load()
    theirs, ours, started, facts = [_timed_bare(pages)], [], [], 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as folder:
            begun = _spent()
            with _intake(Path(folder), gazetteer) as take:
                take(before)
                ready = _spent()
                report = take(pages)
                ours.append(_between(ready, _spent()))
            started.append(ready.clock - begun.clock)
        facts = report.facts
        theirs.append(_timed_bare(pages))
    clock, processors = _sum(ours)
    bare_clock, bare_processors = _sum(theirs)
    bare_clock, bare_processors = (
        one * ROUNDS / len(theirs) for one in (bare_clock, bare_processors)
    )
    return {
        "rounds": ROUNDS,
        "facts": facts,
        "seconds_to_start": round(mean(started), 2),
        "pages_per_second": round(ROUNDS * len(pages) / clock, 1),
        "bare_pages_per_second": round(ROUNDS * len(pages) / bare_clock, 1),
        "ratio": round(bare_clock / clock, 2),
        "cpu_ratio": round(bare_processors / processors, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }


@contextmanager
def _intake(folder: Path, gazetteer: Gazetteer) -> Iterator[Callable[[Sequence[WebPage]], Report]]:
    """Do what ``Desk.ingest`` does, with processes that stay."""
    workers = os.cpu_count() or 1
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(f"sqlite:///{folder / 'dragoman.db'}"))
        store.seed_actors(gazetteer.actors, gazetteer.tenures, gazetteer.version)
        passages = PassageIndex.open(folder / "index")
        stack.callback(passages.close)
        passages.catch_up(store)
        readers = ReaderPool(gazetteer, workers=workers)
        stack.callback(readers.close)
        extractors = stack.enter_context(Pages(workers))

        def take(pages: Sequence[WebPage]) -> Report:
            ingest = Ingest(
                store,
                readers,
                gazetteer.version,
                workspace=LOCAL,
                audience=EVERYWHERE,
                now=NOW,
            )
            items = (Pending(page, f"page {number}") for number, page in enumerate(pages))
            report = ingest.run(extractors.drafts(items))
            passages.catch_up(store)
            return report

        yield take


class _Spent(NamedTuple):
    """Seconds by the clock, and processor time of all our processes."""

    clock: float
    processors: float


def _spent() -> _Spent:
    ticks = sum(_ticks(process) for process in (os.getpid(), *descendants(os.getpid())))
    return _Spent(time.perf_counter(), ticks / os.sysconf("SC_CLK_TCK"))


def _ticks(process: int) -> int:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended between the listing and now
        return 0
    return int(fields[11]) + int(fields[12])


def _between(one: _Spent, other: _Spent) -> _Spent:
    return _Spent(other.clock - one.clock, other.processors - one.processors)


def _sum(spent: Sequence[_Spent]) -> _Spent:
    return _Spent(sum(one.clock for one in spent), sum(one.processors for one in spent))


def _timed_bare(pages: Sequence[WebPage]) -> _Spent:
    before = _spent()
    for page in pages:
        _bare(page)
    return _between(before, _spent())
