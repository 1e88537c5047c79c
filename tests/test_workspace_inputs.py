"""What is chosen and filled in: as Slack sends it, checked as Slack checks it, safely shown."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.workspace.render import Names, field, live
from handlers.workspace.state import WorkspaceError
from handlers.workspace.views import STATEFUL, initial_of, listed, options, state_of

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
    (element("multi_users_select", initial_users=["U1"]), ["U1"], {"selected_users": ["U1"]}),
    (element("plain_text_input", initial_value="x"), ["x"], {"value": "x"}),
    (element("plain_text_input"), [], {"value": None}),
]


@pytest.mark.parametrize(("what", "said", "state"), STATES, ids=[s[0]["type"] for s in STATES])
def test_the_state_of_an_element(what: Json, said: list[str], state: Json) -> None:
    assert state_of(what, said) == {"type": what["type"], **state}
    if any(key.startswith("initial_") for key in what):
        assert initial_of(what) == said
    else:
        assert initial_of(what) == []


def test_an_option_that_is_none_is_refused() -> None:
    for kind in ("static_select", "radio_buttons"):
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


GROUPS = [{"label": plain("Warm"), "options": [RED]}]

SHOWN = [
    (element("static_select", initial_option=RED), ["<select", 'value="red" selected', ">blue<"]),
    (
        element("static_select", options=[], option_groups=GROUPS),
        ['<optgroup label="Warm">', "red"],
    ),
    (element("plain_text_input", multiline=True, initial_value="<b>"), ["<textarea", "&lt;b&gt;"]),
    (element("plain_text_input", max_length=9), ['type="text"', 'maxlength="9"']),
    (element("radio_buttons"), ['type="radio"', 'role="group"']),
    (element("multi_users_select", initial_users=["U1"]), ['type="checkbox"', "Choose (1)"]),
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
    option = {"text": plain(HOSTILE), "value": HOSTILE}
    what = element(
        kind,
        action_id=HOSTILE,
        options=[option],
        text=plain(HOSTILE),
        initial_value=HOSTILE,
        initial_option=option,
        initial_users=[HOSTILE],
        value=HOSTILE,
    )
    names = Names({HOSTILE: HOSTILE}, {HOSTILE: HOSTILE})
    assert "<script" not in live(what, HOSTILE, names)
    assert HOSTILE not in live(what, HOSTILE, names)


def test_a_menu_of_a_message() -> None:
    shown = live(element("overflow"), "b")
    assert (
        '<button type="button" class="item" data-block="b" data-action="a" data-value="red"'
        in shown
    )
    assert "Unsupported element: file_input" in live(element("file_input"), "b")
