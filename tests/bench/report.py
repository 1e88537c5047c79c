"""The page of scores: measures PATH with several benchmarks and writes ``bot/SCORES.md``.

    python -m tests.bench report PATH [--only PART ...] [--store FOLDER] [--to FILE]

PATH holds what the benchmarks of the parts read. The stores ``items`` and ``news`` are filled once
for all parts, in ``--store`` or in a temporary folder, which takes long. Each part runs in a
separate process, and the page is written after each. Parts left out by ``--only`` keep their text
on the page.
``facts`` reads the test half of the labelled sentences: run it once per release.

Code that differs from its commit is not measured, since the page names the commit.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import actors, answers, briefs, claims, facts, latency, news, scores, stories
from tests.bench.apart import apart
from tests.bench.common import ITEMS, ROOT, MissingData, Result, commit, needed
from tests.bench.filled import fill_once, size

PAGE = Path("bot") / "SCORES.md"
_MEASURED = ("bot", "seeds", "tests/bench", f":!{PAGE}")
"""The paths, for git, that determine the figures; the page itself does not."""


def options(parser: argparse.ArgumentParser) -> None:
    """Add the benchmark's options, beside PATH."""
    parser.add_argument("--only", nargs="+", choices=RUNS, metavar="PART", help=", ".join(RUNS))
    parser.add_argument("--to", type=Path, default=ROOT / PAGE, metavar="FILE", help="the page")


def run(
    path: Path,
    store: Path | None = None,
    *,
    only: Sequence[str] | None = None,
    to: Path = ROOT / PAGE,
) -> Result:
    """Measure the parts and write the page; return the seconds of each part."""
    if store is None:
        with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
            return run(path, Path(name), only=only, to=to)
    stamp = scores.Stamp(commit(*_MEASURED), datetime.now(UTC).date())
    seconds: dict[str, int] = {}
    for name in only or RUNS:
        begun = time.monotonic()
        result = apart(RUNS[name], path, store)
        if commit(*_MEASURED) != stamp.commit:
            raise MissingData(f"The code changed while {name} was measured: measure it again.")
        page = to.read_text("utf-8") if to.is_file() else ""
        to.write_text(scores.render({name: result}, stamp, page), "utf-8")
        seconds[name] = round(time.monotonic() - begun)
    return {"written to": str(to), "seconds": seconds}


def _facts(path: Path, _: Path) -> Result:
    return facts.run(path, labelled=True)


def _briefs(path: Path, stores: Path) -> Result:
    items = _items(path, stores)
    return {**briefs.run(path, items), **_sizes(items)}


def _answers(path: Path, stores: Path) -> Result:
    items, articles = _items(path, stores), needed(path, news.ARTICLES)
    filled = fill_once(stores / "news", articles)
    return {**answers.quality(path, stores), **_sizes(items, filled)}


def _claims(path: Path, stores: Path) -> Result:
    items = _items(path, stores)
    return {**claims.run(path, items), **_sizes(items)}


def _actors(path: Path, _: Path) -> Result:
    return actors.quality(path)


def _stories(path: Path, _: Path) -> Result:
    return stories.run(path)


def _latency(path: Path, stores: Path) -> Result:
    items = _items(path, stores)
    return {**latency.asked(items), **_sizes(items)}


def _items(path: Path, stores: Path) -> Path:
    """Return the store of current events, filled."""
    return fill_once(stores / "items", needed(path, ITEMS))


def _sizes(*stores: Path) -> Result:
    return {"stores": {one.name: size(one) for one in stores}}


RUNS = {
    "facts": _facts,
    "briefs": _briefs,
    "answers": _answers,
    "claims": _claims,
    "actors": _actors,
    "stories": _stories,
    "latency": _latency,
}
