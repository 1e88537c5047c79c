"""Who published an article, as far as its link tells: a known name, else the domain.

Names come from ``seeds/publishers.csv``. Domains are cut off by the public suffix list that the
package ``tld`` carries; nothing is asked of the network.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from urllib.parse import urlsplit

from bot.gather.canonical import unwrapped

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
