"""One way to tell an act, over the shape of a sentence.

Most ways begin alike: a subject, what stands between, a verb. What begins alike is compiled
once for all of them, and looked for once for each verb of a sentence that one of them fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from bot.models import EventClass, Status
from bot.read.lexicon import GAP, HERE


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern holds in a line: its groups by name, offsets into the line."""

    line: str
    start: int
    end: int
    groups: dict[str, str | None]
    verb_end: int = -1

    @property
    def verb(self) -> str:
        """The form of the verb that stands, empty for an act without one."""
        return self.groups.get("v") or ""


class Line:
    """The shape of a sentence; remembers which subjects have been found before which verbs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._subjects: dict[tuple[str, int], re.Match[str] | None] = {}

    def subject(self, beginning: str, verb: int) -> re.Match[str] | None:
        """Return the first subject of the verb that stands at ``verb``, if it has one."""
        key = (beginning, verb)
        if key not in self._subjects:
            marked = f"{self.text[:verb]}{HERE}{self.text[verb:]}"
            self._subjects[key] = _up_to_verb(beginning).search(marked)
        return self._subjects[key]


@cache
def _up_to_verb(beginning: str) -> re.Pattern[str]:
    return re.compile(f"{beginning}{GAP} {HERE}")


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

    def matches(self, line: Line) -> list[Found]:
        """Return where this pattern holds, from left to right and without overlaps."""
        if GAP not in self.expression:
            return [_found(match) for match in self._rest.finditer(line.text)]
        kept: list[Found] = []
        # Of what begins alike, the later verb has what was done before it in its gap.
        for one in sorted(self._joined(line), key=lambda found: (found.start, -found.verb_end)):
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        return kept

    def _joined(self, line: Line) -> Iterator[Found]:
        rest = self._rest.search(line.text)
        while rest is not None:
            verb = rest.start() + 1
            subject = line.subject(self._beginning, verb)
            if subject is not None:
                groups = {**subject.groupdict(), **rest.groupdict()}
                ends = rest.end("v") if "v" in rest.groupdict() else rest.end()
                yield Found(line.text, subject.start(), rest.end(), groups, ends)
            rest = self._rest.search(line.text, verb)

    @cached_property
    def _beginning(self) -> str:
        return self.expression.partition(GAP)[0]

    @cached_property
    def _rest(self) -> re.Pattern[str]:
        """What follows the gap, else everything; compiled when a sentence first may hold it."""
        before, gap, after = self.expression.partition(GAP)
        return re.compile(after if gap else before)


def _found(match: re.Match[str]) -> Found:
    groups = match.groupdict()
    ends = match.end("v") if "v" in groups else match.end()
    return Found(match.string, match.start(), match.end(), groups, ends)


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
