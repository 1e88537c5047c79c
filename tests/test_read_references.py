"""Whom a phrase means by what the article and its date tell: offices, titles, capitals.

[words|actor] is a mention; everything else is none.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.match.actors import ActorIndex
from bot.match.gazetteer import load
from bot.models import Actor, ActorType, Alias, AliasKind, Tenure
from bot.read.mentions import find_mentions

DAY = date(2024, 5, 1)


def _actor(key: str, kind: ActorType, name: str, *aliases: Alias, **more: object) -> Actor:
    values = {"id": key, "type": kind, "name": name, "source": "test", "aliases": aliases}
    return Actor.model_validate(values | more)


def _state(key: str, name: str, demonym: str, capital: str) -> Actor:
    return _actor(
        f"state:{key}",
        ActorType.STATE,
        name,
        Alias(text=demonym, kind=AliasKind.DEMONYM),
        Alias(text=capital, kind=AliasKind.CAPITAL),
    )


def _office(key: str, name: str, owner: str) -> Actor:
    return _actor(f"office:{key}", ActorType.OFFICE, name, acts_for=owner, as_of="2025-01-01")


def _person(key: str, name: str, state: str) -> Actor:
    return _actor(f"person:{key}", ActorType.PERSON, name, acts_for=state, as_of="2025-01-01")


ACTORS = (
    _state("rur", "Ruritania", "Ruritanian", "Streslau"),
    _state("zem", "Zemblia", "Zemblian", "Onhava"),
    _office("pr", "President of Ruritania", "state:rur"),
    _office("pmr", "Prime Minister of Ruritania", "state:rur"),
    _office("fmr", "Foreign Minister of Ruritania", "state:rur"),
    _office("pz", "President of Zemblia", "state:zem"),
    _office("kz", "King of Zemblia", "state:zem"),
    _person("ada", "Ada Hentzau", "state:rur"),
    _person("rupert", "Rupert Elphberg", "state:rur"),
    _person("flavia", "Flavia Strofzin", "state:rur"),
    _person("shade", "Sybil Shadeo", "state:zem"),
    _person("charles", "Karl Xaverin", "state:zem"),
)
TENURES = (
    # The start of Rupert's term is known, its end is not; Karl's start is not.
    Tenure(office="office:pr", person="person:ada", since=date(2015, 1, 1),
           until=date(2020, 1, 1), source="t"),
    Tenure(office="office:pr", person="person:rupert", since=date(2020, 1, 1), source="t"),
    Tenure(office="office:pmr", person="person:flavia", since=date(2022, 1, 1), source="t"),
    Tenure(office="office:pz", person="person:shade", since=date(2023, 1, 1), source="t"),
    Tenure(office="office:kz", person="person:charles", source="t"),
)  # fmt: skip


@pytest.fixture(scope="module")
def index() -> ActorIndex:
    return ActorIndex(ACTORS, TENURES)


@pytest.fixture(scope="module")
def seeds() -> ActorIndex:
    gazetteer = load()
    return ActorIndex(gazetteer.actors, gazetteer.tenures)


def _unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, done = "", [], 0
    for mark in re.finditer(r"\[([^|\]]+)\|([^\]]+)\]", marked):
        text += marked[done : mark.start()]
        spans.append((len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        done = mark.end()
    return text + marked[done:], spans


def _found(index: ActorIndex, text: str, day: date | None) -> list[tuple[int, int, str]]:
    return [(m.start, m.end, m.actor) for m in find_mentions("", text, index, day)]


HELD = """
The [President of Ruritania|person:rupert] spoke.
[Ruritania's president|person:rupert] spoke.
[Ruritania’s President|person:rupert] spoke.
The [Ruritanian president|person:rupert] spoke.
The [Ruritanian prime minister|person:flavia] and the [Ruritanian premier|person:flavia] spoke.
[Ruritania's new prime minister|person:flavia] spoke.
[Ruritanian President|office:pr] [Rupert Elphberg|person:rupert] spoke.
The [Ruritanian President|office:pr], [Rupert Elphberg|person:rupert], spoke.
The [Ruritanian President|office:pr], Somebody Else, spoke.
The [Ruritanian foreign minister|office:fmr] spoke.
The [King of Zemblia|office:kz] spoke.
A former [Ruritanian|state:rur] president spoke.
The then [Ruritanian|state:rur] president spoke.
The [Ruritanian|state:rur] vice president spoke.
[Ruritania|state:rur]'s deputy prime minister spoke.
[Ruritania|state:rur]'s finance minister spoke.
The [Zemblian|state:zem] prime minister spoke.
[Ruritania|state:rur] president spoke.
She was elected [President of Ruritania|office:pr].
The next [Ruritanian president|office:pr] will decide.
Every [Ruritanian president|office:pr] knew.
[Ruritanian president|office:pr] lands in [Zemblia|state:zem]
""".strip().split("\n")


@pytest.mark.parametrize("marked", HELD)
def test_offices_and_who_held_them(index: ActorIndex, marked: str) -> None:
    text, wanted = _unmark(marked)
    assert _found(index, text, DAY) == wanted


@pytest.mark.parametrize(
    ("day", "actor"),
    [
        (date(2016, 6, 1), "person:ada"),
        (date(2019, 12, 31), "person:ada"),
        (date(2024, 5, 1), "person:rupert"),
        (date(2014, 1, 1), "office:pr"),  # before anybody on the list
        (date(2025, 6, 1), "office:pr"),  # the list is older than the article
        (None, "office:pr"),
    ],
)
def test_an_office_is_who_held_it_that_day(index: ActorIndex, day: date | None, actor: str) -> None:
    (mention,) = find_mentions("", "The president of Ruritania spoke.", index, day)
    assert (mention.actor, mention.kind) == (actor, AliasKind.OFFICE)


@pytest.mark.parametrize(
    ("day", "actor"),
    [
        (date(2012, 5, 1), "person:hamad-bin-khalifa-al-thani"),
        (date(2024, 5, 1), "person:tamim-bin-hamad-al-thani"),
    ],
)
def test_the_emir_of_an_article_s_day(seeds: ActorIndex, day: date, actor: str) -> None:
    found = find_mentions("", "The Emir of Qatar spoke.", seeds, day)
    # Of the earlier emir no list tells the first day: then the office stands.
    wanted = actor if day.year > 2013 else "office:emir-of-qatar"
    assert [m.actor for m in found] == [wanted]


SHORT = """
[Rupert Elphberg|person:rupert], the president of nothing, left.
[Ruritanian President|office:pr] [Rupert Elphberg|person:rupert] came; the [president|person:rupert] left.
[Rupert Elphberg|person:rupert] came; the [president|person:rupert] left. The [President|person:rupert] slept.
The [president of Ruritania|person:rupert] came; the [president|person:rupert] left.
The president came; [Rupert Elphberg|person:rupert] left.
[Rupert Elphberg|person:rupert] and [Sybil Shadeo|person:shade] met; the president left.
[Sybil Shadeo|person:shade] spoke.\n[Rupert Elphberg|person:rupert] came; the [president|person:rupert] left.
[Rupert Elphberg|person:rupert] came; President Somebody Else left; the president slept.
[Rupert Elphberg|person:rupert] came; the vice president left.
[Rupert Elphberg|person:rupert] came; the former president left.
[Rupert Elphberg|person:rupert] came; the president of the club left.
[Rupert Elphberg|person:rupert] came; the president-elect left.
[Rupert Elphberg|person:rupert] came; the president and chairman of the club left.
[Rupert Elphberg|person:rupert] came; a president left; presidents slept.
[Rupert Elphberg|person:rupert] came; the prime minister left.
[Flavia Strofzin|person:flavia] came; the [premier|person:flavia]'s car left.
[Flavia Strofzin|person:flavia] came; the [prime minister|person:flavia] left with the foreign minister.
[Ada Hentzau|person:ada], the [prime minister|person:ada], came; the [prime minister|person:ada] left.
[Ada Hentzau|person:ada] came; the president left.
Prime Minister [Ada Hentzau|person:ada] came; the [prime minister|person:ada] left.
[Ada Hentzau|person:ada] told the president.
""".strip().split("\n")


def _rows(lines: list[str]) -> list[str]:
    """A row whose text holds a line break was split at it: put it together again."""
    rows: list[str] = []
    for line in lines:
        if rows and rows[-1].endswith("spoke.") and rows[-1].startswith("[Sybil"):
            rows[-1] += "\n" + line
        else:
            rows.append(line)
    return rows


@pytest.mark.parametrize("marked", _rows(SHORT))
def test_titles_mean_whom_the_article_named(index: ActorIndex, marked: str) -> None:
    text, wanted = _unmark(marked)
    assert _found(index, text, DAY) == wanted


CAPITALS = [
    # the government
    ("Streslau said so.", "metonym"),
    ("He came. Streslau denied it.", "metonym"),
    ("It will hold talks with Streslau.", "metonym"),
    ("They urged Streslau to wait.", "metonym"),
    ("Pressure on the ally of Zemblia and against Streslau grew.", "metonym"),
    ("Streslau's envoy left.", "metonym"),
    ("Streslau’s nuclear programme grew.", "metonym"),
    ("The Streslau-backed rebels fled.", "metonym"),
    ("Many pro-Streslau rebels fled.", "metonym"),
    ("He knew that Streslau wanted more.", "metonym"),
    ("“Streslau must answer,” he said.", "metonym"),
    # the place
    ("They met in Streslau.", "capital"),
    ("He flew to Streslau.", "capital"),
    ("It lies near Streslau.", "capital"),
    ("The streets of Streslau were empty.", "capital"),
    ("Streslau's streets were empty.", "capital"),
    ("Streslau airport was closed.", "capital"),
    ("The Streslau Games began.", "capital"),
    ("A bomb hit Streslau.", "capital"),
    ("The Streslau-based firm closed.", "capital"),
    ("STRESLAU (AP) - A firm closed.", "capital"),
    ("A trip with Streslau, Ruritania, on the map.", "capital"),
    ("He that Streslau pleases may stay.", "capital"),
]


@pytest.mark.parametrize(("text", "kind"), CAPITALS)
def test_a_capital_is_a_government_or_a_place(index: ActorIndex, text: str, kind: str) -> None:
    kinds = [m.kind for m in find_mentions("", text, index, DAY) if m.actor == "state:rur"]
    assert kinds[0] is AliasKind(kind)


def test_two_capitals_go_together(index: ActorIndex) -> None:
    for text, kind in (
        ("Talks with Streslau and Onhava began.", AliasKind.METONYM),
        ("Talks in Streslau and Onhava began.", AliasKind.CAPITAL),
    ):
        assert [m.kind for m in find_mentions("", text, index, DAY)] == [kind, kind]
