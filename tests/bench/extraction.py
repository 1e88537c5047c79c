"""Articles told from the rest of their web page: PATH holds ``ground-truth.json``, ``html/``.

The data is that of https://github.com/scrapinghub/article-extraction-benchmark, and so is
``f1_shingles``: precision and recall over runs of four words, averaged over the pages, and
the F1 of those averages (trafilatura's own figure there is .960). ``f1_tokens`` is the same
over single words. The patterns of ``bot/gather/lines.py`` were found on the even pages (by
sorted name); read the ``odd`` ones, beside those of bare trafilatura on the same pages.
``walls`` counts pages that were taken for a challenge or a stub: all of them are articles,
so that it must be 0.

The rate is that of the whole way into the store with full reading, through ``Desk.ingest``,
over ``COPIES`` copies of the pages, beside ``trafilatura.extract`` in this process on the
same, once before and once after. ``ratio`` is ours over theirs (goal: at least .5), by the
clock and with all the processes that we use; ``cpu_ratio`` is the same by processor time,
which counts all processes and does not change with the load of the machine.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import trafilatura

from bot.desk import Desk
from bot.gather.extract import extract
from bot.gather.pages import Pages, Pending
from bot.gather.records import Rejected
from bot.models import Draft, WebPage
from tests.bench.common import Result, needed

COPIES = 10
NOW = datetime(2026, 3, 28, tzinfo=UTC)
TRUTH = Path("ground-truth.json")

_WORD = re.compile(r"\w+")


def run(path: Path, _: Path | None = None) -> Result:
    """Score the texts, then time the whole way."""
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
        "rate": _rates(list(pages.values())),
    }


def scored(bodies: Mapping[str, str], texts: Mapping[str, str], keys: Sequence[str]) -> Result:
    """Precision, recall and F1 over runs of four words, and over words."""
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
    """The share of a text's runs of words that are the body's, and the other way round.

    None where there is nothing to share: an empty text has no precision.
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


def _rates(pages: Sequence[WebPage]) -> Result:
    many = [page for _ in range(COPIES) for page in pages]
    before = _timed_bare(many)
    clock, spent = time.perf_counter(), _processor_seconds()
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as folder:
        desk = Desk.open(Path(folder) / "data")
        opened = time.perf_counter()
        with Pages(os.cpu_count() or 1) as extractors:
            report = desk.ingest(_copies(extractors, many), now=NOW)
        seconds = time.perf_counter() - opened
        desk.close()
    spent = _processor_seconds() - spent - (opened - clock)
    after = _timed_bare(many)
    theirs = (before[0] + after[0]) / 2
    return {
        "articles": report.new,
        "rejected": report.rejected,
        "facts": report.facts,
        "seconds": round(seconds, 2),
        "pages_per_second": round(len(many) / seconds, 1),
        "bare_pages_per_second": round(len(many) / theirs, 1),
        "ratio": round(theirs / seconds, 2),
        "cpu_ratio": round((before[1] + after[1]) / 2 / spent, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _copies(extractors: Pages, pages: Sequence[WebPage]) -> Iterator[Draft | Rejected]:
    """The drafts of the pages, each an article of its own, though it may be a copy."""
    items = (Pending(page, f"page {number}") for number, page in enumerate(pages))
    for number, draft in enumerate(extractors.drafts(items)):
        if isinstance(draft, Rejected):
            yield draft
        else:
            yield draft.model_copy(update={"url": None, "external_id": f"page {number}"})


def _timed_bare(pages: Sequence[WebPage]) -> tuple[float, float]:
    clock, spent = time.perf_counter(), time.process_time()
    for page in pages:
        _bare(page)
    return time.perf_counter() - clock, time.process_time() - spent


def _processor_seconds() -> float:
    """Seconds of processor time of this process and of those it started that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
