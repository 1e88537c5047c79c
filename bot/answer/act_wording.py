"""How an act is worded, and which words of a sentence state it.

A fact names its act by a bare verb with what belongs to it (``shoot down``, ``impose sanctions``);
the past tense and the preposition before the target follow from tables here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answer.event_words import words_for
from bot.match.actors import ActorIndex
from bot.models import EventClass, Fact, Status
from bot.text.verbs import bare_form, past_tense

_WORD = re.compile(r"\w[\w'’-]*")

Place = tuple[int, int]
"""The start and end of words in a text, in code points, the end exclusive."""


def triggers_in(
    sentence: str, act: str, event_class: EventClass, beside: Sequence[Place] = ()
) -> list[Place]:
    """Return the spans of the words that state an act in a sentence, the main one first.

    One span, or two for a noun with a verb of its own ("imposed … sanctions"); none where the
    sentence has no such word. Of several candidates the one nearest to the spans ``beside``, those
    of the actors, is taken.
    """
    words = [(found.start(), found.end()) for found in _WORD.finditer(sentence)]
    lowered = [sentence[start:end].lower().replace("’", "'") for start, end in words]
    verb, *rest = act.split()
    verbs = {n for n, word in enumerate(lowered) if word == verb or bare_form(word) == verb}
    nouns = {n for n, word in enumerate(lowered) if word in rest and word not in _PARTICLES}
    of_class = words_for(event_class)
    for places in (nouns, verbs, {n for n, word in enumerate(lowered) if word in of_class}):
        if not places:
            continue
        nearest = min(places, key=lambda n: sum(_distance(words[n], one) for one in beside))
        found = [(words[nearest][0], words[_whole(lowered, nearest, act)][1])]
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


def _whole(lowered: Sequence[str], at: int, act: str) -> int:
    """Return the last word of a trigger that begins with one: "shot down", "rule it out"."""
    rest = set(act.split()[1:])
    while at + 1 < len(lowered) and lowered[at + 1] in rest:
        at += 1
    return at


def _distance(one: Place, other: Place) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


# --- the act in words -----------------------------------------------------------------

_IRREGULAR_ACTS: dict[str, tuple[str, str]] = {
    "call for ties": ("called for closer ties with", "call for closer ties with"),
    "demand": ("made a demand of", "make a demand of"),
    "agree": ("reached an agreement with", "reach an agreement with"),
    "move": ("moved to", "move to"),
    "call names": ("insulted", "insult"),
    "hold": ("detained", "detain"),
    "criticize": ("criticised", "criticise"),
    "kill": ("killed people of", "kill people of"),
    "kill person": ("killed", "kill"),
    "release people": ("released people of", "release people of"),
    "free people": ("freed people of", "free people of"),
    "arrest people": ("arrested people of", "arrest people of"),
    "jail people": ("jailed people of", "jail people of"),
    "sentence people": ("sentenced people of", "sentence people of"),
    "deport people": ("deported people of", "deport people of"),
    "abduct people": ("abducted people of", "abduct people of"),
    "capture people": ("captured people of", "capture people of"),
}
"""Acts with a wording of their own: past tense and bare form."""

_WITHOUT_TARGET = {"demand": ("demanded", "demand"), "agree": ("agreed", "agree")}
"""The wording of some of them where no target follows."""

_PREPOSITIONS = {
    "hold talks": "with", "speak": "with", "cut ties": "with", "restore ties": "with",
    "establish ties": "with", "cooperate": "with", "trade": "with", "share intelligence": "with",
    "hold exercises": "with", "make peace": "with", "negotiate": "with", "consult": "with",
    "fight": "with", "make war": "on", "impose sanctions": "on", "impose tariffs": "on",
    "impose a curfew": "on", "crack down": "on", "lift sanctions": "on", "ease sanctions": "on",
    "shoot down": "aircraft of",
    "take aim": "at", "lash out": "at", "express anger": "at", "protest to": "",
    "express outrage": "at", "express dismay": "at", "express disappointment": "at",
    "offer condolences": "to", "offer sympathy": "to", "offer prayers": "for",
    "express solidarity": "with",
    "give aid": "to", "send aid": "to", "pledge aid": "to", "send arms": "to", "yield": "to",
    "surrender": "to", "apologize": "to", "apologise": "to", "extend an invitation": "to",
    "withdraw": "from", "retreat": "from", "pull out": "from", "resign": "from",
    "protest": "against", "mobilize": "against", "deploy forces": "towards", "vow": "against",
    "expel diplomats": "of", "freeze assets": "of", "attack computers": "of",
    "summon the envoy": "of", "pay tribute": "to", "seek": "something from",
    "request": "something from", "cease fire": "with", "open fire": "on",
    "ease restrictions": "on", "work together": "with", "deepen ties": "with", "end war": "with",
    "destroy property": "of", "drop out": "of",
}  # fmt: skip
"""The preposition between an act and its target, where there is one."""

OF_THINGS = frozenset(("shoot down", "demand", "seek", "request", "vow"))
"""Acts whose object words say what they are about, so no preposition comes before them."""

_STATUS = {
    Status.PLANNED: "plans to {}",
    Status.POSSIBLE: "may {}",
    Status.CALLED_FOR: "is asked to {}",
    Status.DENIED: "did not {}",
}


def act_in_words(act: str, status: Status, *, targeted: bool = True) -> str:
    """Return an act in words, according to its status: "met", "plans to meet".

    ``targeted`` says whether a target follows, as in "protested against".
    """
    happened, bare = _words(act, targeted)
    frame = _STATUS.get(status)
    return frame.format(bare) if frame else happened


def _words(act: str, targeted: bool) -> tuple[str, str]:
    if act in _WITHOUT_TARGET and not targeted:
        return _WITHOUT_TARGET[act]
    if act in _IRREGULAR_ACTS:
        return _IRREGULAR_ACTS[act]
    head, _, rest = act.partition(" ")
    link = _PREPOSITIONS.get(act, "") if targeted else ""
    forms = (" ".join(filter(None, [verb, rest, link])) for verb in (past_tense(head), head))
    past, bare = forms
    return past, bare


# --- source, act and target of a fact -------------------------------------------------

_OF_PEOPLE = frozenset("release free arrest jail sentence deport abduct capture".split())
"""Acts done to people: where the target is a state, to its people."""


def who_did_what(fact: Fact, names: ActorIndex) -> tuple[str, str, str]:
    """Who did what to whom, in words; actor and target are empty where there is none."""
    done = act_in_words(act_on_target(fact), fact.status, targeted=_takes_target(fact))
    return who(fact, names), done, whom(fact, names)


def who(fact: Fact, names: ActorIndex) -> str:
    """The source actor: by name, else in the words of the quote; empty where there is none."""
    if fact.source_actor:
        return names.name(fact.source_actor)
    return " ".join((fact.source_words or "").split())


def _takes_target(fact: Fact) -> bool:
    if fact.target_words:
        return fact.act not in OF_THINGS
    return fact.target_actor is not None


def whom(fact: Fact, names: ActorIndex) -> str:
    """The target: by name, or in the words of the quote where these were stored.

    The words may also say what the act is about: refused to “pay the fine”.
    """
    if fact.target_words:
        return f"“{' '.join(fact.target_words.split())}”"
    return names.name(fact.target_actor) if fact.target_actor else ""


def act_on_target(fact: Fact) -> str:
    """The act adapted to its target: a state or group is not killed, its people are."""
    if fact.target_words and fact.act == "kill":
        return "kill person"
    target = fact.target_actor or ""
    if fact.act in _OF_PEOPLE and target.startswith("state:"):
        return f"{fact.act} people"
    return "kill person" if fact.act == "kill" and target.startswith("person:") else fact.act
