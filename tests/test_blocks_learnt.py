"""What was learnt, in words: how many facts, about whom, and what else a reader must know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.gather.records import Rejected
from bot.models import Learnt
from handlers.blocks.limits import problems
from handlers.blocks.notes import learnt_message

DAY = datetime(2026, 3, 27, tzinfo=UTC)


def told(*learnt: Learnt, refused: tuple[Rejected, ...] = (), notes: tuple[str, ...] = ()) -> str:
    payload = learnt_message(learnt, refused, notes=notes, tz="UTC")
    assert problems(payload) == []
    return str(payload["text"])


def one(**more: Any) -> Learnt:
    return Learnt(**({"article": "a", "title": "Talks", "publisher": "example.org"} | more))


@pytest.mark.parametrize(
    ("learnt", "words"),
    [
        (one(facts=1, actors=("Iran",)), "One fact about Iran."),
        (one(facts=12, actors=("Iran", "Qatar")), "12 facts about Iran and Qatar."),
        (one(facts=9, actors=("A", "B", "C", "D")), "9 facts about A, B, C and D."),
        (one(facts=9, actors=tuple("ABCDEF")), "9 facts about A, B, C, D and 2 others."),
        (one(facts=2), "2 facts."),
        (one(), "No facts found; its text can be searched."),
        (one(language="ar"), "Arabic text, in which I do not find facts yet: it can be searched."),
        (one(language="en"), "No facts found; its text can be searched."),
        (one(facts=1, actors=("Iran",), copy_of="A wire"), "a near-copy of “A wire”."),
        (one(before=DAY, facts=2), "I read it already, on 27 Mar 2026: 2 facts."),
        (one(before=DAY, revised=True, facts=2), "It has changed since I read it: 2 facts."),
        (one(published=DAY, published_precision="day"), "example.org, 27 Mar 2026"),
        (one(), "example.org, undated"),
        (one(title="", url="https://a.example/1"), "<https://a.example/1|example.org, undated>"),
        (one(url="https://a.example/1"), "*<https://a.example/1|Talks>*"),
    ],
)
def test_words(learnt: Learnt, words: str) -> None:
    assert words in told(learnt)


def test_what_is_refused_is_said_with_its_reason() -> None:
    text = told(refused=(Rejected(origin="https://a.example/1", reason="it is paid for"),))
    assert text == "Not read: https://a.example/1 — it is paid for."


def test_nothing_at_all_is_said_too() -> None:
    assert told() == "I found nothing in it that I can read."


def test_what_others_wrote_cannot_ping_link_or_break_the_message() -> None:
    hostile = "<!channel> *bold* <https://evil.example|x>" * 400
    text = told(
        one(title=hostile, actors=(hostile,) * 9, facts=9, copy_of=hostile),
        refused=(Rejected(origin=hostile, reason=hostile),) * 5,
        notes=(hostile,) * 2,
    )
    assert "<!channel>" not in text
    assert "<https://evil.example" not in text
