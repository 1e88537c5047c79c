"""What headers say: lifetimes, waits, types, and what makes no sense."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.gather.fetch import LONGEST, content_type, max_age, retry_after

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": 'public, Max-Age="60"'}, 60),
        ({"Cache-Control": "s-maxage=60"}, None),
        ({"Cache-Control": "private"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=999999999"}, LONGEST),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "no-cache, max-age=60"}, 0),
        ({"Cache-Control": "max-age=60", "Expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 60),
        ({"Expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 3_600),
        ({"Expires": "Mon, 02 Mar 2026 13:00:00 GMT", "Date": "Mon, 02 Mar 2026 12:30:00 GMT"}, 1_800),
        ({"Expires": "Mon, 02 Mar 2026 11:00:00 GMT"}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "-1"}, 0),
    ],
)  # fmt: skip
def test_for_how_long_it_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert max_age(headers, now=NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("99999999", LONGEST),
        ("Mon, 02 Mar 2026 12:10:00 GMT", 600),
        ("Mon, 02 Mar 2026 11:10:00 GMT", 0),
        ("Sun, 02 Mar 9999 11:10:00 GMT", LONGEST),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("١٢٠", 120),
        ("", None),
    ],
)
def test_when_to_come_back(value: str, seconds: int | None) -> None:
    assert retry_after({"Retry-After": value}, now=NOW) == seconds


@pytest.mark.parametrize(
    ("value", "kind", "charset"),
    [
        ("text/html", "text/html", None),
        ("Text/HTML; Charset=UTF-8", "text/html", "utf-8"),
        ('application/rss+xml; x=1; charset="windows-1251"', "application/rss+xml", "windows-1251"),
        ("text/html; charset='utf-8'", "text/html", "utf-8"),
        ("text/html; charset=", "text/html", None),
        ("nonsense", "text/plain", None),
        ("text/h\udc93\u013dml; charset=utf-8", "text/h??ml", "utf-8"),
        ("", "", None),
    ],
)
def test_what_it_is(value: str, kind: str, charset: str | None) -> None:
    assert content_type({"Content-Type": value}) == (kind, charset)


def test_a_charset_given_twice_over_stops_nobody() -> None:
    # Which of them it is differs with the version of Python.
    twice = "text/plain; charset*=us-ascii'en'x; charset*0*=a''b"
    assert content_type({"Content-Type": twice})[0] == "text/plain"
