"""Groupings of states, which stand for their members: ``groupings.csv``.

Members come from the lists of memberships in The World Factbook (CC0). Errors in a list whose page
was not kept up to date are corrected below from the portal's items.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import mode
from typing import Any

GROUPINGS = {
    "org:eu": "EU",
    "org:nato": "NATO",
    "org:gcc": "GCC",
    "org:gulf-states": "GCC",
    "org:arab-league": "LAS",
    "org:opec": "OPEC",
    "org:african-union": "AU",
    "org:g7": "G-7",
    "org:g20": "G-20",
    "org:brics": "BRICS",
    "org:asean": "ASEAN",
    "org:quad": "Quad",
    "org:p5": "UN Security Council (permanent)",
    "org:csto": "CSTO",
    "org:eaeu": "EAEU",
    "org:mercosur": "Mercosur",
    "org:oic": "OIC",
    "org:oecd": "OECD",
    "org:nordic-states": "NC",
    "org:baltic-states": "BA",
}
"""The name of each grouping in the factbook's lists: the Nordic states are those of the
Nordic Council, the Baltic ones those of the Baltic Assembly."""

MENDED = {
    ("org:eu", "gbr"): "wce-2020-01-31-75989",
    ("org:opec", "qat"): "wce-2018-12-03-71441",
    ("org:opec", "ecu"): "",
}
"""States that have left, with the portal's item that reports it, if there is one."""

LISTED = {
    "org:e3": ("deu fra gbr", "2025-09-27", "wce-2025-09-27-110866"),
    "org:p5-plus-1": ("chn deu fra gbr rus usa", "2015-04-02", "wce-2015-04-02-53396"),
    "org:visegrad-group": ("cze hun pol svk", "2019-02-18", "wce-2019-02-18-72151"),
    "org:sahel-alliance": ("bfa mli ner", "2026-01-02", "wce-2026-01-02-112363"),
}
"""Groupings that the factbook does not list: members, and the item that names them."""

NEW = {
    "org:gulf-states": ("Gulf states", "the six Arab states of the Gulf",
                        "Gulf Arab states|Gulf countries|Arab Gulf states|دول الخليج"),
    "org:g20": ("G20", "twenty large economies", "G-20|Group of 20|Group of Twenty"),
    "org:asean": ("ASEAN", "association of states of Southeast Asia",
                  "Association of Southeast Asian Nations"),
    "org:quad": ("Quadrilateral Security Dialogue", "Australia, India, Japan and the "
                 "United States", "the Quad|Quad countries|Quad nations"),
    "org:p5": ("P5", "permanent members of the UN Security Council",
               "permanent members of the Security Council|"
               "permanent members of the UN Security Council"),
    "org:csto": ("Collective Security Treaty Organization", "alliance led by Russia", "CSTO"),
    "org:eaeu": ("Eurasian Economic Union", "economic union of five states", "EAEU"),
    "org:mercosur": ("Mercosur", "common market of South America", "Mercosul"),
    "org:oic": ("Organisation of Islamic Cooperation", "organisation of Muslim states",
                "Organization of Islamic Cooperation|OIC|منظمة التعاون الإسلامي"),
    "org:oecd": ("OECD", "organisation of industrial states",
                 "Organisation for Economic Co-operation and Development|"
                 "Organization for Economic Cooperation and Development"),
    "org:e3": ("E3", "France, Germany and the United Kingdom in talks with Iran",
               "EU3|E-3|EU-3"),
    "org:p5-plus-1": ("P5+1", "the powers that negotiated with Iran about its nuclear programme",
                      "P5 + 1|P5 plus one|E3+3|E3/EU+3"),
    "org:visegrad-group": ("Visegrád Group", "Czechia, Hungary, Poland and Slovakia",
                           "Visegrad Group|Visegrád Four|Visegrad Four|Visegrád countries|V4"),
    "org:sahel-alliance": ("Alliance of Sahel States", "Burkina Faso, Mali and Niger",
                           "AES|Sahel alliance|Alliance des États du Sahel"),
    "org:nordic-states": ("Nordic states", "the states of the Nordic Council",
                          "Nordic countries|Nordic nations|Nordics"),
    "org:baltic-states": ("Baltic states", "Estonia, Latvia and Lithuania",
                          "Baltic countries|Baltic nations|Baltics"),
}  # fmt: skip
"""Groupings that no YAML table defines: name, what it is, other names."""

Rows = list[tuple[str, ...]]


def _credit(key: str, as_of: str) -> tuple[str, str]:
    return LISTED[key][1:] if key in LISTED else (as_of, "factbook")


def memberships(text: str | None) -> list[str]:
    """Return the entries of one state's list; commas inside brackets do not split."""
    return [part.strip() for part in re.split(r",\s(?![^(]*\))", (text or "").replace("\xa0", " "))]


def grouping_rows(
    pages: Mapping[str, dict[str, Any]], seen: Mapping[str, str]
) -> tuple[Rows, Rows, Rows]:
    """Return the rows of groupings.csv, and of the actors and aliases that are new with them.

    ``pages`` are the factbook's by alpha-3 code, ``seen`` the last day of each page.
    """
    lists = {iso3: memberships(page["igo"]) for iso3, page in sorted(pages.items())}
    as_of = mode(seen.values())
    members: Rows = []
    for grouping, label in sorted(GROUPINGS.items()):
        labels = {label, f"{label} (suspended)"}
        members += [
            (grouping, f"state:{iso3}", seen[iso3], f"factbook ({pages[iso3]['gec']})")
            for iso3, listed in lists.items()
            if labels & set(listed) and (grouping, iso3) not in MENDED and iso3 in seen
        ]
    members += [
        (key, f"state:{iso3}", day, source)
        for key, (codes, day, source) in LISTED.items()
        for iso3 in codes.split()
    ]
    actors: Rows = [
        (key, name, "", "", f"grouping: {said}", *_credit(key, as_of))
        for key, (name, said, _) in sorted(NEW.items())
    ]
    aliases: Rows = [
        (key, text, "acronym" if text.isupper() and len(text) < 6 else "name",
         "ar" if "\u0600" <= text[0] <= "\u06ff" else "en", "hand")
        for key, (_, _, others) in sorted(NEW.items())
        for text in others.split("|")
    ]  # fmt: skip
    return members, actors, aliases
