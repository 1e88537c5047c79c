"""Whom an article introduces: the sentence, and all that may be read off it."""

from __future__ import annotations

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import ActorType, Introduced
from bot.read.mentions import find_mentions
from bot.read.new_entities import MOST, find_introduced


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def introduced(index: ActorIndex, text: str, title: str = "") -> tuple[Introduced, ...]:
    mentions = sorted(find_mentions(title, text, index), key=lambda m: (m.field, m.start, -m.end))
    return find_introduced(title, text, mentions, index)


# name | role | state
PEOPLE = """
Iranian deputy foreign minister Arash Ruritani spoke.; Arash Ruritani | deputy foreign minister | state:irn
Qatari Minister of State Lolwa Ruritani spoke.;
Iran's deputy foreign minister Arash Ruritani spoke.; Arash Ruritani | deputy foreign minister | state:irn
Iran’s Deputy Foreign Minister Arash Ruritani spoke.; Arash Ruritani | Deputy Foreign Minister | state:irn
The envoy of Qatar met Senator Wilma Zembla.; Wilma Zembla | Senator |
Hamas spokesman Abu Zembla Ruritani denied it.; Abu Zembla Ruritani | spokesman | group:hamas
Israeli police spokesman Zemblati said so.; Zemblati | police spokesman | state:isr
An army spokesman Zemblati said so.;
Arash Ruritani, the deputy foreign minister of Iran, spoke.; Arash Ruritani | deputy foreign minister | state:irn
Arash Ruritani, Iran's deputy foreign minister, spoke.; Arash Ruritani | deputy foreign minister | state:irn
Wilma Zembla, an Israeli analyst, spoke.; Wilma Zembla | analyst | state:isr
Wilma Zembla, a senior economist at a bank, spoke.; Wilma Zembla | senior economist |
Wilma Zembla, who leads it, spoke.;
Wilma Zembla, the winner of a car, spoke.;
The deputy foreign minister of Iran, Arash Ruritani, said so.; Arash Ruritani | deputy foreign minister | state:irn
The Iranian envoy, Arash Ruritani, said so.; Arash Ruritani | envoy | state:irn
Iranian Foreign Minister Arash Ruritani spoke.; Arash Ruritani | Iranian Foreign Minister | state:irn
Iran's foreign minister, Arash Ruritani, spoke.; Arash Ruritani | foreign minister | state:irn
Arash Ruritani, Iran's foreign minister, spoke.; Arash Ruritani | foreign minister | state:irn
Arash Ruritani, the foreign minister of Iran, spoke.; Arash Ruritani | foreign minister | state:irn
Former Turkish minister Selim Zembla spoke.; Selim Zembla | minister | state:tur
Gen. Wilma Zembla left.; Wilma Zembla | Gen. |
Sheikh Mishal bin Zembla al-Ruritani left.; Mishal bin Zembla al-Ruritani | Sheikh |
The footballer Selim van der Zembla scored.; Selim van der Zembla | footballer |
Actor Wilma O'Zembla-Smith left.; Wilma O'Zembla-Smith | Actor |
US-based lawyer Wilma Zembla left.; Wilma Zembla | lawyer |
Wilma Zembla left.;
He met Wilma Zembla, Selim Ruritani and others.;
President Masoud Pezeshkian left.;
President Massud Pezeshkian left.;
Senator Muhamed Khatami left.;
Senator M. Khatami left.;
Senator Mansour Khatami left.; Mansour Khatami | Senator |
Senator Wilma Fidan left.; Wilma Fidan | Senator |
Iranian President Massoud Pezeshkian left.;
Foreign Minister Hakan Fidan left.;
Major League Baseball began.;
General Motors closed.;
The president Monday Night left.;
Prime Minister Of Nothing left.;
President White House staff left.;
""".strip().split("\n")

# name | type | state
BODIES = """
The Ruritan Liberation Front attacked.; Ruritan Liberation Front | group |
The Zemblian Workers' Party won.; Zemblian Workers' Party | group |
The Kenyan Revenue Authority paid.; Kenyan Revenue Authority | organisation | state:ken
Turkey's Constitutional Court ruled.; Constitutional Court | organisation | state:tur
The Constitutional Court ruled.;
The Foreign Ministry said so.;
The Turkish Foreign Ministry said so.; Turkish Foreign Ministry | organisation | state:tur
Iran's Ministry of Health said so.; Ministry of Health | organisation | state:irn
The Bank of Zembla closed.; Bank of Zembla | organisation |
The Organization for the Relief of Zembla met.; Organization for the Relief of Zembla | organisation |
The Ministry of Health and Zembla State Police agreed.;
The Fund lost.;
The West Bank was quiet.;
The Soviet Union fell.;
A tea party began.;
The Rules and Bylaws Committee met.;
The Zembla Department Inspector General left.;
The USA TODAY Network wrote it.;
The International Atomic Energy Agency met.;
The Islamic Revolutionary Guard Corps fired.;
""".strip().split("\n")


@pytest.mark.parametrize("row", PEOPLE)
def test_people(index: ActorIndex, row: str) -> None:
    text, _, wanted = row.partition(";")
    found = [
        f"{one.name} | {one.role} | {one.state or ''}".strip()
        for one in introduced(index, text)
        if one.type is ActorType.PERSON
    ]
    assert found == [line for line in [wanted.strip()] if line]


@pytest.mark.parametrize("row", BODIES)
def test_bodies(index: ActorIndex, row: str) -> None:
    text, _, wanted = row.partition(";")
    found = [
        f"{one.name} | {one.type.value} | {one.state or ''}".strip()
        for one in introduced(index, text)
    ]
    assert found == [line for line in [wanted.strip()] if line]


def test_spans_are_all_places_that_name_them(index: ActorIndex) -> None:
    text = "Iranian envoy Arash Ruritani left.\n\nRuritani smiled. Arash Ruritani's car left."
    title = "Ruritani leaves"
    (one,) = introduced(index, text, title)
    words = {"title": title, "text": text}
    assert [(s.field, s.start, words[s.field][s.start : s.end]) for s in one.spans] == [
        ("title", 0, "Ruritani"),
        ("text", text.index("Arash"), "Arash Ruritani"),
        ("text", text.index("Ruritani smiled"), "Ruritani"),
        ("text", text.index("Arash Ruritani's"), "Arash Ruritani"),
    ]


@pytest.mark.parametrize(
    ("other", "spans"),
    [
        ("Bob Ruritani", 1),
        ("Wilma Szembla Ruritani", 1),
        ("Mr. Ruritani", 3),
        ("A. Ruritani", 3),
        ("Iran's Ruritani", 3),
    ],
)
def test_a_surname_that_another_bears_means_nobody(
    index: ActorIndex, other: str, spans: int
) -> None:
    text = f"Iranian envoy Arash Ruritani left. Then {other} smiled. Ruritani did not."
    (one,) = introduced(index, text)
    assert len(one.spans) == spans


def test_a_surname_before_the_full_name_is_the_same_person(index: ActorIndex) -> None:
    text = (
        "Israeli police spokesman Zemblati said so. Wilma Zemblati, a spokesman for Israel, left."
    )
    (one,) = introduced(index, text)
    assert (one.name, one.state, len(one.spans)) == ("Wilma Zemblati", "state:isr", 2)


def test_two_of_one_surname_have_their_full_names_only(index: ActorIndex) -> None:
    text = "Senator Wilma Zembla met Senator Selim Zembla. Zembla left."
    found = introduced(index, text)
    assert [(one.name, len(one.spans)) for one in found] == [
        ("Selim Zembla", 1),
        ("Wilma Zembla", 1),
    ]


def test_headlines_introduce_nobody(index: ActorIndex) -> None:
    assert introduced(index, "Senator Wilma Zembla Meets Lawyer Selim Ruritani Today") == ()
    assert introduced(index, "Nothing.", title="Senator Wilma Zembla left") == ()


def test_a_list_introduces_nobody(index: ActorIndex) -> None:
    names = [
        f"Senator Wilma Zembla{chr(97 + n % 26)}{chr(97 + n // 26)} left." for n in range(MOST + 2)
    ]
    assert introduced(index, "\n".join(names)) == ()
    assert len(introduced(index, "\n".join(names[:MOST]))) == MOST


def test_texts_without_names(index: ActorIndex) -> None:
    for text in ("", " ", "no name here", "A B C", "…" * 50, "President", "Ministry of", ", , ,"):
        assert introduced(index, text) == ()
