"""The intake decides: new, unchanged, revised, or removed for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.intake import (
    Decision,
    New,
    Revised,
    Tombstoned,
    Unchanged,
    article_id,
    article_of,
    canonical_url,
    content_hash,
    decide,
    identity,
)
from bot.models import Draft, Precision

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)


class Stored(NamedTuple):
    """What a store says of an article, as far as the intake asks."""

    article: str
    n: int
    sha256: str
    tombstoned: bool = False
    url: str | None = None
    publisher: str | None = None
    published: datetime | None = None
    published_precision: Precision | None = None


def draft(text: str = "Envoys met.", **more: object) -> Draft:
    return Draft.model_validate({"text": text, **more})


def ruled(*drafts: Draft, known: dict[str, Stored] | None = None) -> list[Decision]:
    return decide(drafts, known or {}, workspace="T1", audience="*")


def remember(decisions: list[Decision], known: dict[str, Stored]) -> dict[str, Stored]:
    """What a store would know after these decisions."""
    known = dict(known)
    for item in decisions:
        if isinstance(item, New | Revised):
            n = item.n if isinstance(item, Revised) else 1
            known[item.identity] = Stored(
                item.article,
                n,
                item.sha256,
                url=item.draft.url,
                publisher=item.draft.publisher,
                published=item.draft.published,
                published_precision=item.draft.published_precision,
            )
    return known


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://jpost.com/a", "http://jpost.com/a", True),
        ("https://jpost.com/a", "HTTPS://JPost.com/a", True),
        ("https://jpost.com/a", "https://jpost.com:443/a", True),
        ("http://jpost.com:80/a", "https://jpost.com/a", True),
        ("https://jpost.com./a", "https://jpost.com/a", True),
        ("https://jpost.com/a/", "https://jpost.com/a", True),
        ("https://jpost.com", "https://jpost.com/", True),
        ("https://jpost.com/a#top", "https://jpost.com/a", True),
        ("https://jpost.com/a?utm_source=x&utm_medium=y", "https://jpost.com/a", True),
        ("https://jpost.com/a?id=1&fbclid=zz", "https://jpost.com/a?id=1", True),
        ("https://jpost.com/a?gclid=1&id=1&UTM_Term=q", "https://jpost.com/a?id=1", True),
        ("https://jpost.com/a?", "https://jpost.com/a", True),
        (" https://jpost.com/a ", "https://jpost.com/a", True),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a", True),
        ("https://jpost.com/a", "https://jpost.com/A", False),
        ("https://jpost.com/a", "https://www.jpost.com/a", False),
        ("https://jpost.com:8080/a", "https://jpost.com/a", False),
        ("https://jpost.com/a?id=1", "https://jpost.com/a?id=2", False),
        ("https://jpost.com/a?id=1", "https://jpost.com/a", False),
        ("https://jpost.com/a?utm=1", "https://jpost.com/a", False),
        ("https://jpost.com/a?ref=fbclid", "https://jpost.com/a", False),
        ("https://jpost.com/#!/story/1", "https://jpost.com/#!/story/2", False),
        ("https://jpost.com/a/b", "https://jpost.com/ab", False),
    ],
)
def test_spellings_of_one_address(one: str, other: str, same: bool) -> None:
    assert (canonical_url(one) == canonical_url(other)) is same


@given(
    st.builds(
        lambda host, path, query: f"https://{host}.example/{path}?{query}",
        st.text("abC-", min_size=1, max_size=5).filter(lambda h: h.strip("-") == h),
        st.text("ab/%2", max_size=8),
        st.text("ab=&1_utm", max_size=12),
    )
)
def test_a_canonical_address_stays(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_identity_goes_from_link_to_id_to_content() -> None:
    full = draft(url="https://JPost.com/a/?utm_id=1", external_id="7", title="T")
    assert identity(full) == "https://jpost.com/a"
    assert identity(draft(external_id="7")) == "id:7"
    assert identity(draft("a")) == f"sha:{content_hash('', 'a')}"
    assert identity(draft("a")) != identity(draft("a", title="a"))
    assert identity(draft(external_id="x" * 999)).startswith("long:")
    assert identity(draft(external_id="ü" * 999)) != identity(draft(external_id="ü" * 998))


def test_ids_belong_to_their_workspace_and_audience() -> None:
    ids = {article_id(w, a, "id:7") for w in ("T1", "T2") for a in ("*", "C1")}
    assert len(ids) == 4
    assert article_id("T", "1*", "x") != article_id("T1", "*", "x")
    assert all(len(id_) == 24 for id_ in ids)


def test_words_that_differ_hash_differently() -> None:
    assert content_hash("ab", "c") != content_hash("a", "bc")
    assert len(content_hash("", "x")) == 64


A, B, OTHER = draft("a", external_id="7"), draft("b", external_id="7"), draft("a", external_id="8")


def stored(words: str, n: int = 1, tombstoned: bool = False) -> dict[str, Stored]:
    return {"id:7": Stored("kept", n, content_hash("", words), tombstoned)}


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
        (stored("b", 2), [A, B], [(Unchanged, None), (Unchanged, None)]),
        (stored("a", 3), [B, A], [(Unchanged, None), (Unchanged, None)]),
        (stored("z", 3), [A, B], [(Revised, 4), (Revised, 5)]),
        (stored("a", 1, tombstoned=True), [A, B], [(Tombstoned, None), (Tombstoned, None)]),
        (stored("a", 1, tombstoned=True), [OTHER], [(New, None)]),
        ({}, [], []),
    ],
)
def test_decisions(
    known: dict[str, Stored], batch: list[Draft], expected: list[tuple[type[Decision], int | None]]
) -> None:
    decisions = ruled(*batch, known=known)
    assert [(type(d), getattr(d, "n", None)) for d in decisions] == expected
    assert [d.draft for d in decisions] == batch
    if known and batch[0] is not OTHER:
        assert {d.article for d in decisions} == {"kept"}


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
        ),
        max_size=8,
    )
)
def test_the_same_batch_twice_adds_nothing(drafts: list[Draft]) -> None:
    known = remember(ruled(*drafts), {})
    assert all(isinstance(d, Unchanged) for d in ruled(*drafts, known=known))


BARE = Stored("kept", 2, content_hash("", "a"))
FULL = BARE._replace(url=URL, publisher="AFP", published=NOW, published_precision="day")


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
        (FULL, {"url": OTHER_URL}, New, None, {"publisher": None}),
        (FULL, {"publisher": "dpa"}, Unchanged, None, {"publisher": "dpa"}),
        (FULL, {}, Unchanged, None, {"url": URL, "publisher": "AFP", "published": NOW}),
        # An edited file given without what was said of it before is still of that day.
        (FULL, {"text": "b"}, Revised, 3, {"publisher": "AFP", "published": NOW}),
        (BARE, {}, Unchanged, None, {"publisher": None}),
    ],
)
def test_what_is_missing_is_filled_in(
    known: Stored,
    come: dict[str, Any],
    kind: type[Decision],
    n: int | None,
    kept: dict[str, object],
) -> None:
    (decision,) = ruled(draft(**({"text": "a", "external_id": "7"} | come)), known={"id:7": known})
    assert (type(decision), getattr(decision, "n", None)) == (kind, n)
    assert decision.draft.model_dump(include=set(kept)) == kept
    assert (decision.identity == "id:7") is (kind is not New)


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

    known = {new.identity: Stored(new.article, 1, new.sha256)}
    (again,) = ruled(made.model_copy(update={"text": "They met."}), known=known)
    assert isinstance(again, Revised)
    assert article_of(again, now=NOW, workspace="T1", audience="*")[1].n == 2
