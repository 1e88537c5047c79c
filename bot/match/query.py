"""Find the actors that a typed question or a phrase names.

People type without capitals and with errors, and mix names with ordinary words. ``scan_query``
first takes every alias that matches exactly; then, over the remaining words that are not common
English, misspelt names of one to four words. A title before or after a name (*French President
Emmanuel Macron*) makes one actor with it; a name that continues with unknown words (*Juan Carlos
Jobet*, *Donald Trump Jr.*) belongs to another person.

``in_phrase`` finds the subject of a phrase: *Israeli border police* is Israel, *Albanians of
southern Serbia* are in Serbia. Every part must be sure; half of another person's name (*Carlos
Santiago*) does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.match.aliases import FRAMES, PRONOUNS, TITLE
from bot.match.lookup import EXACT_MARGIN, Verdict, verdict
from bot.match.provisional import only_words, provisional
from bot.match.score import similar
from bot.match.trie import Hit
from bot.models import Actor, ActorType, AliasKind, Match
from bot.text.english import GIVEN_NAMES, is_common, is_verb_form, rarities, stems
from bot.text.names import FILLERS, HONORIFICS, normalise

if TYPE_CHECKING:
    from bot.match.actors import ActorIndex


_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_BARE = re.compile(r"[\s\"“”‘’'#*(]*(\S|\S.*?\S)[\s\"“”‘’?!,;:*)]*", re.DOTALL)
"""A name, and what people type around it; not a full stop, which also ends *U.S.*."""

_AROUND = " \"“”‘’'#*().?!,;:"
_WINDOW = 4
_SHORTEST = 4
"""Shorter words, in letters, are never read as misspellings."""

_PROPOSABLE = 0.8
"""Minimum score for proposing an uncertain guess at a single word of a question."""

_EDGES = frozenset({"the", "of", "and", "for", "a", "an"})
"""No guess begins or ends with these; it may with *al* or *la*."""

_JOINED = 2
_TITLED = 2
"""*Sheikh Mohammed*: a title and one name is a person, even if it is unclear which."""

_BEFORE_US = frozenset({"the", "did", "does", "has", "is", "will"})

_RARE_TITLES = frozenset({"emir", "amir", "sultan", "pope", "supreme leader"})
"""Bare titles rare enough to ask which is meant; *the president* is too common."""


@dataclass(frozen=True, slots=True)
class QueryActor:
    """A stretch of a question that names an actor: ``text[start:end]``, code points.

    ``matches`` is best first. ``verdict`` is ``sure`` (take the first) or ``unsure`` (several are
    equally likely, or the spelling is far off): propose them.
    """

    start: int
    end: int
    text: str
    matches: tuple[Match, ...]
    verdict: Verdict

    @property
    def actor(self) -> str | None:
        """Return the id of the actor that is meant, if that is sure."""
        return self.matches[0].actor if self.verdict == "sure" else None

    def over(self, text: str, start: int, end: int) -> QueryActor:
        """Return this actor for the longer stretch ``text[start:end]``."""
        return replace(self, start=start, end=end, text=text[start:end])


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    key: str
    plain: bool
    """Common English: may occur inside a name, but neither begins nor ends a guess."""
    taken: bool


def scan_query(index: ActorIndex, text: str, as_of: date | None) -> list[QueryActor]:
    """Find the actors in ``text``, in order and without overlap."""
    whole = _whole(index, text, as_of)
    if whole is not None:
        return [whole]
    hits = index.trie.scan_typed(_quieted(text))
    words = [_word(match, hits) for match in _WORD.finditer(text)]
    exact = [_named(index, text, hit.start, hit.end, as_of) for hit in hits]
    exact += [_named(index, text, w.start, w.end, as_of) for w in _meant(index, words)]
    exact += _possessives(index, text, words, as_of)
    exact = [one for one in exact if one.matches]
    guesses = [one for one in _guesses(index, text, words, as_of) if not _cuts(one, exact)]
    found = sorted(_chosen(exact, guesses), key=lambda q: q.start)
    found = [one for one in found if not part_of_a_longer_name(index, text, one)]
    return joined(index, text, found, as_of)


def _cuts(guess: QueryActor, exact: Sequence[QueryActor]) -> bool:
    """Whether a guess takes part, but not all, of a name that is sure."""
    return any(
        one.verdict == "sure"
        and (guess.start < one.end and one.start < guess.end)
        and not (guess.start <= one.start and one.end <= guess.end)
        for one in exact
    )


def _whole(index: ActorIndex, text: str, as_of: date | None) -> QueryActor | None:
    """Return the actor if the question is only a name, even one as short as *us*, but not *who*."""
    found = _BARE.fullmatch(text)
    if found is None or found[1] in PRONOUNS or not index.lookup.stands(found[1]):
        return None
    named = _named(index, text, found.start(1), found.end(1), as_of)
    return named if named.verdict != "unknown" else None


def _quieted(text: str) -> str:
    """Lower-case a question all in capitals, which carry no information: *WHO MOVED*."""
    return text.lower() if text.isupper() and " " in text.strip() else text


def _word(match: re.Match[str], hits: Sequence[Hit]) -> _Word:
    key = normalise(match[0])
    taken = any(hit.start < match.end() and match.start() < hit.end for hit in hits)
    plain = all(is_common(k) or k in FILLERS for k in key.split()) and not taken
    return _Word(match.start(), match.end(), key, plain, taken)


def _named(index: ActorIndex, text: str, start: int, end: int, as_of: date | None) -> QueryActor:
    matches = _matches(index, text, start, end, as_of)
    return QueryActor(start, end, text[start:end], tuple(matches), verdict(matches))


def _matches(index: ActorIndex, text: str, start: int, end: int, as_of: date | None) -> list[Match]:
    """List the actors that the words may mean, without learned ones that are only words."""
    return [
        one
        for one in _by_office(index, text[:start], index.match(text[start:end], as_of), as_of)
        if not (
            provisional(one.actor)
            and only_words_at(text, start, end, one, misspelt=one.how == "typo")
        )
    ]


_LATELY, _LONG_AGO = timedelta(days=5 * 365), timedelta(days=15 * 365)
"""How long after leaving office a person is still the one meant by a surname alone, and after which
others of that surname are not."""


def _by_office(
    index: ActorIndex, before: str, matches: list[Match], as_of: date | None
) -> list[Match]:
    """Of several people with one surname, put the one first who led a state or government lately.

    That is, if nobody else of that name held an office for long: *Maduro* is Venezuela's president,
    not one of Honduras before. After a given name or an unknown word (``before`` is the text before
    the surname) it is somebody else's.
    """
    people = [
        one
        for one in matches
        if one.type is ActorType.PERSON and one.how == "exact" and one.score == matches[0].score
    ]
    if len(people) < 2 or matches[0] not in people or _is_given_name(before):
        return matches
    day = as_of or datetime.now(UTC).date()
    known = [one for one in people if index.served(one.actor, day - _LONG_AGO, day)]
    if len(known) != 1 or not index.served(known[0].actor, day - _LATELY, day, leading=True):
        return matches
    others = [
        one.model_copy(update={"score": one.score - EXACT_MARGIN}) if one in people else one
        for one in matches
        if one is not known[0]
    ]
    return [*known, *others]


def _is_given_name(before: str) -> bool:
    """Return whether a text ends with a word that may be a given name."""
    words = _WORD.findall(before)
    key = normalise(words[-1]) if words else ""
    return bool(key) and (key in GIVEN_NAMES or not (is_common(key) or key in FILLERS))


def only_words_at(
    text: str, start: int, end: int, one: Match | Actor, *, misspelt: bool = False
) -> bool:
    """Return whether a stretch of a question is ordinary words: see ``only_words``."""
    shown = _quieted(text)[start:end]
    before, after = text[:start].strip(_AROUND), text[end:].strip(_AROUND)
    opens, alone = not before and bool(after), not before and not after
    led = _WORD.findall(before)[-1:]
    alone = not misspelt and (alone or bool(led and normalise(led[0]) in HONORIFICS))
    return only_words(shown, one.name, one.type, opens=opens, alone=alone)


def _meant(index: ActorIndex, words: Sequence[_Word]) -> Iterator[_Word]:
    """Yield English words that are names by their place: *polish president*, *the us*, *us and
    iran*, and *us* at the very start of a question, which cannot be the pronoun."""
    for number, word in enumerate(words):
        if not word.plain or word.key in FILLERS:
            continue
        after = words[number + 1].key if number + 1 < len(words) else ""
        before = words[number - 1].key if number else ""
        if word.key == "us":
            # After *did*, *us* cannot be the pronoun: "why did us strike iran".
            opens = number == 0 and bool(after)
            if opens or before in _BEFORE_US or _is_of_a_pair(index, words, number):
                yield word
        elif after not in FILLERS and (after in HONORIFICS or after in FRAMES):
            found = index.lookup.exact(word.key)
            if found and found[0].entry.kind is AliasKind.DEMONYM:
                yield word


_TELLING = frozenset({"tell", "give", "show", "let", "help", "brief", "update", "remind"})
"""Words after which *us* is the pronoun."""


def _is_of_a_pair(index: ActorIndex, words: Sequence[_Word], number: int) -> bool:
    """Return whether a word is joined to a name: *us and iran*, *iran and us*, *us iran talks*."""
    pronoun = number > 0 and words[number - 1].key in _TELLING
    if not pronoun and number + 1 < len(words) and index.lookup.stands(words[number + 1].key):
        return True
    for joint, other in ((number + 1, number + 2), (number - 1, number - 2)):
        if 0 <= other < len(words) and words[joint].key in ("and", "vs"):
            return bool(index.lookup.stands(words[other].key))
    return False


def _possessives(
    index: ActorIndex, text: str, words: Sequence[_Word], as_of: date | None
) -> Iterator[QueryActor]:
    """Yield names with a possessive *s* but no apostrophe: *irans plan*, *kim jong uns sister*."""
    for last, word in enumerate(words[:-1]):
        if word.plain or word.taken or not word.key.endswith("s") or word.key.endswith("ss"):
            continue
        if index.lookup.stands(word.key):  # *marcos* is a name of its own
            continue
        for first in range(max(0, last - _WINDOW + 1), last + 1):
            key = " ".join(one.key for one in words[first : last + 1])[:-1]
            if len(key) >= _SHORTEST and index.lookup.stands(key):
                named = _named(index, text, words[first].start, word.end - 1, as_of)
                yield named.over(text, words[first].start, word.end)
                break


def _guesses(
    index: ActorIndex, text: str, words: Sequence[_Word], as_of: date | None
) -> list[QueryActor]:
    found: list[QueryActor] = []
    for first in range(len(words)):
        for last in range(first, min(first + _WINDOW, len(words))):
            window = words[first : last + 1]
            guess = _guess(index, text, window, as_of)
            if guess is not None:
                found.append(guess)
    return found


def _guess(
    index: ActorIndex, text: str, window: Sequence[_Word], as_of: date | None
) -> QueryActor | None:
    if window[0].key in _EDGES or window[-1].key in _EDGES:
        return None
    start, end = window[0].start, window[-1].end
    key = " ".join(w.key for w in window)
    known = (len(window) > 1 or key in _RARE_TITLES) and _stands(index, key)
    titled = len(window) == _TITLED and window[0].key in HONORIFICS and _in_names(index, window[1])
    if not known and not titled and not _worth_guessing(index, window):
        return None
    if len(window) == 1 and is_verb_form(text[start:end]) and not index.lookup.stands(key):
        return None  # *began* after a name is not a misspelt name
    matches = _matches(index, text, start, end, as_of)
    judged = verdict(matches)
    if judged == "unknown":
        return None
    if titled and matches[0].type is ActorType.PERSON and not window[1].plain:
        return QueryActor(start, end, text[start:end], tuple(matches), judged)
    if not known and not _holds(window, matches[0], judged):
        return None
    return QueryActor(start, end, text[start:end], tuple(matches), judged)


def _stands(index: ActorIndex, key: str) -> bool:
    """Whether these words are an exact alias, and more than a common title."""
    found = index.lookup.stands(key)
    return any(one.entry.origin != TITLE or key in _RARE_TITLES for one in found)


def _worth_guessing(index: ActorIndex, window: Sequence[_Word]) -> bool:
    """Whether a run of words may be a misspelt name: some word is neither known nor English, and
    neither end is an ordinary word that no name begins or ends with."""
    if not any(not w.plain and not w.taken and len(w.key) >= _SHORTEST for w in window):
        return False
    ends = (window[0], window[-1])
    if any(w.plain and not _in_names(index, w) for w in ends):
        return False
    return len(window) == 1 or not all(w.taken for w in ends)


def _in_names(index: ActorIndex, word: _Word) -> bool:
    return word.key in HONORIFICS or index.lookup.knows(word.key)


def _holds(window: Sequence[_Word], match: Match, judged: Verdict) -> bool:
    """Whether a guess uses every word that it covers, and is close enough to be proposed."""
    if judged == "unsure" and (match.how != "typo" or match.score < _PROPOSABLE):
        return False
    if len(window) == 1:
        return True
    alias = [k for k in normalise(match.alias).split() if k not in FILLERS]
    typed = [k for w in window for k in w.key.split() if k not in FILLERS]
    unmatched = [k for k in typed if k not in HONORIFICS and not any(similar(k, a) for a in alias)]
    # Words joined or split have no counterpart: then compare all letters together.
    return not unmatched or abs(len("".join(typed)) - len("".join(alias))) <= _JOINED


def _chosen(exact: Sequence[QueryActor], guesses: Sequence[QueryActor]) -> list[QueryActor]:
    """Choose guesses and exact names without overlap: sure before unsure, then a longer guess over
    what it contains, then exact before guessed."""
    ranked = sorted(
        [*((q, 1) for q in exact), *((q, 0) for q in guesses)],
        key=lambda pair: (
            pair[0].verdict != "sure" and not pair[1],
            -(pair[0].end - pair[0].start) if pair[0].verdict == "sure" else 0,
            -pair[1],
            -pair[0].matches[0].score if pair[0].matches else 0.0,
            pair[0].start,
        ),
    )
    kept: list[QueryActor] = []
    for one, _ in ranked:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept


_BETWEEN = re.compile(r"(?P<whose>['’]s)?,?(?P<titles>(?: [\w-]+)*) ")
_AFTER = re.compile(r",? (?:the )?")
_NEXT = re.compile(r" (\w+(?:[-’']\w+)*)")
_LED = re.compile(r"(\w+) $")
_JUNIOR = frozenset({"jr", "junior", "sr", "senior"})


def part_of_a_longer_name(index: ActorIndex, text: str, one: QueryActor) -> bool:
    """Return whether unknown words continue a person's name, so that it is another person's."""
    first = one.matches[0]
    following = _NEXT.match(text, one.end)
    if first.type is not ActorType.PERSON or following is None:
        return False
    if normalise(following[1]) in _JUNIOR:
        return True
    typed = [word for word in normalise(one.text).split() if word not in HONORIFICS]
    wanted = [word for word in normalise(first.alias).split() if word not in FILLERS]
    lacks = any(not any(similar(word, other) for other in typed) for word in wanted)
    only_given = all(word in GIVEN_NAMES for word in typed)
    return (lacks or only_given) and len(typed) > 1 and _like_a_name(index, following[1])


def _like_a_name(index: ActorIndex, word: str) -> bool:
    key = normalise(word)
    if is_common(key) or is_verb_form(key) or key in FILLERS or key in HONORIFICS:
        return False
    if word[:1].isupper():
        return True
    return index.lookup.knows(key) or not all(stem in rarities()[0] for stem in stems(word))


def joined(
    index: ActorIndex, text: str, named: Sequence[QueryActor], as_of: date | None
) -> list[QueryActor]:
    """Join a person with the office or nationality beside the name."""
    found = list(named)
    while (one := _first_pair(index, text, found, as_of)) is not None:
        number, both = one
        found[number : number + 2] = [both]
    return found


def _first_pair(
    index: ActorIndex, text: str, named: Sequence[QueryActor], as_of: date | None
) -> tuple[int, QueryActor] | None:
    for number, (one, other) in enumerate(pairwise(named)):
        if one.verdict != "sure" or other.verdict != "sure":
            continue
        if _leads(index, text, one, other, as_of):
            start = _begin(text, one.start)
            return number, other.over(text, start, other.end)
        if _follows(index, text, one, other):
            return number, one.over(text, one.start, other.end)
    return None


def _leads(
    index: ActorIndex, text: str, one: QueryActor, other: QueryActor, as_of: date | None
) -> bool:
    """Whether an office or a nationality precedes the name that it describes."""
    title, person = one.matches[0], other.matches[0]
    between = _BETWEEN.fullmatch(text[one.end : other.start])
    if person.type is not ActorType.PERSON or between is None:
        return False
    titles = normalise(between["titles"])
    if titles and not all(word in HONORIFICS for word in titles.split()):
        return False
    if title.type is ActorType.STATE:
        if not (title.how == "demonym" or between["whose"] or titles):
            return False
    elif title.type is not ActorType.OFFICE:
        return False
    country = index.iso3(person.actor, as_of)
    held = title.actor in index.held(person.actor)
    return held or country in (None, index.iso3(title.actor))


def _follows(index: ActorIndex, text: str, one: QueryActor, other: QueryActor) -> bool:
    """Whether an office follows the name of its current or former holder."""
    if _AFTER.fullmatch(text[one.end : other.start]) is None:
        return False
    return other.matches[0].actor in index.held(one.matches[0].actor)


def _begin(text: str, start: int) -> int:
    """Return where the words that belong to a title begin: *former*, *acting*."""
    while (led := _LED.search(text, 0, start)) and normalise(led[1]) in HONORIFICS:
        start = led.start()
    return start


_INSIDE = 0.97
"""Score factor for a name within a longer phrase."""

_TITLE = 0.93
"""Score factor for an office next to its holder, when a day implies the holder."""

_WITHIN = re.compile(r"\b(?:in|of)(?: the)?(?: (?:north|south|east|west)\w*)? $")
_BEFORE = re.compile(r"([A-ZÀ-Þ][\w'’-]*)\.? $")
_RANK = (ActorType.PERSON, ActorType.OFFICE, ActorType.GROUP, ActorType.ORGANISATION)


def in_phrase(index: ActorIndex, text: str, as_of: date | None, limit: int) -> list[Match]:
    """List the actors that ``text`` may mean, best first: as a whole, else by the names within it.

    With a day, an office primarily means its holder on that day.
    """
    whole = [
        one
        for one in index.match(text, as_of, limit)
        if not (provisional(one.actor) and only_words(text, one.name, one.type, alone=True))
    ]
    if as_of is not None:
        whole = _holder_first(whole)
    if verdict(whole) == "sure":
        return whole
    parts = [
        part
        for part in index.in_query(text, as_of)
        if part.verdict == "sure" and not _half_a_name(part, text)
    ]
    if not parts:
        return whole
    parts.sort(key=lambda part: _order(part, text))
    found = [_part(part, text, number) for number, part in enumerate(parts)]
    known: dict[str, Match] = {}
    for match in found:
        known.setdefault(match.actor, match)
    return list(known.values())[:limit]


def _holder_first(found: list[Match]) -> list[Match]:
    office, holder = found[0] if found else None, found[1] if len(found) > 1 else None
    if office is None or holder is None or holder.how != "office at date":
        return found
    then = holder.model_copy(update={"score": office.score})
    title = office.model_copy(update={"score": round(office.score * _TITLE, 4)})
    return [then, title, *found[2:]]


def _half_a_name(part: QueryActor, text: str) -> bool:
    """Whether an unknown name precedes a surname, or a first name precedes a place: then both are
    the name of an unknown person."""
    first = part.matches[0]
    person = first.type is ActorType.PERSON
    if person and normalise(part.text) in GIVEN_NAMES:
        return True
    before = _BEFORE.search(text[: part.start])
    word = normalise(before[1]) if before else ""
    if not word or is_common(word) or word in HONORIFICS:
        return False
    if person:
        names = normalise(first.alias).split()
        alone = len(normalise(part.text).split()) == 1 < len(names)
        return alone and not any(
            similar(word, name) or (len(word) == 1 and word == name[0]) for name in names
        )
    return word in GIVEN_NAMES and (first.type is ActorType.PLACE or first.how == "capital")


def _order(part: QueryActor, text: str) -> tuple[bool, bool, int, int]:
    """Sort persons and bodies before states, and a state or place after *in* or *of* before one
    without; last a non-person that is spelt differently: *nationalist* is not *National Diet*."""
    kind, how = part.matches[0].type, part.matches[0].how
    rank = _RANK.index(kind) if kind in _RANK else len(_RANK)
    guessed = how == "typo" and kind is not ActorType.PERSON
    outside = rank == len(_RANK) and not _WITHIN.search(text[: part.start])
    return guessed, outside, rank, part.start


def _part(part: QueryActor, text: str, number: int) -> Match:
    first = part.matches[0]
    return first.model_copy(
        update={
            "query": text,
            "score": round(first.score * _INSIDE ** (number + 1), 4),
            "why": f"“{text}” names {first.name}: {first.why}",
        }
    )
