"""What somebody says who is no actor known: police, prosecutors, sources, a paper, documents.

Whoever says so is part of what a fact is. Who can be read off the sentence is shown for it; what
is said by somebody whom the sentence does not tell is only possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.read.claims import quoted_from
from bot.read.nouns import COUNTS, end_of
from bot.read.phrases import Item, Phrase, is_name, word_at
from bot.read.shape import Shape
from bot.read.stretches import index, kept
from bot.read.subjects import IRREGULAR
from bot.read.words import ABBREVIATED

_SAYS = (
    r"(?:said|says|say|alleged|alleges|allege|claimed|claims|claim|reported|reports|report|"
    r"believe|believes|believed|suspect|suspects|suspected|fear|fears|feared|added|adds|stated|"
    r"states|wrote|writes|told|tells|insisted|insists|argued|argues|charged|maintained|contended|"
    r"contends|contend|asserted|asserts|testified|(?:show|shows|showed|suggest|suggests|suggested|"
    r"described|describes|recounted|recounts|detailed|details|explained|explains|maintains|"
    r"speculated|speculates|speculate|pointed out|points out|"
    r"indicate|indicates|indicated)(?=(?: for the first time)? (?:that|how|the|<[nda]))|(?:confirmed|confirms|confirm|"
    r"recalled|acknowledged|noted|notes|revealed|reveals|announced)"
    r"(?= (?:that|[^,;]{0,40} would) ))"
)
_ADDS = (
    r"(?:said|says|say|alleged|alleges|allege|claimed|claims|claim|reported|reports|report|"
    r"believe|believes|believed|suspect|suspected|fear|feared|added|adds|stated|states|wrote|"
    r"writes|told|tells|insisted|argued|argues|testified|confirmed|confirms|recalled|noted|notes|"
    r"revealed|announced|shows?|suggests?|indicates?)"
)
"""The same after what is said."""
_NOT_THERE = r"(?!, (?!because |and |if |unless )|when |after |while |in \d{4} when )"
"""What follows a saying and dates it is not said, nor what follows one put in between."""
_WHO = (
    r"(?:officials?|police|prosecutors?|authorities|sources?|investigators?|residents?|witness|"
    r"witnesses|analysts?|experts?|activists?|lawyers?|attorneys?|people|reports?|media|critics|"
    r"statement|indictment|complaint|lawsuit|filing|filings|spokes\w+|it|he|she|they|newspaper|"
    r"agency|ministry|army|military|office|department|group|network|station|outlet|some|others|"
    r"many|outlets|documents?|records?|emails?|messages?|letters?|rights groups?|opponents|protesters|families|family|relatives|post|"
    r"affidavit|plaintiffs?|defendants?|suit|judge|researchers|historians|scholars|observers|"
    r"diplomats?|aides?|allies|staffers?|person|memo|transcript|journal|times|gazette|daily)"
)
_BEFORE = re.compile(
    rf"(?:^|[,;:]|–|—| (?:and|but|as|after|though|although|while|because)) "
    rf"(?P<who>(?:(?:[a-z'.-]+ ){{0,4}}?{_WHO}|(?:(?:the|an?) )?<[xv]\d+>)(?: (?:familiar|close|briefed|obtained|seen|reviewed|viewed|released|filed|published) [^,;<]{{1,40}})?"
    rf"(?: <[pxd]\d+>| (?:in|at|from|of|with|for) (?:the )?(?:[a-z]+|<p\d+>)){{0,2}})"
    rf"(?: , citing [^,;]{{1,80}} ,)?(?: (?:also|have|has|had|later|then|now))* (?P<says>{_SAYS})"
    rf"(?: (?:reporters|journalists|<[np]\d+>))?(?: that)? {_NOT_THERE}"
)
_CITING = re.compile(
    r" (?P<who>(?:[a-z'.-]+|<[npxd]\d+>)(?: [a-z'.-]+)?) , citing [^,;]{1,80} , (?:[a-z]+ )?"
    r"(?P<says>said|reported|reports|wrote)(?: that)? "
)
_REPORTING = re.compile(
    r" (?P<who>(?:the )?(?:media|press|papers?|newspapers?|outlets?|reporters?|journalists?|networks?))"
    r" (?:for )?(?P<says>reporting)(?: that)? "
)
_SHOWING = re.compile(
    r" (?P<who>(?:(?:the|an?|his|her|its|their|internal|leaked|new|secret|private|court) ){0,3}(?:documents?|emails?|records?|messages?|texts?|letters?|"
    r"memos?|files?|cables?|transcripts?|reports?|footage|testimony|studies|study|filings?|"
    r"affidavits?|notes|statements?)) (?P<says>indicating|showing|suggesting|revealing|alleging|"
    r"stating|saying|detailing|describing)(?: that| how) "
)
"""Papers that somebody has, and what they say."""
_ARGUING = re.compile(
    r" (?:arguing|claiming|alleging|contending|maintaining|asserting|insisting|saying|suggesting|"
    r"indicating|testifying|pointing out|stating|writing) that(?: the)? $"
)
_SOMEBODY = re.compile(
    r"^ (?:(?:in|on|at|during) (?:(?!who |which |says? |said )[^,;]){1,60} , )?(?P<who>(?!(?:as|if|when|while|after|before|because|although|though|since|in|on|at|by|to) )"
    rf"(?:[a-z'.-]+|<[xpdva]\d+>)(?: (?:[a-z'.-]+|<[xpdva]\d+>)){{0,6}}?)(?: , an? [^,;]{{1,80}} ,)?(?: (?:has|have|had|also|"
    rf"later|repeatedly|long|previously))* (?P<says>{_SAYS})"
    rf"(?: (?:reporters|journalists|<[np]\d+>))?(?: that)? {_NOT_THERE}"
)
"""A sentence that begins with whoever says it."""
_AFTER = re.compile(
    r"(?<! where)(?<! who)(?<! which)(?<! that) , (?:[”\"’'] )?"
    r"(?!(?:when|as|where|which|who|that|what|if|before|after|because|while|whose|according) )"
    r"(?P<who>(?:[a-z0-9'.-]+|<[pxdnva]\d+>)(?: (?:[a-z0-9'.-]+|<[pxdnva]\d+>)){0,8}?)"
    rf" (?:(?:have|has|had|also|later) )*(?P<says>{_ADDS})"
    r"(?: (?:reporters|journalists|<[np]\d+>)|(?:(?<=told)|(?<=tells))(?: [a-z]+){1,3})?"
    r"(?= (?:[,.;]|in|on|at|to|after|as|who|citing|$))"
)
_AFTER_SAID = re.compile(
    rf" , (?P<says>said|says) (?P<who>(?!<n|it |he |they |she )(?:(?:{'|'.join(sorted(ABBREVIATED))}) \. )?"
    rf"(?!(?:{'|'.join(sorted(ABBREVIATED))}) )(?:[a-z'-]+ ){{0,2}}[a-z'-]+)"
    r" (?:[,.;]|$)"
)
_ACCORDING = re.compile(r" (?:according to|in the words of|, per) (?!(?:the |a |an )?<[npd]\d+>)")
_TOLD = re.compile(
    r" (?:told|assured|informed|reminded|texted) (?:(?:him|her|them|us|me|it|<[npx]\d+>)|(?:the |his |her |a )?[a-z]+)"
    r" that(?: the)?(?: <[a-z]\d+>)? $"
)
"""Somebody told it whom another clause names: "the clerk went to him and told him that"."""
_SUBJECT = re.compile(r" (?:the )?<[a-z]\d+>[^<,;]{0,40}$")
_APPOSED = re.compile(
    r" , (?:has |have |had |also )*(?:said|says|stated|added|claimed|argued|told reporters)"
    r"(?: that | (?:he|she|it|they) |"
    r" (?:the |a |an )?<[nd]\d+>(?= (?!(?:[,.;]|in|on|at|who|as|after) )))"
)
"""What is said by whoever stands before what is told of him: "a clerk of Doha, Qatar, said"."""
_HEADLINE = re.compile(
    r"^ (?P<who>police|reports?|sources?|officials?|authorities|prosecutors?|witnesses|experts?) : "
)
_TAIL = re.compile(
    r" (?:–|—|-|:|,) (?P<who>reports?|sources?|officials?|police|media|witnesses|prosecutors?)"
    r"(?: says?)? (?:\. )?$"
)
_DOUBTED = re.compile(
    r" (?:allegations?|accusations?|claims?|evidence|unconfirmed reports?|reports|rumou?rs?|suspicions?|"
    r"fears?|worry|worries|worried|concerns?|concerned|suggesting|accused of)(?: that)?(?: the)?(?: <[a-z]\d+>)? $"
)
_NEXT = re.compile(r" ; | , (?:but|while|whereas|although|though) ")
_UNSURE = re.compile(r"(?:alleg|suspect|fear|believ|suggest|indicat|speculat)")
"""Sayings that leave open whether it is so."""

_OPENERS = frozenset(
    "and but as after though although while because however meanwhile also still yet then so "
    "later , ; : – — ” “ \" '".split()
)
_NOBODY = frozenset(
    "it he she they who which that this these those i we you some others many one another what "
    "there here says said not".split()
)
_ALSO = frozenset("first also later now still".split())
_HAVE = frozenset("had has have was were is are did".split())
_LEADING_ON = frozenset("by from of in at with for to on".split())
_NEAR_TO = frozenset(
    "close familiar briefed released issued posted published provided obtained seen reviewed viewed filed".split()
)
_NO_SPEAKER = COUNTS | frozenset("view photo photos picture pictures image images map".split())
"""What pictures show is there to be seen; "a suspected attack" nobody suspects."""

_MOST = 14
"""Words that whoever says so may have."""


@dataclass(frozen=True, slots=True)
class Hearsay:
    """That somebody says so: whom the sentence shows for it, as offsets into the text.

    ``sure`` where they say that it is so; what is feared or alleged may not be.
    """

    span: tuple[int, int] | None = None
    sure: bool = False
    nobody: bool = False
    """Somebody says so, and these words do not tell who: "she said", a clerk of a town."""


_RUMOUR, _NOBODY_KNOWN = Hearsay(), Hearsay(nobody=True)


def hearsay(shaped: Shape, at: int) -> Hearsay | None:
    """Return who is said to say what stands at a place of a shape; None where nobody is."""
    line = shaped.line
    said = next(_sayings(line, at), None)
    doubted = any(_DOUBTED.search(line, max(0, at - 40), end) for end in (at, at + 1))
    if said is None:
        according = _ACCORDING.search(line)
        if according is None or at < quoted_from(line, according.start() + 1):
            unnamed = _APPOSED.search(line, 0, at + 1) or _unnamed(line, at)
            return _RUMOUR if doubted else _NOBODY_KNOWN if unnamed else None
        found = kept(shaped)
        first = index(line, according.end() - 1)
        last = _whole(found, first)
        known = word_at(found, last) not in IRREGULAR | _HAVE  # "talks that it had with clerks"
        shown = _span(found, first, last) if known else None
        shown = _with_today(shaped, shown)
        return Hearsay(shown, sure=shown is not None and not doubted, nobody=shown is None)
    span = _speaker(shaped, *said.span("who"))
    sure = not doubted and not _UNSURE.match(said.groupdict().get("says") or "")
    return Hearsay(span, sure=span is not None and sure, nobody=span is None and not doubted)


def _unnamed(line: str, at: int) -> bool:
    """Tell whether somebody says so whom another clause names, just before the subject."""
    begins = _SUBJECT.search(line, 0, at)
    ends = (at, begins.start() + 1) if begins else (at,)
    return any(one.search(line, 0, end) for one in (_TOLD, _ARGUING) for end in ends)


def _sayings(line: str, at: int) -> Iterator[re.Match[str]]:
    """Who says so, before it or after it."""
    opening = _SOMEBODY.match(line, 0, at + 1)
    if opening and opening["who"].rpartition(" ")[2] in _NO_SPEAKER:
        opening = None
    for match in (
        *_BEFORE.finditer(line, 0, at + 1),
        *([opening] if opening else []),
        *_CITING.finditer(line, 0, at + 1),
        *_REPORTING.finditer(line, 0, at + 1),
        *_SHOWING.finditer(line, 0, at + 1),
    ):
        following = _NEXT.search(line, match.end() - 1)
        if following is None or at < following.start():
            yield match
    for one in (_AFTER.search(line, at), _AFTER_SAID.search(line, at)):
        if one is None or _OPENERS.issuperset(one["who"].split()):
            continue  # ", and said": whoever acts
        if one["who"] not in _NOBODY or not _NEXT.search(line, at, one.start() + 1):
            yield one
    for one in (_HEADLINE.match(line), _TAIL.search(line, at)):
        if one is not None:
            yield one


def _speaker(shaped: Shape, start: int, end: int) -> tuple[int, int] | None:
    """Return where the text names whoever says so; None where these words do not tell."""
    found = kept(shaped)
    first, last = index(shaped.line, start), index(shaped.line, end)
    while first < last and word_at(found, first) in _OPENERS:
        first += 1
    while first < last and word_at(found, last - 1) in _ALSO:
        last -= 1
    if first == last:
        return None
    read = _whole(found, first)
    if first < read < last and word_at(found, last - 1) in ("and", "but"):
        last = read  # "officials heard of it but said"
    return _with_today(shaped, _span(found, first, last)) if read >= last else None


def _with_today(shaped: Shape, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """A paper's name may end in what is otherwise a time, and left out: "USA TODAY"."""
    at = next((n for n, one in enumerate(shaped.items) if span and one.end == span[1]), None)
    after = shaped.items[at + 1] if at is not None and at + 1 < len(shaped.items) else None
    if span and isinstance(after, Item) and after.word == "today" and after.capital:
        return span[0], after.end
    return span


def full_name(shaped: Shape, last: Phrase) -> tuple[int, int]:
    """Return where a name begins that ends in that of a place: "Ada Ruritan"."""
    found = kept(shaped)
    first = next(at for at, one in enumerate(found) if one is last)
    while first and is_name(found[first - 1]) and word_at(found, first - 1) not in _OPENERS:
        first -= 1
    return found[first].start, last.end


def _whole(found: Sequence[Item | Phrase], first: int) -> int:
    """Return where whoever begins at a word ends: "two people close to the talks"."""
    end = _noun(found, first)
    if word_at(found, end) in ("and", "or") and (other := _noun(found, end + 1)) > end + 1:
        end = other
    while end > first and end < len(found):
        at = end + (word_at(found, end) in _NEAR_TO)
        if word_at(found, at) not in _LEADING_ON:
            break
        after = _noun(found, at + 1)
        if after == at + 1:
            break
        end = after
    return end


def _noun(found: Sequence[Item | Phrase], at: int) -> int:
    end = end_of(found, at)
    if end == at and at < len(found) and isinstance(found[at], Phrase):
        return at + 1
    return end


def _span(found: Sequence[Item | Phrase], first: int, last: int) -> tuple[int, int] | None:
    if not first < last <= first + _MOST:
        return None
    begins = (
        first + 2 if word_at(found, first) == "one" and word_at(found, first + 1) == "of" else first
    )
    if any(word_at(found, at) in _NOBODY for at in range(begins, last)):
        return None
    return found[first].start, found[last - 1].end
