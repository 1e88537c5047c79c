"""Find what surrounds or replaces an article: buttons, teasers, challenges, paywalls.

A line is dropped only if all of it is boilerplate; no line is changed. Walls are recognised by
their words, and only on pages with little other text: an article about captchas or cookies is
longer than a captcha or cookie page. The patterns were found on the even pages of the extraction
benchmark, none on the odd ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from bot.models import Wall

PARAGRAPH = "\n\n"
"""Separator between two paragraphs of a stored text."""

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
"""A teaser that ends with its kind in capitals, as in *A headline [VIDEO]*."""

_MOST_LEAD = 60
"""Words above which a line that begins like a teaser is kept: it has more content."""

_WORD = re.compile(r"\w+")
_SAME = 92.0
"""From this similarity on (of 100), a first line repeats the title."""

_FIRST = 3
"""Number of first lines that may repeat the title: it may follow a kicker."""


def article_lines(text: str, titles: Iterable[str]) -> list[str]:
    """Return the paragraphs of an extracted text, without boilerplate."""
    lines = [line.strip().strip("|").strip() for line in text.splitlines()]
    kept = [line for line in lines if line and not _is_furniture(line)]
    known = [_words(title) for title in titles]
    heads = [_words(line) for line in kept[:_FIRST]]
    again = [
        number
        for number, words in enumerate(heads, start=1)
        if any(fuzz.ratio(words, title) >= _SAME for title in known)
    ]
    # Anything above the title is a kicker, a section or a date.
    return kept[again[-1] :] if again else kept


def _is_furniture(line: str) -> bool:
    if _BUTTON.fullmatch(line) or not _WORD.search(line):
        return True
    if _LEAD.match(line) or _LABELLED.search(line):
        return len(line.split()) <= _MOST_LEAD
    return False


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


_SHORT = 120
"""A page (as seen) or text with fewer words has nothing else to say."""

_STUB = 200
"""A text with fewer words may be the beginning of a paid article."""

_TEASER = 80
"""A text with fewer words on a page for subscribers is a teaser."""


CHALLENGE = re.compile(
    rb"cf-chl|challenge-platform|_incapsula_resource|px-captcha|captcha-delivery"
    rb"|g-recaptcha|h-captcha|captcha|enable javascript and cookies",
    re.IGNORECASE,
)
"""Found in the bytes of a page that asks visitors to prove that they are human."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_CAPTCHA_TITLE = _any(
    r"^just a moment\b", r"^attention required\b", r"^access (?:to this page has been )?denied\b",
    r"^are you (?:a )?(?:human|robot)\b", r"^(?:robot|bot|human|security) (?:check|challenge|verification)\b",
    r"^pardon our interruption", r"^ddos[- ]guard", r"^checking your browser", r"^please wait\b.*(?:redirect|verif)",
    r"^verify(?:ing)? (?:that )?you are (?:a )?human", r"^403 forbidden", r"^request (?:blocked|rejected)",
    r"^bot verification", r"^client challenge", r"^human verification", r"^один момент",
    r"^un momento", r"^nur einen moment", r"^un instant",
)  # fmt: skip
_CAPTCHA = _any(
    r"\bverify(?:ing)? (?:that )?you(?:['’]re| are) (?:a )?(?:human|not a (?:ro)?bot)",
    r"\bare you a (?:human|robot)\b", r"\bchecking (?:if the site connection is secure|your browser before)",
    r"\bperforming security verification", r"\bneeds to review the security of your connection",
    r"\b(?:complete|solve) the (?:security check|captcha|puzzle|challenge)", r"\bcaptcha\b.{0,60}\b(?:below|continue)",
    r"\bunusual (?:traffic|activity) from your", r"\bpress (?:and|&) hold\b", r"\bincapsula incident id",
    r"\bray id\b", r"\byou have been blocked\b", r"\baccess denied\b.{0,80}\bpermission to access",
    r"\bnot a (?:ro)?bot\b.{0,60}\b(?:confirm|prove|check)", r"\b(?:confirm|prove) (?:that )?you(?:['’]re| are) not a (?:ro)?bot",
    r"\bautomated (?:requests|access|queries|traffic)\b.{0,80}\b(?:blocked|detected|suspect)",
)  # fmt: skip
_CONSENT = _any(
    r"\bbefore you continue\b", r"\bwe (?:value|respect|care about) your privacy\b",
    r"\b(?:we|our partners|this (?:site|website|page)|you)\b.{0,60}\b(?:use|uses|store|accept|allow)\b.{0,30}\bcookies\b",
    r"\b(?:accept|reject|manage|allow) (?:all|cookies|and continue|preferences|settings)\b",
    r"\bconsent to (?:the (?:use|storage|processing)|our use)\b", r"\byour (?:privacy|cookie) (?:choices|settings|preferences)\b",
    r"\bwir (?:verwenden|nutzen) cookies\b", r"\bnous utilisons des cookies\b", r"\butilizamos cookies\b",
)  # fmt: skip
_SCRIPT = _any(
    r"\b(?:enable|activate|turn on|allow|requires?|needs?|without) java ?script\b",
    r"\bjava ?script (?:is|must be|seems to be|appears to be) (?:disabled|enabled|required|turned off|blocked)",
    r"\byour browser (?:does not support|is not supported|has java)", r"\benable (?:js|cookies)\b",
)  # fmt: skip
_MISSING_TITLE = _any(
    r"^(?:error )?404\b", r"^(?:sorry, )?(?:this |the )?page (?:was )?(?:not found|can(?:no|['’])t be found|not available)",
    r"^not found$", r"^page (?:doesn['’]t|does not) exist", r"^oops\b", r"^(?:50[0-4]|410)\b",
    r"^(?:bad gateway|service unavailable|internal server error|gateway time-?out)\b",
)  # fmt: skip
_MISSING = _any(
    r"\bpage (?:you(?:['’]re| are| were)? ?(?:looking for|requested|tried)).{0,80}\b(?:not|no longer|n['’]t|moved|removed|exist)",
    r"\b(?:article|page|content|story) (?:is|has been) (?:no longer available|not available|removed|deleted|expired)",
)  # fmt: skip
_PAYWALL = _any(
    r"\b(?:subscribe|sign up|register|log ?in|sign in|join|pay)\b.{0,40}\bto (?:continue|keep|finish|read|unlock|view|access)\b",
    r"\bto (?:continue|keep) reading\b", r"\b(?:this|the) (?:article|content|story|page) is (?:only )?(?:available|reserved|exclusively|for)\b.{0,30}\b(?:subscriber|member|premium|paying)",
    r"\b(?:subscriber|member|premium)s?[- ](?:only|exclusive)\b", r"\balready (?:a|have an?) (?:subscri|member|account)",
    r"\byou(?:['’]ve| have) (?:reached|read|used|hit) (?:your|all|the)\b.{0,40}\b(?:limit|free|articles)",
    r"\b(?:unlock|get) (?:full|unlimited) (?:digital )?access\b", r"\bthis is a (?:premium|subscriber)",
    r"\bfor subscribers only\b", r"\bstart your (?:free )?(?:trial|subscription)\b", r"\bnur für abonnenten\b",
    r"\bréservé(?:e|s)? (?:à nos|aux) abonnés\b", r"\bsolo para suscriptores\b",
)  # fmt: skip


def is_short(text: str) -> bool:
    """Whether a text is so short that its page may be a wall."""
    return len(text.split()) < _STUB


def wall_of(titles: Sequence[str], text: str, seen: str, *, free: bool) -> Wall | None:
    """Return what a page shows in place of an article; None if it shows the article.

    ``text`` is what was extracted, ``seen`` all that a reader without scripts sees, and ``free``
    whether the page says that everybody may read it.
    """
    words = len(text.split())
    if words < _STUB and _is_paid(text, seen, words, free=free):
        return "paywall"
    if words >= _SHORT:
        return None
    little = text if len(seen.split()) >= _SHORT else f"{text} {seen}"
    named = [title for title in titles if title]
    if any(map(_CAPTCHA_TITLE.search, named)) or _CAPTCHA.search(little):
        return "captcha"
    if any(map(_MISSING_TITLE.search, named)) or _MISSING.search(little):
        return "missing"
    # Many pages that can be read without scripts also have a note about scripts.
    if _SCRIPT.search(little) and words < _TEASER:
        return "script"
    if _CONSENT.search(little):
        return "consent"
    return None


def _is_paid(text: str, seen: str, words: int, *, free: bool) -> bool:
    """Whether a text is the free beginning of a paid article."""
    if _PAYWALL.search(text):
        return True
    if free:
        return False
    return words < _TEASER or _PAYWALL.search(seen) is not None


_WHY: dict[Wall, str] = {
    "captcha": "the page asks visitors to prove that they are human and shows no article;"
    " open it in a browser and give its text as a file",
    "consent": "the page shows a question about cookies in place of its article;"
    " open it in a browser and give its text as a file",
    "paywall": "the page shows only the beginning of its article to readers who do not pay;"
    " give its text as a file if you may read it",
    "script": "the page is empty until a browser runs its scripts;"
    " open it in a browser and give its text as a file",
    "missing": "there is no article at this address; check the link",
}


def why(wall: Wall) -> str:
    """Return why a page is not read, and what to do: the rest of a sentence."""
    return _WHY[wall]
