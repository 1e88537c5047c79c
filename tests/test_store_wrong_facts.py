"""Facts that people mark wrong: gone, kept away from later readings, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.errors import BadEdit
from bot.models import (
    EVERYWHERE,
    LOCAL,
    NAMES_ONLY,
    SEED,
    Actor,
    ActorType,
    Alert,
    Alerted,
    EventClass,
    Fact,
    Fault,
    Line,
    Merge,
    Reason,
    Snippet,
    Status,
)
from bot.store.curation import EditResult, wrong_fact
from bot.store.store import Store
from bot.store.tables import actor_change
from bot.store.watches import HeldAlert, hold_alerts
from tests.arrivals import IRAN, NOW, QATAR, arrival, day, met, open_store

pytestmark = pytest.mark.usefixtures("each_store")

TEXT = "Qatar met Iran in Doha on Monday. Qatar met Iran again."
FIRST, SECOND = "Qatar met Iran in Doha on Monday.", "Qatar met Iran again."
BO = "U0BO"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def reading(*facts: Any, key: str = "a", text: str = TEXT, **more: Any) -> Any:
    return arrival(key, text, facts=facts, published=day("2026-03-30"), **more)


def live(store: Store, audience: str = EVERYWHERE, workspace: str = LOCAL) -> list[Fact]:
    return store.facts(workspace, [audience], limit=50)


def mark(store: Store, fact: Fact, fault: Fault = "not said", *audiences: str) -> EditResult:
    whose = audiences or (EVERYWHERE,)
    return store.curation.mark_wrong(LOCAL, whose, fact.id, fault, BO, NOW, worded)


def worded(fact: Fact) -> str:
    return f"{fact.act} in “{fact.evidence[0].quote}”"


def quoting(store: Store, words: str) -> Fact:
    (found,) = [one for one in live(store) if one.evidence[0].quote == words]
    return found


def test_a_fact_is_gone_and_back(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST), met(TEXT, SECOND))])
    wrong = quoting(store, FIRST)
    done = mark(store, wrong)
    assert [one.evidence[0].quote for one in live(store)] == [SECOND]
    assert done.change is not None
    assert (done.change.seq, done.change.person, done.change.actor) == (1, BO, wrong.id)
    assert done.said == f"Marked wrong (not said): met in “{FIRST}”."
    (one,) = store.wrong_facts.all(LOCAL)
    assert (one.fact.id, one.fault, one.person, one.at) == (wrong.id, "not said", BO, NOW)
    assert one.text[one.fact.evidence[0].start :].startswith(FIRST)
    undone = store.curation.undo_change(LOCAL, None, "U0ADA", LATER)
    assert undone.said == f"Undid #1: {done.said}"
    assert {one.id for one in live(store)} >= {wrong.id}
    assert store.wrong_facts.all() == []
    assert [(one.op, one.undone) for one in store.curation.log(LOCAL, wrong.id)] == [
        ("undo", False),
        ("wrong fact", True),
    ]
    with pytest.raises(BadEdit, match="undone already"):
        store.curation.undo_change(LOCAL, 1, BO, LATER)
    with pytest.raises(BadEdit, match="mark the fact again"):
        store.curation.undo_change(LOCAL, 2, BO, LATER)
    assert mark(store, wrong, "who").change is not None


def test_it_stays_gone_when_another_reader_reads_it_otherwise(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST), met(TEXT, SECOND))])
    mark(store, quoting(store, FIRST), "what")
    newer = met(
        TEXT,
        "Qatar met Iran in Doha",  # a clause of it
        act="hold talks",
        place="city:doha",
        event_date=day("2026-03-30").date(),
        date_precision="day",
        status=Status.PLANNED,
    )
    store.commit([reading(newer, met(TEXT, SECOND), reader="2")])
    assert [one.evidence[0].quote for one in live(store)] == [SECOND]
    store.commit([reading(newer, met(TEXT, SECOND), reader="3")])
    assert [one.evidence[0].quote for one in live(store)] == [SECOND]
    store.curation.undo_change(LOCAL, 1, BO, LATER)
    assert {(one.act, one.evidence[0].quote) for one in live(store)} == {
        ("hold talks", "Qatar met Iran in Doha"),
        ("met", SECOND),
    }


@pytest.mark.parametrize(
    ("fault", "changes", "stays"),
    [
        ("who", {"source_actor": IRAN, "target_actor": QATAR}, True),
        ("who", {"target_actor": None, "target_words": "Iran"}, True),
        ("what", {"event_class": EventClass.AGREE}, True),
        ("status", {"status": Status.DENIED}, True),
        ("status", {"act": "meet", "place": "city:doha"}, False),
        ("not said", {"status": Status.DENIED}, False),
    ],
)
def test_what_a_newer_reader_tells_otherwise_is_another_fact(
    store: Store, fault: Fault, changes: dict[str, Any], *, stays: bool
) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    mark(store, quoting(store, FIRST), fault)
    store.commit([reading(met(TEXT, FIRST, **changes), reader="2")])
    assert len(live(store)) == stays


def test_undo_brings_back_only_what_is_still_read(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    mark(store, quoting(store, FIRST))
    store.commit([reading(met(TEXT, SECOND))])  # by the same reader, after a correction
    store.curation.undo_change(LOCAL, 1, BO, LATER)
    assert [one.evidence[0].quote for one in live(store)] == [SECOND]


def test_it_stays_gone_where_facts_follow_the_names(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    mark(store, quoting(store, FIRST))
    edited = f"{TEXT} Others came."
    store.commit([reading(text=edited, n=2, reader=f"1{NAMES_ONLY}")])
    store.commit([reading(met(edited, FIRST), text=edited, n=2)])
    assert live(store) == []
    store.commit([reading(text=f"{edited} So it is.", n=3, reader=f"1{NAMES_ONLY}")])
    store.curation.undo_change(LOCAL, 1, BO, LATER)
    assert live(store) == []  # what it told is not read yet
    store.commit([reading(met(edited, FIRST), text=f"{edited} So it is.", n=3)])
    assert len(live(store)) == 1


def test_another_article_and_another_workspace_keep_theirs(store: Store) -> None:
    one = met(TEXT, FIRST)
    store.commit([reading(one), reading(one, key="b"), reading(one, workspace="T2")])
    wrong = next(fact for fact in live(store) if fact.evidence[0].article == "a")
    mark(store, wrong)
    assert [fact.evidence[0].article for fact in live(store)] == ["b"]
    assert len(live(store, workspace="T2")) == 1
    assert store.wrong_facts.all("T2") == []


def test_the_happening_is_counted_without_it(store: Store) -> None:
    one = met(TEXT, FIRST)
    store.commit([reading(one), reading(one, key="b", sources=("afp.com",))])
    first, second = live(store)
    assert first.happening == second.happening
    sources = store.events.sources
    assert first.happening is not None
    assert len(sources(LOCAL, [EVERYWHERE], [first.happening])[first.happening]) == 2
    mark(store, first)
    (left,) = live(store)
    assert left.happening is not None
    assert len(sources(LOCAL, [EVERYWHERE], [left.happening])[left.happening]) == 1
    store.curation.undo_change(LOCAL, 1, BO, LATER)
    assert len({one.happening for one in live(store)}) == 1


def test_nobody_marks_what_they_cannot_see(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST), audience="C0PRIVATE")])
    (secret,) = live(store, "C0PRIVATE")
    for audiences in ([EVERYWHERE], [EVERYWHERE, "C0OTHER"]):
        with pytest.raises(BadEdit, match="not among what is stored for you"):
            store.curation.mark_wrong(LOCAL, audiences, secret.id, "who", BO, NOW, worded)
    with pytest.raises(BadEdit, match="not among what is stored for you"):
        store.curation.mark_wrong("T2", ["C0PRIVATE"], secret.id, "who", BO, NOW, worded)
    assert store.curation.log(LOCAL) == []
    assert mark(store, secret, "who", EVERYWHERE, "C0PRIVATE").change is not None
    assert live(store, "C0PRIVATE") == []


def test_twice_is_once(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    (wrong,) = live(store)
    mark(store, wrong)
    assert mark(store, wrong, "status") == EditResult("That fact is marked wrong already.", None)
    assert len(store.curation.log(LOCAL)) == 1


def test_what_is_no_longer_told_cannot_be_marked(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    (old,) = live(store)
    store.commit([reading(met(TEXT, SECOND), reader="2")])
    with pytest.raises(BadEdit):
        mark(store, old)
    with pytest.raises(BadEdit):
        store.curation.mark_wrong(LOCAL, [EVERYWHERE], "nothing", "who", BO, NOW, worded)
    store.tombstone(LOCAL, "a", NOW)
    with pytest.raises(BadEdit):
        store.curation.mark_wrong(LOCAL, [EVERYWHERE], old.id, "who", BO, NOW, worded)


def test_a_reader_is_not_told_that_the_article_took_it_back(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    (wrong,) = live(store)
    mark(store, wrong)
    assert store.history.retired(LOCAL, [wrong.id]) == []


def test_actors_that_were_merged_since_are_one(store: Store) -> None:
    people = [
        Actor(id=key, workspace=SEED, type=ActorType.PERSON, name=name, source="a list")
        for key, name in (("person:a", "Ann Lee"), ("person:b", "Anne Lee"))
    ]
    store.seed_actors(people, [], "1")
    store.commit([reading(met(TEXT, FIRST, source_actor="person:a"))])
    mark(store, quoting(store, FIRST))
    store.curation.change_actor(LOCAL, Merge(actor="person:a", into="person:b"), BO, NOW)
    store.commit([reading(met(TEXT, FIRST, source_actor="person:b"), reader="2")])
    assert live(store) == []


def test_a_removed_article_takes_its_marks_along(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    mark(store, quoting(store, FIRST))
    store.tombstone(LOCAL, "a", NOW)
    assert store.wrong_facts.all() == []


def test_nothing_is_left_of_articles_that_are_forgotten(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST), audience="D0BO"), reading(met(TEXT, FIRST), key="b")])
    (secret,) = live(store, "D0BO")
    mark(store, secret, "who", "D0BO")
    mark(store, quoting(store, FIRST))
    with store._write() as connection:
        assert connection.execute(select(func.count()).select_from(wrong_fact)).scalar() == 2
    store.personal_data.forget("D0BO", NOW)
    with store._read() as connection:
        assert list(connection.execute(select(wrong_fact.c.article)).scalars()) == ["b"]
        assert list(connection.execute(select(actor_change.c.seq)).scalars()) == [2]
    store.personal_data.forget(BO, NOW)
    assert [one.person for one in store.wrong_facts.all()] == [""]


def test_the_marks_of_a_workspace_go_with_it(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST))])
    mark(store, quoting(store, FIRST))
    assert len(store.wrong_facts.all(since=NOW)) == 1
    assert store.wrong_facts.all(since=LATER) == []
    while store.deletion.delete_some(LOCAL):
        pass
    assert store.wrong_facts.all() == []


def test_an_alert_that_waits_for_quiet_hours_to_end_is_not_sent(store: Store) -> None:
    store.commit([reading(met(TEXT, FIRST), met(TEXT, SECOND))])
    wrong, other = quoting(store, FIRST), quoting(store, SECOND)
    with store._write() as connection:
        hold_alerts(connection, [waiting(wrong), waiting(other)])
    mark(store, wrong)
    assert [one.story for one in store.held_alerts.due(LATER)] == [other.id]


def waiting(fact: Fact) -> HeldAlert:
    proof = fact.evidence[0]
    snippet = Snippet(**proof.model_dump(), title="")
    alerted = Alerted(
        story=fact.id,
        headline="Talks",
        line=Line(snippet=snippet, fact=fact.id),
        articles=1,
        sources=1,
        reasons=(Reason(watch=1, follows="Qatar", why="named"),),
    )
    alert = Alert(personal=True, tz="UTC", stories=(alerted,))
    return HeldAlert(LOCAL, "T1", BO, fact.id, BO, alert, NOW)
