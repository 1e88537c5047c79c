"""A correction is seen at once, by every process, and reads again only what it touches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.curation.rereading import LOOKED_FOR
from bot.desk import Desk
from bot.errors import BadEdit
from bot.models import (
    ActorType,
    AddActor,
    AddAlias,
    Alias,
    Asker,
    Brief,
    Draft,
    Merge,
    RemoveAlias,
    Split,
)
from tests.stocked import desk_at

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)
W = "T9"
ME = Asker(workspace=W, person="U1", now=NOW)
TEXTS = {
    "blue": "The Blue Lantern Council met Iran in Doha on Monday. Qatar praised the talks.",
    "lantern": "A lantern shop opened in Tehran. Iran praised it.",
    "qatar": "Qatar invited Iran to new talks.",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = desk_at(tmp_path)
    drafts = [
        Draft(title=key, text=text, external_id=key, published=NOW, publisher="ap.com")
        for key, text in TEXTS.items()
    ]
    opened.ingest(drafts, now=NOW, workspace=W)
    yield opened
    opened.close()


def council(**more: Any) -> AddActor:
    values: dict[str, Any] = {"type": ActorType.GROUP, "name": "Blue Lantern Council"}
    return AddActor.model_validate({**values, "source": "U1", **more})


def alias(actor: str, text: str, **more: Any) -> AddAlias:
    return AddAlias(actor=actor, text=text, source="U1", **more)


def subjects(desk: Desk, query: str, asker: Asker = ME) -> list[str]:
    reply = desk.brief(asker, query)
    return [match.actor for match in getattr(reply, "subjects", ())]


def named(desk: Desk, actor: str) -> int:
    reply = desk.brief(ME, desk.actors(W).name(actor), meant={desk.actors(W).name(actor): actor})
    return reply.articles if isinstance(reply, Brief) else 0


def test_a_new_actor_is_found_in_what_was_read_before(desk: Desk) -> None:
    assert "group:blue-lantern-council" not in subjects(desk, "Blue Lantern Council")
    done = desk.care.change(ME, council())
    assert (done.again.articles, done.again.left, done.again.passed_over) == (1, 0, ())
    assert subjects(desk, "blue lantern council") == ["group:blue-lantern-council"]
    assert named(desk, "group:blue-lantern-council") == 1
    desk.care.undo(ME)
    assert desk.actors(W).get("group:blue-lantern-council") is None
    assert "group:blue-lantern-council" not in subjects(desk, "Blue Lantern Council")


def test_only_what_holds_the_name_is_read_again(desk: Desk) -> None:
    seq = desk.store.last_seq()
    desk.care.change(ME, council())
    read = {c.key for c in desk.store.changes(seq, 100) if c.kind == "article"}
    (blue,) = desk.store.articles(W, read).values()
    assert blue.revision.title == "blue"
    assert blue.sources == ("ap.com",)


def test_a_removed_name_names_nobody_any_more(desk: Desk) -> None:
    assert desk.actors(W).match("State of Qatar")[0].how == "exact"
    desk.care.change(ME, RemoveAlias(actor="state:qat", text="state of qatar"))
    assert desk.actors(W).match("State of Qatar")[0].how != "exact"
    assert desk.actors("T8").match("State of Qatar")[0].how == "exact"
    done = desk.care.change(ME, alias("group:hamas", "the Blue Lantern Council"))
    assert (done.again.articles, named(desk, "group:hamas")) == (1, 1)
    done = desk.care.change(ME, RemoveAlias(actor="group:hamas", text="the Blue Lantern Council"))
    assert (done.again.articles, named(desk, "group:hamas")) == (1, 0)


def test_moving_a_name_moves_its_mentions(desk: Desk) -> None:
    desk.care.change(ME, council(name="Lantern People", aliases=()))
    desk.care.change(ME, alias("group:lantern-people", "Blue Lantern Council"))
    assert named(desk, "group:lantern-people") == 1
    split = Split(
        actor="group:lantern-people",
        aliases=("Blue Lantern Council",),
        name="Lantern Council",
        source="U1",
    )
    assert desk.care.change(ME, split).again.articles == 1
    assert (named(desk, "group:lantern-people"), named(desk, "group:lantern-council")) == (0, 1)
    desk.care.undo(ME)
    assert named(desk, "group:lantern-people") == 1


def test_a_merge_needs_no_reading(desk: Desk) -> None:
    desk.care.change(ME, council())
    done = desk.care.change(ME, Merge(actor="group:blue-lantern-council", into="group:hamas"))
    assert done.again.articles == 0
    assert subjects(desk, "blue lantern council") == ["group:hamas"]
    assert named(desk, "group:hamas") == 1
    desk.care.undo(ME)
    assert named(desk, "group:hamas") == 0


def test_the_bound_is_kept_and_what_is_left_is_told(desk: Desk) -> None:
    more = [
        Draft(text=f"The Blue Lantern Council spoke, part {n}.", external_id=f"n{n}", published=NOW)
        for n in range(5)
    ]
    desk.ingest(more, now=NOW, workspace=W)
    done = desk.care.change(ME, council(), most=2)
    assert (done.again.articles, done.again.left) == (2, 4)
    again = desk.care.read_again(W, ["blue lantern council"], NOW, most=100)
    assert again.articles == 6
    assert named(desk, "group:blue-lantern-council") == 6
    assert desk.care.read_again(W, None, NOW, most=1).articles == 8


def test_more_names_than_can_be_looked_for_are_told(desk: Desk) -> None:
    told = tuple(Alias(text=f"Lantern {n}") for n in range(LOOKED_FOR + 2))
    done = desk.care.change(ME, council(aliases=told))
    assert done.again.passed_over == (told[-3].text, told[-2].text, told[-1].text)


def test_others_go_on_with_the_seeds(desk: Desk) -> None:
    shared = desk.actors("T8")
    desk.care.change(ME, council())
    assert desk.actors("T8") is shared
    assert desk.actors(W) is desk.actors(W) is not shared
    desk.care.undo(ME)
    assert desk.actors(W) is shared


def test_another_process_sees_it_when_it_catches_up(desk: Desk, tmp_path: Path) -> None:
    other = desk_at(tmp_path)
    try:
        assert other.actors(W).get("group:blue-lantern-council") is None
        desk.care.change(ME, council())
        other.catch_up()
        assert other.actors(W).get("group:blue-lantern-council") is not None
        assert subjects(other, "blue lantern council") == ["group:blue-lantern-council"]
    finally:
        other.close()


def test_what_is_read_later_knows_it_too(desk: Desk) -> None:
    desk.care.change(ME, council(name="Green Lantern Council"))
    draft = Draft(text="The Green Lantern Council met Iran.", external_id="g", published=NOW)
    desk.ingest([draft], now=NOW, workspace=W)
    assert named(desk, "group:green-lantern-council") == 1


def test_a_refused_edit_changes_nothing(desk: Desk) -> None:
    shared = desk.actors(W)
    with pytest.raises(BadEdit, match="no actor state:nowhere"):
        desk.care.change(ME, alias("state:nowhere", "Nowhere"))
    assert desk.actors(W) is shared


def test_a_chosen_actor_is_briefed_on_whatever_was_typed(desk: Desk) -> None:
    for query, typed in (("Katar", "Katar"), ("what is new with qatr", "qatr"), ("zzz", "zzz")):
        reply = desk.brief(ME, query, meant={typed: "state:irn"})
        assert isinstance(reply, Brief), query
        assert [match.actor for match in reply.subjects] == ["state:irn"]
