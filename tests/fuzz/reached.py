"""Which lines of ours an input is the first to reach: where there, it is damaged further.

With ``sys.monitoring`` (Python 3.12) a line tells of itself once and costs nothing from then
on. On an older Python no input is known to reach anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

_ROOT = Path(__file__).parents[2]
_OURS = tuple(f"{_ROOT / name}/" for name in ("bot", "handlers"))
_NAME = "dragoman-fuzz"


class Reached:
    """Counts lines of ours that are reached for the first time."""

    def __init__(self) -> None:
        self.lines = 0

    def line(self, code: CodeType, _line: int) -> Any:
        """Note a line, and ask to hear of it no more."""
        if code.co_filename.startswith(_OURS):
            self.lines += 1
        monitoring: Any = sys.__dict__["monitoring"]
        return monitoring.DISABLE


@contextmanager
def watched() -> Iterator[Reached]:
    """Watch the lines that are reached while this is open."""
    reached = Reached()
    # By name: the type checker knows the oldest Python alone, which has none.
    monitoring: Any = getattr(sys, "monitoring", None)
    if monitoring is None:
        yield reached
        return
    tool = monitoring.OPTIMIZER_ID - 1
    monitoring.use_tool_id(tool, _NAME)
    monitoring.register_callback(tool, monitoring.events.LINE, reached.line)
    monitoring.set_events(tool, monitoring.events.LINE)
    monitoring.restart_events()
    try:
        yield reached
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)
