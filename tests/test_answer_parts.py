"""Which line stands where: disputes, plans, what was said, how sure, and what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.answer.briefs.confidence import confidence
from bot.answer.briefs.disputes import disputed, figures
from bot.answer.briefs.gaps import gaps
from bot.answer.briefs.headed import FIRST_LINES, first, headed, related_words, small_print
from bot.answer.briefs.parts import Material, is_said, parts
from bot.answer.briefs.plans import coming_up, last_day
from bot.answer.briefs.summary import bottom_line, salience
from bot.answer.lines import told_once
from bot.answer.plain import more, plain
from bot.models import ActorType, Asker, Brief, EventClass, Line, Period, Precision, Related, Status
from tests.replies import brief, line
from tests.stocked import TEAM, desk_at

TODAY = date(2026, 4, 1)
PAIR = ("state:qat", "state:irn")


def fact(quote: str, n: int, day: str | None, status: Status, **more: Any) -> Line:
    when = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    values: dict[str, Any] = {
        "fact": f"a{n}.1",
        "who": "Qatar",
        "did": "met",
        "whom": "Iran",
        "about": PAIR,
        "event_class": EventClass.CONSULT,
        "published": when,
    }
    return line(quote, n, status=status, **(values | more))


def words(*lines: Line) -> dict[str, frozenset[str]]:
    return {one.snippet.quote: frozenset(one.snippet.quote.lower().split()) for one in lines}


def material(*lines: Line) -> Material:
    sources = {one.snippet.article: {one.snippet.article} for one in lines}
    return Material(lines, words(*lines), sources, TODAY)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("At least 12 people were killed in the strike.", {"dead": 12}),
        ("The strike killed 20 and wounded 1,200.", {"dead": 20, "hurt": 1200}),
        ("Two soldiers are dead.", {"dead": 2}),
        ("Police arrested 10 people.", {"held": 10}),
        ("12 were killed, and 14 killed in another town.", {}),
        ("In 2024 he was killed.", {}),
        ("He killed time.", {}),
        ("Prices rose 12 percent and killed demand.", {}),
        ("Nobody was hurt.", {}),
    ],
)
def test_how_many(quote: str, found: dict[str, int]) -> None:
    assert figures(quote) == found


HAPPENED, DENIED = Status.HAPPENED, Status.DENIED


@pytest.mark.parametrize(
    ("one", "other", "is_disputed"),
    [
        (("2026-03-20", HAPPENED, {}), ("2026-03-21", DENIED, {}), True),
        (("2026-03-20", HAPPENED, {}), ("2026-03-21", HAPPENED, {}), False),
        (("2026-01-01", HAPPENED, {}), ("2026-03-21", DENIED, {}), False),
        (("2026-03-31", HAPPENED, {}), ("2026-03-21", DENIED, {}), False),
        (("2026-03-20", HAPPENED, {}), ("2026-03-21", DENIED, {"about": ("x", "y")}), False),
        (
            ("2026-03-20", HAPPENED, {}),
            ("2026-03-21", DENIED, {"event_class": EventClass.AGREE}),
            False,
        ),
        (("2026-03-20", HAPPENED, {}), (None, DENIED, {}), False),
    ],
)
def test_a_denial_disputes_what_was_told_shortly_before(
    one: tuple[str, Status, dict[str, Any]],
    other: tuple[str | None, Status, dict[str, Any]],
    is_disputed: bool,
) -> None:
    a = fact("Qatar met Iran in Doha.", 1, one[0], one[1], **one[2])
    b = fact("Qatar did not meet Iran.", 2, other[0], other[1], **other[2])
    assert disputed([b, a], words(a, b)) == ([a, b] if is_disputed else [])


@pytest.mark.parametrize(
    ("first_quote", "second_quote", "day", "is_disputed"),
    [
        ("A strike on Doha killed 12 people.", "A strike on Doha killed 20 people.", "20", True),
        ("A strike on Doha killed 12 people.", "A strike on Doha killed 12 people.", "20", False),
        ("A strike on Doha killed 12 people.", "A strike on Doha killed 20 people.", "25", False),
        ("A strike on Doha killed 12 people.", "Floods far away killed 20 farmers.", "20", False),
        (
            "Four people are killed in a Russian airstrike on Bohodukhiv, Ukraine.",
            "Two people are killed in a Russian airstrike on Sloviansk, Ukraine.",
            "20",
            False,
        ),
        (
            "Four people are killed in a Russian airstrike on Sloviansk in eastern Ukraine.",
            "Two people are killed in a Russian airstrike on Sloviansk, Ukraine.",
            "20",
            True,
        ),
    ],
)
def test_other_figures_of_one_happening_are_disputed(
    first_quote: str, second_quote: str, day: str, is_disputed: bool
) -> None:
    when = datetime(2026, 3, 20, tzinfo=UTC)
    a = line(first_quote, 1, published=when)
    b = line(second_quote, 2, published=when.replace(day=int(day)))
    assert bool(disputed([a, b], words(a, b))) is is_disputed


def test_plans_come_in_the_order_of_their_days() -> None:
    def plan(n: int, day: str | None, told: str = "2026-03-20", **more: Any) -> Line:
        when = date.fromisoformat(day) if day else None
        about = ("state:qat", f"state:{n}")
        return fact(f"plan {n}", n, told, Status.PLANNED, about=about, event_date=when, **more)

    later, sooner, open_ = plan(1, "2026-05-01"), plan(2, "2026-04-05"), plan(3, None)
    passed, forgotten = plan(4, "2026-03-25"), plan(5, "2025-06-01", "2025-05-01")
    kept_month = plan(6, "2026-04-01", date_precision="month")
    done = plan(7, "2026-03-25")
    report = fact("it met", 8, "2026-03-25", Status.HAPPENED, about=done.about)
    lines = [later, sooner, open_, passed, forgotten, kept_month, done, report]
    found = coming_up(lines, TODAY)
    assert [one.snippet.quote[-1] for one in found] == ["6", "2", "1", "3", "4"]
    assert [one.passed for one in found] == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        ("2026-02-03", "day", "2026-02-03"),
        ("2026-02-01", "month", "2026-02-28"),
        ("2026-12-01", "month", "2026-12-31"),
        ("2026-05-05", "year", "2026-12-31"),
        ("2026-05-05", None, "2026-05-05"),
    ],
)
def test_the_last_day_a_date_may_mean(day: str, precision: Precision | None, last: str) -> None:
    assert last_day(date.fromisoformat(day), precision) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("event_class", "status", "claimant", "said"),
    [
        (EventClass.ACCUSE, Status.HAPPENED, None, True),
        (EventClass.CONSULT, Status.HAPPENED, None, False),
        (EventClass.CONSULT, Status.HAPPENED, "Iran", True),
        (EventClass.CONSULT, Status.CALLED_FOR, None, True),
        (EventClass.CONSULT, Status.PLANNED, "Iran", False),
        (EventClass.CONSULT, Status.DENIED, "Iran", False),
        (None, None, None, False),
    ],
)
def test_what_is_said(
    event_class: EventClass | None, status: Status | None, claimant: str | None, said: bool
) -> None:
    one = line("Qatar met Iran.", event_class=event_class, status=status, claimant=claimant)
    assert is_said(one) is said


@pytest.mark.parametrize("did", ["investigated", "sued", "summoned the envoy of"])
def test_what_a_court_or_a_ministry_does_is_not_said(did: str) -> None:
    deed = line("Spain acted.", event_class=EventClass.ACCUSE, status=Status.HAPPENED, did=did)
    assert not is_said(deed)


def test_a_sentence_that_leans_on_another_says_less() -> None:
    when = datetime(2026, 3, 20, tzinfo=UTC)
    leaning = line("He met the envoys of Iran in Doha.", 1, published=when)
    whole = line("Heads of state met in Doha.", 2, published=when)
    assert salience(leaning, when.date()) < salience(whole, when.date())


def test_no_sentence_stands_under_two_headings() -> None:
    told = [
        fact(f"Qatar met Iran for the {n}th round of many talks.", n, f"2026-03-{n + 10}", HAPPENED)
        for n in range(1, 9)
    ]
    denial = fact("Qatar did not meet Iran.", 20, "2026-03-19", DENIED)
    found = parts(material(*told, denial))
    names = ("disputed", "planned", "happened", "said", "undated", "more")
    rows = [one for name in names for one in found[name]] + [found["bottom_line"]]
    assert len(rows) == len({one.snippet.article for one in rows})
    assert [one.status for one in found["disputed"]] == [HAPPENED, DENIED]
    days = [one.snippet.published for one in found["happened"]]
    assert days == sorted(days, reverse=True)


def test_lines_of_one_happening_are_one_with_all_sources() -> None:
    a = fact("Qatar met Iran.", 1, "2026-03-20", HAPPENED, happening="h1")
    b = fact("Talks took place with Tehran.", 2, "2026-03-24", HAPPENED, happening="h1")
    c = fact("Qatar met Iran.", 3, "2026-03-20", HAPPENED, happening="h2")
    sources = {"a1": {"x"}, "a2": {"y"}, "a3": {"z"}}
    found = told_once([a, b, c], sources, words(a, b, c))
    assert [(one.snippet.article, one.sources) for one in found] == [("a1", 2), ("a3", 1)]


@pytest.mark.parametrize(
    ("more", "words_"),
    [
        ({"sources": 3}, "good: 3 independent sources, told directly, 4 days old"),
        (
            {"sources": 3, "published": datetime(2025, 1, 1, tzinfo=UTC)},
            "fair: 3 independent sources, told directly, 455 days old",
        ),
        ({"sources": 1}, "fair: one independent source, told directly, 4 days old"),
        (
            {"sources": 1, "original_source": "AFP"},
            "low: one independent source, retold, 4 days old",
        ),
        ({"claimant": "Iran"}, "low: one independent source, a claim, 4 days old"),
        ({"published": None}, "low: one independent source, told directly, undated"),
        (
            {"sources": 4, "claimant": "Iran"},
            "fair: 4 independent sources, a claim, 4 days old",
        ),
    ],
)
def test_how_sure_and_why(more: dict[str, Any], words_: str) -> None:
    assert confidence(line(**more), TODAY) == words_


def test_what_is_missing() -> None:
    assert gaps(None, [], date(2026, 3, 30), TODAY) == ()
    assert gaps(None, [], date(2026, 3, 1), TODAY) == (
        "The newest article is 31 days old (1 Mar 2026).",
    )
    asked = Period(start=date(2026, 1, 1), end=date(2026, 12, 31))
    days = [date(2026, 1, 2), date(2026, 2, 20), date(2026, 3, 31)]
    assert gaps(asked, days, None, TODAY) == ("No article of 3 Jan 2026 to 19 Feb 2026 is stored.",)
    assert gaps(asked.model_copy(update={"start": date(2026, 2, 19)}), days[1:2], None, TODAY) == (
        "No article of 21 Feb 2026 to 1 Apr 2026 is stored.",
    )
    assert gaps(Period(start=date(2026, 3, 20)), days, None, TODAY) == (
        "No article of 3 Jan 2026 to 19 Feb 2026 is stored.",
    )


def test_a_bottom_line_says_what_others_say_too() -> None:
    lines = [
        line("The ministers met in Doha to speak about gas prices today.", 1),
        line("In Doha the ministers met again over gas prices and exports.", 2),
        line("A horse won a race that has nothing to do with all of this.", 3),
    ]
    found = bottom_line(lines, words(*lines))
    assert found is not None
    assert "ministers" in found.snippet.quote
    assert bottom_line(lines[:1], words(*lines)) is None


def test_eight_lines_at_most_stand_without_a_click() -> None:
    full = brief(
        disputed=(line("a b c", 20), line("d e f", 21)),
        said=(line("g h i", 22), line("j k l", 23)),
    )
    standing = first(headed(full))
    assert len(standing) == FIRST_LINES
    headings = [row.heading for row in standing]
    assert headings == ["Bottom line", "Disputed", "Disputed", "Planned"] + ["Happened"] * 3
    assert len(first(headed(full), FIRST_LINES - 1)) == FIRST_LINES - 1


def test_the_terminal_tells_what_slack_tells() -> None:
    beside = Related(actor="state:irn", name="Iran", type=ActorType.STATE, why="3 passages")
    full = brief(
        related=(beside,),
        members=("Qatar", "Oman"),
        gaps=("The newest article is 31 days old.",),
        confidence="low: one independent source",
        planned=(line("x y z", 30, status=Status.PLANNED, passed=True, did="plans"),),
    )
    shown = plain(full, "UTC")
    for text in small_print(full):
        assert text in shown
    assert "Qatar stands for Qatar, Oman." in shown
    assert "day has passed, no report stored" in shown
    assert related_words(full) in more(full, "UTC")
    assert "word7x0" in more(full, "UTC")
    assert "word7x0" not in shown


def test_a_plan_quotes_the_sentence_that_tells_it(tmp_path: Path) -> None:
    """Not the one before it, which only says who "he" is."""
    desk = desk_at(tmp_path / "desk")
    try:
        reply = desk.brief(Asker(workspace=TEAM, now=datetime(2026, 4, 1, tzinfo=UTC)), "Qatar")
    finally:
        desk.close()
    assert isinstance(reply, Brief)
    visits = [one for one in reply.planned if one.did == "plans to visit"]
    assert ["visit" in one.snippet.quote for one in visits] == [True]
