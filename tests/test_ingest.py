"""Ingesting the same article again: what changed, and what a reader then sees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.gather.files import Defaults, drafts
from bot.ingest import Report
from bot.models import EVERYWHERE, LOCAL, Asker, Brief, Draft, Fact, Nothing, Reply

pytestmark = pytest.mark.usefixtures("each_store")

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
MET = "Qatar met Iran on Wednesday. Israel attacked Iran on Thursday."
EDITED = "Qatar met Iran on Wednesday. Oman accused Iran of piracy."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk.open(tmp_path / "data")
    yield desk
    desk.close()


def take(desk: Desk, path: Path, **defaults: str) -> tuple[int, int, int]:
    """Ingest a path; returns how many were new, unchanged and revised."""
    found = drafts([str(path)], defaults=Defaults(**defaults), now=NOW)
    report: Report = desk.ingest(found, now=NOW)
    assert report.rejections == []
    return report.new, report.unchanged, report.revised


def told(desk: Desk, query: str) -> Reply:
    return desk.brief(Asker(now=NOW), query)


def live(desk: Desk) -> list[Fact]:
    return desk.store.facts(LOCAL, [EVERYWHERE])


def quotes(reply: Reply) -> set[str]:
    assert isinstance(reply, Brief)
    lines = [*reply.happened, *reply.undated, *reply.more, *reply.disputed, *reply.planned]
    return {line.snippet.quote for line in [*lines, *reply.in_short]}


def test_an_edited_file_tells_its_new_sentences_only(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(MET)
    assert take(desk, path) == (1, 0, 0)
    assert take(desk, path) == (0, 1, 0)
    before = {fact.event_class: fact.id for fact in live(desk)}
    assert set(before) == {"CONSULT", "ASSAULT"}

    path.write_text(EDITED)
    assert take(desk, path) == (0, 0, 1)
    after = {fact.event_class: fact.id for fact in live(desk)}
    assert set(after) == {"CONSULT", "ACCUSE"}
    assert quotes(told(desk, "Iran")) == set(EDITED.replace(". ", ".\n").splitlines())
    assert isinstance(told(desk, "Israel"), Nothing)
    assert desk.store.articles_total(LOCAL) == 1

    path.write_text(MET)
    assert take(desk, path) == (0, 0, 1)
    assert {fact.event_class: fact.id for fact in live(desk)} == before
    assert isinstance(told(desk, "Israel"), Brief)


def test_a_record_edited_is_a_revision_of_that_record(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "Qatar met Iran."}\n{"id": 2, "text": "Oman met Iran."}\n')
    assert take(desk, path) == (2, 0, 0)
    path.write_text('{"id": 1, "text": "Qatar met Iran."}\n{"id": 2, "text": "Oman met Iraq."}\n')
    assert take(desk, path) == (0, 1, 1)
    assert quotes(told(desk, "Oman")) == {"Oman met Iraq."}


def test_what_was_not_known_of_an_article_is_filled_in_later(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(MET)
    take(desk, path)
    assert {fact.event_date for fact in live(desk)} == {None}

    full = {"date": "2026-03-20", "publisher": "gulf.example", "url": "https://gulf.example/1"}
    assert take(desk, path, date=full["date"]) == (0, 0, 1)
    # A Friday: Wednesday and Thursday have their days now.
    assert {str(fact.event_date) for fact in live(desk)} == {"2026-03-18", "2026-03-19"}
    assert take(desk, path, **full) == (0, 0, 1)
    assert take(desk, path, **full) == (0, 1, 0)
    assert take(desk, path) == (0, 1, 0)

    path.write_text(EDITED)
    assert take(desk, path) == (0, 0, 1)
    assert "2026-03-18" in {str(fact.event_date) for fact in live(desk)}
    (stored,) = desk.store.articles(
        LOCAL, {fact.evidence[0].article for fact in live(desk)}
    ).values()
    assert (stored.revision.n, stored.article.publisher, stored.article.url) == (
        2,
        full["publisher"],
        full["url"],
    )
    assert stored.sources == ("gulf.example",)


def test_a_summary_takes_not_the_place_of_the_article(desk: Desk) -> None:
    link = "https://gulf.example/1"

    def came(text: str, *, partial: bool = False) -> tuple[int, int, int]:
        report = desk.ingest([Draft(text=text, url=link, partial=partial)], now=NOW)
        return report.new, report.unchanged, report.revised

    assert came("Qatar met Iran.", partial=True) == (1, 0, 0)
    assert came("Qatar met Iran today.", partial=True) == (0, 0, 1)
    assert came(MET) == (0, 0, 1)
    assert came("Qatar met Iran.", partial=True) == (0, 1, 0)
    assert {fact.event_class for fact in live(desk)} == {"CONSULT", "ASSAULT"}
    assert came("Qatar met Iran.") == (0, 0, 1)  # its publisher took the rest back
    assert {fact.event_class for fact in live(desk)} == {"CONSULT"}


def test_a_language_that_is_not_read_is_stored_found_and_counted(
    desk: Desk, tmp_path: Path
) -> None:
    arabic = "قال وزير الخارجية القطري يوم الاثنين إن الدوحة هاجمت إيران."
    (tmp_path / "a.txt").write_text(arabic, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Qatar met Iran.")
    report = desk.ingest(drafts([str(tmp_path)], defaults=Defaults(), now=NOW), now=NOW)
    assert (report.new, report.facts, report.languages) == (2, 1, {"ar": 1})
    assert [fact.evidence[0].quote for fact in live(desk)] == ["Qatar met Iran."]
    (found,) = desk.passages.search("الخارجية", workspace=LOCAL, audiences=(EVERYWHERE,))
    (stored,) = desk.store.articles(LOCAL, {found.article}).values()
    assert stored.article.language == "ar"


@pytest.mark.parametrize(
    ("publisher", "line", "sources"),
    [
        ("Courier", "Original Source: www.harbour.example", ("harbour.example",)),
        (
            "Courier",
            "This story was originally published by The Harbour Times.",
            ("The Harbour Times",),
        ),
        ("Courier", "As residents say.", ("Courier",)),
        ("Reuters", "Source: Reuters", ("Reuters",)),
    ],
)
def test_an_article_that_names_an_original_counts_as_its(
    desk: Desk, publisher: str, line: str, sources: tuple[str, ...]
) -> None:
    desk.ingest([Draft(text=f"Qatar met Iran.\n{line}", publisher=publisher)], now=NOW)
    (fact,) = live(desk)
    article = fact.evidence[0].article
    assert desk.store.articles(LOCAL, [article])[article].sources == sources


def test_of_a_removed_source_nothing_is_taken_in(desk: Desk) -> None:
    desk.store.sources.trust(LOCAL, "Gazette", "removed", "U1", NOW)
    drafts = [
        Draft(text=MET, publisher="The Gazette", external_id="a"),
        Draft(text=MET, publisher="Courier", external_id="b"),
        Draft(text=MET, publisher="Courier", cited=("Gazette via Wire",), external_id="c"),
    ]
    report = desk.ingest(drafts, now=NOW)
    assert (report.read, report.new, report.removed) == (3, 1, 2)
    assert desk.store.articles_total(LOCAL) == 1
