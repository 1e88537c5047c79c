"""A removed article stays out, whatever brings it, and can be put back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.curation.removing import in_words, remove, restore
from bot.desk import Desk
from bot.errors import BadEdit
from bot.gather.links import guid_name
from bot.models import LOCAL, Asker, Brief, Draft, Nothing

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
FEED = "https://news.example.org/feed"
LINK = "https://news.example.org/talks"
GUID = guid_name(FEED, "7")
MET = "Qatar met Iran on Wednesday."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk.open(tmp_path / "data", workers=1)
    yield desk
    desk.close()


def entry(text: str = MET, **changes: Any) -> Draft:
    return Draft.model_validate(
        {"title": "Talks", "text": text, "url": LINK, "also": (GUID,), "publisher": "Example News"}
        | changes
    )


def deliver(desk: Desk, *entries: Draft, audience: str = "*") -> tuple[int, int, int]:
    report = desk.ingest(entries, now=NOW, audience=audience)
    return report.new, report.revised, report.removed


def told(desk: Desk) -> bool:
    reply = desk.brief(Asker(now=NOW), "Qatar")
    assert isinstance(reply, Brief | Nothing)
    return isinstance(reply, Brief)


@pytest.mark.parametrize("what", [LINK, f"{LINK}/amp?utm_source=x", GUID, "id"])
def test_what_was_removed_stays_out(desk: Desk, what: str) -> None:
    assert deliver(desk, entry()) == (1, 0, 0)
    assert told(desk)
    (known,) = desk.store.known(LOCAL, "*", [LINK]).values()
    (gone,) = remove(desk.store, LOCAL, known.article if what == "id" else what, NOW)
    desk.catch_up()
    assert in_words(gone.article, gone.revision.title) == "“Talks” (Example News)"
    assert not told(desk)
    # The feed delivers it again: as it was, edited, moved, by its AMP page, by its GUID alone.
    again = [
        entry(),
        entry(f"{MET} They met again."),
        entry(url="https://news.example.org/moved"),
        entry(url=f"https://m.news.example.org/talks/amp?utm_source={what}", also=()),
        entry(url=None),
    ]
    assert deliver(desk, *again) == (0, 0, 5)
    for one in again:
        assert deliver(desk, one) == (0, 0, 1)
    assert not told(desk)
    assert desk.store.articles_total(LOCAL) == 0


def test_another_article_is_not_removed(desk: Desk) -> None:
    deliver(desk, entry(), entry(url=f"{LINK}-2", also=(guid_name(FEED, "8"),)))
    remove(desk.store, LOCAL, LINK, NOW)
    desk.catch_up()
    assert told(desk)
    assert deliver(desk, entry(url=f"{LINK}-3", also=(guid_name(FEED, "9"),))) == (1, 0, 0)


def test_it_is_removed_from_every_audience(desk: Desk) -> None:
    deliver(desk, entry())
    deliver(desk, entry(), audience="C1")
    assert len(remove(desk.store, LOCAL, LINK, NOW)) == 2
    assert deliver(desk, entry(), audience="C1") == (0, 0, 1)


def test_it_can_be_put_back(desk: Desk) -> None:
    deliver(desk, entry())
    facts = [fact.id for fact in desk.store.facts(LOCAL, ["*"])]
    remove(desk.store, LOCAL, LINK, NOW)
    desk.catch_up()
    assert restore(desk.store, desk.care, LOCAL, LINK, NOW + timedelta(hours=1))
    assert told(desk)
    assert [fact.id for fact in desk.store.facts(LOCAL, ["*"])] == facts
    assert deliver(desk, entry()) == (0, 0, 0)


def test_a_near_copy_counts_for_itself_while_its_original_is_removed(desk: Desk) -> None:
    text = " ".join(f"Qatar met Iran in town {n} to talk about matter {n * 7}." for n in range(25))
    link = "https://other.example.org/a"
    deliver(desk, entry(text, published=NOW - timedelta(days=1), published_precision="day"))
    deliver(desk, entry(text, url=link, also=(), publisher="Other News"))
    (key,) = desk.store.names.articles(LOCAL, [link])

    def sources() -> tuple[str, ...]:
        return desk.store.articles(LOCAL, [key])[key].sources

    assert sources() == ("Example News",)
    desk.care.read_articles(LOCAL, [key], NOW)  # as a correction of an actor does
    assert sources() == ("Example News",)
    remove(desk.store, LOCAL, LINK, NOW)
    assert sources() == ("Other News",)
    restore(desk.store, desk.care, LOCAL, LINK, NOW)
    assert sources() == ("Example News",)


def test_what_cannot_be_done_is_told(desk: Desk) -> None:
    deliver(desk, entry())
    for what in ("https://news.example.org/other", "no-such-id", "https://[bad"):
        with pytest.raises(BadEdit, match=r"No article matches|is not a link"):
            remove(desk.store, LOCAL, what, NOW)
    with pytest.raises(BadEdit, match="is not removed"):
        restore(desk.store, desk.care, LOCAL, LINK, NOW)
    remove(desk.store, LOCAL, LINK, NOW)
    with pytest.raises(BadEdit, match="is already removed"):
        remove(desk.store, LOCAL, LINK, NOW)
    with pytest.raises(BadEdit) as caught:
        remove(desk.store, LOCAL, "https://me:secret@news.example.org/a", NOW)
    assert "secret" not in str(caught.value)


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))
    path = tmp_path / "a.txt"
    path.write_text(MET)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, list(arguments))
        assert result.exit_code == 0, result.output
        return result.stdout

    run("ingest", "a.txt")
    assert run("remove", "a.txt").startswith("Removed: file:")
    report = json.loads(run("ingest", "a.txt", "--json"))
    assert (report["new"], report["removed"]) == (0, 1)
    assert json.loads(run("remove", "--undo", "--json", "a.txt"))["removed"] is False
    assert run("facts", "--format", "jsonl")
    wrong = CliRunner().invoke(main, ["remove", "b.txt"])
    assert wrong.exit_code == 1
    assert "No article matches 'b.txt'" in wrong.stderr


ROWS = (
    {
        "id": "a-1",
        "url": "https://n.example.org/1",
        "title": "One",
        "text": "Qatar met Iran on gas.",
    },
    {"id": 7, "title": "Two", "text": "Qatar met Oman in Muscat on ports."},
    {"id": "x:3 / é", "url": "https://n.example.org/3", "text": "Qatar met Oman on fish."},
)


@pytest.mark.parametrize("row", ROWS, ids=["with a link", "a number", "odd signs"])
def test_the_id_of_a_file_names_its_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: dict[str, object]
) -> None:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    run("ingest", str(path))
    assert run("remove", str(row["id"])).stdout.startswith("Removed: ")
    assert json.loads(run("ingest", str(path), "--json").stdout)["removed"] == 1
    assert run("remove", "--undo", str(row["id"])).stdout.startswith("Put back: ")


def test_an_id_that_several_have_is_asked_back(desk: Desk) -> None:
    for number in (1, 2):
        url = f"https://n{number}.example.org/a"
        deliver(desk, entry(url=url, also=(), external_id="1", text=f"{MET} {number}"))
    with pytest.raises(BadEdit, match=r"Several articles have the id '1': .*n2\.example\.org"):
        remove(desk.store, LOCAL, "1", NOW)
