"""How an act reads: "held talks with", "plans to visit", "did not arrest".

The reader of articles names an act by its bare verb, with what belongs to it (``shoot
down``, ``impose sanctions``); its past and the word that leads to its target follow here.
"""

from __future__ import annotations

from bot.models import Status
from bot.text.verbs import past_tense

_SAID_OTHERWISE: dict[str, tuple[str, str]] = {
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
"""Acts that are told in other words than they are named by: in the past, and bare."""

_ABOUT = {"demand": ("demanded", "demand"), "agree": ("agreed", "agree")}
"""Those of them of whom none is told, where they are told otherwise then."""

_LEADS_TO = {
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
"""The word between an act and its target, where there is one."""

OF_THINGS = frozenset(("shoot down", "demand", "seek", "request", "vow"))
"""Acts whose words tell what they are about, so that no *with* or *of* leads to these."""

_STATUS = {
    Status.PLANNED: "plans to {}",
    Status.POSSIBLE: "may {}",
    Status.CALLED_FOR: "is asked to {}",
    Status.DENIED: "did not {}",
}


def did(act: str, status: Status, *, targeted: bool = True) -> str:
    """Return the words of an act as its status has it: "met", "plans to meet".

    ``targeted`` says whether a target follows: "protested against" leads to one.
    """
    happened, bare = _words(act, targeted)
    frame = _STATUS.get(status)
    return frame.format(bare) if frame else happened


def _words(act: str, targeted: bool) -> tuple[str, str]:
    if act in _ABOUT and not targeted:
        return _ABOUT[act]
    if act in _SAID_OTHERWISE:
        return _SAID_OTHERWISE[act]
    head, _, rest = act.partition(" ")
    link = _LEADS_TO.get(act, "") if targeted else ""
    told = (" ".join(filter(None, [verb, rest, link])) for verb in (past_tense(head), head))
    past, bare = told
    return past, bare
