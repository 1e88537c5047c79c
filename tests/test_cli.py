"""The command line: every mistake is one sentence and a status that is not 0."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.models import LOCAL
from bot.settings import Settings
from bot.store.store import Store

TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def texts(folder: Path) -> list[str]:
    """The words of all that is stored."""
    with Store.open(f"sqlite:///{folder / 'data' / 'dragoman.db'}") as store:
        keys = {change.key for change in store.changes(0, 100)}
        return sorted(one.revision.text for one in store.articles(LOCAL, keys).values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["brief"], "Name an actor or an event"),
        (["brief", ""], "no question"),
        (["brief", " \t "], "no question"),
        (["ask", "?!"], "no question"),
        (["brief", "😀" * 3000], "no question"),
        (["ask", "Qatar " * 80], "characters long"),
        (["brief", "Qatar", "--since", "garbage"], "'garbage' is not a day"),
        (["brief", "Qatar", "--since", ""], "'' is not a day"),
        (["brief", "Qatar", "--until", "2024-02-30"], "'2024-02-30' is not a day"),
        (["brief", "Qatar", "--since", "2025-01-01", "--until", "2024-01-01"], "swap them"),
        (["brief", "Qatar", "--as-of", "garbage"], "'garbage' is not a day"),
        (["brief", "Qatar", "--as-of", TOMORROW], "in the future"),
        (["ask", "Qatar", "--as-of", "2150-12-31"], "in the future"),
        (["ingest"], "Name a file"),
        (["ingest", ""], "an empty path names no file"),
        (["ingest", "nothing.txt"], "no such file"),
        (["ingest", "-", "--date", "garbage"], "--date cannot be used"),
        (["ingest", "-", "--url", "jpost.com"], "--url cannot be used"),
        (["serve"], "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET must be set"),
        (["demo", "--port", "99999"], "not in the range"),
        (["demo", "--port", "-1"], "not in the range"),
    ],
)
def test_mistakes(arguments: list[str], said: str) -> None:
    result = run(*arguments, stdin=b"Qatar met Iran.")
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("command", [["brief", "Qatar"], ["ingest", "-"], ["reindex"]])
def test_a_data_folder_that_is_a_file(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_DATA", str(Path(__file__)))
    result = run(*command, stdin=b"Qatar met Iran.")
    assert result.exit_code == 1
    assert "set DRAGOMAN_DATA to a folder that can be written" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("day", ["1000-01-01", "1999-12-31"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_day_long_ago_has_nothing(day: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_TZ", zone)
    result = run("brief", "Qatar", "--as-of", day)
    assert result.exit_code == 0, result.output
    assert "Nothing stored about Qatar." in result.stdout


def test_bad_input_is_told_apart_and_the_rest_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("Qatar met Iran in Doha.")
    (folder / "empty.txt").touch()
    (folder / "nul.txt").write_bytes(b"Qatar\x00")
    (folder / "lines.jsonl").write_text('{"text": "Iran met Oman."}\n{"text": \n')
    result = run("ingest", "in", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["read"], report["new"], report["rejected"]) == (2, 2, 3)
    assert sorted(one["origin"] for one in report["rejections"]) == [
        "in/empty.txt",
        "in/lines.jsonl:2",
        "in/nul.txt",
    ]
    assert texts(tmp_path) == ["Iran met Oman.", "Qatar met Iran in Doha."]


def test_a_closed_standard_input_is_said_so() -> None:
    ended = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m bot.cli ingest - <&-', sys.executable],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "there is no standard input to read" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_ctrl_c_says_what_becomes_of_the_rest(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "ingest", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    ) as process:
        assert process.stdin is not None
        # It waits for the end of its input, once the store is there.
        database = tmp_path / "data" / "index"
        while process.poll() is None and not database.exists():
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.startswith("Stopped. What was stored stays")
    assert "Traceback" not in errors


FAR = [
    ("brief", "Qatar", "--since", "0001-01-01"),
    ("brief", "Qatar", "--until", "9999-12-31"),
    ("brief", "Iran 9999-12-31"),
    ("brief", "Iran", "--as-of", "0001-01-01"),
    ("ask", "what happened between 0001-01-01 and 9999-12-31 in Iran"),
    ("facts", "--until", "9999-12-31"),
    ("stories", "--since", "0001-01-01"),
    ("match", "Qatar", "--as-of", "9999-12-31"),
    ("feedback", "--since", "0001-01-01"),
]


@pytest.mark.parametrize("command", FAR)
def test_days_at_the_ends_of_the_calendar_are_refused(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(main, command, env={"DRAGOMAN_DATA": str(tmp_path)})
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is too far away: give days between the years 1000 and 2999" in result.stderr


def test_the_farthest_days_are_answered(tmp_path: Path) -> None:
    ends = ("--since", "1000-01-01", "--until", "2999-12-31")
    for command in (("brief", "Qatar"), ("ask", "who met Iran?"), ("facts",), ("stories",)):
        env = {"DRAGOMAN_DATA": str(tmp_path)}
        result = CliRunner().invoke(main, (*command, *ends), env=env)
        assert isinstance(result.exception, SystemExit | None), result.exception


NOT_TEXT = [
    ("seen", "\udcff"),
    ("seen", "https://news.example.org/\udcff"),
    ("brief", "Qatar \udcff"),
    ("brief", "Qatar", "--workspace", "\udcff"),
    ("match", "\udcff"),
    ("remove", "\udcff"),
    ("ingest", "\udcff.txt"),
    ("stories", "show", "\udcff"),
    ("export", "--person", "\udcff"),
    ("forget", "--person", "\ud800", "--yes"),
    ("workspaces", "delete", "\udcff", "--yes"),
    ("feeds", "pause", "\udcff"),
]


@pytest.mark.parametrize("command", NOT_TEXT)
def test_what_is_no_text_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, command, env={"DRAGOMAN_DATA": str(tmp_path)})
    assert result.exit_code == 1
    assert "is not text in UTF-8" in result.stderr


def test_a_file_whose_name_is_no_text_is_read(tmp_path: Path) -> None:
    name = tmp_path / "note\udcff.txt"
    name.write_text("Qatar met Iran in Doha.")
    env = {"DRAGOMAN_DATA": str(tmp_path / "data")}
    result = CliRunner().invoke(main, ("ingest", str(name)), env=env)
    assert result.exit_code == 0, result.output
    assert "1 new" in result.stdout
