"""Which links lead to the same article, and which only look so."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.links import canonical_url, own_link, same_site, unwrapped

A = "https://news.example.org/a"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # spellings
        (A, "http://news.example.org/a", True),
        (A, "HTTPS://News.Example.org/a", True),
        (A, "https://news.example.org:443/a", True),
        ("http://news.example.org:80/a", A, True),
        ("https://news.example.org./a", A, True),
        (A, f"{A}/", True),
        ("https://news.example.org", "https://news.example.org/", True),
        (A, f"{A}#top", True),
        (A, f" {A} ", True),
        (A, f"{A}?", True),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a", True),
        (A, "https://news.example.org/A", False),
        ("https://news.example.org:8080/a", A, False),
        (f"{A}/b", f"{A}b", False),
        ("https://news.example.org/#!/story/1", "https://news.example.org/#!/story/2", False),
        # what tracks
        (f"{A}?utm_source=x&utm_medium=y", A, True),
        (f"{A}?id=1&fbclid=zz", f"{A}?id=1", True),
        (f"{A}?gclid=1&id=1&UTM_Term=q", f"{A}?id=1", True),
        (f"{A}?at_medium=RSS&at_campaign=rss", A, True),
        (f"{A}?ref=rss", A, True),
        (f"{A}?source=RSSfeed&from=twitter", A, True),
        (f"{A}?cmp=rss", A, False),  # CMP=1 tracks, another value may be anything
        (f"{A}?CMP=1", A, True),
        (f"{A}?smid=tw&guccounter=1&srsltid=x&mkt_tok=y", A, True),
        (f"{A}?id=1", f"{A}?id=2", False),
        (f"{A}?id=1", A, False),
        (f"{A}?utm=1", A, False),
        (f"{A}?ref=fbclid", A, False),
        (f"{A}?source=reuters", A, False),
        (f"{A}?p=rss", A, False),
        (f"{A}?view=full", A, False),
        # sides of one site
        ("https://www.example.org/a", "https://example.org/a", True),
        ("https://m.example.org/a", "https://www.example.org/a", True),
        ("https://mobile.example.org/a", "https://example.org/a", True),
        ("https://amp.example.org/a", "https://www.example.org/a", True),
        ("https://en.m.example.org/a", "https://en.example.org/a", True),
        ("https://www.amp.example.org/a", "https://example.org/a", True),
        ("https://m.example.co.uk/a", "https://www.example.co.uk/a", True),
        ("https://m.co.uk/a", "https://co.uk/a", False),
        ("https://www.org/a", "https://org/a", False),
        ("https://news.example.org/a", "https://example.org/a", False),
        ("https://ma.example.org/a", "https://example.org/a", False),
        ("https://de.example.org/a", "https://en.example.org/a", False),
        # AMP pages
        (f"{A}/amp", A, True),
        (f"{A}/amp/", A, True),
        (f"{A}.amp", A, True),
        (f"{A}.amp.html", f"{A}.html", True),
        (f"{A}?amp=1", A, True),
        (f"{A}?amp", A, True),
        (f"{A}?outputType=amp", A, True),
        (f"{A}?amp_js_v=0.1&usqp=mq331", A, True),
        (f"{A}?amp=guitar", A, False),
        (f"{A}/ramp", A, False),
        (f"{A}/amplifier", A, False),
        ("https://news.example.org/amp", "https://news.example.org/", False),
        (f"{A}/amp/b", f"{A}/b", False),
        ("https://news-example-org.cdn.ampproject.org/c/s/news.example.org/a", A, True),
        ("https://news-example-org.cdn.ampproject.org/v/s/news.example.org/a?amp_gsa=1", A, True),
        ("https://www.google.com/amp/s/news.example.org/a/amp/", A, True),
        ("https://www.google.co.uk/amp/s/amp.news.example.org/a", A, True),
        # redirectors
        (f"https://www.google.com/url?sa=t&url={A}&usg=x", A, True),
        ("https://www.google.de/url?q=https%3A%2F%2Fnews.example.org%2Fa%3Futm_source%3Dx", A, True),
        (f"https://l.facebook.com/l.php?u={A}&h=AT0", A, True),
        (f"https://www.bing.com/news/apiclick.aspx?ref=FexRss&url={A}&c=1", A, True),
        (f"https://duckduckgo.com/l/?uddg={A}", A, True),
        (f"https://eur02.safelinks.protection.outlook.com/?url={A}&data=05", A, True),
        ("https://r.search.yahoo.com/_ylt=A/RU=https%3a%2f%2fnews.example.org%2fa/RK=2/RS=x", A, True),
        (f"https://www.google.com/url?url=https://l.facebook.com/l.php?u={A}", A, True),
        (f"https://www.google.com/search?q={A}", A, False),
        (f"https://evil.example.org/url?url={A}", A, False),
        (f"https://google.com.example.org/url?url={A}", A, False),
        ("https://www.google.com/url?url=javascript:alert(1)", A, False),
    ],
)  # fmt: skip
def test_the_same_article(one: str, other: str, same: bool) -> None:
    assert (canonical_url(one) == canonical_url(other)) is same


def google_news(link: str, *, after: bytes = b"\xd2\x01\x00") -> str:
    raw = b"\x08\x13\x22" + bytes([len(link)]) + link.encode() + after
    name = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{name}?oc=5"


@pytest.mark.parametrize(
    ("link", "inner"),
    [
        (google_news(A), A),
        (google_news(A, after=b"\xd2\x01\x2chttps://amp.news.example.org/a/amp"), A),
        (google_news("AU_yqLM" + "x" * 90), None),
        ("https://news.google.com/rss/articles/CBMi!!", None),
        ("https://news.google.com/articles/" + "A" * 41, None),
        (A, None),
        (f"  {A}\n", A),
        ("https://www.google.com/url?url=http://localhost/", None),
        ("https://www.google.com/url?url=http://me:secret@news.example.org/", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_where_a_redirector_leads(link: str, inner: str | None) -> None:
    assert unwrapped(link) == (inner or link)


def test_redirectors_within_redirectors_come_to_an_end() -> None:
    assert unwrapped("https://www.google.com/url?url=" * 3 + A) == A
    assert unwrapped("https://www.google.com/url?url=" * 9 + A) != A


@pytest.mark.parametrize(
    ("url", "claimed", "link"),
    [
        (f"{A}?utm_id=1", A, A),
        ("https://m.example.org/a", "https://www.example.org/b", "https://www.example.org/b"),
        ("https://world.example.org/a", "https://www.example.org/b", "https://www.example.org/b"),
        (f"https://www.google.com/url?url={A}", f"{A}/b", f"{A}/b"),
        (A, None, A),
        (A, "", A),
        (A, "https://other.example.com/a", A),
        (A, "https://evil-news.example.org.example.com/a", A),
        ("https://one.example.org/a", "https://two.example.org/a", "https://one.example.org/a"),
        (A, "https://news.example.org/", A),
        (A, "javascript:alert(1)", A),
        (A, "//news.example.org/a", A),
        (A, "https://me@news.example.org/a", A),
        (A, "https://[bad/a", A),
    ],
)
def test_the_link_that_a_page_claims(url: str, claimed: str | None, link: str) -> None:
    assert own_link(url, claimed) == link


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (A, "http://www.news.example.org/b", True),
        (A, "https://example.org/", True),
        (A, "https://m.example.org/", True),
        ("http://wiki/a", "http://wiki/b", True),
        (A, f"https://l.facebook.com/l.php?u={A}", True),
        (A, "https://other.example.org/a", False),
        (A, "https://news.example.org.example.com/a", False),
        (A, "https://evilnews.example.org/a", False),
        (A, "https://me@news.example.org/a", False),
        (A, "ftp://news.example.org/a", False),
        (A, "http://[bad", False),
        (A, "news.example.org/a", False),
        (A, "", False),
    ],
)
def test_what_is_one_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same_site(other, one) is same


@given(
    st.builds(
        lambda host, path, query: f"https://{host}.example/{path}?{query}",
        st.text("abCmw.-", min_size=1, max_size=9).filter(lambda h: h.strip("-.") == h),
        st.text("amp/.%2", max_size=12),
        st.text("amp=&1_utm", max_size=12),
    )
)
def test_a_canonical_address_stays(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)
