"""Alerts as messages: a story with its quote and why, or several, whatever is written in them."""

from __future__ import annotations

from bot.models import Alert, Alerted, Line, Reason
from handlers.blocks.limits import problems
from handlers.blocks.watch import alert_message
from tests.payloads import spoken
from tests.replies import line, texts

HOSTILE = "*_<!channel> <@U0YOU> & a|b `x` \u202egnp\u202c " + "long " * 2_000


def story(
    n: int = 0, headline: str = "Talks resume", told: Line | None = None, sources: int = 3
) -> Alerted:
    return Alerted(
        story=f"s{n}",
        headline=headline,
        line=(told or line("Iran met Qatar on Monday.", n)).model_copy(update={"sources": sources}),
        articles=sources,
        sources=sources,
        reasons=(Reason(watch=n + 1, follows="Qatar", why="the title names Qatar", least=2),),
    )


def alert(*stories: Alerted, personal: bool = False, more: int = 0) -> Alert:
    return Alert(personal=personal, tz="UTC", stories=stories, more=more)


def test_one_story() -> None:
    payload = alert_message(alert(story()))
    assert problems(payload) == []
    said = texts(payload)
    assert "|Talks resume>*" in said
    assert "“Iran met Qatar on Monday.”" in said
    assert "3 sources" in said
    assert "Why: this channel follows Qatar (#1), and the title names Qatar" in said
    assert "sent when 2 sources report it" in said
    assert payload["text"] == "Talks resume (3 sources)"


def test_a_quote_that_is_the_headline_stands_once() -> None:
    same = line("Talks resume")
    payload = alert_message(alert(story(told=same, sources=1), personal=True))
    assert texts(payload).count("Talks resume") == 1
    assert "you follow Qatar" in texts(payload)
    assert "_one source_" in texts(payload)


def test_many_stories_are_one_message() -> None:
    payload = alert_message(alert(*(story(n, f"Story {n}") for n in range(10)), more=7))
    assert problems(payload) == []
    said = texts(payload)
    assert "17 stories on what this channel follows" in said
    assert said.count("“Iran met Qatar on Monday.”") == 3
    assert "7 more stories" in said
    assert payload["text"] == "Story 0 (3 sources), and 16 other stories"


def test_hostile_words_are_shown_as_words() -> None:
    for count in (1, 10):
        bad = [story(n, HOSTILE, line(HOSTILE, n, publisher=HOSTILE[:80])) for n in range(count)]
        payload = alert_message(alert(*bad))
        assert problems(payload) == []
        for text in spoken(payload):
            assert "<!" not in text
            assert "<@" not in text
