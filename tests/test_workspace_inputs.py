"""What is chosen and filled in: as Slack sends it, checked as Slack checks it, safely shown."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.workspace.inputs import STATEFUL, initial, listed, options, state_of, wrong
from handlers.workspace.mrkdwn import Names
from handlers.workspace.people import article_file
from handlers.workspace.render import field, live
from handlers.workspace.state import WorkspaceError

Json = dict[str, Any]

NAMES = Names({"U1": "You", "U2": "Bot"}, {"C1": "room", "D1": "Dragoman"}, bots=frozenset({"U2"}))
HOSTILE = '"><script>x</script>'


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


RED, BLUE = ({"text": plain(name), "value": name} for name in ("red", "blue"))


def element(kind: str, **more: Any) -> Json:
    chosen = {"options": [RED, BLUE]} if "select" not in kind or "static" in kind else {}
    return {"type": kind, "action_id": "a", **chosen, **more}


STATES = [
    (element("static_select", initial_option=RED), ["red"], {"selected_option": RED}),
    (element("radio_buttons"), [], {"selected_option": None}),
    (element("overflow"), ["blue"], {"selected_option": BLUE}),
    (
        element("static_select", options=[], option_groups=[{"options": [BLUE]}]),
        ["blue"],
        {"selected_option": BLUE},
    ),
    (element("checkboxes", initial_options=[RED]), ["red"], {"selected_options": [RED]}),
    (element("multi_static_select"), ["red", "blue"], {"selected_options": [RED, BLUE]}),
    (element("users_select", initial_user="U1"), ["U1"], {"selected_user": "U1"}),
    (element("multi_users_select"), ["U1"], {"selected_users": ["U1"]}),
    (element("conversations_select"), ["C1"], {"selected_conversation": "C1"}),
    (element("channels_select"), [], {"selected_channel": None}),
    (
        element("multi_conversations_select", initial_conversations=["C1"]),
        ["C1"],
        {"selected_conversations": ["C1"]},
    ),
    (
        element("datepicker", initial_date="2026-03-28"),
        ["2026-03-28"],
        {"selected_date": "2026-03-28"},
    ),
    (element("timepicker"), ["08:30"], {"selected_time": "08:30"}),
    (element("plain_text_input", initial_value="x"), ["x"], {"value": "x"}),
    (element("number_input"), [], {"value": None}),
]


@pytest.mark.parametrize(("what", "said", "state"), STATES, ids=[s[0]["type"] for s in STATES])
def test_the_state_of_an_element(what: Json, said: list[str], state: Json) -> None:
    assert state_of(what, said) == {"type": what["type"], **state}
    if any(key.startswith("initial_") for key in what):
        assert initial(what) == said
    else:
        assert initial(what) == []


def test_an_option_that_is_none_is_refused() -> None:
    for kind in ("static_select", "checkboxes"):
        with pytest.raises(WorkspaceError, match="no option green"):
            state_of(element(kind), ["green"])
    assert [o["value"] for o in options(element("static_select"))] == ["red", "blue"]


@pytest.mark.parametrize(
    ("said", "expected"), [(None, []), ("", []), (" a ", ["a"]), (["a", "", "b"], ["a", "b"])]
)
def test_what_a_page_says(said: object, expected: list[str]) -> None:
    assert listed(said) == expected
    with pytest.raises(WorkspaceError):
        listed(7)


@pytest.mark.parametrize(
    ("what", "said", "words"),
    [
        (element("number_input"), "3", None),
        (element("number_input"), "3.5", "whole number"),
        (element("number_input", is_decimal_allowed=True), "3.5", None),
        (element("number_input", is_decimal_allowed=True), "three", "enter a number"),
        (element("number_input", min_value="2"), "1", "2 or more"),
        (element("number_input", max_value="2"), "3", "2 or less"),
        (element("url_text_input"), "https://example.org/x", None),
        (element("url_text_input"), "example.org", "valid URL"),
        (element("email_text_input"), "a@example.org", None),
        (element("email_text_input"), "a at b", "valid email"),
        (element("datepicker"), "2026-02-30", "valid date"),
        (element("timepicker"), "25:00", "valid time"),
        (element("plain_text_input", min_length=3), "ab", "at least 3"),
        (element("plain_text_input"), "", None),
    ],
)
def test_what_slack_itself_finds_wrong(what: Json, said: str, words: str | None) -> None:
    found = wrong(what, listed(said))
    assert (words is None and found is None) or (words is not None and words in str(found))


def test_too_many_are_refused() -> None:
    assert "at most 1" in str(
        wrong(element("multi_static_select", max_selected_items=1), ["red", "blue"])
    )


SHOWN = [
    (element("static_select", placeholder=plain("Pick")), ["<select", 'value="red"', ">Pick<"]),
    (element("users_select", initial_user="U1"), ['<option value="U1" selected>You']),
    (element("conversations_select"), ['<option value="C1">#room']),
    (element("datepicker", initial_date="2026-03-28"), ['type="date" value="2026-03-28"']),
    (element("timepicker"), ['type="time"']),
    (element("number_input", min_value="1"), ['type="number"', 'step="1"', 'min="1"']),
    (element("url_text_input", placeholder=plain("https://")), ['type="url"', "https://"]),
    (element("plain_text_input", multiline=True, initial_value="<b>"), ["<textarea", "&lt;b&gt;"]),
    (element("checkboxes", initial_options=[BLUE]), ['type="checkbox"', 'value="blue" checked']),
    (element("radio_buttons"), ['type="radio"', 'role="group"']),
    (element("multi_static_select", initial_options=[RED]), ["<details", "Choose (1)"]),
    (element("multi_users_select"), ['type="checkbox"', 'value="U1"']),
]


@pytest.mark.parametrize(("what", "pieces"), SHOWN, ids=[s[0]["type"] for s in SHOWN])
def test_an_element_is_shown_under_a_message_and_in_a_form(what: Json, pieces: list[str]) -> None:
    under = live(what, "b", NAMES)
    within = field(
        {"block_id": "b", "element": what}, NAMES, live(element("static_select"), "x")[:0]
    )
    for piece in pieces:
        assert piece in under
        assert piece in str(within)
    assert 'data-block="b" data-action="a" data-live' in under
    assert 'data-field="b" data-action="a"' in str(within)
    assert "U2" not in under  # a bot is nobody to choose
    assert "D1" not in under


@pytest.mark.parametrize("kind", sorted(STATEFUL | {"overflow", "button"}))
def test_hostile_words_stay_words(kind: str) -> None:
    option = {"text": plain(HOSTILE), "value": HOSTILE, "description": plain(HOSTILE)}
    what = element(
        kind,
        action_id=HOSTILE,
        options=[option],
        placeholder=plain(HOSTILE),
        text=plain(HOSTILE),
        initial_value=HOSTILE,
        initial_option=option,
        initial_options=[option],
        value=HOSTILE,
        confirm={"title": plain(HOSTILE), "text": plain(HOSTILE)},
    )
    names = Names({HOSTILE: HOSTILE}, {HOSTILE: HOSTILE})
    assert "<script" not in live(what, HOSTILE, names)
    assert HOSTILE not in live(what, HOSTILE, names)


def test_a_menu_of_a_message() -> None:
    options = [RED, {"text": plain("site"), "value": "s", "url": "https://example.org/"}]
    shown = live(element("overflow", options=options), "b")
    assert (
        '<button type="button" class="item" data-block="b" data-action="a" data-value="red"'
        in shown
    )
    assert 'href="https://example.org/"' in shown
    assert "Unsupported element: file_input" in live(element("file_input"), "b")


FULL = {"title": "A talk", "text": "They met.", "publisher": "P: #1", "date": "2026-03-28"}


def test_an_article_becomes_a_file() -> None:
    name, content = article_file(FULL)
    assert name == "a-talk.md"
    assert content.decode() == (
        "---\ntitle: A talk\npublisher: 'P: #1'\ndate: 2026-03-28\n---\n\nThey met.\n"
    )
    bare = {**FULL, "title": "", "publisher": "", "date": ""}
    assert article_file(bare) == ("article.md", b"---\n---\n\nThey met.\n")


@pytest.mark.parametrize(
    ("more", "words"),
    [({"text": " "}, "no text"), ({"date": "soon"}, "no day")],
)
def test_an_article_that_is_none(more: Json, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        article_file({**FULL, **more})
