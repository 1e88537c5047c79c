"""Whom an act is done to, in the sentence's own words where that is nobody known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


WORDS = [
    # the object, up to where its phrase ends
    ("Israel attacked a hospital on Monday.", ["ASSAULT a hospital"]),
    ("Israel bombed a small hospital near the border.", ["ASSAULT a small hospital"]),
    ("Russia condemned the company for its silence.", ["ACCUSE the company"]),
    ("Turkey arrested 12 journalists after the vote.", ["COERCE 12 journalists"]),
    ("Turkey arrested two senior members of a small union.",
     ["COERCE two senior members of a small union"]),
    ("Turkey arrested a man accused of spying.", ["COERCE a man"]),
    ("Turkey arrested students waiting outside.", ["COERCE students"]),
    ("Qatar praised the nurses and the drivers for their work.",
     ["SUPPORT the nurses and the drivers"]),
    ("Qatar praised the nurses and left the meeting.", ["SUPPORT the nurses"]),
    ("Masoud Pezeshkian met with farmers.", ["CONSULT farmers"]),
    ("Masoud Pezeshkian met with farmers who had lost their land.", ["CONSULT farmers"]),
    ("Russia rejected the union's hiring plans.", ["REJECT the union's hiring plans"]),
    ("Iran attacked US-backed gunmen.", ["ASSAULT US-backed gunmen"]),
    ("Russia criticized “careless” drivers in a statement.", ["ACCUSE “careless” drivers"]),
    # whom a preposition leads to
    ("Qatar imposed sanctions on a shipping company.", ["SANCTION a shipping company"]),
    ("Qatar gave aid to villagers.", ["AID villagers"]),
    ("Qatar is providing food, tents and other supplies to villagers.", ["AID villagers"]),
    ("Qatar is providing food to help villagers.", []),
    ("Donald Trump sought support from the union.", ["REQUEST support from the union"]),
    ("Turkey refused to cooperate with the court's clerks.",
     ["REJECT cooperate with the court's clerks"]),
    ("Turkey refused to extradite a banker.", ["REJECT extradite a banker"]),
    ("Turkey refused to accept defeat.", ["REJECT accept defeat"]),
    ("Donald Trump threatened to commit a crime.", ["THREATEN commit a crime"]),
    ("Donald Trump met with Gov. Ada Ruritan and others.", []),
    ("Israel bombed a camp two weeks ago.", ["ASSAULT a camp"]),
    ("Russia launched an offensive months ago.", []),
    ("Canada filed a lawsuit against a bank.", ["ACCUSE a bank"]),
    ("Canada opened an investigation into the bank.", ["ACCUSE the bank"]),
    ("Donald Trump lashed out at the judges.", ["ACCUSE the judges"]),
    ("Donald Trump blamed the fall on nurses.", ["ACCUSE nurses"]),
    ("Donald Trump threatened to sue the nurses.", ["THREATEN sue the nurses"]),
    ("Donald Trump threatened to impose tariffs on toys.",
     ["THREATEN impose tariffs on toys"]),
    # who suffers it stands before the verb
    ("A hospital was struck by Israel.", ["ASSAULT A hospital"]),
    # the words of somebody known are none
    ("Israel bombed Lebanon.", []),
    ("Israel condemned the Lebanese government.", []),
    # what is asked, agreed, given up, threatened
    ("Turkey called for a truce.", ["REQUEST a truce"]),
    ("Turkey agreed to a truce.", ["AGREE a truce"]),
    ("Boris Johnson resigned as minister.", []),
    ("Donald Trump threatened to close his shop.", ["THREATEN close his shop"]),
    ("Liz Truss ruled out raising the tax.", ["REJECT raising the tax"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), WORDS, ids=[one[0] for one in WORDS])
def test_words(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [
        f"{one.event_class} {one.target_words}" for one in facts if one.target_words
    ] == expected
    for one in facts:
        assert one.target_words is None or one.target_words in one.evidence[0].quote
        assert one.target_words is None or one.target_actor is None


HEARSAY = [
    # nobody can be shown who says so
    ("It added that Russia attacked a school.", None),
    ("Some said Russia attacked a school.", None),
    ("Ada Ruritan, a clerk of Dearborn, Michigan, said Russia attacked a school.", None),
    # it is only rumoured
    ("Talks were broken off over reports that Russia attacked a school.", "possible"),
    # those who say so fear or suspect it
    ("Police fear Russia attacked a school.", "possible"),
    # who says so can be shown
    ("Prosecutors said Canada sued a bank.", "happened"),
    # or it is told as it is, or somebody known says so
    ("Russia attacked a school.", "happened"),
    ("Turkey said Russia attacked a school.", "happened"),
    ("Russia, who attacked a school, says peace is much nearer than it was.", "happened"),
    ("Russia attacked a school, Turkey said.", "happened"),
    ("Prosecutors met the police after Russia attacked a school.", "happened"),
]


@pytest.mark.parametrize(("sentence", "status"), HEARSAY, ids=[one[0] for one in HEARSAY])
def test_hearsay(index: ActorIndex, sentence: str, status: str | None) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    told = [str(one.status) for one in facts if one.event_class in ("ASSAULT", "ACCUSE")]
    assert told == ([status] if status else [])


SAYERS = [
    ("Prosecutors said Canada sued a bank.", "Prosecutors"),
    ("The mayor said Russia attacked a school.", "The mayor"),
    ("But the mayor said Russia attacked a school.", "the mayor"),
    ("Russia attacked a school, police said.", "police"),
    ("Russia attacked a school, police in Ruritania said on Monday.", "police in Ruritania"),
    ("Russia attacked a school, said the mayor.", "the mayor"),
    ("Russia attacked a school, according to two people close to the talks.",
     "two people close to the talks"),
    ("According to court documents, Russia attacked a school.", "court documents"),
    ("Russia attacked a school, according to a filing by the union.", "a filing by the union"),
    ("Court documents show that Russia attacked a school.", "Court documents"),
    ("The lawsuit alleges that Russia attacked a school.", "The lawsuit"),
    ("The Ruritania Gazette reported that Russia attacked a school.", "The Ruritania Gazette"),
    ("The Gazette first reported that Russia attacked a school.", "The Gazette"),
    ("Two senior officials said that Russia attacked a school.", "Two senior officials"),
    ("Turkey and Iran said that Russia attacked a school.", "Turkey and Iran"),
    ("Russia attacked a school, USA TODAY reported.", "USA TODAY"),
    ("Report: Russia attacked a school", "Report"),
    ("Russia attacks a school, witnesses say", "witnesses"),
    # somebody known
    ("Turkey said that Russia attacked a school.", None),
    # what they say is something else
    ("Russia attacked a school.", None),
    ("Police reported a calm night, but Russia attacked a school.", None),
    ("All is calm, police said, as Russia attacked a school.", None),
    ("That is what officials said when Russia attacked a school.", None),
    ("Police met the mayor after Russia attacked a school.", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "who"), SAYERS, ids=[one[0] for one in SAYERS])
def test_who_says_so_in_the_words_of_the_sentence(
    index: ActorIndex, sentence: str, who: str | None
) -> None:
    (fact,) = [
        one
        for one in read("", sentence, DAY, index, "test").facts
        if one.event_class in ("ASSAULT", "ACCUSE")
    ]
    assert fact.claimant_words == who
    assert who is None or (fact.claimant is None and who in fact.evidence[0].quote)


def test_what_is_told_plainly_elsewhere_is_nobodys_claim(index: ActorIndex) -> None:
    text = "Police said Russia attacked Ukraine.\n\nRussia attacked Ukraine."
    (fact,) = read("", text, DAY, index, "test").facts
    assert (fact.claimant_words, len(fact.evidence)) == (None, 2)


OTHERS = [
    "Trump's campaign criticized China.",
    "The Trump campaign criticized China.",
    "Russian Governor Ada Ruritan condemned Ukraine.",
    "Meta is opposed by Donald Trump's rival.",
    "EU commissioner Ada Ruritan criticized Meta.",
    "Two commissioners of the European Union criticized Meta.",
]


@pytest.mark.parametrize("sentence", OTHERS)
def test_who_works_for_somebody_is_not_him(index: ActorIndex, sentence: str) -> None:
    whose = {"person:donald-trump", "state:rus", "org:european-union"}
    assert not whose & {one.source_actor for one in read("", sentence, DAY, index, "test").facts}


UNTOLD = [
    # the clause points at somebody whom it does not name
    "Turkey praised them for the work.",
    "Turkey condemned those who had left.",
    "Turkey criticized him.",
    # nobody is blamed
    "Turkey blamed the weather for the delay.",
]


@pytest.mark.parametrize("sentence", UNTOLD)
def test_nothing_is_told_of_whom_nobody_names(index: ActorIndex, sentence: str) -> None:
    assert read("", sentence, DAY, index, "test").facts == ()


def test_him_is_the_one_person_named_before(index: ActorIndex) -> None:
    one, two = (
        "Joe Biden met Volodymyr Zelenskyy and praised him.",
        "Joe Biden and Olaf Scholz met Volodymyr Zelenskyy before Vladimir Putin criticized him.",
    )
    praise = [
        (fact.source_actor, fact.target_actor)
        for fact in read("", one, DAY, index, "test").facts
        if fact.event_class == "SUPPORT"
    ]
    assert praise == [("person:joe-biden", "person:volodymyr-zelenskyy")]
    assert all(fact.event_class != "ACCUSE" for fact in read("", two, DAY, index, "test").facts)


def test_acts_done_to_others_stay_apart(index: ActorIndex) -> None:
    text = "Turkey condemned a bank. Turkey also condemned a company. Turkey condemned a bank."
    facts = read("", text, DAY, index, "test").facts
    assert [(one.target_words, len(one.evidence)) for one in facts] == [
        ("a bank", 2),
        ("a company", 1),
    ]


def test_a_meeting_to_come_was_not_spoken_in(index: ActorIndex) -> None:
    text = "Donald Trump said in Ohio that trade will come up in a meeting with Xi Jinping."
    facts = read("", text, DAY, index, "test").facts
    assert all(one.status != "happened" for one in facts)


def test_one_act_is_not_evidence_of_another(index: ActorIndex) -> None:
    text = "Turkey sued Iran in May 2025. Turkey criticized Iran. Turkey again criticized Iran."
    facts = read("", text, DAY, index, "test").facts
    assert [(one.act, len(one.evidence)) for one in facts] == [("sue", 1), ("criticize", 2)]


def test_the_day_of_whom_it_was_done_to_is_another(index: ActorIndex) -> None:
    one = "Turkey arrested the students investigating the fire of June 2, 2024."
    two = "Turkey, who is near, arrested the students on Monday."
    days = [str(read("", text, DAY, index, "test").facts[0].event_date) for text in (one, two)]
    assert days == ["None", "2025-06-09"]
