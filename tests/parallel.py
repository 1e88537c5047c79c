"""Which process of a parallel run gets which tests."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController


class FileScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Gives each worker whole files, and others what a worker that crashed has not finished.

    pytest-xdist 3.8 also gives them files that it has finished, and then waits forever for results;
    and the test in which it crashed, so that this one ends the run after a few workers.
    """

    def remove_node(self, node: WorkerController) -> str | None:
        """Forget a worker; returns the test in which it crashed, if it did."""
        work = self.assigned_work[node]
        begun = (
            (tests, name) for tests in work.values() for name, done in tests.items() if not done
        )
        crashed = None
        for tests, name in begun:
            tests[name], crashed = True, name
            break
        self.assigned_work[node] = {
            file: tests for file, tests in work.items() if not all(tests.values())
        }
        super().remove_node(node)
        return crashed


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling | None:
    """Schedule ``--dist loadfile``."""
    return FileScheduling(config, log) if config.getvalue("dist") == "loadfile" else None
