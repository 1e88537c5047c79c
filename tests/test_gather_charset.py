"""The encoding of a page: told by its bytes, its header, its own word, in this order."""

from __future__ import annotations

import pytest

from bot.errors import UnreadableFile
from bot.gather.decode import page_text

HELLO = "<p>“Señor”, sagte der Außenminister – für später."
RUSSIAN = "<p>Министр сообщил, что делегация прибудет в столицу."


def meta(name: str, text: str) -> bytes:
    return f'<html><head><meta charset="{name}"></head>{text}'.encode(name)


@pytest.mark.parametrize(
    ("data", "charset", "ends"),
    [
        (HELLO.encode(), None, HELLO),
        (HELLO.encode(), "iso-8859-1", HELLO),  # the header is wrong: the bytes are UTF-8
        (b"\xef\xbb\xbf" + HELLO.encode(), "windows-1251", HELLO),
        (b"\xff\xfe" + HELLO.encode("utf-16-le"), "utf-8", HELLO),
        (HELLO.encode("cp1252"), "iso-8859-1", HELLO),  # as browsers do: it has the quotes
        (HELLO.encode("cp1252"), "windows-1252", HELLO),
        (meta("windows-1251", RUSSIAN), None, RUSSIAN),
        (meta("koi8-r", RUSSIAN), "no-such-encoding", RUSSIAN),
        (meta("windows-1251", RUSSIAN), "koi8-r", RUSSIAN.encode("cp1251").decode("koi8-r")),
        ("<p>大臣は首都を訪問".encode("iso2022_jp"), "iso-2022-jp", "<p>大臣は首都を訪問"),
        (meta("gb2312", "<p>部长访问首都"), None, "<p>部长访问首都"),
        ((RUSSIAN * 20).encode("cp1251"), None, RUSSIAN),  # nobody says: it is guessed
        ((RUSSIAN * 20).encode("cp1251"), "utf-8", RUSSIAN),
        (b"<p>plain", None, "<p>plain"),
        (b"<p>plain", "rot13", "<p>plain"),  # no encoding of text, whatever Python calls it
    ],
)
def test_decoded(data: bytes, charset: str | None, ends: str) -> None:
    assert page_text(data, charset, about="page").endswith(ends)


def test_a_stray_byte_in_a_page_of_utf8_costs_one_letter() -> None:
    data = b"<p>caf\xe9 " + HELLO.encode() * 100
    assert page_text(data, "utf-8", about="page").count("\ufffd") == 1


def test_what_is_in_no_encoding_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="encoding"):
        page_text(b"<p>" + bytes(range(128, 256)) * 20, None, about="page")


def test_a_label_that_no_codec_can_have_is_none() -> None:
    assert page_text(b"<p>plain", "x\x00y", about="page") == "<p>plain"
