"""How an act is worded, and which words of a sentence state it.

A fact names its act by a bare verb with its particle, object or preposition (``shoot down``,
``impose sanctions``). The tables here give the preposition before a target if the act lacks it, and
the wording without a named target.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.answer.question import words_for
from bot.match.actors import ActorIndex
from bot.models import EventClass, Fact, Status
from bot.text.english import bare_form, past_tense

_WORD = re.compile(r"\w[\w'’-]*")

Place = tuple[int, int]
"""The start and end of words in a text, in code points, the end exclusive."""


def triggers_in(
    sentence: str, act: str, event_class: EventClass, beside: Sequence[Place] = ()
) -> list[Place]:
    """Return the spans of the words that state an act in a sentence, the main one first.

    One span, or two for a noun with its own verb ("imposed … sanctions"); none if the
    sentence has no such word. Of several candidates it takes the one nearest to ``beside``, the
    spans of the actors.
    """
    words = [(found.start(), found.end()) for found in _WORD.finditer(sentence)]
    lower = [sentence[start:end].lower().replace("’", "'") for start, end in words]
    verb, *rest = act.split()
    verbs = {n for n, word in enumerate(lower) if word == verb or bare_form(word) == verb}
    nouns = {n for n, word in enumerate(lower) if word in rest and word not in _PARTICLES}
    of_class = words_for(event_class)
    for places in (nouns, verbs, {n for n, word in enumerate(lower) if word in of_class}):
        if not places:
            continue
        nearest = min(places, key=lambda n: sum(_distance(words[n], one) for one in beside))
        found = [(words[nearest][0], words[_last_word(lower, nearest, act)][1])]
        if places is nouns and verbs:
            leading = min(verbs, key=lambda n: abs(n - nearest))
            if leading + 1 == nearest:
                return [(words[leading][0], found[0][1])]
            found.append(words[leading])
        return found
    return []


_PARTICLES = frozenset(
    "on with to for from against at of in into over by out off up down back away".split()
)
"""Words of an act that mean little on their own: *call on*, *pull out*."""


def _last_word(words: Sequence[str], at: int, act: str) -> int:
    """Return the last word of a trigger that begins with one: "shot down", "rule it out"."""
    rest = set(act.split()[1:])
    while at + 1 < len(words) and words[at + 1] in rest:
        at += 1
    return at


def _distance(one: Place, other: Place) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


# --- the act in words -----------------------------------------------------------------

_PEOPLE_VERBS = frozenset(
    "kill shoot release free arrest jail sentence deport abduct capture detain".split()
)
"""Acts done to people: if the target is a state or a group, to its people."""

_WORDINGS = {
    "agree": ("reach an agreement with", "agree on", "agree"),
    "call for ties": ("call for closer ties with",) * 2 + ("call for closer ties",),
    "call names": ("insult",) * 2 + ("hurl insults",),
    "demand": ("make a demand of", "demand", "make demands"),
    "seek": ("seek something from", "seek", "make a request"),
    "request": ("request something from", "request", "make a request"),
    "vow": ("vow action against", "vow", "make vows"),
    "move": ("move to", "move", "move"),
    "fire": ("fire at", "fire at", "open fire"),
    "shoot down": ("shoot down aircraft of", "shoot down", "shoot down aircraft"),
    "accuse": ("accuse", "accuse", "make accusations"),
    "blame": ("blame", "blame", "lay blame"),
    "criticize": ("criticize", "criticize", "voice criticism"),
    "condemn": ("condemn", "condemn", "voice condemnation"),
    "reject": ("reject", "reject", "refuse"),
    "threaten": ("threaten", "threaten", "make threats"),
    "sanction": ("sanction", "sanction", "impose sanctions"),
    "support": ("support", "support", "offer support"),
    "help": ("help", "help", "offer help"),
    "yield": ("yield to", "yield to", "make concessions"),
    "urge": ("urge", "urge", "make appeals"),
}
"""Acts with a special wording, as a bare verb and its rest: before an actor, before the words
of the quote, and before nothing."""

_PREPOSITIONS = {
    preposition: frozenset(acts.split(", "))
    for preposition, acts in {
        "with": "hold talks, speak, talk, cut ties, restore ties, establish ties, deepen ties, "
        "cooperate, trade, share intelligence, hold exercises, make peace, negotiate, consult, "
        "fight, clash, work together, cease fire, end war, express solidarity, sign a deal",
        "on": "make war, impose sanctions, impose tariffs, impose a curfew, crack down, "
        "lift sanctions, ease sanctions, open fire, ease restrictions, spy",
        "at": "take aim, lash out, express anger, express outrage, express dismay, "
        "express disappointment",
        "to": "offer condolences, offer sympathy, give aid, send aid, pledge aid, send arms, "
        "surrender, apologize, apologise, extend an invitation, pay tribute, travel, appeal",
        "for": "offer prayers",
        "from": "withdraw, retreat, pull out, resign",
        "against": "protest, demonstrate, rally, mobilize, mobilise, retaliate",
        "towards": "deploy forces",
        "of": "expel diplomats, freeze assets, attack computers, summon the envoy, "
        "destroy property, drop out",
    }.items()
}
"""Acts by the preposition before their target, if they take one."""

_STATUS = {
    Status.PLANNED: "plans to {}",
    Status.POSSIBLE: "may {}",
    Status.CALLED_FOR: "is asked to {}",
    Status.DENIED: "did not {}",
}

Follows = Literal["actor", "words", "nothing"]
"""What follows an act: an actor's name, words of the quote, or nothing."""


def act_in_words(act: str, status: Status, follows: Follows = "actor") -> str:
    """Return an act in words, according to its status: "met with", "plans to meet with"."""
    bare = _bare_words(act, follows)
    frame = _STATUS.get(status)
    return frame.format(bare) if frame else _in_past(bare)


def _bare_words(act: str, follows: Follows) -> str:
    """Return the bare verb of an act and everything before its target."""
    verb, _, rest = act.partition(" ")
    if rest == "people":
        words = f"{act} of" if follows == "actor" else act
    elif verb in _PEOPLE_VERBS and not rest and follows == "nothing":
        words = f"{act} people"
    elif act in _WORDINGS:
        words = _WORDINGS[act][("actor", "words", "nothing").index(follows)]
    elif follows == "nothing":
        words = re.sub(r"(?<=\w) (?:with|to|from|against|of|for|at)$", "", act)
    else:
        links = [link for link, acts in _PREPOSITIONS.items() if act in acts]
        words = " ".join([act, *links])
    first, space, others = words.partition(" ")
    return f"{_british(first)}{space}{others}"


def _british(verb: str) -> str:
    spelled = f"{verb.removesuffix('ize')}ise" if verb.endswith("ize") else verb
    return spelled if bare_form(spelled) else verb


def _in_past(bare: str) -> str:
    verb, space, rest = bare.partition(" ")
    return f"{past_tense(verb)}{space}{rest}"


# --- source, act and target of a fact -------------------------------------------------


def who_did_what(fact: Fact, names: ActorIndex) -> tuple[str, str, str]:
    """Return who did what to whom, in words; actor and target are empty if there is none."""
    target = target_name(fact, names)
    follows: Follows = "nothing" if not target else "words" if fact.target_words else "actor"
    done = act_in_words(act_on_target(fact), fact.status, follows)
    return source_name(fact, names), done, target


UNNAMED = "Somebody"
"""Stands for a source that is not named."""


def sentence_of(source: str, done: str, target: str) -> str:
    """Join the parts of ``who_did_what``: "Iran attacked Israel", "Somebody attacked Israel"."""
    return " ".join(filter(None, [source or UNNAMED, done, target]))


def source_name(fact: Fact, names: ActorIndex) -> str:
    """Return the source: by name, else in the words of the quote; empty if there is none."""
    if fact.source_actor:
        return names.name(fact.source_actor)
    return " ".join((fact.source_words or "").split())


def target_name(fact: Fact, names: ActorIndex) -> str:
    """Return the target: by name, or in the words of the quote where these were stored.

    The words may also say what the act is about: refused to “pay the fine”.
    """
    if fact.target_words:
        return f"“{' '.join(fact.target_words.split())}”"
    return names.name(fact.target_actor) if fact.target_actor else ""


def act_on_target(fact: Fact) -> str:
    """Return the act adapted to its target: a state or group is not killed, its people are."""
    act, target = fact.act, fact.target_actor or ""
    if act == "hold" and fact.event_class is EventClass.COERCE:
        act = "detain"
    elif act == "hold" and fact.event_class is EventClass.CONSULT and not fact.target_words:
        act = "hold talks"
    groups = ("state:", "group:", "org:", "place:") if act == "kill" else ("state:",)
    if act in _PEOPLE_VERBS and target.startswith(groups) and not fact.target_words:
        return f"{act} people"
    return act
