"""What kind of act it is, whose, and whether any: the words that mislead, each by a near miss."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.match.provisional import newcomers
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def _classes(index: ActorIndex, sentence: str) -> list[str]:
    return [one.event_class.value for one in read("", sentence, DAY, index, "test").facts]


CLASSES = [
    # to tell somebody something is no meeting
    ("Vladimir Putin told Hakan Fidan that it was late.", []),
    ("Vladimir Putin told Hakan Fidan, “It is late.”", []),
    ("Vladimir Putin told Iran to leave Iraq.", ["REQUEST"]),
    ("Vladimir Putin told Iran not to leave Iraq.", ["REQUEST"]),
    ("Vladimir Putin spoke with Hakan Fidan.", ["CONSULT"]),
    # what is shut or declared for the weather coerces nobody
    ("Jamaica declared a state of emergency.", []),
    ("Jamaica declared martial law.", ["COERCE"]),
    ("Jamaica imposed a curfew.", ["COERCE"]),
    ("Jamaica closed all airports.", []),
    ("Jamaica closed its border.", ["COERCE"]),
    ("Jamaica demolished the old petrol station.", []),
    ("Israel demolished the homes of three villagers.", ["COERCE"]),
    # at home a ban is no sanction
    ("Turkey banned all public meetings.", ["COERCE"]),
    ("Turkey banned travel from Zembla.", ["COERCE"]),
    ("Turkey banned imports of wheat.", ["SANCTION"]),
    ("Turkey imposed restrictions on needless travel.", ["COERCE"]),
    ("Turkey imposed restrictions on Iran.", ["SANCTION"]),
    ("Turkey imposed travel bans on bankers.", ["SANCTION"]),
    ("Turkey announced a ban on the import of wheat.", ["SANCTION"]),
    # whoever leaves a pact or a body gives no ground
    ("Turkey pulled out of NATO.", []),
    ("Turkey pulled out of Iraq.", ["RETREAT"]),
    ("Turkey's withdrawal from NATO came late.", []),
    ("Turkey's withdrawal from Iraq came late.", ["RETREAT"]),
    ("Boris Johnson resigned in May.", ["RETREAT"]),
    ("Israel declared a ceasefire with Hamas.", ["RETREAT"]),
    ("Israel declared a ceasefire deal with Hamas.", []),
    # who thinks alike has agreed to nothing
    ("Iran and Turkey agreed on most things.", []),
    ("Iran and Turkey agreed on the importance of trade.", []),
    ("Turkey's tax treaty with Iran helps traders.", []),
    ("Turkey's tax deal with Iran helps traders.", ["AGREE"]),
    # what nobody is to blame for
    ("Turkey is investigating an outbreak of measles.", []),
    ("Turkey is investigating the killing.", []),
    ("Turkey is investigating the bank.", ["ACCUSE"]),
    ("Hakan Fidan blamed his long delay on the train.", []),
    ("Hakan Fidan blamed the train.", ["ACCUSE"]),
    # advice, a job, an offer that could be made
    ("Emmanuel Macron will warn Donald Trump against haste.", []),
    ("France warned Iran against haste.", ["THREATEN"]),
    ("Hakan Fidan works with deaf people.", []),
    ("Hakan Fidan worked with the unions to raise wages.", ["COOPERATE"]),
    ("Turkey works with the unions.", ["COOPERATE"]),
    ("Turkey could offer to pay Iran.", []),
    ("Turkey offered to pay Iran.", ["AGREE"]),
    ("Hakan Fidan will not attend the summit.", ["CONSULT"]),  # denied
    ("Hakan Fidan will not tolerate the offer.", ["REJECT"]),
    ("Israeli occupation of Lebanon ended.", []),
    ("Israeli bombardment of Lebanon ended.", ["ASSAULT"]),
    ("Donald Trump backed away.", []),
    ("Clerks saw Donald Trump's attack on Zembla.", []),
    ("Hakan Fidan pledged she won't support Turkey.", []),
    ("Hakan Fidan pledged full support to Turkey.", ["SUPPORT"]),
    ("Clerks saw Donald Trump's attack on Iran.", ["ASSAULT"]),
    ("Hakan Fidan visited the beach.", []),
    ("Hakan Fidan visited the port.", ["CONSULT"]),
    ("Hakan Fidan defended the town.", []),
    ("Hakan Fidan defended the law.", ["SUPPORT"]),
    ("Donald Trump will pardon two birds.", []),
    ("Donald Trump will pardon two thieves.", ["CONCEDE"]),
    ("Turkey is prepared to stand alone.", []),
    ("Turkey is prepared to pay Iran.", ["AGREE"]),
    ("Turkey refused to work.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), CLASSES, ids=[one[0] for one in CLASSES])
def test_class(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    assert _classes(index, sentence) == expected


STATUS = [
    ("Iran continued to threaten Iraq.", ["happened"]),
    ("Iran continues to threaten Iraq.", ["ongoing"]),
    ("May will be the first time Iran has hosted the summit.", ["planned"]),
    ("After Iran and Turkey agree to talk, all will be well.", ["planned"]),
    ("After Iran and Turkey agreed to talk, all was well.", ["happened"]),
    ("It was the first time Iran has hosted the summit.", ["happened"]),
    ("It is unlikely Iran would attack Iraq.", []),
    ("A clerk did not expect that Iran would attack Iraq.", []),
    ("A clerk was not confident Iran would attack Iraq.", []),
    ("Iran could attack Iraq.", ["possible"]),
    ("Iran can attack Iraq.", []),
    ("Karoline Leavitt said Hakan Fidan would be meeting with Emmanuel Macron.", ["planned"]),
    ("Hakan Fidan is heading to Iran.", ["planned"]),
    ("Hakan Fidan is returning to Iran on June 23.", ["planned"]),
    ("Hakan Fidan was returning to Iran.", ["happened"]),
    ("Rain delayed a visit by Hakan Fidan to Iran to meet clerks.", ["planned"]),
    ("During a visit by Hakan Fidan to Iran to meet clerks it rained.", ["happened"]),
    ("Officials have heard of it but said Turkey would support Iran.", ["planned"]),
    ("Officials said Turkey would attack Iran.", ["planned"]),
    ("Hakan Fidan said Oman would help Iran.", ["planned"]),
    ("Hakan Fidan said Oman would attack Iran.", ["possible"]),
    ("Prices rose, they said, given all that has changed since Iran attacked Iraq.", ["happened"]),
    ("He believes in peace amid Turkey's support for Iran.", ["ongoing"]),
    ("Clerks looked into evidence that Iran attacked Iraq.", ["possible"]),
    ("A fake story was told: Boris Johnson was going to resign.", []),
    ("He stressed the importance of the “vital and long awaited trade and transit deal” between "
     "Iran and Turkey.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), STATUS, ids=[one[0] for one in STATUS])
def test_status(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert sorted({one.status.value for one in facts}) == expected


CLAIMS = [
    ("Turkey reiterated that Iran attacked Iraq.", "state:tur"),
    ("Turkey told the Zembla Gazette that Iran attacked Iraq.", "state:tur"),
    ("Turkey told the Zembla Gazette Iran attacked Iraq.", "state:tur"),
    ("Iran attacked Iraq, the Gazette reported after a long day.", "the Gazette"),
    ("He scolded the papers for reporting that Iran attacked Iraq.", "the papers"),
    ("In a clip, Zembla says that Iran attacked Iraq.", "Zembla"),
    ("Several Turkish officials said that Iran attacked Iraq.", "Several Turkish officials"),
    ("A Turkish official said that Iran attacked Iraq.", "A Turkish official"),
    ("Turkish officials said that Iran attacked Iraq.", "state:tur"),
    ("Clerks described how Iran attacked Iraq.", "Clerks"),
    ("Iranian minister Ada Ruritan said that Iran attacked Iraq.", "Iranian minister Ada Ruritan"),
    ("Turkish minister Ada Ruritan said that Iran attacked Iraq.", "state:tur"),
    ("The GOP leader noted that Iran attacked Iraq.", "The GOP leader"),
    ("Ten clerks left in the days after Iran attacked Iraq, according to Turkey.", None),
    ("Turkey claimed that it knew nothing about Iran's strikes on Iraq.", None),
    ("In the days after, Iran attacked Iraq, according to Turkey.", "state:tur"),
]


@pytest.mark.parametrize(("sentence", "expected"), CLAIMS, ids=[one[0] for one in CLAIMS])
def test_claimant(index: ActorIndex, sentence: str, expected: str | None) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    told = [one.claimant or one.claimant_words for one in facts if one.event_class == "ASSAULT"]
    assert told == [expected]


NOBODY_SAYS = [
    "After that it rained, and she told him that Iran attacked Iraq.",
    "It added that Iran attacked Iraq.",
    "They said Iran attacked Iraq.",
    "Iran attacked Iraq, he said.",
    "Iran attacked Iraq, according to talks CNN had with two US officials.",
    "'Iran attacked Iraq': Ada Ruritan praises Oman",
]


@pytest.mark.parametrize("sentence", NOBODY_SAYS)
def test_what_nobody_can_be_shown_to_say_is_not_told(index: ActorIndex, sentence: str) -> None:
    assert "ASSAULT" not in _classes(index, sentence)


SOURCES = [
    ("Some Afghan officials condemned Iran.", []),
    ("Some Afghan and Turkish officials condemned Iran.", []),
    ("An Afghan official condemned Iran.", ["Afghanistan"]),
    ("Afghan officials condemned Iran.", ["Afghanistan"]),
    ("The Afghans, who had met Iran, left.", []),
    ("The Afghans had met Iran.", ["Afghanistan"]),
    ("The family of US teacher Ada Ruritan, who was here, then condemned Iran.", []),
    ("A letter from Hakan Fidan, who condemned Iran, came.", ["Hakan Fidan"]),
    ("Turkish lawmakers condemned Iran.", []),
    ("Turkish ministers condemned Iran.", ["Turkey"]),
    ("The GOP leader condemned Iran.", []),
    ("GOP leaders condemned Iran.", ["Republican Party"]),
    ("The former head of the European Union condemned Iran.", []),
    ("The head of the European Union condemned Iran.", ["European Union"]),
    ("IRGC chief Ada Ruritan condemned Iraq.", ["Ada Ruritan"]),
    ("IRGC spokesman Ada Ruritan condemned Iraq.", ["Islamic Revolutionary Guard Corps"]),
    ("The Iranian Red Crescent condemned Iraq.", []),
    ("The Iranian Red Cross came late. The Red Cross condemned Iraq.", []),
    ("Feeding America condemned Iraq.", []),
    ("America condemned Iraq.", ["United States"]),
    ("The Red Cross condemned Iraq.", ["International Committee of the Red Cross"]),
    ("Hakan Fidan said they have agreed to pay Iran.", []),
    ("Turkey said it has agreed to pay Iran.", ["Turkey"]),
    ("They fled Fidel Castro. Then Rep. Joaquin Castro condemned Iran.", ["Joaquin Castro"]),
    ("They fled Fidel Castro. Then Castro condemned Iran.", ["Fidel Castro"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SOURCES, ids=[one[0] for one in SOURCES])
def test_source(index: ActorIndex, text: str, expected: list[str]) -> None:
    reading = read("", text, DAY, index, "test")
    names = index.beside(newcomers(reading.introduced)).name
    assert [names(one.source_actor) for one in reading.facts] == expected


GAME = (
    "Qatar attacked Iran early. The coach praised his players after the match, and the goalkeeper "
    "said the team had earned its place in the final of the tournament. Two goals in the second "
    "half had settled the game before fans filled the stadium."
)
SUMMIT = (
    "Qatar attacked Iran early. The minister praised his clerks after the talks, and the envoy "
    "said the team had earned its place at the table of the summit. Two votes in the last "
    "hour had settled the matter before crowds filled the square."
)


def test_in_a_report_of_a_game_nobody_acts(index: ActorIndex) -> None:
    assert _classes(index, GAME) == []
    assert _classes(index, f"{GAME} Turkey condemned Iran.") == ["ACCUSE"]
    assert "ASSAULT" in _classes(index, SUMMIT)
