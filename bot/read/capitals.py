"""A capital as its government, or as a place: told by where it stands in the sentence.

    Tehran said; talks with Doha; Moscow's envoy; urged Kyiv     the government (METONYM)
    in Tehran; the Tokyo Olympics; Doha, Qatar; London's streets  the place (CAPITAL)

A place is what it is unless something says otherwise: most capitals in the news are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models import AliasKind, Mention

_BEFORE = re.compile(r"([\w-]+)[ \u00a0]\Z")
_AFTER = re.compile(r"[ \u00a0]([\w’'-]+)")
_OWN = re.compile(r"(?:'s|’s|['’])[ \u00a0](?:[\w-]+[ \u00a0])??([\w-]+)")
_AND = re.compile(r",|,? (?:and|or|&) ")
_SIDED = re.compile(
    r"-(?:backed|led|controlled|friendly|appointed|installed|aligned|sponsored|imposed|funded"
    r"|allied|supported|brokered|supplied|occupied)\b"
)
_STATE = re.compile(r", [A-Z]")
_REACH = 40


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a capital: with whom one deals, whom one acts upon, who does it.
_WITH = _set("""
    with between against by upon than urge urged urges urging accuse accused accuses accusing
    pressure pressured warn warned warns warning blame blamed blames told tell tells ask asked asks
    asking condemn condemned supports supported isolate punish sanctioned sanction threatened press
    pressed pushed allow allowed force forced aid aiding help helping arming arm deter deterring
    appease provoke provoking antagonize criticized criticised criticizing embarrass persuade
    convince that while but because if although whereas both as
""")
# Of these, the last are only conjunctions: what follows is a subject if a verb follows it.
_JOINING = _set("that while but because if although whereas both as")

# After a capital that is a subject: what governments do and what is said of them.
_DOES = _set("""
    said says say has have had will would may might could can cannot should must is was does did
    denies denied accused accuses wants wanted seeks sought announced announces warned warns agreed
    agrees rejected rejects refused refuses depends banned insisted insists fears feared hopes hoped
    views viewed considers considered expects expected called calls urged urges condemned condemns
    launched invaded claims claimed seemed seems believes believed responded reacted retaliated
    imposed imposes pledged vowed threatened threatens decided backs backed supports supported
    opposes opposed blames blamed hailed signed summoned expelled recognised recognized annexed
    maintains maintained plans planned hopes sees saw sent sends offered offers demanded demands
    describes described regards deployed tested fired appears appeared continues continued
""")

# What a place has, by the possessive or beside it.
_OF_A_PLACE = _set("""
    airport streets street residents suburb suburbs neighborhood neighbourhood hospital hospitals
    hotel hotels university mayor metro stadium zoo museum museums city police province region
    district skyline bureau time area marathon stock subway market markets school schools
    apartment embassy theatre theater theaters west east north south old central main largest
    biggest famous landmark population weather roads traffic underground bridge bridges river
    games olympics film festival fashion international
""")


def placed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Say of every capital in one field whether it is the government or the place.

    ``mentions`` are the field's, in order; those of other kinds come back as they are.
    """
    found: list[Mention] = []
    for mention in mentions:
        acts = mention.kind is AliasKind.CAPITAL and _acts(text, mention, found)
        found.append(mention.model_copy(update={"kind": AliasKind.METONYM}) if acts else mention)
    return found


def _acts(text: str, mention: Mention, before: Sequence[Mention]) -> bool:
    start, end = mention.start, mention.end
    if _SIDED.match(text, end) or text[max(0, start - 5) : start].lower().endswith(
        ("pro-", "anti-")
    ):
        return True
    own = _OWN.match(text, end)
    if own is not None:
        return own[1].lower() not in _OF_A_PLACE and not own[1][0].isupper()
    after = _AFTER.match(text, end)
    if _STATE.match(text, end):
        return False
    if after is not None and (after[1].lower() in _OF_A_PLACE or after[1][0].isupper()):
        return False
    if before and before[-1].kind in (AliasKind.METONYM, AliasKind.CAPITAL):
        joined = _AND.fullmatch(text, before[-1].end, start)
        if joined is not None:  # "in Doha and Cairo": as the one, so the other
            return before[-1].kind is AliasKind.METONYM
    word = _BEFORE.search(text, max(0, start - _REACH), start)
    low = word[1].lower() if word is not None else ""
    if low in _WITH and low not in _JOINING:
        return True
    subject = low in _JOINING or _opens(text, start) or low == "and"
    return subject and after is not None and after[1].lower() in _DOES


def _opens(text: str, at: int) -> bool:
    """Whether a clause begins at ``at``."""
    before = text[max(0, at - 2) : at].rstrip(" \u00a0")
    return not before or before[-1] in ".!?:;,\n\"“”‘'—–("
