"""The optional writer against a model that lies: how much of it is ever shown.

Reads no data: the briefs are about the notes that come with Dragoman. A chat endpoint on this
machine answers, over a real socket, with altered sentences of every ``kind`` (numbers, names,
negations, joined and cut quotes, lost status …), half of the time beside two honest choices, and
with replies of another form: unknown numbers, hostile JSON, ten megabytes, a slow drip, errors.

``invented``: altered sentences that were sent; ``invented_shown``: how many of them, or of any
other words that no article has, stand in a brief: it must be 0. ``honest``: replies with two honest
choices among the lies, and ``honest_shown`` where just these begin the brief. ``unusable``: replies
without a choice, and ``fallbacks`` where the brief stayed as it is without a writer. ``added_ms``:
the median of what an honest choice adds to a brief, without the model's own time; ``longest_ms``:
the most that any reply added.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.answer.brief_sections import brief_rows
from bot.answer.cli_output import plain_text
from bot.answer.library import Library
from bot.answer.writer import Writer, with_choice
from bot.desk import DATABASE, Desk
from bot.models import Asker, Brief
from tests.bench.common import Result, percentile
from tests.chat import Asked, Chat, Raw, chat, chosen, completion

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ACTORS = ("Qatar", "Iran", "Israel", "Hamas", "Turkey", "the United States")
PERIODS = ("since 2023", "in 2024", "in 2025", "since January 2026")
MODEL = "liar-1"

_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"\b[A-Z][a-z]+\b")
_HEDGE = re.compile(r"\b(?:not|no|never|denied|would|may|might|could|plans to|said)\b ?")
_MUCH = 10_000_000


def _swapped(text: str, _: str) -> str:
    names = list(dict.fromkeys(_NAME.findall(text)))[:2]
    if len(names) < 2:
        return f"Narnia {text}"
    one, other = names
    return re.sub(rf"\b(?:{one}|{other})\b", lambda m: other if m[0] == one else one, text)


KINDS: dict[str, Callable[[str, str], str]] = {
    "numbers": lambda text, _: _NUMBER.sub(lambda m: str(int(m[0]) + 1), text) + " (9 dead)",
    "names": _swapped,
    "hedges dropped": lambda text, _: _HEDGE.sub("", text) + " It is confirmed.",
    "negated": lambda text, _: text.replace(" ", " did not ", 1),
    "joined": lambda text, other: f"{text} {other}",
    "fused": lambda text, other: f"{text[: len(text) // 2]}{other[len(other) // 2 :]}",
    "cut": lambda text, _: text[: len(text) * 2 // 3],
    "status lost": lambda text, _: f"It has happened: {text}",
    "attributed": lambda text, _: f"According to Reuters, {text}",
    "prose": lambda text, _: f"In short, {text[:1].lower()}{text[1:]}",
    "case": lambda text, _: text.upper(),
    "markup": lambda text, _: f"{text} <!channel>",
    "look-alikes": lambda text, _: text.replace("a", "\u0430"),
    "unseen": lambda text, _: text.replace(" ", "\u200b ", 1),
    "marks": lambda text, _: f"“{text}”",
    "another's": lambda _, other: other,
}
"""How to alter a sentence; the second argument is another sentence of the brief."""


def _of_other_forms(sentences: Sequence[str]) -> Iterator[str | Raw]:
    """Yield replies that are not a choice."""
    first = {"text": sentences[0], "ids": [1]}
    for ids in ([0], [99], [-1], [1], ["2"], [2.0], [True], [None], [[2]], [], 2, "2", {"2": 2}):
        yield json.dumps([first, {"text": sentences[1], "ids": ids}])
    yield from ("", "null", "{}", "[]", "[1, 2]", "[" * 30_000, "I cannot help with that.")
    yield f"Sure! {chosen(Asked('', list(sentences)), 1, 2)}"
    yield json.dumps([first] * 500)
    yield Raw(completion("x" * _MUCH))
    yield Raw(b"x" * _MUCH)
    yield Raw(zlib.compress(b" " * _MUCH), headers=(("Content-Encoding", "deflate"),))
    yield Raw(b"", status=500)
    yield Raw(b"", status=302, headers=(("Location", "http://127.0.0.1:9/"),))
    yield Raw(b"\xff\xfe")


def _slow() -> Raw:
    return Raw(completion("x" * 60_000), pause=lambda: threading.Event().wait(0.05), parts=1_000)


@dataclass
class _Counts:
    """What was sent and what was shown."""

    briefs: int = 0
    invented: int = 0
    invented_shown: int = 0
    honest: int = 0
    honest_shown: int = 0
    unusable: int = 0
    fallbacks: int = 0
    honest_seconds: list[float] = field(default_factory=list)
    longest: float = 0.0


class _Trial:
    """One brief, and a model that is asked about it repeatedly."""

    def __init__(self, library: Library, brief: Brief, model: Chat, counts: _Counts) -> None:
        self._library, self._brief, self._model, self._counts = library, brief, model, counts
        self.sentences = [
            " ".join(line.snippet.quote.split()) for line in (*brief.in_short, *brief.happened)
        ]

    def _asked(self, reply: str | Raw, invented: Sequence[str] = ()) -> Brief:
        """Return the brief with a reply; count what it shows that no article has."""
        self._model.answer = lambda _: reply
        begun = time.perf_counter()
        after = with_choice(self._library, self._brief, Writer(self._model.url, MODEL))
        self._counts.longest = max(self._counts.longest, time.perf_counter() - begun)
        self._counts.invented += len(invented)
        shown = [row.line.snippet for row in brief_rows(after)]
        stored = self._library.articles({one.article for one in shown})
        false = sum(
            stored[one.article].field(one.field)[one.start : one.end] != one.quote for one in shown
        )
        quotes = [one.quote for one in shown]
        words = " ".join(plain_text(after, "UTC", whole=True).split())
        true = " ".join(f"“{' '.join(text.split())}”" for text in [*self.sentences, *quotes])
        false += sum(text in words for text in invented if text not in true)
        self._counts.invented_shown += false
        return after

    def lied_to(self, chance: random.Random) -> None:
        """Send every sentence altered in every way, alone and beside two honest choices."""
        lies = [
            (n, alter(text, chance.choice(self.sentences[: n - 1] + self.sentences[n:])))
            for n, text in enumerate(self.sentences, 1)
            for alter in KINDS.values()
        ]
        chance.shuffle(lies)
        for n, lie in lies:
            items = [{"text": lie, "ids": [n]}]
            others = [one for one in range(1, len(self.sentences) + 1) if one != n]
            if chance.random() < 0.5:
                self._unusable(json.dumps(items), [lie])
                continue
            honest = chance.sample(others, 2)
            items += json.loads(chosen(Asked("", self.sentences), *honest))
            self._honest(json.dumps(items), honest, [lie])

    def _honest(self, reply: str, numbers: Sequence[int], lies: Sequence[str]) -> None:
        after = self._asked(reply, lies)
        begins = [" ".join(line.snippet.quote.split()) for line in after.in_short]
        self._counts.honest += 1
        self._counts.honest_shown += begins == [self.sentences[n - 1] for n in numbers]

    def _unusable(self, reply: str | Raw, lies: Sequence[str] = ()) -> None:
        self._counts.unusable += 1
        self._counts.fallbacks += self._asked(reply, lies) == self._brief

    def confused(self, *, slowly: bool) -> None:
        """Send replies that are not a choice; with ``slowly`` also one that never ends."""
        for reply in [*_of_other_forms(self.sentences), *([_slow()] if slowly else [])]:
            self._unusable(reply)

    def timed(self) -> None:
        """Measure what an honest choice adds."""
        reply = chosen(Asked("", self.sentences), 2, 1)
        begun = time.perf_counter()
        self._asked(reply)
        self._counts.honest_seconds.append(time.perf_counter() - begun)


def run(_: Path, store: Path | None = None) -> Result:
    """Lie about all briefs; ``store`` is a data folder with the notes in it, or empty."""
    counts, chance = _Counts(), random.Random(1)  # noqa: S311 - the same lies in each run
    with tempfile.TemporaryDirectory() as temporary:
        folder = store or Path(temporary)
        filled = (folder / DATABASE).exists()
        with closing(Desk.open(folder)) as desk, chat(lambda _: "") as model:
            if not filled:
                desk.ingest_seeds(now=NOW)
            for trial in _trials(desk, model, counts):
                counts.briefs += 1
                trial.timed()
                trial.lied_to(chance)
                trial.confused(slowly=counts.briefs == 1)
    figures: dict[str, Any] = dict(vars(counts))
    seconds = figures.pop("honest_seconds")
    longest = figures.pop("longest")
    return figures | {
        "added_ms": round(1_000 * percentile(seconds, 0.5), 1),
        "longest_ms": round(1_000 * longest),
    }


def _trials(desk: Desk, model: Chat, counts: _Counts) -> Iterator[_Trial]:
    """The briefs with a choice to make, of all actors and periods."""
    asker = Asker(now=NOW)
    for query in (f"{actor} {period}" for actor in ACTORS for period in PERIODS):
        reply = desk.brief(asker, query)
        if isinstance(reply, Brief) and len(reply.in_short) + len(reply.happened) > 2:
            yield _Trial(desk.library(asker), reply, model, counts)
