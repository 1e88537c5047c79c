"""The lines of an extracted page that are not its article: buttons, teasers, rights, its title.

A line goes only where it as a whole is such a thing; no line is changed. Patterns were
found on the even pages of the extraction benchmark, none on the odd ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

PARAGRAPH = "\n\n"
"""What stands between two paragraphs of a stored text."""

_BUTTON = re.compile(
    r"""[\W_]*(?:
    (?:(?:story|article)\ continues\ below\ )?advertisement | advertising | ad | sponsored(?:\ content)?
    | (?:order\ )?reprints? | print(?:\ (?:this\ )?(?:article|page|story))? | e-?mail(?:\ this)?
    | share(?:\ (?:this(?:\ (?:article|story|page|post|video|link|with\ .{1,30}))?|(?:on|via)\ [\w-]+(?:\ [\w-]+)?))? | tweet | save | copy\ link | link\ copied\W*
    | (?:\d+\ )?comments? | (?:leave|post)\ a\ (?:comment|reply) | view\ comments | reply
    | tags?(?:\s*:.{0,200})? | topics?\s*:.{0,200} | filed\ under\b.{0,200} | categories(?:\s*:.{0,200})?
    | thank\ you | this\ article\ has\ been\ sent\ to | loading\W* | close | menu | skip\ to\ .{0,40}
    | (?:an\ )?error\ (?:has\ )?occurr?ed\W.{0,60} | play\ video | (?:watch|listen)\ (?:now|live|below)
    | don['’]?t\ miss | most\ (?:read|popular|viewed|shared)(?:\ in\ .{0,40})? | trending(?:\ now)?
    | related(?:\ (?:articles?|stories|stor(?:y|ies)|content|topics?|links?|coverage|posts?))?
    | recommended(?:\ (?:for\ you|stories|reading))? | (?:you\ (?:may|might)\ also\ like.{0,30})
    | read\ (?:more|next|also) | see\ (?:also|more) | more\ (?:on\ this(?:\ story)?|stories|news)
    | (?:sign\ up|subscribe|log\ in|sign\ in|register)(?:\ (?:now|here|today|for\ free))?
    | back\ to\ top | next | previous | continue\ reading | show\ more | https?://\S+
    )[\W_]*""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAD = re.compile(
    r"""[^\w“"‘«]*(?:
    (?:read|see|find\ out|hear|learn)\ (?:more|also|next)\W*: | (?:also|must)\ read\W*: | see\ also\W*:
    | related(?:\ (?:articles?|stor(?:y|ies)|coverage))?\W*: | don['’]?t\ miss\W*: | just\ in\W*:
    | (?:watch|listen)(?:\ (?:more|now|below|also))?\W*: | more\ (?:on\ this|from\ .{1,40})\W*:
    | (?:click|tap|swipe)\ here\b | (?:for\ more\ .{0,60}?,?\ )?(?:click|tap)\ here
    | (?:please\ )?(?:follow|like|join|find)\ (?:us|@\w+|our\ \w+)\b.{0,40}?\ (?:on|via)\b
    | follow\ @\w+ | follow\ .{1,40}\ on\ (?:twitter|x|facebook|instagram|telegram|whatsapp|youtube)\b
    | (?:sign\ up|subscribe)\ (?:to|for|now|here|today)\b | get\ .{0,60}\ (?:newsletter|delivered)\b
    | get\ .{0,60}\ on\ the\ go\b | download\ (?:the|our)\b.{0,40}\ app\b
    | © | (?:\(c\)|copyright)\s+(?:©|\(c\)|copyright|\d{4}|by\b) | all\ rights\ reserved
    | this\ (?:copy|material|article)\ (?:is\ for\ your\ personal|may\ not\ be\ (?:published|reproduced))
    | (?:send|tell)\ us\ your\b | tell\ us\ what\ you\b | got\ a\ (?:tip|story|confidential)\b
    | (?:write\ to|contact)\ .{1,80}\S@\S+\W*\Z | have\ a\ (?:news\ )?tip\b | \[button\b
    | we\ (?:use|may\ earn)\b.{0,40}\b(?:cookies|affiliate|commission)
    | (?:photo|image|picture|video)(?:\ (?:credit|by|source))?\W*: | image\ credit\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LABELLED = re.compile(r"\[[A-Z][A-Z ]{3,20}\]\W*\Z")
"""A teaser that says what it leads to in capitals, as in *A headline [VIDEO]*."""

_MOST_LEAD = 60
"""Words above which a line that begins like a teaser is kept: it has more to say."""

_WORD = re.compile(r"\w+")
_SAME = 92.0
"""From this likeness on (of 100), a first line is the title again."""

_FIRST = 3
"""Lines in which the title may stand again: it may come after a kicker."""


def article_lines(text: str, titles: Iterable[str]) -> list[str]:
    """Return the paragraphs of an extracted text, without what is not the article's."""
    lines = [line.strip().strip("|").strip() for line in text.splitlines()]
    kept = [line for line in lines if line and not _is_furniture(line)]
    known = [_words(title) for title in titles]
    heads = [_words(line) for line in kept[:_FIRST]]
    again = [
        number
        for number, words in enumerate(heads, start=1)
        if any(fuzz.ratio(words, title) >= _SAME for title in known)
    ]
    # What stands above its title is a kicker, a section or a date.
    return kept[again[-1] :] if again else kept


def _is_furniture(line: str) -> bool:
    if _BUTTON.fullmatch(line) or not _WORD.search(line):
        return True
    if _LEAD.match(line) or _LABELLED.search(line):
        return len(line.split()) <= _MOST_LEAD
    return False


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
