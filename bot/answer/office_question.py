"""The office in a question about its holder: *who runs peru now*, *is she still pm*.

Every word must be part of such a question: its frame, a title, a state or body, a person who holds
or held the office, or a verb for taking or leaving an office.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from bot.answer.question import Question, is_function_word, means_something
from bot.match.actors import ActorIndex
from bot.models import Actor, ActorType, Tenure
from bot.read.posts import post_of
from bot.read.proper_names import title_of
from bot.read.succession import act_of
from bot.text.english import means, verb_of


class OfficeQuestion(NamedTuple):
    """The possible offices, the most likely first, and the person in the question, if any."""

    offices: tuple[str, ...]
    person: str | None = None


_WORD = re.compile(r"[\w-]+(?:['’]\w+)?")
_KINDS = frozenset({"who", "what", "still", "did", "when", "statement", "new"})
_LIGHT = frozenset(
    "name named current currently serving sitting acting interim actual exactly president's".split()
)
_TYPED = {
    "pres": "president", "prez": "president", "veep": "vice president", "vp": "vice president",
    "primeminister": "prime minister", "fm": "foreign minister", "govt": "government",
}  # fmt: skip
_RULES = frozenset("run lead rule govern head control".split())
_HEADS = frozenset("leader boss head chief ruler charge power top".split())
_OF_STATE, _OF_GOVERNMENT = "head of state", "head of government"
_BY_ROLE = {
    _OF_STATE: (
        "supreme leader", "king", "queen", "emperor", "emir", "sultan", "pope", "grand duke",
        "prince", "president", "governor-general",
    ),
    _OF_GOVERNMENT: ("prime minister", "chancellor", "taoiseach", "president"),
}  # fmt: skip
"""Titles of heads of state, in this order: in a monarchy it is the monarch."""
_NOT_LEADING = frozenset(
    "spokesman spokesperson spokeswoman press representative diplomat policy".split()
)
_RECENT = 730
"""For so many days an office that is vacant on the list still counts as existing."""


def read_office_question(
    question: Question, actors: ActorIndex, today: date
) -> OfficeQuestion | None:
    """Return the office whose holder a question asks for; None if it asks anything else."""
    if question.kind not in _KINDS or question.tense == "coming" or any(question.filters):
        return None
    if question.kind == "statement" and question.general:
        return None  # the name of an office alone gets a brief
    return _OfficeReader(question, actors, today).read()


class _OfficeReader:
    """Parses a question about an office: its words beyond names, and their possible meanings."""

    def __init__(self, question: Question, actors: ActorIndex, today: date) -> None:
        self.question, self.actors, self.today = question, actors, today
        sure = [one for one in question.named if one.verdict == "sure"]
        owner: Actor | None = None
        taken = [(one.start, one.end) for one in sure if one.matches[0].how != "typo"]
        for found in _WORD.finditer(question.text):
            if not any(start <= found.start() < end for start, end in taken):
                owner = owner or self._without_apostrophe(found[0])
        taken += [
            (one.start, one.end)
            for one in sure
            if one.matches[0].how == "typo" and not self._without_apostrophe(one.text)
        ]
        self.named = [
            known
            for one in sure
            if (one.start, one.end) in taken and (known := actors.get(one.matches[0].actor))
        ]
        self.owner = owner or next((one for one in self.named if _may_own(one)), None)
        text = question.text
        if question.period is not None and question.period.label:
            text = text.replace(question.period.label, " " * len(question.period.label))
        self.words = [
            word
            for found in _WORD.finditer(text)
            if not any(start <= found.start() < end for start, end in taken)
            for word in _typed(found[0])
            if not (owner and self._without_apostrophe(found[0]))
        ]
        verbs = (verb_of(*pair) for pair in pairwise([*self.words, ""]))
        self.verbs = [verb for verb in verbs if verb]

    def _without_apostrophe(self, typed: str) -> Actor | None:
        """Return the state of *frances*, if a word is a state's name with a final *s*."""
        if not typed.lower().endswith("s") or is_function_word(typed):
            return None
        found = self.actors.named(typed.rstrip("'’sS"))
        return next((one for one in found if one.type is ActorType.STATE), None)

    def read(self) -> OfficeQuestion | None:
        """Return the office asked about; None if a word of the question asks something else."""
        offices = [one.id for one in self.named if one.type is ActorType.OFFICE]
        role = self._role()
        left = [word for word in self.words if not self._is_consumed(word, role)]
        person = next((one.id for one in self.named if one.type is ActorType.PERSON), None)
        if left and person is None and len(left) <= 2:
            person = self._person(" ".join(left), role, offices)
            left = [] if person else left
        if left or not self._asks_who(offices or role):
            return None
        if not offices:
            offices = self._offices(role, person)
        others = [
            one for one in self.named if one.id not in (person, *offices) and one != self.owner
        ]
        if not offices or others:
            return None
        return OfficeQuestion(tuple(offices), person)

    # --- words ------------------------------------------------------------------------

    def _is_consumed(self, word: str, role: str) -> bool:
        if word in role.split() or word in _LIGHT | _HEADS | _RULES:
            return True
        verb = verb_of(word)
        if verb in _RULES or any(verb == one.partition("_")[0] for one in self._changes()):
            return True
        return not means_something(word, self.question.kind) or is_function_word(word)

    def _changes(self) -> list[str]:
        """Return the verbs for taking or leaving an office."""
        return [verb for verb in self.verbs if act_of(verb)]

    def _role(self) -> str:
        """Return the title that the question has beyond its names, or a substitute for one."""
        text = " ".join(self.words)
        for role in _BY_ROLE:
            if role in text:
                return role
        titles = {title for office in self._owned() for title in self._titles(office)}
        titles |= {"president", "prime minister", "pm", "premier"}
        found = [one for one in titles if re.search(rf"\b{re.escape(one)}\b", text)]
        return max(found, key=len, default="")

    def _asks_who(self, role: object) -> bool:
        """Return whether it asks for a holder, not for the doer of an act to one, or for a time."""
        changes = self._changes()
        acts = {act_of(verb) for verb in changes}
        succeeded = all(map(_is_succession, changes)) and bool(changes)
        ruled = any(word in _HEADS for word in self.words) or not _RULES.isdisjoint(self.verbs)
        if not (role or ruled or succeeded) or {"before", "after"} & set(self.words):
            return False
        if self.question.kind in ("when", "who") and acts:
            passive = {"was", "were", "is", "been", "got"} & set(self.words)
            return acts == {"takes"} and (bool(passive) or all(map(_is_own_act, changes)))
        return True

    # --- offices ----------------------------------------------------------------------

    def _owned(self) -> tuple[str, ...]:
        return self.actors.offices_of(self.owner.id) if self.owner else ()

    def _titles(self, office: str) -> frozenset[str]:
        post = post_of(self.actors, office)
        return post.titles if post else frozenset()

    def _offices(self, role: str, person: str | None) -> list[str]:
        if self.owner is not None:
            return list(self._of_owner(self.owner, role))
        if person is None:
            return []
        held = sorted(self.actors.held(person), key=self._until(person), reverse=True)
        fitting = [one for one in held if not role or self._fits(one, role)]
        return fitting[:1]

    def _fits(self, office: str, role: str) -> bool:
        titles = {title_of(title) for title in self._titles(office)}
        return bool(titles & {title_of(role), *_BY_ROLE.get(role, ())}) or role in titles

    def _until(self, person: str) -> Callable[[str], tuple[date, date]]:
        """Return the sort key of a person's offices: when each was last left and taken."""

        def last(office: str) -> tuple[date, date]:
            rows = [row for row in self.actors.tenures(office) if row.person == person]
            return max((row.until or date.max, row.since or date.min) for row in rows)

        return last

    def _of_owner(self, owner: Actor, role: str) -> Iterator[str]:
        """Return the offices of a state or body that a title, or a word for its leader, means."""
        owned = self._owned()
        if role and role not in _BY_ROLE:
            yield from (one for one in owned if self._fits(one, role))
        elif owner.type is ActorType.STATE:
            roles = (role,) if role else (_OF_STATE, _OF_GOVERNMENT)
            found = [self._head(owned, _BY_ROLE[one]) for one in roles]
            yield from dict.fromkeys(one for one in found if one)
        else:
            yield from self._leading(owned)

    def _head(self, owned: Sequence[str], titles: Sequence[str]) -> str | None:
        """Return the first of some titles with an office that is held, or was until lately."""
        by_title = {title_of(title): office for office in owned for title in self._titles(office)}
        offices = [by_title[title] for title in titles if title in by_title]
        return next(filter(self._is_alive, offices), next(iter(offices), None))

    def _is_alive(self, office: str) -> bool:
        rows = self.actors.tenures(office)
        return any(_days_since(row, self.today) < _RECENT for row in rows)

    def _leading(self, owned: Sequence[str]) -> Iterator[str]:
        for office in owned:
            titles = self._titles(office)
            if not any(word in _NOT_LEADING for title in titles for word in title.split()):
                yield office

    def _person(self, words: str, role: str, offices: Sequence[str]) -> str | None:
        """Return the person that the remaining words name; of several, the last office holder."""
        held: list[tuple[tuple[date, date], str]] = []
        for match in self.actors.match(words):
            if match.type is not ActorType.PERSON or match.how not in ("exact", "reordered"):
                continue
            fitting = [
                one
                for one in self.actors.held(match.actor)
                if one in offices
                or (not offices and (not role or self._fits(one, role)) and self._is_owned(one))
            ]
            last = self._until(match.actor)
            held += [(last(one), match.actor) for one in fitting]
        return max(held)[1] if held else None

    def _is_owned(self, office: str) -> bool:
        return self.owner is None or office in self._owned()


def _is_succession(verb: str) -> bool:
    """Return whether the object of a verb is the previous holder: *succeeded her*, *took over*."""
    return verb == "take_over" or means(verb, "succeed", "replace")


def _is_own_act(verb: str) -> bool:
    """Return whether the new holder is the subject of a verb, not the object of an appointment."""
    return verb == "become" or _is_succession(verb) or means(verb, "take_over", "take_office")


def _typed(word: str) -> list[str]:
    """Normalise a word: lower case, without *'s*, short titles in full."""
    low = re.sub(r"['’]s$", "", word.lower())
    return _TYPED.get(low, low).split()


def _may_own(actor: Actor) -> bool:
    return actor.type in (ActorType.STATE, ActorType.ORGANISATION, ActorType.GROUP)


def _days_since(row: Tenure, today: date) -> int:
    """Return how many days ago a person left an office; 0 for a current or future holder."""
    if row.since is not None and row.since > today:
        return _RECENT
    return max(0, (today - row.until).days) if row.until else 0
