"""Facts follow their articles: what waits for them, in which order, and what that tells to whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import bot.curation.backlog
import bot.ingest
from bot.backup.copying import copy
from bot.cli import main
from bot.cli.articles import FACTS_LEFT
from bot.corrections.correcting import Correcting
from bot.curation.rereading import store_reread
from bot.desk import DATABASE, INDEX, Desk
from bot.health.doctor import examine_store
from bot.match.gazetteer import load
from bot.models import (
    EVERYWHERE,
    LOCAL,
    NAMES_ONLY,
    Alert,
    Draft,
    EventClass,
    Outgoing,
    Reading,
    Status,
    is_names_only,
)
from bot.read.pool import ReaderPool, Unread
from bot.read.reading import Page
from bot.search.index import PassageIndex
from bot.settings import Settings
from bot.store.articles import Versions, Waiting
from bot.store.store import Store
from bot.watches.alerts import Alerts
from tests import databases
from tests.test_corrections_correcting import tell
from tests.test_watches_alerts import NOW, TEAM, asker, follow
from tests.unsent import unsent

pytestmark = pytest.mark.usefixtures("each_store")

STATES = ("Oman", "Egypt", "Kuwait", "Jordan", "Iraq", "Turkey")


@pytest.fixture(scope="module")
def seeded(each_store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(f"seeded-{each_store}")
    at(folder).close()
    return folder


@pytest.fixture
def folder(tmp_path: Path, seeded: Path) -> Path:
    return databases.copied(seeded, tmp_path / "data")


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    found = at(folder)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _names_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.ingest, "FEW_CHARACTERS", 0)
    # One process is kept ready; to start others for each test takes longer than all of them.
    monkeypatch.setattr(ReaderPool, "stream", lambda self, parts: map(self.read, parts))


def at(folder: Path) -> Desk:
    store = Store.open(f"sqlite:///{folder / DATABASE}")
    index = PassageIndex.open(folder / INDEX)
    return Desk(store, index, load(), workers=1)


def draft(state: str, days: int = 0, words: str = "met Iran") -> Draft:
    """News of a state, published some days ago."""
    return Draft(
        title=f"News of {state}",
        text=f"{state} {words} on Monday. Nobody said what about.",
        url=f"https://one.example.org/{state}",
        publisher="one.example.org",
        published=NOW - timedelta(days=days),
        published_precision="minute",
    )


def come(desk: Desk, *drafts: Draft, now: datetime = NOW) -> bot.ingest.Report:
    return desk.ingest(drafts, now=now, facts_later=True)


def facts(desk: Desk) -> list[str]:
    """Who acts in each fact."""
    return sorted(one.source_actor for one in desk.store.facts(LOCAL, [EVERYWHERE]))


def everything(desk: Desk) -> list[Waiting]:
    """All articles, as if a new version of the reader came."""
    return desk.store.backlog.waiting(Versions("another", ""), 99)


def waiting(desk: Desk) -> int:
    return desk.waiting().facts


def read_as(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Have a new version read, to which every fact is another in some way."""
    stream = ReaderPool.stream

    def told(found: Reading | Unread) -> Reading | Unread:
        if isinstance(found, Unread):
            return found
        facts = tuple(one.model_copy(update=changes) for one in found.facts)
        version = "new" + NAMES_ONLY * is_names_only(found.reader_version)
        return found.model_copy(update={"reader_version": version, "facts": facts})

    def read(self: ReaderPool, parts: Iterable[Sequence[Page]]) -> Iterator[list[Reading | Unread]]:
        for found in stream(self, parts):
            yield [told(one) for one in found]

    for module in (bot.curation.backlog, bot.ingest):
        monkeypatch.setattr(module, "READER_VERSION", "new")
    monkeypatch.setattr(ReaderPool, "stream", read)


def alerts(desk: Desk, now: datetime = NOW) -> list[Alert]:
    while Alerts(desk, now=lambda: now).look():
        pass
    return [
        Alert.model_validate(one.content) for one in unsent(desk.store, TEAM) if one.kind == "alert"
    ]


def test_articles_are_found_before_their_facts_are_read(desk: Desk) -> None:
    report = come(desk, *(draft(one) for one in STATES))
    assert (report.new, report.facts) == (6, 0)
    assert len(desk.passages.search("Kuwait", workspace=LOCAL, audiences=[EVERYWHERE])) == 1
    assert desk.brief(asker(), "Kuwait").kind == "brief"
    assert (facts(desk), waiting(desk)) == ([], 6)
    assert desk.read_backlog(NOW) == 6
    assert (len(facts(desk)), waiting(desk)) == (6, 0)
    assert desk.read_backlog(NOW) == 0


def test_an_intake_reads_its_facts_unless_told_otherwise(desk: Desk) -> None:
    report = desk.ingest([draft(one) for one in STATES], now=NOW)
    assert (report.new, report.facts, waiting(desk)) == (6, 6, 0)
    assert len(facts(desk)) == 6


def test_few_texts_are_read_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    report = come(desk, draft("Oman"))
    assert (report.facts, waiting(desk)) == (1, 0)


def test_what_was_revised_is_read_whole(desk: Desk) -> None:
    desk.ingest([draft("Oman")], now=NOW)
    report = come(desk, draft("Oman", words="sanctioned Iran"))
    assert (report.revised, report.facts, waiting(desk)) == (1, 1, 0)


def test_a_language_without_facts_waits_for_none(desk: Desk) -> None:
    text = "Der Emir von Katar traf am Montag den Präsidenten und sprach über die Wirtschaft. " * 3
    assert come(desk, Draft(text=text, url="https://one.example.org/de")).new == 1
    assert waiting(desk) == 0


def test_the_newest_come_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.curation.backlog, "AT_ONCE", 2)
    come(desk, *(draft(one, days) for one, days in zip(STATES, (3, 1, 5, 0, 4, 2), strict=True)))
    assert desk.read_backlog(NOW) == 2
    assert facts(desk) == ["state:egy", "state:jor"]
    assert desk.read_backlog(NOW) == 2
    assert facts(desk) == ["state:egy", "state:jor", "state:omn", "state:tur"]


def test_what_is_left_when_a_process_dies_is_read_by_the_next(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.curation.backlog, "AT_ONCE", 2)
    come(desk, *(draft(one) for one in STATES))
    desk.read_backlog(NOW)
    desk.close()
    again = at(folder)
    assert (len(facts(again)), waiting(again)) == (2, 4)
    assert again.read_facts(now=NOW) == 4
    assert (len(facts(again)), waiting(again)) == (6, 0)
    again.close()


def test_taking_in_again_leaves_to_the_backlog_what_waits_there(desk: Desk) -> None:
    come(desk, *(draft(one) for one in STATES))
    report = come(desk, *(draft(one) for one in STATES))
    assert (report.unchanged, report.reread, report.facts, waiting(desk)) == (6, 0, 0, 6)
    report = desk.ingest([draft(one) for one in STATES], now=NOW)
    assert (report.unchanged, report.facts, waiting(desk)) == (6, 6, 0)


def test_what_waits_may_be_revised_in_the_batch_that_brings_it_again(desk: Desk) -> None:
    come(desk, draft("Oman"))
    report = come(desk, draft("Oman"), draft("Oman", words="sanctioned Iran"))
    assert (report.unchanged, report.revised, report.reread, waiting(desk)) == (1, 1, 0, 0)
    [stored] = desk.store.articles(LOCAL, [waited.article for waited in everything(desk)]).values()
    assert (stored.revision.n, "sanctioned" in stored.revision.text) == (2, True)


def test_two_who_read_the_same_do_no_harm(desk: Desk, folder: Path) -> None:
    come(desk, *(draft(one) for one in STATES))
    other = at(folder)
    assert other._new_backlog(other.readers())._look_up(NOW)
    assert desk.read_backlog(NOW) == 6
    assert other.read_backlog(NOW) == 0
    assert len(facts(other)) == 6
    other.close()


def test_an_article_whose_facts_cannot_be_read_waits_no_longer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = ReaderPool.stream

    def read(
        self: ReaderPool, batches: Sequence[Sequence[Page]]
    ) -> Iterator[list[Reading | Unread]]:
        for pages, found in zip(batches, stream(self, batches), strict=True):
            yield [
                Unread("it took too long") if page.facts and "Oman" in page.text else one
                for page, one in zip(pages, found, strict=True)
            ]

    come(desk, *(draft(one) for one in STATES))
    monkeypatch.setattr(ReaderPool, "stream", read)
    desk.read_backlog(NOW)
    assert (len(facts(desk)), waiting(desk)) == (5, 0)
    assert len(desk.passages.search("Oman", workspace=LOCAL, audiences=[EVERYWHERE])) == 1


def test_removed_articles_do_not_wait(desk: Desk) -> None:
    come(desk, draft("Oman"), draft("Egypt"))
    [hit] = desk.passages.search("Oman", workspace=LOCAL, audiences=[EVERYWHERE])
    desk.store.tombstone(LOCAL, hit.article, NOW)
    assert waiting(desk) == 1
    assert desk.read_backlog(NOW) == 1


def test_a_newer_version_reads_everything_again_behind_what_has_no_facts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ingest([draft("Oman"), draft("Egypt", 1)], now=NOW)
    come(desk, draft("Jordan", 9))
    read_as(monkeypatch)
    monkeypatch.setattr(bot.curation.backlog, "AT_ONCE", 1)
    current = Versions("new", load().version)
    newest = [one.article for one in desk.store.backlog.waiting(current, 9)]
    held = desk.store.articles(LOCAL, newest)
    order = [held[one].revision.title for one in newest]
    assert order == ["News of Jordan", "News of Oman", "News of Egypt"]
    counted = desk.store.backlog.size(current)
    assert (counted.facts, counted.again) == (1, 2)
    for _ in range(3):
        assert desk.read_backlog(NOW) == 1
    assert desk.read_backlog(NOW) == 0
    assert len(facts(desk)) == 3


@pytest.mark.parametrize("topic", ["Oman meetings", "Oman"])
def test_an_alert_comes_once_when_its_facts_do(desk: Desk, topic: str) -> None:
    follow(desk, topic)
    come(desk, draft("Oman"))
    first = alerts(desk)
    desk.read_backlog(NOW)
    found = alerts(desk)
    assert len(found) == 1
    assert found[0].stories[0].headline == "News of Oman"
    assert len(first) == (0 if "meetings" in topic else 1)


def test_reading_again_by_a_newer_version_alerts_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(desk, "Oman sanctions")
    desk.ingest([draft("Oman")], now=NOW)
    assert alerts(desk) == []
    read_as(monkeypatch, event_class=EventClass.SANCTION)
    later = NOW + timedelta(hours=1)
    assert desk.read_backlog(later) == 1
    assert alerts(desk, later) == []
    come(desk, draft("Oman", words="sanctioned Iran").model_copy(update={"url": None}), now=later)
    desk.read_backlog(later)
    assert len(alerts(desk, later)) == 1


def test_reading_again_by_a_newer_version_corrects_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(now: datetime) -> list[Outgoing]:
        for _ in range(3):
            Correcting(desk, now=lambda: now).look()
        pending = unsent(desk.store, TEAM)
        return [one for one in pending if one.kind == "correction"]

    look(NOW)
    desk.ingest([draft("Oman")], workspace=TEAM, now=NOW)
    tell(desk, TEAM, "Oman")
    later = NOW + timedelta(hours=2)
    desk.ingest([draft("Egypt")], workspace=TEAM, now=later)
    assert look(later) == []
    with monkeypatch.context() as patched:
        read_as(patched, status=Status.DENIED, source_actor="state:omn", source_for="state:omn")
        assert desk.read_backlog(later) == 2
        assert [one.status for one in desk.store.facts(TEAM, [EVERYWHERE])] == [Status.DENIED] * 2
        assert look(later) == []


def test_a_denial_that_is_read_late_corrects_once(desk: Desk) -> None:
    def look(now: datetime) -> int:
        for _ in range(3):
            Correcting(desk, now=lambda: now).look()
        pending = unsent(desk.store, TEAM)
        return sum(one.kind == "correction" for one in pending)

    look(NOW)
    talks = draft("Oman", words="held talks with Iran")
    desk.ingest([talks], workspace=TEAM, now=NOW)
    tell(desk, TEAM, "Oman")
    later = NOW + timedelta(hours=2)
    denial = Draft(
        text="Iran did not meet Oman, a spokesman said.",
        url="https://two.example.org/1",
        publisher="two.example.org",
        published=later,
        published_precision="minute",
    )
    desk.ingest([denial], workspace=TEAM, now=later, facts_later=True)
    assert look(later) == 0
    desk.read_backlog(later)
    assert look(later) == 1


def test_a_copy_carries_what_waits(desk: Desk, folder: Path, tmp_path: Path) -> None:
    come(desk, *(draft(one) for one in STATES))
    target = f"sqlite:///{tmp_path / 'copied' / DATABASE}"
    copy(databases.place(f"sqlite:///{folder / DATABASE}"), databases.place(target))
    other = at(tmp_path / "copied")
    assert (waiting(other), facts(other)) == (6, [])
    assert other.read_backlog(NOW) == 6
    assert len(facts(other)) == 6
    other.close()


def test_the_doctor_and_metrics_show_what_waits(desk: Desk, tmp_path: Path) -> None:
    come(desk, draft("Oman"), draft("Egypt"))
    later = NOW + timedelta(hours=2)
    settings = Settings(dragoman_data=tmp_path)
    said = examine_store(desk.store, settings, later, fast=True)
    [found] = [one for one in said if one.area == "facts"]
    assert "wait for their facts: 2, the first for 2 h" in found.said
    counted = desk.store.metrics.now(later)
    assert (counted.facts.waiting, counted.facts.lag) == (2, timedelta(hours=2))
    desk.read_backlog(later)
    [found] = [
        one for one in examine_store(desk.store, settings, later, fast=True) if one.area == "facts"
    ]
    assert found.level == "well"


def notes(tmp_path: Path) -> str:
    """A file of articles, for the command line."""
    path = tmp_path / "notes.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for one in STATES:
            record = {"id": one, "text": f"{one} met Iran on Monday.", "date": "2026-05-04"}
            out.write(json.dumps(record) + "\n")
    return str(path)


def test_the_command_line_reads_facts_unless_they_are_left_to_serve(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_DATA", str(folder))
    left = CliRunner().invoke(main, ["ingest", notes(tmp_path), "--facts-later"])
    assert "6 new, 0 unchanged, 0 revised; 0 facts." in left.output
    assert "Articles whose facts are read later, by `dragoman serve`: 6." in left.output
    done = CliRunner().invoke(main, ["ingest", notes(tmp_path), "--json"])
    said = json.loads(done.stdout)
    assert (said["unchanged"], said["facts"], said["waiting_for_facts"]) == (6, 6, 0)


def test_stopping_while_facts_are_read_says_that_articles_are_stored(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_DATA", str(folder))
    CliRunner().invoke(main, ["ingest", notes(tmp_path), "--facts-later"])
    more = tmp_path / "more.jsonl"
    more.write_text(json.dumps({"id": "more", "text": "Chad met Iran on Monday."}), "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(bot.curation.backlog, "STORED", 2)
        stored: list[object] = []

        def stop(*read: object) -> None:
            if stored:
                raise KeyboardInterrupt
            stored.append(read)
            store_reread(*read)  # type: ignore[arg-type]

        patched.setattr(bot.curation.backlog, "store_reread", stop)
        stopped = CliRunner().invoke(main, ["ingest", str(more)])
    assert stopped.exit_code == 130
    assert f"Stopped. {FACTS_LEFT}" in stopped.output
    done = CliRunner().invoke(main, ["ingest", str(more)])
    assert "1 unchanged, 0 revised; 4 facts." in done.output
