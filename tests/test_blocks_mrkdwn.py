import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.blocks.text import link, one_line, plain_text, quote, say, spoken, trim

SHOWN_AS_TEXT = [
    ("Qatar", "Qatar"),
    ("AT&T", "AT&amp;T"),
    ("&amp;", "&amp;amp;"),
    ("<!channel> <!here>", "&lt;!channel&gt; &lt;!here&gt;"),
    ("<@U024BE7LH>", "&lt;@U024BE7LH&gt;"),
    ("<https://example.org|click>", "&lt;https://example.org|click&gt;"),
    ("*bold*", "∗bold∗"),
    ("a *b* c", "a ∗b∗ c"),
    ("_it_ ~no~", "ˍitˍ ∼no∼"),
    ("`code` ```x```", "ˋcodeˋ ˋˋˋxˋˋˋ"),
    ("5*3 snake_case", "5*3 snake_case"),
    (":smile: 10:30:45", "∶smile: 10:30:45"),
    ("> quoted", "\u2060&gt; quoted"),
    ("a > b", "a &gt; b"),
    ("two\nlines\r\n and\ttabs", "two lines and tabs"),
    ("nul\x00 bell\x07", "nul bell"),
    ("evil \u202etxt.exe", "evil txt.exe"),
    ("الدوحة", "\u2068الدوحة\u2069"),
    ("a\u200fb", "\u2068a\u200fb\u2069"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN_AS_TEXT)
def test_text_of_others_is_shown_as_text(text: str, shown: str) -> None:
    assert say(text).mrkdwn == shown


SPOKEN = [
    ("Nothing yet: `/watch add Qatar` does.", "Nothing yet: `/watch add Qatar` does."),
    ("`/digest` does, or `/digest daily at 8:00`.", "`/digest` does, or `/digest daily at 8:00`."),
    ("`dragoman actors log state:qat`", "`dragoman actors log state:qat`"),
    ("your own with `for me`", "your own with `for me`"),
    ("“x`y” is nothing: `/digest help` tells", "“xˋy” is nothing: `/digest help` tells"),
    ("`code` and `*x*`", "ˋcodeˋ and ˋ∗x∗ˋ"),
    ("`/watch <!channel>`", "ˋ/watch &lt;!channel&gt;ˋ"),
    ("`/watch\u202e`", "`/watch`"),
]


@pytest.mark.parametrize(("text", "shown"), SPOKEN)
def test_commands_of_ours_are_code_and_nothing_else(text: str, shown: str) -> None:
    assert spoken(text).mrkdwn == shown


@given(st.text())
def test_nothing_escaped_has_powers(text: str) -> None:
    shown = say(text).mrkdwn
    assert not re.search(r"[<>\n\u202a-\u202e]", shown)
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)
    assert not re.search(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])", shown)
    assert shown.count("\u2068") == shown.count("\u2069") <= 1


def test_a_page_of_hostile_text_is_still_quick_text() -> None:
    page = "<!channel> *x* :a: \u202e" * 2500
    assert "<" not in say(page[:40_000]).mrkdwn


LINKS = [
    ("https://example.org/a", "a", "<https://example.org/a|a>"),
    ("http://example.org/?a=1&b=2", "x", "<http://example.org/?a=1&amp;b=2|x>"),
    ("https://example.org/a|b>c d", "t", "<https://example.org/a%7Cb%3Ec%20d|t>"),
    ("https://example.org/\u202e", "t", "<https://example.org/%E2%80%AE|t>"),
    ("https://example.org/", "a|b>c", "<https://example.org/|a∣b&gt;c>"),
    ("javascript:alert(1)", "t", "t"),
    ("ftp://example.org", "t", "t"),
    ("https://", "t", "t"),
    ("https://[", "t", "t"),
    ("not a url", "<t>", "&lt;t&gt;"),
    (None, "t", "t"),
    ("https://example.org/" + "a" * 3000, "t", "t"),
]


@pytest.mark.parametrize(("url", "text", "shown"), LINKS)
def test_links(url: str | None, text: str, shown: str) -> None:
    assert link(url, text).mrkdwn == shown


TRIMMED = [
    ("short", 10, "short"),
    ("exactly ten", 11, "exactly ten"),
    ("one two three", 9, "one two…"),
    ("one two three", 8, "one two…"),
    ("one two three", 7, "one…"),
    ("x" * 20, 5, "xxxx…"),
    ("ab&amp;cd", 6, "ab…"),
    ("ab <https://e.org|label> c", 20, "ab…"),
    ("e\u0301e\u0301e\u0301e\u0301", 4, "e\u0301…"),
    ("a👩\u200d👩\u200d👧b", 4, "a…"),
]


@pytest.mark.parametrize(("text", "limit", "shown"), TRIMMED)
def test_trim(text: str, limit: int, shown: str) -> None:
    assert trim(text, limit) == shown


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_trimmed_text_fits_and_begins_as_it_did(text: str, limit: int) -> None:
    shown = trim(text, limit)
    assert len(shown) <= limit
    assert text.startswith(shown.removesuffix("…"))


def test_quote() -> None:
    assert quote('He said "no" & left').mrkdwn == '“He said "no" &amp; left”'


def test_one_line_keeps_direction_marks() -> None:
    assert one_line("a\u200f \n b") == "a\u200f b"


TYPED = [
    ("Qatar", "Qatar"),
    ("AT&amp;T &lt;3", "AT&T <3"),
    ("&amp;lt;", "&lt;"),
    ("<@U1> hello", "hello"),
    ("<@U1|ann> hello", "ann hello"),
    ("see <https://example.org|example.org>", "see example.org"),
    ("see <https://example.org>", "see https://example.org"),
    ("<mailto:a@example.org|a@example.org>", "a@example.org"),
    ("<!here> now", "now"),
    ("in <#C1|general>", "in general"),
]


@pytest.mark.parametrize(("delivered", "typed"), TYPED)
def test_what_slack_delivers_is_what_was_typed(delivered: str, typed: str) -> None:
    assert plain_text(delivered) == typed


def test_the_examples_are_in_normal_form() -> None:
    assert all(unicodedata.is_normalized("NFC", shown) for _, shown in SHOWN_AS_TEXT)
