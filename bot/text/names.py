"""Names made comparable: case, accents, scripts, punctuation, particles, honorifics.

``normalise`` is what two spellings must share to be the same name. It keeps word order
and every word; what may be left out (*the*, *al*, honorifics) is for the caller to decide.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_FILLERS = "the of and for de la le al bin bint a an s"
FILLERS = frozenset(_FILLERS.split())
"""Words of a name that carry next to nothing: left out, or in the wrong place, they
change nobody's identity."""

_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´ʿʾ′＇", "'"))
_POSSESSIVE = re.compile(r"(?<=[a-z0-9])'s(?![a-z0-9])")
_DOTTED = re.compile(r"(?<![a-z0-9])(?:[a-z]\.)+(?:[a-z](?![a-z0-9]))?")
# The Arabic article as news agencies write it: el-Sisi, ad-Din, as-Sadr, ash-Shaabi.
_ARTICLE = re.compile(r"(?<![a-z0-9])(?:[ae]l|a([dnrstz])(?=[-']\1)|ash(?=[-']sh))[-'](?=[a-z])")
_OTHER = re.compile(r"[^a-z0-9]+")
_IBN = re.compile(r"\bibn\b")

_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_ARABIC_LETTERS = str.maketrans("أإآٱىةؤئ", "اااايهوي")
_ARABIC_ARTICLE = re.compile(r"(?<!\w)(?:ال)(?=\w\w)")

_HONORIFICS = """
his excellency|her excellency|his highness|her highness|his majesty|her majesty
his royal highness|her royal highness|his holiness|his eminence|your excellency
prime minister|deputy prime minister|vice president|vice-president|foreign minister
defence minister|defense minister|interior minister|finance minister|foreign secretary
secretary of state|secretary general|secretary-general|crown prince|supreme leader|grand ayatollah
director general|director-general|chief of staff|high representative
sheikh|shaikh|sheik|shaykh|sheikha|emir|amir|king|queen|prince|princess|sultan|caliph|tsar
president|pres|premier|chancellor|pm|vp|minister|fm|ambassador|envoy|senator|sen|governor|gov
congressman|congresswoman|representative|rep|mayor|judge|justice|speaker|secretary|commissioner
general|gen|lieutenant|lt|colonel|col|major|maj|captain|capt|admiral|adm|marshal|brigadier|brig
commander|chief|leader|spokesman|spokeswoman|spokesperson
dr|doctor|mr|mrs|ms|miss|sir|dame|lord|lady|baron|prof|professor|hon|honourable|honorable|rev
reverend|pope|cardinal|archbishop|bishop|patriarch|rabbi|imam|mullah|mulla|maulana|ayatollah
hojatoleslam|hajj|haji|hajji|sayyid|sayyed|seyyed|sayed|engineer|eng|ex|former|acting|late
he|hh|hm|hrh
"""
HONORIFICS = frozenset(
    h.strip().replace("-", " ") for line in _HONORIFICS.split("\n") for h in line.split("|") if h
)
"""Titles and forms of address, normalised; also the short forms that people type."""

HONORIFIC_WORDS = frozenset(word for h in HONORIFICS for word in h.split())
"""A name that neither begins nor ends with one of these carries no title."""

_LONGEST_HONORIFIC = max(h.count(" ") + 1 for h in HONORIFICS)


def to_ascii(text: str) -> str:
    """Write any script in ASCII letters, case kept; Arabic vowel marks and articles first."""
    if text.isascii():
        return text
    return anyascii(_ARABIC_ARTICLE.sub("al ", unify(text).translate(_APOSTROPHES)))


def unify(text: str) -> str:
    """Write one letter for its variants: compatibility forms, Arabic alefs, no vowel marks."""
    text = unicodedata.normalize("NFKC", text)
    return _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)


def latin(text: str) -> bool:
    """Whether every letter of ``text`` is a Latin one.

    Names in other scripts transliterate to short keys, often without vowels, that a
    misspelt English word may meet by chance; they are kept apart.
    """
    return text.isascii() or not any(
        c.isalpha() and ("\u024f" < c < "\u1e00" or c > "\u1eff") for c in text
    )


def normalise(text: str) -> str:
    """Fold a name to lower-case ASCII words with one space between them.

    ``L'Émir``, ``U.S.``, ``Qatar’s``, ``el-Sisi``, ``Mohammed ibn Salman`` become
    ``lemir``, ``us``, ``qatar``, ``al sisi``, ``mohammed bin salman``. Text without
    a letter or digit becomes the empty string.
    """
    if text.isascii() and _PLAIN.fullmatch(low := text.lower()):
        return _IBN.sub("bin", low) if "ibn" in low else low
    text = to_ascii(text).translate(_APOSTROPHES).lower()
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    if "-" in text or "'" in text:
        text = _ARTICLE.sub("al ", text).replace("'", "")
    if "." in text:
        text = _DOTTED.sub(lambda m: m[0].replace(".", "") + " ", text)
    if "&" in text:
        text = text.replace("&", " and ")
    text = _OTHER.sub(" ", text).strip()
    return _IBN.sub("bin", text) if "ibn" in text else text


def strip_honorifics(text: str) -> tuple[str, tuple[str, ...]]:
    """Take titles off both ends of a name: ``(rest, titles as normalised)``.

    ``Sheikh Tamim`` becomes ``("Tamim", ("sheikh",))``, ``pezeshkian pres`` becomes
    ``("pezeshkian", ("pres",))``. A name that is nothing but titles is left whole.
    """
    words = text.split()
    plain = [normalise(word) for word in words]
    start, end = 0, len(words)
    found: list[str] = []
    while size := _honorific_at(plain, start, end):
        found.append(" ".join(plain[start : start + size]))
        start += size
    while size := _honorific_before(plain, start, end):
        found.append(" ".join(plain[end - size : end]))
        end -= size
    if start >= end or not any(plain[start:end]):
        return text, ()
    return " ".join(words[start:end]).strip(" ,;:"), tuple(found)


def _honorific_at(plain: list[str], start: int, end: int) -> int:
    for size in range(min(_LONGEST_HONORIFIC, end - start), 0, -1):
        if " ".join(plain[start : start + size]) in HONORIFICS:
            return size
    return 0


def _honorific_before(plain: list[str], start: int, end: int) -> int:
    for size in range(min(_LONGEST_HONORIFIC, end - start), 0, -1):
        if " ".join(plain[end - size : end]) in HONORIFICS:
            return size
    return 0
