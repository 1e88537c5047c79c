"""Stories of a brief: which are one, and which leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.answer.cli_output import plain_text
from bot.answer.importance import (
    FEATURES,
    PAIR_FEATURES,
    Report,
    _without_soft,
    diverse,
    stories,
    trained,
)
from bot.desk import Desk
from bot.gather.files import Defaults, drafts
from bot.models import Answer, Asker, Brief, Draft, Nothing
from bot.text.english import stems
from bot.text.networks import DIMENSIONS, encode
from tests.replies import line

TODAY = date(2026, 3, 28)
TEXTS = {
    "strike": "A missile strike kills 40 people at a port in Zembla.",
    "toll": "The toll of the missile strike on the port in Zembla rises to 52.",
    "tennis": "In tennis, the Zemblan player reaches the semi-finals.",
    "treaty": "Zembla and Ruritania sign a treaty on shared rivers.",
}


def report(key: str, age: int = 1, sources: int = 1) -> Report:
    day = TODAY - timedelta(days=age)
    published = datetime(day.year, day.month, day.day, tzinfo=UTC)
    one = line(TEXTS[key], article=key, published=published)
    names = {"zembla", "zemblan"}
    return Report(
        line=one,
        terms=frozenset(stems(TEXTS[key])) - names,
        sources=frozenset(f"{key}{n}" for n in range(sources)),
        mentions=1,
        titled=False,
        vector=encode([TEXTS[key]])[0],
        day=day,
    )


def leads(*reports: Report) -> list[str]:
    return [one.lead.snippet.article for one in stories(reports, TODAY, 14)]


def test_weights_name_every_feature() -> None:
    model = trained()
    assert model.mean.shape == model.spread.shape == (len(FEATURES),)
    assert model.same.shape == (len(PAIR_FEATURES) + 1,)
    assert model.linear.shape == (len(FEATURES) + DIMENSIONS,)
    assert model.inner.shape == (len(FEATURES) + 2 * DIMENSIONS, len(model.outer))


def test_an_attack_leads_and_sport_comes_last() -> None:
    found = leads(report("tennis", age=0), report("treaty"), report("strike"))
    assert found[0] == "strike"
    assert found[-1] == "tennis"


def test_reports_of_one_event_are_one_story_with_the_sources_of_all() -> None:
    found = stories([report("strike"), report("toll", age=0), report("treaty")], TODAY, 14)
    together = next(one for one in found if len(one.reports) == 2)
    assert {one.line.snippet.article for one in together.reports} == {"strike", "toll"}
    assert together.lead.sources == 2


def test_soft_articles_count_if_their_line_is_judged_sure() -> None:
    """A running report on a war is no hard news by its kind."""
    reports = [report("strike")._replace(hard=0.1), report("treaty"), report("tennis")]
    chances = np.array([0.9, 0.5, 0.5])
    assert _without_soft(chances, reports, {0: 2.0}).tolist() == [0.9, 0.5, 0.5]
    assert _without_soft(chances, reports, {}).tolist() == [0.0, 0.5, 0.5]
    assert _without_soft(chances - 0.3, reports, {0: 2.0})[0] == 0


def test_nothing_is_no_story() -> None:
    assert stories([], TODAY, 14) == []


def test_what_repeats_an_earlier_story_comes_later() -> None:
    alike = np.array([[1.0, 0.4, 0.0], [0.4, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert diverse([3.0, 2.9, 2.0], alike) == [[0], [2], [1]]
    alike[0, 1] = alike[1, 0] = 0.9
    assert diverse([3.0, 2.9, 2.0], alike) == [[0, 1], [2]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk.open(tmp_path / "desk")
    yield opened
    opened.close()


def _take_in(desk: Desk, folder: Path, texts: dict[str, str]) -> None:
    for day, text in texts.items():
        (folder / f"{day}.md").write_text(f"---\ndate: {day}\n---\n\n{text}\n", "utf-8")
    now = datetime(2026, 4, 1, tzinfo=UTC)
    desk.ingest(drafts([str(folder)], defaults=Defaults(), now=now), now=now)


def test_nothing_older_than_the_window_stands_among_what_happened(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    texts = {
        "2026-01-05": "Qatar signs a treaty with Japan on gas in Tokyo.",
        "2026-03-20": "Qatar condemns an attack on its embassy in Beirut.",
        "2026-03-22": "Floods kill 12 people in Qatar.",
        "2026-03-26": "Qatar expels the ambassador of Iran from Doha.",
    }
    _take_in(desk, folder, texts)
    reply = desk.brief(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), "Qatar")
    assert isinstance(reply, Brief)
    assert reply.in_short
    shown = [*reply.in_short, *reply.happened]
    days = {one.snippet.published.date().isoformat() for one in shown if one.snippet.published}
    assert days == set(texts) - {"2026-01-05"}
    assert (reply.articles, reply.days) == (3, 14)


@pytest.mark.parametrize(("passages", "days"), [((5,), {26}), ((5, 10, 800), {20, 22, 26})])
def test_a_long_report_leaves_room_for_others(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    passages: tuple[int, ...],
    days: set[int],
) -> None:
    monkeypatch.setattr("bot.answer.brief._PASSAGES", passages)
    folder = tmp_path / "notes"
    folder.mkdir()
    long = "Qatar said on Thursday that talks over ship number {} went on in Doha as planned."
    texts = {
        "2026-03-20": "Oil prices in Qatar are at their highest for ten years.",
        "2026-03-22": "A storm in Qatar has left thousands of homes without power.",
        "2026-03-26": "\n\n".join(long.format(n) for n in range(150)),
    }
    _take_in(desk, folder, texts)
    reply = desk.brief(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), "Qatar")
    assert isinstance(reply, Brief)
    shown = [*reply.in_short, *reply.happened]
    assert {one.snippet.day.day for one in shown if one.snippet.day} == days


def test_of_old_articles_the_last_year_of_them_counts(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    texts = {
        "2011-01-05": "Qatar signs a treaty with Japan on gas in Tokyo.",
        "2023-02-20": "Qatar condemns an attack on its embassy in Beirut.",
        "2023-03-26": "Qatar expels the ambassador of Iran from Doha.",
    }
    _take_in(desk, folder, texts)
    reply = desk.brief(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), "Qatar")
    assert isinstance(reply, Brief)
    shown = [*reply.in_short, *reply.happened]
    assert [one.snippet.published.year for one in shown if one.snippet.published] == [2023, 2023]
    days = (date(2026, 3, 28) - date(2023, 3, 26)).days + 365
    assert f"in the last {days} days" in plain_text(reply, "UTC")


def test_a_window_with_too_little_is_widened_and_says_so(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    texts = {
        "2026-01-05": "Qatar signs a treaty with Japan on gas in Tokyo.",
        "2026-02-20": "Qatar condemns an attack on its embassy in Beirut.",
        "2026-03-26": "Qatar expels the ambassador of Iran from Doha.",
    }
    _take_in(desk, folder, texts)
    reply = desk.brief(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), "Qatar")
    assert isinstance(reply, Brief)
    assert reply.in_short
    assert len([*reply.in_short, *reply.happened]) == 3
    assert (reply.articles, reply.days) == (3, 90)
    assert "3 articles in the last 90 days" in plain_text(reply, "UTC")


def test_old_stories_stand_by_their_date(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    texts = {
        "2026-01-05": "Qatar attacks Iran with missiles; 300 people are killed in Tehran.",
        "2026-01-20": "Qatar opens a library in Doha.",
        "2026-02-10": "Qatar and Japan sign a treaty on gas in Tokyo.",
    }
    _take_in(desk, folder, texts)
    reply = desk.brief(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), "Qatar")
    assert isinstance(reply, Brief)
    assert not reply.in_short
    days = [line.snippet.day.isoformat() for line in reply.happened if line.snippet.day]
    assert days == sorted(texts, reverse=True)


NEWS = {
    "2026-03-24": "Ruritania bombs a port of Zembla and kills 90 people.",
    "2026-03-26": "Borduria announces a plan for a railway museum in Szohod.",
    "2026-03-27": "A missile strike kills 40 people in Freedonia, the army of Qatar says.",
    "2026-03-27b": "Qatar says that a missile strike killed 40 people in Freedonia.",
    "2026-03-28": "Qatar beats Japan 3-1 in the final of the football cup.",
    "2026-03-28b": "Borduria recalls its ambassador from Syldavia over a border clash.",
}


@pytest.fixture
def news(desk: Desk) -> Desk:
    now = datetime(2026, 4, 1, tzinfo=UTC)  # long after it was published
    made = [
        Draft(
            text=text,
            external_id=key,
            publisher=f"p{n}.example.org",
            published=datetime.fromisoformat(f"{key[:10]}T09:00:00Z"),
        )
        for n, (key, text) in enumerate(NEWS.items())
    ]
    desk.ingest(made, now=now)
    return desk


def _cited(reply: object) -> list[str | None]:
    assert isinstance(reply, Answer)
    return [one.snippet.external_id for one in reply.lines]


@pytest.mark.parametrize(
    "text",
    [
        "What is new since yesterday?",
        "what did I miss since 27 March?",
        "any news today?",
        "what new since yesterday",
        "updates since yesterday",
        "today's headlines",
    ],
)
def test_what_is_new_is_the_most_important_stories_by_publication(news: Desk, text: str) -> None:
    found = _cited(news.ask(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), text))
    assert found[-1] == "2026-03-28"  # sport
    if "today" in text:
        assert found[0] == "2026-03-28b"
    else:
        assert found[0] in ("2026-03-27", "2026-03-27b")
        assert len(found) == 3  # the two about the strike are one story
    assert "2026-03-24" not in found


@pytest.mark.parametrize(
    "text", ["top 5 stories this week", "what happened in the world", "morning brief"]
)
def test_the_news_in_general_is_that_of_the_week(news: Desk, text: str) -> None:
    assert len(_cited(news.ask(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), text))) == 5


def test_what_is_new_about_those_asked_about_before_is_ranked_too(news: Desk) -> None:
    asker = Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC))
    qatar = news.brief(asker, "Qatar")
    assert isinstance(qatar, Brief)
    reply = news.ask(asker, "what is new since yesterday?", following=qatar.subjects)
    assert isinstance(reply, Answer)
    assert _cited(reply)[0] in ("2026-03-27", "2026-03-27b")
    assert all("Qatar" in line.snippet.quote for line in reply.lines)


def test_running_reports_count_and_show_what_happened(desk: Desk) -> None:
    """Neither the kind of a report nor the note it begins with hides the main story."""
    texts = {
        "Israel-Hamas war news: Live updates on the war as Israel ...": (
            "Editor's note: This page reflects the news from Thursday. For the latest, see here.\n\n"
            "Israel ordered the evacuation of Gaza City on Friday before a ground attack on Hamas."
        ),
        "Stadium sells out for the final of the cup": (
            "The stadium in Manchester is sold out for the final of the football cup."
        ),
    }
    day = datetime(2026, 3, 27, 9, tzinfo=UTC)
    made = [
        Draft(title=title, text=text, published=day, url=f"https://n.example.org/world/{n}")
        for n, (title, text) in enumerate(texts.items())
    ]
    desk.ingest(made, now=day)
    reply = desk.ask(Asker(now=day), "top stories")
    assert isinstance(reply, Answer)
    assert "evacuation of Gaza City" in reply.lines[0].snippet.quote


def test_where_nothing_is_new_the_last_stories_are_told(news: Desk) -> None:
    reply = news.ask(Asker(now=datetime(2026, 6, 1, tzinfo=UTC)), "What is new?")
    assert isinstance(reply, Answer)
    assert any("these are the latest" in note for note in reply.reference)
    asked = news.ask(Asker(now=datetime(2026, 6, 1, tzinfo=UTC)), "What is new since yesterday?")
    assert isinstance(asked, Nothing)
    assert any("28 Mar 2026" in note for note in asked.notes)


def test_a_brief_of_a_grouping_leads_with_its_most_important_story(desk: Desk) -> None:
    texts = {
        "a": "Qatar beat Bahrain 3-1 in the handball final.",
        "b": "A bomb kills 40 people at a railway station in Kuwait.",
        "c": "Oman opens a museum of watercolours in Muscat.",
    }
    day = datetime(2026, 3, 27, 9, tzinfo=UTC)
    made = [Draft(text=text, external_id=key, published=day) for key, text in texts.items()]
    desk.ingest(made, now=day)
    reply = desk.brief(Asker(now=day), "Gulf states")
    assert isinstance(reply, Brief)
    assert reply.in_short[0].snippet.external_id == "b"


def test_a_lead_that_refers_back_is_shown_with_the_sentence_before_it(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    before = "A small aircraft crashes in Tver Region, killing all ten people on board."
    texts = {
        "2026-03-20": f"{before} The leader of Hamas was listed as a passenger of it.",
        "2026-03-24": "Hamas releases four hostages in Gaza after talks in Cairo.",
        "2026-03-26": "Israel strikes an office of Hamas in Doha, Qatar.",
    }
    _take_in(desk, folder, texts)
    reply = desk.brief(Asker(now=datetime(2026, 3, 28, 12, tzinfo=UTC)), "Hamas")
    assert isinstance(reply, Brief)
    shown = [one.snippet.quote for one in (*reply.in_short, *reply.happened)]
    assert texts["2026-03-20"] in shown
    quotes = [one.snippet.quote for one in (*reply.in_short, *reply.happened, *reply.more)]
    assert all(sum(one in other for other in quotes) == 1 for one in quotes)
    assert before not in quotes
