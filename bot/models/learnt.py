"""What was learnt from an article that somebody gave."""

from __future__ import annotations

from pydantic import AwareDatetime

from bot.models.base import EVERYWHERE, Model, Precision


class Learnt(Model):
    """One article as it stands in the store after it was given.

    ``title`` is its own, or else what it was given as: the name of a file, an address.
    ``facts`` counts the acts that were read from it, ``actors`` names those who act, the most
    frequent first. ``before`` is when it had come already, None if it is new; ``revised`` says
    that it came with other words. ``copy_of`` names the article that it is a near-copy of.
    ``language`` is ISO 639-1; ``audience`` is who may read it.
    """

    article: str
    title: str
    url: str | None = None
    publisher: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    language: str | None = None
    facts: int = 0
    actors: tuple[str, ...] = ()
    before: AwareDatetime | None = None
    revised: bool = False
    copy_of: str | None = None
    audience: str = EVERYWHERE
