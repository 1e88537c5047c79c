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
from bot.read.lexicon import GAP, HERE, THEIRS


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

    @property
    def verb_start(self) -> int:
        """Where the verb begins, or an act without one."""
        return self.verb_end - len(self.verb) if self.verb else self.start

    @property
    def verb_ahead(self) -> str:
        """The verb and a few words after it."""
        return self.line[self.verb_end - len(self.verb) : self.verb_end + 12]


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


_THEIRS = re.compile(THEIRS)
"""Matches anywhere, if need be nothing, so that it may be looked for after all the rest."""


@dataclass(frozen=True, eq=False)  # told apart by identity: hashing all fields is slow
class Pattern:
    """One way to tell an act. ``both``: the act is both sides' and told once.

    ``status`` overrides what the words between subject and verb would say. ``nominal``
    patterns have no verb of their own, so their surroundings are checked for plans.
    ``alone``: the act is whole without a target that is an actor. ``bodies``: a person does
    it in a figure of speech only ("Trump attacked Harris"); ``persons``: only persons do.
    ``onto``: the prefixes of those whom alone it can be done to, where an actor is known.
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
    onto: tuple[str, ...] = ()

    def matches(self, line: Line) -> list[Found]:
        """Return where this pattern holds, from left to right and without overlaps."""
        if self._beginning is None:
            return [self._found(line, match) for match in self._rest.finditer(line.text)]
        rest = self._rest.search(line.text)
        if rest is None:
            return []
        kept: list[Found] = []
        # Of what begins alike, the later verb has what was done before it in its gap.
        for one in sorted(
            self._joined(line, self._beginning, rest),
            key=lambda found: (found.start, -found.verb_end),
        ):
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        return kept

    def _joined(self, line: Line, beginning: str, first: re.Match[str]) -> Iterator[Found]:
        rest: re.Match[str] | None = first
        while rest is not None:
            verb = rest.start() + 1
            subject = line.subject(beginning, verb)
            if subject is not None:
                yield self._found(line, rest, subject)
            rest = self._rest.search(line.text, verb)

    def _found(
        self, line: Line, rest: re.Match[str], subject: re.Match[str] | None = None
    ) -> Found:
        groups, end = rest.groupdict(), rest.end()
        verb_end = rest.end("v") if "v" in groups else end
        if subject is not None:
            groups.update(subject.groupdict())
        if self.expression.endswith(THEIRS) and (theirs := _THEIRS.match(line.text, end)):
            groups.update(theirs.groupdict())
            end = theirs.end()
        return Found(line.text, (subject or rest).start(), end, groups, verb_end)

    @cached_property
    def _beginning(self) -> str | None:
        before, gap, _ = self.expression.partition(GAP)
        return before if gap else None

    @cached_property
    def _rest(self) -> re.Pattern[str]:
        """What is this pattern's own; compiled when a sentence first may hold it."""
        before, gap, after = self.expression.partition(GAP)
        return re.compile((after if gap else before).removesuffix(THEIRS))


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
    onto: tuple[str, ...] = (),
) -> Pattern:
    """Make a pattern; ``act`` is what a reader sees, ``triggers`` words or a line of them."""
    words = triggers.split() if isinstance(triggers, str) else triggers
    return Pattern(
        name, act, event_class, frozenset(words), expression, both, nominal, status,
        alone, bodies, persons, onto,
    )  # fmt: skip
