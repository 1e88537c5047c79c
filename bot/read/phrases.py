"""How the phrases of a sentence stand together: in lists, and after prepositions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import Mention
from bot.read import words


@dataclass(frozen=True, slots=True)
class Phrase:
    """One or more actors that stand together ("Qatar and Ukraine"); offsets into the text.

    ``plural``: they take a verb without s, though they act for one ("Qatari officials").
    ``named``: an official of theirs is named who is no actor known. ``few``: they are one
    official of theirs, or some, whose word is not that of all. ``town``: a capital, or the house
    of a government, stands for a state.
    """

    actors: tuple[str, ...]
    letter: str
    start: int
    end: int
    plural: bool = False
    named: bool = False
    few: bool = False
    town: bool = False


@dataclass(slots=True)  # not frozen: that makes it three times as slow to make
class Item:
    """A word, or a mention, of a sentence; ``capital`` is whether it begins with one."""

    word: str
    start: int
    end: int
    capital: bool = False
    mention: Mention | None = None


def word_at(found: Sequence[Item | Phrase], at: int) -> str:
    """The word that stands there; empty for an actor, and outside the sentence."""
    item = found[at] if 0 <= at < len(found) else None
    return item.word if isinstance(item, Item) else ""


def is_name(item: Item | Phrase) -> bool:
    """Tell whether an actor stands there, or a word with a capital."""
    return isinstance(item, Phrase) or item.capital


def governed(found: list[Item | Phrase]) -> list[Item | Phrase]:
    """Mark the phrases that a preposition governs."""
    for at, item in enumerate(found):
        if isinstance(item, Phrase) and item.letter == "n" and _governed(found, at):
            found[at] = replace(item, letter="p")
    return found


def _governed(found: list[Item | Phrase], at: int) -> bool:
    before = at - 1
    while before >= 0:
        item = found[before]
        if isinstance(item, Phrase):
            if item.letter not in "xd":
                break
        elif item.word not in words.BEFORE_NOUN and not _abbreviates(found, before):
            break
        before -= 1
    if before < 0:
        return False
    item = found[before]
    if isinstance(item, Phrase) or item.word not in words.PREPOSITIONS:
        return False
    # "A group of Qatari diplomats" are the diplomats.
    if item.word != "of" or not before:
        return True
    # Two members of Congress are not Congress, as members of Hamas may be Hamas.
    phrase, head = found[at], found[before - 1]
    members = isinstance(head, Item) and head.word == "members"
    group = isinstance(phrase, Phrase) and phrase.actors[0].startswith("group:")
    return not _is_collective(head) or (members and not group)


def _abbreviates(found: list[Item | Phrase], at: int) -> bool:
    """Tell whether an abbreviated title stands at ``at``, or its stop: "by Sen. Ada Ruritan"."""
    at -= isinstance(item := found[at], Item) and item.word == "." and at > 0
    item = found[at]
    return isinstance(item, Item) and item.word in words.ABBREVIATED


def _is_collective(item: Item | Phrase) -> bool:
    return not isinstance(item, Phrase) and item.word in words.COLLECTIVES


def coordinated(found: list[Item | Phrase]) -> list[Item | Phrase]:
    """Join "Qatar , Egypt and the US" and "Iranian and Qatari leaders" into one phrase."""
    joined: list[Item | Phrase] = []
    at = 0
    while at < len(found):
        item = found[at]
        if isinstance(item, Phrase):
            item, at = _list_from(found, at, item)
            if item.letter == "n" and joined and item.actors[1:] and _a_few(joined[-1]):
                item = replace(item, few=True, plural=True)  # "some Afghan and US officials"
        else:
            at += 1
        joined.append(item)
    return joined


def _a_few(item: Item | Phrase) -> bool:
    return isinstance(item, Item) and item.word in words.A_FEW


def _list_from(found: list[Item | Phrase], at: int, first: Phrase) -> tuple[Phrase, int]:
    """Read a list that starts with ``first``; a comma joins only if an "and" closes the list.

    ", and" closes a list of three or more: after two it begins a new clause.
    """
    group, after = first, at + 1
    pending, commas = first, 0
    while True:
        comma, conjunction, phrase, end = _next_in_list(found, at + 1)
        if phrase is None or not _joins(pending, phrase):
            return group, after
        if conjunction and comma and not commas:
            return group, after
        pending = Phrase(
            tuple(dict.fromkeys(pending.actors + phrase.actors)),
            pending.letter if pending.letter != "d" else phrase.letter,
            pending.start,
            phrase.end,
        )
        at, commas = end - 1, commas + comma
        if conjunction:
            return pending, end


def _next_in_list(found: list[Item | Phrase], at: int) -> tuple[bool, bool, Phrase | None, int]:
    comma = conjunction = False
    while at < len(found):
        item = found[at]
        if isinstance(item, Phrase):
            return comma, conjunction, item if comma or conjunction else None, at + 1
        if item.word == "," and not comma and not conjunction:
            comma = True
        elif item.word in words.CONJUNCTIONS and not conjunction:
            conjunction = True
        elif item.word not in words.BEFORE_NOUN or not (comma or conjunction):
            break
        at += 1
    return comma, conjunction, None, at


def _joins(previous: Phrase, item: Phrase) -> bool:
    if previous.letter == "d":
        return item.letter in "ndav"
    return previous.letter == item.letter == "n"
