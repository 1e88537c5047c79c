"""Where nothing may be fetched from: by link, by redirect, and by a changed DNS answer."""

from __future__ import annotations

import re
from ipaddress import ip_address
from types import SimpleNamespace

import pytest

from bot.errors import FetchError, SettingsError
from bot.gather.addresses import Allowed, shown, web_url, why_closed
from tests.rogue import Names, fetcher, moved, rogue, said

NOBODY = Allowed()

LINKS = """
    http://localhost/ http://LOCALHOST/ http://localhost./ http://a.localhost/
    http://localhost.localdomain/ http://printer.local/ http://wiki.internal/ http://router.lan/
    http://nas.home/ http://nas.home.arpa/ http://mail.corp/ http://intranet/ http://x.onion/
    http://metadata.google.internal/computeMetadata/v1/ http://metadata/ http://instance-data/
    http://127.0.0.1/ http://127.0.0.1:8080/ http://127.8.9.10/ http://127.0.0.1./
    http://0.0.0.0/ http://0/ http://0.1.2.3/ http://127.1/ http://127.0.1/ http://2130706433/
    http://0x7f000001/ http://0x7f.0x0.0x0.0x1/ http://0x7f.1/ http://017700000001/
    http://0177.0.0.1/ http://0177.1/ http://127.0.0.0x1/ http://0xA9FEA9FE/ http://2852039166/
    http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/ http://172.31.255.254/
    http://192.168.0.1/ http://192.168.255.255/ http://100.64.0.1/ http://100.127.255.254/
    http://100.100.100.200/latest/meta-data/ http://169.254.169.254/latest/meta-data/
    http://169.254.170.2/v2/credentials http://168.63.129.16/ http://192.0.0.192/
    http://192.0.2.1/ http://198.51.100.7/ http://203.0.113.9/ http://198.18.0.1/
    http://192.88.99.1/ http://224.0.0.1/ http://239.255.255.250/ http://240.0.0.1/
    http://255.255.255.255/ http://[::]/ http://[::1]/ http://[0:0:0:0:0:0:0:1]/
    http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::ffff:8.8.8.8]/
    http://[::127.0.0.1]/ http://[::ffff:0:127.0.0.1]/ http://[64:ff9b::7f00:1]/
    http://[64:ff9b::8.8.8.8]/ http://[64:ff9b:1::1]/ http://[2002:7f00:1::]/
    http://[2001::1]/ http://[2001:0:7f00:1::]/ http://[2001:db8::1]/ http://[3fff::1]/
    http://[fc00::1]/ http://[fd00:ec2::254]/ http://[fe80::1]/ http://[fe80::1%25eth0]/
    http://[fec0::1]/ http://[ff02::1]/ http://[100::1]/ http://[4000::1]/
    http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://ⓛocalhost/ http://%31%32%37.0.0.1/
    http://127.0.0.1%2f@news.example.org/ http://news.example.org@127.0.0.1/
    http://user:secret@news.example.org/ http://news.example.org:80@127.0.0.1:80/
    http://news.example.org\\@127.0.0.1/ http://[::1/ http://[127.0.0.1]/ http:///etc/passwd
    file:///etc/passwd ftp://news.example.org/ gopher://127.0.0.1:6379/_INFO data:text/html,x
    javascript:alert(1) dict://127.0.0.1:11211/ unix:/run/docker.sock //127.0.0.1/ news.example.org
    http://news.example.org:22/ http://news.example.org:6379/ http://news.example.org:0/
    http://news.example.org:99999/ http://inside.example.org/ http://mapped.example.org/
    http://127.0.0.1.dns.example.org/ http://both.example.org/ https://inside.example.org/
""".split()

DNS = {
    "news.example.org": ["93.184.215.14"],
    "inside.example.org": ["10.0.0.5"],
    "mapped.example.org": ["::ffff:169.254.169.254"],
    "127.0.0.1.dns.example.org": ["127.0.0.1"],
    "both.example.org": ["127.0.0.1 ::1 10.0.0.1"],
    # as the C library reads them, should a numeric host come through
    "0x7f.1": ["127.0.0.1"],
    "127.0.0.1.": ["127.0.0.1"],
    "localhost": ["127.0.0.1 ::1"],
}

INSIDE = """
    0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.2 169.254.169.254 172.20.0.1 192.168.1.1 198.19.0.1
    224.0.0.251 255.255.255.255 ::1 ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 fe80::1
    fd00:ec2::254 2002:7f00:1:: 2001:0:1::1 ff02::fb ::
""".split()


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes a socket for a fetch fails the test: it was to be refused before."""

    def refuse(**kwargs: object) -> None:
        pytest.fail(f"a socket was made: {kwargs}")

    monkeypatch.setattr("bot.gather.fetch.socket", SimpleNamespace(socket=refuse))


def test_the_table_is_long_enough() -> None:
    assert len(set(LINKS)) >= 100


@pytest.mark.usefixtures("no_sockets")
async def test_hostile_links_are_refused() -> None:
    async with fetcher(allow=(), resolver=Names(DNS)) as fetch:
        for link in LINKS:
            with pytest.raises(FetchError) as caught:
                await fetch.get(link)
            assert caught.value.kind in ("url", "refused"), (link, caught.value)
            assert "secret" not in f"{caught.value}{caught.value.about}"


async def test_redirects_to_hostile_links_are_refused() -> None:
    links = [link for link in LINKS if re.search("://[^/]", link) and link.isascii()]
    hops = {f"/{n}": moved(link) for n, link in enumerate(links)}
    chains = {f"/chain{path}": moved(path, 301) for path in hops}
    names = Names({**DNS, "start.example.org": ["127.0.0.1"]})
    async with (
        rogue(hops | chains) as site,
        fetcher(allow=["start.example.org"], resolver=names) as fetch,
    ):
        for n, link in enumerate(links):
            with pytest.raises(FetchError) as caught:
                await fetch.get(f"http://start.example.org:{site.port}/chain/{n}")
            assert caught.value.kind in ("url", "refused", "redirects"), (link, caught.value)
    assert len(links) >= 60
    assert site.paths == [path for n in range(len(links)) for path in (f"/chain/{n}", f"/{n}")]


@pytest.mark.parametrize("address", INSIDE)
async def test_a_changed_dns_answer_is_refused(address: str) -> None:
    names = Names({"news.example.org": ["127.0.0.1", address]})
    async with rogue({"/": said("first"), "/again": moved("/")}) as site:
        there = f"http://news.example.org:{site.port}"
        async with fetcher(resolver=names) as fetch:
            assert (await fetch.get(f"{there}/")).body == b"first"
            with pytest.raises(FetchError) as caught:
                await fetch.get(f"{there}/")
    assert caught.value.kind == "refused"
    assert site.paths == ["/"]
    assert names.asked == ["news.example.org"] * 2


async def test_a_changed_dns_answer_within_a_redirect_is_refused() -> None:
    names = Names({"news.example.org": ["127.0.0.1", "169.254.169.254"]})
    async with rogue({"/": moved("/latest")}) as site, fetcher(resolver=names) as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch.get(f"http://news.example.org:{site.port}/")
    assert caught.value.kind == "refused"
    assert site.paths == ["/"]


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "172.15.255.255", "172.32.0.1", "100.63.255.255",
                "100.128.0.1", "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255",
                "11.0.0.1", "126.255.255.255", "128.0.0.1", "169.253.0.1", "168.63.129.17",
                "2606:4700::1", "2a00:1450::1", "2001:200::1", "2003::1", "3ffe::1"],
)  # fmt: skip
def test_public_addresses_are_open(address: str) -> None:
    assert why_closed(address, 443, NOBODY) is None
    assert why_closed(address, 25, NOBODY) == "port 25, where no web is served"


def test_every_address_that_python_calls_private_is_closed() -> None:
    # Anycast services within 192.0.0.0/24 and 2001::/23 are global to Python; not to us.
    for n in range(0, 2**32, 65_521 * 7):
        address = ip_address(n)
        if not address.is_global or address.is_multicast:
            assert why_closed(str(address), 80, NOBODY), address


@pytest.mark.parametrize(
    ("allow", "link"),
    [
        ("intranet", "http://intranet/a"),
        ("Wiki.Internal.", "http://wiki.internal/a"),
        ("localhost", "http://localhost:9/"),
    ],
)
def test_a_name_is_allowed(allow: str, link: str) -> None:
    assert web_url(link, Allowed.of([allow])).host
    with pytest.raises(FetchError):
        web_url(link, Allowed.of(["other.internal"]))


@pytest.mark.parametrize(
    ("allow", "address", "is_open"),
    [
        ("10.1.0.0/16", "10.1.255.1", True),
        ("10.1.0.0/16", "10.2.0.1", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("127.0.0.1", "::ffff:127.0.0.1", False),
        ("[::1]", "::1", True),
        ("fd00::/8", "fd12::1", True),
    ],
)
def test_a_network_is_allowed(allow: str, address: str, is_open: bool) -> None:
    assert (why_closed(address, 6379, Allowed.of([allow])) is None) is is_open


@pytest.mark.parametrize("entry", ["10.1.0.0/33", "http://intranet/", "a b", "10.1", "x:80", ""])
def test_a_wrong_allowance_is_told(entry: str) -> None:
    with pytest.raises(SettingsError, match="DRAGOMAN_FETCH_ALLOW holds"):
        Allowed.of([entry])


async def test_an_allowed_name_may_be_anywhere() -> None:
    names = Names({"news.example.org": ["127.0.0.1"]})
    async with (
        rogue({"/": said("in")}) as site,
        fetcher(allow=["news.example.org"], resolver=names) as fetch,
    ):
        assert (await fetch.get(f"http://news.example.org:{site.port}/")).body == b"in"
        with pytest.raises(FetchError) as caught:
            await fetch.get(f"{site.base}/")
    assert caught.value.kind == "refused"


@pytest.mark.parametrize(
    ("link", "plain"),
    [
        ("https://news.example.org/a?token=x#y", "https://news.example.org/a"),
        ("https://user:secret@news.example.org/a", "https://news.example.org/a"),
        ("https://user:sec/ret@news.example.org/a", "https://…"),
        ("https://user:sec?ret@news.example.org/a", "https://…"),
        ("https://user:sec@ret@news.example.org:80/a", "https://news.example.org:80/a"),
        ("https://news.example.org/@somebody/a", "https://news.example.org/@somebody/a"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
    ],
)
def test_nothing_secret_is_shown(link: str, plain: str) -> None:
    assert shown(link) == plain


@pytest.mark.parametrize("link", ["https://[2001:db8::1NaN.]:443/x", "http://[::1]example.org@"])
def test_an_odd_address_in_brackets_is_no_link(link: str) -> None:
    with pytest.raises(FetchError, match="not a link"):
        web_url(link, NOBODY)
