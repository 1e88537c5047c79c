"""What a record says becomes a draft; dates and defaults."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import BadRecord
from bot.gather.files import Defaults, Rejected, drafts
from bot.models import Draft
from tests.gathering import NOW, Write, one, read, refused, writer


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


RECORD: dict[str, object] = {
    "id": 7,
    "url": "https://news.example/a?id=1",
    "title": "Talks in Doha",
    "date": "2024-03-27",
    "text": "Envoys met in Doha.\r\n\r\n They will meet again.  ",
    "sources": ["AFP via The News", "Reuters"],
    "topics": ["ignored"],
}
LINE = json.dumps(RECORD).encode()


def test_record_keys(write: Write) -> None:
    path = write("a.jsonl", LINE + b"\n")
    draft = one(path)
    assert draft == Draft(
        title="Talks in Doha",
        text=str(RECORD["text"]),
        url="https://news.example/a?id=1",
        external_id="7",
        cited=("AFP via The News", "Reuters"),
        published=datetime(2024, 3, 27, tzinfo=UTC),
        published_precision="day",
        origin=f"{path}:1",
        archived=True,
    )


@pytest.mark.parametrize(
    ("given_", "publisher", "cited"),
    [
        ({"source": "jpost.com"}, "jpost.com", ()),
        ({"source": "AFP via The News"}, "The News", ("AFP",)),
        ({"source": ["AFP", "Reuters"]}, None, ("AFP", "Reuters")),
        ({"source": {"id": None, "name": "CNN"}}, "CNN", ()),
        ({"sources": "Reuters"}, None, ("Reuters",)),
        ({"sources": ["Reuters", " Reuters ", ""]}, None, ("Reuters",)),
        ({"publisher": "A", "source": "B"}, "A", ()),
        ({"sources": ["Aviation Week"]}, None, ("Aviation Week",)),
        ({"original_source": "jpost.com", "sources": ["AFP"]}, None, ("jpost.com", "AFP")),
        ({"sources": []}, None, ()),
        ({"source": 24}, "24", ()),
    ],
)
def test_who_published_and_after_whom(
    write: Write, given_: dict[str, object], publisher: str | None, cited: tuple[str, ...]
) -> None:
    draft = one(write("a.json", json.dumps({"text": "x", **given_}).encode()))
    assert (draft.publisher, draft.cited) == (publisher, cited)


# --- dates and defaults -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "when", "precision"),
    [
        ("2024-03-27", "2024-03-27T00:00", "day"),
        ("2024-3-7", "2024-03-07T00:00", "day"),
        ("2024/03/27", "2024-03-27T00:00", "day"),
        ("20240327", "2024-03-27T00:00", "day"),
        ("2024-03", "2024-03-01T00:00", "month"),
        ("2024", "2024-01-01T00:00", "year"),
        (2024, "2024-01-01T00:00", "year"),
        ("2024-03-27T10:30", "2024-03-27T10:30", "minute"),
        ("2024-03-27 10:30:15", "2024-03-27T10:30:15", "minute"),
        ("2024-03-27T10:30Z", "2024-03-27T10:30", "minute"),
        ("2024-03-27T01:30+03:00", "2024-03-26T22:30", "minute"),
        ("2024-03-27T01:30:00.000+0300", "2024-03-26T22:30", "minute"),
        ("2024-03-27 10:30 UTC", "2024-03-27T10:30", "minute"),
        ("Wed, 27 Mar 2024 10:30:00 GMT", "2024-03-27T10:30", "minute"),
        ("27 Mar 2024 10:30:00 -0500", "2024-03-27T15:30", "minute"),
        ("Wed, 27 Mar 2024 10:30:00 -0000", "2024-03-27T10:30", "minute"),
        ("2026-03-29T11:59Z", "2026-03-29T11:59", "minute"),
        ("1815-06-22", "1815-06-22T00:00", "day"),
    ],
)
def test_dates(write: Write, text: object, when: str, precision: str) -> None:
    draft = one(write("a.json", json.dumps({"text": "x", "publish_date": text}).encode()))
    assert draft.published == datetime.fromisoformat(when).replace(tzinfo=UTC)
    assert draft.published_precision == precision


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-13-40", "date is '2024-13-40': not a date"),
        ("2023-02-29", "not a date"),
        ("2024-13", "not a date"),
        ("0000", "not a date"),
        ("0024-03-27", "earlier than any newspaper"),
        ("yesterday", "not a date"),
        ("27/03/2024", "not a date"),
        (1711533600, "not a date"),
        ("2026-03-30", "in the future"),
        ("2026-03-29T12:01Z", "in the future"),
        ("9999-12-31T23:59-14:00", "not a date"),
        ("0001-01-01T00:00+14:00", "not a date"),
        ("Wed, 99 Mar 2024 10:30:00 GMT", "not a date"),
        ("2024-03-27T25:00", "not a date"),
        (True, "true or false"),
        (["2024-03-27"], "is a list"),
    ],
)
def test_impossible_dates(write: Write, text: object, why: str) -> None:
    assert why in refused(write("a.json", json.dumps({"text": "x", "date": text}).encode()))


def test_defaults_fill_what_is_not_said(write: Write) -> None:
    defaults = Defaults(date="2024-03-27", publisher="jpost.com", url="https://jpost.com/a")
    path = write("a.txt", b"Envoys met.")
    draft = one(path, defaults)
    assert draft.published == datetime(2024, 3, 27, tzinfo=UTC)
    assert (draft.publisher, draft.url) == ("jpost.com", "https://jpost.com/a")
    # The file stays what it is known by, so that its link can come later.
    assert draft.external_id == f"file:{path.resolve()}"

    said = {"text": "x", "date": "2023-01-01", "source": "AFP", "url": "https://afp.example/1"}
    draft = one(write("b.json", json.dumps(said).encode()), defaults)
    assert draft.published == datetime(2023, 1, 1, tzinfo=UTC)
    assert (draft.publisher, draft.url) == ("AFP", "https://afp.example/1")


def test_one_link_is_not_given_to_two_articles(write: Write) -> None:
    path = write("a.jsonl", b'{"text": "a"}\n{"text": "b"}\n')
    first, second = read(path, defaults=Defaults(url="https://jpost.com/a"))
    assert isinstance(first, Draft)
    assert isinstance(second, Rejected)
    assert f"{path}:1 has it" in second.reason


@pytest.mark.parametrize(
    ("defaults", "why"),
    [
        (Defaults(date="2024-13-40"), "--date cannot be used: its date is '2024-13-40'"),
        (Defaults(date="2027-01-01"), "in the future"),
        (Defaults(url="javascript:alert(1)"), "--url cannot be used"),
        (Defaults(publisher="x" * 300), "--publisher cannot be used"),
    ],
)
def test_wrong_defaults_are_told_before_anything_is_read(defaults: Defaults, why: str) -> None:
    with pytest.raises(BadRecord, match="cannot be used") as told:
        drafts(["/nowhere"], defaults=defaults, now=NOW)
    assert why in str(told.value)
