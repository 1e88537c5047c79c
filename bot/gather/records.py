"""Make a draft of one record, a JSON object or the front matter of a Markdown file.

Keys: ``id, url, title, date|publish_date|published, text, source|sources, publisher,
original_source``; others are ignored. The text is kept verbatim. Invalid values are rejected with a
message; nothing is repaired by guessing. A missing date stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from bot.errors import BadRecord
from bot.models import Draft, Model, Precision

OLDEST_YEAR = 1600
"""Newspapers begin in 1605; an earlier year is a typing error."""

AHEAD = timedelta(days=1)
"""How far after now a date may be: as far as the other side of the date line."""

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_INSTANT = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d.*", re.IGNORECASE)
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3}, *)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d.*")
_ZONE_NAME = re.compile(r" ?(?:UTC|GMT)$", re.IGNORECASE)


def published(text: str, *, now: datetime) -> tuple[datetime, Precision]:
    """Parse a date of publication: return its earliest possible instant (UTC) and its precision.

    Takes ISO 8601 dates and datetimes (a naive one is UTC), a month ``2024-03``, a year ``2024``,
    and RFC 2822 (``Wed, 27 Mar 2024 10:00:00 GMT``). Raises ValueError with the rest of a sentence
    that begins "date is ...": what is wrong with it, what to write.
    """
    text = text.strip()
    try:
        when, precision = _parse(text)
        when = when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"{_short(text)}: not a date; write it as 2024-03-27, or 2024-03-27T10:00Z"
        ) from error
    if when.year < OLDEST_YEAR:
        raise ValueError(f"{_short(text)}: earlier than any newspaper; check the year")
    if when > now + AHEAD:
        raise ValueError(f"{_short(text)}: in the future; check it, or leave it out")
    return when, precision


def _parse(text: str) -> tuple[datetime, Precision]:
    if _YEAR.fullmatch(text):
        return _midnight(int(text), 1, 1), "year"
    if found := _MONTH.fullmatch(text):
        return _midnight(int(found[1]), int(found[2]), 1), "month"
    if found := _DAY.fullmatch(text):
        return _midnight(int(found[1]), int(found[2]), int(found[3])), "day"
    if _RFC_2822.fullmatch(text):
        return _aware(parsedate_to_datetime(text)), "minute"
    if _INSTANT.fullmatch(text):
        return _aware(datetime.fromisoformat(_ZONE_NAME.sub("+00:00", text))), "minute"
    only_day = date.fromisoformat(text)
    return _midnight(only_day.year, only_day.month, only_day.day), "day"


def _midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _short(text: str) -> str:
    return repr(text) if len(text) <= 60 else repr(text[:60] + "…")


MAX_CHARS = 5_000_000
"""Longest text of one article, in characters: some ten novels."""

MAX_TITLE = 1_000
MAX_NAME = 200
MAX_URL = 2_000
MAX_ID = 4_200
"""Room for ``file:`` and the longest path on Linux."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_VIA = re.compile(r"\s+via\s+", re.IGNORECASE)


class Defaults(Model):
    """The caller's values for files that lack them: ``--date --publisher --url``."""

    date: str | None = None
    publisher: str | None = None
    url: str | None = None


class Rejected(Model):
    """An input that did not become an article: its place, and the reason."""

    origin: str
    reason: str


def check_defaults(defaults: Defaults, *, now: datetime) -> None:
    """Raise BadRecord if a default could not be used for any article."""
    given = defaults.model_dump()
    try:
        _when(given, now=now, about="--date")
        _publishers(given, about="--publisher")
        _url(given, about="--url")
    except BadRecord as error:
        raise BadRecord(
            f"{error.about} cannot be used: {error.message}", about=error.about
        ) from error


def draft_of(
    record: Mapping[str, object], *, origin: str, defaults: Defaults, now: datetime
) -> Draft:
    """Make the draft of one record; raises BadRecord with the reason if it cannot be one."""
    text = _text(record, about=origin)
    filled = {key: value for key, value in record.items() if not missing(value)}
    if not filled.keys() & {"date", "publish_date", "published"} and defaults.date:
        filled["date"] = defaults.date
    publisher, cited = _publishers(filled, about=origin)
    when, precision = _when(filled, now=now, about=origin)
    return Draft(
        title=_string(filled, "title", MAX_TITLE, about=origin) or "",
        text=text,
        url=_url(filled, about=origin),
        external_id=_string(filled, "id", MAX_ID, about=origin),
        publisher=publisher or defaults.publisher,
        cited=cited,
        published=when,
        published_precision=precision,
        origin=origin,
    )


def _text(record: Mapping[str, object], *, about: str) -> str:
    text = record.get("text")
    if text is None:
        raise BadRecord('it has no "text"; give each article a "text" key', about=about)
    if not isinstance(text, str):
        raise BadRecord(f'its "text" is {_kind(text)}, not a string', about=about)
    if not text.strip():
        raise BadRecord("its text is empty; there is nothing to read", about=about)
    if len(text) > MAX_CHARS:
        raise BadRecord(
            f"its text has {len(text):,} characters; an article has at most {MAX_CHARS:,}:"
            " split it",
            about=about,
        )
    return _clean(text, "text", about=about)


def _string(record: Mapping[str, object], key: str, limit: int, *, about: str) -> str | None:
    """Return a short string or number of a record; None if it is missing."""
    value = record.get(key)
    if missing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRecord(f'its "{key}" is {_kind(value)}, not a string', about=about)
    text = str(value)
    if len(text) > limit:
        raise BadRecord(
            f'its "{key}" has {len(text):,} characters; at most {limit:,} are kept', about=about
        )
    return _clean(text, key, about=about)


def _clean(text: str, key: str, *, about: str) -> str:
    if "\x00" in text:
        raise BadRecord(f'its "{key}" holds NUL characters; remove them', about=about)
    if not text.isascii() and (found := _SURROGATE.search(text)):
        raise BadRecord(
            f'its "{key}" holds half a character (\\u{ord(found[0]):04x} alone);'
            " write the whole pair, or the character itself",
            about=about,
        )
    return text


def _when(
    record: Mapping[str, object], *, now: datetime, about: str
) -> tuple[datetime | None, Precision | None]:
    key = next((k for k in ("date", "publish_date", "published") if not missing(record.get(k))), "")
    text = _string(record, key, MAX_NAME, about=about)
    if text is None:
        return None, None
    try:
        return published(text, now=now)
    except ValueError as error:
        raise BadRecord(f"its {key} is {error}", about=about) from error


def _url(record: Mapping[str, object], *, about: str) -> str | None:
    url = _string(record, "url", MAX_URL, about=about)
    if url is None:
        return None
    url = url.strip()
    if not linkable(url):
        raise BadRecord(
            f"its url is {url[:80]!r}; only plain http and https links can be shown", about=about
        )
    return url


def linkable(url: str) -> bool:
    """Whether a link is safe for readers: http(s), a host, no credentials, no blanks."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError if it is invalid
    except ValueError:
        return False
    plain = "@" not in parts.netloc and not re.search(r"[\s<>|]", url)
    return plain and parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def _publishers(record: Mapping[str, object], *, about: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the publisher, and the publishers that the text is based on, each once, as written."""
    publisher = _name(record, "publisher", about=about)
    cited: list[str] = []
    if original := _name(record, "original_source", about=about):
        cited.append(original)
    source = record.get("source")
    if isinstance(source, Mapping):  # {"id": ..., "name": ...}, as in news APIs
        source = source.get("name")
    if isinstance(source, list):
        cited += _listed(source, "source", about=about)
    elif name := _name({"source": source}, "source", about=about):
        # One string is the publisher; "AFP via The News" was printed by The News.
        *agencies, carrier = _VIA.split(name)
        publisher = publisher or carrier
        cited += agencies
    sources = record.get("sources")
    cited += _listed(sources if isinstance(sources, list) else [sources], "sources", about=about)
    return publisher, tuple(dict.fromkeys(cited))


def _listed(values: list[object], key: str, *, about: str) -> list[str]:
    names = (_name({key: value}, key, about=about) for value in values)
    return [name for name in names if name]


def _name(record: Mapping[str, object], key: str, *, about: str) -> str | None:
    name = _string(record, key, MAX_NAME, about=about)
    return " ".join(name.split()) or None if name else None


@lru_cache(maxsize=10_000)
def agency(cited: str) -> str:
    """Return the author of a cited report: AFP for ``AFP via The News``."""
    return _VIA.split(cited)[0] or cited


def missing(value: object) -> bool:
    """Whether a record's value is missing or blank."""
    return value is None or (isinstance(value, str) and not value.strip())


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return "true or false" if isinstance(value, bool) else "a number"
