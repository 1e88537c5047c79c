"""Which event classes the words of a question ask for: *released*, *truce*, *sanctions*.

Most come from the patterns that read them in articles; the table adds what people ask with
and articles tell otherwise. A word that could ask for anything (*need*, *head*) asks for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.errors import BadQuery
from bot.models import EventClass
from bot.read.lexicon import forms
from bot.read.patterns import BY_TRIGGER

_VERBS: dict[EventClass, str] = {
    EventClass.AGREE: "agree sign ratify reconcile",
    EventClass.CONSULT: "meet:met visit negotiate mediate travel phone confer consult discuss",
    EventClass.SUPPORT: "support endorse praise applaud recognise recognize congratulate",
    EventClass.COOPERATE: "cooperate collaborate partner normalise normalize",
    EventClass.AID: "aid assist donate fund finance arm supply bail help",
    EventClass.CONCEDE: "concede release free pardon ease relent resign apologise apologize",
    EventClass.RETREAT: "withdraw:withdrew/withdrawn retreat surrender evacuate demobilise disarm",
    EventClass.REQUEST: "urge demand request invite appeal beg:begged propose",
    EventClass.ACCUSE: "accuse blame criticise criticize condemn denounce slam:slammed allege sue",
    EventClass.REJECT: "reject refuse veto deny dismiss decline rebuff",
    EventClass.THREATEN: "threaten warn vow",
    EventClass.PROTEST: "protest demonstrate riot:rioted rally",
    EventClass.SANCTION: "sanction embargo boycott expel:expelled suspend ban:banned",
    EventClass.MOBILIZE: "mobilise mobilize deploy amass",
    EventClass.COERCE: "arrest detain seize jail imprison abduct kidnap blockade confiscate deport"
    " hijack execute",
    EventClass.ASSAULT: "attack strike:struck bomb kill assassinate shoot:shot shell raid invade"
    " murder torture massacre",
    EventClass.MOVE: "move leave:left relocate depart arrive flee:fled host",
}
_NOUNS: dict[EventClass, str] = {
    EventClass.AGREE: "deal deals accord accords agreement agreements treaty treaties truce truces"
    " ceasefire ceasefires armistice pact pacts memorandum",
    EventClass.CONSULT: "talks meeting meetings summit summits visits trip negotiation"
    " negotiations mediation consultations dialogue met relations",
    EventClass.SUPPORT: "backing endorsement recognition",
    EventClass.COOPERATE: "cooperation partnership normalisation normalization",
    EventClass.AID: "assistance donation donations loan loans funding humanitarian",
    EventClass.CONCEDE: "concession concessions amnesty freed frees released swap",
    EventClass.RETREAT: "withdrawal pullout evacuation freed frees release released releases truce"
    " ceasefire",
    EventClass.REQUEST: "demands invitation invitations calls",
    EventClass.ACCUSE: "accusation accusations condemnation criticism blame lawsuit",
    EventClass.REJECT: "rejection refusal denial",
    EventClass.THREATEN: "threat threats warning warnings ultimatum ultimatums",
    EventClass.PROTEST: "protests demonstration demonstrations riots unrest strikers",
    EventClass.SANCTION: "sanctions embargoes tariffs expulsion bans",
    EventClass.MOBILIZE: "mobilisation mobilization deployment buildup build-up",
    EventClass.COERCE: "arrests detention blockade crackdown hostages curfew",
    EventClass.ASSAULT: "attacks strikes airstrike airstrikes bombing assassination invasion"
    " clashes killing killings fighting offensive war",
    EventClass.MOVE: "relocation departure exile exodus",
}
_VAGUE = frozenset(
    "need press presses pressed ask asks asked asking call called calling head heads headed land"
    " target targets fault faults audience declaration conversation missile missiles drone drones"
    " rocket rockets receive receives received receiving shift shifts contract contracts say says"
    " said hit hits gone gos flies fly flown flew make makes made take takes took put set hold held"
    " give gave given keep kept back order orders line force forces power plan plans"
    " stand stands".split()
)
_PERSON_GOES = {"go", "went", "going", "goes", "travel"}
"""Whoever goes somewhere visits, as a question has it (*when will the Emir go to Iran?*)."""

_BASE = re.compile(r"[^a-z-]+")


@cache
def _table() -> dict[str, frozenset[EventClass]]:
    found: dict[str, set[EventClass]] = {}
    for event_class, verbs in _VERBS.items():
        for word in (*forms(*verbs.split()), *_NOUNS[event_class].split()):
            found.setdefault(word, set()).add(event_class)
    for word in _PERSON_GOES:
        found[word] = {EventClass.CONSULT}
    found["relations"] = {EventClass.CONSULT, EventClass.AGREE, EventClass.ACCUSE}
    for word, patterns in BY_TRIGGER.items():
        # In articles a word may be part of another act (*to condemn an attack*).
        if word not in _VAGUE and word not in found:
            found[word] = {one.event_class for one in patterns}
    return {word: frozenset(classes) for word, classes in found.items()}


def classes_of(words: Iterable[str]) -> frozenset[EventClass]:
    """The classes that these words, in lower case, ask for."""
    table = _table()
    return frozenset().union(*(table.get(word, frozenset()) for word in words))


def asks_for_acts(word: str) -> bool:
    """Whether a word, in lower case, asks for acts of some class."""
    return word in _table()


def named_class(text: str) -> frozenset[EventClass]:
    """Read what stands after ``type:``, a class or a word of one; raises BadQuery."""
    word = _BASE.sub("", text.casefold())
    if word.upper() in EventClass.__members__:
        return frozenset({EventClass[word.upper()]})
    if found := classes_of([word]):
        return found
    known = ", ".join(one.value.lower() for one in EventClass)
    raise BadQuery(f"type:{text[:40]} is no kind of event: it may be {known}.", about=text[:40])
