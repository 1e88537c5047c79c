"""How an act is named where a pattern has verbs and nouns that say different deeds.

"Endorsed", "thanked" and "praised" are told in one way and are of one class, but a reader who
is told of praise must find praise in the sentence.
"""

from __future__ import annotations

import re

from bot.read.lexicon import ACCUSING, forms
from bot.read.patterns import Pattern
from bot.read.patterns.pattern import Found


def _by_verb(lines: str) -> dict[str, dict[str, str]]:
    """Read lines "acts: label=verb,verb label": under an act, each form of a verb its label."""
    found: dict[str, dict[str, str]] = {}
    for line in lines.strip().splitlines():
        acts, _, labels = line.partition(":")
        told: dict[str, str] = {}
        for entry in labels.split():
            label, _, verbs = entry.partition("=")
            told |= dict.fromkeys(forms(*(verbs or label).split(",")), label)
        found |= {act.strip(): told for act in acts.split(",")}
    return found


_VERBS = _by_verb(
    """
    praise: endorse thank congratulate salute honor=honor,honour back support
    criticize: accuse blame condemn denounce rebuke deplore insult mock=mock,ridicule,taunt
    accuse: accuse blame condemn denounce rebuke deplore
    protest to: protest
    sue: indict impeach prosecute charge
    urge: ask press=press,pressure encourage beg=beg:begged
    reject: oppose veto
    defy: violate=violate,breach
    help: arm
    rescue: evacuate shelter
    occupy: annex
    sanction: ban=ban:banned blacklist
    jail: sentence
    """
)

_CRITICISED = frozenset(forms(*ACCUSING)) - _VERBS["accuse"].keys()
"""Verbs that are told as those that accuse are, and accuse nobody of a thing."""

_NOUNS = {
    "support": {
        "gratitude": "thank", "thanks": "thank", "condolences": "offer condolences",
        "sympathy": "offer sympathy", "sympathies": "offer sympathy",
        "congratulations": "congratulate", "endorsement": "endorse", "prayers": "offer prayers",
        "praise": "praise", "solidarity": "express solidarity",
    },
    "express anger": {
        "disappointment": "express disappointment", "dissatisfaction": "express disappointment",
        "dismay": "express dismay", "outrage": "express outrage", "condemnation": "condemn",
        "criticism": "criticize",
    },
    "criticize": {
        "accusation": "accuse", "accusations": "accuse", "allegations": "accuse",
        "condemnation": "condemn", "denunciation": "denounce",
    },
    "sue": {"charges": "charge"},
}  # fmt: skip
LABELS = frozenset(
    label for told in (*_VERBS.values(), *_NOUNS.values()) for label in told.values()
)
"""All names that acts have here."""


def forms_labelled(label: str) -> frozenset[str]:
    """Return the words of verbs and nouns that an act is named ``label`` for."""
    tables = (*_VERBS.values(), *_NOUNS.values())
    return frozenset(word for told in tables for word, name in told.items() if name == label)


_COMPLAINT = re.compile(r" complaint(?: [a-z]+)?? (against|with) ")
_BACKED = re.compile(r" (endorsed|supported) by ")


def label_of(pattern: Pattern, match: Found, act: str) -> str:
    """Return what an act is named by the words that tell it; ``act`` is the name it has."""
    if act != pattern.act:
        return act  # it is named with what is to be done
    if verb := _VERBS.get(act, {}).get(match.verb):
        return verb
    if act == "accuse" and match.verb in _CRITICISED:
        return "criticize"
    told = match.line[match.verb_end if match.verb else match.start : match.end + 1]
    if act == "back" and (by := _BACKED.search(told)):
        return "endorse" if by[1] == "endorsed" else "support"
    if act == "protest to" and " complaint " in told:
        led = _COMPLAINT.search(match.line, match.verb_end)
        return f"file a complaint {led[1]}" if led else "file a complaint"
    if act == "protest to" and " protest against " in match.line[match.verb_end :]:
        return "protest"
    nouns = _NOUNS.get(act, {})
    return next((nouns[word] for word in told.split() if word in nouns), act)
