"""Articles read whole by the trained reader: who, what, whom, when, and in whose words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import FoundFact, Reading, is_names_only
from bot.read.reading import Page, read, read_all

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
    ("Turkey condemned the Israeli strike on Damascus.", ("state:tur", "ACCUSE", "")),
    ("Qatar and Egypt signed a pact in Doha on Sunday.", ("state:qat", "AGREE", "state:egy")),
    ("The United States imposed sanctions on Belarus.", ("state:usa", "SANCTION", "state:blr")),
    ("Kenya urged Ethiopia to open the border.", ("state:ken", "REQUEST", "state:eth")),
    ("Chad withdrew its soldiers from Mali on Monday.", ("state:tcd", "RETREAT", "")),
    ("Hamas released four hostages on Sunday.", ("group:hamas", "CONCEDE", "")),
    ("French troops clashed with militants in Mali.", ("state:fra", "ASSAULT", "militants")),
    ("Gunmen killed twelve villagers in Nigeria.", ("Gunmen", "ASSAULT", "twelve villagers")),
    ("Thousands of students protested in Athens against the government.",
     ("Thousands of students", "PROTEST", "")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLAIN, ids=[one[0] for one in PLAIN])
def test_a_plain_sentence_gives_its_fact(
    index: ActorIndex, text: str, expected: tuple[str, str, str]
) -> None:
    facts = [told(one) for one in found(index, text).facts]
    assert any(
        (source, kind) == expected[:2] and expected[2] in target for source, kind, target in facts
    ), facts


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
    (fact,) = found(index, text).facts
    assert (fact.status, fact.event_date) == ("planned", date(2026, 3, 13))
    assert fact.evidence[0].quote == text[13:]
    assert text[slice(fact.evidence[0].start, fact.evidence[0].end)] == fact.evidence[0].quote
    assert fact.probability is not None
    assert 0.5 < fact.probability <= 1


def test_nobody_is_named_in_a_passive(index: ActorIndex) -> None:
    facts = found(index, "Twelve people were killed in a bombing in Kabul on Monday.").facts
    assert facts
    assert {(one.source_actor, one.source_words) for one in facts} == {("", None)}
    assert all(one.source_for == "" for one in facts)


def test_what_title_and_text_both_say_is_one_fact(index: ActorIndex) -> None:
    text = "Iran attacked Israel on Monday, officials said.\n\nMarkets fell."
    facts = [one for one in found(index, text, "Iran attacks Israel").facts if one.target_actor]
    (fact,) = facts
    assert {one.field for one in fact.evidence} == {"title", "text"}


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
