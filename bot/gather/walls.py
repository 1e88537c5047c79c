"""What stands where an article should be: challenges, consent, stubs, empty shells.

Each is told by what it says of itself, and only where hardly anything else is said: an
article about captchas or cookies has more words than the things themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models import Wall

_SHORT = 120
"""Words of a page (as seen) or of its text below which what it says is all that it says."""

_STUB = 200
"""Words of a text below which it may be the beginning of one that is paid for."""

_TEASER = 80
"""Words of a text on a page that is for those who pay, below which it is a teaser."""


CHALLENGE = re.compile(
    rb"cf-chl|challenge-platform|_incapsula_resource|px-captcha|captcha-delivery"
    rb"|g-recaptcha|h-captcha|captcha|enable javascript and cookies",
    re.IGNORECASE,
)
"""What the bytes of a page hold that asks whether a person is there."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_CAPTCHA_TITLE = _any(
    r"^just a moment\b", r"^attention required\b", r"^access (?:to this page has been )?denied\b",
    r"^are you (?:a )?(?:human|robot)\b", r"^(?:robot|bot|human|security) (?:check|challenge|verification)\b",
    r"^pardon our interruption", r"^ddos[- ]guard", r"^checking your browser", r"^please wait\b.*(?:redirect|verif)",
    r"^verify(?:ing)? (?:that )?you are (?:a"
        " )?human", r"^403 forbidden", r"^request (?:blocked|rejected)",
    r"^bot verification", r"^client challenge", r"^human verification", r"^один момент",
    r"^un momento", r"^nur einen moment", r"^un instant",
)  # fmt: skip
_CAPTCHA = _any(
    r"\bverify(?:ing)? (?:that )?you(?:['’]re| are) (?:a )?(?:human|not a (?:ro)?bot)",
    r"\bare you a (?:human|robot)\b", r"\bchecking (?:if the site connection is secure|your browser before)",
    r"\bperforming security verification", r"\bneeds to review the security of your connection",
    r"\b(?:complete|solve) the (?:security"
        " check|captcha|puzzle|challenge)", r"\bcaptcha\b.{0,60}\b(?:below|continue)",
    r"\bunusual (?:traffic|activity) from"
        " your", r"\bpress (?:and|&) hold\b", r"\bincapsula incident id",
    r"\bray id\b", r"\byou have been blocked\b", r"\baccess denied\b.{0,80}\bpermission to access",
    r"\bnot a (?:ro)?bot\b.{0,60}\b(?:confirm|prove|check)", r"\b(?:confirm|prove) (?:that )?you(?:['’]re| are) not a (?:ro)?bot",
    r"\bautomated (?:requests|access|queries|traffic)\b.{0,80}\b(?:blocked|detected|suspect)",
)  # fmt: skip
_CONSENT = _any(
    r"\bbefore you continue\b", r"\bwe (?:value|respect|care about) your privacy\b",
    r"\b(?:we|our partners|this"
        " (?:site|website|page)|you)\b.{0,60}\b(?:use|uses|store|accept|allow)\b.{0,30}\bcookies\b",
    r"\b(?:accept|reject|manage|allow) (?:all|cookies|and continue|preferences|settings)\b",
    r"\bconsent to (?:the (?:use|storage|processing)|our use)\b", r"\byour (?:privacy|cookie) (?:choices|settings|preferences)\b",
    r"\bwir (?:verwenden|nutzen)"
        " cookies\b", r"\bnous utilisons des cookies\b", r"\butilizamos cookies\b",
)  # fmt: skip
_SCRIPT = _any(
    r"\b(?:enable|activate|turn on|allow|requires?|needs?|without) java ?script\b",
    r"\bjava ?script (?:is|must be|seems to be|appears to be) (?:disabled|enabled|required|turned"
        " off|blocked)",
    r"\byour browser (?:does not support|is not supported|has java)", r"\benable (?:js|cookies)\b",
)  # fmt: skip
_MISSING_TITLE = _any(
    r"^(?:error )?404\b", r"^(?:sorry, )?(?:this |the )?page (?:was )?(?:not found|can(?:no|['’])t be found|not available)",
    r"^not found$", r"^page (?:doesn['’]t|does not) exist", r"^oops\b", r"^(?:50[0-4]|410)\b",
    r"^(?:bad gateway|service unavailable|internal server error|gateway time-?out)\b",
)  # fmt: skip
_MISSING = _any(
    r"\bpage (?:you(?:['’]re| are| were)? ?(?:looking for|requested|tried)).{0,80}\b(?:not|no"
        " longer|n['’]t|moved|removed|exist)",
    r"\b(?:article|page|content|story) (?:is|has been) (?:no longer available|not"
        " available|removed|deleted|expired)",
)  # fmt: skip
_PAYWALL = _any(
    r"\b(?:subscribe|sign up|register|log ?in|sign in|join|pay)\b.{0,40}\bto"
        " (?:continue|keep|finish|read|unlock|view|access)\b",
    r"\bto (?:continue|keep) reading\b", r"\b(?:this|the) (?:article|content|story|page) is (?:only )?(?:available|reserved|exclusively|for)\b.{0,30}\b(?:subscriber|member|premium|paying)",
    r"\b(?:subscriber|member|premium)s?[-"
        " ](?:only|exclusive)\b", r"\balready (?:a|have an?) (?:subscri|member|account)",
    r"\byou(?:['’]ve| have) (?:reached|read|used|hit)"
        " (?:your|all|the)\b.{0,40}\b(?:limit|free|articles)",
    r"\b(?:unlock|get) (?:full|unlimited) (?:digital"
        " )?access\b", r"\bthis is a (?:premium|subscriber)",
    r"\bfor subscribers only\b", r"\bstart your (?:free )?(?:trial|subscription)\b", r"\bnur für abonnenten\b",
    r"\bréservé(?:e|s)? (?:à nos|aux) abonnés\b", r"\bsolo para suscriptores\b",
)  # fmt: skip


def is_short(text: str) -> bool:
    """Whether a text is short enough for what it was taken from to be a wall."""
    return len(text.split()) < _STUB


def wall_of(titles: Sequence[str], text: str, seen: str, *, free: bool) -> Wall | None:
    """Tell what stands in place of an article; None where the text is one.

    ``text`` is what was extracted, ``seen`` all that a reader without scripts sees, and
    ``free`` whether the page says that everybody may read it.
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
    # A note about scripts stands in many pages that can be read without them, too.
    if _SCRIPT.search(little) and words < _TEASER:
        return "script"
    if _CONSENT.search(little):
        return "consent"
    return None


def _is_paid(text: str, seen: str, words: int, *, free: bool) -> bool:
    """Whether a text is the free beginning of an article that is paid for."""
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
    """Say why a page is not read, and what to do: the rest of a sentence."""
    return _WHY[wall]
