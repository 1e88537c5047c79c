"""How much of files is read: their bytes as they stand, packed or not, for a progress bar."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER = 64 * 1024


@dataclass
class Amount:
    """Bytes that were read, of how many; ``total`` is None where nobody can tell."""

    total: int | None = None
    read: int = 0


def size_of(paths: Iterable[str]) -> int | None:
    """The bytes of files and folders together; None if one is neither, as links and ``-``.

    Hidden files are left out as in reading. What changes meanwhile is counted as it was.
    """
    total = 0
    for named in paths:
        path = Path(named)
        try:
            if named and path.is_dir():
                total += sum(one.stat().st_size for one in _files(path))
            elif path.is_file():
                total += path.stat().st_size
            else:
                return None
        except (OSError, ValueError):
            return None
    return total


def _files(folder: Path) -> Iterable[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if not one.startswith(".")]
        for name in names:
            file = Path(where, name)
            if not name.startswith(".") and file.is_file():
                yield file


def counted(raw: BinaryIO, amount: Amount | None) -> BinaryIO:
    """The same stream, whose bytes are added to an amount as they are read."""
    return raw if amount is None else io.BufferedReader(_Counted(raw, amount), _BUFFER)


class _Counted(io.RawIOBase):
    def __init__(self, raw: BinaryIO, amount: Amount) -> None:
        self._raw, self._amount = raw, amount

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        part = self._raw.read(len(view))
        view[: len(part)] = part
        self._amount.read += len(part)
        return len(part)
