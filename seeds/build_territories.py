"""Territories that are not states, such as Greenland and Hong Kong, as places with their names.

Names in English and in other scripts are from rigour (MIT), demonyms from The World Factbook
(CC0) if its page has them in a usable form; the rest is entered by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.text.names import normalise
from seeds.build_native import SCRIPTS, native_names
from seeds.build_states import fold, read_factbook

TERRITORIES = {
    "abw": ("nld", "", "Aruban|Arubans"),
    "aia": ("gbr", "", "Anguillan|Anguillans"),
    "ala": ("fin", "Aland Islands", ""),
    "bmu": ("gbr", "", "Bermudian|Bermudians"),
    "cok": ("nzl", "", "Cook Islander|Cook Islanders"),
    "cuw": ("nld", "Curacao", ""),
    "cym": ("gbr", "", "Caymanian|Caymanians"),
    "esh": ("", "Sahrawi Arab Democratic Republic", "Sahrawi|Sahrawis|Saharawi"),
    "flk": ("gbr", "Falklands|Malvinas", "Falkland Islander|Falkland Islanders"),
    "fro": ("dnk", "Faroes", "Faroese"),
    "ggy": ("gbr", "", ""),
    "gib": ("gbr", "", "Gibraltarian|Gibraltarians"),
    "glp": ("fra", "", ""),
    "grl": ("dnk", "", "Greenlander|Greenlanders|Greenlandic"),
    "guf": ("fra", "", ""),
    "gum": ("usa", "", "Guamanian|Guamanians"),
    "hkg": ("chn", "HKSAR|Hongkong", "Hong Konger|Hong Kongers|Hongkonger|Hongkongers"),
    "imn": ("gbr", "", "Manx"),
    "iot": ("gbr", "Chagos Islands|Chagos Archipelago", "Chagossian|Chagossians"),
    "mac": ("chn", "Macao", "Macanese"),
    "mnp": ("usa", "", ""),
    "msr": ("gbr", "", "Montserratian|Montserratians"),
    "mtq": ("fra", "", ""),
    "myt": ("fra", "", ""),
    "ncl": ("fra", "", "New Caledonian|New Caledonians"),
    "niu": ("nzl", "", "Niuean|Niueans"),
    "pri": ("usa", "", "Puerto Rican|Puerto Ricans"),
    "pyf": ("fra", "Tahiti", "French Polynesian|French Polynesians"),
    "reu": ("fra", "Réunion Island", ""),
    "shn": ("gbr", "Saint Helena", ""),
    "sxm": ("nld", "", ""),
    "vgb": ("gbr", "", "British Virgin Islander|British Virgin Islanders"),
    "vir": ("usa", "United States Virgin Islands|US Virgin Islands", ""),
    "wlf": ("fra", "", ""),
}  # fmt: skip
"""By alpha-3 code: the state that governs it, other names, demonyms. Who governs Western
Sahara is disputed. Territories without people and those named by an everyday word are left out."""

NEWS_NAMES = {
    "hkg": "Hong Kong",
    "mac": "Macau",
    "shn": "Saint Helena, Ascension and Tristan da Cunha",
    "sxm": "Sint Maarten",
}
"""Names in the news, if rigour has another."""

Rows = list[tuple[str, ...]]


def territory_rows(folder: Path, names: dict[str, str], taken: set[str]) -> tuple[Rows, Rows]:
    """Return the rows of territories.csv and territories_names.csv; ``names`` are the states'."""
    path = folder / "rigour" / "territories.jsonl"
    rigour = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    listed = {row["alpha3"]: row for row in rigour if row.get("alpha3")}
    native = native_names(rigour)
    pages, seen = read_factbook(folder)
    page_of = {fold(page["short"] or page["long"] or ""): page for page in pages}
    rows: Rows = []
    aliases: Rows = []
    for iso3, (parent, others, people) in sorted(TERRITORIES.items()):
        name = NEWS_NAMES.get(iso3) or listed[iso3]["name"]
        page = page_of.get(fold(name))
        rows.append(_row(iso3, name, parent, page, seen, names))
        used = {normalise(name)} | taken
        known = {*listed[iso3]["names_strong"], *listed[iso3]["names_weak"]}
        for text in filter(None, others.split("|")):
            if normalise(text) not in used:
                used.add(normalise(text))
                kind = "acronym" if text.isupper() else "name"
                credit = "rigour" if text in known else "hand"
                aliases.append((rows[-1][0], text, kind, "en", credit))
        said = f"{page['noun']} {page['adj']}" if page else ""
        for text in filter(None, people.split("|")):
            credit = "factbook" if text.removesuffix("s") in said else "hand"
            aliases.append((rows[-1][0], text, "demonym", "en", credit))
        for text, script in sorted(native.get(iso3, [])):
            if normalise(text) not in used:
                used.add(normalise(text))
                aliases.append((rows[-1][0], text, "name", SCRIPTS[script], "rigour"))
    return rows, aliases


def _row(
    iso3: str, name: str, parent: str, page: dict[str, Any] | None, seen: dict[str, str],
    names: dict[str, str],
) -> tuple[str, ...]:  # fmt: skip
    said = f"territory of {names[parent]}" if parent else "disputed territory"
    key = "place:" + normalise(name).replace(" ", "-")
    as_of = seen.get(page["gec"], "") if page else ""
    source = "rigour; factbook" if page else "rigour"
    of = f"state:{parent}" if parent else ""
    return key, name, iso3.upper(), of, said, as_of, source
