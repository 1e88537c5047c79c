"""What an act is about, in the sentence's own words: whole, or not told at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import FoundFact
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def _facts(index: ActorIndex, sentence: str) -> tuple[FoundFact, ...]:
    return read("", sentence, DAY, index, "test").facts


def _told(index: ActorIndex, sentence: str) -> list[str]:
    return [
        f"{one.act}: {one.target_actor or one.target_words or '-'}"
        for one in _facts(index, sentence)
    ]


ABOUT = [
    # what is asked for, with all that belongs to it
    ("Turkey called for cheaper bread for pupils.", ["call for: cheaper bread for pupils"]),
    ("Turkey called for someone to mend the clock.", ["call for: someone to mend the clock"]),
    ("Turkey asked for a map of the caves.", ["ask for: a map of the caves"]),
    ("Turkey is seeking more information on its clinics.",
     ["seek: more information on its clinics"]),
    ("Turkey requested the bell be rung at noon.", ["request: the bell be rung at noon"]),
    ("Turkey demanded “a clear answer” from the clerks.",
     ["demand: “a clear answer” from the clerks"]),
    ("Turkey asked for “a clear answer.”", ["ask for: a clear answer"]),
    # what is promised, accepted, refused, threatened, allowed
    ("Turkey agreed to paint the bridges.", ["agree to: paint the bridges"]),
    ("Turkey agreed on a plan for the harbour.", ["agree on: a plan for the harbour"]),
    ("Turkey signed a pact on fishing with nobody.", ["sign: a pact on fishing with nobody"]),
    ("Turkey has offered to mend the roof.", ["offer to: mend the roof"]),
    ("Turkey promised to lower rents, and rents rose.", ["promise to: lower rents"]),
    ("Turkey is committed to planting trees.", ["commit to: planting trees"]),
    ("Hakan Fidan will accept the nomination on Monday.", ["accept: the nomination"]),
    ("Turkey refused to mend the roof.", ["refuse to: mend the roof"]),
    ("Turkey would not join the choir.", ["refuse to: join the choir"]),
    ("Turkey declined to thank the clerks for their work.",
     ["decline to: thank the clerks for their work"]),
    ("Turkey's refusal to mend the roof angered pupils.", ["refuse to: mend the roof"]),
    ("Turkey threatened to dock the pay of clerks who stay at home.",
     ["threaten to: dock the pay of clerks who stay at home"]),
    ("Turkey brokered a truce between the choirs.", ["broker: a truce between the choirs"]),
    ("Turkey is negotiating a treaty on kites.", ["negotiate over: a treaty on kites"]),
    ("Turkey negotiated a narrow bend.", []),
    ("Turkey should allow more lorries into the harbour.",
     ["allow: more lorries into the harbour"]),
    ("Turkey lifted the curfew.", ["lift: the curfew"]),
    ("Turkey lifted the curfew on cafes.", ["ease restrictions: cafes"]),
    ("Turkey backed down from its plan.", ["back down from: its plan"]),
    ("Turkey launched an investigation into whether bakers cheated.",
     ["investigate: whether bakers cheated"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ABOUT, ids=[one[0] for one in ABOUT])
def test_what_an_act_is_about(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    assert _told(index, sentence) == expected
    for one in _facts(index, sentence):
        assert one.target_words is None or one.target_words in one.evidence[0].quote


ENDS = [
    # at another clause, a mark, what is said with it
    ("Turkey refused to mend the roof because it was old.", ["refuse to: mend the roof"]),
    ("Turkey refused to mend the roof and left the talks.", ["refuse to: mend the roof"]),
    ("Turkey refused to mend the roof, saying it was old.", ["refuse to: mend the roof"]),
    ("Turkey refused to mend the roof claiming that bakers could.", ["refuse to: mend the roof"]),
    ("Turkey refused to mend the roof as it was old.", ["refuse to: mend the roof"]),
    ("Turkey agreed to a fair, open vote.", ["agree to: a fair, open vote"]),
    ("Turkey agreed to pay a fine, mend the roof and leave.", ["agree to: pay a fine"]),
    ("“Turkey refused to mend the clerks' roof. It is old,” said Oman.",
     ["refuse to: mend the clerks' roof"]),
    ("Turkey asked for a rule to keep the bakers of the old market from speaking or writing of it.",
     ["ask for: a rule to keep the bakers of the old market"]),
    ("Turkey called for a new roof as Hakan Fidan paints the bridge.", ["call for: a new roof"]),
    ("Turkey called for a look into the fire of May 6, 2021.",
     ["call for: a look into the fire of May 6, 2021"]),
    # which of them it is belongs to it
    ("Turkey refused any roof that would not keep the rain out, bakers said.",
     ["refuse: any roof that would not keep the rain out"]),
    ("Turkey refused the roof that, bakers said, leaks.", ["refuse: the roof"]),
    ("Turkey rejected a roof that does not last.", ["reject: a roof that does not last"]),
    ("Turkey rejected a roof which leaves the market wet.",
     ["reject: a roof which leaves the market wet"]),
    ("Turkey supports a law that would ban the sale of bells.",
     ["back: a law that would ban the sale of bells"]),
    ("Turkey ruled out any changes to the law on bells.",
     ["rule out: any changes to the law on bells"]),
    ("Turkey slammed a pause on loans.", ["criticize: a pause on loans"]),
    ("Turkey condemned the orders for three bakers.",
     ["condemn: the orders for three bakers"]),
    ("Turkey rejected the roof that bakers of the old market hall asked the king of the town to"
     " build for them.", []),
    ("Turkey agreed to a new roof earlier.", ["agree to: a new roof"]),
    ("Turkey requested a new roof as flood waters covered the old market.",
     ["request: a new roof"]),
    # what is too long is cut where another phrase begins
    ("Turkey called for a new roof over the old market hall to keep bakers and their bread dry.",
     ["call for: a new roof over the old market hall"]),
    ("Turkey agreed to a new course for bakers that asks every one of them to go to school twice.",
     ["agree to: a new course for bakers"]),
    # and else not told
    ("Turkey called for the very old stone roof of the market hall of the town of the bakers.", []),
    ("Turkey called for “a new roof on the market hall in the town, and a bell beside it, and bread"
     " for everybody who comes.", []),
    ("Turkey calls for bells in every ...", []),
    # nor what holds on a condition
    ("Turkey agreed to a new roof over the old market hall on the condition that bakers pay half.",
     []),
    ("Turkey agreed to a new roof over the old market hall if all the bakers of the town pay half.",
     []),
    ("Turkey agreed to mend the roof if paid.", ["agree to: mend the roof if paid"]),
    # nor what only points elsewhere
    ("Turkey refused to accept them.", []),
    ("Turkey refused to do so.", []),
    ("Turkey refused to mend.", []),
    ("Turkey refused to leave.", ["refuse to: leave"]),
    ("It is a roof that Turkey agreed to.", []),
    ("The fees that Turkey threatened to impose on toys would help.", []),
    ("It is a roof which Turkey refused to mend with wood.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ENDS, ids=[one[0] for one in ENDS])
def test_where_it_ends(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    assert _told(index, sentence) == expected


WHOLE = [
    # what says nothing without is no fact
    ("Turkey opposed.", []),
    ("Turkey asked on Monday.", []),
    ("Turkey imposed sanctions after the vote.", []),
    ("Turkey launched an offensive last week.", []),
    ("Turkey held an emergency meeting.", []),
    ("Hakan Fidan concedes on cake.", []),
    # what is whole without is one
    ("Hakan Fidan resigned on Monday.", ["resign: -"]),
    ("Hakan Fidan stepped down as minister.", ["step down: -"]),
    ("Hakan Fidan conceded.", ["concede: -"]),
    ("Turkey offered its condolences.", ["offer condolences: -"]),
    ("Turkey fired rockets across Syria.", ["attack: -"]),
    ("Turkey deployed troops on Monday.", ["deploy forces: -"]),
]


@pytest.mark.parametrize(("sentence", "expected"), WHOLE, ids=[one[0] for one in WHOLE])
def test_what_says_nothing_is_no_fact(
    index: ActorIndex, sentence: str, expected: list[str]
) -> None:
    assert _told(index, sentence) == expected


THINGS = [
    # it is not he who is rejected
    ("Turkey rejected Hakan Fidan's resignation.", ["reject: Hakan Fidan's resignation"]),
    ("Turkey rejected Hakan Fidan's plan.", ["reject: person:hakan-fidan"]),
    ("Turkey condemned Hakan Fidan's arrest.", ["condemn: Hakan Fidan's arrest"]),
    ("Turkey condemned Hakan Fidan's remarks.", ["condemn: person:hakan-fidan"]),
    ("Turkey declined to censure Hakan Fidan for the cake.",
     ["decline to: censure Hakan Fidan for the cake"]),
    ("Turkey declined to meet Hakan Fidan.", ["decline to meet: person:hakan-fidan"]),
    ("Turkey supports an independent Palestinian state.",
     ["back: an independent Palestinian state"]),
    ("Turkey supports the Palestinian government.", ["back: state:pse"]),
    # nor a state what its rebels are
    ("Iran gave refuge to Colombian guerrillas.", ["give aid: Colombian guerrillas"]),
    # whose it is that is frozen
    ("Turkey froze Iranian assets.", ["freeze assets: state:irn"]),
    ("Turkey froze all assets.", []),
    # nor those whom a truce is called after
    ("Turkey agreed to a limited Ukraine truce.", ["agree to: a limited Ukraine truce"]),
    ("Turkey agreed to pay Ukraine.", ["agree to pay: state:ukr"]),
    # from where somebody is banned
    ("Turkey banned TikTok from its schools.", ["ban: TikTok from its schools"]),
    ("Turkey banned TikTok.", ["ban: org:tiktok"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), THINGS, ids=[one[0] for one in THINGS])
def test_a_thing_of_somebodys_is_not_he(
    index: ActorIndex, sentence: str, expected: list[str]
) -> None:
    assert _told(index, sentence) == expected


CUT = [
    ("Hakan Fidan met with two representatives from the bakery for a chat.",
     ["meet: two representatives from the bakery"]),
    ("Turkey arrested two members from the choir of Oman.",
     ["arrest: two members from the choir of Oman"]),
    ("Hakan Fidan visited one of the towns hit by the flood.",
     ["visit: one of the towns hit by the flood"]),
    ("Turkey will work with both countries.", ["work with: both countries"]),
    ("Turkey praised both bakers and monks.", ["praise: bakers and monks"]),
    ("Turkey closed its airspace to Iranian planes.", ["shut: its airspace to Iranian planes"]),
    ("Turkey accused pensioners of theft.", ["accuse: pensioners"]),
    ("Turkey blamed the attack against its bakers on monks.", ["blame: monks"]),
    ("Turkey opposes efforts to paint the bridge.", ["oppose: efforts to paint the bridge"]),
    ("It was the only roof that Turkey rejected contained lead.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), CUT, ids=[one[0] for one in CUT])
def test_what_is_too_general_is_told_whole(
    index: ActorIndex, sentence: str, expected: list[str]
) -> None:
    assert _told(index, sentence) == expected


DEEDS = [
    # what is to be done to whom is part of the act
    ("Turkey has offered to help Ukraine.", ["offer to help: state:ukr"]),
    ("Turkey refused to talk to the Iraqi government.", ["refuse to talk to: state:irq"]),
    ("Turkey will not recognize Iraq.", ["refuse to recognize: state:irq"]),
    ("Turkey threatened to sue TikTok.", ["threaten to sue: org:tiktok"]),
    ("Turkey promised to feed Iraq.", ["promise to feed: state:irq"]),
    ("Turkey is willing to debate Iran twice.", ["commit to debate: state:irn"]),
    # but not from afar
    ("Turkey promised to send two very old and big ships to Iraq.", ["promise: state:irq"]),
]


@pytest.mark.parametrize(("sentence", "expected"), DEEDS, ids=[one[0] for one in DEEDS])
def test_what_is_to_be_done_to_whom(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    assert _told(index, sentence) == expected


def test_the_day_of_what_is_agreed_is_not_that_of_the_agreement(index: ActorIndex) -> None:
    one, two = (
        "Turkey agreed to mend the roof on June 2, 2024.",
        "Turkey signed a treaty on Monday.",
    )
    days = [str(_facts(index, text)[0].event_date) for text in (one, two)]
    assert days == ["None", "2025-06-09"]


def test_what_two_agree_to_is_told_of_both_at_once(index: ActorIndex) -> None:
    assert _told(index, "Turkey and Iran agreed to mend the bridge.") == ["agree: state:irn"]
