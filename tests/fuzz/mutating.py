"""Inputs damaged at random, always the same way for the same seed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any

LONGEST = 20_000
"""Bytes of one input; what is longer only takes longer."""

ODD: tuple[bytes, ...] = (
    b"\x00", b"\xff", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1b[31m", b"\r\n", b"\n\n", b"\t",
    b" ", b"  ", b"\\", b'"', b"'", b"<", b">", b"&", b"|", b"%", b"%00", b"%ff", b"#", b"@", b":", b"/",
    b"//", b"..", b"?", b"=", b";", b",", b"-", b"--", b"(", b")", b"[", b"]", b"{", b"}", b"*", b"_", b"~",
    b"0", b"-1", b"1e309", b"NaN", b"99999999999999999999", b"9" * 400, b"0" * 30, b"null", b"true",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf",
    *(text.encode() for text in (
        "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00a0", "\u2028", "\x85", "\x1c", "İ", "ß", "ﬁ",
        "①", "²", "٣", "३", "½", "Ⅷ", "é", "e\u0301", "中", "🙂", "👨‍👩‍👧", "\U000e0041", "’", "“", "”", "—",
        "\ufffe", "\ufffd", "\u0345", "ŉ", "ﷺ",
    )),
)  # fmt: skip
"""What parsers stumble over: control marks, numbers that are none, letters that change their length."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 1e308, "", " ", "x", "\x00", "\U0001f642", "x" * 5_000, "<!channel>",
    "<@U1>", "C1", [], {}, [[]], [None], {"": ""}, {"value": None}, [{}], "0", "{}", "[]", "null",
)  # fmt: skip


def damaged(
    data: bytes, chance: Random, others: Sequence[bytes], words: Sequence[bytes] = ()
) -> bytes:
    """Damage an input in one to six places; ``others`` give pieces, ``words`` what is apt."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(9):
            case 0:
                del found[at : at + chance.choice((1, 1, 4, 40, 400))]
            case 1:
                found[at:at] = chance.choice(ODD)
            case 2 if words:
                found[at:at] = chance.choice(words)
            case 3 if words:
                found[at : at + chance.randrange(1, 12)] = chance.choice(words)
            case 4 if found:
                found[min(at, len(found) - 1)] ^= 1 << chance.randrange(8)
            case 5:
                piece = bytes(found[at : at + chance.choice((1, 8, 80))])
                found[at:at] = piece * chance.choice((1, 2, 30, 300))
            case 6:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                found[at:at] = other[start : start + chance.choice((4, 40, 400))]
            case 7:
                del found[at:]
            case _:
                end = at + chance.randrange(1, 8)
                found[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
        del found[LONGEST:]
    return bytes(found)


def damaged_json(
    data: bytes, chance: Random, others: Sequence[bytes], words: Sequence[bytes] = ()
) -> bytes:
    """Damage what a JSON text holds, one to three of its parts; it is JSON still."""
    whole: list[Any] = [json.loads(data)]
    for _ in range(chance.choice((1, 1, 2, 3))):
        holders = list(_holders(whole))
        holder, key = chance.choice(holders)
        match chance.randrange(5):
            case 0 if holder is not whole:
                del holder[key]
            case 1 | 2 if isinstance(holder[key], str):
                text = holder[key].encode(errors="replace")
                holder[key] = damaged(text, chance, [text], words).decode(errors="replace")
            case 3:
                other = [json.loads(chance.choice(others))]
                there, name = chance.choice(list(_holders(other)))
                holder[key] = there[name]
            case _:
                holder[key] = deepcopy(chance.choice(VALUES))
    return json.dumps(whole[0]).encode()


def _holders(whole: Any) -> list[tuple[Any, Any]]:
    """Every place of a value: what holds it, and its key or number there."""
    found: list[tuple[Any, Any]] = []
    waiting = [whole]
    while waiting:
        one = waiting.pop()
        keys = one.keys() if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found
