"""Articles read whole by the trained reader: who, what, whom, when, and in whose words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import EventClass, FoundFact, Quote, Reading, Status, is_names_only
from bot.read.reading import Page, merge, read, read_all

PUBLISHED = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def found(index: ActorIndex, text: str, title: str = "") -> Reading:
    return read(title, text, PUBLISHED, index, "1")


def told(fact: FoundFact) -> tuple[str, str, str]:
    source = fact.source_actor or fact.source_words or ""
    target = fact.target_words or fact.target_actor or ""
    return source, str(fact.event_class), target


PLAIN = [
    ("Iran attacked Israel on Monday.", ("state:irn", "ASSAULT", "state:isr")),
    ("Qatar and Egypt signed a pact in Doha on Sunday.", ("state:qat", "AGREE", "state:egy")),
    ("The United States imposed sanctions on Belarus.", ("state:usa", "SANCTION", "state:blr")),
    ("Kenya urged Ethiopia to open the border.", ("state:ken", "REQUEST", "state:eth")),
    ("Chad withdrew its soldiers from Mali on Monday.", ("state:tcd", "RETREAT", "its soldiers")),
    ("Hamas released four hostages on Sunday.", ("group:hamas", "CONCEDE", "four hostages")),
    ("French troops clashed with militants in Mali.", ("state:fra", "ASSAULT", "militants")),
    ("Gunmen killed twelve villagers in Nigeria.", ("Gunmen", "ASSAULT", "twelve villagers")),
    ("Two Israeli officials praised Qatar.", ("state:isr", "SUPPORT", "state:qat")),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN, ids=[one[0] for one in PLAIN])
def test_a_plain_sentence_gives_its_fact_and_no_other(
    index: ActorIndex, text: str, expected: tuple[str, str, str]
) -> None:
    assert [told(one) for one in found(index, text).facts] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turkey condemned the Israeli strike on Damascus.", ("state:tur", "ACCUSE")),
        ("Thousands of students protested in Athens against the government.",
         ("Thousands of students", "PROTEST")),
    ],
)  # fmt: skip
def test_who_does_what_where_the_target_is_hard_to_tell(
    index: ActorIndex, text: str, expected: tuple[str, str]
) -> None:
    assert [told(one)[:2] for one in found(index, text).facts] == [expected]


NOTHING = [
    "Iran beat Iraq 2-1 in a World Cup qualifier in Doha on Tuesday.",
    "Did Iran attack Israel on Monday?",
    "Qatar has a population of three million people.",
    "The Turkish lira fell to 41 against the dollar.",
    "France is known for its cheese and its wine.",
    "It rained in London on Monday.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_reports_no_act_gives_no_fact(index: ActorIndex, text: str) -> None:
    assert found(index, text).facts == ()


def test_a_fact_has_its_status_its_day_and_its_words(index: ActorIndex) -> None:
    text = "It was cold. Hakan Fidan will visit Iran on Friday, his ministry said."
    (visit,) = found(index, text).facts
    assert (visit.status, visit.event_date) == ("planned", date(2026, 3, 13))
    (quote,) = visit.evidence
    assert quote.quote == text[13:] == text[quote.start : quote.end]
    assert visit.probability is not None
    assert 0.5 < visit.probability <= 1


def test_nobody_is_named_in_a_passive(index: ActorIndex) -> None:
    facts = found(index, "Twelve people were killed in a bombing in Kabul on Monday.").facts
    assert facts
    assert {(one.source_actor, one.source_words) for one in facts} == {("", None)}
    assert all(one.source_for == "" for one in facts)


def test_what_title_and_text_both_say_is_one_fact(index: ActorIndex) -> None:
    text = "Iran attacked Israel on Monday, officials said.\n\nMarkets fell."
    facts = [one for one in found(index, text, "Iran attacks Israel").facts if one.target_actor]
    (both,) = facts
    assert {one.field for one in both.evidence} == {"title", "text"}


def fact(**changes: object) -> FoundFact:
    quote = Quote(field="text", start=0, end=3, quote="...")
    values = {"source_actor": "state:irn", "event_class": EventClass.ASSAULT, "act": "attack",
              "target_actor": "state:isr", "status": Status.HAPPENED, "evidence": (quote,)}  # fmt: skip
    return FoundFact.model_validate(values | changes)


HE = {"source_actor": "", "source_words": "He"}
SHIP = {"target_actor": None, "target_words": "the ship"}


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ({}, {}, 1),
        ({}, {"place": "place:haifa"}, 1),
        ({"place": "place:haifa"}, {"place": "place:haifa"}, 1),
        ({"place": "place:haifa"}, {"place": "place:eilat"}, 2),
        ({}, {"status": Status.PLANNED}, 2),
        ({"source_actor": "", "source_words": "Gunmen"}, {"source_actor": "", "source_words": "gunmen"}, 1),
        (HE, HE, 2),
        (SHIP, SHIP, 1),
        ({**SHIP, "target_words": "them"}, {**SHIP, "target_words": "them"}, 2),
        ({**SHIP, "target_words": "The other"}, {**SHIP, "target_words": "the others"}, 2),
    ],
)  # fmt: skip
def test_what_an_article_reports_twice_is_one_fact(
    index: ActorIndex, one: dict[str, object], other: dict[str, object], count: int
) -> None:
    assert len(merge([fact(**one), fact(**other)], index)) == count


def test_pages_read_together_are_read_as_each_alone(index: ActorIndex) -> None:
    pages = [Page("", text, PUBLISHED) for text, _ in PLAIN[:4]]
    together = read_all([*pages, Page("", "Russia left.", None, facts=False)], index, "1")
    assert together[:4] == [read(one.title, one.text, PUBLISHED, index, "1") for one in pages]
    assert together[4].facts == ()
    assert is_names_only(together[4].reader_version)


def test_no_facts_are_read_in_another_language(index: ActorIndex) -> None:
    text = (
        "Der iranische Präsident hat am Montag in Teheran gesagt, dass sein Land Israel angreifen "
        "werde. Die Regierung in Jerusalem wollte sich dazu nicht äußern, und auch aus Washington "
        "kam zunächst keine Stellungnahme zu den Drohungen der vergangenen Tage."
    )
    reading = found(index, text)
    assert reading.language == "de"
    assert reading.facts == ()
