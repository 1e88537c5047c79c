"""What is no fact, beside what is: near misses as a table, and patterns that share a beginning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.read.lexicon import GAP
from bot.read.patterns import PATTERNS
from bot.read.patterns.pattern import Line
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


CASES = [
    # talks refused are no talks
    ("Iran held direct talks with Iraq.", ["state:irn CONSULT state:irq"]),
    ("Iran rejected direct talks with Iraq.", ["state:irn REJECT state:irq"]),
    ("Iran had rejected holding direct talks with Iraq.", ["state:irn REJECT state:irq"]),
    ("Iran had talks with Iraq.", ["state:irn CONSULT state:irq"]),
    # only weighed
    ("Qatar announced a ban on Russian oil.", ["state:qat SANCTION state:rus"]),
    ("Qatar examining ban on Russian oil.", []),
    ("Qatar banned the Omani import of all Russian oil.", ["state:qat SANCTION state:omn"]),
    # whom rebels act for
    ("Syrian officials refused to join the talks.", ["state:syr REJECT -"]),
    ("Syrian rebels refused to join the talks.", []),
    # people who are counted are not their state
    ("The Germans praised Qatar.", ["state:deu SUPPORT state:qat"]),
    ("Germans praised Qatar.", []),
    ("Most Germans praised Qatar.", []),
    ("Americans praised Qatar.", []),
    ("Iran tried to free some of the Americans detained in Oman.", []),
    ("Iran bombed Iraqis in Basra.", ["state:irn ASSAULT state:irq at place:basra"]),
    # words against a person are no blows; sports are no war
    ("US officials attack Vladimir Putin.", ["state:usa ACCUSE person:vladimir-putin"]),
    ("US lawmakers attack Vladimir Putin.", []),
    ("Saudi Arabia beat Oman 2-1 after it attacked Oman late in the match.", []),
    # aid to a place goes there
    ("Norway sent aid to Gaza.", ["state:nor AID - at place:gaza-strip"]),
    ("Norway sent aid to Oman.", ["state:nor AID state:omn"]),
    ("Iran-backed gunmen attacked Iraq.", []),
    ("Iran attacked US-backed gunmen.", ["state:irn ASSAULT -"]),
    ("Syria accused the US-led coalition of theft.", ["state:syr ACCUSE -"]),
    ("Anti-Iran strikes hit Iraq.", []),
    # officials are their state, its private people and its opposition are not
    ("Turkish officials accused Iran of theft.", ["state:tur ACCUSE state:irn"]),
    ("Turkish voters accused Iran of theft.", []),
    ("Young Turkish activists accused Iran of theft.", []),
    ("The Turkish opposition accused Iran of theft.", []),
    ("Afghans moved to Qatar.", []),
    ("Iran detained two French tourists.", ["state:irn COERCE state:fra"]),
    ("Iran praised two French tourists.", ["state:irn SUPPORT -"]),
    ("Vladimir Putin met Hakan Fidan.", ["person:vladimir-putin CONSULT person:hakan-fidan"]),
    ("Vladimir Putin met critics of Hakan Fidan.", []),
    ("Vladimir Putin met Hakan Fidan critics.", []),
    ("Serbia backed several UN resolutions.", ["state:srb SUPPORT -"]),
    ("Serbia backed the UN.", ["state:srb SUPPORT org:un"]),
    # a house, and who sits there
    ("Joe Biden returned to the White House.", ["person:joe-biden MOVE -"]),
    ("Turkey accused the White House of theft.", ["state:tur ACCUSE state:usa"]),
    # tariffs are no blows
    ("China hit Mexico with missiles.", ["state:chn ASSAULT state:mex"]),
    ("China hit Mexico with new tariffs.", ["state:chn SANCTION state:mex"]),
    ("Israeli strikes in Lebanon killed two.", ["state:isr ASSAULT - at state:lbn"]),
    ("Two Israeli soldiers were killed in Lebanon.", []),
    ("Two Israeli soldiers were killed in a Lebanese strike.", ["state:lbn ASSAULT state:isr"]),
    # a noun after a name, and a verb between them
    ("Turkish support for Iran grew.", ["state:tur SUPPORT state:irn"]),
    ("Turkey discussed its support for Iran.", []),
    ("Officials want the plan and Turkey support be tied together.", []),
    # whose verb it is
    ("A force that helps to defeat Hamas threatened the town.", []),
    (
        "The deal replaced Boris Johnson, who resigned on Monday.",
        ["person:boris-johnson RETREAT -"],
    ),
    ("Buses have left Italy headed to Austria.", []),
    ("Russia demanded that Ukraine recognise Syria as a friend.", ["state:rus REQUEST state:ukr"]),
    (
        "Vladimir Putin smiled as he urged Iran to stop.",
        ["person:vladimir-putin REQUEST state:irn"],
    ),
    ("Vladimir Putin lawyer Ada Kell smiled as he urged Iran to stop.", []),
    ("The US sanctions Iran over its acts.", ["state:usa SANCTION state:irn"]),
    ("The Russia sanctions lead at the club spoke.", []),
    ("A law was struck down by Iran.", []),
    ("A village was struck by Iran.", ["state:irn ASSAULT -"]),
    ("Iran fired missiles at Turkey.", ["state:irn ASSAULT state:tur"]),
    ("Iran fired missiles into the waters around Turkey.", []),
    ("Turning Point USA will host talks.", []),
    ("In return the USA will host talks.", ["state:usa MOVE -"]),
    ("GOP leaders asked Iran to stop.", ["org:republican-party REQUEST state:irn"]),
    ("A GOP governor asked Iran to stop.", []),
    ("Ukraine's U.N. ambassador Ada Kell accused Russia.", ["state:ukr ACCUSE state:rus"]),
    ("Iran rejected a pact with Turkey.", ["state:irn REJECT state:tur"]),
    ("Turkey encouraged people to stay.", ["state:tur REQUEST -"]),
    ("Turkey encouraged innovation to stay ahead.", []),
    ("Turkey allowed ships to pass.", ["state:tur CONCEDE -"]),
    ("Turkey allows anyone to pass.", []),
    ("Hakan Fidan arrived at the hall.", ["person:hakan-fidan MOVE -"]),
    ("Hakan Fidan arrived at the conclusion.", []),
    ("Iran threatened to block the strait.", ["state:irn THREATEN -"]),
    ("Iran threatened to overshadow the vote.", []),
    ("Men in Iraq, who attacked Iran, fled.", []),
    (
        "A letter from Hakan Fidan, who met Vladimir Putin, came.",
        ["person:hakan-fidan CONSULT person:vladimir-putin"],
    ),
    ("Members of Hamas praised Iran.", ["group:hamas SUPPORT state:irn"]),
    ("Two members of the UN praised Iran.", []),
    ("Hakan Fidan agreed to a deal.", ["person:hakan-fidan AGREE -"]),
    ("Hakan Fidan agreed that the view is fine.", []),
    ("Iran and Turkey agreed to talk.", ["state:irn AGREE state:tur"]),
    ("Talks for a deal between Iran and Turkey began.", []),
    ("US arms for Iran arrived.", ["state:usa AID state:irn"]),
    ("Cutting US arms for Iran is on the table.", []),
    ("Israel hit back at Hezbollah with talk.", []),
    ("Hakan Fidan hit back at Iran.", ["person:hakan-fidan ACCUSE state:irn"]),
    ("He stressed the importance of the deal between Iran and Turkey.", []),
    ("He signed the deal between Iran and Turkey.", ["state:irn AGREE state:tur"]),
    ("Turkey declined to meet Iran.", ["state:tur REJECT state:irn"]),
    ("Turkey declined to condemn Iran.", ["state:tur REJECT -"]),
    # who bears the name
    (
        "Joe Biden met Hakan Fidan. Biden praised Turkey.",
        ["person:joe-biden CONSULT person:hakan-fidan", "person:joe-biden SUPPORT state:tur"],
    ),
    (
        "Joe Biden met Hakan Fidan. Jill Biden spoke. Biden praised Turkey.",
        ["person:joe-biden CONSULT person:hakan-fidan"],
    ),
    # whose adviser he is
    ("Vladimir Putin said he accused Oman of dumping.", ["person:vladimir-putin ACCUSE state:omn"]),
    ("Vladimir Putin's adviser said he accused Oman of dumping.", []),
    # to add something is no saying
    (
        "To count Qataris adds to reasons why Vladimir Putin promised to change the law.",
        ["person:vladimir-putin AGREE -"],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[case[0] for case in CASES])
def test_near_misses(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    told = [
        f"{fact.source_actor} {fact.event_class.value} {fact.target_actor or '-'}"
        + (f" at {fact.place}" if fact.place else "")
        for fact in read("", sentence, DAY, index, "test").facts
    ]
    assert told == expected


def test_what_patterns_begin_with_is_shared() -> None:
    beginnings = {one.expression.partition(GAP)[0] for one in PATTERNS if GAP in one.expression}
    assert len(beginnings) < 10  # each is compiled in every process that reads
    assert all(
        one.expression.partition(GAP)[2].startswith(" ")
        for one in PATTERNS
        if GAP in one.expression
    )


def test_a_verb_is_found_with_what_the_same_subject_did_before() -> None:
    meet = next(one for one in PATTERNS if one.name == "meet")
    found = meet.matches(Line(" <n0> visited warsaw and later met <n1> in <p2> . "))
    assert [(one.groups["s"], one.groups["o"], one.verb) for one in found] == [("0", "1", "met")]
    assert found[0].line[found[0].start : found[0].end].endswith("met <n1>")
    assert meet.matches(Line(" <p0> met <n1> . ")) == []
