"""What a web page or a PDF says, once its article is told from the rest of it."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from bot.models.base import Model, Precision

Wall = Literal["captcha", "consent", "paywall", "script", "missing"]
"""What stands where the article should be: a test that a person is there, a question about
cookies, a stub for those who pay, a page that only a browser fills, or no article at all."""


class WebPage(Model):
    """A page or PDF as it came: its bytes unpacked, and what HTTP said of them.

    ``url`` is where it was found in the end, ``charset`` the encoding that its header
    names, and ``now`` what its dates are measured against.
    """

    body: bytes
    url: str | None = None
    charset: str | None = None
    now: AwareDatetime


class Extracted(Model):
    """The article of one page; ``None`` is what the page does not say.

    ``text`` is empty where there is a ``wall``: what stands there is nobody's article.
    ``url`` is the address that the page calls its own, on the site that it came from;
    ``published`` and ``modified`` are never in the future and never guessed; ``language``
    is that of the words (ISO 639-1), whatever the page claims; ``image`` is an address.
    """

    title: str = ""
    text: str = ""
    author: str | None = None
    publisher: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    modified: AwareDatetime | None = None
    language: str | None = None
    url: str | None = None
    image: str | None = None
    wall: Wall | None = None
