"""Facts from the spans that the reader finds: actors, act and date.

{role:words} is a span of that role, {act:words} the trigger; names of ``NAMES`` are mentions.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.models import AliasKind, EventClass, FoundFact, Mention, Status
from bot.read.extraction import Extracted
from bot.read.linking import MAX_SENTENCE_CHARACTERS, Pair, Sentence, facts_of, may_state_facts

DAY = date(2026, 6, 12)  # a Friday
BEFORE = "It rained in München 🙂. "
"""Text before each sentence, so that offsets of the sentence are not those of the field."""

NAMES = {
    "Ruritania": ("state:rur", AliasKind.NAME),
    "Ruritanian": ("state:rur", AliasKind.DEMONYM),
    "Zembla": ("state:zem", AliasKind.NAME),
    "Zemblian": ("state:zem", AliasKind.DEMONYM),
    "Freedonia": ("state:fre", AliasKind.NAME),
    "Sylvania": ("state:syl", AliasKind.NAME),
    "Borduria": ("state:bor", AliasKind.NAME),
    "Osterlich": ("state:ost", AliasKind.NAME),
    "Streslau": ("place:streslau", AliasKind.NAME),
    "Ada Hentzau": ("person:ada", AliasKind.NAME),
    "Red Dawn": ("group:dawn", AliasKind.NAME),
}
_NAME = re.compile(rf"\b(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})\b")
_ROLE = re.compile(r"\{(\w+):([^}]*)\}")

Roles = dict[str, list[tuple[int, int]]]


def _unmark(marked: str) -> tuple[str, Roles]:
    text, done = "", 0
    roles: Roles = {}
    for mark in _ROLE.finditer(marked):
        text += marked[done : mark.start()]
        roles.setdefault(mark[1], []).append((len(text), len(text) + len(mark[2])))
        text += mark[2]
        done = mark.end()
    return text + marked[done:], roles


def _mentions(text: str, first: int) -> list[Mention]:
    return [
        Mention(
            field="text", start=one.start(), end=one.end(), actor=NAMES[one[0]][0], alias=one[0],
            kind=NAMES[one[0]][1],
        )
        for one in _NAME.finditer(text, first)
    ]  # fmt: skip


def _sentence(words: str, pair: Pair | None = None) -> Sentence:
    text = BEFORE + words
    mentions = _mentions(text, len(BEFORE))
    if pair is not None:
        mentions = sorted([*mentions, pair.mention], key=lambda one: one.start)
    return Sentence("text", text, (len(BEFORE), len(text)), mentions, pair)


def _facts(
    marked: str,
    event_class: EventClass = EventClass.ASSAULT,
    status: Status = Status.HAPPENED,
    *,
    mutual: bool = False,
    pair: tuple[str, str] | None = None,
    published: date | None = DAY,
) -> list[FoundFact]:
    words, roles = _unmark(marked)
    (trigger,) = roles.pop("act")
    found = Extracted(event_class, status, mutual, trigger, roles, 0.9)
    return facts_of(_sentence(words, pair and _pair(words, pair)), [found], published)


def _pair(words: str, actors: tuple[str, str]) -> Pair:
    match = re.search(r"[Tt]he two countries", words)
    assert match
    start, end = (len(BEFORE) + place for place in match.span())
    mention = Mention(
        field="text", start=start, end=end, actor=actors[0], alias=match[0], kind=AliasKind.NAME
    )
    return Pair(mention, actors, (0, len(BEFORE) - 1))


def _both(sentence: str, *acts: tuple[str, Status, bool]) -> list[FoundFact]:
    """Link several readings of one sentence: its spans, their status and whether it is mutual."""
    found: list[Extracted] = []
    for marked, status, mutual in acts:
        words, roles = _unmark(marked)
        assert words == sentence
        (trigger,) = roles.pop("act")
        likely = 0.9 - len(found) / 10
        found.append(Extracted(EventClass.CONSULT, status, mutual, trigger, roles, likely))
    return facts_of(_sentence(sentence), found, DAY)


def _shown(fact: FoundFact) -> str:
    source = f"“{fact.source_words}”" if fact.source_words else fact.source_actor
    parts = (source, fact.act, fact.target_actor)
    words = f" “{fact.target_words}”" if fact.target_words else ""
    return " – ".join(part or "?" for part in parts) + words


# --- whom the spans name --------------------------------------------------------------------

WHO_AND_WHOM = [
    ("{source:Ruritania} {act:attacked} {target:Zembla}.", ["state:rur – attack – state:zem"]),
    ("{target:Zembla} was {act:attacked} by {source:Ruritania}.", ["state:rur – attack – state:zem"]),
    ("{source:President Ada Hentzau} {act:attacked} {target:Red Dawn}.", ["person:ada – attack – group:dawn"]),
    ("{source:Commander-in-chief Ada Hentzau} {act:attacked} {target:Red Dawn}.",
     ["person:ada – attack – group:dawn"]),
    # what a preposition ties to somebody is not that person
    ("{source:Protesters at Ada Hentzau} {act:attacked} {target:Zembla}.",
     ["“Protesters at Ada Hentzau” – attack – state:zem"]),
    ("{source:The crowd around Ada Hentzau} {act:attacked} {target:Zembla}.",
     ["“The crowd around Ada Hentzau” – attack – state:zem"]),
    ("{source:A group backed by President Ada Hentzau} {act:attacked} {target:Zembla}.",
     ["“A group backed by President Ada Hentzau” – attack – state:zem"]),
    ("{source:Protesters against the Ruritanian President Ada Hentzau} {act:attacked} {target:Zembla}.",
     ["“Protesters against the Ruritanian President Ada Hentzau” – attack – state:zem"]),
    ("{source:Commander in Chief Ada Hentzau} {act:attacked} {target:Red Dawn}.",
     ["person:ada – attack – group:dawn"]),
    ("{source:Ambassador at Large Ada Hentzau} {act:attacked} {target:Red Dawn}.",
     ["person:ada – attack – group:dawn"]),
    # of two names in one span the one that the span stands for
    ("{source:Ruritanian President Ada Hentzau} {act:attacked} {target:Zembla}.",
     ["person:ada – attack – state:zem"]),
    ("{target:Zembla’s} capital was {act:attacked} by {source:Ruritania}.", ["state:rur – attack – state:zem"]),
    # a span that ends within a name
    ("President {source:Ada} Hentzau {act:attacked} {target:Zembla}.", ["person:ada – attack – state:zem"]),
    # each of several acts on each
    ("{source:Ruritania} and {source:Freedonia} {act:attacked} {target:Zembla} and {target:Sylvania}.",
     ["state:fre – attack – state:syl", "state:fre – attack – state:zem",
      "state:rur – attack – state:syl", "state:rur – attack – state:zem"]),
    ("{source:Ruritania} {act:attacked} {target:Zembla}, and {source:Ruritania} again {target:Zembla}.",
     ["state:rur – attack – state:zem"]),
    # nobody acts on himself, as far as others are told
    ("{source:Ruritania} and {source:Zembla} {act:attacked} {target:Zembla}.", ["state:rur – attack – state:zem"]),
    # one side unknown
    ("{source:Ruritania} {act:attacked}.", ["state:rur – attack – ?"]),
    ("{source:Ruritania} {act:attacked} {target:the Guild of Cooks}.",
     ["state:rur – attack – ? “the Guild of Cooks”"]),
    ("{source:Ruritania} {act:attacked} {target:the Guild} and {target:a convoy}.",
     ["state:rur – attack – ? “a convoy”", "state:rur – attack – ? “the Guild”"]),
    ("{source:The Guild of Cooks} {act:attacked} {target:Zembla}.",
     ["“The Guild of Cooks” – attack – state:zem"]),
    ("{source:Ruritania} {act:attacked} {target:the}.", ["state:rur – attack – ?"]),
    ("{source:Gunmen} and {source:two boys} {act:attacked} {target:a convoy}.",
     ["“Gunmen and two boys” – attack – ? “a convoy”"]),
    ("{source:The Guild} and {source:Ruritania} {act:attacked} {target:Zembla}.", ["state:rur – attack – state:zem"]),
    ("{target:Zembla} was {act:attacked}.", ["? – attack – state:zem"]),
    ("{target:A convoy} was {act:attacked}.", ["? – attack – ? “A convoy”"]),
    # what it is about, where nobody is told whom it is done to
    ("{source:Ruritania} {act:attacked} {object:the new canal}.", ["state:rur – attack – ? “the new canal”"]),
    ("{source:Ruritania} {act:attacked} {target:Zembla} over {object:the canal}.", ["state:rur – attack – state:zem"]),
    ("{source:Ruritania} {act:attacked} {target:the Guild} over {object:the canal}.",
     ["state:rur – attack – ? “the Guild”"]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), WHO_AND_WHOM, ids=[one[0] for one in WHO_AND_WHOM])
def test_who_does_it_to_whom(marked: str, expected: list[str]) -> None:
    assert sorted(map(_shown, _facts(marked))) == expected


PEOPLE = [
    # people of a state are not that state: done to them, it is told with their words
    ("{source:Ruritania} {act:attacked} {target:three Zemblian fishermen}.",
     ["state:rur – attack – state:zem “three Zemblian fishermen”"]),
    ("{source:Ruritania} {act:attacked} {target:Zembla’s fishing fleet}.",
     ["state:rur – attack – state:zem “Zembla’s fishing fleet”"]),
    ("{source:Three Ruritanian fishermen} {act:attacked} {target:Zembla}.",
     ["“Three Ruritanian fishermen” – attack – state:zem"]),
    ("{source:A Ruritanian baker} {act:attacked} {target:Zembla}.",
     ["“A Ruritanian baker” – attack – state:zem"]),
    # those who act for it are
    ("{source:Ruritanian troops} {act:attacked} {target:Zembla}.", ["state:rur – attack – state:zem"]),
    ("{source:Two Ruritanian officials} {act:attacked} {target:two Zemblian ministers}.",
     ["state:rur – attack – state:zem"]),
    ("{source:The Ruritanian navy} {act:attacked} {target:the Zemblian government}.",
     ["state:rur – attack – state:zem"]),
    # its own people
    ("{source:Ruritania} {act:attacked} {target:three Ruritanian fishermen}.",
     ["state:rur – attack – ? “three Ruritanian fishermen”"]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), PEOPLE, ids=[one[0] for one in PEOPLE])
def test_whose_people_they_are(marked: str, expected: list[str]) -> None:
    assert sorted(map(_shown, _facts(marked))) == expected


MUTUAL = [
    ("{source:Ruritania} and {source:Zembla} {act:met}.", ["state:rur – meet – state:zem"]),
    ("{source:Ruritania}, {source:Zembla} and {source:Freedonia} {act:met}.",
     ["state:rur – meet – state:fre", "state:rur – meet – state:zem", "state:zem – meet – state:fre"]),
    ("{source:Ruritania} {act:met} {target:Zembla}.", ["state:rur – meet – state:zem"]),
    ("{source:Ruritania} and {source:Zembla} {act:met} {target:Freedonia}.",
     ["state:rur – meet – state:fre", "state:zem – meet – state:fre"]),
    ("{source:Ruritania} {act:met}.", ["state:rur – meet – ?"]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), MUTUAL, ids=[one[0] for one in MUTUAL])
def test_each_two_of_those_who_act_with_each_other(marked: str, expected: list[str]) -> None:
    assert sorted(map(_shown, _facts(marked, EventClass.CONSULT, mutual=True))) == expected


TALKS = "Ruritania met Zembla and the talks with Ruritania were long."
MET = "{source:Ruritania} {act:met} {target:Zembla} and the talks with Ruritania were long."
HELD = "Ruritania met {source:Zembla} and the {act:talks} with {target:Ruritania} were long."
HAPPENED, PLANNED = Status.HAPPENED, Status.PLANNED


@pytest.mark.parametrize(
    ("first", "second", "sources"),
    [
        # the same, told the other way round, unless neither is mutual
        ((MET, HAPPENED, True), (HELD, HAPPENED, True), ["state:rur"]),
        ((MET, HAPPENED, True), (HELD, HAPPENED, False), ["state:rur"]),
        ((MET, HAPPENED, False), (HELD, HAPPENED, True), ["state:rur"]),
        ((MET, HAPPENED, False), (HELD, HAPPENED, False), ["state:rur", "state:zem"]),
        ((MET, HAPPENED, False), (MET, HAPPENED, False), ["state:rur"]),
        # of two statuses there are two
        ((MET, HAPPENED, True), (HELD, PLANNED, True), ["state:rur", "state:zem"]),
        ((MET, HAPPENED, False), (MET, PLANNED, False), ["state:rur", "state:rur"]),
    ],
)
def test_an_act_named_twice_is_one_fact(
    first: tuple[str, Status, bool], second: tuple[str, Status, bool], sources: list[str]
) -> None:
    assert [one.source_actor for one in _both(TALKS, first, second)] == sources


def test_an_object_of_those_who_act_together_gives_no_preposition() -> None:
    (fact,) = _facts(
        "{source:Ruritania} and {source:Zembla} {act:agreed} on {object:the canal}.",
        EventClass.AGREE,
        mutual=True,
    )
    assert _shown(fact) == "state:rur – agree – state:zem"


def test_several_without_a_target_each_act_if_they_do_not_act_with_each_other() -> None:
    found = _facts("{source:Ruritania} and {source:Zembla} {act:withdrew}.", EventClass.RETREAT)
    assert sorted(map(_shown, found)) == ["state:rur – withdraw – ?", "state:zem – withdraw – ?"]


def test_of_many_actors_only_the_first_four_are_shown() -> None:
    many = ", ".join(
        f"{{source:{one}}}"
        for one in ("Ruritania", "Freedonia", "Sylvania", "Borduria", "Osterlich")
    )
    found = _facts(f"{many} {{act:attacked}} {{target:Zembla}}.")
    assert [one.source_actor for one in found] == [
        "state:rur",
        "state:fre",
        "state:syl",
        "state:bor",
    ]


TWO = ("state:rur", "state:zem")
PAIRS = [
    ("{source:The two countries} {act:met}.", True, ["state:rur – meet – state:zem"]),
    ("{source:Freedonia} {act:met} {target:the two countries}.", False,
     ["state:fre – meet – state:rur", "state:fre – meet – state:zem"]),
    ("{source:The two countries} {act:met} {target:Freedonia}.", False,
     ["state:rur – meet – state:fre", "state:zem – meet – state:fre"]),
    ("{source:The two countries} {act:withdrew}.", False, ["state:rur – withdraw – ?", "state:zem – withdraw – ?"]),
    # a pair that has no part in the act
    ("{source:Freedonia} {act:met} {target:Sylvania} as the two countries slept.", False,
     ["state:fre – meet – state:syl"]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "mutual", "expected"), PAIRS, ids=[one[0] for one in PAIRS])
def test_the_two_countries_are_both(marked: str, mutual: bool, expected: list[str]) -> None:
    found = _facts(marked, EventClass.CONSULT, mutual=mutual, pair=TWO)
    assert sorted(map(_shown, found)) == expected


# --- who says so ----------------------------------------------------------------------------

CLAIMANTS = [
    ("{source:Ruritania} {act:attacked} {target:Zembla}.", (None, None)),
    ("{source:Ruritania} {act:attacked} {target:Zembla}, {claimant:Freedonia} said.", ("state:fre", None)),
    ("{source:Ruritania} {act:attacked} {target:Zembla}, {claimant:President Ada Hentzau} said.", ("person:ada", None)),
    ("{source:Ruritania} {act:attacked} {target:Zembla}, {claimant:two Zemblian officials} said.", ("state:zem", None)),
    ("{source:Ruritania} {act:attacked} {target:Zembla}, {claimant:a baker} said.", (None, "a baker")),
    ("{source:Ruritania} {act:attacked} {target:Zembla}, {claimant:Zemblian fishermen} said.",
     (None, "Zemblian fishermen")),
    ("{source:Ruritania} said {claimant:it} {act:attacked} {target:Zembla}.", (None, "it")),
    ("{claimant:Freedonia} and {claimant:a baker} said {source:Ruritania} {act:attacked} {target:Zembla}.",
     ("state:fre", None)),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), CLAIMANTS, ids=[one[0] for one in CLAIMANTS])
def test_who_says_so(marked: str, expected: tuple[str | None, str | None]) -> None:
    (fact,) = _facts(marked)
    assert (fact.claimant, fact.claimant_words) == expected


def test_what_two_say_is_not_told_as_the_articles_own() -> None:
    (fact,) = _facts(
        "{claimant:Freedonia} and {claimant:Sylvania} said {source:Ruritania} {act:attacked} {target:Zembla}."
    )
    assert fact.claimant or fact.claimant_words


# --- where and when -------------------------------------------------------------------------

PLACES = [
    ("{source:Ruritania} {act:met} {target:Zembla} in {place:Streslau}.", "place:streslau"),
    ("{source:Ruritania} {act:met} {target:Zembla} in {place:the north of Freedonia}.", "state:fre"),
    ("{source:Ruritania} {act:met} {target:Zembla} in {place:a tavern}.", None),
    ("{source:Ruritania} {act:met} {target:Zembla} in {place:a tavern} of {place:Streslau}.", "place:streslau"),
    ("{source:Ruritania} {act:met} {target:Zembla} at {place:the grave of Ada Hentzau}.", None),
    ("{source:Ruritania} {act:met} {target:Zembla} far from Freedonia.", None),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), PLACES, ids=[one[0] for one in PLACES])
def test_where_it_was(marked: str, expected: str | None) -> None:
    (fact,) = _facts(marked, EventClass.CONSULT)
    assert fact.place == expected


NONE = (None, None)
WHEN = [
    # what was: the latest such day
    ("on {when:Monday}", Status.HAPPENED, (date(2026, 6, 8), "day")),
    ("{when:on Monday}", Status.HAPPENED, (date(2026, 6, 8), "day")),
    ("{when:yesterday}", Status.HAPPENED, (date(2026, 6, 11), "day")),
    ("{when:yesterday}", Status.ONGOING, (date(2026, 6, 11), "day")),
    ("{when:yesterday}", Status.DENIED, (date(2026, 6, 11), "day")),
    ("on {when:3 May}", Status.HAPPENED, (date(2026, 5, 3), "day")),
    ("on {when:28 December}", Status.HAPPENED, (date(2025, 12, 28), "day")),
    ("in {when:March}", Status.HAPPENED, (date(2026, 3, 1), "month")),
    ("in {when:March 2024}", Status.HAPPENED, (date(2024, 3, 1), "month")),
    ("{when:today}", Status.HAPPENED, (DAY, "day")),
    # what is to be: the next one
    ("on {when:Monday}", Status.PLANNED, (date(2026, 6, 15), "day")),
    ("{when:tomorrow}", Status.PLANNED, (date(2026, 6, 13), "day")),
    ("on {when:3 May}", Status.PLANNED, (date(2027, 5, 3), "day")),
    ("in {when:October}", Status.PLANNED, (date(2026, 10, 1), "month")),
    ("on {when:Monday}", Status.POSSIBLE, (date(2026, 6, 8), "day")),
    ("{when:today}", Status.PLANNED, (DAY, "day")),
    ("{when:this Friday}", Status.PLANNED, (DAY, "day")),
    # what was is not to come, nor what is to be over
    ("on {when:20 June 2026}", Status.HAPPENED, NONE),
    ("{when:tomorrow}", Status.HAPPENED, NONE),
    ("on {when:3 May 2024}", Status.PLANNED, NONE),
    ("{when:yesterday}", Status.PLANNED, NONE),
    # no day, two days, and days that are not the act's
    ("{when:after the storm}", Status.HAPPENED, NONE),
    ("on {when:Monday} and on {when:Tuesday}", Status.HAPPENED, NONE),
    ("on {when:Monday}, {when:in the morning}", Status.HAPPENED, (date(2026, 6, 8), "day")),
    ("{when:since Monday}", Status.HAPPENED, NONE),
    ("over the flood of 3 May 2024", Status.HAPPENED, NONE),
    ("over the flood of 3 May 2024 on {when:Monday}", Status.HAPPENED, (date(2026, 6, 8), "day")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "expected"), WHEN, ids=[f"{one[1]} {one[0]}" for one in WHEN]
)
def test_when_it_is(words: str, status: Status, expected: tuple[date | None, str | None]) -> None:
    marked = f"{{source:Ruritania}} {{act:attacked}} {{target:Zembla}} {words}."
    (fact,) = _facts(marked, status=status)
    assert (fact.event_date, fact.date_precision) == expected
    assert fact.status is status


def test_what_is_planned_for_a_month_may_be_in_this_one() -> None:
    (fact,) = _facts(
        "{source:Ruritania} will {act:attack} {target:Zembla} in {when:June}.",
        status=Status.PLANNED,
    )
    assert (fact.event_date, fact.date_precision) == (date(2026, 6, 1), "month")


def test_a_date_with_a_year_needs_no_day_of_publication() -> None:
    marked = "{source:Ruritania} {act:attacked} {target:Zembla} on {when:3 May 2024}."
    (fact,) = _facts(marked, published=None)
    assert fact.event_date == date(2024, 5, 3)
    marked = "{source:Ruritania} {act:attacked} {target:Zembla} on {when:Monday}."
    (fact,) = _facts(marked, published=None)
    assert (fact.event_date, fact.date_precision) == NONE


# --- how the act is named -------------------------------------------------------------------

ACTS = [
    # the verb in any form, with its particle
    ("{source:Ruritania} {act:expelled} {target:Zembla}.", EventClass.SANCTION, "expel"),
    ("{source:Ruritania} {act:expels} {target:Zembla}.", EventClass.SANCTION, "expel"),
    ("{source:Ruritania} is {act:expelling} {target:Zembla}.", EventClass.SANCTION, "expel"),
    ("{source:Ruritania} {act:Struck} {target:Zembla}.", EventClass.ASSAULT, "strike"),
    ("{source:Ruritania} {act:hit} {target:Zembla}.", EventClass.ASSAULT, "hit"),
    ("{source:Ruritania} {act:gave up}.", EventClass.CONCEDE, "give up"),
    ("{source:Ruritania} {act:pulled out}.", EventClass.RETREAT, "pull out"),
    # with the preposition before its target
    ("{source:Ruritania} {act:met} with {target:Zembla}.", EventClass.CONSULT, "meet with"),
    ("{source:Ruritania} {act:met} with the {target:Zemblian government}.", EventClass.CONSULT, "meet with"),
    ("{source:Ruritania} {act:pulled out} of {target:Zembla}.", EventClass.RETREAT, "pull out of"),
    ("{source:Ruritania} {act:pulled out of} {target:Zembla}.", EventClass.RETREAT, "pull out of"),
    ("{source:Ruritania} {act:called for} {object:a truce}.", EventClass.REQUEST, "call for"),
    ("{source:Ruritania} {act:called} for {object:a truce}.", EventClass.REQUEST, "call for"),
    ("{source:Ruritania} {act:held talks} with {target:Zembla}.", EventClass.CONSULT, "hold talks with"),
    ("{source:Ruritania} {act:accused} {target:Zembla} of {object:a raid}.", EventClass.ACCUSE, "accuse"),
    ("{source:Ruritania} {act:fired} late on Monday at {target:Zembla}.", EventClass.ASSAULT, "fire"),
    ("{source:Ruritania} {act:fired} on Monday at {target:Zembla}.", EventClass.ASSAULT, "fire"),
    # without auxiliaries, in the passive too
    ("{target:Zembla} {act:was attacked} by {source:Ruritania}.", EventClass.ASSAULT, "attack"),
    ("{target:Zembla} {act:has been attacked} by {source:Ruritania}.", EventClass.ASSAULT, "attack"),
    ("{target:Zembla} was {act:detained} by {source:Ruritania}.", EventClass.COERCE, "detain"),
    ("{source:Ruritania} {act:will expel} {target:Zembla}.", EventClass.SANCTION, "expel"),
    ("{source:Ruritania} {act:did strike} {target:Zembla}.", EventClass.ASSAULT, "strike"),
    # what is no verb, or is more than its verb, has the name of its class
    ("{source:Ruritania}’s {act:airstrikes} on {target:Zembla} went on.", EventClass.ASSAULT, "attack"),
    ("{source:Ruritania}’s {act:pact} with {target:Zembla} held.", EventClass.AGREE, "agree"),
    ("{source:Ruritania}’s {act:ultimatum} to {target:Zembla} ended.", EventClass.THREATEN, "threaten"),
    ("{source:Ruritania} {act:is} at odds with {target:Zembla}.", EventClass.REJECT, "reject"),
    ("{source:Ruritania} {act:has} no ties to {target:Zembla}.", EventClass.SANCTION, "sanction"),
    ("{source:Ruritania} {act:not signed} a pact with {target:Zembla}.", EventClass.AGREE, "agree"),
    ("{source:Ruritania} {act:turned its back on} {target:Zembla}.", EventClass.REJECT, "reject"),
    ("{source:Ruritania} {act:struck (twice)} {target:Zembla}.", EventClass.ASSAULT, "attack"),
    # a noun that is a verb, too, takes no preposition from its own phrase
    ("{source:Ruritania}’s {act:raid} on {target:Zembla} failed.", EventClass.ASSAULT, "raid"),
    ("{source:Ruritania}’s {act:raids} on {target:Zembla} failed.", EventClass.ASSAULT, "raid"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "event_class", "expected"), ACTS, ids=[one[0] for one in ACTS])
def test_how_an_act_is_named(marked: str, event_class: EventClass, expected: str) -> None:
    (fact,) = _facts(marked, event_class)
    assert fact.act == expected
    assert fact.event_class is event_class


def test_the_preposition_of_what_it_is_about_does_not_lead_to_whom_it_is_done_to() -> None:
    marked = "{target:Zembla} was {act:accused} of {object:a raid} by {source:Ruritania}."
    assert list(map(_shown, _facts(marked, EventClass.ACCUSE))) == [
        "state:rur – accuse – state:zem"
    ]


@pytest.mark.parametrize("event_class", EventClass)
def test_every_class_has_a_name(event_class: EventClass) -> None:
    (fact,) = _facts("{source:Ruritania}’s {act:démarche}.", event_class)
    assert fact.act


# --- evidence, and what is not read ---------------------------------------------------------


def test_the_sentence_is_evidence() -> None:
    (fact,) = _facts("{source:Ruritania} {act:attacked} {target:the Straße} 🙂.")
    (quote,) = fact.evidence
    assert quote.quote == "Ruritania attacked the Straße 🙂."
    assert (quote.field, quote.start, quote.end) == (
        "text",
        len(BEFORE),
        len(BEFORE) + len(quote.quote),
    )
    assert fact.target_words == "the Straße"


def test_evidence_in_a_title_is_of_the_title() -> None:
    text = "Ruritania attacked Zembla"
    mentions = [one.model_copy(update={"field": "title"}) for one in _mentions(text, 0)]
    roles = {"source": [(0, 9)], "target": [(19, 25)]}
    found = Extracted(EventClass.ASSAULT, Status.HAPPENED, False, (10, 18), roles, 0.9)
    (fact,) = facts_of(Sentence("title", text, (0, len(text)), mentions), [found], None)
    assert fact.evidence[0].field == "title"
    assert _shown(fact) == "state:rur – attack – state:zem"


def test_each_act_of_a_sentence_is_told_in_its_order() -> None:
    text = "Ruritania condemned Zembla and expelled Sylvania."
    parts = [("condemned", "Zembla"), ("expelled", "Sylvania")]
    found = [
        Extracted(
            EventClass.ACCUSE,
            Status.HAPPENED,
            False,
            (text.index(act), text.index(act) + len(act)),
            {"source": [(0, 9)], "target": [(text.index(whom), text.index(whom) + len(whom))]},
            0.9,
        )
        for act, whom in parts
    ]
    sentence = _sentence(text)
    assert list(map(_shown, facts_of(sentence, found, None))) == [
        "state:rur – condemn – state:zem",
        "state:rur – expel – state:syl",
    ]
    assert facts_of(sentence, [], None) == []


READ = [
    ("Ruritania attacked Zembla.", True),
    ("Ruritania attacked Zembla", True),
    ("Did Ruritania attack Zembla?", False),
    ("“Why?” Ruritania asked Zembla.", True),
    ("The Guild attacked a convoy.", False),
    (f"Ruritania attacked {'x' * (MAX_SENTENCE_CHARACTERS - 20)}.", True),
    (f"Ruritania attacked {'x' * (MAX_SENTENCE_CHARACTERS - 19)}.", False),
]


@pytest.mark.parametrize(("words", "expected"), READ, ids=[one[0][:30] for one in READ])
def test_which_sentences_are_read(words: str, expected: bool) -> None:
    assert may_state_facts(_sentence(words)) is expected
