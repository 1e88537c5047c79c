"""What cannot become an article is refused with a sentence, within bounded memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gather import formats
from bot.gather.files import Rejected, drafts
from bot.gather.records import MAX_CHARS
from bot.models import Draft
from tests.gathering import NONE, NOW, Write, one, read, refused, writer


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


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
        ("a.pdf", b"%PDF-1.7\n\xe2\xe3", "damaged PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00", "looks like a PNG"),
        ("a.docx", b"PK\x03\x04\x14\x00", "ZIP archive"),
        ("a.gz", gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "gzip within gzip"),
        ("a.html", b" <!DOCTYPE html><p>", "article cannot be found"),
        ("a.xml", b'<?xml version="1.0"?><rss/>', "looks like XML"),
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
    monkeypatch.setattr(formats, "MAX_BYTES", 2**20)
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
