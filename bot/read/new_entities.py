"""Find people and organisations that an article introduces, and where its sentences name them.

A role or characteristic words introduce an organisation or a person. A person may also be only
named, if a verb used for people stands beside the name.
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
from bot.read import role_words
from bot.read.bodies import Body, body_at
from bot.read.people import Named, Person, person_at
from bot.read.proper_names import part_of_other_name
from bot.read.role_words import GENERIC, ROLES
from bot.read.runs import (
    UPPER,
    Token,
    headline,
    personal_name,
    runs,
    surname,
    token,
    tokens,
    words_before,
)
from bot.read.short_names import GOVERNMENT, overlap
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import normalise

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
    return bool(role_words.HEADS_GOVERNMENT.intersection((new.role or "").lower().split()))


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
            former = before is not None and before.low in role_words.FORMER
            if owner.actor.startswith("org:") and heads:
                return False  # the head of a body is not the body
            return not former and (titled or owner.actor.startswith("office:"))
        if word.low not in role_words.TITLES or word.low in role_words.FORMER:
            return False
        titled = titled or word.low in role_words.ACTING
        heads = heads or word.low in role_words.LEADERS
    return False


def _owner_at(word: Token, field: Field_, owners: _Owners) -> Mention | None:
    """Return the mention that ends with a word, with or without an *'s*."""
    ends = (
        len(word.text),
        *(len(word.text) - len(cut) for cut in _CUTS if word.text.endswith(cut)),
    )
    found = (owners.get((field, word.start + end)) for end in ends)
    return next((owner for owner in found if owner is not None), None)
