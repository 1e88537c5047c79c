"""Whom an act is done to, or what it is about; an act that says nothing without is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import EventClass
from bot.read.clauses import clause_end, is_bare
from bot.read.complements import complement_of, says_enough
from bot.read.deeds import deed_towards
from bot.read.fits import fits, is_person
from bot.read.nouns import end_of
from bot.read.objects import NOBODY, Object, object_of
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found
from bot.read.phrases import Item, Phrase, word_at
from bot.read.shape import Shape
from bot.read.stretches import index, kept
from bot.read.theirs import before_noun, of_theirs, place_of

_IN_WORDS = frozenset(("refuse", "decline", "call for", "demand", "seek", "request", "vow"))
"""Acts about something, of which whom the words alone would name says too little."""
_THINGS = (
    EventClass.REJECT,
    EventClass.SUPPORT,
    EventClass.ACCUSE,
    EventClass.REQUEST,
    EventClass.AGREE,
)
_HIT = frozenset("hardest worst most hit where".split())
_OF_SOME = frozenset("or of that who which".split())
_GENERAL = (
    dict.fromkeys("area areas town towns region regions places parts".split(), _HIT)
    | dict.fromkeys("form forms one ones some kind side type".split(), _OF_SOME)
    | dict.fromkeys(
        "representative representatives member members".split(), frozenset(("from", "of"))
    )
    | dict.fromkeys("country countries nation nations".split(), frozenset(("at", "with")))
    | dict.fromkeys(
        "return airspace access effort efforts attempt attempts move moves step steps plan plans "
        "decision decisions motion right approach legislation failure inability alternative "
        "alternatives response commitment commitments".split(),
        frozenset(("to",)),
    )
    | dict.fromkeys(
        "bid demand demands request requests call calls appeal appeals proposal proposals offer "
        "order orders campaign".split(),
        frozenset(("to", "for", "that")),
    )
    | dict.fromkeys(
        "claim claims idea notion suggestion suggestions possibility prospect argument arguments "
        "announcement statement assertion assertions allegation allegations".split(),
        frozenset(("that",)),
    )
    | dict.fromkeys(
        "question questions concern concerns fears comments remarks".split(),
        frozenset(("about", "over", "on", "whether", "that")),
    )
    | dict.fromkeys(
        "goods products items imports things those stories".split(),
        frozenset(("from", "to", "about", "made")),
    )
    | dict.fromkeys("offensive role involvement".split(), frozenset(("in",)))
    | dict.fromkeys("work ties talks agreement agreements".split(), frozenset(("with",)))
    | dict.fromkeys("applications application".split(), frozenset(("from", "for")))
    | dict.fromkeys(
        "change changes cut cuts amendment amendments reform reforms increase increases halt end "
        "challenge challenges solution exception exceptions threat threats".split(),
        frozenset(("to", "in")),
    )
    | dict.fromkeys("pause freeze moratorium embargo cap curbs hold".split(), frozenset(("on",)))
)
"""Words too general to be told alone, and what goes on with what they mean."""
_OF_WHICH = frozenset("from about whose".split())
"""What is told in one word is told with what follows: "toys from these islands"."""
_CLAUSES = frozenset("that about whether".split())
_RELATIVE = frozenset("that which who whose".split())
_SANCTION = EventClass.SANCTION
_OWNED = frozenset(("freeze assets", "cut ties", "expel diplomats"))
_DROPPING = ("drop", "end", "suspend", "withdraw", "exit", "quit")
"""Verbs of whoever stands in an election no more."""
_OWNER = re.compile(r"<d(\d+)>")
_SOMEWHERE = (EventClass.ASSAULT, EventClass.MOVE, EventClass.AID)
"""Acts that say enough where a place is told."""
_SUFFERED = frozenset(
    """
    resignation resignations death deaths killing killings murder execution assassination poisoning
    arrest detention jailing imprisonment sentence conviction indictment prosecution trial
    impeachment expulsion ouster removal dismissal firing extradition deportation release
    statehood independence state victims suffering
""".split()
)
"""What somebody does not do or have, but undergoes: who rejects it does not reject him."""
_HARMING = frozenset(
    """
    kill attack sue fire arrest jail punish destroy bomb shoot expel invade strike sanction target
    deport prosecute evict harm hurt ban boycott impeach execute murder extradite fight retake
    censure abandon leave indict charge investigate oust remove arm betray quit sack convict
    condemn criticize criticise blame denounce hand turn
""".split()
)
"""Who refuses or declines this turns nobody down."""


@dataclass(frozen=True, slots=True)
class Towards:
    """Whom an act is done to, or the words for it; ``about``: they tell what it is about."""

    act: str
    target: Phrase | None = None
    words: tuple[int, int] | None = None
    about: bool = False


def towards(
    shaped: Shape,
    pattern: Pattern,
    match: Found,
    roles: tuple[Phrase, Phrase | None, Phrase | None],
) -> Towards | None:
    """Read whom an act is done to, or what it is about; None where it says nothing."""
    source, target, where = roles
    act = _word_for(pattern, match.groups)
    if pattern.act == "drop out":
        return _out_of(shaped, match)
    if target is None and pattern.act in _OWNED:
        target = _owner(shaped, pattern, match, source)
    thing = target is not None and _is_a_thing_of(shaped, pattern, match, target)
    if target is not None and not thing:
        return _done_to(shaped, pattern, match, source, Towards(act, target))
    in_words = pattern.act in _IN_WORDS or pattern.name == "threaten to"
    if thing or in_words or pattern.act == "threaten":
        if about := complement_of(shaped, pattern, match, thing=thing):
            return Towards(about.act, words=about.span, about=about.led)
        if thing:
            return None
    whom = NOBODY if in_words else object_of(shaped, pattern, match, source)
    if known := whom.meant or _known(shaped, pattern, source, whom):
        return Towards(act, known)
    if whom.span:
        words = _widened(kept(shaped), whom.span, pattern)
        if words is None or _is_next_verb(shaped, match, words):
            return None
        return Towards(act, words=words, about=words != whom.span)
    if about := complement_of(shaped, pattern, match):
        return Towards(about.act, words=about.span, about=about.led)
    if whom.unread:
        return None
    somewhere = where is not None and pattern.event_class in _SOMEWHERE
    return Towards(act) if somewhere or says_enough(pattern, match) else None


def _out_of(shaped: Shape, match: Found) -> Towards:
    """Tell out of what somebody drops: what its pattern ends with, if nothing belongs to that."""
    found = kept(shaped)
    at, end = index(match.line, match.verb_end), index(match.line, match.end)
    verb = next(verb for verb in _DROPPING if match.verb[:4].startswith(verb[:4]))
    act = [verb]
    while word_at(found, at) in ("out", "of", "from"):
        act.append(word_at(found, at))
        at += 1
    if word_at(found, end) in ("for", "to", "of", "against"):
        return Towards("drop out")
    return Towards(" ".join(act), words=(found[at].start, found[end - 1].end))


def _done_to(
    shaped: Shape, pattern: Pattern, match: Found, source: Phrase, done: Towards
) -> Towards | None:
    """Add what is to be done to whom, or the words for what of theirs it is done to."""
    assert done.target is not None  # noqa: S101 - the caller looked
    if deed := deed_towards(shaped, pattern, match, done.target):
        return Towards(deed, done.target)
    theirs = of_theirs(shaped, pattern, match, source, done.target)
    if theirs.words is None:
        return None if theirs.lost else done
    words = _widened(kept(shaped), theirs.words, pattern)
    if words is None:
        return None if theirs.lost else done
    return Towards(done.act, done.target, words, about=words != theirs.words)


def _owner(shaped: Shape, pattern: Pattern, match: Found, source: Phrase) -> Phrase | None:
    """Return whose assets are frozen, whose imports are halted: they are named before these."""
    within = _OWNER.findall(match.line, match.verb_end, match.end)
    owners = [shaped.phrases[int(number)] for number in within]
    if len(owners) != 1 or not fits(pattern, source, owners[0]):
        return None
    return owners[0]


def _word_for(pattern: Pattern, groups: dict[str, str | None]) -> str:
    if (groups.get("v") or "").startswith("invit"):
        return "invite"
    if pattern.act == "leave" and groups.get("o"):
        return "move"
    return pattern.act


def _known(shaped: Shape, pattern: Pattern, source: Phrase, whom: Object) -> Phrase | None:
    """Return who stands there alone, if the words for whom it is done to are but a name."""
    phrase = next((one for one in shaped.phrases if (one.start, one.end) == whom.span), None)
    if phrase is None or phrase.letter not in "np" or not fits(pattern, source, phrase):
        return None
    return phrase


def _widened(
    found: Sequence[Item | Phrase], words: tuple[int, int], pattern: Pattern
) -> tuple[int, int] | None:
    """Add what words too general to say something are told with: "one of the towns hit".

    None where that has no end that can be told.
    """
    at = next((n for n, one in enumerate(found) if one.start == words[0]), None)
    end = next((n + 1 for n, one in enumerate(found) if one.end == words[1]), None)
    if at is None or end is None:
        return words
    if word_at(found, at - 1) == "both" and all(word_at(found, n) != "and" for n in range(at, end)):
        return found[at - 1].start, words[1]
    lead, head = word_at(found, end), word_at(found, end - 1)
    more = lead in _GENERAL.get(head, ()) or (
        at == end - 1 and lead in _OF_WHICH and pattern.event_class in (*_THINGS, _SANCTION)
    )
    if not more and lead in _RELATIVE and pattern.event_class in (*_THINGS, _SANCTION):
        # Who rejects "any truce that leaves" somebody in power need not reject any truce.
        whole = clause_end(found, at, through=end)
        if whole > at:
            return words[0], found[whole - 1].end
        return None if pattern.event_class is EventClass.REJECT else words
    if not more and not (pattern.act == "shut" and word_at(found, end) == "to"):
        return words
    deed = word_at(found, end) == "to" and is_bare(found, end + 1)
    whole = clause_end(found, at, through=end, short=not deed and lead not in _CLAUSES)
    apart = found[end].start > words[1] + 1  # "a law on Friday to": a day is left out between
    return (words[0], found[whole - 1].end) if whole > at and not apart else None


def _is_next_verb(shaped: Shape, match: Found, words: tuple[int, int]) -> bool:
    """Tell whether the words begin with another's verb: "the ads that they refused contained"."""
    found = kept(shaped)
    first = next((one for one in found if one.start == words[0]), None)
    verb = isinstance(first, Item) and first.word.endswith("ed") and not first.capital
    return verb and match.line[: match.start].endswith((" that ", " which ", " whom "))


def _is_a_thing_of(shaped: Shape, pattern: Pattern, match: Found, target: Phrase) -> bool:
    """Tell whether it is not somebody who is rejected, but what befalls him."""
    found = kept(shaped)
    if pattern.act == "ban" and not pattern.nominal:
        return target.letter in "np" and word_at(found, place_of(found, target) + 1) == "from"
    if pattern.nominal or pattern.event_class not in _THINGS:
        return False
    if pattern.event_class is EventClass.AGREE:
        return target.letter in "np" and before_noun(found, place_of(found, target) + 1)
    if pattern.act in ("refuse", "decline"):
        deed = word_at(found, index(match.line, match.verb_end) + 1)
        if deed in _HARMING or (target.letter == "d" and is_person(target)):
            return True
    return target.letter == "d" and _head(found, target) in _SUFFERED


def _head(found: Sequence[Item | Phrase], owner: Phrase) -> str:
    """The noun of the phrase that begins with its owner."""
    at = place_of(found, owner)
    end = end_of(found, at)
    words = [word_at(found, n) for n in range(at, end)]
    of = next((n for n, word in enumerate(words) if word in ("of", "and", "or")), len(words))
    return words[of - 1] if of else ""
