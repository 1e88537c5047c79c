"""dragoman digest: what is set up."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.desk import DATABASE
from bot.models import LOCAL, Digest, Times
from bot.store.store import Store


def digest() -> str:
    done = CliRunner().invoke(main, ["digest"])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    assert "No digest is set up" in digest()
    now = datetime.now(UTC)
    one = Digest(
        workspace=LOCAL, id=0, team="T1", place="C1", room="C1", person="U1", since=now, due=now,
        times=Times(often="daily", at=(time(8),)),
    )  # fmt: skip
    with Store.open(f"sqlite:///{tmp_path / DATABASE}") as store:
        store.digests.put(one)
    assert "T1 C1: every day at 08:00, UTC time" in digest()
