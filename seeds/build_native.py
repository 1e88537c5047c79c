"""Names of states in scripts other than Latin, as rigour holds them.

rigour's names have no language and a good deal of noise, so only names in scripts that English text
never uses are taken, and of those only scripts that news is written in.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from seeds.build_tables import UNSAFE_NATIVE

SCRIPTS = {
    "ARABIC": "",
    "ARMENIAN": "hy",
    "CJK": "",
    "CYRILLIC": "",
    "DEVANAGARI": "",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "",
    "KATAKANA": "ja",
    "THAI": "th",
}
"""Scripts whose names come from rigour, with the language if the script has one."""

LETTERS = {
    "ARABIC": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگی\u200c",
    "CYRILLIC": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђјљњћџѓќѕ",
    "HEBREW": "אבגדהוזחטיךכלםמןנסעףפץצקרשת׳״",
}
"""Letters of the languages that news is written in. Other letters and vowel marks show a name in
a language (Kashmiri, Yiddish, Chechen) whose spelling rigour has mostly from lists."""

ODD = re.compile(r"[\d(),;:/]| [-\u0650]")
"""Lists, remarks and broken spacing."""


def script_of(text: str) -> str:
    """Return the one script of a name's letters, as Unicode names it; empty if mixed or none."""
    scripts = {
        unicodedata.name(c, "?").split()[0] for c in text if unicodedata.category(c)[0] in "LM"
    }
    return scripts.pop() if len(scripts) == 1 else ""


def _usual(name: str, script: str) -> bool:
    if script == "HEBREW" and name.endswith("ע"):  # Yiddish writes its vowels
        return False
    if script == "CYRILLIC" and name.endswith("ец"):  # a man from there
        return False
    letters = LETTERS.get(script)
    return letters is None or all(c in letters for c in name.lower() if c not in " -'’")


def native_names(rigour: list[dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Return, by alpha-3 code, names in scripts other than Latin, each with its script.

    A name that another present territory also has is left out.
    """
    owners: dict[str, set[str]] = {}
    for row in rigour:
        if row.get("is_historical"):
            continue
        for name in [row["name"], *row["names_strong"], *row["names_weak"]]:
            owners.setdefault(name, set()).add(row["code"])
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rigour:
        if not row.get("alpha3") or row.get("is_historical"):
            continue
        for name in {*row["names_strong"], *row["names_weak"]} - UNSAFE_NATIVE:
            script = script_of(name)
            least = 2 if script in ("CJK", "HANGUL", "KATAKANA") else 3
            if script not in SCRIPTS or len(name) < least or len(owners[name]) > 1:
                continue
            if ODD.search(name) or not name[0].isalpha() or not _usual(name, script):
                continue
            proper = name[0].upper() + name[1:]
            if proper == name or " " not in name:
                found.setdefault(row["alpha3"], []).append((proper, script))
    return found
