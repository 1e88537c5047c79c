"""dragoman digest: what is set up, and a preview in words or JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.desk import DATABASE
from bot.models import LOCAL, Digest, Times
from bot.store.store import Store

NOTE = "Qatar held talks with Iran on Monday about the gas field. Officials gave no details."


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DRAGOMAN_WORKERS", "1")
    note = tmp_path / "note.md"
    front = f"title: Neighbours talk\ndate: {datetime.now(UTC):%Y-%m-%d}"
    note.write_text(f"---\n{front}\n---\n\n{NOTE}\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["ingest", str(note)])
    assert done.exit_code == 0, done.output
    return tmp_path / "data"


def digest(*args: str) -> str:
    done = CliRunner().invoke(main, ["digest", *args])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_lists_and_previews(data: Path) -> None:
    assert "No digest is set up" in digest()
    told = digest("--preview", "--actor", "Quatar")
    assert told.startswith("one story about Qatar, since ")
    assert "Neighbours talk · one source" in told
    assert "Nothing new about France" in digest("--preview", "--actor", "France")
    assert json.loads(digest("--preview", "--json"))["total"] == 1
    now = datetime.now(UTC)
    one = Digest(
        workspace=LOCAL, id=0, team="T1", place="C1", room="C1", person="U1", since=now, due=now,
        times=Times(often="daily", at=(time(8),)),
    )  # fmt: skip
    with Store.open(f"sqlite:///{data / DATABASE}") as store:
        store.digests.put(one)
    assert "T1 C1: every day at 08:00, UTC time" in digest()
    assert "Neighbours talk" in digest("--preview", "--place", "C1")
    refused = CliRunner().invoke(main, ["digest", "--preview", "--place", "C9"])
    assert refused.exit_code == 1
    assert "C9 has no digest" in refused.output
