"""Decide what the fetcher may reach: plain http(s) links to public addresses.

A link is checked twice. ``web_url`` rejects what its text already shows. ``why_closed`` makes the
final check of every address when connecting, whatever name, redirect or DNS change led there.

Blocked addresses follow IANA's special-purpose registries (RFC 6890 and its updates;
https://www.iana.org/assignments/iana-ipv4-special-registry,
https://www.iana.org/assignments/iana-ipv6-special-registry). Only 2000::/3 is public IPv6 space, so
everything else is blocked: loopback, unique local, link-local, multicast, IPv4-mapped and
IPv4-compatible, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48). Tunnels to IPv4 over IPv6 are blocked
outright, not looked through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from bot.errors import FetchError, FetchKind, SettingsError

Address = IPv4Address | IPv6Address

PORTS = frozenset({80, 443, 8080, 8443})
"""Ports used for the web. Other ports serve mail, databases and shells; a feed that really uses one
can be allowed by name (DRAGOMAN_FETCH_ALLOW)."""

MAX_URL = 2_000

ALLOW_HINT = "DRAGOMAN_FETCH_ALLOW lets what it names be fetched."
"""Hint for operators when an address is refused."""

_CLOSED = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "an unspecified address"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address inside a carrier's network"),
        ("127.0.0.0/8", "this machine itself"),
        ("168.63.129.16/32", "a cloud's metadata service"),  # Azure's, though it looks public
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("255.255.255.255/32", "a broadcast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "an unspecified address"),
        ("::1/128", "this machine itself"),
        ("::ffff:0:0/96", "an IPv4 address written as IPv6"),
        ("::/96", "an IPv4 address written as IPv6"),
        ("64:ff9b::/96", "a NAT64 address"),
        ("64:ff9b:1::/48", "a NAT64 address"),
        ("2001::/32", "a Teredo address"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "an address for documentation"),
        ("2002::/16", "a 6to4 address"),
        ("3fff::/20", "an address for documentation"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("ff00::/8", "a multicast address"),
    )
)
_GIVEN_OUT = IPv6Network("2000::/3")

_LOCAL_ENDINGS = frozenset(
    "localhost local localdomain internal intranet lan home corp private onion invalid alt".split()
)
"""Last labels of names that are never public (RFC 6761, 6762, 7686, 9476, and those ICANN reserves:
.home, .corp, .internal); cloud metadata services have names in .internal."""

_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.(?!-)[a-z0-9_-]{1,63})*"
)
_AUTHORITY = re.compile(r"[^:\[\]]*(?::\d*)?|\[[0-9a-fA-F:.%]*\](?::\d*)?")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Host names and networks that may be fetched besides the public web."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Allowed:
        """Parse host names, addresses and networks (CIDR); raises SettingsError if invalid."""
        names: set[str] = set()
        networks: list[IPv4Network | IPv6Network] = []
        for entry in entries:
            plain = entry.strip().strip("[]").rstrip(".").lower()
            try:
                networks.append(ip_network(plain))
            except ValueError as error:
                if not _NAME.fullmatch(plain) or _NUMBER.fullmatch(plain.rpartition(".")[2]):
                    raise SettingsError(
                        f"DRAGOMAN_FETCH_ALLOW holds {entry!r}: write host names, addresses"
                        " or networks such as intranet.example.org, 10.1.2.3, 10.1.0.0/16.",
                        about="DRAGOMAN_FETCH_ALLOW",
                    ) from error
                names.add(plain)
        return cls(frozenset(names), tuple(networks))

    def has(self, address: Address) -> bool:
        """Whether an address is in one of the networks."""
        return any(address in network for network in self.networks)


def why_closed(text: str, port: int, allowed: Allowed) -> str | None:
    """Return why an address and port must not be fetched; None if they may be."""
    try:
        address = ip_address(text)
    except ValueError:
        return "no address"
    if allowed.has(address):
        return None
    for network, what in _CLOSED:
        if address in network:
            return what
    if isinstance(address, IPv6Address) and address not in _GIVEN_OUT:
        return "a reserved address"
    return None if port in PORTS else f"port {port}, where no web is served"


def web_url(text: str, allowed: Allowed) -> URL:
    """Parse a link; raises FetchError if it must not be tried.

    Refuses other schemes, user names and passwords, blanks and backslashes, hosts written as
    numbers (``2130706433``, ``0x7f.1``, ``0177.0.0.1``), and local names that are not allowed.
    Drops the fragment.
    """
    text = text.strip()
    if len(text) > MAX_URL:
        raise _not_web(text, f"is no link: it is longer than {MAX_URL:,} characters")
    if _UNSEEN.search(text):
        raise _not_web(text, "is no link: it holds line breaks, backslashes or the like")
    try:
        url = URL(text)
        host = (url.raw_host or "").rstrip(".").lower()
        # Drop the trailing dot of a fully qualified name: certificates and servers do not expect
        # it.
        url = url.with_host(host) if url.raw_host and url.raw_host != host else url
    except (ValueError, IndexError) as error:  # raised by yarl for what follows a bracket
        raise _not_web(text, "is not a link that can be understood; check its spelling") from error
    if url.scheme not in ("http", "https") or not host:
        raise _not_web(text, "is not a link to the web; write it as https://…")
    if "@" in url.raw_authority:
        raise _not_web(text, "holds a name or password, which is never sent; leave it out")
    if why := _why_local(host, allowed):
        raise _not_web(text, why, kind="refused")
    return url.with_fragment(None)


def _why_local(host: str, allowed: Allowed) -> str | None:
    """Return why a host name is refused, as the rest of a sentence."""
    if host in allowed.names:
        return None
    if ":" in host or _dotted(host):
        return None  # a literal address: checked when connecting
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return "has a number for a host; write its name"
    if not _NAME.fullmatch(host):
        return "has an impossible host name; check its spelling"
    if len(labels) == 1 or labels[-1] in _LOCAL_ENDINGS or host.endswith(".home.arpa"):
        return "leads into a local network"
    return None


def _dotted(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def shown(url: str) -> str:
    """Return a link without possible secrets: user name and password, query, fragment."""
    scheme, slashes, rest = url.partition("//")
    if not slashes:
        scheme, rest = "", url
    authority, *path = re.split(r"(?=[/?#\\\\])", rest, maxsplit=1)
    host = authority.rpartition("@")[2]
    if not _AUTHORITY.fullmatch(host):
        return f"{scheme}{slashes}…"  # a password may contain a slash, and would look like this
    return f"{scheme}{slashes}{host}{re.split('[?#]', ''.join(path))[0]}"[:200]


def _not_web(text: str, why: str, *, kind: FetchKind = "url") -> FetchError:
    link = shown(text)
    hint = ALLOW_HINT if kind == "refused" else ""
    return FetchError(f"{link!r} {why}.", about=link, kind=kind, hint=hint)


REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})


@dataclass
class Trail:
    """The redirects of one fetch; ``here`` is the link to request next.

    ``moved_to`` is the end of the leading permanent redirects.
    """

    seen: list[URL]
    most: int
    moved_to: str | None = None
    lasting: bool = True

    @classmethod
    def begin(cls, url: URL, most: int) -> Trail:
        """Start at a link; ``most`` is the maximum number of redirects to follow."""
        return cls([url], most)

    @property
    def here(self) -> URL:
        """The link to request next."""
        return self.seen[-1]

    @property
    def host(self) -> str:
        """The host of that link."""
        return self.here.raw_host or ""

    def follow(self, status: int, location: str, allowed: Allowed) -> None:
        """Follow a redirect; raises FetchError if it is empty, loops or leads inside."""
        start = shown(str(self.seen[0]))
        if not location:
            raise _astray(start, "redirects to nowhere")
        try:
            joined = str(self.here.join(URL(location.strip())))
        except (ValueError, IndexError) as error:  # raised by yarl for what follows a bracket
            raise _astray(start, "redirects to something that is not a link") from error
        target = web_url(joined, allowed)
        if target in self.seen:
            raise _astray(start, "redirects in a circle; it may want cookies, which are not kept")
        if len(self.seen) > self.most:
            raise _astray(start, f"redirects more than {self.most} times")
        self.lasting = self.lasting and status in _FOR_GOOD
        if self.lasting:
            self.moved_to = str(target)
        self.seen.append(target)


def _astray(start: str, what: str) -> FetchError:
    return FetchError(
        f"{start} {what}: give the address that it is meant to lead to.",
        about=start,
        kind="redirects",
    )
