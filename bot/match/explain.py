"""Why a match is what it is, in one plain sentence."""

from __future__ import annotations

from bot.match.entries import CORE, LAST, TITLE, TURNED
from bot.match.lookup import Found
from bot.models import AliasKind

_KINDS = {
    AliasKind.NAME: "a name",
    AliasKind.ACRONYM: "an acronym",
    AliasKind.TRANSLITERATION: "a spelling",
    AliasKind.DEMONYM: "a demonym",
    AliasKind.CAPITAL: "the capital",
    AliasKind.METONYM: "a byname",
    AliasKind.SURNAME: "the surname",
    AliasKind.OFFICE: "a title",
}


def because(query: str, found: Found, name: str, rival: tuple[str, Found] | None) -> str:
    """Say how the alias fits the query, and what it beat."""
    return f"{_fit(query, found, name)}; {_beaten(found, rival)}."


def _fit(query: str, found: Found, name: str) -> str:
    alias, kind = found.entry.alias, _KINDS[found.entry.kind]
    whose = f"{kind} of {name}"
    typed = f"“{query}”"
    if found.titles:
        typed += f" without {' and '.join(found.titles)}"
    if found.how == "reordered":
        return f"{typed} has the words of “{alias}”, {whose}, in another order"
    if found.how == "partial":
        return f"{typed} shares its telling words with “{alias}”, {whose}"
    if found.how == "typo":
        if found.edits == 0:
            return f"{typed} is spelt much like “{alias}”, {whose}"
        letters = "letter" if found.edits == 1 else "letters"
        return f"{typed} is {found.edits} {letters} away from “{alias}”, {whose}"
    if found.entry.origin == LAST:
        return f"{typed} is the last name of {name}"
    if found.entry.origin == TITLE:
        return f"{typed} is the title of “{alias}”"
    if found.entry.origin == CORE:
        return f"{typed} is the telling part of “{alias}”, {whose}"
    if found.entry.origin == TURNED:
        return f"{typed} is “{alias}” put another way"
    return f"{typed} is {whose}"


def _beaten(found: Found, rival: tuple[str, Found] | None) -> str:
    if rival is None:
        return "nothing else comes near"
    name, other = rival
    if other.score >= found.score:
        return f"{name} fits as well"
    return f"next is {name}, by “{other.entry.alias}” ({other.score:.2f} to {found.score:.2f})"
