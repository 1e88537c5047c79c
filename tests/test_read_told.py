"""When an act was, whether it was, and who says so: each row beside a near miss."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import Status
from bot.read.reading import read

DAY = datetime(2025, 6, 12, tzinfo=UTC)  # a Thursday


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


STATUS = [
    # begun, tried, used to
    ("Israel has begun to attack Iran.", "ongoing"),
    ("Israel tried to attack Iran.", None),
    ("Israel is trying to attack Iran.", "possible"),
    # what never was
    ("Israel would have attacked Iran.", None),
    ("Israel would never have attacked Iran.", None),
    ("Israel has never attacked Iran.", "denied"),
    ("Had Israel attacked Iran, others would follow.", None),
    ("The idea that Israel attacked Iran spread.", None),
    ("Word that Israel attacked Iran spread.", "happened"),
    # what hangs on something
    ("Israel will attack Iran.", "planned"),
    ("Israel will attack Iran if talks fail.", "possible"),
    ("Israel planned to attack Iran but was forced to cancel.", None),
    ("Officials announced that Israel would attack Iran.", "planned"),
    ("Officials thought Israel would attack Iran.", "possible"),
    ("The office said Israel would attack Iran.", "planned"),
    ("He did not think that Israel attacked Iran.", None),
    ("Flights stopped due to an Israeli strike on Iran.", "happened"),
    ("Hakan Fidan did not visit Iran.", "denied"),
    ("Hakan Fidan did not visit Iran until May.", None),
    ("Israel said it would begin bombing Iran.", "planned"),
    # the present may be what is to come, or what goes on
    ("All will change once Israel attacks Iran.", "planned"),
    ("All changed once Israel attacked Iran.", "happened"),
    ("Turkey supports Iran.", "ongoing"),
    ("Turkey supported Iran.", "happened"),
    ("Hakan Fidan travels to Iran on Friday.", "planned"),
    ("Hakan Fidan travelled to Iran on Friday.", "happened"),
    ("Hakan Fidan is heading to Iran on Friday.", "planned"),
    # only alleged
    ("Locals claimed that Israel attacked Iran.", "possible"),
    ("Locals noticed that Israel attacked Iran.", "happened"),
    ("Six died in an apparent Israeli strike on Iran.", "possible"),
    ("Six died in an Israeli strike on Iran.", "happened"),
    # somebody unnamed is quoted
    ('"I saw that Israel attacked Iran," she said.', None),
    ('Israel attacked Iran with "many" missiles.', "happened"),
    ("“Israel attacked Iran,” a man said.", None),
    # what stands beside the subject says nothing of the verb
    ("Israel, which may yet fall, attacked Iran.", "happened"),
]


@pytest.mark.parametrize(("sentence", "expected"), STATUS, ids=[s for s, _ in STATUS])
def test_status(index: ActorIndex, sentence: str, expected: str | None) -> None:
    told = {fact.status.value for fact in read("", sentence, DAY, index, "test").facts}
    assert told == ({expected} if expected else set())


DATES = [
    ("Iran attacked Iraq on Monday.", "2025-06-09"),
    ("On Monday, Iran attacked Iraq.", "2025-06-09"),
    ("Iran on Monday attacked Iraq.", "2025-06-09"),
    ("Iran attacked Iraq, officials said on Monday.", None),
    ("On Monday, officials said that Iran attacked Iraq.", None),
    ("Iran defended its acts on May 6 and attacked Iraq.", None),
    ("Iran has been attacked by Iraq since Monday.", None),
    ("Iran attacked Iraq every Monday.", None),
    ("Iran attacked Iraq in April, 1997.", "1997-04-01"),
    ("Iran attacked Iraq on June 20, 2025.", None),  # after the article: no date of its
    ("Iran attacked Iraq on June 10, 2025.", "2025-06-10"),
    ("Iran on Monday urged Iraq to stop.", "2025-06-09"),
    ("Iran urged Iraq to stop on Monday.", None),
]


@pytest.mark.parametrize(("sentence", "expected"), DATES, ids=[s for s, _ in DATES])
def test_date(index: ActorIndex, sentence: str, expected: str | None) -> None:
    (fact,) = read("", sentence, DAY, index, "test").facts
    assert (fact.event_date.isoformat() if fact.event_date else None) == expected


# Published on 12 June 2025, a Thursday.
MONTHS = [
    ("Iran attacked Iraq in September.", "2024-09-01"),
    ("In September, Iran attacked Iraq.", "2024-09-01"),
    ("Iran attacked Iraq in May.", "2025-05-01"),
    ("Iran attacked Iraq in early June.", "2025-06-01"),
    ("Iran attacked Iraq in September 2021.", "2021-09-01"),
    ("Iran attacked Iraq on December 28.", "2024-12-28"),
    ("Iran has been attacked by Iraq since September.", None),
    # what is planned
    ("Iran will attack Iraq in September.", "2025-09-01"),
    ("Iran plans to attack Iraq in February.", "2026-02-01"),
    ("Iran will attack Iraq in June.", "2025-06-01"),
    ("Iran will attack Iraq on December 28.", "2025-12-28"),
    ("Iran will attack Iraq on 3 March.", "2026-03-03"),
    ("Iran will attack Iraq on June 20, 2025.", "2025-06-20"),
    ("Iran will attack Iraq on Monday.", "2025-06-16"),
    ("Iran will attack Iraq tomorrow.", "2025-06-13"),
    ("Iran will attack Iraq by September.", None),
    ("Iran will attack Iraq, officials said on Monday.", None),
    ("Iran on Monday vowed to attack Iraq.", None),
    ("Iran vowed to attack Iraq in a statement on Monday.", None),
    ("Iran will attack Iraq in September 2021.", None),
]


@pytest.mark.parametrize(("sentence", "expected"), MONTHS, ids=[s for s, _ in MONTHS])
def test_a_month_without_a_year_is_the_coming_one_of_a_plan(
    index: ActorIndex, sentence: str, expected: str | None
) -> None:
    facts = read("", sentence, DAY, index, "test").facts
    (fact,) = [one for one in facts if one.status is Status.PLANNED] or facts
    assert (fact.event_date.isoformat() if fact.event_date else None) == expected


CLAIMS = [
    ("Turkey said Israel attacked Iran.", "state:tur"),
    ("Turkey and other officials said Israel attacked Iran.", "state:tur"),
    ("Turkey suggested in a letter that Israel attacked Iran.", "state:tur"),
    ("Turkey said all is well, but Israel attacked Iran.", None),
    ("Turkey wrote that Israel attacked Iran.", "state:tur"),
    ("Turkey told the press after Israel attacked Iran.", None),
    ("Turkey named Hakan Fidan, who said Israel attacked Iran.", "person:hakan-fidan"),
    ("Turkey announced Hakan Fidan, whose friends saw how Israel attacked Iran.", None),
    ("Israel attacked Iran, Turkey said.", "state:tur"),
    ("Israel, who attacked Iran, said Turkey promised help.", None),
    ("As Israel attacked Iran, Turkey said that it rained.", None),
    ("Turkey told reporters that Israel attacked Iran.", "state:tur"),
    ("Turkey spoke as Israel attacked Iran.", None),
]


@pytest.mark.parametrize(("sentence", "expected"), CLAIMS, ids=[s for s, _ in CLAIMS])
def test_claimant(index: ActorIndex, sentence: str, expected: str | None) -> None:
    told = read("", sentence, DAY, index, "test").facts
    assert [fact.claimant for fact in told if fact.event_class == "ASSAULT"] == [expected]


def test_what_the_article_tells_itself_is_nobodys_claim(index: ActorIndex) -> None:
    text = "Turkey said Israel attacked Iran.\n\nIsrael attacked Iran."
    (fact,) = read("", text, DAY, index, "test").facts
    assert (fact.claimant, len(fact.evidence)) == (None, 2)
