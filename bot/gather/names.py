"""Under which names an article is known; which article a name means is the intake's business."""

from __future__ import annotations

import hashlib

from bot.gather.canonical import canonical_url, plain_url, same_site
from bot.models import Draft

GUID = "guid:"
_UNIT = "\x1f"
_LONG = 1_000
"""Bytes above which a name is hashed: PostgreSQL indexes no key above 2,704."""


def identity(draft: Draft) -> str:
    """Tell by what a draft is known: a canonical URL, ``id:...`` or ``sha:...``."""
    return names(draft)[0]


def names(draft: Draft) -> tuple[str, ...]:
    """Tell by what a draft may be known: by its own names, else by those of before it had any."""
    return (*own_names(draft), *earlier_names(draft))


def own_names(draft: Draft) -> tuple[str, ...]:
    """Tell under which names an article is one article, whatever its words and date.

    The canonical form of its link and of the other links of its site that lead to it, and its
    GUIDs. A link of another site that leads here today may lead elsewhere tomorrow, and bring
    other words under this article's name: it is none of its names.
    """
    others = draft.also
    if draft.url:
        link = draft.url
        others = tuple(one for one in others if one.startswith(GUID) or same_site(link, one))
    links = [*filter(None, [draft.url]), *others]
    return tuple(dict.fromkeys(short(_name_of(link)) for link in links))


def _name_of(link: str) -> str:
    """A GUID as it stands, and so what a feed calls a link and is none; else the folded link."""
    try:
        return link if link.startswith(GUID) else canonical_url(link)
    except ValueError:
        return link


def earlier_names(draft: Draft) -> tuple[str, ...]:
    """The names of a draft before it had a link, or before links were folded as they are now."""
    content = f"sha:{content_hash(draft.title, draft.text)}"
    external = short(f"id:{draft.external_id}") if draft.external_id else None
    if not draft.url:
        return (external or content,)
    plain = short(plain_url(draft.url))
    return tuple(filter(None, (plain, external, content)))


def guid_name(feed: str, guid: str) -> str:
    """Make the name that a feed's entry goes by: its GUID, which is unique in that feed only.

    For ``Draft.also``. A GUID that is a link is better given as that link.
    """
    return f"{GUID}{canonical_url(feed)}{_UNIT}{guid}"


def short(name: str) -> str:
    """Keep a name to what a database can index: itself, or its hash."""
    raw = name.encode()
    return name if len(raw) <= _LONG else f"long:{hashlib.sha256(raw).hexdigest()}"


def content_hash(title: str, text: str) -> str:
    """SHA-256 (64 hex digits) of the words of a revision."""
    return hashlib.sha256(f"{title}{_UNIT}{text}".encode()).hexdigest()


def article_id(workspace: str, audience: str, identity: str) -> str:
    """Make the id of an article: 24 hex digits that follow from whose it is and its identity."""
    key = _UNIT.join((workspace, audience, identity)).encode()
    return hashlib.sha256(key).hexdigest()[:24]
