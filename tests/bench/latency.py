"""How long a brief and an answer take over the whole corpus, with SQLite's own search beside.

Opens a filled store as a surface would, and asks a fixed list of questions several times over, in
an order that never repeats one directly. Each call is one whole request: matching, search, store,
words.

How to read it: milliseconds of ``Desk.brief`` and ``Desk.ask``, median, 95th percentile and
worst, after one round to warm up; ``cpu`` is the processor time of the process, which changes less
with the load of the machine; ``kinds`` counts the replies, so that quick refusals are not
mistaken for speed; ``memory_mb`` is the peak while asking. ``search_ask`` and ``search_brief`` are
our search alone for the words, names and period of the questions and subjects, best 60;
``fts5_ask`` and ``fts5_brief`` the same in SQLite FTS5 (joined by OR, Porter stems, BM25) over the
same texts in a separate file. ``search_times_faster`` is its p95 over that of our search,
``times_faster`` over that of whole requests here, which do far more. ``verbatim`` is the share of
quotes shown that are in the store where they claim to be.
"""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.desk import Desk
from bot.models import Asker
from tests.bench.asking import Verbatim
from tests.bench.common import Result, measured, percentile
from tests.bench.filled import opened
from tests.bench.fts import searching

ROUNDS = 5

BRIEFS = (
    "Qatar", "Quatar", "Iran", "Hamas", "hamas", "United States", "Russia and Ukraine",
    "Israel Hamas", "IAEA", "the Emir of Qatar", "pezeshkian pres", "Taliban", "NATO",
    "Niger", "Wakanda", "Turkey since 2024", "China last year", "Doha", "UN", "France in 2019",
)  # fmt: skip

QUESTIONS = (
    "what did Niger do in 2023?",
    "when will the Emir visit Tehran?",
    "who moved to Turkey?",
    "hamas leaving doha",
    "What happened with Iran last week?",
    "Any news about Gaza since Monday?",
    "What did the IAEA say about Iran in 2022?",
    "who met Putin between March and May 2021?",
    "ceasefire talks in Doha",
    "sanctions on Russia in February 2022",
    "What did North Korea launch in the past 3 years?",
    "earthquake in Turkey 2023",
    "prisoner exchange between Iran and the United States",
    "who accused Israel of genocide?",
    "election results in France",
    "coup in Africa since 2020",
    "What happened in Wakanda?",
    "did Qatar expel Hamas?",
    "agreement between Saudi Arabia and Iran",
    "attack on a hospital in Gaza in October 2023",
)


class Call(NamedTuple):
    """One request: a command and its text, its time, and the kind of its reply."""

    command: str
    text: str
    ms: float
    cpu_ms: float
    kind: str


def asked(folder: Path) -> Result:
    """Ask a filled store everything once, and then ROUNDS times more."""
    with measured() as memory:
        begun = time.perf_counter()
        with opened(folder) as desk:
            gc.freeze()  # as the server does
            seconds = time.perf_counter() - begun
            asker = Asker(now=datetime.now(UTC))
            calls = [
                call for number in range(1 + ROUNDS) for call in one_round(desk, asker) if number
            ]
            brief, ask = _timed(calls, "brief"), _timed(calls, "ask")
            articles = desk.store.articles_total(asker.workspace)
            quotes = _quotes(desk, asker)
    with opened(folder) as desk:  # again, so that FTS5's memory is not counted as Dragoman's
        searched = searching(folder, desk, asker, QUESTIONS, BRIEFS)
    return {
        "articles": articles,
        "open_seconds": round(seconds, 2),
        "brief": brief,
        "ask": ask,
        **searched,
        **quotes,
        "search_times_faster": {
            label: _times(searched[f"fts5_{label}"], searched[f"search_{label}"])
            for label in ("ask", "brief")
        },
        "times_faster": {
            label: _times(searched[f"fts5_{label}"], own)
            for label, own in (("ask", ask), ("brief", brief))
        },
        "memory_mb": round(memory.peak_mb),
        "memory_is": memory.how,
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _times(theirs: Mapping[str, object], ours: Mapping[str, object]) -> float:
    return round(float(str(theirs["p95_ms"])) / float(str(ours["p95_ms"])), 1)


def _quotes(desk: Desk, asker: Asker) -> Result:
    quotes = Verbatim(desk)
    for text in BRIEFS:
        quotes.check(desk.brief(asker, text))
    for text in QUESTIONS:
        quotes.check(*desk.ask_in_full(asker, text))
    return quotes.result()


def one_round(desk: Desk, asker: Asker) -> list[Call]:
    """Ask every question and request every brief once."""
    made = []
    for command, call, texts in (("ask", desk.ask, QUESTIONS), ("brief", desk.brief, BRIEFS)):
        for text in texts:
            begun, spent = time.perf_counter(), time.process_time()
            kind = call(asker, text).kind
            ms, cpu_ms = time.perf_counter() - begun, time.process_time() - spent
            made.append(Call(command, text, 1000 * ms, 1000 * cpu_ms, kind))
    return made


def _timed(calls: Sequence[Call], command: str) -> Result:
    some = [call for call in calls if call.command == command]
    best: dict[str, float] = {}
    for call in some:
        best[call.text] = min(call.ms, best.get(call.text, call.ms))
    slowest = max(best, key=best.__getitem__)
    ms, cpu_ms = [call.ms for call in some], [call.cpu_ms for call in some]
    return {
        "p50_ms": round(percentile(ms, 0.50), 1),
        "p95_ms": round(percentile(ms, 0.95), 1),
        "max_ms": round(max(ms), 1),
        "p50_cpu_ms": round(percentile(cpu_ms, 0.50), 1),
        "p95_cpu_ms": round(percentile(cpu_ms, 0.95), 1),
        "calls": len(some),
        "kinds": dict(Counter(call.kind for call in some).most_common()),
        "slowest": f"{slowest} ({best[slowest]:.1f} ms at best)",
    }
