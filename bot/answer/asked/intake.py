"""Questions about the reading itself: what is read, and who else reports a thing."""

from __future__ import annotations

import re

_READ = re.compile(
    r"\W*(?:(?:so\s|and\s|but\s)?(?:what|whom?|which\s(?:sources|papers|newspapers|publishers|feeds"
    r"|outlets|sites|media)|what\s(?:sources|papers|publishers|feeds|outlets|sites|media))\s"
    r"(?:do|are|have|did|can)\s(?:you|we)\s(?:all\s)?(?:read(?:ing)?|follow(?:ing)?|use|using|know|have"
    r"|cover(?:ing)?|got|draw\son)"
    r"|(?:what|which|who)(?:\sare|['’]?re|\sis|['’]s)?\s(?:all\s)?your\s(?:sources?|feeds?|publishers?)"
    r"|where\sdo\syou\sget\s(?:your|the)\s(?:news|information|facts)(?:\sfrom)?"
    r"|(?:list|show)(?:\sme)?\s(?:all\s|your\s|the\s)*sources|sources)\W*",
    re.IGNORECASE,
)
_REPORT = (
    r"(?:report(?:s|ed|ing)?|cover(?:s|ed|ing)?|carr(?:y|ies|ied|ying)|writ(?:e|es|ing)|wrote"
    r"|say(?:s|ing)?|said|confirm(?:s|ed|ing)?|has|have|had|seen|tell(?:s|ing)?|told|r[eu]n(?:ning)?)"
)
_ELSE = re.compile(
    rf"\W*(?:(?:is|are|has|have|did|does|do|was)\s)?(?:any\s?(?:one|body|\s?\w{{0,12}})|who|which\s\w+)"
    rf"\s(?:else)(?:['’]s|\s(?:is|are|has|have|been|also|did|does))*\s{_REPORT}\b"
    r"(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WITH_LINK = re.compile(
    rf"\W*(?:(?:is|are|has|have|did|does|do|was)\s)?(?:you|we|any\s?(?:one|body)|who)"
    rf"(?:['’]s|\s(?:is|are|has|have|been|also))*\s{_REPORT}\b(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SEEN = re.compile(r"\W*(?:seen|who\selse)\b:?(?P<what>.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_BEGIN = re.compile(
    r"^(?:\W*(?:about|on|that|this|it|the\ssame|the\sstory|claim(?:ing)?)\b(?=\W))*[\s:,–—-]*",
    re.IGNORECASE,
)


def asks_what_is_read(text: str) -> bool:
    """Tell whether a question is which sources there are: *what do you read?*"""
    return bool(_READ.fullmatch(" ".join(text.split())))


def asks_who_else(text: str) -> str | None:
    """Return what *anyone else reporting this?* is asked of, a link or a claim; else None.

    Empty where the question names neither.
    """
    match = _ELSE.match(text)
    if match is None and (link := link_in(text)) is not None:
        match = _WITH_LINK.match(text) or _SEEN.match(text)
        return link if match or text.strip(" ?!.<>") == link else None
    if match is None:
        return None
    return link_in(text) or _BEGIN.sub("", f"{match['what']} ", count=1).strip(" ?!.:\"“”'")


def link_in(text: str) -> str | None:
    """The first web address in a text, without what ends the sentence around it."""
    found = _LINK.search(text)
    return found.group().rstrip(".,;:!?)]}\"'”’") if found else None
