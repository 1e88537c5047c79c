"""Compare links, name articles by them, and find their publishers.

Folded links are for comparison and never for display: a folded link may not be a valid address.
Names of publishers come from ``seeds/publishers.csv``; domains are cut by the public suffix list in
the package ``tld``. Nothing here uses the network.
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
    # AMP markers
    r"|amp|_amp|amp_\w+|usqp",
    re.IGNORECASE,
)
_TRACKING_VALUE = re.compile(
    r"(?:ref|source|src|from|via|partner|emc|feed|traffic_source|share|outputtype|output|view)"
    r"=(?:rss\w*|feed\w*|atom|twitter|facebook|whatsapp|telegram|email|newsletter|amp(?:-type)?)",
    re.IGNORECASE,
)
_KEPT = re.compile(r"(?:amp|cmp)=(?!(?:1|0|true|false|yes|html|)$).*", re.IGNORECASE)
"""Parameters named like tracking ones whose value may identify an article."""

_SIDE = re.compile(r"(?:www\d?|m|mobile|amp|amphtml)\.(?=[^.]+\.[^.]+)")
_SECOND_LEVEL = re.compile(r"(?:co|com|org|net|ac|gov|gob|gouv|edu)\.[a-z]{2}")
"""``m.co.uk`` would be a site of its own, not the mobile side of ``co.uk``."""

_MOBILE_LABEL = re.compile(r"^([^.]+)\.m\.(?=[^.]+\.[^.]+)")
_AMP_END = re.compile(r"(?<=[^/])/amp(?:\.html?)?$|(?<=\w)\.amp(?=(?:\.html?)?$)")

_IN_QUERY: dict[str, tuple[str, tuple[str, ...]]] = {
    # host (and its subdomains): required path prefix, parameters that hold the link
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

    Folded: a redirector to its target (see ``unwrapped``); http and https; the case of the host, a
    default port, ``www.``, ``m.``, ``mobile.`` and ``amp.`` before it; a trailing slash; the marks
    of AMP pages (``/amp``, ``.amp.html``, ``?amp=1``); the fragment (unless it is a route, ``#!``
    or ``#/``); and parameters that only track a reader. The order of the other parameters is kept,
    as is the case of the path.
    """
    parts = urlsplit(unwrapped(url))
    path = parts.path.rstrip("/")
    while (shorter := _AMP_END.sub("", path).rstrip("/")) != path:
        path = shorter
    query = "&".join(pair for pair in _identifying(parts.query.split("&")) if pair)
    route = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    ends = (f"?{query}" if query else "") + (f"#{route}" if route else "")
    return f"https://{_main_host(parts)}{path}{ends}"


def unwrapped(url: str) -> str:
    """Return the target that a link carries: in search engine, news and AMP cache links.

    A link without one is returned unchanged except for surrounding blanks.
    """
    url = url.strip()
    for _ in range(_MOST_WRAPPERS):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    return url


def own_link(url: str, claimed: str | None) -> str:
    """Return a page's link: its claimed one (rel=canonical) if that is on its site.

    A claim to be the site's bare front page is ignored: badly made pages make it.
    """
    if not claimed or not same_site(url, claimed):
        return url
    own_parts, claimed_parts = urlsplit(unwrapped(url)), urlsplit(claimed.strip())
    front = not claimed_parts.path.strip("/") and not claimed_parts.query
    return url if front and own_parts.path.strip("/") else claimed.strip()


def same_site(one: str, other: str) -> bool:
    """Whether two links are of one site, so that each may speak for the other.

    A site is a host with its subdomains and parent domains. False unless both are plain http(s)
    links.
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
    """Return the link inside a redirector's link; None if there is none."""
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
    """Return the link within a Google News id; newer ids contain none, and must be followed."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    found = _INNER_LINK.search(raw)
    # A two-byte length or a field tag follows the link: neither is ASCII.
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


def _identifying(pairs: Iterable[str]) -> Iterable[str]:
    """Return the parameters that identify the article."""
    for pair in pairs:
        tracks = _TRACKING.fullmatch(pair.partition("=")[0]) or _TRACKING_VALUE.fullmatch(pair)
        if not tracks or _KEPT.fullmatch(pair):
            yield pair


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    return host if parts.port is None or parts.port in _DEFAULT_PORTS else f"{host}:{parts.port}"


def _main_host(parts: SplitResult) -> str:
    """Return the host without its mobile, AMP or www prefix."""
    host = _host(parts)
    while (found := _SIDE.match(host)) and not _SECOND_LEVEL.fullmatch(host[found.end() :]):
        host = host[found.end() :]
    while (shorter := _MOBILE_LABEL.sub(r"\1.", host)) != host:
        host = shorter
    return host


_TABLE = "publishers.csv"


def publisher_of(url: str | None) -> str | None:
    """Return the publisher of a link; None if the link is missing or has no host.

    This is the name listed for the host or the nearest domain above it, else the registrable domain
    (``usatoday.com``), else the host itself (an IP address, a name within a network). A redirector
    counts as its target.
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
    """Return the registrable part of a host; the host itself if there is none."""
    if ":" in host:  # an IPv6 address
        return host
    from tld import get_fld  # takes a quarter of a second, affordable only in intake

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


def names(draft: Draft) -> tuple[str, ...]:
    """Return the names of a draft: its own, and those from before it had a link."""
    return (*own_names(draft), *earlier_names(draft))


def own_names(draft: Draft) -> tuple[str, ...]:
    """Return the names that identify an article, whatever its words and date.

    These are the canonical form of its link and of other links on its site that lead to it, and its
    GUIDs. A link on another site is not a name: it may later lead elsewhere, and bring other words
    under this article's name.
    """
    others = draft.also
    if draft.url:
        link = draft.url
        others = tuple(one for one in others if one.startswith(GUID) or same_site(link, one))
    links = [*filter(None, [draft.url]), *others]
    return tuple(dict.fromkeys(short(_name_of(link)) for link in links))


def _name_of(link: str) -> str:
    """Return a GUID, or a feed's invalid link, as it is; else the folded link."""
    try:
        return link if link.startswith(GUID) else canonical_url(link)
    except ValueError:
        return link


def earlier_names(draft: Draft) -> tuple[str, ...]:
    """Return the names that a draft has without its link, by which it may be known before it."""
    content = f"sha:{content_hash(draft.title, draft.text)}"
    external = short(f"id:{draft.external_id}") if draft.external_id else None
    if not draft.url:
        return (external or content,)
    return tuple(filter(None, (external, content)))


def guid_name(feed: str, guid: str) -> str:
    """Return the name of a feed's entry: its GUID, which is unique only in that feed.

    For ``Draft.also``. If a GUID is a link, pass the link instead.
    """
    return f"{GUID}{canonical_url(feed)}{_UNIT}{guid}"


def short(name: str) -> str:
    """Shorten a name to what a database can index: itself, or its hash."""
    raw = name.encode()
    return name if len(raw) <= _LONG else f"long:{hashlib.sha256(raw).hexdigest()}"


def content_hash(title: str, text: str) -> str:
    """Return the SHA-256 (64 hex digits) of the words of a revision."""
    return hashlib.sha256(f"{title}{_UNIT}{text}".encode()).hexdigest()


def article_id(workspace: str, audience: str, identity: str) -> str:
    """Return the id of an article: 24 hex digits derived from workspace, audience and identity."""
    key = _UNIT.join((workspace, audience, identity)).encode()
    return hashlib.sha256(key).hexdigest()[:24]
