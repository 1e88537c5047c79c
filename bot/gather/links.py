"""Links: which lead to the same article, which names it has, and who published it.

Folded links are for comparison and never for display: what is folded here may not be an address.
Names of publishers come from ``seeds/publishers.csv``; domains are cut off by the public suffix
list that the package ``tld`` carries. Nothing is asked of the network.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bot.models import Draft

_DEFAULT_PORTS = {80, 443}

_TRACKING = re.compile(
    # campaigns and newsletters
    r"utm_\w*|itm_\w*|mtm_\w*|pk_(?:campaign|kwd|source|medium|keyword|content|cid)|piwik_\w*"
    r"|matomo_\w*|at_(?:medium|campaign|custom\d|link_\w+|format|ptr_name|bbc_team)|ns_(?:campaign"
    r"|mchannel|source|linkname|fee)|mc_[ce]id|_hs(?:enc|mi)|hsctatracking|mkt_tok|ml_subscriber"
    r"(?:_hash)?|oly_(?:anon|enc)_id|vero_(?:id|conv)|s_cid|wt\.mc_id|wt_mc|xtor|cmpid|cmp|ocid"
    r"|ncid|icid|ito|mbid|smid|smtyp|sr_share|taid|ftag|guccounter|guce_referrer(?:_sig)?|rss_id"
    # clicks on advertisements and in social networks
    r"|fb(?:clid|_\w+)|gcl(?:id|src)|g?dclid|[gw]braid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id"
    r"|epik|srsltid|igsh(?:id)?|_openstat|rb_clickid|wickedid|_branch_match_id|_ga|_gl|__twitter_\w+"
    # how AMP pages are asked for
    r"|amp|_amp|amp_\w+|usqp",
    re.IGNORECASE,
)
_FIRST_TRACKING = re.compile(
    r"(?:utm_[^=]*|at_medium|at_campaign|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid"
    r"|twclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|_ga|oly_anon_id|oly_enc_id|vero_id)",
    re.IGNORECASE,
)
_TRACKING_VALUE = re.compile(
    r"(?:ref|source|src|from|via|partner|emc|feed|traffic_source|share|outputtype|output|view)"
    r"=(?:rss\w*|feed\w*|atom|twitter|facebook|whatsapp|telegram|email|newsletter|amp(?:-type)?)",
    re.IGNORECASE,
)
_KEPT = re.compile(r"(?:amp|cmp)=(?!(?:1|0|true|false|yes|html|)$).*", re.IGNORECASE)
"""Parameters named like tracking ones that may name an article by their value."""

_SIDE = re.compile(r"(?:www\d?|m|mobile|amp|amphtml)\.(?=[^.]+\.[^.]+)")
_SECOND_LEVEL = re.compile(r"(?:co|com|org|net|ac|gov|gob|gouv|edu)\.[a-z]{2}")
"""``m.co.uk`` would be a site of its own, not the mobile side of ``co.uk``."""

_MOBILE_LABEL = re.compile(r"^([^.]+)\.m\.(?=[^.]+\.[^.]+)")
_AMP_END = re.compile(r"(?<=[^/])/amp(?:\.html?)?$|(?<=\w)\.amp(?=(?:\.html?)?$)")

_IN_QUERY: dict[str, tuple[str, tuple[str, ...]]] = {
    # host (with what is under it): path it must begin with, parameters that hold the link
    "google.com": ("/url", ("url", "q")),
    "news.google.com": ("/news/url", ("url",)),
    "bing.com": ("/news/apiclick", ("url",)),
    "facebook.com": ("/l.php", ("u",)),
    "instagram.com": ("/", ("u",)),
    "youtube.com": ("/redirect", ("q",)),
    "duckduckgo.com": ("/l", ("uddg",)),
    "out.reddit.com": ("/", ("url",)),
    "t.umblr.com": ("/redirect", ("z",)),
    "slack-redir.net": ("/link", ("url",)),
    "vk.com": ("/away.php", ("to",)),
    "safelinks.protection.outlook.com": ("/", ("url",)),
    "linkedin.com": ("/safety/go", ("url",)),
}
_IN_PATH = (
    # AMP caches: /c/ or /v/ and s/ for https
    re.compile(r"[\w-]+\.cdn\.ampproject\.org/[a-z]/(s/)?(?P<rest>.+)"),
    re.compile(r"(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?(?P<rest>[^/]+\..+)"),
    re.compile(r"(?:www\.)?bing-amp\.com/c/(s/)?(?P<rest>.+)"),
)
_YAHOO = re.compile(r"r\.search\.yahoo\.com/.*/RU=([^/]+)/")
_GOOGLE_NEWS = re.compile(r"news\.google\.com/(?:__i/)?(?:rss/)?articles/([\w-]{16,})")
_INNER_LINK = re.compile(rb"https?://[\x21-\x7e]+")
_MOST_WRAPPERS = 4


def canonical_url(url: str) -> str:
    """Fold the spellings of one address, for comparison and never for display.

    Folded: a redirector to where it leads (see ``unwrapped``); http and https; the case of
    the host, a default port, ``www.``, ``m.``, ``mobile.`` and ``amp.`` before it; a
    trailing slash; the marks of AMP pages (``/amp``, ``.amp.html``, ``?amp=1``); the
    fragment (unless it is a route, ``#!`` or ``#/``); and parameters that only track a
    reader. The order of the other parameters is kept, as is the case of the path.
    """
    parts = urlsplit(unwrapped(url))
    path = parts.path.rstrip("/")
    while (shorter := _AMP_END.sub("", path).rstrip("/")) != path:
        path = shorter
    return _joined(f"https://{_main_host(parts)}{path}", _telling(parts.query.split("&")), parts)


def plain_url(url: str) -> str:
    """Fold only what names the same address by every rule of the web, and a few parameters.

    Articles of before redirectors, AMP and mobile pages were folded are known by this.
    """
    parts = urlsplit(url.strip())
    pairs = (one for one in parts.query.split("&") if not _FIRST_TRACKING.fullmatch(_key(one)))
    return _joined(f"https://{_host(parts)}{parts.path.rstrip('/')}", pairs, parts)


def unwrapped(url: str) -> str:
    """Where a link leads that carries its target: of search engines, news and AMP caches.

    A link that carries none is returned as it is, without blanks around it.
    """
    url = url.strip()
    for _ in range(_MOST_WRAPPERS):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    return url


def own_link(url: str, claimed: str | None) -> str:
    """The link of a page: the one that it claims (rel=canonical) where that is of its site.

    A claim to be the bare front page of the site, as badly made pages make it, is not believed.
    """
    if not claimed or not same_site(url, claimed):
        return url
    own_parts, claimed_parts = urlsplit(unwrapped(url)), urlsplit(claimed.strip())
    front = not claimed_parts.path.strip("/") and not claimed_parts.query
    return url if front and own_parts.path.strip("/") else claimed.strip()


def same_site(one: str, other: str) -> bool:
    """Whether two links are of one site, so that each may speak for the other.

    A site is a host and what is under or above it. False for what is no plain http(s) link.
    """
    here, there = _site(one), _site(other)
    if here is None or there is None:
        return False
    return here == there or here.endswith(f".{there}") or there.endswith(f".{here}")


def _site(link: str) -> str | None:
    try:
        parts = urlsplit(unwrapped(link))
        host = _main_host(parts)
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return host or None if plain else None


def _inner(url: str) -> str | None:
    """The link that a redirector's link carries; None where it carries none."""
    try:
        parts = urlsplit(url)
        host = _host(parts)
    except ValueError:
        return None
    whole = f"{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    for pattern in _IN_PATH:
        if found := pattern.fullmatch(whole):
            return _a_link(f"http{'s' if found[1] else ''}://{found['rest']}")
    if found := _YAHOO.match(whole):
        return _a_link(unquote(found[1]))
    if found := _GOOGLE_NEWS.match(whole):
        return _in_base64(found[1])
    for known, (path, keys) in _IN_QUERY.items():
        matches = host == known or host.endswith(f".{known}") or _is_google(host, known)
        if matches and parts.path.startswith(path):
            values = parse_qs(parts.query, errors="replace")
            return next((link for key in keys if (link := _a_link(*values.get(key, [])[:1]))), None)
    return None


def _is_google(host: str, known: str) -> bool:
    return known == "google.com" and bool(re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", host))


def _in_base64(text: str) -> str | None:
    """The link within an id of Google News; newer ids hold none, and must be followed."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    found = _INNER_LINK.search(raw)
    # A length of two bytes or a field mark follows the link: neither is ASCII.
    return _a_link(found[0].decode("ascii")) if found else None


def _a_link(text: str = "") -> str | None:
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and "." in host and "@" not in parts.netloc
    return text.strip() if plain else None


def _telling(pairs: Iterable[str]) -> Iterable[str]:
    """The parameters that tell which article it is."""
    for pair in pairs:
        tracks = _TRACKING.fullmatch(_key(pair)) or _TRACKING_VALUE.fullmatch(pair)
        if not tracks or _KEPT.fullmatch(pair):
            yield pair


def _key(pair: str) -> str:
    return pair.partition("=")[0]


def _joined(start: str, pairs: Iterable[str], parts: SplitResult) -> str:
    query = "&".join(pair for pair in pairs if pair)
    route = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return start + (f"?{query}" if query else "") + (f"#{route}" if route else "")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    return host if parts.port is None or parts.port in _DEFAULT_PORTS else f"{host}:{parts.port}"


def _main_host(parts: SplitResult) -> str:
    """The host without what marks its mobile, AMP or www side."""
    host = _host(parts)
    while (found := _SIDE.match(host)) and not _SECOND_LEVEL.fullmatch(host[found.end() :]):
        host = host[found.end() :]
    while (shorter := _MOBILE_LABEL.sub(r"\1.", host)) != host:
        host = shorter
    return host


_TABLE = "publishers.csv"


def publisher_of(url: str | None) -> str | None:
    """Return the publisher that a link points to; None if it is missing or has no host.

    The name listed for the host or the nearest domain above it, else the registrable domain
    (``usatoday.com``), else the host itself (an IP address, a name within a network). A
    redirector counts as what it leads to.
    """
    host = host_of(unwrapped(url)) if url else None
    return _publisher(host) if host else None


def is_guess(publisher: str | None, url: str | None) -> bool:
    """Whether a publisher's name is missing, or says no more than the link does."""
    if publisher is None:
        return True
    return url is not None and publisher in (host_of(url), publisher_of(url))


def host_of(url: str) -> str | None:
    """Return the host of a link in lower case, without ``www.`` and port; None if it has none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return None
    return host.rstrip(".").removeprefix("www.") or None


@lru_cache(maxsize=4_096)
def _publisher(host: str) -> str:
    names = _names()
    domain = _registrable(host)
    while host != domain and host not in names and host.endswith(f".{domain}"):
        host = host.partition(".")[2]
    return names.get(host, domain)


def _registrable(host: str) -> str:
    """Return the part of a host that somebody registered; the host itself if there is none."""
    if ":" in host:  # an IPv6 address
        return host
    from tld import get_fld  # takes a quarter of a second, which only intake can spare

    found = get_fld(f"https://{host}", fail_silently=True, search_private=True)
    return found or host


@cache
def _names() -> Mapping[str, str]:
    """Names of publishers by domain."""
    text = resources.files("seeds").joinpath(_TABLE).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {row["domain"]: row["name"] for row in csv.DictReader(lines)}


GUID = "guid:"
_UNIT = "\x1f"
_LONG = 1_000
"""Bytes above which a name is hashed: PostgreSQL indexes no key above 2,704."""


def identity(draft: Draft) -> str:
    """Tell by what a draft is known: a canonical URL, ``id:...`` or ``sha:...``."""
    return names(draft)[0]


def names(draft: Draft) -> tuple[str, ...]:
    """Tell by what a draft may be known: by its own names, else by those of before it had any."""
    return (*own_names(draft), *earlier_names(draft))


def own_names(draft: Draft) -> tuple[str, ...]:
    """Tell under which names an article is one article, whatever its words and date.

    The canonical form of its link and of the other links of its site that lead to it, and its
    GUIDs. A link of another site that leads here today may lead elsewhere tomorrow, and bring
    other words under this article's name: it is none of its names.
    """
    others = draft.also
    if draft.url:
        link = draft.url
        others = tuple(one for one in others if one.startswith(GUID) or same_site(link, one))
    links = [*filter(None, [draft.url]), *others]
    return tuple(dict.fromkeys(short(_name_of(link)) for link in links))


def _name_of(link: str) -> str:
    """A GUID as it stands, and so what a feed calls a link and is none; else the folded link."""
    try:
        return link if link.startswith(GUID) else canonical_url(link)
    except ValueError:
        return link


def earlier_names(draft: Draft) -> tuple[str, ...]:
    """The names of a draft before it had a link, or before links were folded as they are now."""
    content = f"sha:{content_hash(draft.title, draft.text)}"
    external = short(f"id:{draft.external_id}") if draft.external_id else None
    if not draft.url:
        return (external or content,)
    plain = short(plain_url(draft.url))
    return tuple(filter(None, (plain, external, content)))


def guid_name(feed: str, guid: str) -> str:
    """Make the name that a feed's entry goes by: its GUID, which is unique in that feed only.

    For ``Draft.also``. A GUID that is a link is better given as that link.
    """
    return f"{GUID}{canonical_url(feed)}{_UNIT}{guid}"


def short(name: str) -> str:
    """Keep a name to what a database can index: itself, or its hash."""
    raw = name.encode()
    return name if len(raw) <= _LONG else f"long:{hashlib.sha256(raw).hexdigest()}"


def content_hash(title: str, text: str) -> str:
    """SHA-256 (64 hex digits) of the words of a revision."""
    return hashlib.sha256(f"{title}{_UNIT}{text}".encode()).hexdigest()


def article_id(workspace: str, audience: str, identity: str) -> str:
    """Make the id of an article: 24 hex digits that follow from whose it is and its identity."""
    key = _UNIT.join((workspace, audience, identity)).encode()
    return hashlib.sha256(key).hexdigest()[:24]
