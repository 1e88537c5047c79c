"""What is sure of an act: its kind, whether it takes place, and who says so; by near misses."""

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


STATUSES = [
    # what goes on
    ("Iran continues its bombardment of Iraq.", ["ASSAULT ongoing"]),
    ("Iran continued its bombardment of Iraq.", ["ASSAULT happened"]),
    ("Prices rose amid the ongoing Iranian withdrawal from Iraq.", ["RETREAT ongoing"]),
    ("Prices rose after the Iranian withdrawal from Iraq.", ["RETREAT happened"]),
    ("Iran said it was working with Oman on a bridge.", ["COOPERATE ongoing"]),
    ("Iran said it had worked with Oman on a bridge.", ["COOPERATE happened"]),
    ("Iran was working with Oman on a bridge.", ["COOPERATE happened"]),
    # what is only announced
    ("Iran announced a loan to Oman.", ["AID planned"]),
    ("Iran gave a loan to Oman.", ["AID happened"]),
    ("Joe Biden unveiled new American military assistance to Ukraine.", ["AID planned"]),
    ("He spoke of old American military assistance to Ukraine.", ["AID ongoing"]),
    ("It takes many votes to approve American aid to Ukraine.", []),
    # what is done again and again
    ("Iran visits Oman every year.", ["CONSULT ongoing"]),
    ("Iran visited Oman every year.", []),
    ("Iran regularly visited Oman.", []),
    ("Iran regularly criticized Oman.", ["ACCUSE happened"]),
    ("Iran visited Oman on Monday.", ["CONSULT happened"]),
    ("Iran has regularly criticized Oman.", ["ACCUSE ongoing"]),
    ("Joe Biden visited farmers who were too old to come.", []),
    ("Joe Biden visited farmers in Oman.", ["CONSULT happened"]),
    ("Joe Biden would visit Oman every summer.", []),
    ("Joe Biden would visit Oman.", ["CONSULT possible"]),
    ("Year after year, Iran declined to open its ports.", []),
    ("A year after, Iran declined to open its ports.", ["REJECT happened"]),
    ("Fighting between Iran and Iraq has often hurt trade.", []),
    ("Fighting between Iran and Iraq has hurt trade.", ["ASSAULT happened"]),
    # what is only to be
    ("Iran's scheduled visit to Oman was welcomed.", ["CONSULT planned"]),
    ("Iran's long visit to Oman was welcomed.", ["CONSULT happened"]),
    ("Iran's talks with Oman were put off.", []),
    ("Donald Trump is meeting Hakan Fidan next week.", ["CONSULT planned"]),
    # how a town stands is no act
    ("Israel wrote to Gaza City and besieged Khan Younis.", []),
    ("Israel wrote to Gaza City but besieged Khan Younis.", ["COERCE happened"]),
    ("Israel besieged Khan Younis.", ["COERCE happened"]),
    # what nobody says, or is warned of
    ("No one in the hall said they believe Iran should leave Iraq.", []),
    ("Iraq had no warning that Iran would attack Oman.", []),
    ("Iraq warned that Iran would attack Oman.", ["ASSAULT possible"]),
    # what is spoken of is not told
    ("Her remarks about American support for Israel drew anger.", []),
    ("American support for Israel drew anger.", ["SUPPORT ongoing"]),
]


@pytest.mark.parametrize(("sentence", "expected"), STATUSES, ids=[one[0] for one in STATUSES])
def test_whether_it_takes_place(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [f"{one.event_class} {one.status}" for one in facts] == expected


def test_a_headline_tells_of_what_is_looked_into(index: ActorIndex) -> None:
    facts = read("Turkey probes Qatar over ships", "", DAY, index, "test").facts
    assert [f"{one.event_class} {one.status}" for one in facts] == ["ACCUSE ongoing"]


CLASSES = [
    # whoever is banned from something is kept from it
    ("Turkey banned TikTok from classrooms.", ["COERCE"]),
    ("Turkey banned Iranian oil.", ["SANCTION"]),
    # to leave a race is to withdraw
    ("Joe Biden dropped out of the race.", ["RETREAT"]),
    ("Joe Biden conceded the race.", ["CONCEDE"]),
    ("Ada Rivers won after Joe Biden announced a plan but dropped out of the race.", []),
    # who fights an evil threatens nobody, and to attack nobody agrees
    ("Iran vowed to fight crime.", []),
    ("Iran vowed to retaliate.", ["THREATEN"]),
    ("Iran is committed to attacking Iraq.", []),
    ("Iran is committed to helping Iraq.", ["AGREE"]),
    # a warning asks for nothing
    ('Iran said the United States should "get ready for dark days."', []),
    ("Iran said the United States should “stop” its sanctions.", ["REQUEST"]),
    ("Donald Trump pardoned a Zembla bird.", []),
    ("Donald Trump pardoned a Zembla clerk.", ["CONCEDE"]),
    # in jest
    ("Joe Biden gently mocked Donald Trump over his hats.", []),
    ("Joe Biden told jokes and mocked Donald Trump over his hats.", []),
    ("Joe Biden mocked Donald Trump over his hats.", ["ACCUSE"]),
    # what airlines and towns do every day
    ("American Airlines flies to Iceland.", []),
    ("Donald Trump flies to Iceland.", ["MOVE"]),
]


@pytest.mark.parametrize(("sentence", "expected"), CLASSES, ids=[one[0] for one in CLASSES])
def test_its_kind(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [one.event_class.value for one in facts] == expected


SAID = [
    ("Joe Biden pointed out that Iran attacked Iraq.", ["person:joe-biden"]),
    ("Joe Biden appealed, arguing that Iran attacked Iraq.", ["person:joe-biden"]),
    ("Joe Biden, a lawyer from Delaware, who said Iran attacked Iraq, left.", ["person:joe-biden"]),
    ("Iran attacked Iraq, according to Rep. Ada Rivers.", ["Rep. Ada Rivers"]),
    ("The lawyer pointed out that Iran attacked Iraq.", ["The lawyer"]),
    ("The lawyer has long maintained that Iran attacked Iraq.", ["The lawyer"]),
    ("She cited emails showing that Iran attacked Iraq.", ["emails"]),
    (
        "Iran attacked Iraq, according to a note released by the harbour office.",
        ["a note released by the harbour office"],
    ),
    ("Iran attacked Iraq, said Rep. Ada Rivers.", ["Rep. Ada Rivers"]),
    ("Ada Rivers, a clerk, testified that Iran attacked Iraq.", ["Ada Rivers"]),
    ("Letters seen by The Harbour show that Iran attacked Iraq.", ["Letters seen by The Harbour"]),
    # somebody says so whom the sentence does not tell
    ("He appealed the ruling, arguing that Iran attacked Iraq.", []),
    ("He appealed the ruling, and Iran attacked Iraq.", [None]),
    ("Iran attacked Iraq to end “the old ways,”", []),
    # what is said is another thing
    ('Iran attacked Iraq and left a note that he called "kind," according to Oman.', [None]),
    ('Iran attacked Iraq and left a note that he called "kind," according to the ZBN.', [None]),
    ("Iran's strikes on Iraq have forced many to flee, according to Oman.", [None]),
    ("Iran's strikes on Iraq killed ten, according to Oman.", ["state:omn"]),
]


@pytest.mark.parametrize(("sentence", "expected"), SAID, ids=[one[0] for one in SAID])
def test_who_says_so(index: ActorIndex, sentence: str, expected: list[str | None]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    told = [one.claimant or one.claimant_words for one in facts if one.event_class == "ASSAULT"]
    assert told == expected


def test_a_sentence_that_an_hour_cuts_is_not_told(index: ActorIndex) -> None:
    cut = "Iran attacked Iraq at 9 a.m. Wednesday, a clerk said."
    assert read("", cut, DAY, index, "test").facts == ()
    whole = "Iran attacked Iraq at 9 a.m. and left."
    assert [one.act for one in read("", whole, DAY, index, "test").facts] == ["attack"]
