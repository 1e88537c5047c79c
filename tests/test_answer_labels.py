"""Facts marked wrong as labels: parties that are only words, and how they are named."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from bot.answer.export import labels
from bot.curation.corrections import fact_in_words
from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import LOCAL, EventClass, Evidence, Fact, Status, WrongFact

SENTENCE = "Two gunmen attacked Qatar on Monday."


@cache
def actors() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def fact() -> Fact:
    proof = Evidence(start=0, end=len(SENTENCE), quote=SENTENCE, article="a", revision=1)
    return Fact(
        workspace=LOCAL,
        id="f",
        reading="r",
        source_actor="",
        source_words="Two gunmen",
        event_class=EventClass.ASSAULT,
        act="attack",
        target_actor="state:qat",
        status=Status.HAPPENED,
        evidence=(proof,),
    )


def test_a_label_has_the_words_of_a_source_that_is_no_actor() -> None:
    mark = WrongFact(
        seq=1,
        fault="who",
        person="U1",
        at=datetime(2026, 5, 4, tzinfo=UTC),
        fact=fact(),
        text=SENTENCE,
    )
    (label,) = labels([mark], lambda _: actors())
    (wrong,) = label["wrong"]
    assert (wrong["source"], wrong["target"]) == (["Two gunmen"], ["Qatar"])
    assert (wrong["trigger"], wrong["reason"]) == ("attacked", "who")
    assert wrong["read"] == {
        "act": "attack",
        "source_words": "Two gunmen",
        "target_actor": "state:qat",
    }


def test_a_fact_marked_wrong_names_a_source_that_is_only_words() -> None:
    assert fact_in_words(actors(), fact()) == f"Two gunmen attacked Qatar – “{SENTENCE}”"
