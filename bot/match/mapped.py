"""Files of arrays, mapped into memory, that hold what was computed from something else.

A file is the length of its header (eight bytes, little-endian), the header (JSON: a digest of
all that follows, and the name, type, shape and place of each array), and the arrays, each at a
multiple of eight bytes. Nothing in it is ever executed, as a pickle would be.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]

_LENGTH = 8
_DAMAGED = (OSError, ValueError, KeyError, TypeError)
SUFFIX = ".map"


def path_of(folder: Path, stem: str, *parts: str) -> Path:
    """Name the file in ``folder`` for what was computed from ``parts``, such as versions."""
    return folder / f"{stem}{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:16]}{SUFFIX}"


def read(path: Path) -> dict[str, NDArray[np.generic]] | None:
    """Map a file; None if there is none, or it is not as it was written."""
    try:
        with path.open("rb") as stream:
            whole = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        start = _LENGTH + int.from_bytes(whole[:_LENGTH], "little")
        header = json.loads(bytes(whole[_LENGTH:start]))
        if header["digest"] != _digest(header["arrays"], whole[start:]):
            return None
        return {
            name: np.frombuffer(
                whole, np.dtype(kind), count=int(np.prod(shape)), offset=start + place
            ).reshape(shape)
            for name, (kind, shape, place) in header["arrays"].items()
        }
    except _DAMAGED:
        return None


def write(path: Path, arrays: Arrays, stem: str) -> bool:
    """Write a file, whole or not at all, and delete others of the same ``stem`` beside it.

    Returns False where the folder cannot be written.
    """
    header, body = _laid_out(arrays)
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=stem, delete=False) as file:
            name = file.name
            file.write(len(header).to_bytes(_LENGTH, "little") + header + body)
        Path(name).replace(path)
        for other in path.parent.glob(f"{stem}*"):
            if other != path and other.suffix in (SUFFIX, ".npz"):  # .npz: the form before this one
                other.unlink(missing_ok=True)
    except OSError:
        if name:
            Path(name).unlink(missing_ok=True)
        return False
    return True


def _laid_out(arrays: Arrays) -> tuple[bytes, bytes]:
    """Make the header, padded to a multiple of eight bytes, and what follows it."""
    body = bytearray()
    places: dict[str, tuple[str, list[int], int]] = {}
    for name, array in arrays.items():
        places[name] = (array.dtype.str, list(array.shape), len(body))
        body += np.ascontiguousarray(array).tobytes()
        body += bytes(-len(body) % 8)
    header = json.dumps({"digest": _digest(places, body), "arrays": places}).encode()
    return header + b" " * (-len(header) % 8), bytes(body)


def _digest(places: object, body: bytes | bytearray | memoryview) -> str:
    """A hash over names, shapes and bytes: damage inside an array shows nowhere else."""
    whole = hashlib.blake2b(json.dumps(places).encode(), digest_size=16)
    whole.update(body)
    return whole.hexdigest()


@cache
def digest_of_code(files: Iterable[tuple[str, str]]) -> str:
    """Hash source files, given as ``(package, file)``: another version computes otherwise."""
    whole = hashlib.sha256()
    for package, name in files:
        whole.update((resources.files(package) / name).read_bytes())
    return whole.hexdigest()
