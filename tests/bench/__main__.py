"""Benchmarks by name: ``python -m tests.bench NAME PATH [--json] [--store FOLDER]``.

PATH is a folder of data that is not part of the project; each benchmark says in its file
what it reads there, what it measures and how to read the result, and may take options of
its own (``NAME -h`` lists them).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.bench.common import MissingData, Result

NAMES = (
    "ingest",
    "answers",
    "briefs",
    "claims",
    "periods",
    "languages",
    "start",
    "actors",
    "facts",
    "extraction",
    "feeds",
    "holders",
    "stories",
    "slack",
    "fuzz",
    "patterns",
    "copy",
    "scale",
    "splits",
    "chaos",
    "report",
    "writer",
)

_SHARED = {"name", "path", "json", "store"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one benchmark; return 2, with a sentence on standard error, if data is missing."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("path", type=Path, nargs="?", default=Path(), help="the folder of data")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--store", type=Path, help="a data folder that is filled already")
    # Import only the requested benchmark: the others would use memory.
    name = next((one for one in arguments if one in NAMES), None)
    bench = import_module(f"tests.bench.{name}") if name else None
    if bench is not None and hasattr(bench, "options"):
        bench.options(parser)
    given = parser.parse_args(arguments)
    own = {key: value for key, value in vars(given).items() if key not in _SHARED}
    chosen = import_module(f"tests.bench.{given.name}")
    try:
        result: Result = chosen.run(given.path, given.store, **own)
    except MissingData as error:
        print(error, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps({given.name: result}))
    else:
        print(given.name)
        shown = getattr(chosen, "shown", None)
        print(shown(result) if shown else "\n".join(_lines(result, "  ")))
    return 0


def _lines(result: Result, indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in result.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key:<24} {value}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
