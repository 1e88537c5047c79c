"""What a class of act can mean: a meeting takes two, a place does nothing, words are no blows."""

from __future__ import annotations

from bot.models import EventClass
from bot.read.patterns import Pattern
from bot.read.phrases import Phrase

PLACES = ("state:", "place:")
_UNARMED = "-party"
_BY_FORCE = frozenset(
    {
        EventClass.ASSAULT,
        EventClass.COERCE,
        EventClass.MOBILIZE,
        EventClass.MOVE,
        EventClass.PROTEST,
        EventClass.RETREAT,
    }
)
"""What is done by a state's or a body's people, who do not speak for it."""

ON_PEOPLE = frozenset({EventClass.ASSAULT, EventClass.COERCE})
"""What is done to a state where it is done to its private people."""

FOR_PLACES = frozenset({EventClass.AID, EventClass.SUPPORT, EventClass.COOPERATE})
UNDOABLE = frozenset(
    {
        EventClass.CONSULT,
        EventClass.AGREE,
        EventClass.COOPERATE,
        EventClass.AID,
        EventClass.SANCTION,
        EventClass.ASSAULT,
    }
)

SOMEWHERE = frozenset(
    {
        EventClass.AGREE,
        EventClass.CONSULT,
        EventClass.ASSAULT,
        EventClass.COERCE,
        EventClass.MOBILIZE,
        EventClass.PROTEST,
    }
)
"""Acts that take place somewhere: a place beside blame is mostly what the blame is about."""

_ON_PLACES = frozenset(
    {
        EventClass.ASSAULT,
        EventClass.MOVE,
        EventClass.MOBILIZE,
        EventClass.COERCE,
        EventClass.SANCTION,
    }
)


def is_place(phrase: Phrase) -> bool:
    """Tell whether places alone stand there, which do nothing themselves."""
    return all(actor.startswith("place:") for actor in phrase.actors)


def is_person(phrase: Phrase) -> bool:
    """Tell whether a person is among those who stand there."""
    return any(actor.startswith("person:") for actor in phrase.actors)


def fits(pattern: Pattern, source: Phrase, target: Phrase | None) -> bool:
    """Refuse what the class cannot mean: a meeting of one, a place that acts."""
    if not _can_do(pattern, source, target):
        return False
    if target is None:
        # Three who agree to something may each agree with a fourth: only two are a pair.
        return len(source.actors) == 2 if pattern.both else pattern.alone
    if set(source.actors) & set(target.actors):
        return False
    if pattern.onto and not all(actor.startswith(pattern.onto) for actor in target.actors):
        return False
    if pattern.event_class is EventClass.MOVE and pattern.name != "host":
        return all(actor.startswith(PLACES) for actor in target.actors)
    if pattern.event_class in _ON_PLACES:
        return True
    if pattern.name in ("visit", "visit to", "visit by", "plans for a visit"):
        return True
    return not any(actor.startswith("place:") for actor in target.actors)


def _can_do(pattern: Pattern, source: Phrase, target: Phrase | None) -> bool:
    """Refuse whoever cannot do such an act: states do not protest, parties have no army."""
    if any(actor.startswith(("place:", "treaty:")) for actor in source.actors):
        return False
    if source.letter == "a" and pattern.event_class not in _BY_FORCE:
        return False  # soldiers say and sign nothing for their state
    if pattern.event_class is EventClass.PROTEST and source.actors[0].startswith("state:"):
        return False  # people protest, in a state or against it
    people = is_person(source)
    person_hit = target is not None and is_person(target)
    if pattern.persons and not (people or person_hit):
        return False
    if pattern.nominal and pattern.event_class is EventClass.ASSAULT and people and person_hit:
        return False
    # "Lawmakers attack Putin" and "Trump attacks the bill" are words; what an article
    # introduces as an organisation has no army, either.
    civil = people or any(_UNARMED in actor or "org:new-" in actor for actor in source.actors)
    return not (pattern.bodies and (civil or (person_hit and pattern.act == "attack")))
