"""Files become drafts: every kind and every path, and nothing is skipped without a word."""

from __future__ import annotations

import gzip
import json
import os
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UnreadableFile
from bot.gather.files import Rejected
from bot.gather.formats import open_file
from bot.models import Draft
from tests.gathering import Write, one, read, refused, writer


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
        ("a.txt.gz", gzip.compress(b"Packed", mtime=0), "Packed"),
        ("packed.txt", gzip.compress(b"Packed, unnamed", mtime=0), "Packed, unnamed"),
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
        ("sources:\n  - AFP via The News\n  - Reuters", {"cited": ("AFP via The News", "Reuters")}),
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


@pytest.mark.parametrize(
    ("name", "data", "origins"),
    [
        ("a.jsonl", LINE + b"\n\n" + LINE, [":1", ":3"]),
        ("a.jsonl", b"\xef\xbb\xbf" + LINE, [":1"]),
        ("a.jsonl.gz", gzip.compress(LINE + b"\n" + LINE, mtime=0), [":1", ":2"]),
        ("a.ndjson", ("\ufeff" + LINE.decode()).encode("utf-16-le"), [":1"]),
        ("a.jsonl", b"[" + LINE + b"]", ["#1"]),
        ("a.json", LINE, [""]),
        ("a.json", json.dumps(RECORD, indent=2).encode(), [""]),
        ("a.json", b"[" + LINE + b"," + LINE + b"]", ["#1", "#2"]),
        ("a.json", b'{"articles": [' + LINE + b"]}", ["#1"]),
        ("a.json", LINE + b"\n" + LINE, [":1", ":2"]),
        ("a.json.gz", gzip.compress(LINE, mtime=0), [""]),
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
        (gzip.compress(b'{"text": "a"}\n{"text": "b"}', mtime=0), ["a", "b"]),
    ],
)
def test_standard_input_is_sniffed(data: bytes, kinds: list[str]) -> None:
    found = read("-", stdin=data)
    assert [item.text for item in found if isinstance(item, Draft)] == kinds
    assert all(item.origin.startswith("stdin") for item in found)
    assert all(item.external_id is None for item in found if isinstance(item, Draft))


def test_no_standard_input() -> None:
    assert "no standard input" in refused("-")


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
    assert "a pipe" in reasons["pipe.txt"]
    assert "name it itself" in reasons["pic.png"]
    assert "a link to nothing" in reasons["dangling.txt"]


def test_links_of_a_folder_are_followed_only_within_it(write: Write, tmp_path: Path) -> None:
    write("in/real/a.txt", b"Envoys met.")
    write("outside/secret.txt", b"Nobody may read this.")
    inside = tmp_path / "in"
    (inside / "same.txt").symlink_to(inside / "real/a.txt")
    (inside / "b.txt").symlink_to(tmp_path / "outside/secret.txt")
    (inside / "c").symlink_to(tmp_path / "outside")
    (inside / "d.txt").symlink_to("../outside/secret.txt")
    (inside / "e.txt").symlink_to(inside / "c/secret.txt")  # out by way of another link
    found = read(inside)
    assert {item.text for item in found if isinstance(item, Draft)} == {"Envoys met."}
    refusals = [item for item in found if isinstance(item, Rejected)]
    assert {Path(item.origin).name for item in refusals} == {"b.txt", "c", "d.txt", "e.txt"}
    assert all("leads out of the folder" in item.reason for item in refusals)
    assert one(inside / "b.txt").text == "Nobody may read this."  # its name was given


def test_a_folder_that_is_itself_a_link_is_read(write: Write, tmp_path: Path) -> None:
    write("real/a.txt", b"Envoys met.")
    (tmp_path / "named").symlink_to(tmp_path / "real")
    assert one(tmp_path / "named").text == "Envoys met."


def test_devices_pipes_and_sockets_of_a_folder_are_told_of(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(tmp_path, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/socket.txt")  # a path of few bytes
        os.close(here)
        found = read(tmp_path)
    assert len(found) == 2
    assert all(isinstance(one, Rejected) and "no regular file" in one.reason for one in found)


def test_a_device_is_not_read_though_it_is_named() -> None:
    assert "no regular file" in refused(Path("/dev/zero"))


def test_a_file_that_says_it_is_empty_is_not_read_without_end() -> None:
    assert refused(Path("/proc/self/mountinfo"))


def test_what_became_a_pipe_or_a_link_since_it_was_listed_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableFile, match="no regular file"):
        open_file(tmp_path / "pipe.txt", named=False)
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    with pytest.raises(OSError, match="symbolic links"):
        open_file(tmp_path / "link.txt", named=False)


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_bytes, args=(b"Envoys met.",))
    writing.start()
    assert one(pipe).text == "Envoys met."
    writing.join()


def test_no_more_is_read_of_a_growing_file_than_it_held(write: Write) -> None:
    path = write("a.txt", b"Envoys met.")
    with open_file(path, named=True) as opened, path.open("ab") as growing:
        growing.write(b" And more.")
        growing.flush()
        assert opened.read() == b"Envoys met."


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

    monkeypatch.setattr(os, "open", denied)  # root, who runs tests in containers, may read all
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
