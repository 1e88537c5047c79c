"""A fact in words: who did what to whom."""

from __future__ import annotations

from bot.answer.acts import OF_THINGS, did
from bot.match.actors import ActorIndex
from bot.models import Fact

_OF_PEOPLE = frozenset("release free arrest jail sentence deport abduct capture".split())
"""Acts that are done to people: those of a state, where that is what is named."""


def deed(fact: Fact, names: ActorIndex) -> tuple[str, str, str]:
    """Who did what to whom, in words; the first and last are empty where none is told."""
    done = did(told(fact), fact.status, targeted=_leads(fact))
    return who(fact, names), done, _whom(fact, names)


def who(fact: Fact, names: ActorIndex) -> str:
    """Who acts: by name, or in the quote's own words where they have none; empty for nobody."""
    if fact.source_actor:
        return names.name(fact.source_actor)
    return " ".join((fact.source_words or "").split())


def _leads(fact: Fact) -> bool:
    return bool(fact.target_actor or (fact.target_words and fact.act not in OF_THINGS))


def _whom(fact: Fact, names: ActorIndex) -> str:
    """Whom it was done to: by name, or in the quote's own words where he has none.

    These also tell what it is about: refused to “pay the fine”.
    """
    if fact.target_words:
        return f"“{' '.join(fact.target_words.split())}”"
    return names.name(fact.target_actor) if fact.target_actor else ""


def told(fact: Fact) -> str:
    """The act as it is told: a state or a group is not killed, its people are."""
    if fact.target_words and fact.act == "kill":
        return "kill person"
    target = fact.target_actor or ""
    if fact.act in _OF_PEOPLE and target.startswith("state:"):
        return f"{fact.act} people"
    return "kill person" if fact.act == "kill" and target.startswith("person:") else fact.act
