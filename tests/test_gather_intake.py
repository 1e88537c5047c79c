"""The intake decides: new, unchanged, revised, or removed for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

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
from bot.models import Draft

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)


class Stored(NamedTuple):
    """What a store says of an article, as far as the intake asks."""

    article: str
    n: int
    sha256: str
    tombstoned: bool = False


def draft(text: str = "Envoys met.", **more: str) -> Draft:
    return Draft.model_validate({"text": text, **more})


def ruled(*drafts: Draft, known: dict[str, Stored] | None = None) -> list[Decision]:
    return decide(drafts, known or {}, workspace="T1", audience="*")


def remember(decisions: list[Decision], known: dict[str, Stored]) -> dict[str, Stored]:
    """What a store would know after these decisions."""
    known = dict(known)
    for item in decisions:
        if isinstance(item, New | Revised):
            n = item.n if isinstance(item, Revised) else 1
            known[item.identity] = Stored(item.article, n, item.sha256)
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


@given(st.lists(st.tuples(st.sampled_from("78"), st.sampled_from("abc")), max_size=8))
def test_the_same_batch_twice_adds_nothing(batch: list[tuple[str, str]]) -> None:
    drafts = [draft(words, external_id=id_) for id_, words in batch]
    known = remember(ruled(*drafts), {})
    assert all(isinstance(d, Unchanged) for d in ruled(*drafts, known=known))


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
    article, revision = article_of(new, now=NOW, workspace="T1", audience="*")
    assert article.id == revision.article == article_id("T1", "*", "https://jpost.com/a")
    assert article.url == "https://jpost.com/a?utm_id=1"
    assert (article.publisher, article.original_source) == ("jpost.com", "AFP")
    assert (article.published, article.first_seen, revision.seen_at) == (NOW, NOW, NOW)
    assert (revision.n, revision.title, revision.text) == (1, "Talks", "Envoys met.")
    assert revision.sha256 == content_hash("Talks", "Envoys met.")

    known = {new.identity: Stored(new.article, 1, new.sha256)}
    (again,) = ruled(made.model_copy(update={"text": "They met."}), known=known)
    assert isinstance(again, Revised)
    assert article_of(again, now=NOW, workspace="T1", audience="*")[1].n == 2
