"""Find people and organisations that an article introduces, and where its sentences name them.

    Iranian deputy foreign minister Kazem Gharibabadi      a role before the name
    Kazem Gharibabadi, the deputy foreign minister of Iran, or after it
    Rapid Support Forces                                   the head last
    Organization for the Prohibition of Chemical Weapons   the head first

A person may also be only named, if a verb used for people stands beside the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from bot.match.actors import ActorIndex
from bot.match.provisional import acting_for, stand_in
from bot.match.trie import Hit
from bot.match.trie import Named as InTrie
from bot.models import ActorType, AliasKind, Field_, Introduced, Mention, Span
from bot.read.proper_names import GOVERNMENT, overlap, part_of_other_name
from bot.read.runs import (
    ACTING,
    BESIDE,
    FORMER,
    GENERIC,
    GROUP_HEADS,
    HEADS,
    HEADS_GOVERNMENT,
    LEADERS,
    LEADING,
    NAME_PARTICLES,
    NO_BODIES,
    OFFICIAL,
    ROLES,
    TIME,
    TITLES,
    UPPER,
    WEAK,
    Token,
    headline,
    personal_name,
    runs,
    surname,
    token,
    tokens,
    words_before,
)
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import normalise

_BODY_WORD = rf"[{UPPER}][\w-]*(?:['’](?!s\b)[\w-]+)*"
_NOT_TWO = rf"(?! (?:{_BODY_WORD} )*(?:{'|'.join(sorted(HEADS))})\b)"
"""*the Department of Correction and Delaware State Police* are two."""

_NO_DAY = r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
_MORE = re.compile(
    rf" (?:of|for|on|against)(?: the)? {_NO_DAY}{_BODY_WORD}"
    rf"(?:(?: and{_NOT_TWO}| of| of the| for)? {_BODY_WORD})*"
)
_BROKEN = re.compile(
    rf"[{UPPER}][\w’'-]*,? (?:and|&|of|for|of the|for the|on) \Z"
    r"|(?:Bros|Co|Corp|Inc|Ltd|Mt|Ft)\. \Z"
)
_NUMBERED = re.compile(r"\d\w* \Z")
_NOT_IN_NAME = frozenset(
    """
    the a an and but for in on at of with from by as if when while after before although this
    that these those his her their our its both last former every some meanwhile however no now
    then so yet also under since according inside outside
    """.split()
)
_COURTS = frozenset(
    """
    supreme district appeals appeal constitutional high federal circuit superior criminal county
    family juvenile international magistrates municipal crown
    """.split()
)
_BODY_REACH = 40
_LONGEST = 9


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation or group at ``start``..``end``; ``state`` is its state, if given."""

    start: int
    end: int
    type: ActorType
    head: str
    state: str | None


def body_at(
    text: str, run: Sequence[Token], named: Named, taken: Callable[[int, int], bool]
) -> Body | None:
    """Return the organisation that a run of capitalised words names, if any."""
    last = max((n for n, token in enumerate(run) if _bare(token) in HEADS), default=None)
    if last is None:
        return None
    first = 0
    while first < last and _is_dropped(run[first]):
        first += 1
    head = _bare(run[last])
    if first == last:
        return _leading(text, run[last:], head, named, taken)
    words = list(run[first : last + 1])
    if last + 1 < len(run) or _in_pieces(text, words[0].start):
        return None
    more = _MORE.match(text, words[-1].end) if head in LEADING else None
    if more is not None:
        words = tokens(text, words[0].start, more.end())
    return _made(text, words, head, named, taken)


def _in_pieces(text: str, start: int) -> bool:
    """Whether a name began earlier: *Rules and Bylaws Committee*, *1st Battalion Guards*."""
    at = max(0, start - _BODY_REACH)
    return bool(_BROKEN.search(text, at, start) or _NUMBERED.search(text, at, start))


def _bare(token: Token) -> str:
    return token.text.removesuffix("'").removesuffix("’")


def _is_dropped(token: Token) -> bool:
    """Whether a word that begins a run is not part of the name."""
    return token.low in _NOT_IN_NAME or token.low.endswith(("-led", "-based", "-backed", "-run"))


def _leading(
    text: str,
    run: Sequence[Token],
    head: str,
    named: Named,
    taken: Callable[[int, int], bool],
) -> Body | None:
    if head not in LEADING:
        return None
    if len(run) > 1:
        return None
    more = _MORE.match(text, run[0].end)
    if more is None:
        return None
    return _made(text, tokens(text, run[0].start, more.end()), head, named, taken)


def _made(
    text: str,
    words: Sequence[Token],
    head: str,
    named: Named,
    taken: Callable[[int, int], bool],
) -> Body | None:
    """Build a body, unless its words are too general or belong to another name."""
    start, end = words[0].start, words[-1].end
    if not 2 <= len(words) <= _LONGEST or taken(start, end):
        return None
    name = "_".join(word.low for word in words)
    if name in NO_BODIES or any(word.text.isupper() and len(word.text) > 5 for word in words):
        return None
    inside = [
        mention
        for word in words
        if (mention := named.by_start.get(word.start)) is not None and mention.end <= end
    ]
    if any(mention.actor.startswith("person:") for mention in inside):
        return None
    states = [mention for mention in inside if mention.actor.startswith("state:")]
    if any(mention.kind is AliasKind.CAPITAL for mention in states) or _is_paper(text, states):
        return None
    owner = states[0].actor if len({m.actor for m in states}) == 1 else None
    if owner is None and not states:
        owner = _state_of(named.owner_before(text, start - 1)) if start else None
    if head == "Court" and not _COURTS.intersection(word.low for word in words):
        return None  # a street, or a tennis court
    if not _has_own_word(words, states) and owner is None:
        return None
    if _is_of_state(head, states):
        return None
    kind = ActorType.GROUP if head in GROUP_HEADS else ActorType.ORGANISATION
    return Body(start, end, kind, head, owner)


def _is_paper(text: str, states: Sequence[Mention]) -> bool:
    """Whether a state's name is part of a capitalised name: *USA TODAY Network*."""
    return any(
        mention.kind is AliasKind.ACRONYM and re.match(r" [A-Z]{2}", text[mention.end :][:3])
        for mention in states
    )


def _state_of(actor: str | None) -> str | None:
    return actor if actor is not None and actor.startswith("state:") else None


def _has_own_word(words: Sequence[Token], states: Sequence[Mention]) -> bool:
    """Whether some word makes this a name of its own: not a state's, and not an ordinary title."""
    covered = {at for mention in states for at in range(mention.start, mention.end)}
    own = [
        word
        for word in words
        if word.low not in GENERIC and word.start not in covered and len(word.text) > 1
    ]
    if not own:
        return False
    # "Fast Track Committee" may be one, "Big Company" hardly: it needs two ordinary words, or one
    # uncommon one.
    return any(not is_common(normalise(word.text)) for word in own) or len(own) >= 2


def _is_of_state(head: str, states: Sequence[Mention]) -> bool:
    """Whether this is the state, named by its demonym: *Israeli Army*, *Iranian Government*."""
    return head in ("Administration", "Office") and any(
        mention.kind is AliasKind.DEMONYM for mention in states
    )


_PHRASE = re.compile(r"[^,.;:()\n—–]{1,110}")
_PART = re.compile(r"[\w.-]+(?:['’]\w+)*")
_OPENERS = frozenset({"a", "an", "the", "its", "his", "her", "their", "one"})
_ROLE_LINKS = frozenset(
    {"of", "for", "at", "in", "to", "from", "with", "on", "who", "and", "under"}
)
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
        if word.end > covered and not whose and (not _in_role(word) or _is_given_name(word)):
            break
        at += 1
    return at


def _trimmed(name: list[Token]) -> list[Token]:
    """Remove what is not part of the name: the first word of a sentence, a day at the end."""
    while len(name) > 1 and _no_name(name[0]):
        name = name[1:]
    while name and (name[-1].low in TIME or name[-1].low in NAME_PARTICLES):
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
    head = _role_head(parts)
    if head is None:
        return None
    first = next((n for n in range(head, -1, -1) if n == 0 or not _in_role(parts[n - 1])), head)
    owner = named.owner_before(text, parts[first - 1].end) if first else None
    owner = owner or _owner_after_of(parts, head, end, named)
    for part in parts[: head + 1]:
        owner = owner or named.office(named.by_start.get(part.start))
    role = text[parts[first].start : parts[head].end]
    return Person(name[0].start, name[-1].end, role, owner)


def _is_given_name(word: Token) -> bool:
    return normalise(word.text) in GIVEN_NAMES and not word.text.endswith(".")


def _in_role(word: Token) -> bool:
    return word.low in BESIDE or word.low in ROLES


def _role_head(parts: Sequence[Token]) -> int | None:
    """Return the last role word before the phrase continues with *of*, *who* and the like."""
    if not parts:
        return None
    if parts[0].low not in _OPENERS and parts[0].low not in ROLES and not _opens(parts):
        return None
    for number, word in enumerate(parts[: _MAX_PHRASE + 1]):
        if word.low in _ROLE_LINKS:
            return number - 1 if number and parts[number - 1].low in ROLES else None
    last = len(parts) - 1
    return last if last <= _MAX_PHRASE and parts[last].low in ROLES else None


def _opens(parts: Sequence[Token]) -> bool:
    first = parts[0]
    return first.text.endswith(("'s", "’s")) or first.low in BESIDE or first.text[0].isupper()


def _owner_after_of(parts: Sequence[Token], head: int, end: int, named: Named) -> str | None:
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


_WORD = rf"[{UPPER}][a-zà-ÿ]+(?:[-’'](?!s\b)[{UPPER}]?[a-zà-ÿ]+)*"
_FULL = re.compile(
    rf"(?<![\w’'.-])(?P<first>{_WORD}) (?:[{UPPER}]\. )?(?:(?:al|de|van|von|der|bin) )?"
    rf"(?P<last>{_WORD}|[{UPPER}][a-z]+[{UPPER}][a-z]+)(?![\w-])(?! [{UPPER}])"
)
_SPEAKS = (
    "said|says|told|tells|tweeted|wrote|added|asked|argued|noted|warned|testified|insisted|"
    "recalled|explained|responded|replied|acknowledged|thinks|thought|believes|believed|denied"
)
_SPEAKING = re.compile(
    rf"(?<![\w’'-])(?P<last>[{UPPER}][\w’'-]+)(?:,? who|,? (?:has |had |also |later )?(?:{_SPEAKS})"
    rf"|, \d\d,)(?![\w-])|(?:said|says) (?:[{UPPER}][\w’'.-]+ ){{0,2}}(?P<after>[{UPPER}][\w’'-]+)"
)
_BEFORE = re.compile(rf"[{UPPER}][\w’'-]* \Z")
_REACH = 30
_SHORTEST = 3


def persons_named(
    text: str, index: ActorIndex, taken: Callable[[int, int], bool]
) -> Iterator[tuple[int, int]]:
    """Yield the spans of full names of people who say or do something somewhere in the text."""
    given = _given(index)
    full = [match for match in _FULL.finditer(text) if normalise(match["first"]) in given]
    if not full:
        return
    speaking = {match["last"] or match["after"] for match in _SPEAKING.finditer(text)}
    for match in full:
        if (
            match["last"] in speaking
            and not taken(*match.span())
            and not _BEFORE.search(text, max(0, match.start() - _REACH), match.start())
            and personal_name(tokens(text, *match.span()))
            and not headline(text, match.start())
        ):
            yield match.span()


@lru_cache(maxsize=8)
def _given(index: ActorIndex) -> frozenset[str]:
    """Return listed first names of people that have no other meaning."""
    firsts = {
        normalise(actor.name).split()[0]
        for actor in index.actors
        if actor.type is ActorType.PERSON and " " in actor.name
    }
    named = {first for first in firsts if len(first) >= _SHORTEST and not is_common(first)}
    return frozenset(GIVEN_NAMES | named)


MOST = 40
"""An article that seems to introduce more is a list."""

_LONGEST_RUN = 12

_ALIKE, _NEAR = 75, 60
"""Minimum similarity (rapidfuzz ``ratio``) of two spellings of one first name; the second applies
if their consonants are the same."""

_SHORT_FORMS = {
    "bill": "william", "bob": "robert", "dick": "richard", "jack": "john", "jim": "james",
    "joe": "joseph", "mike": "michael", "ted": "edward", "tony": "anthony",
}  # fmt: skip
"""Short forms that are not a prefix of the name."""


@dataclass(slots=True)
class _Draft:
    """An introduced person or body, while the article is being read."""

    name: str
    type: ActorType
    role: str | None
    state: str | None


def find_introduced(
    title: str, text: str, mentions: Sequence[Mention], index: ActorIndex
) -> tuple[Introduced, ...]:
    """Find new people and organisations; ``mentions`` are those of known actors.

    Names are taken from the text; the title only repeats them. A span never overlaps a mention,
    except of a state (*Kenyan* in *Kenyan Revenue Authority*). In order of their names.
    """
    drafts = _drafts(text, [m for m in mentions if m.field == "text"], index)
    if not drafts:
        return ()
    spans: dict[str, list[Span]] = {key: [] for key in drafts}
    fields: tuple[tuple[Field_, str], ...] = (("title", title), ("text", text))
    short = {
        word: name
        for word, name in _surnames(drafts, mentions).items()
        if not any(_borne_by_others(words, word, name, index) for _, words in fields)
    }
    for where, words in fields:
        if words:
            _find_spans(spans, drafts, short, where, words, mentions)
    return tuple(
        Introduced(
            name=draft.name,
            type=draft.type,
            role=draft.role,
            state=draft.state,
            spans=tuple(sorted(spans[key], key=lambda s: (s.field != "title", s.start))),
        )
        for key, draft in sorted(drafts.items())
        if spans[key]
    )


def _drafts(text: str, mentions: Sequence[Mention], index: ActorIndex) -> dict[str, _Draft]:
    """Return the people and bodies introduced, by name as written."""
    named = Named.of(mentions, index)
    known = overlap([(m.start, m.end) for m in mentions])
    others = overlap([(m.start, m.end) for m in mentions if not m.actor.startswith("state:")])
    drafts: dict[str, _Draft] = {}
    for start, end, headed in runs(text):
        run = tokens(text, start, end)
        if len(run) > _LONGEST_RUN:
            continue
        found = body_at(text, run, named, others) if headed else person_at(text, run, named, known)
        if found is None or headline(text, start):
            continue
        _take(drafts, text, found, index)
        if len(drafts) > MOST:
            return {}
    for start, end in persons_named(text, index, known):
        _take(drafts, text, Person(start, end, None, None), index)
    return _whole(drafts)


def _take(drafts: dict[str, _Draft], text: str, found: Body | Person, index: ActorIndex) -> None:
    name = " ".join(text[found.start : found.end].split())
    if isinstance(found, Body):
        new = _Draft(name, found.type, None, found.state)
    else:
        new = _Draft(name, ActorType.PERSON, found.role, found.state)
    old = drafts.get(name)
    if old is not None:
        old.role, old.state = old.role or new.role, old.state or new.state
    elif not _known(new, index):
        drafts[name] = new


def _known(draft: _Draft, index: ActorIndex) -> bool:
    """Whether the index has this name, or a person with another spelling of it."""
    key = normalise(draft.name)
    if index.named(key):
        return True
    if draft.type is not ActorType.PERSON:
        return False
    words = key.split()
    return any(
        actor.type is ActorType.PERSON
        and (len(words) == 1 or _same_first(words[0], normalise(actor.name).split()[0]))
        for actor in index.named(words[-1])
    )


def _same_first(left: str, right: str) -> bool:
    """Whether two normalised first names may be one person's: similar letters or consonants
    (*Muhammad*), one the short form of the other, or an initial."""
    left, right = (_SHORT_FORMS.get(name, name) for name in (left, right))
    if left.startswith(right) or right.startswith(left):
        return True
    alike = fuzz.ratio(left, right)
    bare = [re.sub(r"[aeiouy]|(.)(?=\1)", "", name) for name in (left, right)]
    return alike >= _ALIKE or (alike >= _NEAR and bare[0] == bare[1])


def _whole(drafts: dict[str, _Draft]) -> dict[str, _Draft]:
    """Fold a surname into the one full name that ends with it."""
    kept = dict(drafts)
    for name, draft in drafts.items():
        if draft.type is not ActorType.PERSON or " " in name:
            continue
        full = [other for key, other in drafts.items() if key.endswith(f" {name}")]
        if full:
            del kept[name]
            if len(full) == 1:
                full[0].state = full[0].state or draft.state
    return kept


def _find_spans(
    spans: dict[str, list[Span]],
    drafts: dict[str, _Draft],
    short: dict[str, str],
    where: Field_,
    words: str,
    mentions: Sequence[Mention],
) -> None:
    """Find all places that name one of ``drafts``: in full, and people by their surname."""
    here = [m for m in mentions if m.field == where]
    others = [(m.start, m.end) for m in here if not m.actor.startswith("state:")]
    for name in sorted(drafts, key=len, reverse=True):
        free = overlap(others)
        found = [span for span in _places(words, name) if not free(*span)]
        spans[name] += [Span(field=where, start=start, end=end) for start, end in found]
        others += found
    free = overlap(others)
    for word, name in short.items():
        spans[name] += [
            Span(field=where, start=start, end=end)
            for start, end in _places(words, word)
            if not free(start, end)
        ]


def _places(words: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where ``name`` occurs as separate words."""
    at = words.find(name)
    while at >= 0:
        end = at + len(name)
        if not _joins(words[at - 1 : at]) and not _joins(words[end : end + 1]):
            yield at, end
        at = words.find(name, end)


def _joins(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "-")


def _surnames(drafts: dict[str, _Draft], mentions: Sequence[Mention]) -> dict[str, str]:
    """Return the surnames that identify one of ``drafts`` in the article."""
    taken = {m.alias.split()[-1] for m in mentions if m.actor.startswith("person:")}
    found: dict[str, set[str]] = {}
    for name, draft in drafts.items():
        if draft.type is ActorType.PERSON and " " in name:
            found.setdefault(name.rsplit(" ", 1)[1], set()).add(name)
    return {
        word: next(iter(names))
        for word, names in found.items()
        if len(names) == 1 and word not in taken and surname(token(word, 0, len(word)))
    }


def _borne_by_others(words: str, surname_: str, name: str, index: ActorIndex) -> bool:
    """Whether the article names another person with the surname of ``name``: beside *Bob Ruritani*,
    *Ruritani* alone is ambiguous."""
    own = {normalise(word) for word in name.split()}
    for start, end in _places(words, surname_):
        before = next(words_before(words, start, 1), None)
        if before is None or not before.text[:1].isupper() or len(before.low) == 1:
            continue
        hit = Hit(start, end, (InTrie(name, surname_, AliasKind.SURNAME, (1,)),))
        if normalise(before.text) not in own and part_of_other_name(words, hit, index.trie.begins):
            return True
    return False


_MOST_TITLES = 6
_AROUND = re.compile(
    r"\b(?:members?|employees?|workers|alumni|critics?|opponents?|supporters?|followers?|fans?|"
    r"friends?|relatives?) of (?:the )?(?:(?-i:[A-Z])[\w.]+ (?:state |city |county )?)?\Z",
    re.IGNORECASE,
)
"""Before a name: a member of a body, or a person's relative or associate, not the named one."""

_AROUND_REACH = 48

_AFTER = re.compile(r"(?P<who>,? who\b)|(?:'s|’s|'|’)? (?P<word>[a-z-]+)")
_PEOPLE = ROLES | frozenset("member members employee employees worker workers".split())
_PEOPLE -= {"head", "chief", "spokesman", "spokeswoman", "spokesperson", "official", "leader"}

_CUTS = ("'s", "’s", "'", "’")

_Owners = Mapping[tuple[Field_, int], Mention]
"""States, bodies and offices by the end of their mention: owners of what follows."""


def acting(
    title: str, text: str, mentions: Sequence[Mention], introduced: Sequence[Introduced]
) -> list[Mention]:
    """Return the mentions used to read facts: the known ones, and those of the introduced.

    A role before a name is part of its mention. A person named right after a title of a state or
    body (*Iranian envoy NAME*) speaks for it and gets no separate mention, and a ministry is its
    state; *Kenyan* is no mention in *Kenyan Revenue Authority*. By field and start.
    """
    if not introduced:
        return list(mentions)
    fields: dict[Field_, str] = {"title": title, "text": text}
    owners: dict[tuple[Field_, int], Mention] = {
        (one.field, one.end): one for one in mentions if not one.actor.startswith("person:")
    }
    found = [
        mention
        for number, new in enumerate(introduced)
        for mention in _mentions(fields, number, new, mentions, owners)
    ]
    taken = {
        field: overlap([(one.start, one.end) for one in found if one.field == field])
        for field in fields
    }
    return sorted(
        [*(one for one in mentions if not taken[one.field](one.start, one.end)), *found],
        key=lambda one: (one.field, one.start, -one.end),
    )


def _mentions(
    fields: Mapping[Field_, str],
    number: int,
    new: Introduced,
    mentions: Sequence[Mention],
    owners: _Owners,
) -> Iterator[Mention]:
    actor = stand_in(number, new)
    state = new.state if new.type is not ActorType.PERSON and _of_state(new, mentions) else None
    for span in new.spans:
        words_ = fields[span.field]
        if GOVERNMENT.match(words_, span.end) and not _governs(new):
            continue
        role = f"{new.role} " if new.role else ""
        start = span.start
        if role and words_.startswith(role, start - len(role)):
            start -= len(role)
        if state is None and _speaks_for(words_, span, owners):
            continue
        start = _with_owner(words_, start, span.field, owners)
        if _AROUND.search(words_, max(0, start - _AROUND_REACH), start):
            continue
        if new.type is not ActorType.PERSON and _somebody_of(words_, span.end):
            continue
        yield Mention(
            field=span.field,
            start=start,
            end=span.end,
            actor=state or actor,
            alias=new.name,
            kind=AliasKind.NAME,
        )


def _governs(new: Introduced) -> bool:
    """Whether a government may be named after a person: not after a governor's wife."""
    return bool(HEADS_GOVERNMENT.intersection((new.role or "").lower().split()))


def _somebody_of(text: str, end: int) -> bool:
    """Whether the words after a body show that one of its people acts: *the head of the Ruritan
    Board, who left*, *a Ruritan Board member*."""
    after = _AFTER.match(text, end)
    return after is not None and (after["who"] is not None or after["word"] in _PEOPLE)


def _of_state(new: Introduced, mentions: Sequence[Mention]) -> bool:
    """Whether a body has no name beside its state's: *Ukraine's Ministry of Defence*, *the Peru
    Army*. Its acts are the state's."""
    if acting_for(new) is None:
        return False
    first = new.spans[0]
    states = {
        word
        for one in mentions
        if one.field == first.field and first.start <= one.start and one.end <= first.end
        for word in new.name[one.start - first.start : one.end - first.start].lower().split()
    }
    return all(word in GENERIC or word in states for word in new.name.lower().split())


def _with_owner(text: str, at: int, field: Field_, owners: _Owners) -> int:
    """Return where *Ukraine's Ministry of Defence* or *White House lawyer NAME* begins, given where
    its own words begin (``at``)."""
    before = next(words_before(text, at, 1), None)
    owner = _owner_at(before, field, owners) if before else None
    return owner.start if owner is not None else at


def _speaks_for(text: str, span: Span, owners: _Owners) -> bool:
    """Whether a name is preceded by a current title, and that by the title's owner."""
    titled = heads = False
    for word in words_before(text, span.start, _MOST_TITLES):
        owner = _owner_at(word, span.field, owners)
        if owner is not None:
            before = next(words_before(text, owner.start, 1), None)
            former = before is not None and before.low in FORMER
            if owner.actor.startswith("org:") and heads:
                return False  # the head of a body is not the body
            return not former and (titled or owner.actor.startswith("office:"))
        if word.low not in TITLES or word.low in FORMER:
            return False
        titled = titled or word.low in ACTING
        heads = heads or word.low in LEADERS
    return False


def _owner_at(word: Token, field: Field_, owners: _Owners) -> Mention | None:
    """Return the mention that ends with a word, with or without an *'s*."""
    ends = (
        len(word.text),
        *(len(word.text) - len(cut) for cut in _CUTS if word.text.endswith(cut)),
    )
    found = (owners.get((field, word.start + end)) for end in ends)
    return next((owner for owner in found if owner is not None), None)
