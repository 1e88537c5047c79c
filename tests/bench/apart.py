"""Calls in a separate process, so that the memory of one measurement does not count for the next.

It is a whole process, not one of ``multiprocessing``: those do not end while a worker runs that
Dragoman keeps ready for its next reading.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from tests.bench.common import MissingData

P = ParamSpec("P")
T = TypeVar("T")


def apart(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that can be pickled in a separate process.

    Raises MissingData if it does, CalledProcessError for any other error.
    """
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as name:
        file = Path(name) / "call"
        file.write_bytes(pickle.dumps((call, args, kwargs)))
        subprocess.run([sys.executable, "-m", __name__, str(file)], check=True)
        result: T | MissingData = pickle.loads(file.read_bytes())  # noqa: S301 - our own
    if isinstance(result, MissingData):
        raise result
    return result


def _main(file: Path) -> None:
    call, args, kwargs = pickle.loads(file.read_bytes())  # noqa: S301 - our own
    try:
        result = call(*args, **kwargs)
    except MissingData as error:
        result = error
    file.write_bytes(pickle.dumps(result))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
