"""What was told is corrected once, where it was told, whatever crashes when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.answer.formatting import shown_records
from bot.corrections import correcting
from bot.corrections.correcting import Correcting
from bot.desk import DATABASE, INDEX, Desk
from bot.digests.setting import Setting, Wish
from bot.errors import StoreError
from bot.match.gazetteer import load
from bot.models import (
    EVERYWHERE,
    Asker,
    Brief,
    Correction,
    Draft,
    Hours,
    MessageRecord,
    Outgoing,
    SentReply,
    Times,
)
from bot.search.index import PassageIndex
from bot.store import outbox
from bot.store.corrections import Corrections
from bot.store.store import Store
from bot.watches.alerts import Alerts
from bot.watches.watchlist import WatchList, parse_watch
from handlers.blocks.reply import lines_shown
from tests import databases
from tests.unsent import unsent

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
LEASE = timedelta(seconds=60)
TALKS = "Qatar held talks with Iran on Monday about the gas field."
TEXT = f"{TALKS} Officials gave no details."
DENIAL = "Iran did not meet Qatar, a spokesman said."
PLAN = "The Emir of Qatar will visit Iran on 10 May. Nothing else was announced."
VISIT = "The Emir of Qatar visited Iran on Sunday. He flew home at night."

_number = count(1)


@pytest.fixture(scope="module")
def folder(both: databases.Kind, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp(f"desk-{both}")


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Desk]:
    """One desk for all: every test has a workspace of its own."""
    found = at(folder)
    look(found)
    yield found
    found.close()


@pytest.fixture
def ours() -> str:
    """A workspace in which nothing happened yet."""
    return f"T{next(_number)}"


def at(folder: Path) -> Desk:
    store = Store.open(f"sqlite:///{folder / DATABASE}")
    return Desk(store, PassageIndex.open(folder / INDEX), load())


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def come(
    desk: Desk,
    ours: str,
    text: str = TEXT,
    *,
    n: int = 0,
    publisher: str = "one.example.org",
    hours: float = 0,
    audience: str = EVERYWHERE,
    published: datetime | None = None,
) -> None:
    now = later(hours)
    draft = Draft(
        title="",
        text=text,
        url=f"https://{publisher}/{n}",
        publisher=publisher,
        published=published or now,
        published_precision="minute",
    )
    report = desk.ingest([draft], now=now, workspace=ours, audience=audience)
    assert not report.rejected


def tell(
    desk: Desk,
    ours: str,
    query: str = "Qatar",
    *,
    place: str = "C1",
    ts: str | None = "1.5",
    thread: str | None = None,
    person: str = "U1",
    hours: float = 1,
) -> MessageRecord:
    """Brief somebody, as the handlers do."""
    now, key = later(hours), f"{place}:{next(_number)}"
    asker = Asker(workspace=ours, person=person, place=place, now=now)
    reply = desk.brief(asker, query)
    assert isinstance(reply, Brief)
    tells = MessageRecord(
        workspace=ours,
        audiences=(EVERYWHERE, place),
        person=person,
        query=query,
        as_of=now,
        lines=shown_records(lines_shown(reply)),
    )
    assert tells.lines
    inbox = desk.store.inbox
    inbox.record(ours, "message", key, {"place": place, "thread": thread}, now)
    request = inbox.claim(now, LEASE)
    assert request is not None
    assert (request.workspace, request.key) == (ours, key)
    sent = SentReply(
        workspace=ours,
        surface="message",
        request=key,
        place=place,
        person=person,
        ts=ts,
        query=query,
        as_of=now,
        sent_at=now,
        tells=tells,
    )
    assert inbox.finish(request, sent, now)
    return tells


def look(desk: Desk, hours: float = 2, days: int = 30) -> None:
    watching = Correcting(desk, days=days, now=lambda: later(hours))
    for _ in range(3):
        watching.look()


def corrections(desk: Desk, ours: str) -> list[tuple[Outgoing, Correction]]:
    pending = unsent(desk.store, ours)
    return [
        (one, Correction.model_validate(one.content)) for one in pending if one.kind == "correction"
    ]


def turns(desk: Desk, ours: str) -> list[list[str]]:
    return [[part.turn for part in of.parts] for _, of in corrections(desk, ours)]


def test_an_edit_is_said_in_the_thread_with_the_words_that_stand_now(desk: Desk, ours: str) -> None:
    come(desk, ours)
    tell(desk, ours)
    look(desk)
    assert turns(desk, ours) == []
    come(desk, ours, TEXT.replace("held talks", "put off its talks"), hours=3)
    look(desk, 4)
    ((message, said),) = corrections(desk, ours)
    assert (message.workspace, message.place, message.thread) == (ours, "C1", "1.5")
    assert (said.query, message.owner) == ("", "U1")
    (part,) = said.parts
    assert (part.turn, part.shown.quote) == ("edited", TALKS)
    assert part.line is not None
    assert part.line.snippet.quote == TALKS.replace("held talks", "put off its talks")
    look(desk, 5)
    come(desk, ours, "Other words altogether.", hours=6)
    look(desk, 7)
    assert len(corrections(desk, ours)) == 1


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("Qatar held", "Qatar  held"),
        TEXT.replace("Monday", "Mondey"),
        f"{TEXT} More was added.",
        TEXT.replace("about the gas field", "over the gas field"),  # the same act is told
    ],
)
def test_a_trivial_edit_is_none(desk: Desk, ours: str, text: str) -> None:
    come(desk, ours)
    tell(desk, ours)
    come(desk, ours, text, hours=3)
    look(desk, 4)
    assert turns(desk, ours) == []


def test_what_another_source_still_tells_stands(desk: Desk, ours: str) -> None:
    come(desk, ours)
    other = (
        "Iran and Qatar held talks on Monday over their gas field. A ministry spoke of progress."
    )
    come(desk, ours, other, publisher="two.example.org")
    tells = tell(desk, ours)
    assert desk.store.tombstone(ours, tells.lines[0].article, later(3))
    look(desk, 4)
    assert turns(desk, ours) == []


def test_an_article_that_is_removed_or_whose_source_is_distrusted(desk: Desk, ours: str) -> None:
    come(desk, ours)
    first = tell(desk, ours)
    come(desk, ours, "Turkey held talks with Russia on Monday.", publisher="bad.example.org")
    tell(desk, ours, "Turkey", ts="2.5")
    desk.store.tombstone(ours, first.lines[0].article, later(3))
    desk.store.sources.trust(ours, "bad.example.org", "distrusted", "U9", later(3))
    look(desk, 4)
    assert sorted(turns(desk, ours)) == [["distrusted"], ["removed"]]
    acts = sorted(of.parts[0].act for _, of in corrections(desk, ours))
    assert acts == ["Qatar held talks with Iran", "Turkey held talks with Russia"]


def test_a_denial_names_who_denies_and_is_said_once_for_all_that_told(
    desk: Desk, ours: str
) -> None:
    come(desk, ours)
    tell(desk, ours)
    tell(desk, ours, "Iran", place="C2", ts="3.5", thread="3.1")
    come(desk, ours, DENIAL, publisher="two.example.org", hours=3)
    come(desk, ours, f"{DENIAL} He said no more.", publisher="three.example.org", hours=4)
    look(desk, 5)
    assert turns(desk, ours) == [["denied"], ["denied"]]
    threads = {(one.place, one.thread) for one, _ in corrections(desk, ours)}
    assert threads == {("C1", "1.5"), ("C2", "3.1")}
    for _, said in corrections(desk, ours):
        assert said.parts[0].line is not None
        assert said.parts[0].line.snippet.quote == DENIAL
    look(desk, 6)
    assert len(corrections(desk, ours)) == 2


def test_what_denied_before_it_was_told_is_no_news(desk: Desk, ours: str) -> None:
    come(desk, ours, DENIAL, publisher="two.example.org", hours=-30)
    come(desk, ours)
    tell(desk, ours)
    look(desk)
    come(desk, ours, f"{DENIAL} He smiled.", publisher="two.example.org", hours=-29)
    look(desk)
    assert turns(desk, ours) == []


def test_a_plan_is_reported_as_done(desk: Desk, ours: str) -> None:
    come(desk, ours, PLAN)
    tell(desk, ours)
    days = 24 * 6 + 12.0
    come(desk, ours, VISIT, publisher="two.example.org", hours=days)
    look(desk, days + 1)
    ((_, said),) = corrections(desk, ours)
    assert [part.turn for part in said.parts] == ["done"]
    assert said.parts[0].line is not None
    assert said.parts[0].line.snippet.quote in VISIT
    assert said.parts[0].shown.quote in PLAN


def test_what_only_one_person_saw_comes_directly_and_names_what_they_asked(
    desk: Desk, ours: str
) -> None:
    come(desk, ours)
    tell(desk, ours, ts=None)
    tell(desk, ours, "Iran", ts=None, hours=1.5)
    come(desk, ours, DENIAL, publisher="two.example.org", hours=3)
    look(desk, 4)
    ((message, said),) = corrections(desk, ours)
    assert (message.place, message.thread) == ("U1", None)
    assert (said.query, said.asked_in, said.asked_at) == ("Iran", "C1", later(1.5))


def test_nothing_of_a_private_place_leaves_it(desk: Desk, ours: str) -> None:
    come(desk, ours)
    tell(desk, ours)
    tell(desk, ours, "Iran", ts=None, place="G1")
    come(desk, ours, DENIAL, publisher="two.example.org", hours=3, audience="G1")
    look(desk, 4)
    assert turns(desk, ours) == []
    tell(desk, ours, place="G1", ts="9.5", hours=2)
    come(desk, ours, f"{DENIAL} No more.", n=1, publisher="x.example.org", hours=9, audience="G1")
    look(desk, 10)
    assert [one.place for one, _ in corrections(desk, ours)] == ["G1"]


def test_what_was_told_long_ago_is_left_and_forgotten(desk: Desk, ours: str) -> None:
    come(desk, ours)
    tell(desk, ours)
    look(desk)
    long = 31 * 24
    come(desk, ours, "Other words altogether.", hours=long)
    look(desk, long + 1)
    assert turns(desk, ours) == []


def test_off_it_says_nothing_and_on_again_nothing_of_what_was(desk: Desk, ours: str) -> None:
    come(desk, ours)
    tell(desk, ours)
    come(desk, ours, "Other words altogether.", hours=3)
    look(desk, 4, days=0)
    look(desk, 5)
    assert turns(desk, ours) == []


def test_an_answer_that_replaces_another_is_what_was_told(desk: Desk, ours: str) -> None:
    come(desk, ours)
    come(desk, ours, "Turkey held talks with Russia on Monday.", publisher="two.example.org")
    tell(desk, ours)
    tell(desk, ours, "Turkey")  # under the same ts: the question was edited
    come(desk, ours, "Other words altogether.", hours=3)
    look(desk, 4)
    assert turns(desk, ours) == []


def test_what_changed_while_it_was_told_is_found_afterwards(desk: Desk, ours: str) -> None:
    come(desk, ours)
    now = later(1)
    asker = Asker(workspace=ours, person="U1", place="C1", now=now)
    assert isinstance(desk.brief(asker, "Qatar"), Brief)
    look(desk)
    tells = tell(desk, ours)
    # As if it had been worked out before the edit, and written down after it was looked at.
    come(desk, ours, "Other words altogether.", hours=1.5)
    mark = desk.store.corrections.review(500, later(-100))
    assert mark is not None
    assert desk.store.corrections.commit(mark._replace(fresh=()), [], [], now, later(-100))
    assert tells.lines
    look(desk, 2)
    assert turns(desk, ours) == [["edited"]]


def test_an_alert_remembers_what_it_told(desk: Desk, ours: str) -> None:
    asker = Asker(workspace=ours, person="U1", place="C1", now=NOW)
    asked = parse_watch("Qatar")
    WatchList(desk, ours).follow(asker, asked._replace(personal=False))
    while Alerts(desk, now=lambda: NOW).look():
        pass
    come(desk, ours, hours=1)
    while Alerts(desk, now=lambda: later(1)).look():
        pass
    send(desk, ours, "7.5", 1)
    come(desk, ours, DENIAL, publisher="two.example.org", hours=3)
    look(desk, 4)
    ((message, said),) = corrections(desk, ours)
    assert (message.thread, said.parts[0].turn) == ("7.5", "denied")


def test_a_digest_remembers_what_it_told(desk: Desk, ours: str) -> None:
    asker = Asker(workspace=ours, person="U1", place="C1", now=later(-30))
    setting = Setting(desk, ours)
    setting.set_up(asker, Wish(Times(tz="UTC")), mine=False)
    come(desk, ours)
    setting.send(asker.model_copy(update={"now": later(1)}), "k", mine=False)
    assert [one.kind for one in send(desk, ours, "8.5", 1)] == ["digest"]
    come(desk, ours, "Other words altogether.", hours=3)
    look(desk, 4)
    ((message, said),) = corrections(desk, ours)
    assert (message.place, message.thread, said.parts[0].turn) == ("C1", "8.5", "edited")


def send(desk: Desk, ours: str, ts: str, hours: float) -> list[Outgoing]:
    claimed = desk.store.outbox.claim(later(hours), LEASE, 50)
    mine = [one for one in claimed if one.workspace == ours]
    for one in mine:
        assert desk.store.outbox.sent(one, ts, later(hours))
    return mine


def test_a_correction_may_be_corrected_in_the_same_thread(desk: Desk, ours: str) -> None:
    come(desk, ours)
    tell(desk, ours)
    come(desk, ours, DENIAL, publisher="two.example.org", hours=3)
    look(desk, 4)
    assert [one.kind for one in send(desk, ours, "1.9", 4)] == ["correction"]
    come(desk, ours, "Nothing of that was said.", publisher="two.example.org", hours=5)
    look(desk, 6)
    ((message, said),) = corrections(desk, ours)
    assert (message.thread, said.parts[0].turn) == ("1.5", "edited")
    assert said.parts[0].shown.quote == DENIAL


def test_quiet_hours_hold_it(desk: Desk, ours: str) -> None:
    asker = Asker(workspace=ours, person="U1", place="C1", now=NOW)
    quiet = Hours(begin=later(0).time(), end=later(8).time())
    Setting(desk, ours).set_up(
        asker, Wish(Times(tz="UTC"), hush=quiet, keep_hush=False), mine=False
    )
    come(desk, ours)
    tell(desk, ours)
    come(desk, ours, "Other words altogether.", hours=3)
    look(desk, 4)
    ((message, _),) = corrections(desk, ours)
    assert message.due_at == later(8)


def test_two_processes_say_it_once(desk: Desk, ours: str) -> None:
    come(desk, ours)
    tell(desk, ours)
    come(desk, ours, "Other words altogether.", hours=3)
    one = desk.store.corrections.review(500, later(-100))
    other = desk.store.corrections.review(500, later(-100))
    assert one is not None
    assert other is not None
    assert desk.store.corrections.commit(one, [], [], later(4), later(-100))
    assert not desk.store.corrections.commit(other, [], [], later(4), later(-100))


@pytest.mark.parametrize("broken", ["upsert_many", "put"])
def test_whoever_dies_half_way_leaves_all_to_the_next(
    desk: Desk, ours: str, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    come(desk, ours)
    tell(desk, ours)
    come(desk, ours, "Other words altogether.", hours=3)

    def dies(*_: Any, **__: Any) -> None:
        raise StoreError("gone", about="")

    with monkeypatch.context() as patch:
        if broken == "put":
            patch.setattr(outbox, "put", dies)
        else:
            patch.setattr("bot.store.corrections.upsert_many", dies)
        with pytest.raises(StoreError):
            Correcting(desk, now=lambda: later(4)).look()
    assert turns(desk, ours) == []
    look(desk, 5)
    look(desk, 6)
    assert turns(desk, ours) == [["edited"]]


def test_whoever_dies_before_writing_leaves_it_to_another_process(
    desk: Desk, ours: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    come(desk, ours)
    tell(desk, ours)
    come(desk, ours, "Other words altogether.", hours=3)

    def dies(*_: Any) -> None:
        raise StoreError("gone", about="")

    with monkeypatch.context() as patch:
        patch.setattr(Corrections, "commit", dies)
        with pytest.raises(StoreError):
            Correcting(desk, now=lambda: later(4)).look()
    second = at(folder)
    look(second, 4)
    look(desk, 5)
    assert turns(second, ours) == [["edited"]]
    second.close()


@pytest.mark.parametrize("broken", ["decide", "fact_lines"])
def test_a_line_that_fails_keeps_no_other_from_being_corrected(
    desk: Desk,
    ours: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    come(desk, ours)
    come(desk, ours, "Turkey held talks with Russia on Monday.", n=1)
    tell(desk, ours)
    tell(desk, ours, "Turkey", ts="2.5")
    come(desk, ours, DENIAL, publisher="two.example.org", hours=3)
    come(desk, ours, "Russia did not meet Turkey.", publisher="two.example.org", n=1, hours=3)
    working, calls = getattr(correcting, broken), count()

    def fails_first(*given: Any) -> Any:
        if not next(calls):
            raise ValueError("odd")
        return working(*given)

    with monkeypatch.context() as patch:
        patch.setattr(correcting, broken, fails_first)
        look(desk, 4)
    assert turns(desk, ours) == [["denied"]]
    assert caplog.text.count("is not corrected") == 1
    look(desk, 5)
    assert turns(desk, ours) == [["denied"]]


def test_much_that_changed_in_one_message_is_one_message(
    desk: Desk, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "TOGETHER", 2)
    subjects = {
        "Iran": "a shared gas field in the Gulf",
        "Turkey": "drones and the training of pilots",
        "Russia": "wheat shipped from the Black Sea",
        "Egypt": "debts of the canal authority",
    }
    for number, (state, subject) in enumerate(subjects.items()):
        text = f"Qatar held talks with {state} on {subject}."
        come(desk, ours, text, n=number, publisher=f"{state.lower()}.example.org")
    tells = tell(desk, ours)
    for key in {one.article for one in tells.lines}:
        desk.store.tombstone(ours, key, later(3))
    look(desk, 4)
    ((_, said),) = corrections(desk, ours)
    assert len(said.parts) == 2
    assert said.more == len({one.fact for one in tells.lines}) - 2
