"""Every error that Dragoman raises on purpose.

Each carries ``about``, the id of what it concerns (a path, a setting, an article,
a request), and its message is one sentence that its reader can act on: what is
wrong, and what to do. Its ``hint`` has commands and settings that only operators of
Dragoman can use. ``str(error)`` has both, for the command line; Slack shows
``message_for(error)``.
"""

from __future__ import annotations

from functools import partial
from typing import Literal


class DragomanError(Exception):
    """Base of all; ``about`` names the thing concerned, ``message`` is for the user.

    ``hint`` is a sentence for the operators of Dragoman.
    """

    def __init__(self, message: str, *, about: str = "", hint: str = "") -> None:
        super().__init__(f"{message} {hint}" if hint else message)
        self.message = message
        self.about = about
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process boundaries by pickle, which drops keyword arguments.
        rest = {name: value for name, value in vars(self).items() if name != "message"}
        return partial(type(self), **rest), (self.message,)


ASK_AN_ADMIN = "Ask an admin of this workspace about it."


def message_for(error: DragomanError, *, operator: bool) -> str:
    """Return the text of an error for Slack; an ``operator`` also gets its hint."""
    if not error.hint:
        return error.message
    return f"{error.message} {error.hint if operator else ASK_AN_ADMIN}"


class SettingsError(DragomanError):
    """A setting has a value that cannot be used."""


class GatherError(DragomanError):
    """An input cannot become an article."""


class UnreadableFile(GatherError):
    """The file as a whole cannot be read: binary, unknown encoding, missing."""


class BadRecord(GatherError):
    """One line or item of a file cannot become an article; the rest is kept."""


class NoFeed(GatherError):
    """An address to follow is not a feed, and its page announces none."""


class BadFeed(DragomanError):
    """There is no such feed, or it is followed already; ``about`` is its id or address."""


class TooHeavy(GatherError):
    """Reading takes more time or memory than allowed, or crashes the reading process."""


FetchKind = Literal[
    "url",  # not an http(s) link that may be followed
    "refused",  # it leads to an address that is not public
    "dns",  # no such host, or its name does not resolve now
    "tls",  # the certificate or the encryption is invalid
    "unreachable",  # no connection, or it was dropped before an answer
    "timeout",
    "status",  # an error response; see status, retry_after
    "challenge",  # a page that asks visitors to prove that they are human
    "redirects",  # circular, too many, or without a target
    "too large",
    "cut short",  # closed before the end of the response
    "malformed",  # invalid HTTP, or a wrong content encoding
    "robots",  # the site asks robots not to fetch this page
]


class FetchError(GatherError):
    """A page or feed cannot be fetched; the message is a whole sentence.

    ``status`` is the HTTP status of the response, if there was one, ``retry_after`` the
    seconds that the server asks clients to wait before a retry.
    """

    def __init__(
        self,
        message: str,
        *,
        about: str = "",
        hint: str = "",
        kind: FetchKind = "unreachable",
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message, about=about, hint=hint)
        self.kind: FetchKind = kind
        self.status = status
        self.retry_after = retry_after


class NoReaders(DragomanError):
    """The worker processes that read articles cannot start here."""


class StoreError(DragomanError):
    """The store cannot do what was asked."""


class StoreUnavailable(StoreError):
    """The store is missing, locked, full or read-only; the same call may succeed later."""


class IndexDamaged(StoreError):
    """The search index is damaged; the next process that follows the store rebuilds it."""


class BadEvidence(StoreError):
    """A quote is not verbatim in the revision it points to; nothing of its batch is stored."""


class BadBackup(DragomanError):
    """A backup cannot be written, or a file is damaged or no backup; ``about`` is the file."""


class BadTable(DragomanError):
    """A table of actors is missing, or a row of it cannot be used; ``about`` is file:line."""


class BadEdit(DragomanError):
    """A requested change is impossible; ``about`` is the actor, article or change."""


class BadWorkspace(DragomanError):
    """The workspace does not exist, or must not be deleted; ``about`` is its id."""


class BadQuery(DragomanError):
    """A query or question is empty, too long or contradicts itself."""
