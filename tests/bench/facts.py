"""How many facts reading finds, and how many of them are right.

    python -m tests.bench facts PATH [--half dev|test|both] [--misses] [--articles N] [--gsr]
    python -m tests.bench facts PATH --labelled [--half dev|test]
    python -m tests.bench facts PATH --sample FILE.jsonl
    python -m tests.bench facts PATH --verdicts A.jsonl B.jsonl

Reads PATH/facts/labelled.jsonl.gz (``facts_labelled.py``), PATH/plover-gsr (``facts_gsr.py`` says
how a triple counts) and PATH/news (``facts_news.py``: facts per 1,000 sentences, and speed). The
halves called ``test`` served for nothing but these figures. ``--misses`` lists the gold sentences
of the dev half that are read wrong; ``--sample`` and ``--verdicts`` are two judges' work, see
``facts_judged.py``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from tests.bench import facts_gsr, facts_judged, facts_labelled, facts_news
from tests.bench.common import Result

HALVES = ("dev", "test")


def options(parser: argparse.ArgumentParser) -> None:
    """Add the benchmark's options, beside PATH."""
    parser.add_argument("--half", choices=(*HALVES, "both"), default="both")
    parser.add_argument("--misses", action="store_true", help="list what is wrong in dev")
    parser.add_argument("--gsr", action="store_true", help="only the gold sentences: quick")
    parser.add_argument("--labelled", action="store_true", help="only the labelled sentences")
    parser.add_argument("--articles", type=int, help="read only the first N articles of a half")
    parser.add_argument("--sample", type=Path, metavar="FILE", help="draw facts to be judged")
    parser.add_argument("--verdicts", type=Path, nargs=2, metavar="FILE", help="count verdicts")


def run(
    path: Path,
    _: Path | None = None,
    *,
    half: str = "both",
    misses: bool = False,
    gsr: bool = False,
    labelled: bool = False,
    articles: int | None = None,
    sample: Path | None = None,
    verdicts: list[Path] | None = None,
) -> Result:
    """Measure both sets by half, or only what an option asks for."""
    if verdicts:
        return facts_judged.count(*verdicts)
    gazetteer = load()
    index = ActorIndex(gazetteer.actors, gazetteer.tenures)
    if sample:
        return facts_judged.draw(path, index, sample)
    if misses:
        return dict(facts_gsr.misses(path, index))
    chosen = HALVES if half == "both" else (half,)
    marked = {one: facts_labelled.measure(path, index, one) for one in chosen}
    if labelled:
        return {"labelled": marked}
    result: Result = {
        "labelled": marked,
        "gsr": {one: facts_gsr.measure(path, index, one) for one in chosen},
    }
    if not gsr:
        result["news"] = {one: facts_news.measure(path, index, one, articles) for one in chosen}
    return result
