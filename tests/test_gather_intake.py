"""The intake decides: new, unchanged, revised, or removed for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gather.intake import (
    Decision,
    Known,
    New,
    Revised,
    Tombstoned,
    Unchanged,
    article_of,
    decide,
)
from bot.gather.links import article_id, content_hash, guid_name, names
from bot.models import Draft

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)


def draft(text: str = "Envoys met.", **more: object) -> Draft:
    return Draft.model_validate({"text": text, **more})


def ruled(*drafts: Draft, known: dict[str, Known] | None = None) -> list[Decision]:
    return decide(drafts, known or {}, workspace="T1", audience="*")


def remember(decisions: list[Decision], known: dict[str, Known]) -> dict[str, Known]:
    """What a store would know after these decisions."""
    known = dict(known)
    for item in decisions:
        if isinstance(item, New | Revised):
            n = item.n if isinstance(item, Revised) else 1
            there = Known(
                item.article,
                n,
                item.sha256,
                url=item.draft.url,
                publisher=item.draft.publisher,
                published=item.draft.published,
                published_precision=item.draft.published_precision,
                earlier=item.earlier,
            )
            for name in (item.identity, *item.names):
                if name not in known or known[name].article == item.article:
                    known[name] = there
    return known


def test_identity_goes_from_link_to_id_to_content() -> None:
    full = draft(url="https://JPost.com/a/?utm_id=1", external_id="7", title="T")
    assert names(full)[0] == "https://jpost.com/a"
    assert names(draft(external_id="7"))[0] == "id:7"
    assert names(draft("a"))[0] == f"sha:{content_hash('', 'a')}"
    assert names(draft("a"))[0] != names(draft("a", title="a"))[0]
    assert names(draft(external_id="x" * 999))[0].startswith("long:")
    assert names(draft(external_id="ü" * 999))[0] != names(draft(external_id="ü" * 998))[0]


def test_ids_belong_to_their_workspace_and_audience() -> None:
    ids = {article_id(w, a, "id:7") for w in ("T1", "T2") for a in ("*", "C1")}
    assert len(ids) == 4
    assert article_id("T", "1*", "x") != article_id("T1", "*", "x")
    assert all(len(id_) == 24 for id_ in ids)


def test_words_that_differ_hash_differently() -> None:
    assert content_hash("ab", "c") != content_hash("a", "bc")
    assert len(content_hash("", "x")) == 64


A, B, OTHER = draft("a", external_id="7"), draft("b", external_id="7"), draft("a", external_id="8")
OLD_A, OLD_C = (draft(words, external_id="7", archived=True) for words in "ac")


def stored(words: str, n: int = 1, tombstoned: bool = False, earlier: str = "") -> dict[str, Known]:
    before = frozenset(content_hash("", one) for one in earlier)
    return {
        "id:7": Known("kept", n, content_hash("", words), tombstoned=tombstoned, earlier=before)
    }


@pytest.mark.parametrize(
    ("known", "batch", "expected"),
    [
        ({}, [A], [(New, None)]),
        ({}, [A, OTHER], [(New, None), (New, None)]),
        ({}, [A, A], [(New, None), (Unchanged, None)]),
        ({}, [A, B], [(New, None), (Revised, 2)]),
        ({}, [A, B, A], [(New, None), (Revised, 2), (Revised, 3)]),
        (stored("a"), [A], [(Unchanged, None)]),
        (stored("a"), [B], [(Revised, 2)]),
        (stored("b", 4), [A], [(Revised, 5)]),
        # What was taken back on the page may be said again; an archive only repeats itself.
        (stored("b", 2, earlier="a"), [A], [(Revised, 3)]),
        (stored("b", 2, earlier="a"), [OLD_A], [(Unchanged, None)]),
        (stored("b", 2, earlier="a"), [OLD_C], [(Revised, 3)]),
        (stored("b", 2, earlier="a"), [OLD_C, OLD_A], [(Revised, 3), (Unchanged, None)]),
        ({}, [OLD_A, OLD_C, OLD_A], [(New, None), (Revised, 2), (Unchanged, None)]),
        (stored("b", 2), [A, B], [(Unchanged, None), (Unchanged, None)]),
        (stored("a", 3), [B, A], [(Unchanged, None), (Unchanged, None)]),
        (stored("z", 3), [A, B], [(Revised, 4), (Revised, 5)]),
        (stored("a", 1, tombstoned=True), [A, B], [(Tombstoned, None), (Tombstoned, None)]),
        (stored("a", 1, tombstoned=True), [OTHER], [(New, None)]),
        ({}, [], []),
    ],
)
def test_decisions(
    known: dict[str, Known], batch: list[Draft], expected: list[tuple[type[Decision], int | None]]
) -> None:
    decisions = ruled(*batch, known=known)
    assert [(type(d), getattr(d, "n", None)) for d in decisions] == expected
    assert [d.draft for d in decisions] == batch
    if known and batch[0] is not OTHER:
        assert {d.article for d in decisions} == {"kept"}


FEED = "https://jpost.com/feed"
ONE, TWO = guid_name(FEED, "1"), guid_name(FEED, "2")
AWAY = "https://short.example/x"
URL, OTHER_URL = "https://jpost.com/a", "https://jpost.com/b"


@given(
    st.lists(
        st.builds(
            lambda id_, words, **more: draft(words, external_id=id_, **more),
            st.sampled_from("78"),
            st.sampled_from("abc"),
            publisher=st.sampled_from([None, "AFP", "dpa"]),
            published=st.sampled_from([None, NOW]),
            url=st.sampled_from([None, URL, OTHER_URL]),
            also=st.sampled_from([(), (ONE,), (ONE, URL), (TWO,)]),
        ),
        max_size=8,
    )
)
@settings(deadline=None)
def test_the_same_batch_twice_adds_nothing(drafts: list[Draft]) -> None:
    known = remember(ruled(*drafts), {})
    assert all(isinstance(d, Unchanged) for d in ruled(*drafts, known=known))


@given(
    st.lists(st.tuples(st.sampled_from("78"), st.sampled_from("abcd")), max_size=10),
    st.lists(st.integers(1, 4), min_size=1),
    st.lists(st.integers(1, 4), min_size=1),
)
def test_an_archive_read_again_adds_nothing_wherever_it_is_cut(
    told: list[tuple[str, str]], once: list[int], twice: list[int]
) -> None:
    archive = [draft(words, external_id=id_, archived=True) for id_, words in told]
    known: dict[str, Known] = {}
    for batch in cut(archive, once):
        known = remember(ruled(*batch, known=known), known)
    for batch in cut(archive, twice):
        assert all(isinstance(d, Unchanged) for d in ruled(*batch, known=known))


def cut(drafts: list[Draft], sizes: list[int]) -> Iterator[list[Draft]]:
    for size in cycle(sizes):
        if not drafts:
            return
        yield drafts[:size]
        drafts = drafts[size:]


BARE = Known("kept", 2, content_hash("", "a"))
FULL = BARE._replace(url=URL, publisher="AFP", published=NOW, published_precision="day")
GUESSED = FULL._replace(publisher="jpost.com")


@pytest.mark.parametrize(
    ("known", "come", "kind", "n", "kept"),
    [
        (BARE, {"publisher": "AFP"}, Revised, 2, {"publisher": "AFP"}),
        (
            BARE,
            {"published": NOW, "published_precision": "day"},
            Revised,
            2,
            {"published": NOW, "published_precision": "day"},
        ),
        (BARE, {"url": URL}, Revised, 2, {"url": URL}),
        (BARE, {"url": URL, "text": "b"}, Revised, 3, {"url": URL}),
        (FULL, {"url": f"{URL}?utm_id=1"}, Unchanged, None, {"publisher": "AFP"}),
        (FULL, {"url": OTHER_URL}, New, None, {"publisher": "The Jerusalem Post"}),
        # What a link tells gives way to a name, and does not take the place of one.
        (GUESSED, {"publisher": "The Post"}, Revised, 2, {"url": URL, "publisher": "The Post"}),
        (GUESSED, {}, Unchanged, None, {"publisher": "The Jerusalem Post"}),
        (FULL, {"publisher": "jpost.com", "url": URL}, Unchanged, None, {"publisher": "AFP"}),
        (FULL, {"publisher": "dpa"}, Unchanged, None, {"publisher": "dpa"}),
        (FULL, {}, Unchanged, None, {"url": URL, "publisher": "AFP", "published": NOW}),
        # An edited file given without what was said of it before is still of that day.
        (FULL, {"text": "b"}, Revised, 3, {"publisher": "AFP", "published": NOW}),
        (BARE, {}, Unchanged, None, {"publisher": None}),
    ],
)
def test_what_is_missing_is_filled_in(
    known: Known,
    come: dict[str, Any],
    kind: type[Decision],
    n: int | None,
    kept: dict[str, object],
) -> None:
    by_name = {"id:7": known} | ({known.url: known} if known.url else {})
    (decision,) = ruled(draft(**({"text": "a", "external_id": "7"} | come)), known=by_name)
    assert (type(decision), getattr(decision, "n", None)) == (kind, n)
    assert decision.draft.model_dump(include=set(kept)) == kept
    assert (decision.article == "kept") is (kind is not New)


def test_a_text_of_no_name_is_known_by_its_words_when_its_link_comes() -> None:
    known = remember(ruled(draft("a")), {})
    (linked,) = ruled(draft("a", url=URL), known=known)
    assert isinstance(linked, Revised)
    known = remember([linked], known)
    (again,) = ruled(draft("a", url=URL), known=known)
    assert (type(again), again.article) == (Unchanged, linked.article)


def test_an_edited_file_is_a_revision_and_an_edit_undone_is_another() -> None:
    known = remember(ruled(A), {})
    known = remember(ruled(B, known=known), known)
    (back,) = ruled(A, known=known)
    assert isinstance(back, Revised)
    assert back.n == 3


def test_models_of_a_decision() -> None:
    made = Draft(
        title="Talks",
        text="Envoys met.",
        url="https://jpost.com/a?utm_id=1",
        cited=("AFP", "Reuters"),
        publisher="jpost.com",
        published=NOW,
        published_precision="minute",
    )
    (new,) = ruled(made)
    assert isinstance(new, New)
    article, revision = article_of(new, now=NOW, workspace="T1", audience="*", originals=made.cited)
    assert article.id == revision.article == article_id("T1", "*", "https://jpost.com/a")
    assert article.url == "https://jpost.com/a?utm_id=1"
    assert (article.publisher, article.original_source) == ("jpost.com", "AFP, Reuters")
    assert (article.published, article.first_seen, revision.seen_at) == (NOW, NOW, NOW)
    assert (revision.n, revision.title, revision.text) == (1, "Talks", "Envoys met.")
    assert revision.sha256 == content_hash("Talks", "Envoys met.")

    known = {new.identity: Known(new.article, 1, new.sha256)}
    (again,) = ruled(made.model_copy(update={"text": "They met."}), known=known)
    assert isinstance(again, Revised)
    assert article_of(again, now=NOW, workspace="T1", audience="*")[1].n == 2


@pytest.mark.parametrize(
    ("first", "then", "same"),
    [
        ({"url": URL, "also": (ONE,)}, {"url": OTHER_URL, "also": (ONE,)}, True),
        ({"url": URL, "also": (ONE,)}, {"url": URL}, True),
        ({"url": URL, "also": (ONE,)}, {"also": (ONE,)}, True),
        ({"also": (ONE,)}, {"url": URL, "also": (ONE,)}, True),
        ({"url": URL, "also": (OTHER_URL,)}, {"url": OTHER_URL}, True),
        ({"url": OTHER_URL}, {"url": URL, "also": (OTHER_URL,)}, True),
        ({"url": f"{URL}/amp"}, {"url": URL}, True),
        ({"url": URL, "also": (ONE,)}, {"url": OTHER_URL, "also": (TWO,)}, False),
        # What leads to an article from elsewhere may lead elsewhere tomorrow.
        ({"url": URL, "also": (AWAY,)}, {"url": AWAY}, False),
        ({"url": URL, "also": (ONE,)}, {"url": AWAY, "also": (ONE,)}, False),
        ({"url": URL, "also": (ONE,)}, {"also": (guid_name("https://jpost.com/b", "1"),)}, False),
        ({"url": URL, "external_id": "1"}, {"url": OTHER_URL, "external_id": "1"}, False),
        ({"url": URL, "also": ("http://[bad",)}, {"url": OTHER_URL, "also": ("http://[bad",)}, False),
    ],
)  # fmt: skip
def test_an_article_is_one_under_all_its_names(
    first: dict[str, Any], then: dict[str, Any], same: bool
) -> None:
    known = remember(ruled(draft("a", **first)), {})
    (later,) = ruled(draft("b", **then), known=known)
    assert isinstance(later, Revised if same else New)


def test_an_article_is_one_under_all_its_names_in_one_batch() -> None:
    batch = [
        draft("a", url=URL, also=(ONE,)),
        draft("b", also=(ONE,)),
        draft("c", url=OTHER_URL, also=(f"{URL}/amp",)),
        draft("d", url=OTHER_URL),
        draft("e", url=OTHER_URL, also=(TWO,)),
        draft("f", also=(TWO,)),
    ]
    decisions = ruled(*batch)
    assert [getattr(one, "n", 1) for one in decisions] == [1, 2, 3, 4, 5, 6]
    assert len({one.article for one in decisions}) == 1


def test_a_new_name_of_known_words_is_kept() -> None:
    known = remember(ruled(draft("a", url=URL, also=(ONE,))), {})
    (named,) = ruled(draft("a", url=OTHER_URL, also=(ONE,)), known=known)
    assert (type(named), getattr(named, "n", None)) == (Revised, 1)
    known = remember([named], known)
    (again,) = ruled(draft("a", url=OTHER_URL), known=known)
    assert (type(again), again.article) == (Unchanged, named.article)


def test_a_removed_article_is_removed_under_all_its_names() -> None:
    known = remember(ruled(draft("a", url=URL, also=(ONE,))), {})
    known = {name: there._replace(tombstoned=True) for name, there in known.items()}
    for come in (
        {"url": f"{URL}/amp"},
        {"also": (ONE,)},
        {"url": OTHER_URL, "also": (ONE,)},
        {"url": AWAY, "also": (ONE,)},
    ):
        (gone,) = ruled(draft("b", **come), known=known)
        assert isinstance(gone, Tombstoned)


def test_a_guid_that_a_feed_gives_to_all_names_none() -> None:
    entries = [draft(words, url=f"{URL}/{words}", also=(ONE,)) for words in "abc"]
    assert [type(one) for one in ruled(*entries)] == [New] * 3


@pytest.mark.parametrize(
    ("come", "longer", "kind"),
    [
        ({"partial": True}, {"kept"}, Unchanged),
        ({"partial": True}, set(), Revised),
        ({}, {"kept"}, Revised),
        ({"partial": True, "url": OTHER_URL}, {"kept"}, New),
    ],
)
def test_a_summary_takes_not_the_place_of_more(
    come: dict[str, Any], longer: set[str], kind: type[Decision]
) -> None:
    known = {URL: Known("kept", 1, content_hash("", "a"), url=URL)}
    made = draft("b", **({"url": URL} | come))
    (decision,) = decide([made], known, workspace="T1", audience="*", longer=longer)
    assert isinstance(decision, kind)


@pytest.mark.parametrize(
    ("come", "kept"),
    [
        (f"{URL}?utm_source=x", URL),
        (f"{URL}/amp", URL),
        (f"https://www.google.com/url?url={URL}", URL),
        ("http://jpost.com/a", "http://jpost.com/a"),
        (OTHER_URL, OTHER_URL),
    ],
)
def test_a_link_stays_plain(come: str, kept: str) -> None:
    known = {name: Known("kept", 1, content_hash("", "a"), url=URL) for name in (URL, ONE)}
    (revised,) = ruled(draft("b", url=come, also=(ONE,)), known=known)
    assert (type(revised), revised.draft.url) == (Revised, kept)
