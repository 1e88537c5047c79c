"""Whom articles introduce: stored with them, found by name, promoted by a second publisher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadEvidence
from bot.match.provisional import provisional
from bot.models import (
    LOCAL,
    ActorType,
    AddAlias,
    AliasKind,
    Arrival,
    Fact,
    Introduced,
    Span,
)
from bot.store.introductions import introduced_by
from bot.store.sql import CHUNK
from bot.store.store import Store
from tests.arrivals import IRAN, NOW, arrival, day, met, open_store, quote

pytestmark = pytest.mark.usefixtures("each_store")

TEXT = "Qatari envoy Ada Ruritan met Iran. Ruritan left."
EVERYWHERE = ("*",)


def introducing(
    key: str,
    *sources: str,
    text: str = TEXT,
    name: str = "Ada Ruritan",
    audience: str = "*",
    state: str | None = "state:qat",
    n: int = 1,
    workspace: str = LOCAL,
) -> Arrival:
    """An article that introduces one person."""
    one = arrival(
        key, text, published=day("2026-03-01"), sources=sources or ("one.example",),
        audience=audience, n=n, workspace=workspace,
    )  # fmt: skip
    at = text.find(name)
    if at < 0:
        return one
    new = Introduced(
        name=name,
        type=ActorType.PERSON,
        role="envoy",
        state=state,
        spans=(Span(start=at, end=at + len(name)),),
    )
    return one.model_copy(update={"reading": one.reading.model_copy(update={"introduced": (new,)})})


def found(store: Store, *keys: str, audiences: tuple[str, ...] = EVERYWHERE) -> list[str]:
    actors = store.introductions.named(LOCAL, audiences, keys)
    return [actor.name for actor in actors]


def test_kept_with_its_article_and_found_by_name_or_surname(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1")], now=NOW)
        (actor,) = store.introductions.named(LOCAL, EVERYWHERE, ["ada ruritan"])
        assert (actor.source, str(actor.as_of)) == ("a1", "2026-03-01")
        assert actor.id.startswith("person:prov-")
        assert found(store, "ruritan") == ["Ada Ruritan"]
        assert found(store, "ada") == found(store, "ida ruritan") == []
        at = TEXT.index("Ada")
        assert [
            (one.start, one.end, one.alias)
            for one in store.mentions(LOCAL, ["a1"])["a1"]
            if one.actor == actor.id
        ] == [(at, at + len("Ada Ruritan"), "Ada Ruritan")]
        # Known to nobody but who asks for the name.
        assert [one for one in store.actors(LOCAL) if one.id == actor.id] == []


def test_articles_that_introduce_the_same_share_one_actor(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1"), introducing("a2")], now=NOW)
        store.commit([introducing("a3"), introducing("a4", state="state:irn")], now=NOW)
        assert found(store, "ada ruritan") == ["Ada Ruritan", "Ada Ruritan"]
        named = store.mentions(LOCAL, ["a1", "a2", "a3", "a4"])
        ids = [{m.actor for m in named[k] if provisional(m.actor)} for k in sorted(named)]
        assert ids[0] == ids[1] == ids[2] != ids[3]


def test_an_actor_of_many_articles_is_listed_once(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1"), introducing("z1")], now=NOW)
        many = ["a1", *(f"b{n}" for n in range(CHUNK)), "z1"]
        with store._read() as connection:
            (actor,) = introduced_by(connection, LOCAL, many)
        assert provisional(actor)


def test_a_second_publisher_promotes(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1", "one.example"), introducing("a2", "one.example")], now=NOW)
        before = store.last_seq()
        assert found(store, "ada ruritan") == ["Ada Ruritan"]
        store.commit([introducing("a3", "two.example")], now=NOW)
        assert found(store, "ada ruritan") == []
        (own,) = store.curation.own(LOCAL).values()
        assert own.actor is not None
        assert (own.actor.name, own.actor.acts_for) == ("Ada Ruritan", "state:qat")
        told = [(c.kind, c.key) for c in store.changes(before, 10)]
        assert told == [("article", "a3"), ("actor", own.actor.id)]
        # Once is enough.
        store.commit([introducing("a4", "three.example")], now=NOW)
        assert [c.kind for c in store.changes(before + 2, 10)] == ["article"]


def test_who_is_only_named_is_not_promoted(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for key, publisher in (("a1", "one.example"), ("a2", "two.example")):
            one = introducing(key, publisher, state=None)
            new = one.reading.introduced[0].model_copy(update={"role": None})
            reading = one.reading.model_copy(update={"introduced": (new,)})
            store.commit([one.model_copy(update={"reading": reading})], now=NOW)
        assert found(store, "ada ruritan") == ["Ada Ruritan"]
        assert store.curation.own(LOCAL) == {}


def test_two_publishers_of_one_batch_promote(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1", "one.example"), introducing("a2", "two.example")], now=NOW)
        assert len(store.curation.own(LOCAL)) == 1


def test_a_copy_of_one_publisher_promotes_nobody(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1", "The One"), introducing("a2", "the one")], now=NOW)
        assert store.curation.own(LOCAL) == {}


def test_what_one_place_may_see_stays_there(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit(
            [
                introducing("a1", "one.example", audience="C1"),
                introducing("a2", "two.example", audience="C1"),
            ],
            now=NOW,
        )
        assert found(store, "ruritan") == []
        assert found(store, "ruritan", audiences=("*", "C2")) == []
        assert found(store, "ruritan", audiences=("*", "C1")) == ["Ada Ruritan"]
        assert store.curation.own(LOCAL) == {}


def test_what_one_workspace_has_stays_there(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1", workspace="T9")], now=NOW)
        assert found(store, "ruritan") == []


def test_a_new_reading_replaces_what_the_old_one_introduced(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1")], now=NOW)
        (first,) = store.introductions.named(LOCAL, EVERYWHERE, ["ruritan"])
        store.commit([introducing("a1", text="Nobody came.", n=2)], now=NOW)
        assert found(store, "ruritan") == []
        assert all(m.actor != first.id for m in store.mentions(LOCAL, ["a1"]).get("a1", []))
        store.commit([introducing("a1", n=3)], now=NOW)
        (again,) = store.introductions.named(LOCAL, EVERYWHERE, ["ruritan"])
        assert again.id == first.id


def test_a_deleted_article_introduces_nobody(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1", "one.example")], now=NOW)
        assert store.tombstone(LOCAL, "a1", NOW)
        assert found(store, "ruritan") == []
        store.commit([introducing("a2", "two.example")], now=NOW)
        assert store.curation.own(LOCAL) == {}


def test_nothing_of_a_refused_batch_stays(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        bad = introducing("a2")
        new = bad.reading.introduced[0].model_copy(update={"spans": (Span(start=5, end=999),)})
        reading = bad.reading.model_copy(update={"introduced": (new,)})
        with pytest.raises(BadEvidence, match="Ada Ruritan stands outside of article a2"):
            store.commit([introducing("a1"), bad.model_copy(update={"reading": reading})], now=NOW)
        assert found(store, "ruritan") == []


def telling(key: str, *sources: str, **changes: Any) -> Arrival:
    """An article whose one fact is that the person it introduces met Iran."""
    one = introducing(key, *sources, n=changes.pop("n", 1))
    values: dict[str, Any] = {
        "source_actor": "person:new-0",
        "source_for": "state:qat",
        "target_for": IRAN,
        "evidence": (quote(TEXT, "Qatari envoy Ada Ruritan met Iran."),),
    }
    fact = met(TEXT, **(values | changes))
    return one.model_copy(update={"reading": one.reading.model_copy(update={"facts": (fact,)})})


def facts(store: Store, *actors: str) -> list[Fact]:
    return store.facts(LOCAL, EVERYWHERE, actors=actors or None)


def test_facts_name_the_actor_that_the_store_knows(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([telling("a1")], now=NOW)
        (actor,) = store.introductions.named(LOCAL, EVERYWHERE, ["ada ruritan"])
        (fact,) = facts(store, actor.id)
        assert (fact.source_actor, fact.target_actor) == (actor.id, IRAN)
        assert fact.evidence[0].quote == "Qatari envoy Ada Ruritan met Iran."
        assert store.introductions.by_id(LOCAL, actor.id) == actor
        for nobody in ("person:prov-0", "state:irn", "person:new-0"):
            assert store.introductions.by_id(LOCAL, nobody) is None
        assert store.introductions.by_id("T9", actor.id) is None


def test_a_claimant_and_a_target_may_be_introduced(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        claim = telling("a1", source_actor=IRAN, target_actor=None, claimant="person:new-0")
        store.commit([claim], now=NOW)
        store.commit([telling("a2", source_actor=IRAN, target_actor="person:new-0")], now=NOW)
        (actor,) = store.introductions.named(LOCAL, EVERYWHERE, ["ada ruritan"])
        assert {(one.claimant, one.target_actor) for one in facts(store, actor.id)} == {
            (actor.id, None),
            (None, actor.id),
        }


def test_a_new_reading_keeps_the_fact_and_an_edit_retires_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([telling("a1")], now=NOW)
        (first,) = facts(store)
        store.commit([telling("a1")], now=NOW)
        assert [one.id for one in facts(store)] == [first.id]
        store.commit([introducing("a1", text="Nobody came.", n=2)], now=NOW)
        assert facts(store) == []
        store.commit([telling("a1", n=3)], now=NOW)
        assert [one.id for one in facts(store)] == [first.id]
        assert store.tombstone(LOCAL, "a1", NOW)
        assert facts(store) == []


def test_promotion_leaves_facts_with_their_actor(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([telling("a1", "one.example"), telling("a2", "two.example")], now=NOW)
        (promoted,) = store.curation.own(LOCAL)
        assert {one.source_actor for one in facts(store)} == {promoted}
        known = store.introductions.by_id(LOCAL, promoted)
        assert known is not None
        assert known.name == "Ada Ruritan"


def test_two_articles_tell_one_happening_of_the_same_newcomer(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([telling("a1", "one.example"), telling("a2", "two.example")], now=NOW)
        assert len({one.happening for one in facts(store)}) == 1
        other = introducing("a3", "three.example", state="state:irn")
        reading = other.reading.model_copy(update={"facts": telling("a1").reading.facts})
        store.commit([other.model_copy(update={"reading": reading})], now=NOW)
        assert len({one.source_actor for one in facts(store)}) == 2
        assert len({one.happening for one in facts(store)}) == 2


def test_a_side_that_an_article_leaves_open_is_taken_from_another(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        alone = telling("a2", "two.example", source_for="person:new-0")
        store.commit([telling("a1", "one.example"), alone], now=NOW)
        assert len({one.happening for one in facts(store)}) == 1


def test_a_fact_about_nobody_introduced_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with pytest.raises(BadEvidence, match="article a1 is about nobody introduced"):
            store.commit([telling("a1", source_actor="person:new-3")], now=NOW)
        assert facts(store) == []


def test_facts_stored_before_it_was_told_for_whom_somebody_acts_say_so_then(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path) as store:
        open_ = telling("a1", source_for="person:new-0")
        new = open_.reading.introduced[0].model_copy(update={"state": None})
        reading = open_.reading.model_copy(update={"introduced": (new,)})
        store.commit([open_.model_copy(update={"reading": reading})], now=NOW)
        store.commit([telling("a2", "two.example")], now=NOW)
        found = facts(store)
        assert [len({one.source_actor for one in found}), len(found)] == [1, 2]
        assert len({one.happening for one in found}) == 1


def test_who_was_introduced_stays_so_when_an_article_is_read_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        # The first leaves the state open; then there are two of that name, and a third article
        # that leaves it open can mean neither.
        for key, state in (("a1", None), ("a2", "state:qat"), ("a3", "state:irn"), ("a4", None)):
            store.commit([introducing(key, state=state)], now=NOW)

        def meant() -> list[set[str]]:
            named = store.mentions(LOCAL, ["a1", "a2", "a3", "a4"])
            return [{m.actor for m in named[k] if provisional(m.actor)} for k in sorted(named)]

        first = meant()
        assert first[0] == first[1]
        assert len({frozenset(one) for one in first}) == 3
        store.commit([introducing("a1", state=None)], now=NOW)
        assert meant() == first
        # It is somebody else where the article now says so.
        store.commit([introducing("a1", state="state:irn")], now=NOW)
        assert meant() == [first[2], *first[1:]]


def test_a_copy_found_later_takes_a_promotion_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1", "one.example"), introducing("a2", "two.example")], now=NOW)
        assert len(store.curation.own(LOCAL)) == 1
        store.commit([introducing("a2", "one.example")], now=NOW)
        assert store.curation.own(LOCAL) == {}
        assert found(store, "ada ruritan") == ["Ada Ruritan"]


def test_what_a_person_said_of_a_promoted_actor_stays(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([introducing("a1", "one.example"), introducing("a2", "two.example")], now=NOW)
        (key,) = store.curation.own(LOCAL)
        assert store.introductions.promoted(LOCAL) == store.curation.own(LOCAL)
        edit = AddAlias(actor=key, text="The Envoy", kind=AliasKind.NAME, source="test")
        store.curation.change_actor(LOCAL, edit, "U1", NOW)
        edited = store.curation.own(LOCAL)
        assert store.introductions.promoted(LOCAL) != edited
        store.commit([introducing("a2", "one.example")], now=NOW)
        assert store.curation.own(LOCAL) == edited
