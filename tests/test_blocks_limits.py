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
TEXT = {"type": "text", "text": "x"}


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


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: list[list[Json]], **more: Any) -> Json:
    return {"type": "data_table", "caption": "x", "rows": rows, **more}


def container(*children: Json, title: str = "x") -> Json:
    return {"type": "container", "title": plain(title), "child_blocks": list(children)}


def chart(labels: list[str], *names: str, title: str = "x", kind: str = "bar") -> Json:
    data = [{"label": label, "value": 1} for label in labels]
    series = [{"name": name, "data": data} for name in names]
    drawn = {"type": kind, "series": series, "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": title, "chart": drawn}


def feedback(**more: Any) -> Json:
    button = {"text": plain("x"), "value": "v" * 2000} | more
    sides = {"positive_button": button, "negative_button": button}
    element = {"type": "feedback_buttons", "action_id": "f", **sides}
    return {"type": "context_actions", "elements": [element]}


LABELS = [str(n) for n in range(20)]

AT_THE_LIMIT = [
    [table([[cell()] * 20] * 101, page_size=100)],
    [table([[cell()], [{"type": "raw_number", "value": 1.5, "text": "1.5"}], [rich(TEXT)]])],
    [table([[cell("x" * 4000)], [cell("x" * 5998)]])],
    [container(*[section()] * 9, context(10), title="x" * 150)],
    [chart([f"{n:020}" for n in range(20)], *(f"{n:020}" for n in range(6)), title="x" * 50)],
    [chart(LABELS, "a")] * 2,
    [feedback()],
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
    ([table([[cell()]] * 102)], "101 rows of a table; at most 100"),
    ([table([[cell()]])], "no rows of a table; at least one"),
    ([table([[cell()] * 21] * 2)], "21 columns of a table; at most 20"),
    ([table([[cell()], [cell()] * 2])], "2 cells in a row; 1 in the header"),
    ([table([[cell()], [cell("")]])], "a cell holds nothing"),
    ([table([[cell()]] * 2, page_size=101)], "page_size is 101"),
    ([table([[cell()]] * 2, caption="")], "a table needs a caption"),
    ([table([[rich(TEXT)], [cell()]])], "rich_text in the header"),
    ([table([[cell()], [button()]])], "cell 'button' is none of"),
    ([table([[cell()], [{"type": "raw_number", "text": "1"}]])], "a raw_number needs a value"),
    ([table([[cell("x" * 4000)], [cell("x" * 6001)]])], "10001 characters in a table"),
    ([container(*[section()] * 11)], "11 blocks in a container; at most 10"),
    ([container()], "no blocks in a container"),
    ([container(section("x" * 3001))], "section text is 3001 characters"),
    ([container(table([[cell()]] * 2))], "a container holds no 'data_table'"),
    ([container(section(), title="x" * 151)], "title of a container is 151 characters"),
    ([container(*[section("x" * 3000)] * 4)], "characters of block text"),
    ([chart([*LABELS, "20"], "a")], "21 points of a series; at most 20"),
    ([chart(LABELS, *"abcdefg")], "7 series of a chart; at most 6"),
    ([chart(["x" * 21], "a")], "category is 21 characters"),
    ([chart(LABELS, "x" * 21)], "name of a series is 21 characters"),
    ([chart(LABELS, "a", "a")], "'a' stands 2 times"),
    ([chart(["1", "1"], "a")], "'1' stands 2 times"),
    ([chart(LABELS, "a", title="x" * 51)], "title of a chart is 51 characters"),
    ([chart(LABELS, "a", kind="donut")], "a chart of type 'donut'"),
    ([chart(LABELS, "a")] * 3, "3 charts; at most 2"),
    ([feedback(value="v" * 2001)], "value of positive_button is 2001 characters"),
    ([feedback(text=mrkdwn("x"))], "positive_button is 'mrkdwn'; it must be plain_text"),
    ([{"type": "context_actions", "elements": [button()]}], "'button' of context_actions"),
    ([section(native={"type": "container", "blocks": [container()]})], "no blocks in a container"),
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
