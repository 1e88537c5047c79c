"""A digest as a message: its order, its limits, and the words of others as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.models import DigestIssue, DigestStory, Line, Outgoing, Snippet
from handlers.blocks.digest import digest_message, render_digest
from handlers.blocks.limits import problems
from tests.payloads import spoken
from tests.replies import texts

DUE = datetime(2026, 5, 5, 6, tzinfo=UTC)
HOSTILE = "*bold* <!channel> <@U1> <https://x.example.org|click> \u202eright \u200b" + "long " * 900


def story(n: int, **more: Any) -> DigestStory:
    url = more.pop("url", f"https://one.example.org/{n}")
    quote = more.pop("quote", f"The harbour of Freedonia opened pier {n} to all ships.")
    snippet = Snippet(
        start=0, end=len(quote), quote=quote, article=f"a{n}", revision=1,
        title="", publisher="one.example.org", url=url, published=DUE, published_precision="day",
    )  # fmt: skip
    values = {"story": f"s{n}", "headline": f"Pier {n} opens", "articles": 1, "sources": 20 - n}
    line = Line(snippet=snippet, sources=20 - n)
    return DigestStory.model_validate({**values, "line": line, "about": "Freedonia", **more})


def issue(*stories: DigestStory, **more: Any) -> DigestIssue:
    values: dict[str, Any] = {"digest": 1, "label": "Freedonia", "tz": "Europe/Berlin"}
    values |= {"times": "every day at 08:00, Europe/Berlin time", "since": DUE, "due": DUE}
    values |= {"total": len(stories), "changed": sum(bool(one.change) for one in stories)}
    return DigestIssue.model_validate({**values, "stories": stories, **more})


def test_counts_then_three_quotes_then_a_line_each() -> None:
    changed = story(0, change="updated", news="2 more sources")
    payload = digest_message(issue(changed, *(story(n) for n in range(1, 12)), feeds=("bad",)))
    assert problems(payload) == []
    text = texts(payload)
    assert payload["text"].startswith("12 stories, 1 changed: Pier 0 opens")
    assert "since 5 May 2026 08:00" in text
    assert text.count("“The harbour") == 3
    assert text.index("_updated: 2 more sources_") < text.index("Pier 1 opens")
    assert "• <https://one.example.org/5|Pier 5 opens> · 15 sources" in text
    assert "Failing feed: bad." in text
    assert "<!" not in "".join(spoken(payload))


def test_a_quiet_day_is_one_line() -> None:
    payload = digest_message(issue())
    assert payload["text"] == "Nothing new about Freedonia since 5 May 2026 08:00."
    assert problems(payload) == []


def test_what_is_left_out_is_counted() -> None:
    payload = digest_message(issue(*(story(n) for n in range(5)), total=9))
    assert "4 more stories" in texts(payload)


@pytest.mark.parametrize("field", ["headline", "quote", "about", "follows", "why"])
def test_words_of_others_ping_nobody_and_break_nothing(field: str) -> None:
    payload = digest_message(issue(*(story(n, **{field: HOSTILE}) for n in range(15))))
    assert problems(payload) == []
    text = "".join(spoken(payload))
    assert "<!channel>" not in text
    assert "<@U1>" not in text
    assert "|click>" not in text
    assert "\u202e" not in text


def test_long_links_leave_stories_out_rather_than_break_it() -> None:
    url = f"https://one.example.org/{'a' * 650}"
    payload = digest_message(issue(*(story(n, url=url) for n in range(15))))
    assert problems(payload) == []
    assert "more stories" in texts(payload)
    endless = f"https://one.example.org/{'a' * 2900}"
    payload = digest_message(issue(*(story(n, url=endless) for n in range(15))))
    assert problems(payload) == []
    assert texts(payload).count("Pier") == 15


def test_hostile_labels_and_feeds_are_text() -> None:
    payload = digest_message(issue(label=HOSTILE, feeds=tuple(HOSTILE for _ in range(9))))
    assert problems(payload) == []
    assert "<!channel>" not in "".join(spoken(payload))
    assert "4 others" in texts(payload)


def test_out_of_the_outbox_its_buttons_say_whose_it_is() -> None:
    values: dict[str, Any] = {"workspace": "T1", "key": "k", "kind": "digest", "place": "U1"}
    values |= {"content": issue(story(1)).model_dump(mode="json"), "due_at": DUE, "owner": "U1"}
    own = render_digest(Outgoing.model_validate(values))
    theirs = render_digest(Outgoing.model_validate(values | {"place": "C1"}))
    assert '"mine":true' in str(own["blocks"][-1])
    assert '"mine":false' in str(theirs["blocks"][-1])
