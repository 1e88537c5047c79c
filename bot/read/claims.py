"""Who says what, in direct and indirect speech: the stretch of a sentence that is theirs to claim."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.read.lexicon import ADVERBS, WHEN

SAY = (
    r"(?:said|says|say|saying|stated|states|announced|announces|announce|claimed|claims|"
    r"claim|alleged|alleges|reported|reports|confirmed|confirms|added|adds|warned|warns|insisted|"
    r"insists|declared|declares|denied|denies|denying|noted|acknowledged|acknowledges|argued|"
    r"revealed|reveals|revealing|asserted|asserts|argue|insist|believe|allege|testified|testifies|wrote|writes|tweeted|believes|"
    r"believed|contended|contends|maintains|maintained|recalled|concluded|"
    r"(?:pointed|points) out|(?:speculated|speculates|suggested|suggests|"
    r"indicated|indicates|charged|charges|reiterated|reiterates|reaffirmed|reaffirms|stressed|stresses|"
    r"emphasi[sz]ed|emphasi[sz]es|repeated|repeats|hinted|hints|complained|complains|predicted|predicts)"
    r"(?=(?: (?:in|on|at|to|for) [^<,]{1,30})? that ))"
)
# No "is" or "was": what *is said* or *was confirmed* is said by somebody else.
_OTHERS = (
    r"(?: and (?:[a-z]+ ){0,3}(?:officials|others|aides|analysts|experts|leaders|authorities))?"
)
_MIDDLE = rf"{_OTHERS}(?: (?:{ADVERBS}|has|have|had|having|{WHEN}))*(?: , [^,]{{1,90}} ,)?"
_HEARER = (
    r"(?:<[np]\d+>|(?:(?:the|a|an|his|her|its|their) )?"
    r"(?!(?:after|as|when|while|before|to|about|how|of|who|which|why|where|not) )[a-z'.-]+"
    r"(?: (?!(?:after|as|when|while|before|to|about|how|who|which|why|where|not|that) )[a-z'.-]+){0,3}?)"
)
"""To whom something is told: an actor, reporters, a paper."""
_BEFORE = re.compile(
    rf"<(?:n|p(?=\d+>(?: ,)? who ))(?P<c>\d+)>(?:(?: , an? [^,;]{{1,80}})?(?: ,)? who(?= ))?{_MIDDLE} (?!add(?:s|ed) (?!that )[a-z<])(?:{SAY}|(?:told|tells) {_HEARER})(?: (?:{WHEN}))?(?: (?:in|on|at|during|to) (?:a|an|the|his|her|its|their|<p\d+>)(?: [a-z'-]+){{0,5}}?(?= that ))?(?: that)?(?: ,| :)?(?: [“\"‘'])? "
)
_AFTER = re.compile(
    rf" , (?:[”\"’'] )?(?:<n(?P<c>\d+)>{_MIDDLE} (?:{SAY}|(?:told|tells?) (?:<[npx]\d+>|[a-z]+))|{SAY} <n(?P<d>\d+)>"
    r"(?= (?:$|[^a-z<]|(?:in|on|at|to|during|of|from|after|as|who|the|a|an|through|via) )))(?: (?!that )|$)"
)
_SAID_WHEN = re.compile(
    r"(?: (?:in|on|at)(?: [a-z]+| <p\d+>){1,4}?)? (?:after|as|when|while|before) "
    r"| <[a-z]\d+>(?: ,)? (?:who|whose|which|and <) "
)
"""What follows a saying and dates it is not said: "told the press after he had arrived"."""
_ACCORDING = re.compile(r"\baccording to(?: the| a| an)? <[npd](?P<c>\d+)>")
_WORDS_OF_ANOTHER = re.compile(
    r" (?:that|which|what) (?:<n\d+>|he|she|they|it) (?:said|says|called|calls|described|describes)"
    r" [^;“”\"]{0,30}[“\"] [^“”\"]{1,90} [”\"] $"
)
_PARTICIPLE = re.compile(
    r"<n(?P<c>\d+)> (?:, )?[^;<]{0,100}(?:<[npda]\d+>[^;<]{1,100}){0,4} "
    r"(?:revealing(?= (?:plans?|that) )|saying|adding|stating|announcing|claiming|alleging|noting|confirming|insisting|"
    r"emphasi[sz]ing|stressing|(?:arguing|asserting|contending|maintaining|testifying|writing|"
    r"suggesting|warning|pointing out)(?= that )) "
)
_QUOTE_OPEN, _QUOTE_CLOSE = re.compile(r" [“] "), re.compile(r" [”] ")
_QUOTE_MARK, _STRAIGHT = re.compile(r" [“”] "), re.compile(r"(?<= )\"(?= )")
_HEADLINE = re.compile(r" ['‘] [^'’:]{3,120} (?:['’] )?: ")
_NEXT_CLAUSE = re.compile(
    r" ; | , (?:but|while|whereas|although|though)(?= )| as (?=<n\d+> |he |she |they )"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """The phrase that makes a statement, and the stretch of the shape that it claims."""

    phrase: int
    start: int
    end: int
    denies: bool = False


def claims(line: str) -> list[Claim]:
    """Find who says what in a shape, direct and indirect speech alike."""
    found: list[Claim] = []
    for match in _BEFORE.finditer(line):
        if _SAID_WHEN.match(line, match.end() - 1):
            continue
        denies = re.search(r" den(?:ied|ies|ying) ", match.group()) is not None
        found.append(
            Claim(int(match["c"]), match.end() - 1, _clause_end(line, match.end()), denies)
        )
    found.extend(
        Claim(int(match["c"]), match.end() - 1, _clause_end(line, match.end()))
        for match in _PARTICIPLE.finditer(line)
    )
    found.extend(
        Claim(int(match["c"] or match["d"]), 0, match.start() + 1)
        for match in _AFTER.finditer(line)
    )
    found.extend(
        Claim(int(match["c"]), quoted_from(line, match.start()), len(line))
        for match in _ACCORDING.finditer(line)
    )
    return found


def quoted_from(line: str, according: int) -> int:
    """Return from where on somebody is whom it is told after: of what ends in words of another
    ("he left a note that she called \"kind\", according to"), only those words."""
    words = _WORDS_OF_ANOTHER.search(line, 0, according)
    return words.start() if words else 0


def unattributed_quote(line: str, at: int) -> bool:
    """Tell whether ``at`` lies inside quotation marks, curly or straight.

    A sentence may begin or end inside a quote that began, or goes on, in another; a headline
    that opens with one in single marks tells behind a colon who says it, or of whom it is said.
    """
    headline = _HEADLINE.match(line)
    if headline is not None and at < headline.end():
        return True
    opened = [m.start() for m in _QUOTE_OPEN.finditer(line, 0, at + 2)]
    closed = [m.start() for m in _QUOTE_CLOSE.finditer(line, 0, at + 1)]
    if opened and (not closed or closed[-1] < opened[-1]):
        return True
    following = _QUOTE_MARK.search(line, at)
    if not opened and following is not None and following.group() == " ” ":
        return True
    straight = [m.start() for m in _STRAIGHT.finditer(line)]
    before = sum(one <= at + 1 for one in straight)
    if len(straight) % 2 and straight[0] > at and line[straight[0] - 1] in ",.!":
        return True  # the first mark closes what another sentence opened
    return before % 2 == 1


def _clause_end(line: str, start: int) -> int:
    found = _NEXT_CLAUSE.search(line, start)
    return found.start() if found else len(line)
