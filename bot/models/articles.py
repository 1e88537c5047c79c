"""Published texts: as gathered, as stored, and spans of them."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from bot.models.base import EVERYWHERE, Field_, Model, Precision


class Draft(Model):
    """An article as gathered, before the store knows it.

    ``also`` are other names of it: links that lead to it, and GUIDs of feeds in the form
    that ``guid_name`` of ``bot.gather.links`` gives them. ``cited`` names the publishers that
    the text gives as its sources. ``origin`` says where it was gathered (``file.jsonl:12``),
    for reports. ``modified`` is when its publisher last changed it, never a substitute for
    ``published``. ``archived`` marks one of many records of a file: its words are of some past
    time, not necessarily current. ``partial`` marks a feed's summary whose article could not be
    fetched: it never replaces a longer text.
    """

    title: str = ""
    text: str = Field(min_length=1)
    url: str | None = None
    also: tuple[str, ...] = ()
    external_id: str | None = None
    publisher: str | None = None
    cited: tuple[str, ...] = ()
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    author: str | None = None
    modified: AwareDatetime | None = None
    origin: str = ""
    archived: bool = False
    partial: bool = False


class Article(Model):
    """One published text; its words are in its revisions. ``language`` is ISO 639-1."""

    workspace: str
    id: str
    identity: str
    external_id: str | None = None
    url: str | None = None
    publisher: str | None = None
    original_source: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    first_seen: AwareDatetime
    audience: str = EVERYWHERE
    author: str | None = None
    modified: AwareDatetime | None = None
    language: str | None = None
    tombstoned_at: AwareDatetime | None = None


class Revision(Model):
    """The words of an article as seen at one time, verbatim."""

    workspace: str
    article: str
    n: int = Field(ge=1)
    title: str
    text: str
    sha256: str
    seen_at: AwareDatetime


class Span(Model):
    """A range of one revision's title or text."""

    field: Field_ = "text"
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Quote(Span):
    """A span with its words, so that the store can check one against the other."""

    quote: str = Field(min_length=1)
