"""A short command starts fast: what it does not use is neither imported nor parsed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stocked import TEAM, desk_at

UNUSED = {
    "alembic",
    "bot.gather.files",
    "bot.ingest",
    "bot.read.reading",
    "charset_normalizer",
    "feedparser",
    "httpx",
    "lxml",
    "matplotlib",
    "multiprocessing",
    "onnxruntime",
    "numpy.ma",
    "pebble",
    "prometheus_client",
    "psycopg",
    "rich",
    "slack_bolt",
    "slack_sdk",
    "structlog",
    "tokenizers",
    "trafilatura",
    "yaml",
}
"""Large modules that no brief needs. The tables of actors in YAML are kept as JSON."""

RUN = """
import contextlib, io, json, sys
from bot.cli import main

said = io.StringIO()
with contextlib.redirect_stdout(said):
    main(sys.argv[1:], standalone_mode=False)
from bot.text.date_patterns import EXACT
print(json.dumps([said.getvalue(), sorted(sys.modules), "compiled" in vars(EXACT)]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the notes, in which one command has run already."""
    made = tmp_path_factory.mktemp("data")
    desk_at(made).close()
    ran(made, "brief", "Iran")
    return made


def ran(folder: Path, *command: str) -> tuple[str, set[str], bool]:
    """What a command said, the modules it imported, and whether it compiled dates."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command, "--workspace", TEAM],
        env={**os.environ, "DRAGOMAN_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    said, modules, compiled = json.loads(done.stdout)
    return said, set(modules), compiled


@pytest.mark.parametrize("command", [("brief", "Qatar"), ("brief", "Iran", "Russia")])
def test_a_brief_imports_only_what_it_needs(folder: Path, command: tuple[str, ...]) -> None:
    said, modules, compiled = ran(folder, *command)
    assert command[1] in said
    assert not UNUSED & modules
    assert not compiled


def test_dates_are_read_where_they_are_asked_for(folder: Path) -> None:
    said, _, compiled = ran(folder, "brief", "Qatar", "since", "March", "2026")
    assert "since 1 Mar 2026" in said
    assert compiled


def test_help_imports_no_desk() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, bot.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"bot.desk", "sqlalchemy", "pydantic", "numpy"} & set(done.stdout.split())
