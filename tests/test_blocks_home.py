"""A Home at its fullest, with the worst of texts: within Slack's limits, and shown as text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.models import (
    Active,
    AskedBefore,
    Digest,
    Home,
    Hours,
    PersonPreferences,
    PlacePreferences,
    ReadSoFar,
    SetUp,
    Times,
    Topic,
    Watch,
    WorkspacePreferences,
)
from handlers.blocks import forms
from handlers.blocks.home import failed_view, home_view, place_of
from handlers.blocks.limits import home_problems, modal_problems, texts
from handlers.blocks.text import fitted, say
from tests.payloads import POWER, broken, parsed
from tests.replies import line
from tests.workspace import Call

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
HOSTILE = [
    "<!channel> <!here> <!subteam^S1>",
    "<@U0YOU> @here <#C1|x>",
    "*bold* _it_ `code` ```block``` > quote",
    "<https://example.org/a|b|c> [a](b)",
    "\u202elive\u202c \u200b",
    "a\nb\tc",
    "x" * 40_000,
    "<!channel> " * 3_600,
    " ",
    "\U0001f600" * 2_000,
]


def fullest(text: str) -> Home:
    """A home with as much as is ever gathered, all of it called ``text``."""
    shared = {"workspace": "T1", "team": "T1", "person": "U1", "since": NOW}
    topic = Topic(actors=((f"x{n}", text) for n in range(3)), phrases=(text,))
    watches = tuple(
        Watch(
            **shared,
            id=n,
            place="U1" if n % 2 else "C1",
            typed=text,
            topic=topic,
            paused=n == 3,
            muted_until=NOW + timedelta(hours=n),
        )
        for n in range(20)
    )
    digests = tuple(
        SetUp(
            digest=Digest(
                **shared, id=n, place="U1", times=Times(often="twice"), due=NOW, paused=n == 1
            ),
            about=text,
        )
        for n in range(6)
    )
    return Home(
        read=ReadSoFar(
            articles=10**9,
            sources=10**6,
            newest=date(2026, 3, 28),
            feeds=500,
            paused=3,
            failed=90,
            failing=((text, text),) * 6,
        ),
        stories=(line(text or "x", title=text, url="https://news.example/a"),) * 3,
        active=tuple(Active(actor=f"a{n}", name=text, articles=n) for n in range(10)),
        watches=watches,
        more_watches=180,
        digests=digests,
        asked=tuple(AskedBefore(do="ask", query=text, at=NOW) for _ in range(5)),
        may_feed=True,
        admin=True,
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_fullest_home_is_within_the_limits(text: str) -> None:
    note = fitted(f"Muted: {text}", 500)
    view = home_view(fullest(text), NOW, "Asia/Kathmandu", "D1", note)
    assert home_problems(view) == []
    call = Call("views.publish", {"user_id": "U1", "view": view})
    assert broken(call) == []
    for shown in parsed(view):
        assert not POWER.search(shown), shown[:200]
    assert "\u202e" not in "".join(texts(view["blocks"]))
    assert place_of(view) == "D1"


def test_a_home_of_nothing_says_so() -> None:
    view = home_view(Home(), NOW, "UTC", "D1")
    assert home_problems(view) == []
    told = "\n".join(texts(view["blocks"]))
    assert "I have read nothing yet" in told
    assert "No feeds yet." in told
    assert "Nothing yet." in told


def test_what_is_muted_or_paused_says_so_and_how_to_go_on() -> None:
    view = home_view(fullest("Qatar"), NOW, "UTC", "D1")
    menus = [
        (block["text"]["text"], [one["text"]["text"] for one in block["accessory"]["options"]])
        for block in view["blocks"]
        if block.get("accessory", {}).get("type") == "overflow"
    ]
    first, later, paused = menus[0], menus[2], menus[3]
    assert first[1] == ["Mute 8 hours", "Pause", "Stop following"]  # muted until now: no more
    assert "_muted until 14:00_" in later[0]
    assert later[1] == ["Unmute", "Pause", "Stop following"]
    assert "_paused_" in paused[0]
    assert paused[1] == ["Resume", "Stop following"]


@pytest.mark.parametrize("metadata", ["", "{}", "no JSON", None])
def test_a_home_that_says_nothing_of_its_place(metadata: str | None) -> None:
    assert place_of({"private_metadata": metadata}) == ""


def test_a_home_that_failed_can_be_asked_for_again() -> None:
    view = failed_view(say("The store cannot be reached."), "D1")
    assert home_problems(view) == []
    assert "Try again" in list(texts(view["blocks"]))


FORMS: list[dict[str, Any]] = [
    forms.person_form(
        PersonPreferences(dates="ISO", tz="Asia/Qatar"), date(2026, 3, 28), {"place": "D1"}
    ),
    forms.person_form(PersonPreferences(), date(2026, 3, 28), {"place": "D1"}),
    forms.channel_form(
        PlacePreferences(), date(2026, 3, 28), "C1", {"place": "C1", "url": "x" * 500}
    ),
    forms.channel_form(
        PlacePreferences(least=7, hush=Hours(begin=time(22), end=time(7)), tz="Asia/Qatar"),
        date(2026, 3, 28),
        "C1",
        {"place": "C1"},
    ),
    forms.workspace_form(WorkspacePreferences(), {}),
    forms.workspace_form(WorkspacePreferences(feeds_by="listed", people=("U1", "U2")), {}),
    forms.feeds_form([("Middle East", 20), ("World", 19)], {"place": "D1"}),
]


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_forms_are_within_the_limits(form: dict[str, Any]) -> None:
    assert modal_problems(form) == []
    assert broken(Call("views.open", {"trigger_id": "1", "view": form})) == []


def test_dates_are_chosen_as_they_look() -> None:
    form = forms.person_form(PersonPreferences(), date(2026, 3, 28), {})
    options = form["blocks"][0]["element"]["options"]
    assert [one["text"]["text"] for one in options] == [
        "28 Mar 2026 (British)",
        "Mar 28, 2026 (American)",
        "2026-03-28 (ISO 8601)",
    ]
