"""``dragoman watches list``: what is followed, who follows it, and how it is sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.models import LOCAL, EventClass, Topic, Watch
from tests.arrivals import open_store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> str:
    done = CliRunner().invoke(main, ["watches", "list", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_nothing_is_followed(folder: Path) -> None:
    open_store(folder).close()
    assert "Nothing is followed" in run()


def test_what_is_followed(folder: Path) -> None:
    now = datetime.now(UTC)
    both = Topic(actors=(("state:qat", "Qatar"), ("state:irn", "Iran")))
    attacks = Topic(classes=(EventClass.ASSAULT,), phrases=("gas field",))
    of = {"workspace": LOCAL, "id": 0, "team": "T1", "person": "U1", "typed": "", "since": now}
    muted = now + timedelta(hours=1)
    with open_store(folder) as store:
        store.watches.add(Watch(**of, place="C1", topic=both, least=2))
        store.watches.add(Watch(**of, place="U1", topic=attacks, muted_until=muted))
    said = run()
    assert "#1  Qatar and Iran" in said
    assert "T1 C1, by U1" in said
    assert "when 2 independent sources report it" in said
    assert "#2  attacks, “gas field”" in said
    assert "for themselves" in said
    assert "muted until" in said
    assert "#2" not in run("--place", "C1")
    (one,) = json.loads(run("--json", "--place", "U1"))
    assert one["topic"]["classes"] == ["ASSAULT"]
