"""What people say of replies: one word for each person and reply, the last one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.models import Feedback
from tests.arrivals import NOW, open_store

pytestmark = pytest.mark.usefixtures("each_store")


def word(person: str, verdict: str, workspace: str = "T1", at: datetime = NOW) -> Feedback:
    values: dict[str, Any] = {"reply": "r", "query": "Pier 7", "told": "", "place": "C1"}
    return Feedback.model_validate(
        {**values, "workspace": workspace, "person": person, "verdict": verdict, "at": at}
    )


def test_two_people_may_differ_and_neither_sees_another_workspace(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.feedback.give(word("U1", "up")) is None
        assert store.feedback.give(word("U2", "down")) is None
        assert store.feedback.give(word("U1", "down", "T2")) is None
        before = store.feedback.give(word("U1", "down"))
        assert before is not None
        assert before.verdict == "up"
        assert [one.person for one in store.feedback.all("T1")] == ["U1", "U2"]
        assert store.feedback.of("T2", "r", "U2") is None


def test_a_comment_stays_whichever_way_its_author_turns(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert not store.feedback.comment("T1", "r", "U1", "nothing was said yet")
        store.feedback.give(word("U1", "up"))
        assert store.feedback.comment("T1", "r", "U1", "☂ “so so”")
        store.feedback.give(word("U1", "down", at=NOW + timedelta(days=1)))
        (one,) = store.feedback.all()
        assert (one.verdict, one.comment) == ("down", "☂ “so so”")


def test_it_is_listed_by_time_and_verdict(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for n, verdict in enumerate(("up", "down", "up")):
            store.feedback.give(word(f"U{n}", verdict, at=NOW + timedelta(days=n)))
        listed = store.feedback.all
        assert [one.person for one in listed("T1")] == ["U2", "U1", "U0"]
        assert [one.person for one in listed(since=NOW + timedelta(days=1))] == ["U2", "U1"]
        assert [one.person for one in listed(verdict="down")] == ["U1"]
        assert listed("T2") == []
