"""HTML as plain text, its paragraphs kept and nothing else of it."""

from __future__ import annotations

import pytest

from bot.gather.decode import plain, tidy


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>bold</b> word.</p><p>Two<br>lines<br><br>three</p>", "One bold word.\n\nTwo\nlines\n\nthree"),
        ("<h1>Head</h1>text<ul><li>a<li>b</ul>", "Head\n\ntext\n\na\n\nb"),
        ("before<script>if (a < b) {}</script> after", "before after"),
        ("<style>p {}</style><p>seen</p>", "seen"),
        ("<p>a<iframe src='x'></iframe>b</p>", "ab"),
        ("<p>a</p><figure><img src=x><figcaption>Old picture.</figcaption></figure><p>b</p>", "a\n\nb"),
        ("Tom&nbsp;&amp; Jerry", "Tom & Jerry"),
        ("x &lt;tag&gt; y", "x <tag> y"),
        ("if a < b & c > d", "if a < b & c > d"),
        ("<p>cut off <a href='", "cut off"),
        ("</p></div>closed", "closed"),
        ("<!-- hidden -->shown<!DOCTYPE y>", "shown"),
        ("<![CDATA[<p>twice</p>]]>", "twice"),
        ("\x00a\ud800<b>c</b>\x0b", "a c"),
        ("<p>مرحبا</p><p>中文</p>", "مرحبا\n\n中文"),
        ("", ""),
        ("<b></b>", ""),
    ],
)  # fmt: skip
def test_html_is_told_in_words(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize("piece", ["<", "<a ", "<!", "<b>x</b>", "<div>", "&", "<a b='", "<table>"])
def test_no_damage_takes_long(piece: str) -> None:
    # Python's own parser takes minutes over the second: its cost is the square of the length.
    plain(piece * 50_000)


def test_plain_text_keeps_its_paragraphs() -> None:
    assert tidy(" One  line\nthat wraps. \n \n\nTwo. ") == "One line that wraps.\n\nTwo."
