"""What stands in place of an article is told from an article about the same thing."""

from __future__ import annotations

import pytest

from bot.gather.boilerplate import why
from bot.models import Wall
from tests.web_pages import TALKS, extracted, html

PAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
COOKIES = "We use cookies and similar things on this site. Accept all or manage preferences."


def bare(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("page", "wall"),
    [
        (bare("Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript>"), "captcha"),
        (bare("news.example.org", "<h1>news.example.org</h1><p>Verify you are human by completing the action below.</p>"), "captcha"),
        (bare("Attention Required!", "<p>Please complete the security check to access this site.</p>"), "captcha"),
        (bare("Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this page.</p>"), "captcha"),
        (bare("Are you a robot?", "<p>Please confirm that you are not a robot.</p>"), "captcha"),
        (bare("News", "<p>Our systems have detected unusual traffic from your network.</p>"), "captcha"),
        (bare("Before you continue", f"<p>{COOKIES}</p><button>Reject all</button>"), "consent"),
        (bare("Example News", f"<p>We value your privacy.</p><p>{COOKIES}</p>"), "consent"),
        (bare("Example News", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"), "script"),
        (bare("Example News", "<p>JavaScript is disabled in your browser.</p>"), "script"),
        (bare("Page not found", "<p>The page you are looking for may have moved.</p>"), "missing"),
        (bare("404", "<p>Oops.</p>"), "missing"),
        (bare("Example News", "<p>This article has been removed.</p>"), "missing"),
        (html(TALKS[0], "Subscribe to continue reading."), "paywall"),
        (html(TALKS[0], "This article is for subscribers only. Already a subscriber? Log in."), "paywall"),
        (html(*TALKS[:4], "You have reached your limit of free articles."), "paywall"),
        (html(TALKS[0], head=PAID), "paywall"),
        (html(*TALKS[:4], "<span>Start your free trial</span>", head=PAID), "paywall"),
    ],
)  # fmt: skip
def test_walls(page: str, wall: Wall) -> None:
    found = extracted(page)
    assert (found.wall, found.text) == (wall, "")
    assert why(wall)


@pytest.mark.parametrize(
    "page",
    [
        html(*TALKS),
        html(TALKS[0]),  # a short piece of news is one
        html(TALKS[0], "They are to be about cookies, and about who may set them."),
        html(*TALKS, COOKIES, "Please enable JavaScript to see the comments."),
        html(*TALKS, "Subscribe to continue reading our other articles."),
        html(*TALKS, head=PAID),  # said to be paid for, and here in full
        html(*TALKS, title="Access denied to the delegation"),
        html(*TALKS, title="Just a moment: how the talks began"),
        html(TALKS[0], "A captcha is a test. The law says who may use captchas, and for what."),
        html(TALKS[0], "It asked its members to subscribe to the fund by May."),
        html(*TALKS[:4], "<noscript>Enable JavaScript to see the map.</noscript>"),
        html(TALKS[0], "<noscript><img src='/a.gif'></noscript>", title="Page turned at the talks"),
    ],
)
def test_articles(page: str) -> None:
    found = extracted(page)
    assert found.wall is None
    assert TALKS[0] in found.text
