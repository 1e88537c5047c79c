"""What somebody says whom a sentence does not name: police, prosecutors, sources, reports.

Whoever says so is part of what a fact is; where no actor known can be shown for it, what is
said to have happened is no plain fact.
"""

from __future__ import annotations

import re

_SAYS = (
    r"(?:said|says|say|alleged|alleges|allege|claimed|claims|claim|reported|reports|report|"
    r"believe|believes|believed|suspect|suspects|suspected|fear|fears|feared|added|adds|stated|"
    r"states|wrote|writes|told|tells|insisted|insists|argued|argues|charged|maintained)"
)
_WHO = (
    r"(?:officials?|police|prosecutors?|authorities|sources?|investigators?|residents?|witness|"
    r"witnesses|analysts?|experts?|activists?|lawyers?|attorneys?|people|reports?|media|critics|"
    r"statement|indictment|complaint|lawsuit|filing|spokes\w+|it|he|she|they|newspaper|agency|"
    r"ministry|army|military|office|department|group|report|network|station|outlet|some|others|"
    r"many|documents?|rights groups?|opponents|protesters|families|family|relatives|post)"
)
_BEFORE = re.compile(
    rf"(?:^|[,;:]|–|—| (?:and|but|as|after|though|although|while|because)) "
    rf"(?:[a-z'.-]+ ){{0,4}}?{_WHO}(?: (?:familiar|close|briefed) [^,;<]{{1,40}})?"
    rf"(?: <[pxd]\d+>| (?:in|at|from|of|with|for) (?:the )?(?:[a-z]+|<p\d+>)){{0,2}}"
    rf"(?: , citing [^,;]{{1,80}} ,)?(?: (?:also|have|has|had|later|then|now))* {_SAYS}"
    r"(?: (?:reporters|journalists|<[np]\d+>))?(?: that)? "
)
_CITING = re.compile(
    r" , citing [^,;]{1,80} , (?:[a-z]+ )?(?:said|reported|reports|wrote)(?: that)? "
)
_SOMEBODY = re.compile(
    r"^(?: (?!(?:as|if|when|while|after|before|because|although|though|since|in|on|at|by)(?= ))"
    rf"(?:[a-z'.-]+|<[xpd]\d+>)){{1,7}} {_SAYS}(?: (?:reporters|journalists|<[np]\d+>))?(?: that)? "
)
"""A sentence that begins with whoever says it."""
_AFTER = re.compile(
    r"(?<! where)(?<! who)(?<! which)(?<! that) , (?:[”\"’'] )?"
    rf"(?:(?:[a-z'.-]+ |<[pxdna]\d+> ){{0,5}}?{_WHO}|<x\d+>|[a-z-]+(?: [a-z-]+)?)"
    rf" (?:(?:have|has|had|also|later) )*{_SAYS}(?: (?:reporters|journalists|<[np]\d+>))?"
    r"(?= (?:[,.;]|in|on|at|$))"
    r"| , (?:said|says) (?!<n|it |he |they |she )(?:[a-z'-]+ ){1,3}(?:[,.;]|$)"
)
_ACCORDING = re.compile(r" (?:according to|in the words of) (?!(?:the |a |an )?<[npd]\d+>)")
_DOUBTED = re.compile(
    r" (?:allegations?|accusations?|claims?|unconfirmed reports?|reports|rumou?rs?|suspicions?|"
    r"fears?|worry|worries|worried|concerns?|concerned|suggesting|accused of)(?: that)?(?: the)? $"
)
_NEXT = re.compile(r" ; | , (?:but|while|whereas|although|though) ")


def of_nobody_known(line: str, at: int) -> bool:
    """Tell whether what stands at a place of a shape is only said, by somebody it does not name."""
    if _DOUBTED.search(line, max(0, at - 40), at + 1):
        return True
    if _ACCORDING.search(line):
        return True
    opening = _SOMEBODY.match(line, 0, at + 1)
    for match in (
        *([opening] if opening else []),
        *_BEFORE.finditer(line, 0, at + 1),
        *_CITING.finditer(line, 0, at + 1),
    ):
        following = _NEXT.search(line, match.end() - 1)
        if following is None or at < following.start():
            return True
    after = _AFTER.search(line, at)
    return after is not None
