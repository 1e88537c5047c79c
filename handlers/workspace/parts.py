"""The parts of the local workspace, each made once and given to those that need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aiohttp import web

from handlers.workspace.acts import Acts
from handlers.workspace.api import WebApi
from handlers.workspace.clicks import Clicks
from handlers.workspace.clock import Clock
from handlers.workspace.deliver import Deliverer
from handlers.workspace.doing import Doing
from handlers.workspace.files import Files
from handlers.workspace.giving import Giving
from handlers.workspace.hooks import Hooks
from handlers.workspace.opening import Opening
from handlers.workspace.page import Page
from handlers.workspace.panel import Panel
from handlers.workspace.shown import Shown
from handlers.workspace.state import HOUSE, Channel, Messages, User
from handlers.workspace.view_acts import ViewActs
from handlers.workspace.views import Views


class Core(NamedTuple):
    """What everything else works on."""

    users: Mapping[str, User]
    channels: Mapping[str, Channel]
    messages: Messages
    deliverer: Deliverer
    hooks: Hooks
    views: Views
    panel: Panel
    acts: Acts
    files: Files
    bot_user: str


class Parts(NamedTuple):
    """All that works together behind the Web API and the page."""

    core: Core
    clicks: Clicks
    view_acts: ViewActs
    opening: Opening
    giving: Giving
    api: WebApi
    page: Page
    doing: Doing

    def routes(self) -> list[web.RouteDef]:
        """Everything that is served."""
        core = self.core
        served = (self.api, self.page, self.doing, core.files, core.deliverer.sockets)
        return [route for part in served for route in part.routes()]


def core_of(
    users: Mapping[str, User],
    channels: Mapping[str, Channel],
    deliverer: Deliverer,
    clock: Callable[[], float],
    moved: Clock | None,
) -> Core:
    """Make what everything works on; ``clock`` signs, ``moved``, if any, dates messages."""
    bot_user = next(u.id for u in users.values() if u.is_bot and u.id != HOUSE)
    dated = moved.seconds if moved else clock
    messages, hooks = Messages(dated), Hooks(dated)
    views = Views(messages=messages, clock=clock)
    acts = Acts(
        messages=messages,
        users=users,
        channels=channels,
        deliverer=deliverer,
        hooks=hooks,
        views=views,
        bot_user=bot_user,
        clock=clock,
    )
    panel, files = Panel(messages.tell), Files(acts)
    return Core(
        users, channels, messages, deliverer, hooks, views, panel, acts, files, bot_user
    )  # fmt: skip


def assembled(core: Core, token: str, moved: Clock | None) -> Parts:
    """Put the rest together; ``token`` is the bot's."""
    behind = core._asdict()

    def given(*names: str) -> dict[str, Any]:
        return {name: behind[name] for name in names}

    clicks = Clicks(**given("messages", "acts", "deliverer", "hooks", "views"))
    giving = Giving(**given("messages", "acts", "files", "deliverer", "hooks", "views"))
    view_acts = ViewActs(**given("views", "messages", "users", "deliverer"))
    opening = Opening(**given("messages", "channels", "acts", "bot_user"))
    names = ("panel", "messages", "users", "channels", "acts", "hooks", "views", "files")
    api = WebApi(token=token, sockets=core.deliverer.sockets, **given(*names, "bot_user"))
    shown = Shown(**given("messages", "users", "channels", "panel"), clock=moved)
    doing = Doing(
        acts=core.acts,
        clicks=clicks,
        view_acts=view_acts,
        opening=opening,
        giving=giving,
        clock=moved,
    )
    page = Page(shown=shown, **given("messages", "views"))
    return Parts(core, clicks, view_acts, opening, giving, api, page, doing)
