"""What the headers of an answer say, read leniently: a header that makes no sense says nothing.

Times after RFC 9110 (Retry-After, HTTP dates) and RFC 9111 (Cache-Control, Expires).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

LONGEST = 31 * 86_400
"""No wait or lifetime above a month, in seconds, is believed."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s])", re.IGNORECASE)


def content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """The media type in lower case, empty where none is given, and the charset."""
    raw = headers.get("Content-Type", "")
    if not raw:
        return "", None
    message = Message()
    message["Content-Type"] = raw.encode("ascii", "replace").decode("ascii")
    try:
        charset = message.get_content_charset()
    except (TypeError, ValueError, LookupError):  # "charset*0*=a; charset*=b", and worse
        charset = None
    return message.get_content_type(), charset.strip("'\" ") or None if charset else None


def max_age(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """For how many seconds an answer stays fresh: 0 is not at all, None is not said."""
    cache = headers.get("Cache-Control", "")
    if _NOT_KEPT.search(cache):
        return 0
    if found := _MAX_AGE.search(cache):
        return min(int(found[1]), LONGEST)
    if "Expires" not in headers:
        return None
    until = _date(headers["Expires"])
    if until is None:  # "0" and the like mean: already past
        return 0
    return _seconds(until, _date(headers.get("Date", "")) or now)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """After how many seconds the server asks to be tried again."""
    raw = headers.get("Retry-After", "").strip()
    if raw.isdecimal() and len(raw) <= 12:
        return min(int(raw), LONGEST)
    when = _date(raw)
    return _seconds(when, now) if when is not None else None


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _seconds(until: datetime, since: datetime) -> int:
    return min(max(round((until - since).total_seconds()), 0), LONGEST)
