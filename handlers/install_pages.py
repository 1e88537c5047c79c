"""The pages that people see in their browser while they install it."""

from __future__ import annotations

import base64
import hashlib
from html import escape

_STYLE = (
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.2rem;"
    "color:#1d1c1d;background:#fff}h1{font-size:1.5rem}"
    "a.button{display:inline-block;padding:.7rem 1.4rem;border-radius:.5rem;background:#1f3a4d;"
    "color:#fff;text-decoration:none;font-weight:600}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#1a1d21}a{color:#7ab8e0}"
    "a.button{background:#3d6b8a}}"
)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Nothing is loaded, nobody may show the pages in a frame, and no address leaves them."""

AGAIN = "Begin again"

_SAID = {
    "access_denied": "Dragoman was not installed, because the question was answered with no."
    " Nothing was changed.",
    "invalid_browser": "This page was opened in another browser than the one in which the"
    " installation began, or without its cookie. Begin again here, and allow cookies.",
    "invalid_state": "This installation was begun more than ten minutes ago, or has been used"
    " already.",
    "missing_code": "Slack's answer was incomplete, so nothing was installed.",
    "invalid_code": "Slack did not accept the answer: it was used already, or the client id, the"
    " client secret or the redirect address that Dragoman is set up with are not the app's.",
    "storage_error": "Slack agreed, but Dragoman could not write it down. Begin again in a moment.",
    "unreachable": "Slack could not be reached. Begin again in a moment.",
    "invalid_team_for_non_distributed_app": "The app is not distributed yet: whoever runs Dragoman"
    " has to turn on Public Distribution in its settings at Slack.",
    "invalid_scope": "The app asks for something that its settings at Slack do not have: whoever"
    " runs Dragoman has to paste in the newest manifest.",
}
"""What is said of each reason why nothing was installed."""


def install(url: str) -> str:
    """Show the page with the button that leads to Slack's question."""
    return _page(
        "Install Dragoman",
        "<p>Dragoman briefs a team on actors and events, every line with its source. Slack asks"
        " you next what it may do, and in which workspace.</p>"
        f'<p><a class="button" href="{escape(url)}">Add to Slack</a></p>',
    )


def success(name: str, team: str | None) -> str:
    """Show that it is installed, and how to begin."""
    client = f"https://app.slack.com/client/{escape(team)}" if team else "https://app.slack.com/"
    return _page(
        f"Dragoman is installed in {name}",
        "<p>Type <b>/brief Qatar</b> in any channel, or invite it where it should hear its name:"
        " <b>/invite @Dragoman</b>. It begins with the notes that come with it; give it links,"
        " files and feeds of your own.</p>"
        f'<p><a class="button" href="{client}">Open Slack</a></p>',
    )


def failure(reason: str) -> str:
    """Show why nothing was installed; ``reason`` is Bolt's, or Slack's word."""
    said = _SAID.get(reason) or f"Slack said “{reason[:80]}”, so nothing was installed."
    return _page(
        "Dragoman was not installed",
        f'<p>{escape(said)}</p><p><a class="button" href="install">{AGAIN}</a></p>',
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
