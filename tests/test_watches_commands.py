"""What is typed after /watch: verbs, options, durations; with near misses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import BadQuery
from bot.watches.watchlist import (
    MUTED,
    WatchRequest,
    parse_command,
    parse_mute,
    parse_watch,
    watch_numbers,
)

pytestmark = pytest.mark.usefixtures("each_store")

H, D = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("", "help", ""),
        ("help", "help", ""),
        ("?", "help", ""),
        ("add Qatar Iran", "add", "Qatar Iran"),
        ("Qatar Iran", "add", "Qatar Iran"),
        ("follow Hamas", "add", "Hamas"),
        ("LIST", "list", ""),
        ("lsit", "add", "lsit"),  # two letters of four are wrong: it may be anybody's name
        ("remvoe Qatar", "remove", "Qatar"),
        ("ad Qatar", "add", "Qatar"),
        ("Romania", "add", "Romania"),
        ("unfolow Qatar", "remove", "Qatar"),
        ("pasue", "pause", ""),
        ("unmute Qatar", "resume", "Qatar"),
        ("Oman", "add", "Oman"),
        ("Mali", "add", "Mali"),
    ],
)
def test_the_verb(text: str, verb: str, rest: str) -> None:
    assert tuple(parse_command(text)) == (verb, rest)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Qatar", WatchRequest("Qatar")),
        ("Qatar in the digest", WatchRequest("Qatar", digest_only=True)),
        ("Qatar digest only", WatchRequest("Qatar", digest_only=True)),
        ("Qatar only in digest", WatchRequest("Qatar", digest_only=True)),
        ("Reader's Digest articles", WatchRequest("Reader's Digest articles")),
        ("Qatar from 3 sources", WatchRequest("Qatar", least=3)),
        ("Qatar at least two independent sources", WatchRequest("Qatar", least=2)),
        ("Qatar when 2+ sources", WatchRequest("Qatar", least=2)),
        ("water sources", WatchRequest("water sources")),
        ("Qatar for me", WatchRequest("Qatar", personal=True)),
        ("Qatar for this channel", WatchRequest("Qatar", personal=False)),
        ("Qatar here", WatchRequest("Qatar", personal=False)),
        ("“here we go” Qatar", WatchRequest("“here we go” Qatar")),
        ("Qatar from 3 sources for me in the digest", WatchRequest("Qatar", 3, True, True)),
    ],
)
def test_options(text: str, expected: WatchRequest) -> None:
    assert parse_watch(text) == expected


@pytest.mark.parametrize("text", ["Qatar from 0 sources", "Qatar from 100 sources"])
def test_thresholds_that_make_no_sense(text: str) -> None:
    with pytest.raises(BadQuery, match="1 to 20"):
        parse_watch(text)


@pytest.mark.parametrize(
    ("text", "which", "span"),
    [
        ("", "", MUTED),
        ("Qatar", "Qatar", MUTED),
        ("Qatar 8h", "Qatar", 8 * H),
        ("Qatar for 2 hours", "Qatar", 2 * H),
        ("for an hour", "", H),
        ("3 days", "", 3 * D),
        ("12", "", 12 * H),
        ("#12", "#12", MUTED),
        ("#12 2d", "#12", 2 * D),
        ("#1, 2", "#1, 2", MUTED),
        ("#1, 2 and 3", "#1, 2 and 3", MUTED),
        ("#1, 2 3h", "#1, 2", 3 * H),
        ("#1 2", "#1", 2 * H),
        ("G7, 3", "G7", 3 * H),
        ("G7 and G20, 3", "G7 and G20", 3 * H),
        ("G7 30 min", "G7", timedelta(minutes=30)),
        ("F-35", "F-35", MUTED),
        ("Team A", "Team A", MUTED),
    ],
)
def test_how_long_is_muted(text: str, which: str, span: timedelta) -> None:
    assert parse_mute(text) == (which, span)


@pytest.mark.parametrize("text", ["31 days", "0 hours", "Qatar 5 weeks"])
def test_too_long_to_be_muted(text: str) -> None:
    with pytest.raises(BadQuery, match="30 days"):
        parse_mute(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4", {4}),
        ("#1, 2", {1, 2}),
        ("1,2;#3", {1, 2, 3}),
        ("#1 and 2 & 3,", {1, 2, 3}),
        ("Qatar", None),
        ("G7", None),
        ("Boeing 737", None),
        ("and", None),
        ("", None),
        ("9" * 5_000, None),
        ("“#1 fan”", None),
    ],
)
def test_watches_chosen_by_number(text: str, numbers: set[int] | None) -> None:
    assert watch_numbers(text) == numbers


@pytest.mark.parametrize("text", ["#1 Qatar", "Qatar #2", "#1, Iran"])
def test_a_number_beside_a_name_is_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="a number beside a name"):
        watch_numbers(text)
