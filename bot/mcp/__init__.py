"""Read-only tools and resources for AI assistants, by the Model Context Protocol.

``tools`` works on the desk and knows nothing of the protocol, ``rows`` has what it takes and
returns; ``server`` serves it with the official SDK, over HTTP behind a token. The SDK is an extra,
so nothing else may import it.
"""

from __future__ import annotations

from importlib.util import find_spec

from bot.errors import SettingsError
from bot.models import LOCAL
from bot.settings import Settings

SHORTEST_TOKEN = 16
"""The least characters of a token; shorter ones can be guessed."""

_MISSING = "the package that speaks the Model Context Protocol is not installed"


def check_installed(needed_by: str) -> None:
    """Raise SettingsError, with the command to run, if the SDK is not installed.

    ``needed_by`` is the command or the setting that needs it.
    """
    if find_spec("mcp") is None:
        raise SettingsError(
            f"{needed_by} cannot be used: {_MISSING}. Run: pip install 'dragoman[mcp]'",
            about=needed_by,
        )


def token_of(settings: Settings) -> str:
    """Return the token that assistants read with over HTTP, or "" if there is none.

    Raises SettingsError, which does not quote it, if it is too short, the SDK is not installed or
    no workspace is chosen (``workspace_of``).
    """
    if settings.dragoman_mcp_token is None:
        return ""
    check_installed("DRAGOMAN_MCP_TOKEN")
    token = settings.dragoman_mcp_token.get_secret_value()
    if len(token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"DRAGOMAN_MCP_TOKEN is too short: give it at least {SHORTEST_TOKEN} characters, such"
            " as those that `openssl rand -hex 32` prints.",
            about="DRAGOMAN_MCP_TOKEN",
        )
    workspace_of(settings)
    return token


def workspace_of(settings: Settings) -> str:
    """Return the workspace that assistants read over HTTP: the one that Slack reads.

    Raises SettingsError if workspaces install the app by OAuth and none of them is chosen.
    """
    if not settings.by_oauth:
        return LOCAL
    if settings.dragoman_workspace == LOCAL:
        raise SettingsError(
            "DRAGOMAN_MCP_TOKEN needs DRAGOMAN_WORKSPACE where workspaces install the app: set it"
            " to the one that assistants read, such as T012AB3CD.",
            about="DRAGOMAN_WORKSPACE",
        )
    return settings.dragoman_workspace
