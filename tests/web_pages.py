"""Web pages made for tests: plain HTML with as much around the article as a site has."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.gather.extract import extract
from bot.models import Extracted, WebPage

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
HERE = "https://news.example.org/2026/03/27/talks"

TALKS = tuple(
    f"The delegation of country number {n} said on Monday that it would travel to the capital"
    f" for the talks about agreement {n}, and that it expected them to take {n + 2} days."
    for n in range(1, 9)
)
"""The paragraphs of an article, made up and about nobody."""


def html(
    *paragraphs: str, head: str = "", title: str = "Talks are to begin", heading: str | None = None
) -> str:
    """A page with navigation, teasers and a footer around its article."""
    body = "\n".join(f"<p>{one}</p>" for one in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - Example News</title>{head}</head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>
</header><main><article><h1>{heading or title}</h1>{body}</article></main>
<aside><h3>Most read</h3><ul><li><a href="/1">Another headline about nothing</a></li></ul></aside>
<footer><p>Copyright 2026 Example News. All rights reserved.</p></footer></body></html>"""


def extracted(text: str | bytes, url: str | None = HERE, charset: str | None = None) -> Extracted:
    body = text.encode() if isinstance(text, str) else text
    return extract(WebPage(body=body, url=url, charset=charset, now=NOW))
