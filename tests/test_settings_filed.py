"""Secrets in files: each secret setting may be in one, and no error shows what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SUFFIX, Settings, is_secret, load_settings

SECRETS = sorted(name for name, field in Settings.model_fields.items() if is_secret(field))


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}{SUFFIX}", raising=False)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("hush-123\n", encoding="utf-8")
    return path


def told(settings: Settings, name: str) -> str | None:
    value = getattr(settings, name)
    return None if value is None else value.get_secret_value()


def test_the_secrets_are_those_that_nobody_is_to_see() -> None:
    assert {"slack_bot_token", "slack_signing_secret", "database_url"} <= set(SECRETS)
    assert not {"port", "slack_client_id", "dragoman_data"} & set(SECRETS)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("in_file", [True, False])
def test_each_may_be_in_a_file(
    name: str, in_file: bool, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = tmp_path / ".env"
    env.write_text(f"{name.upper()}_FILE={kept}\n" if in_file else "", encoding="utf-8")
    if not in_file:
        monkeypatch.setenv(f"{name.upper()}_FILE", str(kept))
    settings = load_settings(env)
    assert told(settings, name) == "hush-123"
    assert "hush-123" not in repr(settings)


def test_the_environment_goes_before_the_file_of_settings(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = tmp_path / ".env"
    env.write_text("SLACK_BOT_TOKEN=xoxb-in-env-file\n", encoding="utf-8")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(kept))
    assert told(load_settings(env), "slack_bot_token") == "hush-123"
    monkeypatch.delenv("SLACK_BOT_TOKEN_FILE")
    env.write_text(f"SLACK_BOT_TOKEN_FILE={kept}\n", encoding="utf-8")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-direct")
    assert told(load_settings(env), "slack_bot_token") == "xoxb-direct"


def test_an_empty_file_is_as_if_it_were_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.write_text(" \n", encoding="utf-8")
    monkeypatch.setenv("SLACK_APP_TOKEN_FILE", str(empty))
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "")
    settings = load_settings(None)
    assert (settings.slack_app_token, settings.slack_bot_token) == (None, None)


def test_both_at_once_is_an_error(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(kept))
    with pytest.raises(SettingsError, match="are both set: leave one of them out") as caught:
        load_settings(None)
    assert caught.value.about == "SLACK_BOT_TOKEN"


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"hush-\xff\xfe", "is no file of text"),
        (b"SLACK_BOT_TOKEN=hush-1\nPORT=3000\n", "has several lines"),
    ],
)
def test_what_cannot_be_read_is_one_line_without_the_secret(
    held: bytes | None, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "token"
    if held is not None:
        path.write_bytes(held)
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(path))
    with pytest.raises(SettingsError) as caught:
        load_settings(None)
    assert caught.value.about == "SLACK_BOT_TOKEN_FILE"
    assert why in caught.value.message
    assert str(path) in caught.value.message
    assert "hush" not in caught.value.message
    assert "\n" not in caught.value.message


def test_a_folder_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path))
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(None)


def test_a_file_beside_a_setting_that_is_no_secret_is_not_looked_at(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_FILE", str(kept))
    assert load_settings(None).host == "127.0.0.1"
