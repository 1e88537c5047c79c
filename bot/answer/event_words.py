"""Which event classes the words of a question ask for: *released*, *truce*, *sanctions*.

People ask in plainer words than articles use, so classes of questions come from this table and not
from the trained reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.errors import BadQuery
from bot.models import EventClass
from bot.text.english import forms

_VERBS: dict[EventClass, str] = {
    EventClass.AGREE: "agree sign ratify reconcile accept",
    EventClass.CONSULT: "meet:met visit negotiate mediate travel phone confer consult discuss"
    " broker attend greet talk speak:spoke/spoken",
    EventClass.SUPPORT: "support endorse praise applaud recognise recognize congratulate commend"
    " hail laud thank defend welcome",
    EventClass.COOPERATE: "cooperate collaborate partner normalise normalize export import",
    EventClass.AID: "aid assist donate fund finance supply bail help rescue shelter",
    EventClass.CONCEDE: "concede release pardon ease relent resign apologise apologize",
    EventClass.RETREAT: "withdraw:withdrew/withdrawn retreat surrender evacuate demobilise disarm"
    " capitulate release resign",
    EventClass.REQUEST: "urge demand request invite appeal beg:begged propose implore lobby"
    " petition pressure encourage",
    EventClass.ACCUSE: "accuse blame criticise criticize condemn denounce slam:slammed allege sue"
    " rebuke castigate lambast decry deplore insult mock indict impeach prosecute investigate"
    " summon",
    EventClass.REJECT: "reject refuse veto deny dismiss decline rebuff oppose defy violate breach",
    EventClass.THREATEN: "threaten warn vow swear:swore/sworn",
    EventClass.PROTEST: "protest demonstrate riot rally march",
    EventClass.SANCTION: "sanction embargo boycott expel:expelled suspend ban:banned blacklist"
    " sever recall",
    EventClass.MOBILIZE: "mobilise mobilize deploy amass",
    EventClass.COERCE: "arrest detain seize jail imprison abduct kidnap blockade confiscate deport"
    " hijack execute besiege evict demolish sentence hack capture block",
    EventClass.ASSAULT: "attack strike:struck bomb kill assassinate shoot:shot shell raid invade"
    " murder torture massacre ambush assault bombard destroy wound injure annex occupy behead",
    EventClass.MOVE: "move leave:left relocate depart arrive flee:fled host return exit",
}
_NOUNS: dict[EventClass, str] = {
    EventClass.AGREE: "deal deals accord accords agreement agreements treaty treaties truce truces"
    " ceasefire ceasefires armistice pact pacts memorandum",
    EventClass.CONSULT: "talks meeting meetings summit summits visits trip negotiation"
    " negotiations mediation consultations dialogue met relations",
    EventClass.SUPPORT: "backing backed backs endorsement recognition",
    EventClass.COOPERATE: "cooperation partnership normalisation normalization",
    EventClass.AID: "assistance donation donations loan loans funding humanitarian",
    EventClass.CONCEDE: "concession concessions amnesty swap freed frees freeing",
    EventClass.RETREAT: "withdrawal pullout evacuation truce ceasefire freed frees freeing",
    EventClass.REQUEST: "demands invitation invitations calls",
    EventClass.ACCUSE: "accusation accusations condemnation criticism blame lawsuit",
    EventClass.REJECT: "rejection refusal denial",
    EventClass.THREATEN: "threat threats warning warnings ultimatum ultimatums",
    EventClass.PROTEST: "protests demonstration demonstrations riots unrest uprising",
    EventClass.SANCTION: "sanctions embargoes tariffs expulsion bans banning",
    EventClass.MOBILIZE: "mobilisation mobilization deployment buildup build-up",
    EventClass.COERCE: "arrests detention crackdown curfew kidnapped kidnapping kidnappings",
    EventClass.ASSAULT: "attacks strikes airstrike airstrikes bombing assassination invasion"
    " clashes killing killings fighting offensive war",
    EventClass.MOVE: "relocation departure exile exodus",
}
_PERSON_GOES = {"go", "went", "going", "goes", "travel"}
"""In questions, these words mean a visit: *when will the Emir go to Iran?*"""

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
    return {word: frozenset(classes) for word, classes in found.items()}


def classes_of(words: Iterable[str]) -> frozenset[EventClass]:
    """Return the classes that these words, in lower case, ask for."""
    table = _table()
    return frozenset().union(*(table.get(word, frozenset()) for word in words))


@cache
def words_for(event_class: EventClass) -> frozenset[str]:
    """Return the words, in lower case, that ask for a class."""
    return frozenset(word for word, classes in _table().items() if event_class in classes)


def asks_for_acts(word: str) -> bool:
    """Return whether a word, in lower case, asks for acts of some class."""
    return word in _table()


@cache
def words_for_acts() -> tuple[str, ...]:
    """Return the words, in lower case, that ask for acts."""
    return tuple(_table())


def named_class(text: str) -> frozenset[EventClass]:
    """Parse the value of ``type:``, a class or a word of one; raise BadQuery."""
    word = _BASE.sub("", text.casefold())
    if word.upper() in EventClass.__members__:
        return frozenset({EventClass[word.upper()]})
    if found := classes_of([word]):
        return found
    known = ", ".join(one.value.lower() for one in EventClass)
    name = text[:40]
    raise BadQuery(f"type:{name} is not a kind of event: choose from {known}.", about=name)
