"""A built index, kept on disk: to load it is quicker than to build it.

One ``.npz`` of plain arrays (never pickle), named after what it was built from: the version
of the actors and the code that builds. What is missing, stale or damaged is built anew;
where the folder cannot be written the index is built each time, and nothing else changes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.match.actors import ActorIndex
from bot.match.lookup import Lookup
from bot.models import Actor, Tenure

_STEM = "actors-"
_DIGEST = "digest"
_CODE = (
    (
        "bot.match",
        ("candidates.py", "checksums.py", "entries.py", "lookup.py", "scripts.py", "table.py"),
    ),
    ("bot.models", ("actors.py",)),
    ("bot.text", ("names.py",)),
)
"""The files on which the arrays depend."""

_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


def indexed(
    gazetteer: str,
    built: Path | None,
    actors: Sequence[Actor],
    tenures: Sequence[Tenure],
    workspace: str,
    version: str,
) -> ActorIndex:
    """Index the actors of a workspace, by what was kept of the last time where it can be.

    ``gazetteer`` and ``version`` are those of the seed actors, and of the workspace's own.
    """
    if built is None:
        return ActorIndex(actors, tenures)
    # What has words of its own is kept apart: of each folder only the newest is.
    folder = built / hashlib.sha256(workspace.encode()).hexdigest()[:16] if workspace else built
    lookup = saved(folder, f"{gazetteer} {version}".strip(), lambda: Lookup.build(actors))
    return ActorIndex(actors, tenures, lookup)


def saved(folder: Path, version: str, build: Callable[[], Lookup]) -> Lookup:
    """Load the index that was built for ``version``, else build it and keep it in ``folder``.

    Only the newest is kept.
    """
    path = folder / f"{_STEM}{hashlib.sha256(f'{version} {_code()}'.encode()).hexdigest()[:16]}.npz"
    found = load(path)
    if found is None:
        found = build()
        keep(found, path)
    return found


def load(path: Path) -> Lookup | None:
    """Load an index; None if there is none, or it is not as it was kept."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        digest = arrays.pop(_DIGEST, np.zeros(0, dtype=np.uint8))
        if digest.tobytes() != _digest(arrays):
            return None
        return Lookup.from_arrays(arrays)
    except _DAMAGED:
        return None


def keep(lookup: Lookup, path: Path) -> bool:
    """Write an index, whole or not at all; False where the folder cannot be written."""
    arrays = lookup.arrays()
    digest = np.frombuffer(_digest(arrays), dtype=np.uint8)
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_STEM, delete=False) as file:
            name = file.name
            np.savez(file, allow_pickle=False, **arrays, **{_DIGEST: digest})
        Path(name).replace(path)
        for other in path.parent.glob(f"{_STEM}*.npz"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError:
        if name:
            Path(name).unlink(missing_ok=True)
        return False
    return True


def _digest(arrays: dict[str, NDArray[np.generic]]) -> bytes:
    """A hash over names, shapes and bytes: damage inside an array shows nowhere else."""
    whole = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        whole.update(json.dumps([name, array.dtype.str, array.shape]).encode())
        whole.update(array.data)
    return whole.digest()


@cache
def _code() -> str:
    whole = hashlib.sha256()
    for package, names in _CODE:
        for name in names:
            whole.update((resources.files(package) / name).read_bytes())
    return whole.hexdigest()
