"""Find people whom an article introduces: a role and a name, side by side.

Iranian deputy foreign minister Kazem Gharibabadi      the role before the name
Kazem Gharibabadi, the deputy foreign minister of Iran, the role after it
the Iranian deputy foreign minister, Kazem Gharibabadi, between commas
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.match.actors import ActorIndex
from bot.models import AliasKind, Mention
from bot.read import role_words
from bot.read.role_words import BESIDE, NAME_PARTICLES, OFFICIAL, ROLES, WEAK
from bot.read.runs import Token, personal_name, surname, token, words_before
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import normalise

_PHRASE = re.compile(r"[^,.;:()\n—–]{1,110}")
_PART = re.compile(r"[\w.-]+(?:['’]\w+)*")
_OPENERS = frozenset({"a", "an", "the", "its", "his", "her", "their", "one"})
_LINKS = frozenset({"of", "for", "at", "in", "to", "from", "with", "on", "who", "and", "under"})
_SAID = re.compile(
    r",? (?:said|says|told|tweeted|wrote|added|warned|announced|confirmed|denied|stated)\b|,"
)
_MAX_PHRASE = 8


@dataclass(frozen=True, slots=True)
class Person:
    """A person introduced at ``start``..``end``; ``state`` is the owner of the role, if given."""

    start: int
    end: int
    role: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """Mentions of one field by end and start, and the owners of the offices."""

    by_end: dict[int, Mention]
    by_start: dict[int, Mention]
    offices: Mapping[str, str | None]

    @classmethod
    def of(cls, mentions: Sequence[Mention], index: ActorIndex) -> Named:
        """Index mentions of one field."""
        offices = {m.actor for m in mentions if m.actor.startswith("office:")}
        return cls(
            {m.end: m for m in mentions},
            {m.start: m for m in mentions},
            {one: known.acts_for for one in offices if (known := index.get(one)) is not None},
        )

    def office(self, mention: Mention | None) -> str | None:
        """Return the owner of an office; None if the mention is not an office."""
        return self.offices.get(mention.actor) if mention is not None else None

    def owner_before(self, text: str, at: int) -> str | None:
        """Return the state or body named just before ``at``: *Iran's*, *Iranian*."""
        end = at
        possessive = text[max(0, at - 2) : at] in ("'s", "’s")
        if possessive:
            end = at - 2
        elif text[max(0, at - 1) : at] in ("'", "’"):
            end = at - 1
        mention = self.by_end.get(end)
        if mention is None or (
            end == at and text[max(0, mention.start - 4) : mention.start] == " of "
        ):
            return None  # "the PGA of America CEO": part of another name
        return _owner(mention)


def _owner(mention: Mention | None) -> str | None:
    if mention is None or mention.actor.startswith(("person:", "office:", "place:", "treaty:")):
        return None
    if mention.kind is AliasKind.DEMONYM and not mention.actor.startswith("state:"):
        return None  # a Republican governor is not an official of his party
    return mention.actor


def person_at(
    text: str, run: Sequence[Token], named: Named, taken: Callable[[int, int], bool]
) -> Person | None:
    """Return the person that a run of capitalised words introduces, if any."""
    at = _after_titles(run, named)
    name = _trimmed(list(run[at:]))
    if not name or taken(name[0].start, name[-1].end):
        return None
    full = personal_name(name)
    if name[0] == run[at] and (at or _ends_role(text, run[0].start)):
        found = _before(text, name, named)
        if found is not None and (full or _single(name, found)):
            return found
    if not full:
        return None
    return _apposed(text, name, named) or _apposed_before(text, name, named)


def _after_titles(run: Sequence[Token], named: Named) -> int:
    """Skip states, offices and titles that begin a run; return where the name begins."""
    at, covered = 0, -1
    while at < len(run):
        word = run[at]
        office = named.by_start.get(word.start)
        if named.office(office) is not None and office is not None:
            covered = office.end
        mention = named.by_end.get(word.end)
        whose = mention is not None and mention.start <= word.start and _owner(mention)
        if word.end > covered and not whose and (not _in_role(word) or _given(word)):
            break
        at += 1
    return at


def _trimmed(name: list[Token]) -> list[Token]:
    """Remove what is not part of the name: the first word of a sentence, a day at the end."""
    while len(name) > 1 and _no_name(name[0]):
        name = name[1:]
    while name and (name[-1].low in role_words.TIME or name[-1].low in NAME_PARTICLES):
        name = name[:-1]
    if name and name[-1].text.endswith(".") and len(name[-1].low) > 1:
        return []
    return name


def _no_name(word: Token) -> bool:
    key = normalise(word.text)
    return is_common(key) and key not in GIVEN_NAMES and word.low not in NAME_PARTICLES


def _ends_role(text: str, at: int) -> bool:
    before = next(words_before(text, at, 1), None)
    return before is not None and before.low in ROLES


def _before(text: str, name: Sequence[Token], named: Named) -> Person | None:
    """Read the role before the name, backwards from its head."""
    start, head, owner = name[0].start, None, None
    for word in words_before(text, start):
        mention = named.by_end.get(word.end)
        owner = named.office(mention) or named.owner_before(text, word.end)
        if owner is not None:
            if mention is not None and mention.actor in named.offices:
                start, head = mention.start, head or "president"
            break
        if not _in_role(word):
            break
        if head is None:
            if word.low not in ROLES:
                return None
            head = word.low
        start = word.start
    if head is None or (head in WEAK and owner is None and len(name) == 1):
        return None
    role = text[start : name[0].start].rstrip(" ,")
    return Person(name[0].start, name[-1].end, role, owner)


def _single(name: Sequence[Token], found: Person) -> bool:
    """Whether a surname alone has a role with an owner: *Israeli army spokesman Hagari*."""
    return (
        len(name) == 1
        and surname(name[0])
        and found.state is not None
        and found.role is not None
        and found.role.split()[-1].lower().rstrip(".") in OFFICIAL
    )


def _apposed(text: str, name: Sequence[Token], named: Named) -> Person | None:
    """Read ``NAME, the deputy foreign minister of Iran,``."""
    end = name[-1].end
    if text[end : end + 2] != ", ":
        return None
    phrase = _PHRASE.match(text, end + 2)
    if phrase is None or text[phrase.end() : phrase.end() + 1] not in (",", ".", ";", ")", ""):
        return None
    return _phrase_of(text, phrase.start(), phrase.end(), name, named)


def _apposed_before(text: str, name: Sequence[Token], named: Named) -> Person | None:
    """Read ``the deputy foreign minister of Iran, NAME, said``."""
    start, end = name[0].start, name[-1].end
    if text[max(0, start - 2) : start] != ", " or not _SAID.match(text, end):
        return None
    first = max(text.rfind(mark, 0, start - 2) for mark in (",", ".", ";", "\n", "—", ":"))
    chunk = text[first + 1 : start - 2]
    opened = re.search(
        r"\b(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er|[Aa]n?|\w+['’]s) (?!.*\b(?:the|and)\b [a-z]+ (?!of))",
        chunk,
    )
    if opened is None or len(chunk) > 120:
        return None
    offset = first + 1 + opened.start()
    return _phrase_of(text, offset, start - 2, name, named)


def _phrase_of(
    text: str, start: int, end: int, name: Sequence[Token], named: Named
) -> Person | None:
    """Read a noun phrase whose head is a role, and the owner of the role."""
    parts = [token(text, m.start(), m.end()) for m in _PART.finditer(text, start, end)]
    head = _head(parts)
    if head is None:
        return None
    first = next((n for n in range(head, -1, -1) if n == 0 or not _in_role(parts[n - 1])), head)
    owner = named.owner_before(text, parts[first - 1].end) if first else None
    owner = owner or _of(parts, head, end, named)
    for part in parts[: head + 1]:
        owner = owner or named.office(named.by_start.get(part.start))
    role = text[parts[first].start : parts[head].end]
    return Person(name[0].start, name[-1].end, role, owner)


def _given(word: Token) -> bool:
    return normalise(word.text) in GIVEN_NAMES and not word.text.endswith(".")


def _in_role(word: Token) -> bool:
    return word.low in BESIDE or word.low in ROLES


def _head(parts: Sequence[Token]) -> int | None:
    """Return the last role word before the phrase continues with *of*, *who* and the like."""
    if not parts:
        return None
    if parts[0].low not in _OPENERS and parts[0].low not in ROLES and not _opens(parts):
        return None
    for number, word in enumerate(parts[: _MAX_PHRASE + 1]):
        if word.low in _LINKS:
            return number - 1 if number and parts[number - 1].low in ROLES else None
    last = len(parts) - 1
    return last if last <= _MAX_PHRASE and parts[last].low in ROLES else None


def _opens(parts: Sequence[Token]) -> bool:
    first = parts[0]
    return first.text.endswith(("'s", "’s")) or first.low in BESIDE or first.text[0].isupper()


def _of(parts: Sequence[Token], head: int, end: int, named: Named) -> str | None:
    """Return the owner of a role from *of* or *for*, if that ends the phrase."""
    if head + 1 >= len(parts) or parts[head + 1].low not in ("of", "for"):
        return None
    at = head + 2
    while at < len(parts) and parts[at].low in ("the", "a"):
        at += 1
    if at >= len(parts):
        return None
    mention = named.by_start.get(parts[at].start)
    if mention is None or mention.kind is AliasKind.DEMONYM or mention.end != end:
        return None
    return _owner(mention)
