"""Names from The World Factbook, which has the surname in capitals, written as in news."""

from __future__ import annotations

import re

_RANKS = re.compile(
    r"^(?:(?:Sr|Lt|Brig|Maj|Gen|Col|Capt|Cdr|Dr|Hon|Rt|Adm|Dato|Ing)\.|General|Colonel|Captain|"
    r"Commander|Sir|Dame|Mr\.?|Mrs\.?|Ms\.?|Sheikh|Shaykh|Dr|President|Prime Minister|"
    r"Presidential (?:Leadership )?Council,?|Swiss Confederation|"
    r"Islamic Republic of Afghanistan|GNU Interim Prime Minister|CNSP Prime Minister|"
    r"Sultan|Tuanku|Crown Prince|Field Marshal|Retired|Ret\.|\(Ret\.\)|Chief|Commodore|Bailiff) "
)
_TAIL = re.compile(r",? (?:Dr|Jr|Brig\. Gen|Maj\. Gen|Gen|Sir|Ing|Mr|Ph\.?D)\.?$|,$")
_NOISE = re.compile(
    r"\d|[;:()\[\]+\"]| is | are | and |,|elect\b|[Dd]esignate|elected|resigned|serves|Council"
    r"|Minister|President|Commission|Prefect|Governor|Chair|Assembly|Speaker|Premier|Lieutenant"
    r"|Australia |New Zealand|Co-?prince|Co-Vice|Leader|Regent|CEO |\bof the\b|Government"
    r"|Territorial|Mayor|Secretary|recognizes|/"
)


def clean_name(text: str) -> str:
    """Return one person's name without ranks; empty if the cell holds anything else."""
    text = re.sub(r' ["“][^"”]*["”]', "", text)  # a byname among the names
    text = re.sub(r"\s+", " ", text).strip()
    previous = None
    while previous != text:
        previous = text
        text = _TAIL.sub("", _RANKS.sub("", text)).strip()
    if _NOISE.search(text) or not re.search(r"[^\W\d_a-z]{2,}", text):
        return ""
    words = text.split()
    if not any(word.isupper() and len(word) > 1 for word in re.split(r"[ -]", text)):
        return ""
    return text if len(words) <= 8 and all(w[0].isalpha() or w[0] in "'’" for w in words) else ""


COMMON = {"Mohammed", "Mohammad", "Muhammad", "Mohamed", "Mohamad", "Ahmed", "Ahmad", "Md."}
"""First names so common that people go by the second."""

_SMALL = {"bin", "ibn", "bint", "al", "de", "da", "do", "dos", "das", "van", "der", "von", "di"}


def pretty(name: str) -> str:
    """Return ``Wladyslaw KOSINIAK-KAMYSZ`` as news writes it: *Wladyslaw Kosiniak-Kamysz*."""
    return " ".join(_cased(word, first=i == 0) for i, word in enumerate(name.split()))


def _cased(word: str, *, first: bool) -> str:
    if not word.isupper() and not re.fullmatch(r"(?:al|el|as|ad|an|ar|at|az)-[A-Z'’-]+", word):
        return word
    if word.lower() in _SMALL and not first:
        return word.lower()
    if (len(word) == 2 and word.endswith(".")) or word in ("II", "III", "IV", "VI", "VIII", "XIV"):
        return word
    parts = re.split(r"([-'’])", word.lower())
    small = {"al", "el", "as", "ad", "an", "ar", "at", "az", "ag", "ould"}
    cased = [
        part if i == 0 and len(parts) > 1 and part in small and parts[1] == "-" else
        part[:1].upper() + part[1:]
        for i, part in enumerate(parts)
    ]  # fmt: skip
    text = "".join(cased)
    return re.sub(r"^Mc([a-z])", lambda m: "Mc" + m[1].upper(), text)


def forms(name: str, *, short: bool = True) -> list[str]:
    """Return ways to write a factbook name, the fullest first; all use only its own words.

    Without initials and suffixes; if the surname is last, in capitals, also the first name and the
    surname alone: *Joao Lourenco* for ``Joao Manuel Goncalves LOURENCO``; if a second surname
    follows, without it: *Luis Abinader*.
    """
    words = name.split()
    capitals = [bool(re.search(r"[^\W\d_a-z]{2}", w)) and (w.isupper() or "-" in w) for w in words]
    found = [pretty(name)]
    plain = [w for w in words if not re.fullmatch(r"[A-Z]\.", w)]
    found.append(pretty(" ".join(plain)))
    if not short or words[0] in ("Abdul", "Abd", "Abdel", "Abdou"):
        return list(dict.fromkeys(found))
    if True in capitals[1:-1] and not (capitals[0] or capitals[-1] or set(words) & _SMALL):
        last = max(i for i, high in enumerate(capitals) if high)
        found.append(pretty(" ".join(words[: last + 1])))
        found.append(pretty(f"{words[0]} {words[last]}"))
    if capitals[-1] and not capitals[0]:
        first = next(i for i, high in enumerate(capitals) if high)
        if all(capitals[first:]):
            surname = " ".join(words[first:])
            given = [w for w in words[:first] if not re.fullmatch(r"[A-Z]\.", w)]
            if len(given) > 1 and given[0] in COMMON:
                given = given[1:]
            if given and given[-1].lower() not in _SMALL and given[0].lower() not in _SMALL:
                found.append(pretty(f"{' '.join(given[:2])} {surname}"))
                found.append(pretty(f"{given[0]} {surname}"))
                found.append(pretty(f"{given[0]} {words[-1]}"))
    return list(dict.fromkeys(found))
