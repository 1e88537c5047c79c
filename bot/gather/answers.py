"""What went wrong with a fetch, in words: one sentence, and a kind for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientError,
    ClientPayloadError,
    ClientResponseError,
    ClientSSLError,
)
from yarl import URL

from bot.errors import FetchError, FetchKind
from bot.gather.addresses import ALLOW_HINT, shown
from bot.gather.unpack import CutShort, Damaged, TooLarge
from bot.gather.walls import CHALLENGE

_CHALLENGED = frozenset({401, 403, 429, 503})
_STATUS = {
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses us",
    404: "has no such page",
    410: "says that this is gone for good",
    429: "says that we ask too often",
    451: "may not show this for legal reasons",
    503: "is busy or down for a while",
}


def failure(
    error: Exception, url: URL, refused: Sequence[str], seconds: float, most: int
) -> FetchError | None:
    """The FetchError for what happened while a link was fetched; None for a fault of ours.

    ``refused`` are the reasons why its addresses were closed, ``seconds`` and ``most``
    (bytes) the limits.
    """
    told = _told(error, refused, seconds, most)
    if told is None:
        return None
    kind, what = told
    hint = ALLOW_HINT if kind == "refused" else ""
    return FetchError(f"{url.host} {what}.", about=shown(str(url)), kind=kind, hint=hint)


def _told(
    error: Exception, refused: Sequence[str], seconds: float, most: int
) -> tuple[FetchKind, str] | None:
    if isinstance(error, TimeoutError):
        return "timeout", f"did not answer in full within {seconds:g} seconds; try again later"
    if isinstance(error, TooLarge):
        return "too large", f"sends more than {most / 2**20:g} MB, which no article is"
    if isinstance(error, CutShort | ClientPayloadError):
        return "cut short", "closed the connection before all had come; try again later"
    if isinstance(error, Damaged):
        return "malformed", f"sends what cannot be unpacked ({error}); tell its publisher"
    if refused:
        return "refused", f"leads to {refused[0]}, which is not the public web"
    return _told_of_connection(error)


def _told_of_connection(error: Exception) -> tuple[FetchKind, str] | None:
    if isinstance(error, ClientConnectorDNSError):
        return "dns", "is not found: the name does not resolve; check it, or try again later"
    if isinstance(error, ClientConnectorCertificateError):
        return "tls", "has a certificate that is not valid; check the link, or tell its publisher"
    if isinstance(error, ClientSSLError):
        return "tls", "cannot be spoken to securely (TLS); check the link, or tell its publisher"
    if isinstance(error, ClientResponseError):
        return "malformed", "does not answer as a web server does; check the link"
    if isinstance(error, ClientError | OSError):
        return "unreachable", "cannot be reached, or hangs up; try again later"
    return None


def problem(
    status: int,
    headers: Mapping[str, str],
    excerpt: bytes,
    url: URL,
    retry_after: int | None,
) -> FetchError:
    """The FetchError for an answer that is no page; ``excerpt`` is how its body begins."""
    kind: FetchKind = "status"
    what = _STATUS.get(status)
    if what is None:
        what = "has trouble of its own" if status >= 500 else "does not give a page"
    if status in _CHALLENGED and (
        headers.get("cf-mitigated", "").lower() == "challenge" or CHALLENGE.search(excerpt)
    ):
        kind, what = "challenge", "wants to know whether a person asks (a challenge page)"
    later = f"; try again in {retry_after:,} seconds" if retry_after else ""
    return FetchError(
        f"{url.host} {what} (status {status}){later}.",
        about=shown(str(url)),
        kind=kind,
        status=status,
        retry_after=retry_after,
    )
