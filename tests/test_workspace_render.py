"""Block Kit and mrkdwn as HTML: what it looks like, and that no text becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.workspace.render import Names, block_html, message_html, mrkdwn_html, plain_html
from handlers.workspace.views import details

NAMES = Names({"U0YOU": "You"}, {"C0GULF": "gulf-watch"}, "Asia/Qatar")
APART = 'target="_blank" rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("*bold* and _it_ and ~gone~", "<strong>bold</strong> and <em>it</em> and <s>gone</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("2*3*4 and a_b_c", "2*3*4 and a_b_c"),
        ("* not bold * nor*this*", "* not bold * nor*this*"),
        ("**", "**"),
        ("`*code* <x>`", "<code>*code* &lt;x&gt;</code>"),
        ("*two\nlines*", "*two<br>lines*"),
        ("<https://e.example/a_b*c|*x*>", f'<a href="https://e.example/a_b*c" {APART}>*x*</a>'),
        (
            "*<https://e.example/|e> now*",
            f'<strong><a href="https://e.example/" {APART}>e</a> now</strong>',
        ),
        ("<https://e.example/?a=1&amp;b=2>", f'<a href="https://e.example/?a=1&amp;b=2" {APART}>'
         "https://e.example/?a=1&amp;b=2</a>"),
        ("see https://e.example/a.", f'see <a href="https://e.example/a" {APART}>'
         "https://e.example/a</a>."),
        ("<mailto:a@e.example|write>", f'<a href="mailto:a@e.example" {APART}>write</a>'),
        ("<@U0YOU> in <#C0GULF>", '<span class="mention">@You</span> in '
         '<span class="mention">#gulf-watch</span>'),
        ("<@U0NEW|ann> <!here>", '<span class="mention">@ann</span> '
         '<span class="mention">@here</span>'),
        ("<|nowhere> <|>", "nowhere "),
        ("&lt;b&gt; &amp;amp; &quot;", "&lt;b&gt; &amp;amp; &amp;quot;"),
    ],
)  # fmt: skip
def test_a_line(text: str, expected: str) -> None:
    assert mrkdwn_html(text, NAMES) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "<p>a<br>b</p>"),
        ("> q\n&gt; r\nafter", "<blockquote>q<br>r</blockquote><p>after</p>"),
        ("a > b", "<p>a &gt; b</p>"),
        ("", ""),
    ],
)
def test_lines(text: str, expected: str) -> None:
    assert mrkdwn_html(text) == expected


class Tags(HTMLParser):
    """Collects the tags and links of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


OURS = {"p", "br", "a", "strong", "em", "s", "code", "blockquote", "span"}
HOSTILE = [
    "<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<https://e.example/" onmouseover="alert(1)|x>',
    "<javascript:alert(1)|click>",
    "< javascript:alert(1)|click>",
    "<JaVaScRiPt:alert(1)>",
    "<data:text/html,x|click>",
    "<https://e.example/|<img src=x onerror=alert(1)>>",
    "<@U0YOU'><img src=x>",
    "*<script>*_</p>_`</code><b>`",
    "<!here|&lt;b&gt;>",
    ":</p><b>:",
    "\x00<\x00script>",
]


def assert_harmless(shown: str) -> None:
    tags = Tags()
    tags.feed(shown)
    assert tags.tags <= OURS
    assert tags.attributes <= {"href", "target", "rel", "class"}
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in tags.links)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    assert_harmless(mrkdwn_html(text, NAMES))
    assert_harmless(plain_html(text))


@given(st.text(alphabet="<>|&;ltgamp*_~`:!@#^/\"'\n ahttps.javcrip0", max_size=60))
def test_any_text_stays_text(text: str) -> None:
    assert_harmless(mrkdwn_html(text, NAMES))


def test_long_text_of_marks_is_read_in_time() -> None:
    for mark in ("*", "_a ", "<", "<a", "*<a>", "`", ":a", "```", ">>>", "*a"):
        assert mrkdwn_html(mark * 10_000) != ""


BUTTON: dict[str, Any] = {
    "type": "button",
    "action_id": "more",
    "value": 'r"1',
    "text": {"type": "plain_text", "text": "More <b>"},
}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "*t*"},
                "accessory": BUTTON,
                "block_id": "b1",
            },
            ["<p><strong>t</strong></p>", "<button", 'data-block="b1"'],
        ),
        (
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "_c_"}]},
            ["b-context", "<em>c</em>"],
        ),
        ({"type": "divider"}, ["<hr"]),
        (
            {
                "type": "container",
                "title": {"type": "plain_text", "text": "S <b>"},
                "is_collapsible": True,
                "default_collapsed": True,
                "child_blocks": [{"type": "divider"}],
            },
            ['<details class="b-container"><summary>S &lt;b&gt;</summary>', "<hr"],
        ),
        (
            {
                "type": "context_actions",
                "block_id": "b3",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "action_id": "f",
                        "positive_button": {"text": {"text": "+"}, "value": "good:1"},
                        "negative_button": {"text": {"text": "-"}, "value": "bad:1"},
                    }
                ],
            },
            ['data-action="f" data-value="good:1"', 'data-block="b3" data-action="f"', ">-<"],
        ),
        (
            {
                "type": "data_table",
                "caption": "C <b>",
                "rows": [
                    [{"type": "raw_text", "text": "When"}],
                    [{"type": "raw_number", "value": 7, "text": "7 <b>"}],
                ],
            },
            ['data-sort="0">When', 'data-value="7">7 &lt;b&gt;</td>', "<caption>C &lt;b&gt;"],
        ),
        (
            {
                "type": "data_visualization",
                "title": "T <b>",
                "chart": {
                    "type": "bar",
                    "series": [{"name": "s", "data": [{"label": "l", "value": 2}]}],
                    "axis_config": {"categories": ["l"]},
                },
            },
            ["T &lt;b&gt;", 'aria-label="s: l 2"', 'height="100"', "<span>l</span>"],
        ),
        (
            {"type": "data_visualization", "title": "t", "chart": {"type": "pie"}},
            ["Unsupported element: pie chart"],
        ),
        (
            {"type": "actions", "block_id": "b2", "elements": [BUTTON | {"style": "danger"}]},
            [
                'class="button danger"',
                'data-block="b2"',
                'data-action="more"',
                'data-value="r&#34;1"',
                "More &lt;b&gt;",
            ],
        ),
        ({"type": "video"}, ["Unsupported block: video"]),
        ({"type": "<b>"}, ["Unsupported block: &lt;b&gt;"]),
        ({}, ["Unsupported block: None"]),
        ({"type": "section", "text": "not an object"}, ["Malformed block: section"]),
        ({"type": "context"}, ["Malformed block: context"]),
        (
            {"type": "actions", "elements": [{"type": "workflow_button", "action_id": "d"}]},
            ["Unsupported element: workflow_button"],
        ),
        (
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "overflow",
                        "action_id": "o",
                        "options": [
                            {"text": {"type": "plain_text", "text": "Export"}, "value": "x"}
                        ],
                    }
                ],
            },
            ["<details", "⋯</summary>", 'data-value="x"', "Export"],
        ),
    ],
)
def test_a_block(block: dict[str, Any], expected: list[str]) -> None:
    shown = block_html(block, NAMES)
    for piece in expected:
        assert piece in shown
    assert "<b>" not in shown
    assert "<img" not in shown


def test_rich_text() -> None:
    def run(*elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(elements)}

    block = {
        "type": "rich_text",
        "elements": [
            run(
                {"type": "text", "text": "a<\n", "style": {"bold": True}},
                {"type": "link", "url": "javascript:x", "text": "l"},
                {"type": "channel", "channel_id": "C0GULF"},
                {"type": "team"},
            ),
        ],
    }
    assert block_html(block, NAMES) == (
        '<p><strong>a&lt;<br></strong>l<span class="mention">#gulf-watch</span>'
        '<span class="unsupported">Unsupported element: team</span></p>'
    )


def test_an_object_shows_links_and_dates() -> None:
    to = {"entity_url": "https://x.example/article/1", "title": "One <b>"}
    customs: list[dict[str, Any]] = [
        {"key": "day", "label": "Day", "type": "slack#/types/date", "value": "2026-03-28"},
        {"key": "at", "label": "At", "type": "slack#/types/timestamp", "value": 0},
        {"key": "by", "label": "By", "value": "x", "link": "https://x.example/"},
        {"key": "brief", "label": "Brief", "value": "*a*", "long": True},
        {"key": "sources", "label": "Sources", "value": [{"entity_ref": to}, {"value": "two"}]},
    ]
    payload = {"attributes": {"title": {"text": "*T*"}}, "custom_fields": customs}
    shown = message_html("", details({"entity_payload": payload}))
    assert shown.split("\n") == [
        "<p><strong>*T*</strong></p>",
        "<p><strong>Day:</strong> 28 Mar 2026</p>",
        "<p><strong>At:</strong> 1 Jan 1970, 00:00 UTC</p>",
        '<p><strong>By:</strong> <a href="https://x.example/" target="_blank"'
        ' rel="noopener noreferrer">x</a></p>',
        "<p><strong>Brief:</strong><br>*a*</p>",
        "<p><strong>Sources:</strong><br>• "
        '<a href="https://x.example/article/1" target="_blank" rel="noopener noreferrer">'
        "One &lt;b&gt;</a><br>• two</p>",
    ]


def test_text_is_shown_only_where_there_are_no_blocks() -> None:
    assert message_html("*t*", []) == "<p><strong>t</strong></p>"
    assert message_html("*t*", [{"type": "divider"}]) == '<hr class="b-divider">'
