"""Whom an article introduces, as they act: who does what, under which stand-in."""

from __future__ import annotations

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.provisional import introduced_as, newcomers, stand_in
from bot.read.linking import resolved
from bot.read.mentions import find_mentions
from bot.read.reading import read


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def told(index: ActorIndex, text: str, title: str = "") -> list[str]:
    """Each fact in a line, by names: source act target, and who says so."""
    reading = read(title, text, None, index, "g")
    names = index.with_others(newcomers(reading.introduced)).name
    return sorted(
        f"{names(one.source_actor) if one.source_actor else f'“{one.source_words}”'} {one.event_class} "
        f"{names(one.target_actor) if one.target_actor else '-'}"
        + (f" says {names(one.claimant)}" if one.claimant else "")
        for one in reading.facts
    )


# text; facts
ACTS = """
Senator Wilma Zembla praised Qatar.; Wilma Zembla SUPPORT Qatar
Iran accused lawyer Wilma Zembla of lying.; Iran ACCUSE Wilma Zembla
Former Iranian adviser Selim Ruritani praised Qatar.; Selim Ruritani SUPPORT Qatar
Senator Wilma Zembla met lawyer Selim Ruritani.; Wilma Zembla CONSULT Selim Ruritani
The Ruritan Relief Agency condemned Iran.; Ruritan Relief Agency ACCUSE Iran
Members of the Ruritan Relief Agency condemned Iran.; “Members of the Ruritan Relief Agency” ACCUSE Iran
A Ruritan Relief Agency worker condemned Iran.; “A Ruritan Relief Agency worker” ACCUSE Iran
A Ruritan Relief Agency spokesman condemned Iran.; Ruritan Relief Agency ACCUSE Iran
Friends of Senator Wilma Zembla condemned Iran.; “Friends of Senator Wilma Zembla” ACCUSE Iran
Senator Wilma Zembla arrived in Qatar.; Wilma Zembla MOVE -
Senator Wilma Zembla visited Qatar.; Wilma Zembla CONSULT Qatar
Senator Wilma Zembla arrived at a new view of rivers.;
The Ruritan Relief Agency attacked Iran.; Ruritan Relief Agency ASSAULT Iran
The Ruritan Liberation Front attacked Iran.; Ruritan Liberation Front ASSAULT Iran
Mary Zembla condemned Iran.; “Mary Zembla” ACCUSE Iran
Mary Zembla condemned Iran. "True," Zembla said.; Mary Zembla ACCUSE Iran
Zoltrix Zembla condemned Iran. "True," Zembla said.; “Zoltrix Zembla” ACCUSE Iran
Mary Zembla Road condemned Iran. "True," Zembla said.; “Mary Zembla Road” ACCUSE Iran
Mary Zembla, who left, condemned Iran. Then Ruritani said no.; Mary Zembla ACCUSE Iran
Iran met White House lawyer Selim Ruritani.; Iran CONSULT Selim Ruritani
He left Qatar. Ruritani condemned Iran. So did envoy Arash Ruritani.; Arash Ruritani ACCUSE Iran
Iranian deputy envoy Arash Ruritani condemned Israel.; Iran ACCUSE Israel
Iran's deputy envoy Arash Ruritani condemned Israel.; Iran ACCUSE Israel
Hamas spokesman Abu Zembla Ruritani condemned Israel.; Hamas ACCUSE Israel
Iranian deputy envoy Arash Ruritani left. Ruritani condemned Israel.; Arash Ruritani ACCUSE Israel
Iranian lawmaker Arash Ruritani left. He condemned Israel.; Arash Ruritani ACCUSE Israel
Iran's former deputy envoy Arash Ruritani condemned Israel.; Arash Ruritani ACCUSE Israel
Iranian lawmaker Arash Ruritani condemned Israel.; Arash Ruritani ACCUSE Israel
Iran's Ministry of Defense condemned Israel.; Iran ACCUSE Israel
The Peru Army condemned Israel.; Peru ACCUSE Israel
Wilma Zembla condemned Iran.; “Wilma Zembla” ACCUSE Iran
Senator Wilma Zembla left. Ada Zembla left. Zembla condemned Iran.; “Zembla” ACCUSE Iran
Senator Wilma Zembla said Iran had condemned Israel.; Iran ACCUSE Israel says Wilma Zembla
""".strip().split("\n")


@pytest.mark.parametrize("row", ACTS)
def test_who_acts(index: ActorIndex, row: str) -> None:
    text, _, facts = row.partition(";")
    assert told(index, text) == [fact for fact in [facts.strip()] if fact]


def test_a_title_repeats_what_the_text_tells(index: ActorIndex) -> None:
    (fact,) = told(index, "Senator Wilma Zembla praised Qatar.", title="Zembla praised Qatar")
    assert fact == "Wilma Zembla SUPPORT Qatar"


def test_a_meeting_is_told_once_of_an_envoy_and_of_his_state(index: ActorIndex) -> None:
    text = "Iran met Qatar. Iranian deputy envoy Arash Ruritani came. Ruritani met Qatar."
    assert told(index, text) == ["Arash Ruritani CONSULT Qatar"]


def test_sides_are_those_that_the_introduced_act_for(index: ActorIndex) -> None:
    text = "Iranian deputy envoy Arash Ruritani left. Ruritani praised Qatar."
    (fact,) = read("", text, None, index, "g").facts
    assert (fact.source_actor, fact.source_for) == ("person:new-0", "state:irn")
    (fact,) = read("", "Senator Wilma Zembla praised Qatar.", None, index, "g").facts
    assert (fact.source_actor, fact.source_for) == ("person:new-0", "person:new-0")


def test_who_is_only_named_is_kept_for_what_is_told_of_him(index: ActorIndex) -> None:
    text = "Bob Zenda met nobody. Mary Zembla condemned Iran. Zembla said so. Zenda said no."
    reading = read("", f"Senator Ada Zenobia left. {text}", None, index, "g")
    assert [one.name for one in reading.introduced] == ["Ada Zenobia", "Mary Zembla"]
    assert [one.source_actor for one in reading.facts] == ["person:new-1"]
    assert [one.source_for for one in reading.facts] == ["person:new-1"]


def test_a_pronoun_is_nobody_known_where_somebody_else_was_named(index: ActorIndex) -> None:
    text = "“Zoltrix is old,” Senator Wilma Zenda said. He condemned Iran."
    assert told(index, text) == ["“He” ACCUSE Iran"]
    known = "“That is old,” Senator Wilma Zenda said. She condemned Iran."
    assert told(index, known) == ["Wilma Zenda ACCUSE Iran"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("After meeting with Vladimir Putin, he condemned Iran.", []),
        ("While praising Vladimir Putin on Friday, he condemned Iran.", []),
        ("Praising Vladimir Putin, she condemned Iran.", []),
        ("Instead of meeting Vladimir Putin, he condemned Iran.", []),
        ("Beijing praised Vladimir Putin, he condemned Iran.", ["person:vladimir-putin"]),
        ("When Vladimir Putin left, he condemned Iran.", ["person:vladimir-putin"]),
        ("Vladimir Putin left after he condemned Iran.", ["person:vladimir-putin"]),
    ],
)
def test_a_name_in_an_opening_clause_is_not_the_subject(
    index: ActorIndex, text: str, meant: list[str]
) -> None:
    mentions = find_mentions("", text, index)
    found, _ = resolved(text, (0, len(text)), mentions, None)
    assert [one.actor for one in found if one not in mentions] == meant


def test_stand_ins_are_read_back(index: ActorIndex) -> None:
    new = read("", "Senator Wilma Zembla left.", None, index, "g").introduced[0]
    assert introduced_as(stand_in(7, new)) == 7
    for other in ("person:new-", "person:new-zealander", "person:newt", "state:new-1", "org:new-x"):
        assert introduced_as(other) is None
