"""Facts as a table: the sentence, its day of publication, and all that may be read off it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import Reading
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)  # a Thursday


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def told(reading: Reading) -> list[str]:
    """Write each fact in a line: source act target, then what is not the rule."""
    lines = []
    for fact in reading.facts:
        parts = [fact.source_actor, fact.event_class.value, fact.target_actor or "-"]
        if fact.status != "happened":
            parts.append(fact.status.value)
        if fact.claimant:
            parts.append(f"says {fact.claimant}")
        if fact.place:
            parts.append(f"at {fact.place}")
        if fact.event_date:
            parts.append(f"{fact.event_date}/{fact.date_precision}")
        lines.append(" ".join(parts))
    return sorted(lines)


STATED = [
    # meetings, talks, visits
    ("Iranian President Masoud Pezeshkian met Hakan Fidan on Wednesday.",
     ["person:masoud-pezeshkian CONSULT person:hakan-fidan 2025-06-11/day"]),
    ("Qatari officials held indirect talks with Hamas.", ["state:qat CONSULT group:hamas"]),
    ("Iran and the United States met in Oman.", ["state:irn CONSULT state:usa at state:omn"]),
    ("Talks between Iran and the United States will be held in Oman.",
     ["state:irn CONSULT state:usa planned at state:omn"]),
    ("Vladimir Putin visited China in May 2025.", ["person:vladimir-putin CONSULT state:chn 2025-05-01/month"]),
    ("The Emir of Qatar plans to visit Turkey next year.",
     ["person:tamim-bin-hamad-al-thani CONSULT state:tur planned"]),
    ("Iran's foreign minister, who is in Doha, met with his Qatari counterpart.",
     ["person:abbas-araghchi CONSULT state:qat"]),
    ("Masoud Pezeshkian praised Qatar during a meeting with Hakan Fidan.",
     ["person:masoud-pezeshkian CONSULT person:hakan-fidan",
      "person:masoud-pezeshkian SUPPORT state:qat"]),
    ("Iran to hold talks with Turkey", ["state:irn CONSULT state:tur planned"]),
    ("Iranian President Masoud Pezeshkian on Sunday hosted Hakan Fidan in Tehran.",
     ["person:masoud-pezeshkian CONSULT person:hakan-fidan at state:irn 2025-06-08/day"]),
    ("Masoud Pezeshkian, who visited Turkey, met with farmers.",
     ["person:masoud-pezeshkian CONSULT -", "person:masoud-pezeshkian CONSULT state:tur"]),
    # support, aid, cooperation
    ("A group of Qatari diplomats praised Iran's efforts.", ["state:qat SUPPORT state:irn"]),
    ("Donald Trump (DT) on Monday backed the plan.", ["person:donald-trump SUPPORT - 2025-06-09/day"]),
    ("Finland will give Tanzania a grant of two million dollars.", ["state:fin AID state:tza planned"]),
    ("Germany is providing radios and other equipment to Kenya.", ["state:deu AID state:ken ongoing"]),
    ("Israeli officials have shared evidence with Jordan.", ["state:isr COOPERATE state:jor"]),
    # giving way
    ("Boris Johnson resigned on Thursday to allow a vote.", ["person:boris-johnson RETREAT - 2025-06-12/day"]),
    ("Sudan on Sunday lifted a state of emergency.", ["state:sdn CONCEDE - 2025-06-08/day"]),
    ("Syria withdrew its troops from Lebanon.", ["state:syr RETREAT state:lbn"]),
    # requests
    ("Russia said that Sudan must return a helicopter.", ["state:rus REQUEST state:sdn"]),
    ("Turkey condemned the plan, urging Iraq to drop it.",
     ["state:tur ACCUSE -", "state:tur REQUEST state:irq"]),
    ("Iran urged Qatar to attack Israel.", ["state:irn REQUEST state:qat"]),
    ("Qatar, Egypt and the United States urged Hamas to accept the proposal.",
     ["state:egy REQUEST group:hamas", "state:qat REQUEST group:hamas", "state:usa REQUEST group:hamas"]),
    ("Turkey called on Israel to open the crossing.", ["state:tur REQUEST state:isr"]),
    ("Iran demanded that Israel withdraw.", ["state:irn REQUEST state:isr"]),
    ("Saudi Arabia invited the Emir of Qatar to Riyadh.", ["state:sau REQUEST person:tamim-bin-hamad-al-thani"]),
    # accusations
    ("Russia accused Ukraine of attacking a nuclear plant.",
     ["state:rus ACCUSE state:ukr", "state:ukr ASSAULT - says state:rus"]),
    ("Ukraine was accused by Russia of attacking a plant.", ["state:rus ACCUSE state:ukr"]),
    ("Qatar condemned the Israeli attack on Doha.",
     ["state:isr ASSAULT state:qat", "state:qat ACCUSE state:isr"]),
    ("The IAEA, which Iran criticizes, sent inspectors.", ["state:irn ACCUSE org:iaea ongoing"]),
    # agreements
    ("Qatar and Ukraine sign a defence pact that covers drones.", ["state:qat AGREE state:ukr"]),
    ("China strikes a deal with Iran.", ["state:chn AGREE state:irn"]),
    ("Australia signed a free trade agreement with India on Monday.",
     ["state:aus AGREE state:ind 2025-06-09/day"]),
    ("Iran agreed to meet Iraq.",
     ["state:irn AGREE state:irq", "state:irn CONSULT state:irq planned"]),
    # three do not agree two by two
    ("Angola, Namibia and Rwanda agreed to take back migrants from Britain.",
     ["state:ago AGREE -", "state:nam AGREE -", "state:rwa AGREE -"]),
    # moves
    ("Hamas leaders left Qatar for Turkey.", ["group:hamas MOVE state:tur at state:qat"]),
    ("The departure of Hamas from Qatar to Turkey was confirmed.",
     ["group:hamas MOVE state:tur at state:qat"]),
    ("Doha has a long record of hosting groups such as the Taliban and Hamas.",
     ["state:qat MOVE group:hamas", "state:qat MOVE group:taliban"]),
    # attacks
    ("Israeli airstrikes on Lebanon killed 12 people.", ["state:isr ASSAULT -", "state:isr ASSAULT state:lbn"]),
    ("Ukrainian forces attack a Russian airbase.", ["state:ukr ASSAULT state:rus"]),
    ("Russia launches missile and drone attacks on Ukraine.", ["state:rus ASSAULT state:ukr"]),
    ("Iran fired missiles at Israel on 1 October 2024.", ["state:irn ASSAULT state:isr 2024-10-01/day"]),
    ("Ismail Haniyeh was killed in an Israeli strike.", ["state:isr ASSAULT person:ismail-haniyeh"]),
    # who says so
    ("Israel said Hamas attacked an Egyptian convoy.",
     ["group:hamas ASSAULT state:egy says state:isr"]),
    ("Hamas attacked Israel, according to Iran.", ["group:hamas ASSAULT state:isr says state:irn"]),
    ("Iran attacked Iraq, Turkey said on Monday.",
     ["state:irn ASSAULT state:irq says state:tur"]),
    ("Pakistan said it struck Afghanistan.", ["state:pak ASSAULT state:afg says state:pak"]),
    ("Russia accused Ukraine of shelling a school in Kharkiv.",
     ["state:rus ACCUSE state:ukr", "state:ukr ASSAULT - says state:rus at place:kharkiv"]),
    # no target that is an actor: the act is whole without one
    ("Israel struck a hospital in Khan Younis.", ["state:isr ASSAULT - at place:khan-younis"]),
    ("Israel struck Hamas leaders in Doha.", ["state:isr ASSAULT group:hamas at state:qat"]),
    ("Police arrested 40 people in Minsk.", ["state:blr COERCE -"]),
    ("North Korea fired a ballistic missile on Monday.", ["state:prk MOBILIZE - 2025-06-09/day"]),
    ("At least six people were killed by Israeli forces in Rafah.",
     ["state:isr ASSAULT - at place:rafah"]),
    # rejection
    ("Iran refused to meet Israeli officials.", ["state:irn REJECT state:isr"]),
    ("Iran opposes an attack on Israel.", ["state:irn REJECT - ongoing"]),
    ("Lebanon rejected a proposal by France.", ["state:lbn REJECT state:fra"]),
    ("Palestinians reject the Israeli plan.", ["state:pse REJECT state:isr"]),
    ("Syria says it will not accept more refugees.", ["state:syr REJECT - says state:syr"]),
    ("Donald Trump ruled out a visit.", ["person:donald-trump REJECT -"]),
    # threats
    ("Russia threatened to break relations with Ukraine.", ["state:rus THREATEN state:ukr"]),
    ("Iran vowed revenge against Israel.", ["state:irn THREATEN state:isr"]),
    ("Turkey warned Iran against closing the strait.", ["state:tur THREATEN state:irn"]),
    ("Donald Trump's threats against Iran drew criticism.",
     ["person:donald-trump THREATEN state:irn"]),
    # sanctions
    ("France imposed sanctions on Iran.", ["state:fra SANCTION state:irn"]),
    ("Turkey expelled two Israeli diplomats.", ["state:tur SANCTION state:isr"]),
    ("Turkey cut ties with Syria.", ["state:tur SANCTION state:syr"]),
    ("China announced tariffs on Australian wine.", ["state:chn SANCTION state:aus"]),
    # forces and police
    ("Egypt deployed troops near Gaza.", ["state:egy MOBILIZE place:gaza-strip"]),
    ("Israeli soldiers arrested 12 Palestinians.", ["state:isr COERCE state:pse"]),
    ("Iran seized a Greek tanker.", ["state:irn COERCE state:grc"]),
    # blame in other words
    ("Donald Trump attacked Joe Biden over the war.",
     ["person:donald-trump ACCUSE person:joe-biden"]),
    ("Serbia lodged a protest with Albania.", ["state:srb ACCUSE state:alb"]),
    # what is no plain happening
    ("Israel vowed to strike Iran.", ["state:isr ASSAULT state:irn planned", "state:isr THREATEN state:irn"]),
    ("Israel may attack Iran.", ["state:isr ASSAULT state:irn possible"]),
    ("Iran did not attack Israel.", ["state:irn ASSAULT state:isr denied"]),
    ("Iran denied attacking Israel.", ["state:irn ASSAULT state:isr denied says state:irn"]),
    ("Iran reportedly attacked Israel.", ["state:irn ASSAULT state:isr possible"]),
    ("Turkey should attack Syria.", ["state:tur ASSAULT state:syr called for"]),
    # lists that a second verb takes over
    ("Israel bombed Syria and Lebanon condemned it.", ["state:isr ASSAULT state:syr"]),
]  # fmt: skip

NEAR_MISSES = [
    "Hamas called the ceasefire proposal a stunt.",
    "A fault at a Russian base may have allowed a drone to enter.",
    "The United States will leave the Paris climate agreement.",
    "The plan holds on the condition that Russia accepted the deal.",
    "Unions want to force Emmanuel Macron and his government to back down.",
    "Joe Biden left the White House.",
    "The system that Germany had offered Poland should go to Ukraine.",
    "Donald Trump returns to the campaign trail.",
    "The Hamas rescue teams came.",
    "The government that replaced Bashar al-Assad signed the deal.",
    "Crowds forced Bashar al-Assad, the president, to flee the country.",
    "Iran met Bashar al-Assad's lawyer.",
    "It was not Donald Trump who called for a deal.",
    "A former Iranian adviser praised Qatar.",
    "Photos: Russia invades Ukraine A woman waits in Odesa on March 27.",
    "Donald Trump declined to comment.",
    "Donald Trump promised sanctions will follow.",
    "Several Americans detained in Iran came home.",
    "Colleges reopened after pro-Palestinian protests.",
    "China's trade war with Mexico went on.",
    "Donald Trump blasted off in a rocket.",
    "Iran struck a conciliatory tone.",
    "The agencies were hit by Donald Trump.",
    "Officials fear that the ports will see a Russia strike.",
    "US Open champions were seized by doubt.",
    "If Iran attacked Israel, the United States would respond.",
    "Did Iran attack Israel?",
    "The killing of Hamas leader Ismail Haniyeh angered Iran.",
    "“We will strike Israel,” a commander told the crowd.",
    "Israeli tourists visited a museum.",
    "An Iranian film won a prize in Israel.",
    "Former Israeli officials met in a hotel.",
    "Fears of an Israeli attack on Iran grew.",
    "There were no Israeli strikes on Lebanon.",
    "The talks between Iran and Qatar were cancelled.",
    "Iran Khodro flew parts to Turkey.",
    "Iran's economy hit a low.",
    "Brazil returned responsibility for the embassy to Argentina.",
    "Hamas left the talks.",
    "Haniyeh killed in Tehran",
    "Yahya Sinwar was killed in Rafah.",
    "Hakan Fidan was received in Lebanon.",
    "Iran asked whether the Emir of Qatar was invited to Turkey.",
    "Qatar was asked whether Iran attacked Israel.",
]


@pytest.mark.parametrize(("sentence", "expected"), STATED, ids=[s for s, _ in STATED])
def test_stated(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    reading = read("", sentence, DAY, index, "test")
    assert told(reading) == sorted(expected)
    for fact in reading.facts:
        for quote in fact.evidence:
            assert sentence[quote.start : quote.end] == quote.quote


@pytest.mark.parametrize("sentence", NEAR_MISSES)
def test_not_stated(index: ActorIndex, sentence: str) -> None:
    assert told(read("", sentence, DAY, index, "test")) == []


LONG = [
    "Iran " + "reportedly allegedly " * 50 + "attacked",
    "Iran, which met Iraq, " * 50,
    "Iran " + "attacked the big new school and the " * 30 + "Iraq",
    "Iran and Iraq " * 60 + "accused sanctions threaten attack",
    "Iran " + "said it has been going to " * 40 + "strike",
    "Iran – a state – " * 60 + "met",
    "Israeli airstrikes attack raid strikes killed people in Gaza " * 18,
]


@pytest.mark.parametrize("sentence", LONG, ids=[text[:24] for text in LONG])
def test_a_long_muddle_is_read_to_its_end(index: ActorIndex, sentence: str) -> None:
    """A pattern that tries all combinations of words would not come back from these."""
    assert read("", sentence, DAY, index, "test").passages


def test_a_pronoun_keeps_the_subject_and_brings_its_sentence(index: ActorIndex) -> None:
    text = "Hakan Fidan spoke in Doha. He accused Israel of obstruction. It rejected the charge."
    (fact,) = read("", text, DAY, index, "test").facts
    assert (fact.source_actor, fact.target_actor) == ("person:hakan-fidan", "state:isr")
    assert [quote.quote for quote in fact.evidence] == [
        "He accused Israel of obstruction.",
        "Hakan Fidan spoke in Doha.",
    ]


def test_she_who_says_it_is_another(index: ActorIndex) -> None:
    """Whom the sentence does not name cannot be shown to say it, so that it is not told."""
    assert read("", "Hakan Fidan accused Israel, she said.", DAY, index, "test").facts == ()


def test_the_date_is_that_of_its_own_clause(index: ActorIndex) -> None:
    text = "After envoys had met on May 2, Iran attacked Iraq."
    (fact,) = read("", text, DAY, index, "test").facts
    assert fact.event_date is None


def test_weekday_without_a_publication_date_dates_nothing(index: ActorIndex) -> None:
    reading = read("", "Masoud Pezeshkian met Hakan Fidan on Wednesday.", None, index, "test")
    assert [fact.event_date for fact in reading.facts] == [None]


def test_an_article_tells_one_meeting_several_times(index: ActorIndex) -> None:
    text = (
        "Iran and Qatar held talks on Wednesday.\n\n"
        "Iranian President Masoud Pezeshkian met Qatari Prime Minister and Foreign Minister "
        "Sheikh Mohammed bin Abdulrahman Al Thani.\n\n"
        "The talks between Iranian and Qatari leaders ended late."
    )
    facts = [
        fact for fact in read("", text, DAY, index, "test").facts if fact.event_class == "CONSULT"
    ]
    assert len(facts) == 1
    meeting = facts[0]
    assert {meeting.source_actor, meeting.target_actor} == {
        "person:masoud-pezeshkian",
        "person:mohammed-bin-abdulrahman-al-thani",
    }
    assert len(meeting.evidence) == 3
    assert meeting.event_date == date(2025, 6, 11)


def test_a_planned_visit_goes_where_its_visitor_was_invited(index: ActorIndex) -> None:
    text = (
        "Iran extended an invitation for the Emir of Qatar to visit Tehran. Sheikh Mohammed bin "
        "Abdulrahman Al Thani responded, revealing plans for the Emir’s visit in the coming year."
    )
    visits = [
        fact for fact in read("", text, None, index, "test").facts if fact.event_class == "CONSULT"
    ]
    assert [
        (fact.source_actor, fact.target_actor, fact.status.value, fact.claimant) for fact in visits
    ] == [
        (
            "office:emir-of-qatar",
            "state:irn",
            "planned",
            "person:mohammed-bin-abdulrahman-al-thani",
        )
    ]
    assert len(visits[0].evidence) == 2


def test_he_is_who_the_sentence_before_is_about(index: ActorIndex) -> None:
    text = (
        "Hakan Fidan spoke in Doha. He said that Iran attacked Iraq. She said Iran attacked Oman."
    )
    assert told(read("", text, DAY, index, "test")) == [
        "state:irn ASSAULT state:irq says person:hakan-fidan",
    ]


def test_the_original_source_is_read_and_is_no_passage(index: ActorIndex) -> None:
    text = "Iran met Qatar.\nOriginal Source: www.jpost.com"
    reading = read("", text, None, index, "test")
    assert reading.original_source == "jpost.com"
    assert reading.passages == ((0, 15),)
