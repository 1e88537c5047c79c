"""Whom an article introduces that no table knows: people by their roles, bodies by their heads.

Precision first: what is not told by a role or a head beside the name is left alone, and so
is any name that the index knows or that may be a known person's in another spelling.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.match.actors import ActorIndex
from bot.match.trie import Hit
from bot.match.trie import Named as InTrie
from bot.models import ActorType, AliasKind, Field_, Introduced, Mention, Span
from bot.read.bodies import Body, body_at
from bot.read.named import persons_named
from bot.read.people import Named, Person, person_at
from bot.read.proper import part_of_other_name
from bot.read.runs import headline, runs, surname, token, tokens, words_before
from bot.text.names import normalise

MOST = 40
"""An article that seems to introduce more is a list."""

_LONGEST_RUN = 12

_ALIKE, _NEAR = 75, 60
"""From here up (rapidfuzz ``ratio``) two first names are spellings of one; and are so if their
consonants are the same."""

_SHORT_FORMS = {
    "bill": "william", "bob": "robert", "dick": "richard", "jack": "john", "jim": "james",
    "joe": "joseph", "mike": "michael", "ted": "edward", "tony": "anthony",
}  # fmt: skip
"""Short forms that are not how the name begins."""


@dataclass(slots=True)
class _Draft:
    """Somebody or something introduced, while the article is read on."""

    name: str
    type: ActorType
    role: str | None
    state: str | None


def find_introduced(
    title: str, text: str, mentions: Sequence[Mention], index: ActorIndex
) -> tuple[Introduced, ...]:
    """Find new people and organisations; ``mentions`` are those of known actors.

    Names are read off the text; the title only repeats them. A span never overlaps a
    mention but of a state (*Kenyan* in *Kenyan Revenue Authority*). In order of their names.
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
    """Return who is introduced, by name as written."""
    named = Named.of(mentions, index)
    known = _overlap((m.start, m.end) for m in mentions)
    others = _overlap((m.start, m.end) for m in mentions if not m.actor.startswith("state:"))
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


def _overlap(spans: Iterable[tuple[int, int]]) -> Callable[[int, int], bool]:
    """Return a test whether a span overlaps one of ``spans``, which are in order."""
    ordered = sorted(spans)
    starts = [start for start, _ in ordered]

    def overlaps(start: int, end: int) -> bool:
        at = bisect_left(starts, end)
        return at > 0 and ordered[at - 1][1] > start

    return overlaps


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
    """Whether the index has this name, or a person who may bear it in another spelling."""
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
    """Whether two first names, normalised, may be one person's: alike in their letters or in
    their consonants (*Muhammad*), one the short form of the other, or an initial."""
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
    """Find every place that names one of ``drafts``: in full, and people by their surname."""
    here = [m for m in mentions if m.field == where]
    others = [(m.start, m.end) for m in here if not m.actor.startswith("state:")]
    for name in sorted(drafts, key=len, reverse=True):
        free = _overlap(others)
        found = [span for span in _places(words, name) if not free(*span)]
        spans[name] += [Span(field=where, start=start, end=end) for start, end in found]
        others += found
    free = _overlap(others)
    for word, name in short.items():
        spans[name] += [
            Span(field=where, start=start, end=end)
            for start, end in _places(words, word)
            if not free(start, end)
        ]


def _places(words: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield where ``name`` stands as words of its own."""
    at = words.find(name)
    while at >= 0:
        end = at + len(name)
        if not _joins(words[at - 1 : at]) and not _joins(words[end : end + 1]):
            yield at, end
        at = words.find(name, end)


def _joins(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "-")


def _surnames(drafts: dict[str, _Draft], mentions: Sequence[Mention]) -> dict[str, str]:
    """Return the surnames that mean one of ``drafts`` and nobody else in the article."""
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
    """Whether somebody else of the article has the surname of ``name``, too: beside *Bob
    Ruritani*, nobody can tell whom *Ruritani* alone means."""
    own = {normalise(word) for word in name.split()}
    for start, end in _places(words, surname_):
        before = next(words_before(words, start, 1), None)
        if before is None or not before.text[:1].isupper() or len(before.low) == 1:
            continue
        hit = Hit(start, end, (InTrie(name, surname_, AliasKind.SURNAME, (1,)),))
        if normalise(before.text) not in own and part_of_other_name(words, hit, index.trie.begins):
            return True
    return False
