"""The log: what belongs together, what is never in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from bot.desk import Desk
from bot.errors import StoreError
from bot.models import Draft, Reply
from bot.settings import Settings
from bot.store.store import Store
from bot.telemetry import logs
from tests.slack import DIRECT, SECRET, TOKEN, answers, app_for, serving, settings
from tests.workspace import LocalWorkspace

pytest_plugins = ["tests.slack_fixtures"]

log = logging.getLogger("bot.of_tests")

SAID = "my password is swordfish99 and who moved to Turkey?"
ARTICLE = "The quince treaty was signed in Doha on Monday by Qatar and Turkey."
Read = Callable[[], str]
Writing = Callable[..., AbstractContextManager[Read]]


def like(**more: object) -> Settings:
    return settings("https://slack.com/api/", **{"dragoman_log_level": "info", **more})


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Writing:
    @contextmanager
    def writing(**more: object) -> Iterator[Read]:
        with logs.written(like(**more)):
            yield lambda: capsys.readouterr().err

    return writing


def test_a_line_as_text(written: Writing) -> None:
    with written() as read:
        with logs.about(request="12ab34cd"):
            log.info("brief: answered after %.2f s", 0.5)
        log.debug("too fine")
    line = read()
    assert line.endswith(" INFO bot.of_tests: brief: answered after 0.50 s [request=12ab34cd]\n")
    assert line.count("\n") == 1


def test_a_line_as_json(written: Writing) -> None:
    with written(dragoman_log="json") as read:
        with logs.about(request="12ab34cd"):
            log.warning("the emir’s visit")
        try:
            raise StoreError("The store is gone.")  # noqa: TRY301
        except StoreError:
            log.exception("request failed")
    first, second = map(json.loads, read().splitlines())
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "the emir’s visit",
        "level": "warning",
        "logger": "bot.of_tests",
        "request": "12ab34cd",
    }
    assert second["exception"].splitlines()[-1] == "StoreError: The store is gone."
    assert 'raise StoreError("The store is gone.")' in second["exception"]


def test_the_log_goes_back_to_what_it_was(written: Writing) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    with written(dragoman_log_level="debug"):
        assert root.level == logging.DEBUG
    assert (root.level, list(root.handlers)) == before


SECRETS = [
    "xoxb-12345-67890-AbCdEf",
    "xoxe.xoxb-1-AbCdEf-12",
    "xoxe-1-My0xLXJlZnJlc2g",
    "xapp-1-A012-345-abcdef",
    "https://hooks.slack.com/commands/T1/2/hush",
    "postgresql://dragoman:s3kret@db.example.org/dragoman",
    "Authorization: Bearer abcdefgh",
    "a-signing-secret",
    "of-the-database",
    "client-hush-hush",
]


@pytest.mark.parametrize("as_", ["text", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_in_a_line(secret: str, as_: str, written: Writing) -> None:
    given = {
        "slack_signing_secret": SecretStr("a-signing-secret"),
        "slack_client_secret": SecretStr("client-hush-hush"),
        "database_url": SecretStr("postgresql://u:of-the-database@db.example.org/d"),
        "dragoman_log": as_,
    }
    with written(**given) as read:
        log.warning("it was %s, they say", secret)
        try:
            raise ValueError(secret)  # noqa: TRY301
        except ValueError:
            log.exception("it broke")
    found = read()
    for part in ("12345-67890", "AbCdEf", "My0xL", "abcdef", "hush", "s3kret", "signing-secret"):
        assert part not in found
    assert "of-the-database" not in found
    assert found.count(logs.REDACTED) == 2
    assert "they say" in found


def test_other_peoples_code_is_heard_only_where_it_warns(written: Writing) -> None:
    with written(dragoman_log_level="debug") as read:
        logging.getLogger("slack_sdk.web").debug("Sending a request: body %s", SAID)
        logging.getLogger("sqlalchemy.engine").info("INSERT %s", SAID)
        logging.getLogger("aiohttp.server").warning("it warns")
        log.debug("ours")
    found = read()
    assert "swordfish" not in found
    assert "it warns" in found
    assert "ours" in found


def test_what_an_error_quotes_is_left_out(written: Writing, tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'dragoman.db'}") as store, written() as read:
        try:
            store.inbox.record("T1", "message", "C1:1", {"text": SAID}, None)  # type: ignore[arg-type]
        except StoreError as error:
            log.exception("the store failed: %s", error)  # noqa: TRY401 - as others may
        given = {"text": {SAID: ARTICLE}}
        try:
            Draft.model_validate(given)
        except ValueError:
            log.exception("not an article")
        try:
            raise OperationalError("INSERT INTO article", {"text": ARTICLE}, Exception(SAID))  # noqa: TRY301
        except OperationalError:
            log.exception("the database failed")
        try:
            json.loads(f"{{{SAID}")
        except ValueError:
            log.exception("no JSON")
    found = read()
    assert "swordfish" not in found
    assert "quince" not in found
    assert found.count("Traceback") == 0
    for kind in ("sqlalchemy.exc.OperationalError", "pydantic_core", "json.decoder"):
        assert kind in found


async def test_nothing_that_somebody_asks_is_in_the_log(
    far: LocalWorkspace, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with logs.written(like(dragoman_log="json", dragoman_log_level="debug")):
        async with serving(app_for(far, desk)) as url:
            far.connect(url)
            await far.say(DIRECT, SAID)
            await answers(far, DIRECT)
            await far.command(DIRECT, "xoxb-1-AbCdEf Qatar")
            await answers(far, DIRECT, 2)
    found = capsys.readouterr().err
    lines = [json.loads(line) for line in found.splitlines()]
    answered = [line for line in lines if "answered after" in line["event"]]
    assert [line["event"].split(":")[0] for line in answered] == ["message", "command"]
    assert all(len(line["request"]) == 8 for line in answered)
    assert len({line["request"] for line in answered}) == 2
    for word in ("swordfish", "Turkey", "AbCdEf", "Hamas", TOKEN, SECRET):
        assert word not in found


async def test_the_reference_that_is_shown_is_in_each_line_of_the_request(
    far: LocalWorkspace,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> Reply:
        log.warning("said in a thread of the desk")
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(desk, "ask", broken)
    with logs.written(like(dragoman_log="json")):
        async with serving(app_for(far, desk)) as url:
            far.connect(url)
            await far.say(DIRECT, SAID)
            (answer,) = await answers(far, DIRECT)
    reference = answer["text"].split("reference ")[1].rstrip(".")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {line.get("request") for line in lines} == {reference}
    assert any("thread of the desk" in line["event"] for line in lines)
    assert any("exception" in line for line in lines)
