"""Where the fetcher may go: plain http(s) links to public addresses, through any redirects.

A link is checked twice. ``web_url`` refuses what its text shows; ``why_closed`` checks every
address at the moment of connecting, whatever name, redirect or changed DNS answer led there, and
has the last word.

Addresses are closed after the special-purpose registries of IANA (RFC 6890 and those
that update it; https://www.iana.org/assignments/iana-ipv4-special-registry,
https://www.iana.org/assignments/iana-ipv6-special-registry). Of IPv6 only 2000::/3 is
assigned to the public, so all else is closed: loopback, unique local, link-local, multicast,
IPv4-mapped and IPv4-compatible, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48). Tunnels to IPv4 over IPv6
are closed altogether, not looked through.
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
"""Ports that the web is served on. Behind others are mail, databases and shells; a feed
that is really there is allowed by name (DRAGOMAN_FETCH_ALLOW)."""

MAX_URL = 2_000

ALLOW_HINT = "DRAGOMAN_FETCH_ALLOW lets what it names be fetched."
"""For those who run Dragoman, where an address is refused."""

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
"""Last labels of names that are never public (RFC 6761, 6762, 7686, 9476, and what ICANN
holds back: .home, .corp, .internal); cloud metadata services have names in .internal."""

_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.(?!-)[a-z0-9_-]{1,63})*"
)
_AUTHORITY = re.compile(r"[^:\[\]]*(?::\d*)?|\[[0-9a-fA-F:.%]*\](?::\d*)?")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is open beside the public web: host names, and networks of addresses."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Allowed:
        """Read host names, addresses and networks (CIDR); raises SettingsError for others."""
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
    """Tell why nothing may be fetched from an address and port; None where it may."""
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
    """Take a link apart; raises FetchError unless it may be tried.

    Refused here: other schemes, names and passwords, blanks and backslashes, hosts that are
    written as numbers (``2130706433``, ``0x7f.1``, ``0177.0.0.1``), and names that are local
    by their form and not allowed. The fragment is dropped.
    """
    text = text.strip()
    if len(text) > MAX_URL:
        raise _not_web(text, f"is no link: it is longer than {MAX_URL:,} characters")
    if _UNSEEN.search(text):
        raise _not_web(text, "is no link: it holds line breaks, backslashes or the like")
    try:
        url = URL(text)
        host = (url.raw_host or "").rstrip(".").lower()
        # The dot of a fully qualified name is taken off: certificates and servers know none.
        url = url.with_host(host) if url.raw_host and url.raw_host != host else url
    except (ValueError, IndexError) as error:  # yarl's, of what follows a bracket
        raise _not_web(text, "is not a link that can be understood; check its spelling") from error
    if url.scheme not in ("http", "https") or not host:
        raise _not_web(text, "is not a link to the web; write it as https://…")
    if "@" in url.raw_authority:
        raise _not_web(text, "holds a name or password, which is never sent; leave it out")
    if why := _why_local(host, allowed):
        raise _not_web(text, why, kind="refused")
    return url.with_fragment(None)


def _why_local(host: str, allowed: Allowed) -> str | None:
    """Why a host is refused by the look of its name, as the rest of a sentence."""
    if host in allowed.names:
        return None
    if ":" in host or _dotted(host):
        return None  # an address as such: judged when connecting
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
    """A link without what may be secret in it: name and password, query, fragment."""
    scheme, slashes, rest = url.partition("//")
    if not slashes:
        scheme, rest = "", url
    authority, *path = re.split(r"(?=[/?#\\\\])", rest, maxsplit=1)
    host = authority.rpartition("@")[2]
    if not _AUTHORITY.fullmatch(host):
        return f"{scheme}{slashes}…"  # a password may hold a slash, and would look like this
    return f"{scheme}{slashes}{host}{re.split('[?#]', ''.join(path))[0]}"[:200]


def _not_web(text: str, why: str, *, kind: FetchKind = "url") -> FetchError:
    link = shown(text)
    hint = ALLOW_HINT if kind == "refused" else ""
    return FetchError(f"{link!r} {why}.", about=link, kind=kind, hint=hint)


REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})


@dataclass
class Trail:
    """Where one fetch has been; ``here`` is the link to ask next.

    ``moved_to`` is the end of the permanent redirects that it begins with.
    """

    seen: list[URL]
    most: int
    moved_to: str | None = None
    lasting: bool = True

    @classmethod
    def begin(cls, url: URL, most: int) -> Trail:
        """Start at a link; ``most`` is the number of redirects that are followed."""
        return cls([url], most)

    @property
    def here(self) -> URL:
        """The link to ask next."""
        return self.seen[-1]

    @property
    def host(self) -> str:
        """Its host."""
        return self.here.raw_host or ""

    def follow(self, status: int, location: str, allowed: Allowed) -> None:
        """Take a redirect; raises FetchError where it leads nowhere, in a circle or inside."""
        start = shown(str(self.seen[0]))
        if not location:
            raise _astray(start, "redirects to nowhere")
        try:
            joined = str(self.here.join(URL(location.strip())))
        except (ValueError, IndexError) as error:  # yarl's, of what follows a bracket
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
