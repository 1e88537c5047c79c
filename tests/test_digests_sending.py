"""What digests say: what is new of what is followed, once; again only where it changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.desk import DATABASE, INDEX, Desk
from bot.digests.issuing import SHOWN, DigestSender, make_issue
from bot.digests.schedule import next_due
from bot.digests.setting import Setting, Wish
from bot.errors import BadQuery
from bot.match.gazetteer import load
from bot.models import (
    EVERYWHERE,
    LOCAL,
    Asker,
    Digest,
    DigestIssue,
    DigestStory,
    Feed,
    FoundFact,
    Hours,
    Outgoing,
    Status,
    Times,
    Topic,
    Watch,
)
from bot.search.index import PassageIndex
from bot.store.store import Store
from bot.watches.alerts import Alerts
from tests import databases
from tests.arrivals import IRAN, QATAR, arrival, met

pytestmark = pytest.mark.usefixtures("each_store")

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAILY = Times(often="daily", at=(time(8),), tz="UTC")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEAM, ROOM, PERSON = "T1", "C1", "U1"
_ts = count(1)
MET = "Qatar met Iran about the gas field"
MORE = "Qatar met Iran about the gas field again, and spoke of the pearl harvest"


@pytest.fixture(scope="module")
def seeded(each_store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(f"seeded-{each_store}")
    at(folder).close()
    return folder


@pytest.fixture
def desk(tmp_path: Path, seeded: Path) -> Iterator[Desk]:
    found = at(databases.copied(seeded, tmp_path / "data"))
    yield found
    found.close()


def at(folder: Path) -> Desk:
    store = Store.open(f"sqlite:///{folder / DATABASE}")
    return Desk(store, PassageIndex.open(folder / INDEX), load())


def come(desk: Desk, key: str, text: str = MET, when: datetime = NOW, **more: Any) -> None:
    values: dict[str, Any] = {"facts": [met(text)] if text.startswith("Qatar met Iran") else []}
    values |= {"published": when, "first_seen": when, "sources": (f"{key}.example.org",)}
    one = arrival(key, text, **(values | more))
    revision = one.revision.model_copy(update={"seen_at": more.get("first_seen", when)})
    desk.store.commit([one.model_copy(update={"revision": revision})], now=when)


def edited(desk: Desk, key: str, text: str, when: datetime, first: datetime = NOW) -> None:
    sources = (f"{key}.example.org",)
    one = arrival(
        key, text, n=2, facts=[met(text)], published=first, first_seen=first, sources=sources
    )
    revision = one.revision.model_copy(update={"seen_at": when})
    desk.store.commit([one.model_copy(update={"revision": revision})], now=when)


def set_up(desk: Desk, now: datetime = NOW, **more: Any) -> Digest:
    values: dict[str, Any] = {"workspace": LOCAL, "id": 0, "team": TEAM, "place": ROOM}
    values |= {"room": ROOM, "person": PERSON, "times": DAILY, "since": now}
    values |= {"due": next_due(DAILY, now)}
    return desk.store.digests.put(Digest.model_validate(values | more))[0]


def told(desk: Desk, now: datetime) -> list[DigestIssue]:
    """What is put into the outbox by a look at an instant, and sent."""
    sender = DigestSender(desk, now=lambda: now)
    while sender.look():
        pass
    return [DigestIssue.model_validate(item.content) for item in sent(desk, now)]


def sent(desk: Desk, now: datetime) -> list[Outgoing]:
    found = desk.store.outbox.claim(now, HOUR)
    for item in found:
        desk.store.outbox.sent(item, f"{next(_ts)}.1", now)
    return found


def stories(issue: DigestIssue) -> list[tuple[str, str]]:
    return [(one.line.snippet.article, one.change) for one in issue.stories]


def test_a_story_is_told_once_and_again_where_it_changed(desk: Desk) -> None:
    set_up(desk)
    come(desk, "a", when=NOW + HOUR)
    (first,) = told(desk, NOW + DAY)
    assert (stories(first), first.changed, first.total) == ([("a", "")], 0, 1)
    (nothing,) = told(desk, NOW + 2 * DAY)
    assert nothing.empty
    come(desk, "b", when=NOW + 2 * DAY + HOUR)  # another source says the same
    (again,) = told(desk, NOW + 3 * DAY)
    assert (stories(again), again.changed) == ([("b", "updated")], 1)
    assert again.stories[0].news == "one more source"
    assert again.stories[0].sources == 2
    (nothing,) = told(desk, NOW + 4 * DAY)
    assert nothing.empty


def test_what_the_same_source_says_again_is_no_change(desk: Desk) -> None:
    set_up(desk)
    come(desk, "a", when=NOW + HOUR)
    told(desk, NOW + DAY)
    come(desk, "b", when=NOW + DAY + HOUR, sources=("a.example.org",))
    (nothing,) = told(desk, NOW + 2 * DAY)
    assert nothing.empty


def test_an_edit_of_what_was_told_is_a_change(desk: Desk) -> None:
    set_up(desk)
    come(desk, "a", when=NOW + HOUR)
    come(desk, "untold", "Ruritania went fishing", when=NOW + HOUR, audience="C9")
    told(desk, NOW + DAY)
    edited(desk, "a", MORE, NOW + DAY + HOUR, NOW + HOUR)
    edited(desk, "untold", MORE, NOW + DAY + HOUR, NOW + HOUR)
    (again,) = told(desk, NOW + 2 * DAY)
    assert [(one.change, one.news) for one in again.stories] == [
        ("updated", "edited by its publisher")
    ]
    (nothing,) = told(desk, NOW + 3 * DAY)
    assert nothing.empty


def followed(desk: Desk, **more: Any) -> Watch:
    topic = Topic(actors=((QATAR, "Qatar"), (IRAN, "Iran")))
    values: dict[str, Any] = {"workspace": LOCAL, "id": 0, "team": TEAM, "place": ROOM}
    values |= {"person": PERSON, "typed": "Qatar Iran", "since": NOW, "topic": topic}
    watch, _ = desk.store.watches.add(Watch.model_validate(values | more))
    alerts(desk, NOW)
    return watch


def alerts(desk: Desk, now: datetime, *, post: bool = True) -> int:
    """Alert to what is new; returns how many messages were posted."""
    looking = Alerts(desk, now=lambda: now)
    while looking.look():
        pass
    if post:
        return len(sent(desk, now))
    found = desk.store.outbox.claim(now, HOUR)
    for item in found:
        desk.store.outbox.failed(item, "nothing to say any more", now)
    return len(found)


def test_what_the_place_was_alerted_to_is_not_told_again(desk: Desk) -> None:
    set_up(desk)
    followed(desk)
    come(desk, "a", when=NOW + HOUR)
    assert alerts(desk, NOW + HOUR) == 1
    (nothing,) = told(desk, NOW + DAY)
    assert nothing.empty
    come(desk, "b", when=NOW + DAY + HOUR)  # another source says the same
    assert alerts(desk, NOW + DAY + HOUR) == 0
    (again,) = told(desk, NOW + 2 * DAY)
    assert (stories(again), again.stories[0].news) == ([("b", "updated")], "one more source")
    (nothing,) = told(desk, NOW + 3 * DAY)
    assert nothing.empty


def test_what_changed_since_an_alert_is_told_as_updated(desk: Desk) -> None:
    set_up(desk)
    followed(desk)
    come(desk, "a", when=NOW + HOUR)
    assert alerts(desk, NOW + HOUR) == 1
    come(desk, "b", when=NOW + 2 * HOUR)
    assert alerts(desk, NOW + 2 * HOUR) == 0
    (issue,) = told(desk, NOW + DAY)
    assert stories(issue) == [("b", "updated")]
    edited(desk, "a", MORE, NOW + DAY + HOUR, NOW + HOUR)
    assert alerts(desk, NOW + DAY + HOUR) == 0
    (issue,) = told(desk, NOW + 2 * DAY)
    assert issue.stories[0].news == "edited by its publisher"


def test_an_edit_of_what_was_only_alerted_is_a_change(desk: Desk) -> None:
    set_up(desk)
    followed(desk)
    come(desk, "a", when=NOW + HOUR)
    assert alerts(desk, NOW + HOUR) == 1
    (nothing,) = told(desk, NOW + DAY)
    assert nothing.empty
    edited(desk, "a", MORE, NOW + DAY + HOUR, NOW + HOUR)
    (issue,) = told(desk, NOW + 2 * DAY)
    assert [(one.change, one.news) for one in issue.stories] == [
        ("updated", "edited by its publisher")
    ]


def test_an_alert_that_was_never_posted_leaves_its_story_to_the_digest(desk: Desk) -> None:
    set_up(desk)
    followed(desk)
    come(desk, "a", when=NOW + HOUR)
    assert alerts(desk, NOW + HOUR, post=False) == 1
    (issue,) = told(desk, NOW + DAY)
    assert stories(issue) == [("a", "")]


def test_an_alert_in_another_place_leaves_its_story_to_the_digest(desk: Desk) -> None:
    set_up(desk)
    followed(desk, place="C2", room="C2")
    come(desk, "a", when=NOW + HOUR)
    assert alerts(desk, NOW + HOUR) == 1
    (issue,) = told(desk, NOW + DAY)
    assert stories(issue) == [("a", "")]


def test_a_denial_is_said_to_be_one(desk: Desk) -> None:
    set_up(desk)
    come(desk, "a", when=NOW + HOUR)
    told(desk, NOW + DAY)
    denial: FoundFact = met(MET, status=Status.DENIED)
    come(desk, "b", when=NOW + DAY + HOUR, facts=[denial])
    (again,) = told(desk, NOW + 2 * DAY)
    assert stories(again) == [("b", "denied")]


def test_the_most_important_is_told_first_whatever_changed(desk: Desk) -> None:
    set_up(desk)
    come(desk, "old", "Zubrowka opened its mountain railway to winter guests", NOW + HOUR)
    told(desk, NOW + DAY)
    then = NOW + DAY + HOUR
    come(desk, "match", "Qatar beat Japan 3-1 in the final of the football cup", then)
    for n in range(3):
        come(desk, f"blast{n}", "A bomb killed 40 people at a market in Iran", then)
    come(desk, "new", "Zubrowka opened its mountain railway to winter guests", then)
    (issue,) = told(desk, NOW + 2 * DAY)
    assert (issue.stories[0].sources, issue.stories[0].change) == (3, "")
    assert issue.stories[0].line.snippet.article.startswith("blast")
    assert issue.stories[-1].line.snippet.article == "match"
    assert {one.change for one in issue.stories} == {"", "updated"}


def test_of_a_story_its_most_important_article_is_quoted(desk: Desk) -> None:
    set_up(desk)
    mark = "the siege of the harbour of Freedonia, its old lighthouse and the grain fleet"
    come(desk, "a", f"Forces seize the harbour and kill 30 people in {mark}", NOW + HOUR)
    come(desk, "b", f"A museum shows watercolours of {mark}", NOW + 2 * HOUR)
    (issue,) = told(desk, NOW + DAY)
    assert issue.stories[0].line.snippet.article == "a"
    assert issue.total == len(issue.stories)


def test_what_belongs_to_another_place_or_is_old_is_not_told(desk: Desk) -> None:
    set_up(desk)
    come(desk, "private", when=NOW + HOUR, audience="C9")
    come(desk, "ours", "Freedonia elected a harbour master", NOW + HOUR, audience=ROOM)
    come(desk, "old", "Zubrowka opened its railway", NOW - 9 * DAY, first_seen=NOW + HOUR)
    (issue,) = told(desk, NOW + DAY)
    assert stories(issue) == [("ours", "")]


def test_what_has_no_date_is_never_new(desk: Desk) -> None:
    set_up(desk)
    come(desk, "a", when=NOW + HOUR, published=None)
    (nothing,) = told(desk, NOW + DAY)
    assert nothing.empty
    come(desk, "b", when=NOW + DAY + HOUR)  # it tells the same, and has a date
    (first,) = told(desk, NOW + 2 * DAY)
    assert stories(first) == [("b", "")]


def test_actors_chosen_and_what_is_followed_are_what_it_is_about(desk: Desk) -> None:
    set_up(desk, actors=(("state:fra", "France"),))
    come(desk, "a", when=NOW + HOUR)
    come(desk, "b", "Freedonia elected a harbour master", NOW + HOUR)
    (nothing,) = told(desk, NOW + DAY)
    assert nothing.empty
    assert nothing.label == "France"
    topic = Topic(actors=((QATAR, "Qatar"), (IRAN, "Iran")))
    values: dict[str, Any] = {"workspace": LOCAL, "id": 0, "team": TEAM, "place": ROOM}
    values |= {"person": PERSON, "typed": "Qatar Iran", "since": NOW, "digest_only": True}
    desk.store.watches.add(Watch.model_validate(values | {"topic": topic}))
    come(desk, "c", when=NOW + DAY + HOUR)
    (issue,) = told(desk, NOW + 2 * DAY)
    assert stories(issue) == [("c", "")]
    assert issue.stories[0].follows == "Qatar and Iran"
    assert issue.label == "Qatar and Iran, France"


def test_a_quiet_day_is_a_line_or_nothing_as_set(desk: Desk) -> None:
    digest = set_up(desk, quiet="silent")
    assert told(desk, NOW + DAY) == []
    desk.store.digests.change(digest, quiet="line")
    (line,) = told(desk, NOW + 2 * DAY)
    assert line.empty


def test_what_is_planned_today_and_feeds_that_fail_are_told(desk: Desk) -> None:
    set_up(desk)
    day = date(2026, 5, 5)
    plan = met(MET, status=Status.PLANNED, event_date=day, date_precision="day")
    come(desk, "a", when=NOW - 2 * DAY, facts=[plan])
    feed = {"workspace": LOCAL, "added_at": NOW, "next_poll": NOW}
    for name, failures, audience in (
        ("bad", 3, EVERYWHERE),
        ("well", 2, EVERYWHERE),
        ("x", 9, "C9"),
    ):
        url = f"https://{name}.example.org/feed"
        values = {"id": name, "url": url, "failures": failures, "audience": audience}
        desk.store.feeds.add(Feed.model_validate(feed | values | {"title": name}), url)
    (issue,) = told(desk, datetime(2026, 5, 5, 8, 1, tzinfo=UTC))
    assert [line.snippet.article for line in issue.planned] == ["a"]
    assert issue.feeds == ("bad",)
    assert (issue.total, issue.empty) == (0, False)
    (later,) = told(desk, datetime(2026, 5, 6, 8, 1, tzinfo=UTC))
    assert later.empty


def test_more_than_a_message_holds_is_counted(desk: Desk) -> None:
    set_up(desk)
    acts = (
        "Floods kill 12 people in",
        "Voters elect a parliament in",
        "Police arrest smugglers in",
    )
    places = ("Peru", "Chad", "Japan", "Norway", "Kenya", "Cuba")
    texts = [f"{act} {place}" for act in acts for place in places]
    for n, text in enumerate(texts):
        come(desk, f"a{n}", text, NOW + HOUR)
    (issue,) = told(desk, NOW + DAY)
    assert (issue.total, len(issue.stories)) == (SHOWN + 3, SHOWN)
    (nothing,) = told(desk, NOW + 2 * DAY)
    assert nothing.empty


def test_missed_for_days_it_is_sent_once_and_tells_it_all(desk: Desk) -> None:
    set_up(desk)
    come(desk, "a", when=NOW + HOUR)
    come(desk, "b", "Freedonia elected a harbour master", NOW + 2 * DAY)
    (issue,) = told(desk, NOW + 4 * DAY)
    assert len(stories(issue)) == 2
    come(desk, "c", "Zubrowka opened its railway", NOW + 4 * DAY + HOUR)
    assert told(desk, NOW + 5 * DAY + 14 * HOUR) == []  # too late for it
    (issue,) = told(desk, NOW + 6 * DAY)
    assert stories(issue) == [("c", "")]


def test_what_was_being_taken_in_is_not_lost(desk: Desk) -> None:
    """Its intake began before the digest, and ended after it."""
    set_up(desk)
    (nothing,) = told(desk, NOW + DAY)
    assert nothing.empty
    come(desk, "a", when=NOW + DAY - HOUR)
    (issue,) = told(desk, NOW + 2 * DAY)
    assert stories(issue) == [("a", "")]


def test_changed_while_it_is_made_it_is_made_anew(desk: Desk) -> None:
    digest = set_up(desk)
    claimed = desk.store.digests.claim(NOW + DAY, HOUR)
    assert claimed is not None
    assert desk.store.digests.claim(NOW + DAY, HOUR) is None
    desk.store.digests.change(digest, paused=True)
    issue, news = make_issue(desk, claimed, NOW + DAY)
    assert isinstance(issue, DigestIssue)
    assert not desk.store.digests.finish(claimed, NOW + 2 * DAY, None, news, NOW + DAY)
    assert told(desk, NOW + DAY) == []


def test_set_up_by_whom_and_for_whom(desk: Desk) -> None:
    setting = Setting(desk, TEAM)
    asker = Asker(workspace=LOCAL, person=PERSON, place=ROOM, tz="Europe/Berlin", now=NOW)
    with pytest.raises(BadQuery, match="no digest yet"):
        setting.pause(asker, mine=False)
    own, new = setting.set_up(asker, Wish(DAILY), mine=True)
    assert (new, own.place, own.room) == (True, PERSON, None)  # the channel's is not told there
    wish = Wish(DAILY, setting.actors(asker, "Quatar, Iran"), "silent", None)
    here, _ = setting.set_up(asker, wish, mine=False)
    hours = Hours(begin=time(22), end=time(7))
    again, new = setting.set_up(asker, Wish(DAILY, hush=hours, keep_hush=False), mine=False)
    assert (new, again.id, again.actors, again.quiet) == (False, here.id, here.actors, "silent")
    assert [one.id for one in setting.listed(asker)] == [here.id, own.id]
    with pytest.raises(BadQuery, match="not sure who"):
        setting.actors(asker, "Qatar, Wakanda")
    stranger = asker.model_copy(update={"person": "U2"})
    assert [one.id for one in setting.listed(stranger)] == [here.id]
    guest = Setting(desk, TEAM, guest=True)
    with pytest.raises(BadQuery, match="You are a guest"):
        guest.set_up(asker, Wish(DAILY), mine=False)
    with pytest.raises(BadQuery, match="You are a guest"):
        guest.remove(asker, mine=False)
    for tells in (guest.preview, guest.resume):
        with pytest.raises(BadQuery, match="You are a guest"):
            tells(asker, mine=True)
    with pytest.raises(BadQuery, match="You are a guest"):
        guest.set_up(asker, Wish(DAILY), mine=True)
    assert guest.pause(asker, mine=True).paused
    assert setting.remove(asker, mine=False).id == here.id
    assert setting.of(asker, mine=False) is None


def test_stories_have_a_line_that_stands_in_the_article(desk: Desk) -> None:
    set_up(desk)
    come(desk, "a", when=NOW + HOUR, title="Neighbours meet")
    (issue,) = told(desk, NOW + DAY)
    (story,) = issue.stories
    assert isinstance(story, DigestStory)
    assert story.headline == "Neighbours meet"
    assert story.line.snippet.quote == MET
