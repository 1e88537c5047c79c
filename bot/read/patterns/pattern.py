"""One way to tell an act, over the shape of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.models import EventClass, Status


@dataclass(frozen=True, eq=False)  # told apart by identity: hashing all fields is slow
class Pattern:
    """One way to tell an act. ``both``: the act is both sides' and told once.

    ``status`` overrides what the words between subject and verb would say. ``nominal``
    patterns have no verb of their own, so their surroundings are checked for plans.
    ``alone``: the act is whole without a target that is an actor. ``bodies``: a person does
    it in a figure of speech only ("Trump attacked Harris"); ``persons``: only persons do.
    """

    name: str
    act: str
    event_class: EventClass
    triggers: frozenset[str]
    expression: str
    both: bool = False
    nominal: bool = False
    status: Status | None = None
    alone: bool = False
    bodies: bool = False
    persons: bool = False

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when first met: all of them together take a fifth of a second."""
        return re.compile(self.expression)


def pattern(
    name: str,
    act: str,
    event_class: EventClass,
    triggers: list[str] | str,
    expression: str,
    *,
    both: bool = False,
    nominal: bool = False,
    status: Status | None = None,
    alone: bool = False,
    bodies: bool = False,
    persons: bool = False,
) -> Pattern:
    """Make a pattern; ``act`` is what a reader sees, ``triggers`` words or a line of them."""
    words = triggers.split() if isinstance(triggers, str) else triggers
    return Pattern(
        name, act, event_class, frozenset(words), expression, both, nominal, status,
        alone, bodies, persons,
    )  # fmt: skip
