"""The manifest asks Slack for what the handlers take, and for nothing else."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from handlers import brief, digest, links, panel, shortcut, watch
from handlers.http import PATHS
from handlers.workspace.giving import SHORTCUTS

MANIFEST = Path(__file__).parent.parent / "deploy" / "manifest.yaml"


@pytest.fixture
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return loaded


def test_the_commands_are_those_that_are_handled(manifest: dict[str, Any]) -> None:
    commands = [c["command"] for c in manifest["features"]["slash_commands"]]
    assert commands == [brief.COMMAND, digest.COMMAND, watch.COMMAND]


def test_the_shortcuts_are_those_that_are_handled(manifest: dict[str, Any]) -> None:
    shortcuts = manifest["features"]["shortcuts"]
    assert {one["type"] for one in shortcuts} == {"message"}
    assert [one["callback_id"] for one in shortcuts] == [links.SHORTCUT, shortcut.SHORTCUT]
    assert {one["callback_id"]: one["name"] for one in shortcuts} == SHORTCUTS


def test_the_panel_begins_with_the_prompts_that_are_set(manifest: dict[str, Any]) -> None:
    prompts = manifest["features"]["agent_view"]["suggested_prompts"]
    assert [(one["title"], one["message"]) for one in prompts] == list(panel.PROMPTS)


def test_the_addresses_are_served(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]
    urls = [
        *(c["url"] for c in manifest["features"]["slash_commands"]),
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
    ]
    assert {urlsplit(url).path for url in urls} == set(PATHS)


def test_the_scopes_are_those_of_what_is_used(manifest: dict[str, Any]) -> None:
    needed = {
        "app_mentions:read": "app_mention",
        "assistant:write": "assistant.threads.setSuggestedPrompts",
        "channels:history": "message.channels",
        "channels:read": "conversations.info",
        "files:read": "url_private",
        "files:write": "files.completeUploadExternal",
        "groups:history": "message.groups",
        "im:history": "message.im",
        "im:write": "conversations.open",
        "chat:write": "chat.postMessage",
        "commands": brief.COMMAND,
        "users:read": "users.info",
    }
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(needed)
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    messages = {"message.channels", "message.groups", "message.im"}
    assert events == {"app_home_opened", "app_mention", *messages}
