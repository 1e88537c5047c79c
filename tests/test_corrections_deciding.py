"""What became of a line that was told: each case beside its near misses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.corrections.deciding import Decision, decide, newest_first
from bot.models import (
    EVERYWHERE,
    LOCAL,
    Article,
    EventClass,
    Evidence,
    Fact,
    Precision,
    Revision,
    Shown,
    Status,
)
from bot.read.event_coreference import EventReport
from bot.store.articles import Stored
from bot.store.corrections import CorrectionData, ReportedFact, ShownLine, ShownMessage

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(hours=2)
QATAR, IRAN, TURKEY = "state:qat", "state:irn", "state:tur"
MET = "Qatar held talks with Iran on Monday about the gas field."
TEXT = f"{MET} Officials gave no details of the price."
PLAN = "The Emir will visit Iran on 10 May."


def telling(
    words: str = MET,
    *,
    article: str = "a",
    source: str = QATAR,
    target: str = IRAN,
    kind: EventClass = EventClass.CONSULT,
    act: str = "hold talks",
    status: Status = Status.HAPPENED,
    claimant: str | None = None,
    day: date | None = date(2026, 5, 4),
    precision: Precision | None = "day",
    place: str | None = None,
    published: date = date(2026, 5, 4),
    audience: str = EVERYWHERE,
    sources: tuple[str, ...] = (),
    seen: datetime = BEFORE,
    revision: int = 1,
    live: bool = True,
    source_words: str | None = None,
    target_words: str | None = None,
) -> ReportedFact:
    proof = Evidence(start=0, end=len(words), quote=words, article=article, revision=revision)
    key = f"{article}.{abs(hash((words, status, act, source, target))):x}"
    fact = Fact(
        workspace=LOCAL,
        id=key,
        reading="r",
        source_actor=source,
        source_words=source_words,
        event_class=kind,
        act=act,
        target_actor=target or None,
        target_words=target_words,
        status=status,
        claimant=claimant,
        event_date=day,
        date_precision=precision if day else None,
        place=place,
        evidence=(proof,),
    )
    found = EventReport(
        id=key,
        audience=audience,
        event_class=kind,
        act=act,
        status=status,
        source=source,
        target=target,
        source_for=source,
        target_for=target,
        day=day,
        precision=precision if day else None,
        published=published,
        place=place,
        words=words,
    )
    return ReportedFact(fact, found, audience, frozenset(sources or {article}), seen, live)


def article(
    text: str = TEXT, *, n: int = 1, title: str = "", key: str = "a", **more: Any
) -> Stored:
    values = {"workspace": LOCAL, "id": key, "identity": key, "first_seen": BEFORE}
    words = Revision(
        workspace=LOCAL, article=key, n=n, title=title, text=text, sha256="x", seen_at=AFTER
    )
    return Stored(Article(**(values | more)), words, (key,))


def data(
    *others: ReportedFact,
    told: ReportedFact | None = None,
    now: Stored | None = None,
    quote: str | None = None,
    changed: tuple[str, ...] = ("a", "b"),
    withheld: bool = False,
    said: tuple[tuple[str, str, str, str, str], ...] = (),
    also: tuple[str, ...] = (),
    plain: bool = False,
    **message: Any,
) -> CorrectionData:
    """One message of one line, that of article ``a``, which is stored as ``now``."""
    mine = told or telling(live=now is None)
    values: dict[str, Any] = {
        "workspace": LOCAL,
        "id": "m",
        "team": "T",
        "place": "C1",
        "thread": None,
        "ts": "1.5",
        "person": "U1",
        "query": "Qatar",
        "audiences": frozenset({EVERYWHERE, "C1"}),
        "tz": "UTC",
        "as_of": NOW,
        "at": NOW,
    }
    words = quote or mine.fact.evidence[0].quote
    shown = Shown(article="a", revision=1, quote=words, fact=None if plain else mine.fact.id)
    line = ShownLine("a#1" if plain else mine.fact.id, "m", shown, None if plain else mine)
    return CorrectionData(
        LOCAL,
        {"m": ShownMessage(**(values | message))},
        (line,),
        {"m": frozenset({line.id, *also})},
        {"a": now or article()},
        frozenset({"a"} if withheld else ()),
        {("a", 1): ("", TEXT if mine.fact.status is not Status.PLANNED else PLAN)},
        others,
        frozenset(changed),
        frozenset(said),
    )


def decided(of: CorrectionData) -> list[Decision]:
    found, posted = [], set(of.corrected)
    for line in newest_first(of):
        if (one := decide(line, of, posted)) is not None:
            posted |= one.posted(of.messages[line.message].team)
            found.append(one)
    return found


def turns(of: CorrectionData) -> list[str]:
    return [one.turn for one in decided(of)]


def only(of: CorrectionData) -> Decision:
    (found,) = decided(of)
    return found


# --- edited, taken back, removed ------------------------------------------------------------

EDITED = "Qatar put off its talks with Iran about the gas field."


def edited(text: str, **more: Any) -> Stored:
    return article(text, n=2, **more)


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        (f"{EDITED} Officials gave no details of the price.", ["edited"]),
        ("Officials gave no details of the price.", ["edited"]),
        (f"An addition. {TEXT}", []),
        (TEXT.replace(" on ", "  on\n"), []),
        (TEXT.replace("Qatar held", "QATAR held"), []),
        (TEXT.replace("gas field.", "gas-field!"), []),
        (TEXT.replace("Monday", "Mondya"), []),
        (TEXT.replace("Monday", "Tuesday"), ["edited"]),
        (TEXT.replace("held talks", "held no talks"), ["edited"]),
    ],
)
def test_words_that_were_edited_and_words_that_stand(text: str, turn: list[str]) -> None:
    assert turns(data(now=edited(text))) == turn
    assert turns(data(now=edited(text), plain=True)) == turn


@pytest.mark.parametrize(
    ("was", "now", "turn"),
    [
        ("The strike killed 53 people in Qatar.", "The strike killed 72 people in Qatar.", 1),
        ("It will cost 1,000 million dollars.", "It will cost 1000 million dollars.", 0),
        ("It will cost one million dollars.", "It will cost one billion dollars.", 1),
        ("They recieved the delegation in Doha.", "They received the delegation in Doha.", 0),
    ],
)
def test_a_figure_is_more_than_spelling(was: str, now: str, turn: int) -> None:
    found = data(now=edited(now), quote=was, plain=True)
    assert turns(found) == ["edited"] * turn


def test_what_is_said_now_is_shown_where_it_is_alike_and_new() -> None:
    found = only(data(now=edited(f"{EDITED} Officials gave no details of the price.")))
    assert isinstance(found.basis, Evidence)
    assert (found.basis.quote, found.basis.revision, found.outcomes) == (EDITED, 2, ("gone",))
    assert only(data(now=edited("Officials gave no details of the price."))).basis is None


def again(words: str, **more: Any) -> ReportedFact:
    return telling(words, seen=AFTER, revision=2, **more)


REWORDED = "Qatari officials sat down with Iran over gas."


@pytest.mark.parametrize(
    ("other", "turn"),
    [
        (again(REWORDED), []),  # the new sentence tells the same
        (again(REWORDED, act="meet"), []),  # one happening is told by either
        (again(REWORDED, status=Status.PLANNED), ["edited"]),
        (again(REWORDED, claimant=IRAN), ["edited"]),
        (again(REWORDED, target=TURKEY), ["edited"]),
        (again(REWORDED, day=date(2026, 5, 3)), ["edited"]),
        (again(REWORDED, place=TURKEY), []),
        (telling(article="b"), []),  # another publisher tells it, too
        (telling(article="b", sources=("a",)), ["edited"]),  # a copy is no second voice
        (telling(article="b", audience="C2"), ["edited"]),  # which may not be seen here
        (telling(article="b", audience="C1"), []),
        (telling(article="b", day=date(2026, 4, 1)), ["edited"]),
        (telling(article="b", live=False), ["edited"]),
    ],
)
def test_what_is_told_elsewhere_or_in_other_words_stands(
    other: ReportedFact, turn: list[str]
) -> None:
    # A copy between the same two that is seen before the message can be no denial.
    assert turns(data(other, now=edited(REWORDED))) == turn


def test_another_figure_is_an_edit_though_the_act_is_the_same() -> None:
    was = "Israel attacked Iran, killing 53 people."
    told = telling(was, act="attack", kind=EventClass.ASSAULT, live=False)
    new = again(was.replace("53", "72"), act="attack", kind=EventClass.ASSAULT)
    assert turns(data(new, told=told, now=edited(was.replace("53", "72")))) == ["edited"]
    more = again(f"{was[:-1]} in a raid.", act="attack", kind=EventClass.ASSAULT)
    assert turns(data(more, told=told, now=edited("Other words."))) == []


@pytest.mark.parametrize(
    ("text", "title", "turn"),
    [
        ("This article has been retracted by its editors.", "", ["retracted"]),
        (f"{TEXT} This story was withdrawn.", "", ["retracted"]),
        (TEXT, "Retracted: talks on gas", ["retracted"]),
        (f"{TEXT} Iran retracted its remarks.", "", []),
        (f"{TEXT} The troops were withdrawn.", "", []),
        (TEXT, "Iran says it retracted nothing", []),
    ],
)
def test_a_publisher_takes_its_article_back(text: str, title: str, turn: list[str]) -> None:
    assert turns(data(now=edited(text, title=title))) == turn


def test_what_was_taken_back_is_not_told_by_the_same_article_any_more() -> None:
    text = f"{REWORDED} This story was withdrawn."
    assert turns(data(again(REWORDED), now=edited(text))) == ["retracted"]
    assert turns(data(telling(article="b"), now=edited(text))) == []


def test_removed_or_distrusted_unless_another_tells_it() -> None:
    gone = article(tombstoned_at=AFTER)
    assert turns(data(now=gone)) == ["removed"]
    assert turns(data(now=gone, plain=True)) == ["removed"]
    assert turns(data(now=gone, withheld=True)) == ["distrusted"]
    assert turns(data(telling(article="b"), now=gone)) == []


def test_nothing_changed_nothing_said() -> None:
    assert turns(data()) == []
    assert turns(data(now=edited(TEXT))) == []


# --- denied ---------------------------------------------------------------------------------

DENIAL = "Iran did not hold talks with Qatar, its spokesman said."


def denial(words: str = DENIAL, **more: Any) -> ReportedFact:
    values = {"article": "b", "source": IRAN, "target": QATAR, "day": None, "seen": AFTER}
    return telling(words, status=Status.DENIED, **(values | more))


@pytest.mark.parametrize(
    ("other", "turn"),
    [
        (denial(), ["denied"]),
        (denial(claimant=IRAN), ["denied"]),
        (denial(claimant=TURKEY), ["denied"]),  # somebody else denies the same
        (denial(source=QATAR, target=IRAN), ["denied"]),  # talks are both's
        (denial(day=date(2026, 5, 4)), ["denied"]),
        (denial(source=TURKEY), []),  # of others
        (denial(target=TURKEY), []),
        (denial(day=date(2026, 3, 2)), []),  # of other talks
        (denial(published=date(2026, 6, 20)), []),
        (denial(kind=EventClass.AGREE, act="agree"), []),
        (denial(target=""), []),
        (denial(seen=NOW - timedelta(days=3)), []),  # known when it was told
        (denial(live=False), []),
        (denial(audience="C2"), []),
        (denial(audience="C1"), ["denied"]),
    ],
)
def test_a_denial_is_of_the_same_two_act_and_time(other: ReportedFact, turn: list[str]) -> None:
    assert turns(data(other)) == turn


def test_a_denial_of_another_place_is_none_of_this() -> None:
    told = telling(place=TURKEY)
    assert turns(data(denial(place=QATAR), told=told)) == []
    assert turns(data(denial(place=TURKEY), told=told)) == ["denied"]


@pytest.mark.parametrize("status", [Status.DENIED, Status.CALLED_FOR])
def test_what_was_not_told_as_done_is_not_denied(status: Status) -> None:
    assert turns(data(denial(), told=telling(status=status))) == []


def test_a_denial_whose_victim_is_nobody_known_needs_the_same_words() -> None:
    told = telling(
        "Israel attacked a hospital in Khan Younis on Monday.",
        source="state:isr",
        target="",
        kind=EventClass.ASSAULT,
        act="attack",
    )
    same: dict[str, Any] = {
        "source": "state:isr",
        "target": "",
        "kind": EventClass.ASSAULT,
        "act": "attack",
        "day": date(2026, 5, 4),
    }
    near = denial("Israel denied attacking a hospital in Khan Younis on Monday.", **same)
    other = denial("Israel denied attacking a school in Rafah.", **same)
    assert turns(data(near, told=told)) == ["denied"]
    assert turns(data(other, told=told)) == []


def attack(words: str, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"words": words, "kind": EventClass.ASSAULT, "act": "attack"}
    return {**values, "day": date(2026, 5, 4), **more}


def test_an_act_of_nobody_known_is_not_denied() -> None:
    words = "Gunmen attacked a hospital in Khan Younis on Monday."
    told = telling(**attack(words, source="", target="", source_words="Gunmen"))
    other = denial(**attack(words, source="", target="", source_words="Gunmen"))
    assert turns(data(other, told=told)) == []


@pytest.mark.parametrize(
    ("said", "who", "turn"),
    [
        ("Gunmen", "gunmen", ["denied"]),
        ("Gunmen", "Several soldiers", []),
        ("Protesters", "a protester", ["denied"]),
        ("The mob", "a mob", ["denied"]),
        ("The mob", "several soldiers", []),
        ("The mob", "the army", []),
    ],
)
def test_a_denial_of_a_party_that_is_only_words_is_of_the_same_words(
    said: str, who: str, turn: list[str]
) -> None:
    told = telling(**attack(f"{said} attacked Iran on Monday.", source="", source_words=said))
    words = f"{who} had not attacked Iran on Monday."
    other = denial(**attack(words, source="", target=IRAN, source_words=who))
    assert turns(data(other, told=told)) == turn


def test_a_plan_of_nobody_known_is_not_carried_out_by_the_act_alone() -> None:
    planned = plan(source="", act="meet")
    other = report("Somebody else met in Tehran.", source="", act="meet")
    assert turns(data(other, told=planned, now=article(PLAN))) == []


def test_a_denial_that_the_message_showed_is_no_news() -> None:
    other = denial()
    assert turns(data(other, also=(other.fact.id,))) == []


def test_a_denial_in_the_article_itself_is_news_where_it_was_added() -> None:
    there = denial(article="a", revision=1)
    assert turns(data(there)) == []
    added = denial(article="a", revision=2)
    assert turns(data(added, now=edited(f"{TEXT} {DENIAL}"))) == ["denied"]


def test_a_denial_in_place_of_the_sentence_is_said_instead_of_the_edit() -> None:
    new = denial(
        "Qatar did not hold talks with Iran.", article="a", revision=2, source=QATAR, target=IRAN
    )
    found = only(data(new, now=edited("Qatar did not hold talks with Iran.")))
    assert (found.turn, found.outcomes) == ("denied", ("denied", "gone"))


# --- planned --------------------------------------------------------------------------------


def plan(**more: Any) -> ReportedFact:
    values: dict[str, Any] = {"act": "visit", "status": Status.PLANNED, "day": date(2026, 5, 10)}
    return telling(PLAN, **(values | more))


def report(words: str = "The Emir visited Iran on Sunday.", **more: Any) -> ReportedFact:
    values: dict[str, Any] = {
        "article": "b",
        "act": "visit",
        "day": date(2026, 5, 10),
        "published": date(2026, 5, 11),
        "seen": AFTER,
    }
    return telling(words, **(values | more))


@pytest.mark.parametrize(
    ("planned", "other", "turn"),
    [
        (plan(), report(), ["done"]),
        (plan(), report(day=None), ["done"]),
        (plan(), report(day=date(2026, 5, 9)), ["done"]),
        (plan(), report(day=date(2026, 5, 6)), []),
        (plan(), report(day=date(2026, 5, 1)), []),
        (plan(), report(day=None, published=date(2026, 6, 30)), []),
        (plan(), report(status=Status.PLANNED), []),
        (plan(), report(status=Status.POSSIBLE), []),
        (plan(), report(target=TURKEY), []),
        (plan(), report(act="meet"), ["done"]),  # on the day of the visit
        (plan(), report(act="meet", day=None), []),
        (plan(day=None), report(), ["done"]),
        (plan(day=None), report(act="meet"), []),
        (plan(day=None), report(day=date(2026, 4, 1), published=date(2026, 4, 1)), []),
        (plan(day=date(2026, 1, 1), precision="year"), report(), ["done"]),
        (plan(place=TURKEY), report(place=IRAN), []),
        (plan(status=Status.POSSIBLE), report(), []),
        (plan(), report(audience="C2"), []),
    ],
)
def test_a_plan_is_reported_as_done(
    planned: ReportedFact, other: ReportedFact, turn: list[str]
) -> None:
    assert turns(data(other, told=planned, now=article(PLAN))) == turn


def test_of_acts_that_may_be_several_the_words_tell_which() -> None:
    more: dict[str, Any] = {"kind": EventClass.RETREAT, "act": "suspend", "day": None}
    planned = telling("Qatar will suspend its flights to Iran.", status=Status.PLANNED, **more)
    same = report("Qatar suspended its flights to Iran.", **more)
    other = report("Qatar announced the suspension of the sale of pearls to Iran.", **more)
    assert turns(data(same, told=planned, now=article(planned.act.words))) == ["done"]
    assert turns(data(other, told=planned, now=article(planned.act.words))) == []


def test_a_plan_that_is_called_off_is_no_plan_done() -> None:
    off = report(
        "The Emir will not visit Iran.",
        status=Status.DENIED,
        day=None,
        published=date(2026, 5, 5),
    )
    assert turns(data(off, told=plan(), now=article(PLAN))) == ["denied"]
    later = report("The Emir has put off his visit.", act="postpone", kind=EventClass.REJECT)
    assert turns(data(later, told=plan(), now=article(PLAN))) == []


# --- where, and how often -------------------------------------------------------------------


def test_in_the_thread_where_it_was_told() -> None:
    assert only(data(denial())).destination[:2] == ("C1", "1.5")
    assert only(data(denial(), thread="1.2")).destination[:2] == ("C1", "1.2")


def test_what_one_person_saw_is_said_to_them_directly() -> None:
    found = only(data(denial(), ts=None))
    assert found.destination == ("U1", "", frozenset({EVERYWHERE}))
    direct = data(denial(audience="D1"), ts=None, place="D1", audiences=frozenset({"*", "D1"}))
    assert only(direct).destination == ("U1", "", frozenset({EVERYWHERE, "D1"}))


def test_nothing_of_a_private_channel_is_said_elsewhere() -> None:
    assert turns(data(denial(audience="C1"), ts=None)) == []
    own = article(audience="C1", tombstoned_at=AFTER)
    assert turns(data(now=own)) == ["removed"]
    assert turns(data(now=own, ts=None)) == []


def test_each_is_said_once() -> None:
    of = data(denial())
    (line,) = of.lines
    there = ("T", "C1", "1.5", line.id)
    assert turns(of._replace(corrected=frozenset({(*there, "denied")}))) == []
    assert turns(of._replace(corrected=frozenset({(*there, "gone")}))) == []
    assert turns(of._replace(corrected=frozenset({(*there, "done")}))) == ["denied"]
    elsewhere = ("T", "C1", "7.7", line.id, "denied")
    assert turns(of._replace(corrected=frozenset({elsewhere}))) == ["denied"]


def test_told_twice_in_a_thread_is_corrected_once_in_two_threads_twice() -> None:
    of = data(denial(), thread="1.2")
    (line,) = of.lines
    later = of.messages["m"]._replace(id="m2", ts="1.7", at=AFTER)
    twice = of._replace(
        messages={**of.messages, "m2": later}, lines=(line, line._replace(message="m2"))
    )
    assert [one.line.message for one in decided(twice)] == ["m2"]
    apart = later._replace(thread="9.9")
    both = twice._replace(messages={**of.messages, "m2": apart})
    assert [one.line.message for one in decided(both)] == ["m2", "m"]
