from typing import Any

import pytest

from handlers.blocks import limits
from handlers.blocks.limits import home_problems, problems

Json = dict[str, Any]


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


LONG = "a" * 2500


def rich(*elements: Json) -> Json:
    paragraph = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [paragraph]}


def button(text: str = "More", action: str = "more", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def context(n: int) -> Json:
    return {"type": "context", "elements": [mrkdwn("x")] * n}


def menu(n: int, value: str = "v", **more: Any) -> Json:
    options = [{"text": plain("x"), "value": f"{value}{k}"} for k in range(n)]
    return actions({"type": "overflow", "action_id": "menu", "options": options, **more})


AT_THE_LIMIT = [
    [menu(5, "v" * 149, action_id="a" * 255)],
    [section("x" * 3000)],
    [context(10)],
    [actions(*(button(action=f"a{n}") for n in range(25)))],
    [actions(button("x" * 75, value="v" * 2000))],
    [section(block_id="b" * 255)],
    [section()] * 50,
    [{"type": "divider"}],
    [section("<https://example.org/" + "a" * 2900 + "|x>")],
    [section("x" * 3000)] * 3 + [section("x" * 999)],
]

BEYOND = [
    ([menu(6)], "6 options; at most 5"),
    ([menu(0)], "no options; at least one"),
    ([menu(1, "v" * 150)], "option value is 151 characters; at most 150"),
    ([menu(1, action_id="a" * 256)], "action_id is 256 characters; at most 255"),
    ([menu(1, action_id="")], "a menu needs an action_id"),
    (
        [menu(1, options=[{"text": mrkdwn("x"), "value": "v"}])],
        "option text is 'mrkdwn'; it must be plain_text",
    ),
    ([section("x" * 3001)], "section text is 3001 characters; at most 3000"),
    ([{"type": "header", "text": plain("x")}], "'header' is not one that Dragoman sends"),
    ([context(11)], "11 context elements; at most 10"),
    ([context(0)], "no context elements"),
    ([actions(*(button(action=f"a{n}") for n in range(26)))], "26 actions elements; at most 25"),
    ([actions(button("x" * 76))], "button text is 76 characters; at most 75"),
    ([actions(button(value="v" * 2001))], "button value is 2001 characters"),
    ([actions(button(action="a" * 256))], "action_id is 256 characters"),
    ([actions(button(), button())], "action_id 'more' stands 2 times"),
    ([actions(button(action=""))], "needs an action_id"),
    ([actions(button(style="loud"))], "neither primary nor danger"),
    ([section(block_id="b" * 256)], "block_id is 256 characters"),
    ([section(block_id="b"), section(block_id="b")], "block_id 'b' stands 2 times"),
    ([section()] * 51, "51 blocks; at most 50"),
    ([section("")], "section text is empty"),
    ([{"type": "section"}], "section text is not a text object"),
    ([{"type": "video", "elements": []}], "'video' is not one that Dragoman sends"),
    ([{"type": "rich_text", "elements": []}], "no rich_text elements; at least one"),
    ([rich({"type": "text", "text": ""})], "a text of rich_text is empty"),
    ([rich({"type": "text", "text": "x" * 3001})], "rich_text is 3001 characters; at most 3000"),
    ([rich({"type": "broadcast", "range": "here"})], "element 'broadcast' is not one of text,"),
    ([rich({"type": "link", "text": "x", "url": "mailto:x"})], "not an http or https address"),
    ([rich({"type": "link", "text": "x", "url": f"https://a.org/{LONG}"})] * 4, "characters of"),
    ([{"type": "divider", "text": plain("x")}], "a divider has no text"),
    ([section("<https://example.org/" + "a" * 2990 + "|x>")], "link is 3010 characters"),
    ([section("x" * 3000)] * 3 + [section("x" * 1000)], "10000 characters of block text"),
    (["section"], "is not an object"),
    ([section(accessory={"type": "datepicker"})], "'datepicker' is neither a button nor"),
]


@pytest.mark.parametrize("blocks", AT_THE_LIMIT)
def test_what_stands_at_the_limit_is_allowed(blocks: list[Json]) -> None:
    assert problems({"text": "x", "blocks": blocks}) == []


@pytest.mark.parametrize(("blocks", "complaint"), BEYOND)
def test_one_step_beyond_is_said_in_words(blocks: list[Json], complaint: str) -> None:
    found = problems({"text": "x", "blocks": blocks})
    assert any(complaint in problem for problem in found), found


@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_message_without_text_is_a_problem(text: str | None) -> None:
    assert "text is missing" in problems({"text": text, "blocks": [section()]})[0]


def test_text_is_counted() -> None:
    assert problems({"text": "x" * limits.MESSAGE_TEXT}) == []
    assert problems({"text": "x" * (limits.MESSAGE_TEXT + 1)}) == [
        "text is 40001 characters; at most 40000"
    ]


def test_texts_come_in_reading_order() -> None:
    blocks = [section("one"), context(2), actions(button("three"))]
    assert list(limits.texts(blocks)) == ["one", "x", "x", "three"]


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        ({"type": "modal", "blocks": [section()]}, "type is 'modal', not 'home'"),
        ({"type": "home", "blocks": []}, "a home needs blocks"),
        ({"type": "home"}, "a home needs blocks"),
        ({"type": "home", "blocks": [section()] * 101}, "101 blocks; at most 100"),
        ({"type": "home", "blocks": [section(block_id="b")] * 2}, "'b' stands 2 times"),
        ({"type": "home", "blocks": [section()], "private_metadata": "x" * 3001}, "3001"),
        ({"type": "home", "blocks": [section("")]}, "section text is empty"),
    ],
)
def test_what_a_home_may_not_be(view: Json, complaint: str) -> None:
    assert complaint in "; ".join(home_problems(view))


def test_a_home_may_have_a_hundred_blocks_and_menus_beside_them() -> None:
    options = [{"text": plain(text), "value": text} for text in ("mute", "stop")]
    menu = {"type": "overflow", "action_id": "m", "options": options}
    blocks = [section(accessory=menu)] * 100
    assert home_problems({"type": "home", "blocks": blocks, "private_metadata": "x"}) == []
