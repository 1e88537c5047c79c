"""Words that are cut, and sentences that tell of nobody's act: each beside what may be told."""

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


def _told(index: ActorIndex, sentence: str) -> list[str]:
    return [
        f"{one.event_class} {one.target_actor or one.target_words or '-'}"
        for one in read("", sentence, DAY, index, "test").facts
    ]


WHOLE = [
    # cut in a name, a figure, a quote: nothing is told
    ("Turkey condemned the union's proposed rules.", ["ACCUSE the union's proposed rules"]),
    ("Turkey condemned the union's “careless” rules.", ["ACCUSE the union's “careless” rules"]),
    ("Turkey condemned the union's “careless and slow”.", []),
    ("Turkey arrested 25 suspected thieves.", ["COERCE 25 suspected thieves"]),
    ("Turkey will arrest 2 million to 3 million thieves.", []),
    ("Turkey praised 1,500 nurses.", ["SUPPORT 1,500 nurses"]),
    ("Russian strikes hit at least three schools.", ["ASSAULT at least three schools"]),
    ("Turkey backed a clerk-led walkout.", ["SUPPORT a clerk-led walkout"]),
    ("Turkey criticized ‘wasteful’ clerks.", []),
    ("Turkey arrested a clerk/driver.", []),
    ("Iran visited the site of the Aug. 3 blast.", []),
    # whose doing is told beside is cut off, or not read at all
    ("Turkey rejected a bill limiting rents.", ["REJECT a bill limiting rents"]),
    ("Turkey rejected a peacekeeping force.", ["REJECT a peacekeeping force"]),
    ("Turkey rejected the union's hiring plans.", ["REJECT the union's hiring plans"]),
    ("Turkey praised family members for the work.", ["SUPPORT family members"]),
    ("Turkey criticized the high cost of housing.", ["ACCUSE the high cost of housing"]),
    ("Turkey condemned attacks on the press.", ["ACCUSE attacks on the press"]),
    ("Hakan Fidan met with soldiers and handed out medals.", ["CONSULT soldiers"]),
    ("Hakan Fidan met with soldiers and nurses.", ["CONSULT soldiers and nurses"]),
    ("Turkey accused clerks of theft.", ["ACCUSE clerks"]),
    ("Hakan Fidan visited one of the towns hardest hit by the storm.",
     ["CONSULT one of the towns hardest hit by the storm"]),
    # who is asked can do it
    ("Turkey urged an end to the strike.", ["REQUEST an end to the strike"]),
    ("Turkey urged clerks to end the strike.", ["REQUEST clerks"]),
    ("Turkey urged clerks across the land to end the strike.", ["REQUEST clerks"]),
    ("Turkey called for talks to end the strike.", ["REQUEST talks to end the strike"]),
    ("Turkey called for employers to end the strike.", ["REQUEST employers to end the strike"]),
    ("Turkey demanded that the drivers leave.", ["REQUEST that the drivers leave"]),
    ("Turkey demanded that the work stop.", ["REQUEST that the work stop"]),
    # what is somebody's is not he
    ("Turkey seized Hakan Fidan's phones.", ["COERCE Hakan Fidan's phones"]),
    ("Turkey detained Hakan Fidan.", ["COERCE person:hakan-fidan"]),
    # a house, a hall; no place at all
    ("Hakan Fidan arrived at the airport.", ["MOVE the airport"]),
    ("Hakan Fidan returned to the dais.", []),
    ("Bashar al-Assad fled to Russia.", ["MOVE state:rus"]),
    # the contrary of easing
    ("Qatar rolled back curbs on Oman.", ["CONCEDE state:omn"]),
    ("Qatar rolled out curbs on Oman.", []),
    # who is backed, and what is
    ("Turkey supports children getting help.", ["SUPPORT children getting help"]),
    ("Turkey supports children.", ["SUPPORT children"]),
    # whose name stands after the comma
    ("Hakan Fidan met with mayoral candidate, Ada Ruritan.", []),
    ("Hakan Fidan met with Democratic US Senate candidate, Lt. Gov. Ada Ruritan.", []),
    ("Hakan Fidan met with a clerk, who left.", ["CONSULT a clerk"]),
    # what is agreed is not with whom
    ("China agreed to buy more Russian wheat.", ["AGREE buy more Russian wheat"]),
    ("China agreed to pay Russia.", ["AGREE state:rus"]),
    ("Oman wants to hammer out an agreement between Iran and Iraq.", []),
    ("China promised to take down Russian gangs.", []),
    # threatened is not done
    ("Donald Trump threatened tariffs on all Mexican imports.", ["THREATEN state:mex"]),
    ("Donald Trump imposed tariffs on all Mexican imports.", ["SANCTION state:mex"]),
    # another who did it
    ("Joe Biden thanked Hakan Fidan, who took part in the talks with Iran.",
     ["SUPPORT person:hakan-fidan"]),
    ("The family of US teacher Hakan Fidan called for the White House to help.", []),
    # it is not this that is given or done
    ("Norway gave food to Oman.", ["AID state:omn"]),
    ("Norway offers food storage tips.", []),
    ("Hakan Fidan delivered a speech on winning re-election to the US Senate.", []),
    ("Hakan Fidan surrendered to clerks in Iran.", []),
    ("Iran fired ballistic missiles.", ["MOBILIZE -"]),
    ("Iran fired ballistic missiles at targets in Israel.", ["ASSAULT targets in Israel"]),
    # another's act
    ("The adviser of a minister said much, and Iran condemned Iraq.", ["ACCUSE state:irq"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), WHOLE, ids=[one[0] for one in WHOLE])
def test_words_are_whole_or_not_told(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    assert _told(index, sentence) == expected


NO_ACTS = [
    # asked in a poll
    "57% of voters said they believed that Russia attacked Ukraine.",
    "A poll found that Turkey criticized Iran too often.",
    "Most people surveyed said that Turkey should leave Iraq.",
    # played
    "Qatar attacked Iran in the second half.",
    "Qatar beat Iran 2-0 after it attacked Iran from the start.",
    # made up
    "In the film, Russia attacks Ukraine.",
    "Hakan Fidan is committed to starring in a play.",
    # headlines that leave out a verb
    "Hakan Fidan sued: a family wants its money",
]


@pytest.mark.parametrize("sentence", NO_ACTS)
def test_nobody_does_it(index: ActorIndex, sentence: str) -> None:
    assert _told(index, sentence) == []


ACTS = [
    ("Turkey criticized the polls.", ["ACCUSE the polls"]),
    ("Qatar attacked Iran in the second week.", ["ASSAULT state:irn"]),
    ("Turkey condemned the film.", ["ACCUSE the film"]),
]


@pytest.mark.parametrize(("sentence", "expected"), ACTS, ids=[one[0] for one in ACTS])
def test_near_these_somebody_does(index: ActorIndex, sentence: str, expected: list[str]) -> None:
    assert _told(index, sentence) == expected


ACTS_BY_NAME = [
    ("Turkey arrested two clerks.", "arrest"),
    ("Turkey jailed two clerks.", "jail"),
    ("Turkey deported two clerks.", "deport"),
    ("Turkey abducted two clerks.", "abduct"),
    ("Two clerks were deported by Turkey.", "deport"),
    ("Turkey shut its border.", "shut"),
    ("Turkey blocked the ports.", "block"),
]


@pytest.mark.parametrize(("sentence", "act"), ACTS_BY_NAME, ids=[one[0] for one in ACTS_BY_NAME])
def test_an_act_is_named_as_it_was_done(index: ActorIndex, sentence: str, act: str) -> None:
    assert [one.act for one in read("", sentence, DAY, index, "test").facts] == [act]


def test_no_government_is_called_after_a_wife(index: ActorIndex) -> None:
    text = "First lady Jill Biden left for Ukraine. The Biden administration will sanction Oman."
    told = read("", text, DAY, index, "test").facts
    assert [one.source_actor for one in told if one.event_class == "SANCTION"] != ["person:new-0"]
    text = "Mayor Ada Ruritan left for Ukraine. The Ruritan administration will sue Oman."
    assert [one.act for one in read("", text, DAY, index, "test").facts][-1] == "sue"


def test_a_weekday_that_is_tomorrows_too_dates_nothing(index: ActorIndex) -> None:
    days = {
        day: read("", f"Iran attacked Iraq on {day}.", DAY, index, "test").facts[0].event_date
        for day in ("Thursday", "Saturday", "Friday", "last Friday")
    }
    assert {day: str(found) for day, found in days.items()} == {
        "Thursday": "2025-06-12",
        "Saturday": "2025-06-07",
        "Friday": "None",
        "last Friday": "2025-06-06",
    }


def test_whom_he_met_is_named_or_nothing_is_told(index: ActorIndex) -> None:
    one = "A man, whom Hakan Fidan met with on Friday, left."
    assert read("", one, DAY, index, "test").facts == ()


def test_an_invasion_is_known_of_by_whoever_speaks_of_it(index: ActorIndex) -> None:
    told = read(
        "", "Officials say prices rose after Russia's invasion of Ukraine.", DAY, index, "t"
    )
    (fact,) = told.facts
    assert (fact.status, fact.claimant_words) == ("happened", None)


def test_tariffs_that_would_do_something_are_not_imposed(index: ActorIndex) -> None:
    ahead = "Qatari tariffs on Oman, Iraq would lift prices."
    there = "Qatari tariffs on Oman lift prices."
    assert not [one for one in _told(index, ahead) if one.startswith("SANCTION")]
    assert _told(index, there) == ["SANCTION state:omn"]
