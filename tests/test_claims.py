"""Claims against sentences: stated, or why not; over a real desk what is reported and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.claim_comparison import Comparison, compare, learn_words, main_act, parse, pieces
from bot.answer.claims import COPIES, DENIED, INDEPENDENT, NOTHING_SAYS_SO
from bot.answer.cli_output import views
from bot.desk import Desk
from bot.models import Answer, Asker, Draft, Nothing
from bot.text.english import alike, opposed, verb_of
from bot.text.networks import encode
from handlers.blocks.notes import nothing
from tests.stocked import opened

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
STORED = {
    "Gazette": (2026, 3, 28, "Ruritania's president Ana Bolt dismissed defence minister Carl Dorn on Friday."),
    "Herald": (2026, 3, 29, "Carl Dorn, the defence minister of Ruritania, was fired by president Ana Bolt."),
    "Courier": (2026, 3, 29, "Hamas moved its political office out of Qatar and into Turkey, officials say."),
    "Tribune": (2026, 3, 30, "Qatar threatens to expel the ambassador of Chad over the arrests."),
    "Mirror": (2026, 3, 30, "Iran denied that it sold drones to Sudan."),
    "Post": (2026, 3, 31, "A man died in a fire in Trump Tower in New York, police say."),
    "Star": (2012, 2, 28, "Leaders of Hamas left Syria for Egypt and Qatar, it was said."),
    "Times": (2011, 5, 2, "Osama bin Laden was killed by American troops in Pakistan."),
}  # fmt: skip


def compared(claim: str, sentence: str) -> Comparison:
    one, other = parse(claim, []), parse(sentence, [])
    learn_words([one, other])
    return compare(one, other, frozenset(), encode([claim])[0], encode(pieces(sentence)))


@pytest.mark.parametrize(
    ("claim", "sentence", "conflict"),
    [
        ("Bolt fired Dorn", "Dorn fired Bolt on Friday.", "roles"),
        ("Dorn was fired by Bolt", "Dorn fires Bolt.", "roles"),
        ("Bolt expelled the envoy of Chad", "Chad expels an envoy of Bolt.", "roles"),
        ("Bolt fired Dorn", "Bolt did not fire Dorn.", "negated"),
        ("Bolt fired Dorn", "Bolt refuses to fire Dorn.", "negated"),
        ("Bolt never fired Dorn", "Bolt fired Dorn.", "negated"),
        ("Bolt fired Dorn", "Bolt threatens to fire Dorn.", "unreal"),
        ("Bolt fired Dorn", "Bolt will fire Dorn next week.", "unreal"),
        ("Bolt fired Dorn", "Bolt fired Egon.", "name"),
        ("Bolt accepted the plan", "Bolt rejects the plan.", "contrary"),
        ("Bolt left Graz", "Bolt leaves Linz for Wels and Graz.", "roles"),
        ("Bolt attacked Graz", "There is a threat of an attack by Bolt on Graz.", "unreal"),
        ("Bolt fired 40 officers", "Bolt fires 300 officers.", "numbers"),
    ],
)
def test_what_keeps_a_sentence_from_stating_a_claim(
    claim: str, sentence: str, conflict: str
) -> None:
    assert conflict in compared(claim, sentence).conflicts


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Bolt fired Dorn", "Dorn was sacked by Bolt on Friday."),
        ("Dorn fired by Bolt", "Bolt dismisses Dorn."),
        ("Dorn captured", "Dorn is arrested in Graz."),
        ("Bolt met Dorn", "Dorn met Bolt in Graz."),
        ("Bolt threatens Dorn", "Bolt threatened Dorn with arrest."),
        ("Over 100 miners died in Graz", "At least 114 miners died in Graz."),
        ("Bolt was forced to resign", "Bolt is forced to resign."),
    ],
)
def test_other_words_are_no_conflict(claim: str, sentence: str) -> None:
    assert not compared(claim, sentence).conflicts


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Bolt stepped down", "stepped"),
        ("Iraqi troops enter Graz", "enter"),
        ("Bolt is going to stop flights", "stop"),
        ("The camp has fallen to rebels", "fallen"),
    ],
)
def test_the_act_of_a_claim(text: str, act: str) -> None:
    read = parse(text, [])
    at = main_act(read)
    assert at is not None
    assert read.words[at].low == act


def test_verbs_that_mean_the_same_or_the_opposite() -> None:
    assert alike("fire", "sack") == alike("pass_away", "die") == 1
    assert 0 < alike("murder", "kill") < 1
    assert not alike("fire", "visit")
    assert opposed("accept", "reject")
    assert opposed("reopen", "close")
    assert not opposed("accept", "visit")
    assert verb_of("steps", "down") == "step_down"
    assert verb_of("resignation") == "resign"
    assert verb_of("thrown") == "throw"
    assert verb_of("qatar") is None


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = opened(tmp_path_factory.mktemp("claims"))
    desk.ingest([draft(name, *rest) for name, rest in STORED.items()], now=NOW)
    yield desk
    desk.close()


def draft(publisher: str, year: int, month: int, day: int, text: str) -> Draft:
    return Draft(
        text=text,
        publisher=publisher,
        published=datetime(year, month, day, tzinfo=UTC),
        published_precision="day",
        url=f"https://{publisher.lower()}.example/one",
    )


def reporting(desk: Desk, claim: str) -> set[str | None]:
    reply = desk.seen(Asker(now=NOW), claim)
    lines = reply.lines if isinstance(reply, Answer) else ()
    return {line.snippet.publisher for line in lines if line.heading in (INDEPENDENT, COPIES)}


@pytest.mark.parametrize(
    ("claim", "publishers"),
    [
        ("Minister Carl Dorn was sacked by president Ana Bolt", {"Gazette", "Herald"}),
        ("Ana Bolt fired Carl Dorn", {"Gazette", "Herald"}),
        ("Hamas left Qatar", {"Courier"}),
        ("Osama bin Laden was killed in May 2011", {"Times"}),
    ],
)
def test_who_states_a_claim(desk: Desk, claim: str, publishers: set[str]) -> None:
    assert reporting(desk, claim) == publishers


@pytest.mark.parametrize(
    "claim",
    [
        "Trump died",
        "Khamenei was killed",
        "Carl Dorn fired Ana Bolt",
        "Ana Bolt did not dismiss Carl Dorn",
        "Ana Bolt dismissed Carl Dorn in 2024",
        "Qatar expelled the ambassador of Chad",
        "Chad threatens to expel the ambassador of Qatar",
        "Hamas left Lebanon",
        "Iran sold drones to Sudan",
    ],
)
def test_near_misses_are_not_reported(desk: Desk, claim: str) -> None:
    assert not reporting(desk, claim)


def test_what_denies_a_claim_stands_under_its_own_heading(desk: Desk) -> None:
    reply = desk.seen(Asker(now=NOW), "Iran sold drones to Sudan")
    assert isinstance(reply, Answer)
    assert {line.heading for line in reply.lines} == {DENIED}
    assert reply.lacking


def test_what_is_related_is_offered_as_that_alone(desk: Desk) -> None:
    reply = desk.seen(Asker(now=NOW), "Qatar expelled the ambassador of Chad")
    assert isinstance(reply, Nothing)
    assert NOTHING_SAYS_SO in reply.notes
    assert reply.near[0].snippet.publisher == "Tribune"
    assert not views(reply).get("opening")
    message = nothing(reply, do="ask")
    assert message["text"].startswith(f"{NOTHING_SAYS_SO} Nearest: ")


def test_an_unsure_name_does_not_hide_who_states_a_claim(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    try:
        text = "President George W. Bush arrives in Sydney for the summit."
        desk.ingest([draft("Gazette", 2026, 3, 31, text)], now=NOW)
        assert reporting(desk, "Bush arrived in Sydney") == {"Gazette"}
    finally:
        desk.close()
