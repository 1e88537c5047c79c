"""What of theirs an act is done to: of "condemned Ruritania's plan" the plan, and whose it is.

Whoever is named there stays the target, for whoever asks about him; the words say what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import EventClass
from bot.read.complements import complement_of
from bot.read.fits import ON_PEOPLE, is_person
from bot.read.nouns import end_of, ends_here, is_adverb
from bot.read.objects import beginning, object_of
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Item, Phrase, is_name, word_at
from bot.read.shape import Shape
from bot.read.stretches import index, kept

_ABOUT_THINGS = frozenset((EventClass.SUPPORT, EventClass.REJECT, EventClass.ACCUSE))
"""What one has, does or says is praised, rejected and blamed as one is oneself."""
_FROM = ("op", "ow", "ox")
"""Groups of a pattern that hold whose, or from whom, the object of a verb is."""
_OF_SOMEBODY = ("accus", "blam", "charg")
"""Of what somebody is accused may be from another, and by him."""
_BESIDE = frozenset("and or twice again soon later today tomorrow a the its his her their".split())
_FINITE = frozenset(
    "will would has have had is are was were can could may might should must did does".split()
)
_HEADLINE = frozenset(
    """
    plan plans bid proposal proposals policy policies bill ban order orders rule rules law laws
    decision deal idea nominee nominees pick picks pardon offer calls budget agenda
""".split()
)
"""What of his stands right after a name without an article before it."""
_HOUSE = frozenset("administration government campaign team cabinet family camp".split())
"""Who acts for somebody, and is not he himself."""
_PLACE = frozenset(
    "courtroom courthouse suburb suburbs neighborhood airport office offices".split()
)


@dataclass(frozen=True, slots=True)
class Theirs:
    """The words for what of theirs it is; ``lost``: it is not they, so that words are needed."""

    words: tuple[int, int] | None = None
    lost: bool = False


_THEY = Theirs()


def of_theirs(
    shaped: Shape, pattern: Pattern, match: Found, source: Phrase, target: Phrase
) -> Theirs:
    """Tell whether an act is done to what somebody has, does or says, and in which words."""
    found = kept(shaped)
    at = place_of(found, target)
    least = index(match.line, match.verb_end) if match.verb else at
    if pattern.event_class is EventClass.MOVE:
        return Theirs(_goal(found, at, least, target) if is_person(source) else None)
    if _is_his_house(found, at, target) or _is_one_of_theirs(found, at, pattern, target):
        return Theirs(_whole_name(found, at, least), lost=True)
    if pattern.event_class not in _ABOUT_THINGS or len(target.actors) > 1:
        return _THEY
    if target.letter == "d":
        return Theirs(object_of(shaped, pattern, match, source).span, lost=is_person(target))
    if pattern.nominal or pattern.name.startswith("be ") or not match.verb:
        return _THEY
    if not (_is_from(match) or _is_beside_a_thing(found, at, least, target)):
        return _THEY
    about = complement_of(shaped, pattern, match, thing=True)
    return Theirs(about.span if about else None, lost=True)


def _goal(
    found: Sequence[Item | Phrase], at: int, least: int, target: Phrase
) -> tuple[int, int] | None:
    """Return the words for where somebody goes, where a town or a house is not all of a state."""
    if word_at(found, at + 1) in _PLACE:
        return _whole_name(found, at, least)
    return (found[at].start, found[at].end) if target.town else None


def _is_his_house(found: Sequence[Item | Phrase], at: int, target: Phrase) -> bool:
    """Tell whether others act for a person: "a deal with the Ruritan administration"."""
    if not is_person(target) or at + 1 >= len(found):
        return False
    following = found[at + 1]
    return word_at(found, at + 1) in _HOUSE or (isinstance(following, Phrase) and following.town)


def _is_one_of_theirs(
    found: Sequence[Item | Phrase], at: int, pattern: Pattern, target: Phrase
) -> bool:
    """Tell whether it is one of a body to whom it is done: "killed Hamas treasurer Ada Ruritan"."""
    if pattern.event_class not in ON_PEOPLE or is_person(target) or at + 1 >= len(found):
        return False
    return target.letter == "n" and before_noun(found, at + 1) and _is_titled(found, at + 1)


def _is_titled(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a role stands there with a name after it."""
    end = end_of(found, at)
    return end > at + 1 and any(is_name(found[n]) for n in range(at + 1, end))


def _is_from(match: Found) -> bool:
    """Tell whether only from whom something is, is told: "a request from Ruritania"."""
    led = any(match.groups.get(name) for name in _FROM)
    return led and not match.verb.startswith(_OF_SOMEBODY)


def _is_beside_a_thing(found: Sequence[Item | Phrase], at: int, least: int, target: Phrase) -> bool:
    """Tell whether a name is that of a thing, or who made it: "a Ruritan plan", "the rules
    Ruritania will make"."""
    if target.letter not in "np" or at + 1 >= len(found):
        return False
    following = word_at(found, at + 1)
    if at > least + 1 and following in _FINITE:
        before = found[at - 1]
        return isinstance(before, Item) and before.word.endswith("s") and not before.capital
    if not before_noun(found, at + 1):
        return False
    article = word_at(found, at - 1) in ("a", "an", "the", "any")
    return following in _HEADLINE or (article and is_person(target))


def _whole_name(found: Sequence[Item | Phrase], at: int, least: int) -> tuple[int, int] | None:
    first = beginning(found, at, least)
    end = end_of(found, first)
    return (found[first].start, found[end - 1].end) if end > at + 1 else None


def before_noun(found: Sequence[Item | Phrase], at: int) -> bool:
    """Tell whether a noun follows, or what may be one: "agreed to a Ruritania truce"."""
    item = found[at] if at < len(found) else None
    if not isinstance(item, Item) or item.capital or not item.word.isalpha() or is_adverb(item):
        return False
    return not ends_here(found, at) and item.word not in _BESIDE


def place_of(found: Sequence[Item | Phrase], phrase: Phrase) -> int:
    """Return which item a phrase is; of one that is narrowed to an actor, the one it began as."""
    return next(n for n, one in enumerate(found) if one.start <= phrase.start < one.end)
