"""What of somebody's an act is done to, and by which name an act goes."""

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


THEIRS = [
    # what somebody has, does or says: the words tell it, and whose it is stays known
    ("Turkey condemned Greece's tea decree.", ["state:grc: Greece's tea decree"]),
    ("Turkey praised the Greek decision to plant trees.",
     ["state:grc: the Greek decision to plant trees"]),
    ("Turkey rejected Greece's claims that the bridge is old.",
     ["state:grc: Greece's claims that the bridge is old"]),
    ("Turkey rejected criticism from Emmanuel Macron.",
     ["person:emmanuel-macron: criticism from Emmanuel Macron"]),
    ("Turkey backed an Emmanuel Macron plan.", ["person:emmanuel-macron: an Emmanuel Macron plan"]),
    ("Turkey supports the rules Emmanuel Macron will present.",
     ["person:emmanuel-macron: the rules Emmanuel Macron will present"]),
    # of a person who is not told whole: no fact; of a state: the state alone
    ("Turkey denounced Emmanuel Macron's 'bag of tricks'.", []),
    ("Turkey denounced Greece's 'bag of tricks'.", ["state:grc: -"]),
    # they themselves
    ("Turkey condemned Greece.", ["state:grc: -"]),
    ("Turkey praised Emmanuel Macron late on Friday.", ["person:emmanuel-macron: -"]),
    ("Turkey accused Greece of theft by Cyprus.", ["state:grc: -"]),
    ("Turkey praised ministers Emmanuel Macron and Olaf Scholz.",
     ["person:emmanuel-macron: -", "person:olaf-scholz: -"]),
    # who acts for somebody, or is one of a body, is not he, nor it
    ("Turkey reached a deal with the Emmanuel Macron team.", ["None: the Emmanuel Macron team"]),
    ("Israel killed Hamas treasurer Ada Ruritan.", ["group:hamas: Hamas treasurer Ada Ruritan"]),
    ("Israel attacked Hamas again.", ["group:hamas: -"]),
    # a town that a person goes to is not a state
    ("Donald Trump left Washington on Friday.", ["state:usa: Washington"]),
    ("Donald Trump left Qatar on Friday.", ["state:qat: -"]),
    ("Hamas left Doha on Friday.", ["state:qat: -"]),
    ("Joe Biden headed into the Manhattan courtroom.",
     ["place:manhattan: the Manhattan courtroom"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), THEIRS, ids=[one[0] for one in THEIRS])
def test_what_of_theirs_it_is(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [f"{one.target_actor}: {one.target_words or '-'}" for one in facts] == expected


WHOLE = [
    # what says too little alone is told with what follows, or not at all
    ("Turkey rejected a request that it open the bridge.",
     ["reject: a request that it open the bridge"]),
    ("Turkey rejected a request.", ["reject: a request"]),
    ("Turkey supports talks with the bakers.", ["back: talks with the bakers"]),
    ("Emmanuel Macron defended the failure to mend the roof.",
     ["defend: the failure to mend the roof"]),
    ("Turkey rejected questions about whether the bridge is safe.",
     ["reject: questions about whether the bridge is safe"]),
    ("Turkey imposed tariffs on goods from these islands.",
     ["impose tariffs: goods from these islands"]),
    ("Turkey imposed tariffs on toys.", ["impose tariffs: toys"]),
    ("Turkey called for an early warning system.", ["call for: an early warning system"]),
    ("Turkey called for a truce warning that time is short.", ["call for: a truce"]),
    ("Turkey has been asking for the map for months.", ["ask for: the map"]),
    ("Turkey asked for the map for pupils.", ["ask for: the map for pupils"]),
    ("Turkey investigated the maker of shows like Harbour.", []),
    ("Turkey investigated the maker of the show.", ["investigate: the maker of the show"]),
    ("Turkey threatened to throw noisy bakers out of halls and give away more of the old seats for "
     "quiet cousins of the mayor.", ["threaten to: throw noisy bakers out of halls"]),
    ("Iran fired 20 missiles at various bakeries in Israel.",
     ["attack: various bakeries in Israel"]),
    ("Emmanuel Macron dropped out of the race in July.", ["drop out of: the race"]),
    ("Emmanuel Macron has ended his campaign.", ["end: his campaign"]),
    ("Emmanuel Macron ended his bid for a second term.", ["drop out: None"]),
    ("Turkey called for an alternative, “green” oven.", []),
    ("Turkey called for an oven, “green” or not.", ["call for: an oven"]),
    ("Emmanuel Macron asked them to use the oven.", []),
    ("Masoud Pezeshkian met with leaders of the Water, Roads and Parks committees.",
     ["meet: leaders of the Water, Roads and Parks committees"]),
    ("Masoud Pezeshkian will meet with leaders of the Armed Waters, Roads, Far Parks and Lakes "
     "committees.", []),
    ("Emmanuel Macron will commute the sentences of ten bakers.",
     ["commute: the sentences of ten bakers"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), WHOLE, ids=[one[0] for one in WHOLE])
def test_words_are_told_whole(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [f"{one.act}: {one.target_words}" for one in facts] == expected


NAMED = [
    ("Emmanuel Macron endorsed Olaf Scholz.", ["SUPPORT endorse"]),
    ("Emmanuel Macron praised Olaf Scholz.", ["SUPPORT praise"]),
    ("Emmanuel Macron thanked Olaf Scholz.", ["SUPPORT thank"]),
    ("Emmanuel Macron expressed gratitude to Olaf Scholz.", ["SUPPORT thank"]),
    ("Emmanuel Macron offered condolences to Olaf Scholz.", ["SUPPORT offer condolences"]),
    ("Turkey begged Iran to stop.", ["REQUEST beg"]),
    ("TikTok was banned by Iran.", ["SANCTION ban"]),
    ("Emmanuel Macron expressed solidarity with Olaf Scholz.", ["SUPPORT express solidarity"]),
    ("Emmanuel Macron expressed dismay at the ruling.", ["ACCUSE express dismay"]),
    ("Emmanuel Macron offered support to Olaf Scholz.", ["SUPPORT support"]),
    ("Emmanuel Macron was backed by Olaf Scholz.", ["SUPPORT back"]),
    ("Turkey condemned Greece.", ["ACCUSE condemn"]),
    ("Turkey blamed Greece for the flood.", ["ACCUSE blame"]),
    ("Turkey slammed Greece for the flood.", ["ACCUSE criticize"]),
    ("Turkey accused Greece of theft.", ["ACCUSE accuse"]),
    ("Turkey filed a complaint against Greece.", ["ACCUSE file a complaint against"]),
    ("Turkey filed a complaint with the court.", ["ACCUSE file a complaint with"]),
    ("Turkey lodged a protest with Greece.", ["ACCUSE protest to"]),
    ("Turkey protested the Greek ruling.", ["ACCUSE protest"]),
    ("Turkey indicted a baker.", ["ACCUSE indict"]),
    ("Turkey vetoed the plan.", ["REJECT veto"]),
    ("Turkey jailed a baker.", ["COERCE jail"]),
    ("Turkey sentenced a baker to two years.", ["COERCE sentence"]),
    ("Turkey asked Greece to mend the bridge.", ["REQUEST ask"]),
    ("Turkey urged Greece to mend the bridge.", ["REQUEST urge"]),
]


@pytest.mark.parametrize(("sentence", "expected"), NAMED, ids=[one[0] for one in NAMED])
def test_an_act_is_named_as_it_is_told(
    index: ActorIndex, sentence: str, expected: list[str]
) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    assert [f"{one.event_class} {one.act}" for one in facts] == expected
