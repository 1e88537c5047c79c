"""Armed groups in the news: ``groups.csv`` and ``group_aliases.csv``.

The groups, and which of their names are safe in English text, are chosen by hand below. Phoenix
(MIT) and the sanctions list of the US Treasury (US government work) confirm that the names are
theirs, and the portal's items show when they were last in the news.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

from seeds.build_items import Item, find, fold_words
from seeds.build_native import script_of

GROUPS = {
    "al-qaeda": ("al-Qaeda", "", "al-Qaida|al Qaeda|Al-Qa'ida|Al-Qa'eda|القاعدة"),
    "al-qaeda-in-iraq": ("al-Qaeda in Iraq", "irq", ""),
    "aqap": ("Al-Qaeda in the Arabian Peninsula", "yem", "AQAP"),
    "aqim": ("Al-Qaeda in the Islamic Maghreb", "",
             "AQIM|Al-Qaeda Organization in the Islamic Maghreb|"
             "Salafist Group for Call and Combat"),
    "al-shabaab": ("Al-Shabaab", "som", "al-Shabab|Ash-Shabaab|Al Shabaab|حركة الشباب"),
    "boko-haram": ("Boko Haram", "nga", ""),
    "iswap": ("Islamic State – West Africa Province", "nga", "Islamic State West Africa Province"),
    "isgs": ("Islamic State in the Greater Sahara", "", "ISGS"),
    "isis-k": ("Islamic State's Khorasan Province", "afg",
               "ISIL - Khorasan|ISIS-Khorasan|ISIS-K|Islamic State Khorasan"),
    "farc": ("FARC", "col", "Revolutionary Armed Forces of Colombia|FARC-EP"),
    "eln": ("ELN", "col", "National Liberation Army"),
    "tamil-tigers": ("Tamil Tigers", "lka", "Liberation Tigers of Tamil Eelam|LTTE"),
    "lashkar-e-taiba": ("Lashkar-e-Taiba", "pak", "Lashkar-e-Toiba|Lashkar-e-Tayyiba"),
    "jaish-e-mohammed": ("Jaish-e-Mohammed", "pak", "Jaish-e-Mohammad"),
    "lashkar-e-jhangvi": ("Lashkar-e-Jhangvi", "pak", "Lashkar-i-Jhangvi"),
    "hizbul-mujahideen": ("Hizbul Mujahideen", "ind", "Hizb-ul-Mujahideen"),
    "jamaat-ul-ahrar": ("Jamaat-ul-Ahrar", "pak", "Jamaatul Ahrar"),
    "baloch-liberation-army": ("Balochistan Liberation Army", "pak",
                               "Baloch Liberation Army"),
    "haqqani-network": ("Haqqani Network", "afg", ""),
    "islamic-movement-of-uzbekistan": ("Islamic Movement of Uzbekistan", "uzb", ""),
    "lords-resistance-army": ("Lord's Resistance Army", "uga", ""),
    "adf": ("Allied Democratic Forces", "cod", ""),
    "fdlr": ("FDLR", "cod", "Democratic Forces for the Liberation of Rwanda"),
    "m23": ("M23", "cod", "March 23 Movement|M23 Movement"),
    "mai-mai": ("Mai-Mai", "cod", ""),
    "abu-sayyaf": ("Abu Sayyaf", "phl", "Abu Sayyaf Group"),
    "milf": ("Moro Islamic Liberation Front", "phl", "MILF"),
    "mnlf": ("Moro National Liberation Front", "phl", ""),
    "new-peoples-army": ("New People's Army", "phl", ""),
    "jemaah-islamiyah": ("Jemaah Islamiyah", "idn", "Jemaah Islamiah"),
    "free-aceh-movement": ("Free Aceh Movement", "idn", ""),
    "free-papua-movement": ("Free Papua Movement", "idn", ""),
    "eta": ("ETA", "esp", "Basque Homeland and Freedom"),
    "ira": ("Irish Republican Army", "gbr", "Provisional Irish Republican Army|IRA"),
    "real-ira": ("Real IRA", "gbr", "Real Irish Republican Army"),
    "continuity-ira": ("Continuity Irish Republican Army", "gbr", "CIRA"),
    "shining-path": ("Shining Path", "per", "Sendero Luminoso"),
    "polisario": ("Polisario Front", "", "Polisario"),
    "plo": ("Palestine Liberation Organization", "pse", "PLO"),
    "fatah": ("Fatah", "pse", "Fateh|فتح"),
    "al-aqsa-martyrs": ("Al-Aqsa Martyrs' Brigades", "pse",
                        "Al Aqsa Martyrs Brigade|Al Aqsa Brigades"),
    "al-qassam-brigades": ("Al-Qassam Brigades", "pse", "Izz ad-Din al-Qassam Brigades"),
    "pflp": ("Popular Front for the Liberation of Palestine", "pse", "PFLP"),
    "dflp": ("Democratic Front for the Liberation of Palestine", "pse", "DFLP"),
    "pflp-gc": ("PFLP-GC", "pse", ""),
    "popular-resistance-committees": ("Popular Resistance Committees", "pse", ""),
    "fatah-al-islam": ("Fatah al-Islam", "lbn", ""),
    "mahdi-army": ("Mahdi Army", "irq", "Mehdi Army"),
    "asaib-ahl-al-haq": ("Asa'ib Ahl al-Haq", "irq", ""),
    "ansar-al-islam": ("Ansar al-Islam", "irq", ""),
    "jaysh-al-islam": ("Army of Islam", "syr", "Jaysh al-Islam"),
    "hurras-al-din": ("Hurras al-Din", "syr", "Guardians of Religion"),
    "mek": ("MEK", "irn", "Mujahedin-e Khalq|People's Mujahedin of Iran"),
    "jaish-ul-adl": ("Jaish ul-Adl", "irn", "Jaysh al-Adl|Jundallah"),
    "pjak": ("PJAK", "irn", "PEJAK|Party of Free Life of Kurdistan"),
    "ypg": ("People's Protection Units", "syr", "YPG|People's Defense Units"),
    "pyd": ("Democratic Union Party", "syr", "PYD"),
    "puk": ("Patriotic Union of Kurdistan", "irq", "PUK"),
    "dhkp-c": ("DHKP-C", "tur", "Revolutionary People's Liberation Party/Front"),
    "ansar-dine": ("Ansar Dine", "mli", ""),
    "karen-national-union": ("Karen National Union", "mmr", ""),
    "ulfa": ("United Liberation Front of Asom", "ind", "United Liberation Front of Assam|ULFA"),
    "naxalites": ("Naxalites", "ind", ""),
    "onlf": ("Ogaden National Liberation Front", "eth", ""),
    "tplf": ("Tigray People's Liberation Front", "eth", "TPLF"),
    "rsf": ("Rapid Support Forces", "sdn", "RSF"),
    "wagner-group": ("Wagner Group", "rus", ""),
    "khmer-rouge": ("Khmer Rouge", "khm", ""),
}  # fmt: skip
"""By the rest of the id: name, state where it is based, other names. Left out are groups named
by an everyday word (*Youth*, *Tigers*) or by a name that several share (*Ansar al-Sharia*), and
groups in the YAML tables."""

Rows = list[tuple[str, ...]]


def listed(folder: Path) -> dict[tuple[str, ...], str]:
    """Return every name of the two lists as folded words, with the list that has it."""
    names: dict[tuple[str, ...], str] = {}
    for path in sorted((folder / "phoenix-actors").glob("*.actors.json")):
        for row in json.loads(path.read_text("utf-8")):
            for text in (row["n"], *row["al"]):
                for part in re.split(r"[()]", text.replace("_", " ")):
                    names.setdefault(fold_words(part), "phoenix")
    for file, column in (("sdn.csv", 1), ("alt.csv", 3)):
        with (folder / "ofac" / file).open(encoding="utf-8", newline="") as table:
            for cells in csv.reader(table):
                if len(cells) > column:
                    names.setdefault(fold_words(cells[column]), "ofac")
    return names


def group_rows(folder: Path, items: Iterable[Item]) -> tuple[Rows, Rows]:
    """Return the rows of groups.csv and group_aliases.csv, without groups that no item names."""
    names = listed(folder)
    texts = {
        key: [name, *(text for text in others.split("|") if text)]
        for key, (name, _, others) in GROUPS.items()
    }
    seen = find({fold_words(text) for all_ in texts.values() for text in all_}, items)
    rows: Rows = []
    aliases: Rows = []
    for key, (name, iso3, _) in sorted(GROUPS.items()):
        found = [seen[fold_words(text)] for text in texts[key] if fold_words(text) in seen]
        last = max((one.last for one in found if one.last), default=None, key=lambda it: it.day)
        if last is None:
            continue
        lists = {names.get(fold_words(text), "") for text in texts[key]} - {""}
        source = "; ".join([*sorted(lists), last.id])
        rows.append((
            f"group:{key}", name, iso3.upper(), "", "armed group or movement",
            last.day.isoformat(), source,
        ))  # fmt: skip
        for text in texts[key][1:]:
            acronym = len(text) < 8 and text.replace("-", "").isupper()
            lang = "ar" if script_of(text) == "ARABIC" else "en"
            credit = names.get(fold_words(text), "hand")
            kind = "acronym" if acronym else "name"
            aliases.append((f"group:{key}", text, kind, lang, credit))
    return rows, aliases
