"""List all spellings of an actor: stored aliases, derived forms, and what people type.

Derived forms exist for queries only; running text is matched by stored aliases alone.

    republic of estonia       -> estonia        (states, without the words for a form of state)
    emir of qatar             -> qatar emir, qatari emir, and the bare title: emir
    masoud pezeshkian         -> pezeshkian     (persons, by surname)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.models import Actor, ActorType, AliasKind
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import FILLERS, HONORIFIC_WORDS, latin, normalise, strip_honorifics

_FRAMES = (
    "government governments republic republics kingdom state federation federal commonwealth "
    "democratic peoples people islamic regime authorities officials leadership union socialist "
    "arab sultanate emirate principality duchy grand plurinational bolivarian cooperative federated"
)
FRAMES = frozenset(_FRAMES.split()) | FILLERS
"""Words for the form of a state, not for which state it is."""

STORED, CORE, TURNED, TITLE, LAST = "stored", "core", "turned", "title", "last"

_NAMES = (AliasKind.NAME, AliasKind.TRANSLITERATION)

TELLING = range(3, 8)
"""How many significant words make an acronym."""

_SHUFFLED = 12
"""Names up to this many letters: two swapped letters leave few n-grams whole."""


class Entry(NamedTuple):
    """A spelling of an actor: ``key`` is normalised, ``alias`` as stored.

    ``origin`` says how the key was derived from the alias: ``stored`` unchanged, ``core`` without
    the form of state, ``turned`` around (*Qatari emir*), ``title`` without its state, ``last`` the
    surname alone.
    """

    key: str
    actor: int
    alias: str
    kind: AliasKind
    origin: str = STORED


def entries(actors: Sequence[Actor]) -> Iterator[Entry]:
    """Yield all spellings of all actors, in the order of ``actors``; no key twice."""
    names = _state_words(actors)
    for number, actor in enumerate(actors):
        yield from _distinct(_of(number, actor, names))


def names_of(number: int, kind: ActorType, names: Sequence[str]) -> Iterable[Entry]:
    """List all spellings of an actor known only by its names."""
    stored = [Entry(normalise(name), number, name, AliasKind.NAME) for name in names]
    return _distinct([*stored, *_derived(kind, stored, ())])


def _distinct(found: Iterable[Entry]) -> Iterable[Entry]:
    unique: dict[str, Entry] = {}
    for entry in found:
        first = unique.setdefault(entry.key, entry)
        # Latin queries show Latin names: Katar is kept, though Катар, transliterated, comes first.
        if entry.origin == STORED and not latin(first.alias) and latin(entry.alias):
            unique[entry.key] = entry
    unique.pop("", None)
    return unique.values()


def loose(key: str) -> str:
    """Return a key without small words and in sorted order, for comparison."""
    return " ".join(sorted(word for word in key.split() if word not in FILLERS))


def initials(key: str) -> str:
    """Return the acronym of a name of three to seven significant words; else nothing."""
    words = [word for word in key.split() if word not in FILLERS]
    return "".join(word[0] for word in words) if len(words) in TELLING else ""


def core(key: str) -> str:
    """Remove words for a form of state, and small words, from a normalised name."""
    kept = [word for word in key.split() if word not in FRAMES]
    return " ".join(kept)


def _state_words(actors: Sequence[Actor]) -> dict[str, list[str]]:
    """Return the normalised names and demonyms of states, by the id of the state."""
    wanted = (AliasKind.NAME, AliasKind.DEMONYM, AliasKind.ACRONYM)
    return {
        actor.id: [normalise(actor.name)]
        + [
            normalise(alias.text)
            for alias in actor.aliases
            if alias.kind in wanted and alias.lang in (None, "en") and latin(alias.text)
        ]
        for actor in actors
        if actor.type is ActorType.STATE
    }


def _of(number: int, actor: Actor, names: dict[str, list[str]]) -> Iterator[Entry]:
    kind = AliasKind.OFFICE if actor.type is ActorType.OFFICE else AliasKind.NAME
    stored = [Entry(normalise(actor.name), number, actor.name, kind)]
    stored += [Entry(normalise(a.text), number, a.text, a.kind) for a in actor.aliases]
    yield from stored
    for one in _derived(actor.type, stored, names.get(actor.acts_for or "", [])):
        if one.origin != LAST or one.key not in GIVEN_NAMES:  # many people are called George
            yield one


def _derived(kind: ActorType, stored: Sequence[Entry], states: Sequence[str]) -> Iterator[Entry]:
    if kind is ActorType.STATE:
        yield from _cores(stored)
    elif kind is ActorType.OFFICE:
        yield from _turned(stored, states)
    elif kind is ActorType.PERSON:
        yield from _persons(stored)


def given_first(name: str) -> str:
    """Turn *Last, First* around, as in lists; return any other name unchanged."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and "," not in first else name


def _cores(stored: Sequence[Entry]) -> Iterator[Entry]:
    for entry in stored:
        if entry.kind is not AliasKind.NAME or " " not in entry.key:
            continue
        if not is_common(key := core(entry.key)):  # "united" alone is not a kingdom's name
            yield Entry(key, entry.actor, entry.alias, entry.kind, CORE)


def _turned(stored: Sequence[Entry], states: Sequence[str]) -> Iterator[Entry]:
    titles: dict[str, Entry] = {}
    for entry in stored:
        title, sep, rest = entry.key.partition(" of ")
        if sep and title and rest.removeprefix("the ") in states:
            titles.setdefault(title, entry)
        else:
            for state in states:
                if entry.key.startswith(state + " "):
                    titles.setdefault(entry.key.removeprefix(state + " "), entry)
    for title, entry in titles.items():
        for state in states:
            for key in (f"{state} {title}", f"{title} of {state}", f"{title} {state}"):
                yield Entry(key, entry.actor, entry.alias, AliasKind.OFFICE, TURNED)
        yield Entry(title, entry.actor, entry.alias, AliasKind.OFFICE, TITLE)


def _persons(stored: Sequence[Entry]) -> Iterator[Entry]:
    for entry in stored:
        if entry.kind in _NAMES and (rest := _untitled(entry)) != entry.key:
            yield Entry(rest, entry.actor, entry.alias, entry.kind)
    for entry in stored[:1]:
        words = _untitled(entry).split()
        named = len(words) > 1 and len(words[-1]) > 2 and words[-1] != words[0]
        if named and words[-1] not in HONORIFIC_WORDS:  # John Major is not just any major
            yield Entry(words[-1], entry.actor, entry.alias, AliasKind.SURNAME, LAST)


def _untitled(entry: Entry) -> str:
    """Return the key of a person's name without titles, given name first."""
    words = entry.key.split()
    if ", " not in entry.alias and words and HONORIFIC_WORDS.isdisjoint((words[0], words[-1])):
        return entry.key
    rest = normalise(strip_honorifics(given_first(entry.alias))[0])
    # A final title after a first name alone is a surname: Major, Bishop.
    led = "," in entry.alias or words[0] in HONORIFIC_WORDS
    return rest if led or " " in rest else entry.key


class Table:
    """The entries of a fixed list of actors, by number, in the order of the actors.

    ``types`` are the types of the actors; ``owners`` counts, for each word, the actors that have it
    in a stored name in Latin letters.
    """

    def __init__(self, types: Sequence[ActorType], found: Iterable[Entry]) -> None:
        """Index the entries of actors of these types; entries are grouped by actor."""
        self.types = tuple(types)
        self.entries = tuple(found)
        self.latin = tuple(latin(entry.alias) for entry in self.entries)
        self.owners: dict[str, int] = {}
        self._names: dict[int, Entry] = {}
        self._by: dict[str, dict[str, list[int]]] = {name: {} for name in _FORMS}
        last: dict[str, int] = {}
        for number, entry in enumerate(self.entries):
            self._names.setdefault(entry.actor, entry)
            for name, form in _FORMS.items():
                if made := form(entry.key):
                    self._by[name].setdefault(made, []).append(number)
            if entry.origin == STORED and self.latin[number]:
                for word in entry.key.split():
                    if last.get(word) != entry.actor:
                        last[word] = entry.actor
                        self.owners[word] = self.owners.get(word, 0) + 1

    def name_of(self, actor: int) -> str:
        """Return an actor's display name, normalised; empty if nothing is left of it."""
        return self._names[actor].key if actor in self._names else ""

    def display_of(self, actor: int) -> str:
        """Return an actor's first stored alias; empty if nothing is left of it."""
        return self._names[actor].alias if actor in self._names else ""

    def is_name_of_another(self, entry: Entry) -> bool:
        """Whether an entry's key is the display name of another actor: *(Republic of) China*."""
        actors = {self.entries[number].actor for number in self.by("key", entry.key)}
        return any(self.name_of(one) == entry.key for one in actors - {entry.actor})

    def by(self, form: str, wanted: str) -> list[int]:
        """List the entries with this ``key``, ``loose``, ``letters`` or ``initials`` form."""
        return self._by[form].get(wanted, [])


def letters(key: str) -> str:
    """Sort the letters of a name, so that swapped letters make no difference.

    Only in names this short do swaps leave few n-grams whole; empty for a longer one.
    """
    return "".join(sorted(key)) if len(key) <= _SHUFFLED else ""


_FORMS: dict[str, Callable[[str], str]] = {
    "key": str,
    "loose": lambda key: loose(key) if " " in key else "",
    "letters": letters,
    "initials": initials,
}
"""Lookup forms of an entry, derived from its key; entries without a form are skipped."""


_TELLING = 3
"""So many English words in common are no coincidence: *international atomic agency*."""

PRONOUNS = frozenset({"who", "Who"})
"""Question words, not names, though a capitalised acronym is the same word."""

_COMPASS = {"n": "north", "s": "south", "e": "east", "w": "west"}

_ABBREVIATIONS = {
    "intl": "international",
    "govt": "government",
    "natl": "national",
    "dept": "department",
    "org": "organisation",
    "min": "minister",
    "sec": "secretary",
    "pm": "prime minister",
    "fm": "foreign minister",
    "pres": "president",
    "gen": "general",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A parsed query. ``common``: ordinary English words; ``given``: a bare first name."""

    key: str
    words: tuple[str, ...]
    bare: tuple[str, ...]
    """The words without honorifics, to compare with a person's name."""
    titles: tuple[str, ...]
    common: bool
    given: bool
    latin: bool


def parse(text: str) -> Typed:
    """Parse a typed name; expand abbreviations (*pres*, *n. korea*)."""
    key = normalise(text).removeprefix("the ")
    rest, titles = strip_honorifics(text)
    first, _, others = key.partition(" ")
    if others and first in _COMPASS:
        key = f"{_COMPASS[first]} {others}"
    if others:
        key = " ".join(_ABBREVIATIONS.get(word, word) for word in key.split())
    words = tuple(key.split())
    return Typed(
        key=key,
        words=words,
        bare=tuple(normalise(rest).removeprefix("the ").split()) or words,
        titles=titles,
        common=len(words) < _TELLING and all(is_common(word) for word in words),
        given=len(words) == 1 and key in GIVEN_NAMES,
        latin=latin(text),
    )
