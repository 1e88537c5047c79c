"""How Dragoman grows: 10 thousand, 100 thousand and a million articles, SQLite and PostgreSQL.

Reads PATH/current-events/items.jsonl.gz, whose articles are one passage each. Stores up to
100,000 articles are filled from it. Larger ones are copies of the store of 100,000
(``tests/bench/million.py``), with an index built from the store. Each is then asked the
questions and briefs of ``tests/bench/latency.py``, and last takes in 2,000 more articles. All of
it takes about ten minutes on two otherwise idle cores. With ``--keep FOLDER`` stores stay there,
and are not filled again: another run asks again, and adds the next 2,000. PostgreSQL is the
benchmark's own server in that folder, with ``SETTINGS`` of ``tests/bench/server.py``; run as root,
it needs a folder that every user can reach.

How to read the table: milliseconds as ``median / 95th percentile``. *Cold* is the first time that
a new process asks each, with files dropped from the system's cache (and a restarted server);
*warm* are five rounds after it. *Fill* and *add* are articles a second, *index* the seconds to
build the index from the store; *memory* is the peak while asking, of Dragoman's process and of
the whole server. ``growth`` is how many times longer a million take than 100,000, warm (goal:
below 2), by the clock and by the processor time of Dragoman's process; where the load is above
the number of cores, only the second is meaningful.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bot.desk import DATABASE, INDEX
from bot.store import engine
from tests.bench import scaled
from tests.bench.apart import apart
from tests.bench.common import ITEMS, Memory, Result, needed
from tests.bench.million import multiply, multiply_here
from tests.bench.server import Server, running

SIZES = "10k,100k,1m"
STORES = ("sqlite", "postgresql")
BASE = 100_000
MORE = 2_000

_COLUMNS = (
    "store|articles|fill /s|add /s|index s|ask warm|ask cold|brief warm|brief cold"
    "|memory MB|server MB|store MB|index MB"
).split("|")


def options(parser: argparse.ArgumentParser) -> None:
    """Add the benchmark's options, beside the folder of data."""
    parser.add_argument("--sizes", type=sizes, default=sizes(SIZES), help=f"such as {SIZES}")
    parser.add_argument("--stores", type=stores, default=STORES, help=",".join(STORES))
    parser.add_argument("--keep", type=Path, help="a folder in which the stores stay")


def sizes(text: str) -> tuple[int, ...]:
    """Parse ``10k,1m``; raises ArgumentTypeError for an invalid or impossible size."""
    found = []
    for one in text.lower().split(","):
        number, unit = (one[:-1], one[-1:]) if one[-1:] in ("k", "m") else (one, "")
        if not number.isascii() or not number.isdigit():
            raise argparse.ArgumentTypeError(f"{one!r} is no size: write 10k, 100k or 1m.")
        size = int(number) * {"": 1, "k": 1_000, "m": 1_000_000}[unit]
        if not (0 < size <= BASE or (size % BASE == 0 and BASE < size <= 10 * BASE)):
            raise argparse.ArgumentTypeError(
                f"{one!r} cannot be made: up to 100k, or whole 100k up to 1m."
            )
        found.append(size)
    return tuple(sorted(set(found)))


def stores(text: str) -> tuple[str, ...]:
    """Parse ``sqlite,postgresql``; raises ArgumentTypeError for another name."""
    found = tuple(dict.fromkeys(text.split(",")))
    if not set(found) <= set(STORES):
        raise argparse.ArgumentTypeError(f"{text!r}: the stores are {' and '.join(STORES)}.")
    return found


def run(
    path: Path,
    _: Path | None = None,
    *,
    sizes: Sequence[int] = (),
    stores: Sequence[str] = STORES,
    keep: Path | None = None,
) -> Result:
    """Fill, ask and add to every store of every size."""
    items = needed(path, ITEMS)
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        folder = keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        if keep is None:
            folder.chmod(0o755)  # the server's user passes through it
        cells = [_Cell(folder, store, size, items) for store in stores for size in sizes]
        for cell in cells:
            cell.fill()
        rows: list[Result] = [cell.ask() for cell in cells]
        for cell, row in zip(cells, rows, strict=True):
            row["add_per_second"] = cell.add()
    growth = {store: found for store in stores if (found := _growth(store, rows))}
    return {"rows": rows, "growth": growth, "load_average": os.getloadavg()[0]}


def shown(result: Result) -> str:
    """Return the result as one table, with the growth below it."""
    rows: Any = result["rows"]
    return table(rows, load=float(str(result["load_average"])))


def table(rows: Sequence[Result], *, load: float) -> str:
    """Return a line a row, and the growth of each store that has both sizes."""
    lines = [_COLUMNS, ["---"] * len(_COLUMNS), *(_told(row) for row in rows)]
    text = ["| " + " | ".join(line) + " |" for line in lines]
    every = {str(row["store"]): _growth(str(row["store"]), rows) for row in rows}
    grown = [f"growth, {store}: {_times(found)}" for store, found in every.items() if found]
    return "\n".join([*text, "", *grown, f"load average: {load:.1f}"])


def _told(row: Result) -> list[str]:
    return [
        str(row["store"]),
        f"{row['articles']:,}",
        *(
            _number(row.get(name))
            for name in ("fill_per_second", "add_per_second", "index_seconds")
        ),
        *(
            " / ".join(f"{value:.0f}" for value in _pair(row, f"{kind}_{heat}_ms"))
            for kind in ("ask", "brief")
            for heat in ("warm", "cold")
        ),
        *(_number(row.get(name)) for name in ("memory_mb", "server_mb", "store_mb", "index_mb")),
    ]


def _number(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else "–"


def _times(found: dict[str, list[float]]) -> str:
    return ", ".join(f"{name} {a:.2f} / {b:.2f}" for name, (a, b) in found.items())


def _pair(row: Result, name: str) -> list[float]:
    found: Any = row[name]
    return [float(one) for one in found]


def _growth(store: str, rows: Sequence[Result]) -> dict[str, list[float]]:
    by_size = {row["size"]: row for row in rows if row["store"] == store}
    small, large = by_size.get(BASE), by_size.get(10 * BASE)
    if small is None or large is None:
        return {}
    return {
        f"{kind} {unit}": [
            after / before
            for before, after in zip(
                _pair(small, f"{kind}_warm_{unit}"),
                _pair(large, f"{kind}_warm_{unit}"),
                strict=True,
            )
        ]
        for kind in ("ask", "brief")
        for unit in ("ms", "cpu_ms")
    }


class _Cell:
    """One store of one size, in a folder of its own.

    ``filled.json`` marks it as complete, and has the number of articles taken from the file.
    """

    def __init__(self, keep: Path, store: str, size: int, items: Path) -> None:
        self._keep, self._store, self._size, self._items = keep, store, size, items
        self._name = f"{store}-{size}"
        self._folder = keep / self._name
        self._done = self._folder / "filled.json"
        self._database = f"dragoman_{size}"

    def fill(self) -> None:
        """Fill the store and build its index, unless that was done before."""
        if self._done.is_file():
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        base = None if self._size <= BASE else _Cell(self._keep, self._store, BASE, self._items)
        if base is not None:
            base.fill()
        self._folder.mkdir(parents=True)
        with self._server() as server:
            told = self._ingest(server) if base is None else self._multiply(server, base)
        self._done.write_text(json.dumps(told), encoding="ascii")

    def _ingest(self, server: Server | None) -> Result:
        if server is not None:
            server.make(self._database)
        found = apart(scaled.ingested, self._folder, self._url(server), self._items, 0, self._size)
        rate = found["new"] / found["seconds"]
        return {
            "fill_per_second": rate,
            "fill_memory_mb": found["memory_mb"],
            "taken": self._size,
        }

    def _multiply(self, server: Server | None, base: _Cell) -> Result:
        copies = self._size // BASE - 1
        if server is None:
            multiply(base._folder, self._folder, copies)
        else:
            server.make(self._database, base._database)
            multiply_here(engine.parse(self._url(server)), copies)
        seconds = apart(scaled.indexed, self._folder, self._url(server))
        of_base = json.loads(base._done.read_text(encoding="ascii"))
        return {"index_seconds": seconds, "taken": of_base["taken"]}

    def ask(self) -> Result:
        """Ask all questions, cold and warm, and measure the size."""
        scaled.forgotten(self._keep / "postgresql" if self._store == "postgresql" else self._folder)
        with self._server() as server:
            memory = Memory(server.process if server else os.getpid())
            found = apart(scaled.asked, self._folder, self._url(server))
            if server is not None:
                memory.sample()
                found["server_mb"] = memory.peak_mb
            store = server.size(self._database) if server else self._file_size()
        return {
            "store": self._store,
            "size": self._size,
            **json.loads(self._done.read_text(encoding="ascii")),
            **found,
            "store_mb": store / 2**20,
            "index_mb": scaled.size_of(self._folder / INDEX) / 2**20,
        }

    def add(self) -> float | None:
        """Take in the next articles; return how many a second, None if none are left."""
        told = json.loads(self._done.read_text(encoding="ascii"))
        first = int(told["taken"])
        with self._server() as server:
            url = self._url(server)
            found = apart(scaled.ingested, self._folder, url, self._items, first, MORE)
        self._done.write_text(json.dumps({**told, "taken": first + MORE}), encoding="ascii")
        return found["new"] / found["seconds"] if found["new"] else None

    def _file_size(self) -> int:
        return sum(scaled.size_of(one) for one in self._folder.glob(f"{DATABASE}*"))

    def _url(self, server: Server | None) -> str:
        return (
            server.url(self._database).render_as_string(False)
            if server
            else engine.url_in(self._folder)
        )

    @contextmanager
    def _server(self) -> Iterator[Server | None]:
        wanted = self._store == "postgresql"
        with running(self._keep / "postgresql") if wanted else nullcontext() as server:
            yield server
