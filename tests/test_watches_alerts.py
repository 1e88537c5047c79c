"""Who is told of what is new: a story once, from enough sources, to those who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk import DATABASE, INDEX, Desk
from bot.errors import BadQuery
from bot.match.gazetteer import load
from bot.models import EVERYWHERE, LOCAL, Alert, Asker, DidYouMean, Draft, EventClass, Outgoing
from bot.search.index import PassageIndex
from bot.store.store import Store
from bot.watches.alerts import MOST_SEPARATE, OLD_NEWS, Alerts
from bot.watches.watchlist import Followed, WatchList, parse_watch
from tests import databases
from tests.unsent import unsent

pytestmark = pytest.mark.usefixtures("each_store")

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
TEAM, ROOM, OTHER, PERSON, DIRECT = "T1", "C1", "G2", "U1", "D1"
TALKS = "Qatar held talks with Iran on Monday about the gas field. Officials gave no details."


@pytest.fixture(scope="module")
def seeded(each_store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the actors and the index over them, and no article."""
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


def asker(place: str = ROOM, person: str = PERSON, now: datetime = NOW) -> Asker:
    return Asker(workspace=LOCAL, person=person, place=place, now=now)


def follow(desk: Desk, text: str, who: Asker | None = None, team: str = TEAM) -> Followed:
    who = who or asker()
    asked = parse_watch(text)
    personal = bool(asked.personal) or who.place.startswith("D")
    done = WatchList(desk, team).follow(who, asked._replace(personal=personal))
    assert isinstance(done, Followed)
    return done


def come(
    desk: Desk,
    text: str = TALKS,
    *,
    n: int = 0,
    publisher: str = "one.example.org",
    published: datetime | None = NOW,
    now: datetime = NOW,
    audience: str = EVERYWHERE,
    title: str = "",
) -> None:
    draft = Draft(
        title=title,
        text=text,
        url=f"https://{publisher}/{n}",
        publisher=publisher,
        published=published,
        published_precision="minute" if published else None,
    )
    desk.ingest([draft], now=now, audience=audience)


def told(desk: Desk, now: datetime = NOW, team: str = TEAM) -> list[tuple[Outgoing, Alert]]:
    while Alerts(desk, now=lambda: now).look():
        pass
    pending = unsent(desk.store, team)
    return [(one, Alert.model_validate(one.content)) for one in pending]


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def test_a_new_story_is_told_with_its_sentence_and_why(desk: Desk) -> None:
    follow(desk, "Quatar")
    come(desk, title="Talks on gas")
    ((message, alert),) = told(desk)
    assert (message.kind, message.place, message.owner) == ("alert", ROOM, PERSON)
    (story,) = alert.stories
    assert story.headline == "Talks on gas"
    assert story.line.snippet.quote in TALKS
    assert story.line.fact
    assert (story.sources, story.line.snippet.publisher) == (1, "one.example.org")
    (reason,) = story.reasons
    assert reason.follows == "Qatar"
    assert "names Qatar" in reason.why


def test_one_alert_a_story_not_one_an_article(desk: Desk) -> None:
    follow(desk, "Qatar")
    follow(desk, "Iran")
    come(desk)
    assert len(told(desk)) == 1
    come(desk, f"{TALKS} The gas field was shut.", n=1, publisher="two.example.org", now=later(1))
    ((_, alert),) = told(desk, later(1))
    assert [one.follows for one in alert.stories[0].reasons] == ["Qatar", "Iran"]


def test_looking_again_or_in_two_processes_tells_once(desk: Desk) -> None:
    follow(desk, "Qatar")
    come(desk)
    after = desk.store.news.cursor()
    assert told(desk)
    assert not desk.store.news.record(after, after + 1, [], [], NOW)
    assert len(told(desk)) == 1
    assert Alerts(desk, now=lambda: NOW).look() == 0


def test_a_threshold_waits_for_independent_sources(desk: Desk) -> None:
    follow(desk, "Qatar from 2 sources")
    come(desk)
    assert told(desk) == []
    come(desk, n=1, publisher="copy.example.org")  # a near-copy is nobody's second voice
    assert told(desk) == []
    other = (
        "Iran and Qatar held talks on Monday over their gas field. A ministry spoke of progress "
        "on prices."
    )
    come(desk, other, n=2, publisher="two.example.org")
    ((_, alert),) = told(desk)
    assert alert.stories[0].sources == 2


@pytest.mark.parametrize(
    ("published", "expected"),
    [(NOW - OLD_NEWS + timedelta(hours=1), 1), (NOW - OLD_NEWS - timedelta(hours=1), 0), (None, 1)],
)
def test_what_is_old_is_no_news(desk: Desk, published: datetime | None, expected: int) -> None:
    follow(desk, "Qatar")
    come(desk, published=published)
    assert len(told(desk)) == expected


def test_what_was_there_before_it_was_followed_is_not_told(desk: Desk) -> None:
    come(desk, now=NOW - timedelta(minutes=5))
    follow(desk, "Qatar")
    assert told(desk) == []


FITS = {
    "Qatar": True,
    "Iran Qatar": True,
    "Qatar Russia": False,
    "Russia": False,
    "Qatar talks": True,
    "Qatar type:sanction": False,
    "type:consult": True,
    "“gas field”": True,
    "“field gas”": False,
    "gas fields": True,
    "Qatar “gas field”": True,
    "Russia “gas field”": False,
    "Tehran": True,  # a capital is its government
}


def test_what_fits(desk: Desk) -> None:
    for number, topic in enumerate(FITS):
        follow(desk, topic, asker(f"C{number}"))
    come(desk)
    places = {one.place for one, _ in told(desk)}
    assert {t: f"C{n}" in places for n, t in enumerate(FITS)} == FITS


def test_a_passing_mention_is_no_news(desk: Desk) -> None:
    follow(desk, "Qatar")
    filler = "The harbour town held its yearly fair, and many people came to it. " * 12
    come(desk, f"{filler}A band from Qatar played.")
    assert told(desk) == []


def test_how_they_want_to_be_told(desk: Desk) -> None:
    watching = WatchList(desk, TEAM)
    follow(desk, "Qatar in the digest")
    come(desk)
    assert told(desk) == []
    follow(desk, "Qatar")  # asked for again: at once from now on
    watching.mute(asker(), "Quatar 2h")
    come(desk, "Qatar signed a deal with Turkey on wheat.", n=1)
    assert told(desk, later(1)) == []
    watching.pause(asker(), "", paused=True)
    come(desk, "Qatar condemned Israel over a raid.", n=2, now=later(3), published=later(3))
    assert told(desk, later(3)) == []
    watching.pause(asker(), "qatar", paused=False)
    come(desk, "Qatar freed two prisoners of Egypt.", n=3, now=later(4), published=later(4))
    assert len(told(desk, later(4))) == 1


def test_what_a_private_place_was_given_is_told_there_only(desk: Desk) -> None:
    follow(desk, "Qatar")
    follow(desk, "Qatar", asker(OTHER))
    follow(desk, "Qatar", asker(DIRECT))
    come(desk, audience=OTHER)
    assert [one.place for one, _ in told(desk)] == [OTHER]


def test_one_team_is_not_told_what_another_follows(desk: Desk) -> None:
    follow(desk, "Qatar", team="T2")
    come(desk)
    assert told(desk) == []
    assert len(told(desk, team="T2")) == 1


def test_much_at_once_is_one_message(desk: Desk) -> None:
    follow(desk, "Qatar")
    acts = ["condemned Israel", "freed two prisoners of Egypt", "signed a deal with Turkey"]
    acts += ["expelled the ambassador of Chad", "sent wheat to Sudan"]
    drafts = [
        Draft(text=f"Qatar {act} on Monday.", publisher=f"p{n}.example.org", published=NOW)
        for n, act in enumerate(acts)
    ]
    desk.ingest(drafts, now=NOW)
    ((_, alert),) = told(desk)
    assert len(alert.stories) > MOST_SEPARATE


def test_of_alerts_that_go_out_together_the_most_important_comes_first(desk: Desk) -> None:
    follow(desk, "Qatar")
    texts = [
        "Qatar won the final of a handball cup against Chad on Monday.",
        "Qatar opened a museum of pearls with Turkey on Monday.",
        "Qatar signed a deal on wheat with Sudan on Monday.",
        "Qatar bombed a port in Zembla on Monday and killed 40 people.",
    ]
    drafts = [
        Draft(text=text, publisher=f"p{n}.example.org", published=NOW)
        for n, text in enumerate(texts)
    ]
    desk.ingest(drafts, now=NOW)
    ((_, alert),) = told(desk)
    quotes = [one.line.snippet.quote for one in alert.stories]
    assert quotes[0] == texts[3]
    assert texts[0] not in quotes[:-1]


def test_what_comes_in_quiet_hours_is_told_together_at_their_end(desk: Desk) -> None:
    follow(desk, "Qatar")
    morning = later(5)
    come(desk, "Qatar beat Turkey in the final of the football cup.", n=1)
    come(desk, "Qatar bombed a port in Iran and killed 40 people.")

    def look(now: datetime) -> None:
        alerts = Alerts(desk, send_time=lambda _s, _w, at: max(at, morning), now=lambda: now)
        while alerts.look():
            pass

    look(NOW)
    look(later(4.9))
    assert unsent(desk.store, TEAM) == []
    look(morning)
    look(later(6))
    (message,) = unsent(desk.store, TEAM)
    first, second = Alert.model_validate(message.content).stories
    assert "bombed" in first.line.snippet.quote
    assert "football" in second.line.snippet.quote


def test_two_processes_tell_each_story_once(desk: Desk) -> None:
    for place in ("C1", "C2", "C3"):
        follow(desk, "Qatar", asker(place))
    acts = ["condemned Israel", "freed two prisoners of Egypt", "signed a deal with Turkey"]
    looks = [Alerts(desk, now=lambda: NOW).look for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for number, act in enumerate(acts):
            come(desk, f"Qatar {act} on Monday.", n=number)
            for done in [threads.submit(look) for look in looks]:
                done.result()
    pending = unsent(desk.store, TEAM)
    assert sorted(one.place for one in pending) == sorted(["C1", "C2", "C3"] * len(acts))


def test_a_name_that_fits_several_is_asked_back(desk: Desk) -> None:
    done = WatchList(desk, TEAM).follow(asker(), parse_watch("Korea"))
    assert isinstance(done, DidYouMean)
    assert len(done.candidates) > 1
    chosen = WatchList(desk, TEAM).follow(asker(), parse_watch("Korea"), {"Korea": "state:kor"})
    assert isinstance(chosen, Followed)
    assert chosen.watch.topic.actors[0][0] == "state:kor"


def test_what_cannot_be_followed(desk: Desk) -> None:
    for text, says in {
        "": "Say what to follow",
        "the": "question",
        "Qatar from:reuters": "cannot have from",
        "Qatar -Iran": "cannot have from",
        "Qatar Iran Russia Turkey": "may have 3",
        "Qatar type:nonsense": "not a kind of event",
        f"“{'long ' * 8_000}”": "300 characters",
    }.items():
        with pytest.raises(BadQuery, match=says):
            WatchList(desk, TEAM).follow(asker(), parse_watch(text))


def test_topics_as_typed(desk: Desk) -> None:
    assert follow(desk, "sanctions").watch.topic.classes == (EventClass.SANCTION,)
    assert follow(desk, "Wakanda").watch.topic.phrases == ("Wakanda",)
    dated = follow(desk, "pipeline explosion in september")
    assert dated.watch.topic.phrases == ("pipeline explosion",)
    assert dated.notes == ("A watch starts now; the dates in it are ignored.",)
    named = follow(desk, "October 7 anniversary")
    assert (named.watch.topic.phrases, named.notes) == (("October 7 anniversary",), ())
    assert "“October 7 anniversary”" in WatchList(desk, TEAM).remove(
        asker(), "October 7 anniversary"
    )
    led = follow(desk, "pipeline during 2024 repairs")
    assert led.watch.topic.phrases == ("pipeline repairs",)
    beside = follow(desk, "Qatar October 7 anniversary")
    assert beside.watch.topic.phrases == ("anniversary",)
    assert beside.notes == dated.notes
    pair = follow(desk, "russai ukrane")
    assert [name for _, name in pair.watch.topic.actors] == ["Russia", "Ukraine"]
    again = follow(desk, "Ukraine Russia from 2 sources")
    assert not again.new
    assert (again.watch.id, again.watch.least) == (pair.watch.id, 2)


def test_which_one_is_meant(desk: Desk) -> None:
    watching = WatchList(desk, TEAM)
    for text in ("Qatar", "Qatar Iran", "“gas field”", "Russia for me"):
        follow(desk, text)
    with pytest.raises(BadQuery, match="is unclear"):
        watching.remove(asker(), "")
    with pytest.raises(BadQuery, match=r"There is no watch #99\. Followed are Qatar"):
        watching.remove(asker(), "#99")
    with pytest.raises(BadQuery, match="Turkey"):
        watching.remove(asker(), "Turkey")
    assert "Qatar (#1)" in watching.remove(asker(), "quatar")
    assert "#2" in watching.remove(asker(), "iran qatar")
    assert "#3" in watching.remove(asker(), "gas feild")
    with pytest.raises(BadQuery, match="Nothing is followed"):
        watching.remove(asker("C9", "U9"), "Russia")
    assert "#4" in watching.remove(asker("C9"), "4")


def test_watches_are_chosen_by_their_numbers_alone(desk: Desk) -> None:
    watching = WatchList(desk, TEAM)
    for text in ("Qatar", "Qatar Iran", "Qatar Russia", "“2 sisters”"):
        follow(desk, text)
    with pytest.raises(BadQuery, match="a number beside a name"):
        watching.remove(asker(), "#1 Qatar")
    with pytest.raises(BadQuery, match=r"“Iran Russia Qatar” is none of them"):
        watching.remove(asker(), "Iran Russia Qatar")
    with pytest.raises(BadQuery, match=r"There is no watch #98 or #99\."):
        watching.remove(asker(), "#1, 99 and 98")
    assert [one.id for one in watching.listed(asker()).here] == [1, 2, 3, 4]
    done = watching.remove(asker(), "#1, 2")
    assert done == "No longer followed: Qatar (#1); Qatar and Iran (#2)."
    with pytest.raises(BadQuery, match=r"There is no watch #1 or #2\."):
        watching.remove(asker(), "#1, 2")
    assert [one.id for one in watching.listed(asker()).here] == [3, 4]


def test_a_name_that_fits_several_watches_is_refused(desk: Desk) -> None:
    watching = WatchList(desk, TEAM)
    for text in ("Qatar Iran", "Qatar Russia"):
        follow(desk, text)
    with pytest.raises(BadQuery, match=r"“Qatar” fits 2 watches: .*\(#1\).*\(#2\).*#1, #2"):
        watching.remove(asker(), "Qatar")
    assert len(watching.listed(asker()).here) == 2


def test_whom_a_place_follows(desk: Desk) -> None:
    follow(desk, "Qatar")
    follow(desk, "Russia for me")
    watching = WatchList(desk, TEAM)
    assert [one.name for one in watching.followed_actors(asker(), alone=False)] == ["Qatar"]
    assert [one.name for one in watching.followed_actors(asker(), alone=True)] == [
        "Russia",
        "Qatar",
    ]
    assert watching.followed_actors(asker("C9", "U9"), alone=True) == ()


def test_an_alert_counts_only_sources_that_tell_what_it_quotes(desk: Desk) -> None:
    follow(desk, "Kenya")
    lead = "Kenya's coast guard pulled forty passengers from a ferry that sank off Lamu."
    first = f"Divers searched the ferry that sank off Lamu; forty passengers were saved. {lead}"
    aside = "The ferry that sank off Lamu had been repaired in January. Its papers were in order."
    again = "A ferry sank off Lamu: forty passengers were pulled out by the coast guard of Kenya."
    come(desk, aside, n=1, publisher="one.example.org")
    come(desk, again, n=2, publisher="two.example.org")
    come(desk, first, n=3, publisher="three.example.org")
    ((_, alert),) = told(desk)
    (story,) = alert.stories
    assert story.articles == 3
    assert "coast guard" in story.line.snippet.quote
    assert (story.sources, story.line.sources) == (2, 2)


def test_items_of_one_day_are_an_alert_each(desk: Desk) -> None:
    acts = ["opened a port on 30 November 2026", "jailed a poet on 30 November 2026"]
    acts += ["banned plastic bags on 30 November 2026"]
    follow(desk, "Qatar")
    follow(desk, "Qatar", asker("C3"))
    for number, act in enumerate(acts):
        come(desk, f"Qatar {act}.", n=number, publisher=f"p{number}.example.org")
    found = [one for _, alert in told(desk) for one in alert.stories]
    assert [one.sources for one in found] == [1] * 6


def test_a_threshold_is_not_met_by_sources_that_tell_something_else(desk: Desk) -> None:
    follow(desk, "Qatar from 2 sources")
    come(desk, "Qatar opened a port in Doha on 30 November 2026.", publisher="a.example.org")
    come(desk, "Qatar jailed a poet in Doha on 30 November 2026.", n=1, publisher="b.example.org")
    assert told(desk) == []
