"""Lists of actors: what a row says, what is wrong with it, and that nothing is lost on the way."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from bot.curation.lists import (
    BadRow,
    Held,
    Hidden,
    Merged,
    Named,
    Row,
    read_csv,
    read_ftm,
    write_csv,
)
from bot.errors import BadEdit
from bot.models import Actor, ActorType, Alias, AliasKind, Own, Tenure


def table(text: str) -> list[Row | BadRow]:
    return list(read_csv(io.StringIO(text), "a list"))


def one(text: str) -> Any:
    (row,) = table(text)
    return row.content if isinstance(row, Row) else row.why


def entity(schema: str, key: str = "Q1", **properties: object) -> str:
    return json.dumps({"id": key, "schema": schema, "properties": properties})


def told(*lines: str) -> list[Row | BadRow | None]:
    return list(read_ftm(lines, "a list"))


# --- CSV ----------------------------------------------------------------------------


def test_an_actor_with_its_names() -> None:
    actor = one("type,name,iso3,aliases,as_of\nperson,Ali  X,IRN,A. X | Abu X|A. X,2020\n")
    assert actor == Actor(
        id="person:ali-x",
        type=ActorType.PERSON,
        name="Ali X",
        iso3="IRN",
        as_of=date(2020, 12, 31),
        aliases=tuple(Alias(text=text, source="a list") for text in ("A. X", "Abu X")),
        source="a list",
    )


ROWS = [
    (
        "office,person_name,since,until,source\nPresident of X,Jo,2013-06,,s\n",
        Held("President of X", "Jo", date(2013, 6, 1), None, "s"),
    ),
    (
        "kind,office,person,since,until\ntenure,office:x,person:y,2013,2014\n",
        Held("office:x", "person:y", date(2013, 1, 1), date(2014, 12, 31), "a list"),
    ),
    (
        "kind,id,text,alias_kind,lang\nalias,org:x,XY,acronym,en\n",
        Named("org:x", Alias(text="XY", kind=AliasKind.ACRONYM, lang="en", source="a list")),
    ),
    ("kind,id,text\nhidden,org:x,XY\n", Hidden("org:x", "XY")),
    ("kind,actor,merged_into\nmerge,org:x,org:y\n", Merged("org:x", "org:y")),
]


@pytest.mark.parametrize(("text", "says"), ROWS, ids=[type(says).__name__ for _, says in ROWS])
def test_every_kind_of_row(text: str, says: object) -> None:
    assert one(text) == says


BAD = [
    ("type,name\nperson,\n", "name is empty"),
    ("type,name\nking,X\n", "type is 'king'"),
    ("type,name,iso3\nstate,X,qat\n", "iso3 is 'qat'"),
    ("type,name,as_of\nstate,X,soon\n", "'soon' is not a date"),
    ("office,person,since\nX,Y,2020-13\n", "'2020-13' is not a date"),
    ("office,person,since\nX,Y,2020-02-30\n", "'2020-02-30' is not a date"),
    ("type,name\nperson,X,more\n", "3 cells for 2 columns"),
    ("kind,type,name\nthing,person,X\n", "kind 'thing' is none of actor"),
    ("type,name\nperson," + "X" * 201 + "\n", "name is 201 characters"),
    ("kind,id,text,alias_kind\nalias,org:x,XY,nickname\n", "kind is 'nickname'"),
    ("type,name\nperson,X\udcff\n", "not UTF-8"),
    ("type,name\nperson," + "X" * 140_000 + "\n", "not CSV"),
]


@pytest.mark.parametrize(("text", "why"), BAD, ids=[why for _, why in BAD])
def test_a_bad_row_is_told_and_reading_goes_on(text: str, why: str) -> None:
    bad, again = table(text + text.split("\n", 1)[1])
    assert isinstance(bad, BadRow)
    assert (why in bad.why, bad.line) == (True, 2)
    assert again == BadRow(3, bad.why)


def test_lines_are_those_of_the_file() -> None:
    rows = table('# a list\n\ntype,name\n# more\nperson,"two\nlines"\nking,X\n')
    assert [row.line for row in rows] == [6, 7]


@pytest.mark.parametrize("columns", ["type,name,nickname", "name,name", "Qatar,state"])
def test_unknown_columns_are_refused(columns: str) -> None:
    with pytest.raises(BadEdit, match="must name the columns"):
        table(f"{columns}\n")


SAID = {
    "org:x": Own(
        actor=Actor(
            id="org:x",
            workspace="T1",
            type=ActorType.ORGANISATION,
            name='The "X", Inc.',
            iso3="QAT",
            acts_for="state:qat",
            description="line one\nline two",
            as_of=date(2020, 1, 2),
            source="a, b",
            merged_into="org:y",
            aliases=(
                Alias(text="X|Y", kind=AliasKind.ACRONYM, lang="ar", source="s"),
                Alias(text="اكس", source="s"),
            ),
        ),
        hidden=("#1", "Old X"),
    ),
    "office:z": Own(
        tenures=(Tenure(office="office:z", person="person:p", since=date(2000, 1, 1), source="s"),)
    ),
}


def test_what_is_written_is_read_again() -> None:
    out = io.StringIO()
    assert write_csv(SAID, out) == 7
    says = [row.content for row in table(out.getvalue()) if isinstance(row, Row)]
    x = SAID["org:x"].actor
    assert x is not None
    assert says == [
        x.model_copy(update={"workspace": "*", "merged_into": None, "aliases": ()}),
        Named("org:x", x.aliases[0]),
        Named("org:x", x.aliases[1]),
        Hidden("org:x", "#1"),
        Hidden("org:x", "Old X"),
        Held("office:z", "person:p", date(2000, 1, 1), None, "s"),
        Merged("org:x", "org:y"),
    ]


# --- FollowTheMoney -----------------------------------------------------------------


def test_a_person() -> None:
    line = entity(
        "Person",
        name=["Ali X", "علي"],
        alias=["A. X"],
        weakAlias=["Abu", "The Fox", "AX", "Ali X"],
        country=["ir"],
        position=["Minister"],
    )
    (row,) = told(line)
    assert isinstance(row, Row)
    actor = row.content
    assert isinstance(actor, Actor)
    assert (actor.id, actor.type, actor.name, actor.iso3) == ("ftm:Q1", "person", "Ali X", "IRN")
    assert (actor.description, actor.acts_for, actor.source) == ("Minister", None, "a list")
    assert {alias.text: alias.kind.value for alias in actor.aliases} == {
        "علي": "name",
        "A. X": "name",
        "Abu": "surname",
        "The Fox": "name",
        "AX": "acronym",
    }


SCHEMATA = [
    ("Organization", "organisation", None),
    ("Company", "organisation", None),
    ("PublicBody", "organisation", "state:qat"),
    ("Country", "state", None),
    ("Position", "office", "state:qat"),
]


@pytest.mark.parametrize(("schema", "kind", "acts_for"), SCHEMATA)
def test_schemata(schema: str, kind: str, acts_for: str | None) -> None:
    (row,) = told(entity(schema, name="X", country="qa"))
    assert isinstance(row, Row)
    assert isinstance(row.content, Actor)
    assert (row.content.type, row.content.acts_for) == (kind, acts_for)


def test_who_holds_an_office() -> None:
    line = entity(
        "Occupancy", holder=["p"], post=["o"], startDate=["2013-06"], endDate=["2014", "2015-01-02"]
    )
    (row,) = told(line)
    assert isinstance(row, Row)
    assert row.content == Held("ftm:o", "ftm:p", date(2013, 6, 1), date(2015, 1, 2), "a list")


def test_what_is_no_actor_is_passed_over() -> None:
    assert told(entity("Sanction", authority=["X"]), "", entity("Address", full="X")) == [
        None,
        None,
    ]


BAD_LINES = [
    ("{", "not a JSON object"),
    ("[1]", "not an entity"),
    ('{"id": "x", "schema": "Person"}', "not an entity"),
    ('{"schema": "Person", "properties": {}}', "no id"),
    (entity("Person", country="qa"), "no name"),
    (entity("Person", name=["X" * 201]), "no name"),
    (entity("Person", "q" * 121, name=["X"]), "at most 120 characters"),
    (entity("Occupancy", holder=["p"]), "one holder and one post"),
    (entity("Occupancy", holder=["p"], post=["o"], startDate=["then"]), "'then' is not a date"),
    ("[" * 100_000, "not a JSON object"),
]


@pytest.mark.parametrize(("line", "why"), BAD_LINES, ids=[why for _, why in BAD_LINES])
def test_a_bad_line_is_told(line: str, why: str) -> None:
    bad, after = told(line, entity("Person", name="Good"))
    assert isinstance(bad, BadRow)
    assert (why in bad.why, bad.line) == (True, 1)
    assert isinstance(after, Row)
