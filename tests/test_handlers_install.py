"""Installing by OAuth: the pages, the state, the tokens, and each workspace on its own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from pydantic import AnyHttpUrl, SecretStr
from sqlalchemy import select
from yarl import URL

from bot.desk import Desk
from bot.errors import SettingsError, StoreUnavailable
from bot.models import Draft
from bot.store.installations import slack_oauth_states
from bot.watches.alerts import Alerts
from handlers.app import NOT_HERE, SlackApp
from handlers.auth import Tokens
from handlers.install import _REASONS, SCOPES
from tests import teams as slack
from tests.slack import serving
from tests.stocked import desk_at
from tests.teams import CLIENT_ID, PERSON, ROOM, Teams
from tests.workspace import APP_TOKEN

NOW = datetime.now(UTC)
ONE, TWO = "T0ONE", "T0TWO"
TALKS = "Qatar held talks with Iran on Monday about the gas field. Officials gave no details."
VISIT = "Qatar signed an agreement with France on Tuesday. The text was not published."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(tmp_path_factory.mktemp("desk"))
    for team, text in ((ONE, TALKS), (TWO, VISIT)):
        come(opened, team, text)
    yield opened
    opened.close()


@pytest.fixture
async def far() -> AsyncIterator[Teams]:
    async with slack.teams() as there:
        yield there


@pytest.fixture
async def app(far: Teams, desk: Desk) -> AsyncIterator[tuple[SlackApp, str]]:
    for one in desk.store.installations.all():
        desk.store.installations.leave(one.workspace, datetime.now(UTC))
    made = slack.app_for(far, desk)
    async with serving(made) as address:
        yield made, address


@pytest.fixture
def address(app: tuple[SlackApp, str]) -> str:
    return app[1]


def come(desk: Desk, team: str, text: str, n: int = 0) -> None:
    draft = Draft(
        text=text,
        url=f"https://one.example.org/{n}",
        publisher="one.example.org",
        published=NOW - timedelta(hours=1),
        published_precision="minute",
    )
    desk.ingest([draft], now=datetime.now(UTC), workspace=team)


async def until(true: Any) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true")


def ts() -> str:
    return f"{time.time():.6f}"


async def ask(far: Teams, address: str, team: str, text: str = "Qatar", **whose: Any) -> str:
    """Ask in a channel, and return the answer that the workspace's token brought."""
    before = len(far.said(whose.get("by", team)))
    by = whose.pop("by", team)
    assert (await slack.mention(address, team, text, ts(), **whose))[0] == 200
    await until(lambda: len(far.said(by)) > before)
    return far.said(by)[-1]


# --- the pages ------------------------------------------------------------------------------


async def test_the_page_asks_slack_for_what_the_manifest_has(far: Teams, address: str) -> None:
    async with slack.browser(address) as session:
        question = await slack.asked(session)
        assert question["url"].startswith(f"{far.url}/authorize?")
        assert question["client_id"] == CLIENT_ID
        assert question["scope"] == ",".join(SCOPES)
        assert len(question["state"]) == 36
        (cookie,) = session.cookie_jar
        assert (cookie.value, cookie["httponly"], cookie["secure"]) == (
            question["state"],
            True,
            True,
        )
        shown = await slack.page(session, "/slack/install")
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
        assert shown.headers["Referrer-Policy"] == "no-referrer"


async def test_who_installs_it_is_answered_with_its_own_token(far: Teams, address: str) -> None:
    done = await slack.install(address, far.code(ONE))
    assert done.status == 200
    assert f"Dragoman is installed in Desk &amp; &lt;{ONE}&gt;" in done.text
    assert "Iran" in await ask(far, address, ONE)
    used = {call.whose for call in far.calls if call.method not in ("oauth.v2.access",)}
    assert used == {ONE}


async def test_a_command_is_answered(far: Teams, address: str) -> None:
    await slack.install(address, far.code(ONE))
    assert await slack.command(far, address, ONE, "Qatar") == (200, "")
    await until(far.hooked)
    assert far.hooked()[0]["response_type"] == "ephemeral"


async def test_the_redirect_address_of_the_settings_is_used(far: Teams, desk: Desk) -> None:
    back = AnyHttpUrl("https://dragoman.example.org/slack/oauth_redirect")
    async with serving(slack.app_for(far, desk, slack_redirect_url=back)) as address:
        async with slack.browser(address) as session:
            assert (await slack.asked(session))["redirect_uri"] == str(back)
        await slack.install(address, far.code(ONE))
    (access,) = [call for call in far.calls if call.method == "oauth.v2.access"]
    assert access.args["redirect_uri"] == str(back)


async def refused(address: str, why: str, status: int, **query: str) -> None:
    async with slack.browser(address) as session:
        state = (await slack.asked(session))["state"]
        values = {key: value.replace("STATE", state) for key, value in query.items()}
        shown = await slack.page(session, "/slack/oauth_redirect", **values)
    assert shown.status == status
    assert _REASONS[why].replace("'", "&#x27;") in shown.text
    assert 'href="install"' in shown.text


async def test_no_is_no(address: str) -> None:
    await refused(address, "access_denied", 200, error="access_denied", state="STATE")


@pytest.mark.parametrize(
    ("why", "status", "query"),
    [
        ("invalid_browser", 400, {"code": "x"}),
        ("invalid_browser", 400, {"code": "x", "state": "of-somebody-else"}),
        ("missing_code", 401, {"state": "STATE"}),
        ("invalid_code", 401, {"state": "STATE", "code": "made-up"}),
    ],
)
async def test_what_is_wrong_is_said(
    address: str, desk: Desk, why: str, status: int, query: dict[str, str]
) -> None:
    await refused(address, why, status, **query)
    assert [one for one in desk.store.installations.all() if one.here] == []


async def test_slacks_word_is_shown_as_text(address: str) -> None:
    async with slack.browser(address) as session:
        shown = await slack.page(
            session, "/slack/oauth_redirect", error="<script>alert(1)</script>"
        )
    assert "<script" not in shown.text
    assert "&lt;script&gt;" in shown.text


async def test_a_state_is_good_once(far: Teams, address: str) -> None:
    async with slack.browser(address) as session:
        state = (await slack.asked(session))["state"]
        (cookie,) = session.cookie_jar
        query = {"code": far.code(ONE), "state": state}
        assert (await slack.page(session, "/slack/oauth_redirect", **query)).status == 200
        assert state not in {one.value for one in session.cookie_jar}
    # Somebody who kept the cookie gets no further.
    kept, query = {"Cookie": f"{cookie.key}={state}"}, query | {"code": far.code(ONE)}
    async with (
        aiohttp.ClientSession(URL(address).origin()) as session,
        session.get("/slack/oauth_redirect", params=query, headers=kept) as again,
    ):
        assert again.status == 401
        assert _REASONS["invalid_state"] in await again.text()


async def test_a_state_is_good_for_ten_minutes(far: Teams, desk: Desk) -> None:
    ahead = timedelta(minutes=9)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    async with serving(slack.app_for(far, desk, now=now)) as address:
        assert (await slack.install(address, far.code(ONE))).status == 200
        ahead = timedelta(minutes=11)
        late = await slack.install(address, far.code(ONE))
    assert late.status == 401
    assert _REASONS["invalid_state"] in late.text


async def test_slack_away_and_a_store_that_fails_are_said(
    far: Teams, desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def save(*_: Any) -> None:
        raise StoreUnavailable("The store is away.")

    with monkeypatch.context() as patched:
        patched.setattr(Tokens, "save", save)
        failed = await slack.install(address, far.code(ONE))
    assert (failed.status, _REASONS["storage_error"] in failed.text) == (503, True)
    nowhere = AnyHttpUrl("http://127.0.0.1:9/api/")
    async with serving(slack.app_for(far, desk, slack_api_url=nowhere)) as other:
        failed = await slack.install(other, far.code(ONE))
    assert (failed.status, _REASONS["unreachable"] in failed.text) == (502, True)


# --- settings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"slack_bot_token": SecretStr("xoxb-1")}, "but not both"),
        ({"slack_client_secret": None}, "SLACK_CLIENT_SECRET must be set"),
        ({"slack_client_id": ""}, "SLACK_CLIENT_ID must be set"),
        ({"slack_signing_secret": None}, "SLACK_SIGNING_SECRET must be set"),
    ],
)
def test_settings_that_do_not_go_together(desk: Desk, more: dict[str, Any], said: str) -> None:
    far = Teams()
    far.url = "http://127.0.0.1:9"
    with pytest.raises(SettingsError, match=said):
        slack.app_for(far, desk, **more)


# --- each workspace on its own --------------------------------------------------------------


async def test_two_workspaces_see_each_its_own(far: Teams, desk: Desk, address: str) -> None:
    for team in (ONE, TWO):
        await slack.install(address, far.code(team))
    first, second = await asyncio.gather(ask(far, address, ONE), ask(far, address, TWO))
    assert ("Iran" in first, "France" in first) == (True, False)
    assert ("Iran" in second, "France" in second) == (False, True)
    for team in (ONE, TWO):
        await slack.command(far, address, team, "add Qatar", "/watch")
    await until(lambda: len(far.hooked()) == 2)
    await until(lambda: len(far.said(ONE)) == len(far.said(TWO)) == 2)  # the answer, who follows
    alerts = Alerts(desk, now=lambda: datetime.now(UTC))
    alerts.look()
    come(desk, TWO, "Qatar attacked Iran on Friday, officials in Doha said.", n=7)
    alerts.look()
    await until(lambda: len(far.said(TWO)) == 3)
    await asyncio.sleep(0.1)
    assert "Qatar" in far.said(TWO)[-1]
    assert len(far.said(ONE)) == 2


OF_EACH_KIND: list[tuple[str, dict[str, Any]]] = [
    ("block_actions", {"actions": [{"action_id": "more"}], "channel": {"id": "C1"}}),
    ("message_action", {"callback_id": "x", "message": {"ts": "1.1"}, "channel": {"id": "C1"}}),
    ("view_submission", {"view": {"id": "V1", "type": "modal", "state": {"values": {}}}}),
]


async def test_it_never_speaks_with_anothers_token(far: Teams, address: str) -> None:
    """A workspace that is not installed gets nothing, whoever else is."""
    await slack.install(address, far.code(ONE))
    before = len(far.calls)
    status, text = await slack.command(far, address, TWO, "Qatar")
    assert (status, NOT_HERE in text) == (200, True)
    assert await slack.mention(address, TWO, "Qatar", ts()) == (200, "")
    for kind, what in OF_EACH_KIND:
        whose = {"team": {"id": TWO}, "user": {"id": "U1", "team_id": TWO}, "trigger_id": "1.1"}
        assert (await slack.interaction(address, {"type": kind, **whose, **what}))[0] == 200
    assert (await slack.mention(address, "", "Qatar", ts()))[0] == 400  # nobody's
    await asyncio.sleep(0.15)
    assert len(far.calls) == before


async def test_an_organisation_installs_it_for_all_its_workspaces(
    far: Teams, desk: Desk, address: str
) -> None:
    done = await slack.install(address, far.code("", organisation="E0ORG", whole=True))
    assert "installed in Org" in done.text
    for team, word in ((ONE, "Iran"), (TWO, "France")):
        whose = slack.of(team, "E0ORG", whole=True)
        assert word in await ask(far, address, team, by="E0ORG", **whose)
    command = {"enterprise_id": "E0ORG", "is_enterprise_install": "true"}
    await slack.command(far, address, ONE, "Qatar", **command)
    await until(far.hooked)
    known = {one.workspace: one for one in desk.store.installations.all() if one.here}
    assert {key: one.org_wide for key, one in known.items()} == {
        "E0ORG": True,
        ONE: True,
        TWO: True,
    }
    gone = {"enterprise_id": "E0ORG", "is_enterprise_install": True}
    await slack.uninstall(address, "", team_id=None, **gone)
    assert not any(one.here for one in desk.store.installations.all())
    assert NOT_HERE in (await slack.command(far, address, ONE, "Qatar", **command))[1]


async def test_a_workspace_of_an_organisation_may_install_it_alone(
    far: Teams, address: str
) -> None:
    await slack.install(address, far.code(ONE, organisation="E0ORG"))
    assert "Iran" in await ask(far, address, ONE, **slack.of(ONE, "E0ORG"))
    assert (await slack.mention(address, TWO, "Qatar", ts(), **slack.of(TWO, "E0ORG")))[0] == 200
    await asyncio.sleep(0.1)
    assert far.said(TWO) == []


async def test_it_works_by_socket_mode_too(far: Teams, desk: Desk) -> None:
    app = slack.app_for(far, desk, slack_app_token=SecretStr(APP_TOKEN), slack_signing_secret=None)
    async with serving(app) as address, app.linked():
        await asyncio.wait_for(far.sockets.met.wait(), 5)
        await slack.install(address, far.code(ONE))
        fields = {"command": "/brief", "text": "Qatar", "team_id": ONE, "channel_id": ROOM}
        fields |= {"user_id": "U1", "trigger_id": ts(), "response_url": f"{far.url}/hooks/x"}
        body = "&".join(f"{key}={value}" for key, value in fields.items())
        assert (await far.sockets.send("command", body, 0, "", 5))[0] == 200
        await until(far.hooked)
        refused = await far.sockets.send("command", body.replace(ONE, TWO), 0, "", 5)
        assert NOT_HERE in refused[2]


# --- tokens ---------------------------------------------------------------------------------


async def test_a_token_about_to_expire_is_made_anew_once(far: Teams, address: str) -> None:
    far.until_expiry = 60
    await slack.install(address, far.code(ONE))
    (old,) = far.tokens(ONE)
    far._dead[old] = "token_expired"
    await asyncio.gather(*(slack.mention(address, ONE, "Qatar", f"{n}.0") for n in range(1, 6)))
    await until(lambda: len(far.said(ONE)) == 5)
    assert len(far.tokens(ONE)) == 2
    refreshed = [c for c in far.calls if c.args.get("grant_type") == "refresh_token"]
    assert len(refreshed) == 1


async def test_another_process_makes_it_anew_and_ours_finds_it(
    far: Teams, desk: Desk, address: str
) -> None:
    far.until_expiry = 60
    async with serving(slack.app_for(far, desk)) as other:
        await slack.install(address, far.code(ONE))
        await ask(far, other, ONE)
        assert "Iran" in await ask(far, address, ONE)
    assert len(far.tokens(ONE)) == 2


async def test_a_token_that_expired_all_the_same_is_made_anew(far: Teams, address: str) -> None:
    far.until_expiry = 40_000
    await slack.install(address, far.code(ONE))
    (old,) = far.tokens(ONE)
    far._dead[old] = "token_expired"
    assert "Iran" in await ask(far, address, ONE)
    assert len(far.tokens(ONE)) == 2


async def test_a_token_that_cannot_be_made_anew_is_used_to_its_end(
    far: Teams, desk: Desk, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    far.until_expiry = 60
    await slack.install(address, far.code(ONE))
    far._refresh.clear()
    assert "Iran" in await ask(far, address, ONE)
    assert "is not renewed: SlackTokenRotationError" in caplog.text
    far.revoke(ONE, "token_expired")
    await slack.mention(address, ONE, "Qatar", ts())
    await until(lambda: "refuses the token" in caplog.text)
    known = desk.store.installations.of(ONE)
    assert known is not None
    assert known.here


async def test_states_that_nobody_came_back_with_go(far: Teams, desk: Desk) -> None:
    ahead = timedelta(0)

    def states() -> int:
        with desk.store.connections.connect() as reading:
            return len(reading.execute(select(slack_oauth_states)).all())

    app = slack.app_for(far, desk, now=lambda: datetime.now(UTC) + ahead)
    async with serving(app) as address, slack.browser(address) as session:
        for _ in range(3):
            await slack.asked(session)
        assert states() >= 3
        ahead = timedelta(minutes=11)
        await slack.asked(session)
        assert states() == 1


@pytest.mark.parametrize("word", ["account_inactive", "token_revoked"])
async def test_a_token_that_slack_took_back_ends_what_waits(
    far: Teams, desk: Desk, address: str, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    await slack.install(address, far.code(ONE))
    far.revoke(ONE, word)
    with caplog.at_level(logging.ERROR, "handlers.auth"):
        await slack.mention(address, ONE, "Qatar", ts())
        await until(lambda: (known := desk.store.installations.of(ONE)) and not known.here)
        await asyncio.sleep(0.1)
    told = [one for one in caplog.records if "refuses the token" in one.message]
    assert len(told) == 1
    assert NOT_HERE in (await slack.command(far, address, ONE, "Qatar"))[1]
    assert (await slack.install(address, far.code(ONE))).status == 200
    assert "Iran" in await ask(far, address, ONE)


async def test_a_token_that_is_wrong_ends_what_waits_and_keeps_the_installation(
    far: Teams, desk: Desk, address: str
) -> None:
    await slack.install(address, far.code(ONE))
    far.revoke(ONE, "invalid_auth")
    await slack.mention(address, ONE, "Qatar", ts())
    await until(lambda: [c for c in far.calls if c.method == "users.info"])
    far._dead.clear()
    assert "Iran" in await ask(far, address, ONE)
    known = desk.store.installations.of(ONE)
    assert known is not None
    assert (known.here, known.person) == (True, PERSON)
