"""All targets, by name."""

from __future__ import annotations

from tests.fuzz import documents, links, slack, typing
from tests.fuzz.running import Target

TARGETS: tuple[Target, ...] = (
    *documents.TARGETS,
    *links.TARGETS,
    *typing.TARGETS,
    *slack.TARGETS,
)


def named(name: str) -> Target:
    """The target of that name."""
    return next(target for target in TARGETS if target.name == name)
