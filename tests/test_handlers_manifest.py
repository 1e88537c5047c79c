"""The manifest asks Slack for what the handlers take, and for nothing else."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import yaml
from pydantic import BaseModel
from slack_sdk.web.async_client import AsyncWebClient

from handlers import actions, app, digest, links, objects, panel, steps, watch
from handlers.app import PATHS
from handlers.install import REDIRECT, SCOPES
from handlers.workspace.conversation import SHORTCUTS

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / "deploy" / "manifest.yaml"
STEPS = ROOT / "deploy" / "workflow-steps.yaml"

CALLS: dict[str, set[str]] = {
    "blocks.validate": set(),
    "apps.connections.open": set(),
    "assistant.threads.setStatus": {"assistant:write"},
    "assistant.threads.setSuggestedPrompts": {"assistant:write"},
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.unfurl": {"links:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "entity.presentDetails": set(),
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "functions.completeError": set(),
    "functions.completeSuccess": set(),
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
}
"""What the Web API wants of who calls a method: https://docs.slack.dev/reference/methods."""

EVENTS: dict[str, set[str]] = {
    "app_context_changed": set(),
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "entity_details_requested": set(),
    "link_shared": {"links:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "tokens_revoked": set(),
}
"""What an event wants: https://docs.slack.dev/reference/events."""

BY_OTHER_MEANS = {"commands", "files:read"}
"""Wanted for commands and shortcuts, and for the address of a file."""


class Listened:
    """Stands in for Bolt's app, and keeps what is listened to."""

    def __init__(self) -> None:
        self.events: set[str] = set()
        self.commands: set[str] = set()
        self.shortcuts: set[str] = set()
        self.functions: set[str] = set()
        for surface in app.SURFACES:
            surface.listen(cast("Any", self), cast("Any", None))

    def event(self, named: Any, *_: Any, **__: Any) -> Callable[..., Any]:
        self.events.add(named if isinstance(named, str) else named["type"])
        return lambda listener: listener

    def command(self, named: str, *_: Any, **__: Any) -> Callable[..., Any]:
        self.commands.add(named)
        return lambda listener: listener

    def message_shortcut(self, named: str, *_: Any, **__: Any) -> Callable[..., Any]:
        self.shortcuts.add(named)
        return lambda listener: listener

    def function(self, named: str, *_: Any, **__: Any) -> Callable[..., Any]:
        self.functions.add(named)
        return lambda listener: listener

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Buttons and forms: they come to the address of interactions, and are not named."""
        assert name in {"action", "view", "view_submission", "view_closed", "use"}, name
        return lambda *_, **__: lambda listener: listener


def called() -> Iterator[str]:
    """Every method of the Web API that the handlers name, as text or as the client's own."""
    functions = {
        name
        for name, _ in inspect.getmembers(AsyncWebClient, inspect.iscoroutinefunction)
        if re.match(r"[a-z]+_", name) and name != "api_call"
    }
    families = "|".join(sorted({name.split("_")[0] for name in functions}))
    spelled = re.compile(rf"(?:{families})(?:\.[a-z]\w*)+")
    for path in (ROOT / "handlers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and spelled.fullmatch(str(node.value)):
                yield str(node.value)
            elif isinstance(node, ast.Attribute) and node.attr in functions:
                yield node.attr.replace("_", ".")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def listened() -> Listened:
    return Listened()


def test_the_commands_are_those_that_are_handled(
    manifest: dict[str, Any], listened: Listened
) -> None:
    commands = [c["command"] for c in manifest["features"]["slash_commands"]]
    assert commands == [actions.COMMAND, digest.COMMAND, watch.COMMAND]
    assert set(commands) == listened.commands


def test_the_shortcuts_are_those_that_are_handled(
    manifest: dict[str, Any], listened: Listened
) -> None:
    shortcuts = manifest["features"]["shortcuts"]
    assert {one["type"] for one in shortcuts} == {"message"}
    assert [one["callback_id"] for one in shortcuts] == [links.SHORTCUT, actions.SHORTCUT]
    assert {one["callback_id"]: one["name"] for one in shortcuts} == SHORTCUTS
    assert {one["callback_id"] for one in shortcuts} == listened.shortcuts


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
    assert [urlsplit(url).path for url in manifest["oauth_config"]["redirect_urls"]] == [REDIRECT]


def test_the_events_are_those_that_are_listened_to(
    manifest: dict[str, Any], listened: Listened
) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert events == sorted(events)
    assert set(events) == set(EVENTS)
    assert {event.split(".")[0] for event in events} == listened.events


def test_every_method_that_is_called_is_known_with_its_scopes() -> None:
    installing = {"oauth.v2.access", "auth.test"}
    assert set(called()) - installing <= set(CALLS)


def test_the_scopes_are_those_of_what_is_used(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    wanted = [CALLS[method] for method in set(called()) & set(CALLS)]
    wanted += [EVENTS[event] for event in manifest["settings"]["event_subscriptions"]["bot_events"]]
    assert set(scopes) == set[str]().union(*wanted) | BY_OTHER_MEANS
    assert scopes == sorted(scopes)
    assert tuple(scopes) == SCOPES


def test_the_manifest_has_what_slack_knows_and_within_its_limits(manifest: dict[str, Any]) -> None:
    """After https://docs.slack.dev/reference/app-manifest."""
    assert set(manifest) <= {
        "_metadata",
        "display_information",
        "features",
        "oauth_config",
        "settings",
    }
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    features = manifest["features"]
    assert set(features) <= {
        "agent_view",
        "app_home",
        "bot_user",
        "rich_previews",
        "shortcuts",
        "slash_commands",
        "unfurl_domains",
    }
    assert 0 < len(features["unfurl_domains"]) <= 5
    assert set(features["rich_previews"]["entity_types"]) == {objects.ITEM, objects.CONTENT}
    assert len(features["bot_user"]["display_name"]) <= 80
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    for one in features["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150
    settings = manifest["settings"]
    assert set(settings) <= {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    }
    for key in ("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"):
        assert settings[key] is False


TYPES = {str: "string", int: "integer", int | None: "integer", bool: "boolean"}
OF_SLACK = {"person": "slack#/types/user_context", "channel": "slack#/types/channel_id"}
"""The types of what a step takes and gives: https://docs.slack.dev/reference/types."""


def parameters(model: type[BaseModel]) -> dict[str, tuple[str, bool]]:
    """What a model takes or gives: the type in a manifest, and whether it must be there."""
    return {
        name: (
            OF_SLACK.get(name) or TYPES.get(cast("Any", field.annotation), "string"),
            field.is_required(),
        )
        for name, field in model.model_fields.items()
    }


def test_the_steps_are_those_that_are_handled_with_what_they_take_and_give(
    listened: Listened,
) -> None:
    """After https://docs.slack.dev/tools/bolt-python/concepts/custom-steps."""
    manifest = yaml.safe_load(STEPS.read_text(encoding="utf-8"))
    assert set(manifest) == {"functions", "settings"}
    assert set(manifest["functions"]) == set(steps.STEPS) == listened.functions
    for name, step in steps.STEPS.items():
        function = manifest["functions"][name]
        assert set(function) == {"title", "description", "input_parameters", "output_parameters"}
        for kind, model in (("input", step.takes), ("output", step.gives)):
            declared = function[f"{kind}_parameters"]
            assert all(one["title"] and one["description"] for one in declared.values())
            found = {key: (one["type"], one["is_required"]) for key, one in declared.items()}
            assert found == parameters(model)
            if kind == "input":
                titles = {key: one.title for key, one in model.model_fields.items()}
                assert {key: one["title"] for key, one in declared.items()} == titles


def test_the_steps_ask_for_what_they_need_beside_the_manifest() -> None:
    settings = yaml.safe_load(STEPS.read_text(encoding="utf-8"))["settings"]
    assert settings == {
        "event_subscriptions": {"bot_events": ["function_executed"]},
        "function_runtime": "remote",
        "org_deploy_enabled": True,
    }


def test_home_and_messages_are_there(manifest: dict[str, Any], listened: Listened) -> None:
    tabs = manifest["features"]["app_home"]
    assert tabs["home_tab_enabled"]
    assert tabs["messages_tab_enabled"]
    assert not tabs["messages_tab_read_only_enabled"]
    assert "app_home_opened" in listened.events
