"""What enters the store: one batch, one transaction; revisions, retiring, quotes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadEvidence, StoreError
from bot.models import EVERYWHERE, LOCAL, Fact, Mention, Quote
from bot.store.ids import fact_id, publisher_key
from bot.store.store import Store
from tests.arrivals import IRAN, NOW, QATAR, arrival, day, met, open_store, quote

pytestmark = pytest.mark.usefixtures("each_store")

MET = "Qatar met Iran."
WHOLE = (EVERYWHERE,)


def _rows(store: Store, table: str) -> int:
    with store._read() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


def _facts(store: Store) -> list[Fact]:
    return store.facts(LOCAL, WHOLE)


def test_an_article_comes_out_as_it_went_in(tmp_path: Path) -> None:
    sent = arrival(
        "a", MET, title="Talks", published=day("2026-03-27"), facts=[met(MET)], publisher="JPost"
    )
    with open_store(tmp_path) as store:
        store.commit([sent])
        stored = store.articles(LOCAL, ["a", "unknown"])
        assert list(stored) == ["a"]
        assert stored["a"].article == sent.article
        assert stored["a"].revision == sent.revision
        assert stored["a"].sources == ("jpost.com",)
        assert store.mentions(LOCAL, ["a"]) == {"a": list(sent.reading.mentions)}
        [fact] = _facts(store)
        assert (fact.source_actor, fact.target_actor, fact.act) == (QATAR, IRAN, "met")
        [proof] = fact.evidence
        text = stored["a"].revision.text
        assert text[proof.start : proof.end] == proof.quote == MET
        assert (proof.article, proof.revision) == ("a", 1)
        assert store.articles_total(LOCAL) == 1


def test_committing_twice_changes_nothing_but_the_log(tmp_path: Path) -> None:
    sent = arrival("a", MET, facts=[met(MET)])
    with open_store(tmp_path) as store:
        store.commit([sent])
        before = (_facts(store), store.articles(LOCAL, ["a"]), store.mentions(LOCAL, ["a"]))
        store.commit([sent])
        after = (_facts(store), store.articles(LOCAL, ["a"]), store.mentions(LOCAL, ["a"]))
        assert after == before
        assert [_rows(store, name) for name in ("revision", "reading", "fact", "evidence")] == [
            1,
            1,
            1,
            1,
        ]
        assert [change.seq for change in store.changes(0, 10)] == [1, 2]


def test_known_tells_the_newest_words_and_who_read_them(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET), arrival("b", "Iran waits.")])
        store.commit([arrival("a", MET + " Twice.", n=2, title="Now", reader="2")])
        asked = [f"https://news.example/{key}" for key in "abc"]
        known = store.known(LOCAL, EVERYWHERE, asked)
        assert sorted(known) == asked[:2]
        first = known[asked[0]]
        assert (first.article, first.n, first.title, first.tombstoned) == ("a", 2, "Now", False)
        assert first.sha256 == store.articles(LOCAL, ["a"])["a"].revision.sha256
        assert (first.reader_version, first.gazetteer_version) == ("2", "g")
        assert store.known(LOCAL, "C1", asked) == {}
        assert store.known("T2", EVERYWHERE, asked) == {}


@pytest.mark.sqlite
def test_known_looks_identities_up_by_their_index(tmp_path: Path) -> None:
    # Without its statistics SQLite would read every article of the workspace instead.
    with open_store(tmp_path) as store, store._read() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT identity, id FROM article"
            " WHERE workspace = ? AND audience = ? AND identity IN (?, ?, ?, ?, ?, ?)",
            tuple("abcdefgh"),
        ).all()
        assert "identity=?" in str(plan)


def test_a_revision_retires_what_it_no_longer_says(tmp_path: Path) -> None:
    first = MET + " Iran left Doha."
    left = {"source_actor": IRAN, "target_actor": None, "act": "left"}
    with open_store(tmp_path) as store:
        store.commit(
            [arrival("a", first, facts=[met(first, MET), met(first, "Iran left Doha.", **left)])]
        )
        old = {fact.act: fact.id for fact in _facts(store)}
        second = "Corrected. " + MET
        store.commit([arrival("a", second, n=2, facts=[met(second, MET)])])

        [fact] = _facts(store)
        assert fact.id == old["met"]
        assert [(proof.revision, proof.start) for proof in fact.evidence] == [(2, 11)]
        assert [piece.start for piece in store.mentions(LOCAL, ["a"])["a"]] == [11, 21]
        assert store.articles(LOCAL, ["a"])["a"].revision.n == 2
        assert (_rows(store, "revision"), _rows(store, "fact")) == (2, 2)

        # The words come back, and so does the fact, under its id.
        store.commit(
            [
                arrival(
                    "a",
                    first,
                    n=3,
                    facts=[met(first, MET), met(first, "Iran left Doha.", **left)],
                )
            ]
        )
        assert {fact.act: fact.id for fact in _facts(store)} == old
        assert {proof.revision for fact in _facts(store) for proof in fact.evidence} == {3}


def test_a_better_reader_reads_the_same_revision_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET)])
        assert _facts(store) == []
        store.commit([arrival("a", MET, facts=[met(MET)], reader="2")])
        [fact] = _facts(store)
        assert fact.reading.startswith("a.1.")
        assert (_rows(store, "revision"), _rows(store, "reading")) == (1, 2)
        store.commit([arrival("a", MET, reader="3")])
        assert _facts(store) == []
        store.commit([arrival("a", MET, facts=[met(MET)], reader="2")])
        assert [one.id for one in _facts(store)] == [fact.id]
        assert _rows(store, "reading") == 3


def test_two_revisions_in_one_batch(tmp_path: Path) -> None:
    later = "Later. " + MET
    with open_store(tmp_path) as store:
        store.commit(
            [
                arrival("a", MET, facts=[met(MET)]),
                arrival("b", MET),
                arrival("a", later, n=2, facts=[met(later, MET)]),
            ]
        )
        assert store.articles(LOCAL, ["a"])["a"].revision.text == later
        [fact] = _facts(store)
        assert fact.evidence[0].revision == 2


def test_old_words_that_come_late_change_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET)])
        store.commit([arrival("a", "Iran left.", n=2)])
        seq = store.last_seq()
        store.commit([arrival("a", MET, facts=[met(MET)])])
        assert store.articles(LOCAL, ["a"])["a"].revision.n == 2
        assert (_facts(store), store.last_seq()) == ([], seq)


def test_other_words_under_a_stored_number_are_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET)])
        with pytest.raises(StoreError, match=r"Article a got other words .* ingest it again"):
            store.commit([arrival("b", MET), arrival("a", "Iran left.")])
        assert list(store.articles(LOCAL, ["a", "b"])) == ["a"]


def test_one_fact_told_twice_has_two_proofs(tmp_path: Path) -> None:
    text = MET + " " + MET
    again = Quote(start=16, end=31, quote=MET)
    with open_store(tmp_path) as store:
        store.commit([arrival("a", text, facts=[met(text, MET), met(text, evidence=(again,))])])
        [fact] = _facts(store)
        assert [proof.start for proof in fact.evidence] == [0, 16]


BAD: dict[str, dict[str, Any]] = {
    "other words": {"evidence": (Quote(start=0, end=15, quote="Qatar met Iraq."),)},
    "one off": {"evidence": (Quote(start=1, end=16, quote=MET),)},
    "past the end": {"evidence": (Quote(start=900, end=915, quote=MET),)},
    "the title's": {"evidence": (Quote(field="title", start=0, end=15, quote=MET),)},
    "the second of two": {"evidence": (quote(MET, MET), Quote(start=0, end=5, quote="Iran."))},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_a_quote_that_is_not_verbatim_stores_nothing(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with open_store(tmp_path) as store:
        with pytest.raises(BadEvidence, match="not verbatim in the") as caught:
            store.commit([arrival("good", MET), arrival("bad", MET, facts=[met(MET, **changes)])])
        assert caught.value.about == "bad"
        assert (store.articles_total(LOCAL), store.last_seq()) == (0, 0)


def test_a_quote_of_the_title_is_checked_there(tmp_path: Path) -> None:
    proof = Quote(field="title", start=0, end=15, quote=MET)
    with open_store(tmp_path) as store:
        store.commit([arrival("a", "It is said.", title=MET, facts=[met(MET, evidence=(proof,))])])
        [fact] = _facts(store)
        assert fact.evidence[0].field == "title"


def test_mentions_and_passages_must_lie_in_the_text(tmp_path: Path) -> None:
    good = arrival("a", MET)
    outside = Mention.model_validate(
        {**good.reading.mentions[0].model_dump(), "start": 10, "end": 16}
    )
    with open_store(tmp_path) as store:
        for changes in (
            {"mentions": (outside,)},
            {"passages": ((0, 16),)},
            {"passages": ((5, 5),)},
        ):
            reading = good.reading.model_copy(update=changes)
            with pytest.raises(BadEvidence, match="outside the text of article a"):
                store.commit([good.model_copy(update={"reading": reading})])
        assert store.articles_total(LOCAL) == 0


def test_later_arrivals_fill_in_and_never_empty(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET, publisher="JPost", sources=["jpost.com", "reuters.com"])])
        store.commit([arrival("a", MET, published=day("2026-03-27"), sources=["AP"])])
        stored = store.articles(LOCAL, ["a"])["a"]
        assert stored.article.publisher == "JPost"
        assert stored.article.published == day("2026-03-27")
        assert stored.article.first_seen == NOW
        assert stored.sources == ("AP",)


def test_spellings_of_a_source_count_once_in_the_order_named(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET, sources=["The Guardian", "www.reuters.com", "Reuters"])])
        assert store.articles(LOCAL, ["a"])["a"].sources == ("The Guardian", "www.reuters.com")
        assert store.source_counts(LOCAL, ["a", "b"]) == {"a": ("guardian", "reuters")}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Reuters", "reuters.com", True),
        ("The  Guardian", "guardian", True),
        ("www.AP.com", "ap", True),
        ("jpost.com", "The Jerusalem Post", False),
        ("Times", "The Times of Israel", False),
        ("com", ".com", False),
    ],
)
def test_publisher_key(one: str, other: str, same: bool) -> None:
    assert (publisher_key(one) == publisher_key(other)) is same
    assert publisher_key(one) != ""


def test_a_fact_keeps_its_id_when_its_sentence_moves() -> None:
    moved = "Earlier. " + MET
    assert fact_id("a", met(MET)) == fact_id("a", met(moved, MET))
    others = [
        fact_id("b", met(MET)),
        fact_id("a", met(MET, target_actor=None)),
        fact_id("a", met(MET, status="planned")),
        fact_id("a", met(MET, claimant=IRAN)),
        fact_id("a", met(MET, event_date="2026-03-27")),
        fact_id("a", met(MET, place="place:doha")),
        fact_id("a", met("Qatar met Iran!")),
    ]
    assert len({fact_id("a", met(MET)), *others}) == 8


def test_a_tombstone_hides_an_article_and_is_logged(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("a", MET, published=day("2026-03-27"), facts=[met(MET)])])
        assert store.tombstone(LOCAL, "a", NOW)
        assert not store.tombstone(LOCAL, "a", NOW + timedelta(days=1))
        assert not store.tombstone(LOCAL, "unknown", NOW)
        assert [(one.key, one.op) for one in store.changes(0, 9)] == [("a", "put"), ("a", "delete")]
        assert _facts(store) == []
        assert store.articles_total(LOCAL) == 0
        assert store.indexable(LOCAL, ["a"]) == []
        known = store.known(LOCAL, EVERYWHERE, ["https://news.example/a"])
        assert known["https://news.example/a"].tombstoned
        # What was deleted does not come back by being fed again.
        store.commit([arrival("a", MET, facts=[met(MET)])])
        assert store.articles(LOCAL, ["a"])["a"].article.tombstoned_at == NOW
        assert _facts(store) == []


def test_workspaces_keep_the_same_article_apart(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit(
            [
                arrival("a", MET, facts=[met(MET)], workspace="T1"),
                arrival("a", MET, workspace="T2"),
            ]
        )
        assert len(store.facts("T1", WHOLE)) == 1
        assert store.facts("T2", WHOLE) == []
        assert [(one.workspace, one.seq) for one in store.changes(0, 9)] == [("T1", 1), ("T2", 2)]
