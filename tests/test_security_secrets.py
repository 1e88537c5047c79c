"""Secrets, recognisable ones: in nothing that is printed, logged, answered or shown."""

from __future__ import annotations

import hmac
import io
import logging
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.cli import main
from bot.desk import Desk
from bot.errors import DragomanError, SettingsError
from bot.settings import Settings, load_settings
from bot.store.store import Store
from bot.telemetry.logs import formatter
from tests.slack import ROOM, US, answers, app_for, far_side, post, serving, settings
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

MARK = "hush4711"
SECRETS = {
    "SLACK_BOT_TOKEN": f"xoxb-{MARK}-bot",
    "SLACK_SIGNING_SECRET": f"{MARK}signing",
    "SLACK_APP_TOKEN": f"xapp-{MARK}-app",
    "SLACK_CLIENT_SECRET": f"{MARK}client",
    "DATABASE_URL": f"postgresql://reader:{MARK}%40password@127.0.0.1:9/news",
}


def of_env(folder: Path, **more: str) -> Settings:
    lines = (SECRETS | {"SLACK_CLIENT_ID": "1.2", "DRAGOMAN_DATA": str(folder)} | more).items()
    file = folder / "with-secrets.env"
    file.write_text("\n".join(f"{name}={value}" for name, value in lines))
    return load_settings(file)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, of everybody, as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter(settings("http://127.0.0.1:9/api/")))
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def test_settings_show_none(tmp_path: Path) -> None:
    found = of_env(tmp_path)
    assert found.slack_bot_token is not None
    assert found.slack_bot_token.get_secret_value() == SECRETS["SLACK_BOT_TOKEN"]
    shown = (repr(found), str(found), found.model_dump_json(), repr(found.model_dump()))
    assert not any(MARK in text for text in shown)
    for name in Settings.model_fields:
        if "token" in name or "secret" in name or name == "database_url":
            assert isinstance(getattr(found, name), SecretStr | None), f"{name} is not kept secret"


@pytest.mark.parametrize(
    "wrong",
    [{"PORT": "x"}, {"DRAGOMAN_TZ": "Mars"}, {"SLACK_API_URL": "no"}, {"DRAGOMAN_WORKERS": "-1"}],
)
def test_a_wrong_setting_beside_them_tells_none(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        of_env(tmp_path, **wrong)
    assert MARK not in f"{caught.value!s} {caught.value!r}"


@pytest.mark.parametrize(
    "url",
    [
        SECRETS["DATABASE_URL"],
        f"postgresql://reader:{MARK}@127.0.0.1:x/news",
        f"mysql://reader:{MARK}@127.0.0.1/news",
        pytest.param(f"sqlite:////dev/null/{{}}?password={MARK}", marks=pytest.mark.sqlite),
        f"//{MARK}",
        f"postgresql://127.0.0.1:9/news?password={MARK}",
        f"postgresql://reader:{MARK}@[::1/news",
    ],
)
def test_a_store_that_cannot_be_opened_tells_none(url: str) -> None:
    with pytest.raises(DragomanError) as caught:
        Store.open(url).close()
    told = f"{caught.value!s} {caught.value!r} {caught.value.about} {pickle.dumps(caught.value)!r}"
    assert MARK not in told, told


@pytest.mark.parametrize(
    "words",
    [
        ("serve",),
        ("migrate",),
        ("brief", "Qatar"),
        ("feeds", "list"),
        ("workspaces", "list"),
        ("ask",),
    ],
)
def test_no_command_tells_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    for name, value in (SECRETS | {"DRAGOMAN_DATA": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code != 0
    assert MARK not in done.output
    assert MARK not in str(done.exception)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(tmp_path_factory.mktemp("secret"))
    yield opened
    opened.close()


class Broken(RuntimeError):
    """What fails inside, and says more than it should."""


async def test_whatever_fails_tells_none(
    desk: Desk, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.slack import SECRET, TOKEN

    async with far_side() as far, serving(app_for(far, desk)) as url:
        far.connect(url)

        def failing(*_: Any, **__: Any) -> None:
            raise Broken(f"Bearer {TOKEN} was refused, signed with {SECRET}")

        monkeypatch.setattr(Desk, "brief", failing)
        await far.command(ROOM, "Qatar")
        (answer,) = await answers(far, ROOM)
        far.refuse_next("chat.postMessage", "invalid_auth")
        await far.say(ROOM, "@Dragoman who moved to Turkey?")
        await far.settled()
        refused = [
            await post(url, b"{}", signature="v0=" + "0" * 64),
            await post(url, b"{not json"),
            await post(url, b'{"type": "event_callback", "event": {"type": "message"}}'),
        ]
        async with aiohttp.ClientSession() as session:
            pages = [
                await (await session.get(f"{far.url}{path}")).text()
                for path in ("/", "/?channel=D0DRAGOMAN&tab=home", "/page/nothing")
            ]
    assert "Broken" in log.getvalue()
    said = [log.getvalue(), str(answer), *(text for _, text in refused), *pages]
    for text in said:
        assert SECRET not in text
        assert TOKEN not in text
        assert "Traceback" not in text or text is said[0]


async def test_signatures_are_compared_in_constant_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[Any, Any]] = []
    real = hmac.compare_digest

    def compare(one: Any, other: Any) -> bool:
        compared.append((one, other))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    async with far_side() as far, serving(app_for(far, desk), working=False) as url:
        status, _ = await post(url, b"{}", signature="v0=" + "0" * 64)
    assert status == 401
    assert [one for one in compared if "v0=" + "0" * 64 in one]


async def test_the_local_workspace_keeps_them_to_itself() -> None:
    far = LocalWorkspace(signing_secret=f"{MARK}signing", bot_token=f"xoxb-{MARK}", bot_user=US)
    await far.start()
    try:
        async with aiohttp.ClientSession() as session:
            for path in ("/", "/?channel=D0DRAGOMAN&tab=home", "/api/auth.test", "/api/nothing"):
                async with session.get(f"{far.url}{path}") as answer:
                    assert MARK not in await answer.text()
                    assert MARK not in str(answer.headers)
    finally:
        await far.stop()
