"""Frames: the few ways in which English tells an act, filled with the words of one.

Each returns a pattern over the shape of a sentence. Most need no target that is an actor
("Israel struck a hospital in Khan Younis"): what is struck is then in the quote, and only
the place, if a place, is told apart.
"""

from __future__ import annotations

from bot.models import EventClass, Status
from bot.read.lexicon import ADVERBS, AUXILIARIES, DET, FINITE, GAP, NP, THEIRS, forms, verb
from bot.read.patterns.pattern import Pattern, pattern

NOT_PERFECT = r"(?!(?:(?<= had)|(?<= have)|(?<= has)) (?:[a-z]+ed|not|never|been) )"
"""To have talks, not to have refused them."""
_NO_OBJECT = (
    r"(?! $)(?! (?:by|in|at|on|for|over|to|as|from|after|during|amid|with|it|himself|herself|"
    r"themselves|itself|me|us|you|and|or|but|,|\.|;|:|–|—|\?|!|\)|-|of|that|when|if|because|out|off|up|down|back|into|through|until) )"
)
_NOT_MEANT = r"trade|tariff|price|culture|propaganda|star|civil|class|cold|drug"
"""What makes a figure of speech of a war: "China's trade war with the US"."""

_BESIDE = r"(?: (?![a-z]+(?:ed|s) |(?:the|a|an|his|her|its|their|any|no|had|has|is|was|gave|made|took|won|got|saw|held|met|left|led|sent|put|cut|set|said|in|on|of|to|and|or|for|with|by|at|from|as) )[a-z-]+)"
"""A word between a name and a noun of its own: "US military aid", not "Iran approved aid"."""
_NO_HEAD = (
    r"games|requests?|applications?|cases?|groups?|workers?|agency|agencies|organi[sz]ations?|convoys?|"
    r"storage|tips|guidelines|advice|information|cancell?ations?|forgiveness"
)
"""After the noun of an act: this it is that is given, and not that."""
_BE = rf"(?P<g>(?: (?:{ADVERBS}|{AUXILIARIES}))* (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))*)"


_PEOPLE = (
    r"soldiers|troops|forces|police|policemen|tanks|bulldozers|helicopters|warplanes|jets|drones|rockets|"
    r"missiles|warships|judge|court|prosecutors?|officers|guards|regulators|inspectors|investigators|"
    r"lawmakers|agents|airstrikes?"
)
ARMED = rf"(?<!- )(?:<(?:[na]|p(?=\d+>(?: ,)? who ))(?P<s>\d+)>(?: and (?:{_PEOPLE})| (?:{_PEOPLE}))?|<d(?P<sd>\d+)>{NP}{{0,2}}? (?:{_PEOPLE})|(?:police|authorities|troops|security forces|soldiers|rebels|officials|prosecutors) in(?: the)? <p(?P<sp>\d+)>)"
"""Who acts with more than words: also "Israeli tanks" and "police in Kenya"."""


def does(
    act: str,
    event_class: EventClass,
    verbs: str,
    *,
    name: str = "",
    subject: str = ARMED,
    needs: str = "",
    target: str = THEIRS,
    alone: bool = True,
    bodies: bool = False,
    persons: bool = False,
    intransitive: bool = False,
    status: Status | None = None,
    onto: tuple[str, ...] = (),
) -> Pattern:
    """*X verbs Y*; ``needs`` must follow the verb, and ``target`` after it finds the actor.

    ``intransitive``: the verb needs no object, so that anything may come right after it.
    """
    entries = verbs.split()
    # What is looked for after a verb is its object, if not what a clause says.
    ahead = needs.startswith(("(?=", "(?!")) and not intransitive and " that " not in needs
    looks = not needs or ahead
    straight = _NO_OBJECT if looks else ""
    return pattern(
        name or act, act, event_class, forms(*entries),
        rf"{subject}{GAP} {verb(*entries)}(?= ){straight}{needs}{target}",
        alone=alone, bodies=bodies, persons=persons, status=status, onto=onto,
    )  # fmt: skip


def adding(act: str, event_class: EventClass, verbs: str, *, needs: str = "") -> Pattern:
    """*X did something, verbing Y*: the subject of the sentence does the second thing too."""
    entries = [form for form in forms(*verbs.split()) if form.endswith("ing")]
    gap = GAP.replace("(?P<g>", "(?:")  # it is the other verb's
    return pattern(
        f"{act} as well", act, event_class, entries,
        rf"^ (?:the |a |an )?<n(?P<s>\d+)>{gap} (?:said|says|{FINITE})(?= )[^;:“”<>]{{5,140}}(?:<[npd]\d+>[^;:“”<>]{{1,60}}){{0,3}} ,"
        rf" (?:and )?(?P<v>{'|'.join(entries)})(?= ){needs or _NO_OBJECT}{THEIRS}",
        alone=True, status=Status.HAPPENED,
    )  # fmt: skip


def suffers(act: str, event_class: EventClass, verbs: str, *, bodies: bool = False) -> Pattern:
    """*Y was verbed by X*."""
    entries = verbs.split()
    return pattern(
        f"be {act} by", act, event_class, forms(*entries),
        rf"<[nav](?P<o>\d+)>{_BE} {verb(*entries)}{NP}{{0,3}}"
        rf"(?: (?:in|on|at|during)(?: [a-z0-9-]+){{1,3}})? by{DET}{NP}{{0,2}}? <[pda](?P<s>\d+)>",
        bodies=bodies,
    )  # fmt: skip


def undergoes(act: str, event_class: EventClass, verbs: str, *, bodies: bool = False) -> Pattern:
    """*A hospital was verbed by X*: what suffers it is no actor of the tables."""
    entries = verbs.split()
    return pattern(
        f"be {act} by some", act, event_class, forms(*entries),
        rf"(?<![>]) (?:is|are|was|were|been|being)(?: (?:{ADVERBS}))? {verb(*entries)}{NP}{{0,2}}"
        rf" by{DET}{NP}{{0,2}}? <[pda](?P<s>\d+)>",
        alone=True, nominal=True, bodies=bodies,
    )  # fmt: skip


def makes(
    act: str,
    event_class: EventClass,
    verbs: str,
    nouns: str,
    to: str = "",
    *,
    name: str = "",
    beyond: str = "",
    alone: bool = True,
    bodies: bool = False,
    onto: tuple[str, ...] = (),
) -> Pattern:
    """*X verbs a noun on Y*: the noun is the act, ``to`` the words that lead to whom it hits.

    ``beyond`` is what must hold right after the noun.
    """
    target = (
        rf"(?:(?: of)?{NP}{{0,4}}? (?:{to}){DET}{NP}{{0,3}}? <[npda](?P<o>\d+)>(?! import of ))"
        if to
        else ""
    )
    entries = verbs.split()
    return pattern(
        name or f"{act} ({nouns.split()[0]})", act, event_class, _heads(nouns),
        rf"{ARMED}{GAP} {verb(*entries)}{NOT_PERFECT}(?: (?:out|up|off))?(?:{NP}{{0,2}} of)?{NP}{{0,6}}? (?:{_words(nouns)})(?= )(?! (?:{_NO_HEAD}) ){beyond}{target}"
        + ("?" if alone and target else ""),
        alone=alone, bodies=bodies, onto=onto,
    )  # fmt: skip


def noun(
    act: str,
    event_class: EventClass,
    nouns: str,
    to: str,
    *,
    status: Status | None = None,
    alone: bool = False,
    bodies: bool = False,
    onto: tuple[str, ...] = (),
) -> Pattern:
    """*X's noun of Y*."""
    target = rf"(?:{NP}{{0,2}}? (?:{to}){DET}{NP}{{0,2}}? <[npda](?P<o>\d+)>)"
    return pattern(
        f"{act} as a noun", act, event_class, _heads(nouns),
        rf"(?<!- )(?:<d(?P<s>\d+)>(?!{NP}? (?:{_NOT_MEANT}) ){NP}{{0,2}}?|<n(?P<sd>\d+)>(?!{NP}? (?:{_NOT_MEANT}) ){_BESIDE}{{0,2}}?) (?:{_words(nouns)})(?= ){target}" + ("?" if alone else ""),
        nominal=True, alone=alone, bodies=bodies, status=status, onto=onto,
    )  # fmt: skip


def _heads(nouns: str) -> list[str]:
    return [word.rpartition("_")[2] for word in nouns.split()]


def _words(nouns: str) -> str:
    return "|".join(word.replace("_", " ") for word in nouns.split())
