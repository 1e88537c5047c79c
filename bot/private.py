"""Files and folders that only their owner may read: their modes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDER_MODE = 0o700

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_READ = stat.S_IRGRP | stat.S_IROTH


def for_owner_alone() -> Callable[[], object]:
    """Have this process, and those it starts, create files that only their owner may use.

    Returns a function that undoes it.
    """
    before = os.umask(_OTHERS)
    return lambda: os.umask(before)


def close_to_others(folder: Path) -> None:
    """Take away from others what they may do in a data folder, if the folder is ours.

    It is ours if it belongs to the user that runs this. Where it does not, such as a volume
    that a cluster mounts, it stays as it is, and the doctor notes which files others may read.
    So does a folder that many share (its sticky bit is set), such as /tmp.
    """
    if os.name != "posix":
        return
    found = folder.stat()
    shared = found.st_mode & stat.S_ISVTX
    if found.st_uid == os.geteuid() and found.st_mode & _OTHERS and not shared:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)


def open_to_others(folder: Path) -> Iterator[Path]:
    """Find the files in a data folder that other users of this machine may read."""
    if os.name != "posix" or not folder.is_dir() or not folder.stat().st_mode & _OTHERS:
        return
    for path in sorted(folder.rglob("*")):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # files of an index come and go
            continue
        if stat.S_ISREG(mode) and mode & _READ:
            yield path
