"""Damage to the files of an index, found by tantivy's own checksums.

Every file of a segment ends in a footer: a line of JSON with the CRC-32 of what stands before
it, the length of that line, and a magic number. tantivy itself checks none of this when it
reads: damaged bytes make it answer wrongly, raise ValueError, or panic.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MAGIC = 1337
_TAIL = struct.Struct("<II")
_LONGEST_FOOTER = 4_096
_CHUNK = 1 << 20
_PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
"""The files that every segment has; one with deletions has a ``.del`` file as well."""


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Raise ValueError where tantivy panics, as it does for whatever else is wrong.

    The exception of a panic is no Exception, and its type cannot be imported.
    """
    try:
        yield
    except BaseException as error:
        kind = type(error)
        if (kind.__module__, kind.__name__) != ("pyo3_runtime", "PanicException"):
            raise
        raise ValueError(f"tantivy panicked: {error}") from error


def damaged(segments: Path, most: int | None = None) -> str:
    """Name the first damaged file of the index in this folder; empty where there is none.

    With ``most``, files are looked at only where all together have no more bytes than that.
    A file that is deleted meanwhile, as those of merged segments are, counts as sound.
    """
    try:
        live = _live(segments)
    except FileNotFoundError:
        return ""  # nothing was committed yet
    except (OSError, ValueError, KeyError, TypeError):
        return "meta.json"
    if most is not None and sum(map(_size, live)) > most:
        return ""
    wrong = [one for one in live if not _is_sound(one)]
    if wrong:
        try:
            live = _live(segments)
        except (OSError, ValueError, KeyError, TypeError):
            return "meta.json"
    return next((one.name for one in wrong if one in live), "")


def _live(segments: Path) -> list[Path]:
    """The files that the index consists of now."""
    meta = json.loads((segments / "meta.json").read_bytes())
    found = []
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        found += [segments / f"{name}.{part}" for part in _PARTS]
        if segment["deletes"]:
            found.append(segments / f"{name}.{segment['deletes']['opstamp']}.del")
    return found


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _is_sound(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(size - _TAIL.size, 0))
            length, magic = _TAIL.unpack(stream.read())
            if magic != _MAGIC or length > min(_LONGEST_FOOTER, size - _TAIL.size):
                return False
            left = size - _TAIL.size - length
            stream.seek(left)
            told = json.loads(stream.read(length))["crc"]
            stream.seek(0)
            found = 0
            while left and (chunk := stream.read(min(_CHUNK, left))):
                found = zlib.crc32(chunk, found)
                left -= len(chunk)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
    return bool(found == told)
