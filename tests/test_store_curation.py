"""What people correct about actors: applied, logged, undone, never touching the seeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadEdit
from bot.match.edits import NOTHING
from bot.models import (
    SEED,
    Actor,
    ActorType,
    AddActor,
    AddAlias,
    Alias,
    AliasKind,
    Edit,
    Merge,
    Own,
    RemoveAlias,
    Split,
    TakeIn,
    Tenure,
)
from bot.store import actors
from bot.store.curation import EditResult
from bot.store.store import Store
from tests.arrivals import NOW, arrival, open_store

pytestmark = pytest.mark.usefixtures("each_store")

W = "T1"


def seed(key: str, name: str, *aliases: str, **more: Any) -> Actor:
    kind = ActorType(key.split(":")[0])
    told = tuple(Alias(text=text) for text in aliases)
    return Actor(id=key, type=kind, name=name, aliases=told, source="a list", **more)


SEEDS = (
    seed("state:qat", "Qatar", "State of Qatar", "Katar"),
    seed("state:irn", "Iran", "Persia"),
    seed("office:emir-of-qatar", "Emir of Qatar", "the Emir", acts_for="state:qat"),
    seed("person:tamim", "Tamim bin Hamad", "Sheikh Tamim"),
    seed("person:hamad", "Hamad bin Khalifa"),
    seed("person:mbs", "Mohammed bin Salman", "Sheikh Mohammed"),
    seed("person:mbz", "Mohammed bin Zayed"),
    seed("group:hamas", "Hamas"),
    seed("organisation:hms", "Islamic Resistance Movement"),
)
EMIR, TAMIM, HAMAD = "office:emir-of-qatar", "person:tamim", "person:hamad"
TENURES = (
    Tenure(office=EMIR, person=HAMAD, since=date(1995, 6, 27), until=date(2013, 6, 25), source="s"),
    Tenure(office=EMIR, person=TAMIM, since=date(2013, 6, 25), source="s"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        opened.seed_actors(SEEDS, TENURES, "v1")
        yield opened


def do(store: Store, edit: Edit, workspace: str = W) -> EditResult:
    return store.curation.change_actor(workspace, edit, "U1", NOW)


def undo(store: Store, seq: int | None = None) -> EditResult:
    return store.curation.undo_change(W, seq, "U2", NOW)


def actor(store: Store, key: str, workspace: str = W) -> Actor:
    return next(one for one in store.actors(workspace) if one.id == key)


def names(store: Store, key: str, workspace: str = W) -> set[str]:
    return {alias.text for alias in actor(store, key, workspace).aliases}


def alias(actor: str, text: str, **more: Any) -> AddAlias:
    return AddAlias(actor=actor, text=text, source="U1", **more)


def new(name: str, kind: ActorType = ActorType.PERSON, **more: Any) -> AddActor:
    return AddActor(type=kind, name=name, source="U1", **more)


# --- what an edit does --------------------------------------------------------------


def test_an_alias_is_added_beside_the_seeds(store: Store) -> None:
    done = do(store, alias("state:qat", "  Al  Dawha "))
    assert done.said == "“Al Dawha” is now a name of Qatar."
    assert names(store, "state:qat") == {"State of Qatar", "Katar", "Al Dawha"}
    assert names(store, "state:qat", "T2") == {"State of Qatar", "Katar"}
    with store._read() as connection:
        seed = actors.actor_rows(connection, SEED)["state:qat"]
    assert seed.aliases == actor(store, "state:qat", "T2").aliases


def test_a_removed_seed_alias_is_hidden_here_alone(store: Store) -> None:
    do(store, RemoveAlias(actor="state:qat", text="katar"))
    assert names(store, "state:qat") == {"State of Qatar"}
    assert names(store, "state:qat", "T2") == {"State of Qatar", "Katar"}
    do(store, alias("state:qat", "Katar"))
    assert names(store, "state:qat") == {"State of Qatar", "Katar"}
    assert store.curation.own(W) == {}


def test_an_alias_moves_to_who_is_meant(store: Store) -> None:
    with pytest.raises(BadEdit, match=r"is a name of Mohammed bin Salman .* --move"):
        do(store, alias("person:mbz", "sheikh mohammed"))
    done = do(store, alias("person:mbz", "Sheikh Mohammed", move=True))
    assert "and not of Mohammed bin Salman" in done.said
    assert names(store, "person:mbs") == set()
    assert names(store, "person:mbz") == {"Sheikh Mohammed"}
    undo(store)
    assert names(store, "person:mbs") == {"Sheikh Mohammed"}
    assert names(store, "person:mbz") == set()


def test_a_hidden_alias_belongs_to_nobody(store: Store) -> None:
    do(store, RemoveAlias(actor="person:mbs", text="Sheikh Mohammed"))
    do(store, alias("person:mbz", "Sheikh Mohammed"))
    assert names(store, "person:mbz") == {"Sheikh Mohammed"}


def test_what_is_so_already_is_not_logged(store: Store) -> None:
    done = do(store, alias("state:qat", "Katar"))
    assert (done.change, done.said) == (None, "Nothing to change: “Katar” is a name of Qatar.")
    assert store.curation.log(W) == []


def test_a_merge_and_its_end(store: Store) -> None:
    do(store, Merge(actor="organisation:hms", into="group:hamas"))
    assert actor(store, "organisation:hms").merged_into == "group:hamas"
    assert actor(store, "organisation:hms", "T2").merged_into is None
    assert do(store, Merge(actor="organisation:hms", into="group:hamas")).change is None
    do(store, Split(actor="organisation:hms", source="U1"))
    assert actor(store, "organisation:hms").merged_into is None
    assert store.curation.own(W) == {}


def test_aliases_are_split_off_to_a_new_actor(store: Store) -> None:
    split = Split(actor="person:mbs", aliases=("sheikh mohammed",), name="Mohammed X", source="U1")
    done = do(store, split)
    assert done.change is not None
    assert done.change.after.keys() == {"person:mbs", "person:mohammed-x"}
    assert names(store, "person:mohammed-x") == {"Sheikh Mohammed"}
    assert names(store, "person:mbs") == set()
    assert done.names == ("Mohammed X", "Sheikh Mohammed")


def test_a_new_actor(store: Store) -> None:
    told = (Alias(text="HR", kind=AliasKind.ACRONYM),)
    do(store, new("Hamad  Rashid", acts_for="state:qat", aliases=told))
    found = actor(store, "person:hamad-rashid")
    assert (found.name, found.workspace, found.aliases) == ("Hamad Rashid", W, told)
    assert "person:mbs has that name too" in do(store, new("Sheikh Mohammed")).said


BAD: list[tuple[Edit, str]] = [
    (alias("state:xyz", "X"), "no actor state:xyz"),
    (alias("state:qat", "—"), "needs a letter or a digit"),
    (alias("person:mbz", "IRAN", move=True), "is the name of Iran .* itself"),
    (RemoveAlias(actor="state:qat", text="Qatar"), "the actor's own name"),
    (RemoveAlias(actor="state:qat", text="Doha"), "no alias of it reads so"),
    (Merge(actor="state:qat", into="person:tamim"), "type state and .* type person"),
    (Merge(actor="state:qat", into="office:emir-of-qatar"), "cannot be one and the same"),
    (Merge(actor="state:qat", into="state:qat"), "one actor already"),
    (Merge(actor="state:qat", into="state:nowhere"), "no actor state:nowhere"),
    (Split(actor="state:qat", source="s"), "was not merged"),
    (Split(actor="state:qat", aliases=("Katar",), source="s"), "--name"),
    (Split(actor="state:qat", aliases=("Doha",), name="D", source="s"), "no alias “Doha”"),
    (new("Qatar", ActorType.STATE, id="state:qat"), "already exists: it is Qatar"),
    (new("Someone", acts_for="state:zz"), "no actor state:zz"),
    (new("Someone", id="no id"), "is no id"),
    (new("—"), "is no id"),
]


@pytest.mark.parametrize(("edit", "words"), BAD, ids=[words for _, words in BAD])
def test_what_cannot_be_is_said_and_not_done(store: Store, edit: Edit, words: str) -> None:
    with pytest.raises(BadEdit, match=words):
        do(store, edit)
    assert store.curation.own(W) == {}
    assert store.curation.log(W) == []


def test_merges_do_not_go_in_circles(store: Store) -> None:
    do(store, Merge(actor="person:mbs", into="person:mbz"))
    do(store, Merge(actor="person:mbz", into=TAMIM))
    with pytest.raises(BadEdit, match="in a circle"):
        do(store, Merge(actor=TAMIM, into="person:mbs"))
    with pytest.raises(BadEdit, match="split it from there first"):
        do(store, Merge(actor="person:mbs", into=HAMAD))


# --- the log, and back --------------------------------------------------------------


EDITS: list[Edit] = [
    alias("state:qat", "Al Dawha"),
    alias("person:mbz", "Sheikh Mohammed", move=True),
    RemoveAlias(actor="state:qat", text="Katar"),
    Merge(actor="organisation:hms", into="group:hamas"),
    Split(actor="state:qat", aliases=("Katar",), name="Katar Island", source="U1"),
    new("Hamad Rashid"),
    TakeIn(actors=(seed("person:x", "X", "Ex"),), hidden=(("state:irn", "Persia"),)),
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: type(edit).__name__)
def test_every_change_is_logged_and_can_be_undone_and_done_again(store: Store, edit: Edit) -> None:
    before = store.actors(W)
    done = do(store, edit)
    after = store.actors(W)
    assert done.change is not None
    assert after != before
    (line,) = store.curation.log(W)
    assert line == done.change
    assert (line.seq, line.person, line.at, line.said) == (1, "U1", NOW, done.said)
    undone = undo(store, 1)
    assert undone.said == f"Undid #1: {done.said}"
    assert store.actors(W) == before
    assert store.curation.own(W) == {}
    undo(store, 2)
    assert store.actors(W) == after
    assert [(one.seq, one.op == "undo", one.undone) for one in store.curation.log(W)] == [
        (3, True, False),
        (2, True, True),
        (1, False, True),
    ]
    assert [one.person for one in store.curation.log(W)] == ["U2", "U2", "U1"]


def test_undo_takes_the_newest_that_stands(store: Store) -> None:
    do(store, alias("state:qat", "One"))
    do(store, alias("state:irn", "Two"))
    undo(store)
    assert (names(store, "state:qat") >= {"One"}, "Two" in names(store, "state:irn")) == (
        True,
        False,
    )
    undo(store)
    assert "One" not in names(store, "state:qat")
    with pytest.raises(BadEdit, match="no change to undo"):
        undo(store)


def test_what_was_built_on_is_not_undone(store: Store) -> None:
    do(store, new("Hamad Rashid"))
    do(store, new("Chief of Staff", ActorType.OFFICE, acts_for="person:hamad-rashid"))
    with pytest.raises(BadEdit, match=r"office:chief-of-staff rests on person:hamad-rashid"):
        undo(store, 1)
    do(store, alias("state:qat", "One"))
    do(store, alias("state:qat", "Two"))
    with pytest.raises(BadEdit, match=r"#3 cannot be undone: state:qat was changed again"):
        undo(store, 3)
    undo(store, 4)
    undo(store, 3)
    with pytest.raises(BadEdit, match="undone already"):
        undo(store, 3)
    with pytest.raises(BadEdit, match="no change #99"):
        undo(store, 99)


def test_the_log_of_one_actor_and_of_one_workspace(store: Store) -> None:
    do(store, alias("state:qat", "One"))
    do(store, alias("state:irn", "Two"))
    do(store, alias("state:irn", "Three"), "T2")
    assert [one.said for one in store.curation.log(W, "state:irn")] == [
        "“Two” is now a name of Iran."
    ]
    assert [one.seq for one in store.curation.log("T2")] == [1]
    assert [one.seq for one in store.curation.log(W, limit=1)] == [2]


def test_others_are_told_whose_actors_changed(store: Store) -> None:
    seq, whose = store.curation.changed_since(0)
    assert whose == {"*"}
    do(store, alias("state:qat", "One"))
    assert store.curation.changed_since(seq) == (seq + 1, {W})
    assert store.curation.changed_since(seq + 1) == (seq + 1, set())


def test_changes_of_articles_are_passed_over_once(store: Store) -> None:
    seq, _ = store.curation.changed_since(0)
    store.commit([arrival("one", "Nobody acted.")], now=NOW)
    last = store.last_seq()
    assert last > seq
    assert store.curation.changed_since(seq) == (last, set())


# --- from elsewhere -----------------------------------------------------------------


def test_taking_in_twice_changes_nothing(store: Store) -> None:
    batch = TakeIn(
        actors=(seed("person:x", "X", "Ex", "X"), seed("state:qat", "Qatar", "Katar", "Qatr")),
        tenures=(Tenure(office=EMIR, person="person:x", since=date(2030, 1, 1), source="s"),),
        merged=(("person:mbs", "person:x"),),
    )
    assert do(store, batch).said == "Took in 4 actors."
    assert names(store, "person:x") == {"Ex"}
    assert names(store, "state:qat") == {"State of Qatar", "Katar", "Qatr"}
    assert store.tenures(W)[-1].person == "person:x"
    assert store.tenures("T2")[-1].person == TAMIM
    assert do(store, batch).change is None


def test_a_tenure_takes_the_place_of_the_seeds(store: Store) -> None:
    ends = TENURES[1].model_copy(update={"until": date(2026, 1, 1)})
    do(store, TakeIn(tenures=(ends,)))
    assert store.tenures(W) == [TENURES[0], ends]
    assert store.tenures("T2") == list(TENURES)


BATCHES: list[tuple[TakeIn, str]] = [
    (
        TakeIn(actors=(seed("state:qat", "Q").model_copy(update={"type": ActorType.PERSON}),)),
        "type",
    ),
    (TakeIn(tenures=(Tenure(office="state:qat", person=TAMIM, source="s"),)), "is no office"),
    (TakeIn(tenures=(Tenure(office=EMIR, person="state:qat", source="s"),)), "is no person"),
    (TakeIn(tenures=(Tenure(office=EMIR, person="person:no", source="s"),)), "no actor person:no"),
]


@pytest.mark.parametrize(("batch", "words"), BATCHES, ids=[words for _, words in BATCHES])
def test_rows_that_cannot_be_are_left_out_and_told(store: Store, batch: TakeIn, words: str) -> None:
    good = seed("person:x", "X")
    done = do(store, batch.model_copy(update={"actors": (good, *batch.actors)}))
    (refusal,) = done.refused
    assert re.search(words, refusal.why)
    assert (refusal.field, refusal.number) in {("actors", 1), ("tenures", 0)}
    assert store.curation.own(W).keys() == {"person:x"}


# --- new seeds ----------------------------------------------------------------------


def test_own_rows_follow_the_seeds(store: Store) -> None:
    do(store, alias("state:qat", "One"))
    do(store, TakeIn(actors=(seed("state:irn", "Islamic Iran"),)))
    later = [one.model_copy(update={"description": "new"}) for one in SEEDS]
    store.seed_actors(later, TENURES, "v2")
    assert actor(store, "state:qat").description == "new"
    assert "One" in names(store, "state:qat")
    assert (actor(store, "state:irn").name, actor(store, "state:irn").description) == (
        "Islamic Iran",
        None,
    )
    undo(store, 1)
    assert store.curation.own(W).get("state:qat", NOTHING) == Own()


def test_own_words_outlive_their_seed(store: Store) -> None:
    do(store, alias("state:qat", "One"))
    store.seed_actors(SEEDS[1:2], (), "v2")
    assert names(store, "state:qat") == {"One"}
