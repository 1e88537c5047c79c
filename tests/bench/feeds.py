"""Feeds of PATH/feedparser-tests.tar.gz, each read as a stranger's, in a separate process.

Every file that ends with .xml, whatever is wrong with it, is read by ``read_feed`` as the
poller reads it, with its limits of time and memory; beside it, in another process, by bare
feedparser, strict first and then loose, which is as lenient as it gets.

How to read it: ``crashes`` must be 0: feeds that raised, or whose process died or was ended
for exceeding a limit. ``longest_seconds`` (bar: 2) is by the clock, including the way there and
back; ``growth_mb`` (bar: 100) is how much the reading process grew over all feeds together.
``missing`` (bar: 0) counts entries that bare feedparser finds and we do not, feed by feed;
``lost`` counts those that we report as unreadable. ``bare_crashes`` are feeds on which bare
feedparser raises. ``damaged_anew`` has the same figures for every feed with a few pieces cut
out or put in at random, always the same ones.
"""

from __future__ import annotations

import io
import resource
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import feedparser

from bot.errors import GatherError
from bot.gather.feeds import feeds_apart, read_feed
from bot.gather.workers import Apart
from bot.models import FeedRead
from tests.bench.common import MissingData, Result, percentile

ARCHIVE = "feedparser-tests.tar.gz"

DAMAGE = 7
"""The seed of the damage, so that it is the same each time."""

STRAY = tuple(
    piece.encode()
    for piece in (
        "&#99999999;", "&#xD800;", "&#;", "&", "<", ">", '"', "\x00", "<![CDATA[", "]]>", "<!--",
        "-->", "<item>", "</item>", "<title>", "</author>", "<source>", "<image>", "<textinput>",
        "<media:content>", '<content type="xhtml">', "<georss:point>1 x</georss:point>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>", "xml:base='http://[::1'", "http://[x/",
    )
)  # fmt: skip


class Bare(NamedTuple):
    """The result of bare feedparser: entries, and whether the feed is not well-formed."""

    entries: int
    damaged: bool
    crashed: bool = False


def run(path: Path, _: Path | None = None) -> Result:
    """Read every feed of the archive both ways, intact and newly damaged."""
    ours, beside = feeds_apart(), Apart(seconds=30, megabytes=1_000)
    try:
        grown = ours.run(resident)
        given = list(feeds(path))
        result = _read(given, ours, beside)
        chance = Random(DAMAGE)  # noqa: S311
        anew = _read([(name, damage(data, chance)) for name, data in given], ours, beside)
        grown = ours.run(resident) - grown
    finally:
        ours.close()
        beside.close()
    return {
        **result,
        "damaged_anew": anew,
        "growth_mb": round(grown, 1),
        "bars": "crashes 0, missing 0, longest_seconds 2, growth_mb 100",
    }


def _read(given: list[tuple[str, bytes]], ours: Apart, beside: Apart) -> Result:
    now = datetime.now(UTC)
    found: Counter[str] = Counter()
    seconds: list[float] = []
    for name, data in given:
        plain = beside.run(bare, data)
        begun = time.perf_counter()
        try:
            read = ours.run(read_feed, data, url="https://example.org/feed", now=now)
        except GatherError as error:
            print(f"{name}: {error}")
            found["crashes"] += 1
            read = FeedRead()
        seconds.append(time.perf_counter() - begun)
        found += _counted(plain, read)
    names = ("feeds", "damaged", "crashes", "bare_crashes", "bare_entries", "entries", "missing")
    return {
        **{name: found[name] for name in (*names, "lost", "dated", "future")},
        "longest_seconds": round(max(seconds), 3),
        "p50_ms": round(1_000 * percentile(seconds, 0.5), 2),
    }


def _counted(plain: Bare, read: FeedRead) -> Counter[str]:
    return Counter(
        feeds=1,
        damaged=plain.damaged,
        bare_crashes=plain.crashed,
        bare_entries=plain.entries,
        entries=len(read.entries),
        missing=max(0, plain.entries - len(read.entries)),
        lost=read.lost,
        dated=sum(entry.published is not None for entry in read.entries),
        future=read.refused,
    )


def damage(data: bytes, chance: Random) -> bytes:
    """Cut some pieces out of a feed and insert others, as transport and templates do."""
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(damaged) + 1)
        if chance.random() < 0.3:
            del damaged[at : at + chance.randint(1, 40)]
        else:
            damaged[at:at] = chance.choice(STRAY)
    return bytes(damaged)


def feeds(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every feed of the archive in PATH, or in PATH/feeds."""
    archive = next((p for p in (path / ARCHIVE, path / "feeds" / ARCHIVE) if p.is_file()), None)
    if archive is None:
        raise MissingData(f"{path} has no {ARCHIVE}: give the folder that holds it.")
    with tarfile.open(archive) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.name.endswith(".xml") else None
            if content is not None:
                yield member.name, content.read()


def bare(data: bytes) -> Bare:
    """Read a feed with feedparser alone."""
    try:
        parsed = feedparser.parse(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - any exception counts
        return Bare(0, damaged=True, crashed=True)
    return Bare(len(parsed["entries"]), damaged=bool(parsed["bozo"]))


def resident() -> float:
    """Return the most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
