"""The tables that are built: complete, sourced, unambiguous, and right on known days."""

from __future__ import annotations

from datetime import date

import pytest

from bot.models import AliasKind
from bot.text.english import is_common
from tests.test_seeds import ID, KNOWN, table

ACTORS = [
    row
    for name in ("people.csv", "offices.csv", "groups.csv", "organisations.csv")
    for row in table(name)
]
MORE_ALIASES = [
    row
    for name in ("people_aliases.csv", "office_aliases.csv", "group_aliases.csv",
                 "organisation_aliases.csv")
    for row in table(name)
]  # fmt: skip
TENURES = table("tenures.csv")
HOMONYMS = {"pedro sánchez"}
"""Names of two persons: the prime minister of Spain, the defence minister of Colombia."""


def test_built_rows_are_complete_and_resolve() -> None:
    ids = [row["id"] for row in ACTORS]
    everyone = KNOWN | set(ids)
    assert len(everyone) == len(KNOWN) + len(ids)
    assert [one for one in ids if not ID.fullmatch(one)] == []
    for row in ACTORS:
        assert row["name"].strip() == row["name"] != ""
        assert row["source"]
        assert date.fromisoformat(row["as_of"]) <= date.today()  # noqa: DTZ011
        assert row["acts_for"] in everyone | {""}
    for row in MORE_ALIASES:
        assert row["actor"] in everyone
        assert row["source"]
        assert AliasKind(row["kind"])
    for row in TENURES:
        assert {row["office"], row["person"]} <= everyone
        assert not row["until"] or row["since"] <= row["until"]


def test_no_built_name_belongs_to_two() -> None:
    owners: dict[str, set[str]] = {}
    for key, text in [(row["id"], row["name"]) for row in ACTORS] + [
        (row["actor"], row["text"]) for row in MORE_ALIASES
    ]:
        owners.setdefault(text.casefold(), set()).add(key)
    assert {text for text, who in owners.items() if len(who) > 1} == HOMONYMS


def test_built_names_are_safe_in_english_text() -> None:
    for row in MORE_ALIASES:
        if row["lang"] in ("", "en") and row["kind"] == "name" and " " not in row["text"]:
            assert not is_common(row["text"].lower()), row
    for row in ACTORS:
        assert row["id"].startswith("person:") <= (" " in row["name"]), row


@pytest.mark.parametrize(
    ("office", "day", "person"),
    [
        ("president-of-poland", "2020-01-01", "andrzej-duda"),
        ("prime-minister-of-pakistan", "2025-01-01", "shehbaz-sharif"),
        ("president-of-pakistan", "2020-01-01", "arif-alvi"),
        ("prime-minister-of-iraq", "2019-06-01", "adil-abdul-mahdi"),
        ("queen-of-denmark", "2023-12-31", "margrethe-ii"),
        ("queen-of-denmark", "2024-02-01", None),
        ("king-of-denmark", "2024-02-01", "frederik-x"),
        ("prime-minister-of-the-united-kingdom", "2018-01-01", "theresa-may"),
        ("prime-minister-of-the-united-kingdom", "2022-10-01", None),  # no source has it
        ("chancellor-of-germany", "2015-01-01", "angela-merkel"),
        ("foreign-minister-of-the-united-states", "2010-01-01", "hillary-clinton"),
        ("prime-minister-of-slovenia", "2023-01-10", "robert-golob"),
        ("prime-minister-of-dr-congo", "2023-01-10", "jean-michel-sama-lukonde-kyenge"),
    ],
)
def test_who_held_a_built_office_on_a_day(office: str, day: str, person: str | None) -> None:
    rows = [row for row in TENURES if row["office"] == f"office:{office}"]
    found = [row["person"] for row in rows if row["since"] <= day <= (row["until"] or "9999")]
    assert found == ([f"person:{person}"] if person else [])


@pytest.mark.parametrize(
    ("grouping", "member", "belongs"),
    [
        ("eu", "fra", True),
        ("eu", "gbr", False),
        ("gcc", "are", True),
        ("gulf-states", "qat", True),
        ("gulf-states", "irn", False),
        ("opec", "qat", False),
        ("e3", "gbr", True),
        ("p5", "chn", True),
        ("g7", "rus", False),
        ("nato", "tur", True),
    ],
)
def test_who_belongs_to_a_grouping(grouping: str, member: str, belongs: bool) -> None:
    members = {
        row["member"] for row in table("groupings.csv") if row["grouping"] == f"org:{grouping}"
    }
    assert (f"state:{member}" in members) is belongs
