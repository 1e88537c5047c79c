"""The bytes of one page become the article on it, or what stands in its place.

The body is found by trafilatura (https://github.com/adbar/trafilatura), without comments.
The functions here are pure and make no promise of time or memory: whoever reads pages
that strangers made calls them through ``Pages``, whose processes are also the only ones
that need to load trafilatura.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import load_html

from bot.errors import UnreadableFile
from bot.gather.charset import page_text
from bot.gather.decode import refuse_binary
from bot.gather.lines import PARAGRAPH, article_lines
from bot.gather.metadata import Metadata, metadata
from bot.gather.pdf import MAGIC, extract_pdf
from bot.gather.records import MAX_TITLE
from bot.gather.walls import is_short, wall_of
from bot.models import Extracted, Wall, WebPage
from bot.text.language import language

_UNSEEN = frozenset({"script", "style", "head", "title", "template", "svg"})
_LOOKED_AT = 200_000
"""Characters of a page that are looked at for what stands in place of its article."""

_DOUBTFUL = 120
"""Words of a text below which a second way of extraction may find more."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def extract(page: WebPage) -> Extracted:
    """Tell the article of a page from the rest of it; raises UnreadableFile."""
    about = page.url or "page"
    if page.body.startswith(MAGIC):
        return extract_pdf(page)
    refuse_binary(page.body[:512], about=about)
    tree = load_html(page_text(page.body, page.charset, about=about))
    if tree is None:
        raise UnreadableFile("it is no web page: there is nothing on it to read", about=about)
    said = metadata(tree, page.url, now=page.now)
    body = _body(tree, page.url, fast=True)
    wall = None
    if is_short(body):
        # The second opinions that trafilatura asks for take as long again, and change nothing
        # where the first is an article.
        if len(body.split()) < _DOUBTFUL:
            body = max(body, _body(tree, page.url, fast=False), key=len)
        wall = wall_of(said.titles, body, _seen(tree), free=said.free)
    text = "" if wall else PARAGRAPH.join(article_lines(body, said.titles))
    return _extracted(said, text, wall)


def _body(tree: HtmlElement, url: str | None, *, fast: bool) -> str:
    found = bare_extraction(tree, url=url, fast=fast, include_comments=False)
    text = found.text if isinstance(found, Document) else None
    return _UNSTORABLE.sub("", text or "")


def _extracted(said: Metadata, text: str, wall: Wall | None) -> Extracted:
    when, precision = said.published or (None, None)
    return Extracted(
        title=_UNSTORABLE.sub("", said.titles[0])[:MAX_TITLE] if said.titles else "",
        text=text,
        author=said.author,
        publisher=said.publisher,
        published=when,
        published_precision=precision,
        modified=said.modified,
        language=language(text),
        url=said.url,
        image=said.image,
        wall=wall,
    )


def _seen(tree: HtmlElement) -> str:
    """The words that a reader without scripts sees, as far as they decide anything."""
    seen: list[str] = []
    length = 0
    for element in tree.iter():
        if element.tag not in _UNSEEN and element.text:
            seen.append(element.text)
            length += len(element.text)
        if element.tail:
            seen.append(element.tail)
            length += len(element.tail)
        if length > _LOOKED_AT:
            break
    return " ".join(" ".join(seen).split())
