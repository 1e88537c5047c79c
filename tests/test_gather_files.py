"""Files become drafts: every kind, every way to be wrong, and nothing ever raises."""

from __future__ import annotations

import gzip
import io
import json
import os
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadRecord
from bot.gather import streams
from bot.gather.files import Defaults, Rejected, drafts
from bot.gather.records import MAX_CHARS
from bot.models import Draft

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
NONE = Defaults()


def read(
    *paths: object, defaults: Defaults = NONE, stdin: bytes | None = None
) -> list[Draft | Rejected]:
    stream = None if stdin is None else io.BytesIO(stdin)
    return list(drafts([str(p) for p in paths], defaults=defaults, now=NOW, stdin=stream))


def one(path: object, defaults: Defaults = NONE) -> Draft:
    (found,) = read(path, defaults=defaults)
    assert isinstance(found, Draft), found
    return found


def refused(path: object, defaults: Defaults = NONE) -> str:
    (found,) = read(path, defaults=defaults)
    assert isinstance(found, Rejected), found
    return found.reason


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def make(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return make


Write = Callable[[str, bytes], Path]
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


# --- kinds ------------------------------------------------------------------------------


def test_plain_text_is_verbatim_and_has_no_title(write: Write) -> None:
    text = "A first paragraph that is no headline.\r\n\r\n  Second.\t\n"
    path = write("seed-article.txt", text.encode())
    draft = one(path)
    assert draft.text == text
    assert draft.title == ""
    assert draft.published is None
    assert draft.external_id == f"file:{path.resolve()}"
    assert draft.origin == str(path)


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.txt", b"\xef\xbb\xbfWith a mark", "With a mark"),
        ("a.txt", "Doha – قطر".encode("utf-16"), "Doha – قطر"),
        ("a.txt", b"\xfe\xff" + "Doha – قطر".encode("utf-16-be"), "Doha – قطر"),
        ("a.txt", "Doha – قطر".encode("utf-32"), "Doha – قطر"),
        ("a.txt", "Qatar’s envoy “will meet” in São Paulo, he told a newspaper on Monday, then a "
                  "second round of talks follows in Doha.".encode("cp1252"),
         "Qatar’s envoy “will meet” in São Paulo, he told a newspaper on Monday, then a "
         "second round of talks follows in Doha."),
        ("a.txt", "Переговоры продолжатся в Москве на следующей неделе.".encode("cp1251"),
         "Переговоры продолжатся в Москве на следующей неделе."),
        ("a.txt.gz", gzip.compress(b"Packed"), "Packed"),
        ("packed.txt", gzip.compress(b"Packed, unnamed"), "Packed, unnamed"),
        ("plain.gz", b"Not packed in spite of its name", "Not packed in spite of its name"),
        ("notes", b"No extension, but text", "No extension, but text"),
        ("brackets", b"[Doha] Talks went on.", "[Doha] Talks went on."),
        ("braces", b"{sic} Talks went on.", "{sic} Talks went on."),
        ("riff.txt", b"RIFF-raff of Doha, and BZh", "RIFF-raff of Doha, and BZh"),
    ],
)  # fmt: skip
def test_text_in_many_dresses(write: Write, name: str, data: bytes, text: str) -> None:
    assert one(write(name, data)).text == text


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ('title: "Talks: day 2"', {"title": "Talks: day 2"}),
        ("date: 2024-03-27", {"published": datetime(2024, 3, 27, tzinfo=UTC)}),
        ("published: 2024-03", {"published_precision": "month"}),
        ("id: 007", {"external_id": "007"}),
        ("publisher: Dragoman note", {"publisher": "Dragoman note"}),
        ("original_source: www.jpost.com", {"cited": ("www.jpost.com",)}),
        ("sources: [AFP, Reuters]", {"cited": ("AFP", "Reuters")}),
        ("sources:\n  - AFP via The News\n  - Reuters", {"cited": ("AFP", "The News", "Reuters")}),
        ("url: https://news.example/x", {"url": "https://news.example/x"}),
        ("title: null", {"title": ""}),
        ("# only a comment", {"title": ""}),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter(write: Write, front: str, expected: dict[str, object], newline: str) -> None:
    body = "Envoys met.\n\n---\n\nThey left. \n"
    page = f"---\n{front}\n---\n".replace("\n", newline) + body
    draft = one(write("a.md", page.encode()))
    assert draft.text == body
    assert {key: getattr(draft, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("page", "title", "text"),
    [
        ("# Talks in Doha\n\nEnvoys met.", "Talks in Doha", "\nEnvoys met."),
        ("---\ntitle: Mine\n---\n# Theirs\nEnvoys met.", "Mine", "# Theirs\nEnvoys met."),
        ("#hashtag first\nEnvoys met.", "", "#hashtag first\nEnvoys met."),
        ("## Second level\nEnvoys met.", "", "## Second level\nEnvoys met."),
        ("----\nEnvoys met.", "", "----\nEnvoys met."),
    ],
)
def test_markdown_titles(write: Write, page: str, title: str, text: str) -> None:
    draft = one(write("a.md", page.encode()))
    assert (draft.title, draft.text) == (title, text)


def test_record_keys(write: Write) -> None:
    path = write("a.jsonl", LINE + b"\n")
    draft = one(path)
    assert draft == Draft(
        title="Talks in Doha",
        text=str(RECORD["text"]),
        url="https://news.example/a?id=1",
        external_id="7",
        cited=("AFP", "The News", "Reuters"),
        published=datetime(2024, 3, 27, tzinfo=UTC),
        published_precision="day",
        origin=f"{path}:1",
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


@pytest.mark.parametrize(
    ("name", "data", "origins"),
    [
        ("a.jsonl", LINE + b"\n\n" + LINE, [":1", ":3"]),
        ("a.jsonl", b"\xef\xbb\xbf" + LINE, [":1"]),
        ("a.jsonl.gz", gzip.compress(LINE + b"\n" + LINE), [":1", ":2"]),
        ("a.ndjson", ("\ufeff" + LINE.decode()).encode("utf-16-le"), [":1"]),
        ("a.jsonl", b"[" + LINE + b"]", ["#1"]),
        ("a.json", LINE, [""]),
        ("a.json", json.dumps(RECORD, indent=2).encode(), [""]),
        ("a.json", b"[" + LINE + b"," + LINE + b"]", ["#1", "#2"]),
        ("a.json", b'{"articles": [' + LINE + b"]}", ["#1"]),
        ("a.json", LINE + b"\n" + LINE, [":1", ":2"]),
        ("a.json.gz", gzip.compress(LINE), [""]),
        ("-dash", LINE + b"\n" + LINE, [":1", ":2"]),
        ("dump", json.dumps([RECORD], indent=1).encode(), ["#1"]),
    ],
)
def test_records_and_their_places(write: Write, name: str, data: bytes, origins: list[str]) -> None:
    path = write(name, data)
    found = read(path)
    assert [item.origin for item in found] == [f"{path}{place}" for place in origins]
    assert {item.text for item in found if isinstance(item, Draft)} == {RECORD["text"]}


def test_only_a_lone_article_is_known_by_its_path(write: Write) -> None:
    bare = b'{"text": "Envoys met."}'
    assert one(write("a.json", bare)).external_id == f"file:{write('a.json', bare).resolve()}"
    assert one(write("a.jsonl", bare)).external_id is None
    assert one(write("b.json", b"[" + bare + b"]")).external_id is None
    assert one(write("c.json", b'{"text": "x", "id": 0}')).external_id == "0"


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (b"Envoys met in Doha.", ["Envoys met in Doha."]),
        (b"---\ntitle: T\n---\nEnvoys met.", ["Envoys met."]),
        (b'{"text": "a"}\n{"text": "b"}\n', ["a", "b"]),
        (b'{"text": "a"}', ["a"]),
        (b'{\n "text": "a"\n}', ["a"]),
        (b'[{"text": "a"}, {"text": "b"}]', ["a", "b"]),
        (gzip.compress(b'{"text": "a"}\n{"text": "b"}'), ["a", "b"]),
    ],
)
def test_standard_input_is_sniffed(data: bytes, kinds: list[str]) -> None:
    found = read("-", stdin=data)
    assert [item.text for item in found if isinstance(item, Draft)] == kinds
    assert all(item.origin.startswith("stdin") for item in found)
    assert all(item.external_id is None for item in found if isinstance(item, Draft))


def test_no_standard_input() -> None:
    assert "no standard input" in refused("-")


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
    draft = one(write("a.txt", b"Envoys met."), defaults)
    assert draft.published == datetime(2024, 3, 27, tzinfo=UTC)
    assert (draft.publisher, draft.url) == ("jpost.com", "https://jpost.com/a")
    assert draft.external_id is None

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


# --- refusals ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\r\n", "empty"),
        ("a.txt", b"Doha\x00", "NUL"),
        ("a.txt", "Doha".encode("utf-16-le"), "NUL"),
        ("a.txt", b"caf\xe9", "encoding"),
        (
            "a.txt",
            "Türkiye Cumhurbaşkanı Erdoğan, görüşmelerin süreceğini söyledi.".encode("cp1254"),
            "not UTF-8 and may be",
        ),
        (
            "a.txt",
            "Český prezident řekl, že jednání bude pokračovat příští týden.".encode("cp1250"),
            "not UTF-8 and may be",
        ),
        ("a.txt", bytes(range(1, 256)) * 4, "encoding"),
        ("a.txt", b"\x01\x02\x03 ok", "control characters"),
        ("a.txt", b"\xff\xfea", "damaged"),
        ("a.pdf", b"%PDF-1.7\n\xe2\xe3", "looks like a PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00", "looks like a PNG"),
        ("a.docx", b"PK\x03\x04\x14\x00", "ZIP archive"),
        ("a.gz", gzip.compress(gzip.compress(b"x")), "gzip within gzip"),
        ("a.html", b" <!DOCTYPE html><p>Doha", "web page"),
        ("a.xml", b'<?xml version="1.0"?><rss/>', "web page or XML"),
        ("a.md", b"---\ntitle: T\nEnvoys met.", "no closing line"),
        ("a.md", b"---\ntitle: [\n---\nEnvoys met.", "not YAML"),
        ("a.md", b"---\n- a\n- b\n---\nEnvoys met.", "not made of lines"),
        ("a.md", b"---\ntitle: !!python/object:os.system {}\n---\nEnvoys.", '"title" is an object'),
        ("a.md", b"---\nx: " + b"[" * 5000 + b"\n---\nEnvoys met.", "not YAML"),
        ("a.md", b"---\ntitle: T\n---\n", "empty"),
        ("a.md", b"---\ndate: 2024-13-40\n---\nEnvoys met.", "date is '2024-13-40'"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[]", "empty"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"3", "not an object"),
        ("a.json", b'{"articles": []}', "empty"),
        ("a.jsonl", b'{"text": "Doha"', "not JSON: expecting ',' delimiter at column 16"),
        ("a.jsonl", b'{"text": "caf\xe9"}', "not UTF-8"),
        ("a.jsonl", b'{"x":' * 100_000, "nested too deeply"),
        ("a.jsonl", b'{"x": ' + b"9" * 5000 + b"}", "cannot be read"),
        ("a.jsonl", b'"Doha"', "not an object"),
        ("a.jsonl", b'{"title": "Doha"}', 'no "text"'),
        ("a.jsonl", b'{"text": null}', 'no "text"'),
        ("a.jsonl", b'{"text": ["Doha"]}', '"text" is a list'),
        ("a.jsonl", b'{"text": "Doha\\u0000"}', "NUL"),
        ("a.jsonl", b'{"text": "Doha \\ud800"}', "half a character"),
        ("a.jsonl", b'{"text": "Doha", "title": "\\udfff"}', "half a character"),
        ("a.jsonl", b'{"text": "Doha", "title": {"en": "x"}}', '"title" is an object'),
        ("a.jsonl", b'{"text": "Doha", "id": [1]}', '"id" is a list'),
        ("a.jsonl", b'{"text": "x", "url": "javascript:alert(1)"}', "only plain http"),
        ("a.jsonl", b'{"text": "x", "url": "https://jpost.com@evil.example/"}', "only plain http"),
        ("a.jsonl", b'{"text": "x", "url": "https://a b/"}', "only plain http"),
        ("a.jsonl", b'{"text": "x", "url": "http://[::1/"}', "only plain http"),
        ("a.jsonl", b'{"text": "x", "url": "https://a.example:99999/"}', "only plain http"),
        ("a.jsonl", b'{"text": "x", "url": "www.jpost.com"}', "only plain http"),
    ],
)
def test_refused_with_a_sentence(write: Write, name: str, data: bytes, why: str) -> None:
    reason = refused(write(name, data))
    assert why in reason
    assert len(reason) < 300


def test_a_malformed_line_is_numbered_and_the_rest_kept(write: Write) -> None:
    path = write("a.jsonl", b'{"text": "a"}\nnonsense\n{"text": ""}\n{"text": "d"}')
    found = read(path)
    assert [type(item) for item in found] == [Draft, Rejected, Rejected, Draft]
    assert [item.origin for item in found] == [f"{path}:{n}" for n in (1, 2, 3, 4)]


def test_a_cut_gzip_keeps_what_came_before(write: Write) -> None:
    packed = gzip.compress(b"\n".join(b'{"text": "%d"}' % n for n in range(50_000)))
    found = read(write("a.jsonl.gz", packed[: len(packed) // 2]))
    assert isinstance(found[-1], Rejected)
    assert "damaged or cut short in line" in found[-1].reason
    assert len(found) > 1000
    assert all(isinstance(item, Draft) for item in found[:-1])
    assert "damaged" in refused(write("b.txt.gz", gzip.compress(b"Doha " * 99)[:20]))
    assert "damaged" in refused(write("c.txt.gz", b"\x1f\x8bnot gzip at all"))


def test_texts_above_the_limit(write: Write) -> None:
    assert one(write("a.txt", b"x" * MAX_CHARS)).text
    assert "5,000,001 characters" in refused(write("b.txt", b"x" * (MAX_CHARS + 1)))
    assert "larger than 32 MB" in refused(write("c.txt", b"x" * (50 * 2**20)))


def test_gzip_bombs_are_bounded_in_memory(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_BYTES", 2**20)
    bomb = gzip.compress(b"x" * (64 * 2**20), compresslevel=1)
    text = write("bomb.txt.gz", bomb)
    line = write("bomb.jsonl.gz", bomb + gzip.compress(b'\n{"text": "after"}\n'))
    tracemalloc.start()
    try:
        assert "larger than 1 MB" in refused(text)
        long, after = read(line)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(long, Rejected)
    assert "longer than 1 MB" in long.reason
    assert isinstance(after, Draft)
    assert after.origin == f"{line}:2"
    assert peak < 8 * 2**20


def test_lines_are_streamed(write: Write) -> None:
    line = json.dumps({"text": "x" * 1000}).encode() + b"\n"
    path = write("a.jsonl.gz", gzip.compress(line * 30_000, compresslevel=1))
    tracemalloc.start()
    try:
        count = sum(1 for _ in drafts([str(path)], defaults=NONE, now=NOW))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 30_000
    assert peak < 4 * 2**20


# --- paths ------------------------------------------------------------------------------


def test_folders_are_sorted_and_say_what_they_leave_out(write: Write, tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b.JSONL", ".hidden/x.txt", ".x.txt", "a/pic.png"):
        write(f"in/{name}", b'{"text": "x"}')
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/dangling.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "in/pipe.txt")
    found = read(tmp_path / "in")
    assert [Path(item.origin).name for item in found if isinstance(item, Draft)] == [
        "b.JSONL:1", "z.md", "b.txt",
    ]  # fmt: skip
    reasons = {Path(i.origin).name: i.reason for i in found if isinstance(i, Rejected)}
    assert reasons.keys() == {"pic.png", "dangling.txt", "pipe.txt"}
    assert "name it itself" in reasons["pic.png"]
    assert "a link to nothing" in reasons["dangling.txt"]


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "nowhere.txt")
    assert "no such file" in refused("a\x00b")
    assert "cannot be read" in refused("x" * 5000)
    (tmp_path / "empty").mkdir()
    assert "holds no article" in refused(tmp_path / "empty")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert refused(tmp_path / "loop.txt")


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as out:  # noqa: PTH123
        out.write(b"Envoys met.")
    draft = one(os.fsdecode(path))
    assert draft.origin.endswith("caf\\xe9.txt")
    assert draft.external_id is not None
    draft.external_id.encode()


def test_permission_denied(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.txt", b"secret")

    def denied(*_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # root, who runs tests in containers, may read all
    assert "permission denied" in refused(path)


def test_a_folder_that_may_be_listed_but_not_entered(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("in/a.txt", b"secret")
    is_file = Path.is_file

    def denied(path: Path) -> bool:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", denied)
    assert "permission denied" in refused(tmp_path / "in")


# --- any bytes --------------------------------------------------------------------------

JSONISH = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "title", "date", "url", "id", "source", "sources", "articles"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(
    data=st.binary(max_size=300)
    | st.builds(lambda v: json.dumps(v).encode(), JSONISH)
    | st.builds(lambda t: b"---\n" + t.encode("utf-8", "replace") + b"\n---\nx", st.text()),
    packed=st.booleans(),
    kind=st.sampled_from(["", ".txt", ".md", ".json", ".jsonl"]),
)
def test_any_bytes_become_drafts_or_sentences(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, packed: bool, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{kind}"
    path.write_bytes(gzip.compress(data) if packed else data)
    for item in read(path):
        if isinstance(item, Draft):
            assert item.text.strip()
            item.model_dump_json()
        else:
            assert item.reason
            assert "Traceback" not in item.reason
