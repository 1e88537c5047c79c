"""What a home shows: counts over what its person may see, what they follow, who may feed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk import Desk
from bot.models import Asker, Draft, Feed, WorkspacePreferences
from bot.pages.app_home import Who, home, may_add_feeds
from bot.watches.watchlist import WatchList, WatchRequest
from tests.stocked import TEAM, desk_at

ME, DM, NOW = "U0YOU", "D0DRAGOMAN", datetime(2026, 4, 1, 12, tzinfo=UTC)
MEMBER = Who(ME)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


def asker(now: datetime = NOW, **more: Any) -> Asker:
    return Asker(**{"workspace": TEAM, "person": ME, "place": DM, "tz": "UTC", "now": now} | more)


@pytest.mark.parametrize(
    ("who", "preferred", "may"),
    [
        (Who(ME), {}, False),
        (Who(ME, admin=True), {}, True),
        (Who(ME), {"feeds_by": "everybody"}, True),
        (Who(ME, guest=True), {"feeds_by": "everybody"}, False),
        (Who(ME), {"feeds_by": "listed", "people": (ME,)}, True),
        (Who(ME), {"feeds_by": "listed", "people": ("U0OTHER",)}, False),
        (Who(ME), {"feeds_by": "admins", "people": (ME,)}, False),
        (Who(ME, guest=True), {"feeds_by": "listed", "people": (ME,)}, False),
        (Who(ME, admin=True), {"feeds_by": "listed", "people": ()}, True),
    ],
)
def test_who_may_add_feeds(who: Who, preferred: dict[str, Any], *, may: bool) -> None:
    assert may_add_feeds(who, WorkspacePreferences.model_validate(preferred)) is may


def test_a_newcomer_sees_what_is_read(desk: Desk) -> None:
    found = home(desk, TEAM, asker(), MEMBER)
    assert found.read.articles == desk.store.articles_total(TEAM)
    assert found.read.newest == datetime(2026, 3, 28, tzinfo=UTC).date()
    assert not found.ever
    assert found.active
    assert [one.articles for one in found.active] == sorted(
        (one.articles for one in found.active), reverse=True
    )
    assert (found.watches, found.digests, found.asked) == ((), (), ())


def test_the_most_important_stories_of_the_week_stand_first(desk: Desk) -> None:
    texts = [
        "Zembla wins the football cup final against Ruritania.",
        "A missile strike kills 60 people at a port in Iran.",
    ]
    for n, text in enumerate(texts):
        draft = Draft(
            text=text, external_id=f"week{n}", publisher=f"p{n}.example.org", published=NOW
        )
        desk.ingest([draft], now=NOW, workspace=TEAM, audience="C0WEEK")
    there = home(desk, TEAM, asker(place="C0WEEK"), MEMBER).stories
    assert there[0].snippet.quote == texts[1]
    assert there[-1].snippet.quote == texts[0]  # sport
    assert not {one.snippet.quote for one in home(desk, TEAM, asker(), MEMBER).stories} & {*texts}
    assert home(desk, TEAM, asker(NOW + timedelta(days=400)), MEMBER).stories == ()


def test_where_the_week_brought_nothing_all_is_counted(desk: Desk) -> None:
    later = home(desk, TEAM, asker(NOW + timedelta(days=400)), MEMBER)
    assert later.ever
    assert later.active[0].articles >= home(desk, TEAM, asker(), MEMBER).active[0].articles


def test_only_what_somebody_may_see_is_counted(desk: Desk) -> None:
    draft = Draft(
        title="Zubrowka and Freedonia sign",
        text="Qatar signed a gas deal with Iran on Monday.",
        external_id="secret",
        publisher="secret.example.org",
        published=NOW - timedelta(hours=3),
        published_precision="minute",
    )
    before = home(desk, TEAM, asker(), MEMBER)
    desk.ingest([draft], now=NOW, workspace=TEAM, audience="C0SECRET")
    assert home(desk, TEAM, asker(), MEMBER) == before
    draft = draft.model_copy(update={"external_id": "mine", "text": draft.text + " It said so."})
    desk.ingest([draft], now=NOW, workspace=TEAM, audience=DM)
    after = home(desk, TEAM, asker(), MEMBER)
    assert after.read.articles == before.read.articles + 1
    guest = home(desk, TEAM, asker(), Who(ME, guest=True))
    assert guest.read.articles == 1
    assert {one.name for one in guest.active} == {"Qatar", "Iran"}


def test_watches_of_ones_own_and_those_set_up_in_channels(desk: Desk) -> None:
    watching = WatchList(desk, TEAM)
    watching.follow(asker(place="C0WORLD"), WatchRequest("Iran"))
    watching.follow(asker(), WatchRequest("Qatar", personal=True))
    watching.follow(asker(person="U0OTHER", place="C0WORLD"), WatchRequest("Turkey"))
    found = home(desk, TEAM, asker(), MEMBER).watches
    assert [(one.place, one.typed) for one in found] == [(ME, "Qatar"), ("C0WORLD", "Iran")]


def test_feeds_are_told_to_admins_and_counted_for_others(desk: Desk) -> None:
    for n, failures in enumerate((0, 3, 9)):
        feed = Feed(
            workspace=TEAM,
            id=f"feed{n}",
            url=f"https://example.org/{n}.xml",
            title=f"Feed {n}",
            added_at=NOW,
            next_poll=NOW,
            last_poll=NOW,
            failures=failures,
            failing_since=NOW if failures else None,
            said="its server does not answer" if failures else None,
        )
        assert desk.store.feeds.add(feed, f"example.org/{n}.xml")
    shown = home(desk, TEAM, asker(), Who(ME, admin=True)).read
    assert (shown.feeds, shown.failed) == (3, 2)
    assert [name for name, _ in shown.failing] == ["Feed 2", "Feed 1"]
    hidden = home(desk, TEAM, asker(), MEMBER).read
    assert (hidden.feeds, hidden.failed, hidden.failing) == (3, 0, ())
    assert home(desk, TEAM, asker(), Who(ME, guest=True)).read.feeds == 0
