"""Settings: from the environment and a file; a wrong one is one line that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

FULL = """\
DRAGOMAN_DATA=~/news
DRAGOMAN_TZ=Asia/Qatar
DRAGOMAN_WORKERS=2
DRAGOMAN_LEASE_SECONDS=60
SLACK_BOT_TOKEN=xoxb-1
SLACK_SIGNING_SECRET=hush
SLACK_API_URL=http://localhost:9000/api/
HOST=0.0.0.0
PORT=8080
"""


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def env_file(folder: Path, text: str | bytes) -> Path:
    path = folder / ".env"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_full_file_is_read(tmp_path: Path) -> None:
    settings = load_settings(env_file(tmp_path, FULL))
    assert settings.dragoman_data == Path.home() / "news"
    assert (settings.dragoman_tz, settings.dragoman_workers, settings.port) == (
        "Asia/Qatar",
        2,
        8080,
    )


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DRAGOMAN_TZ", "Mars/Olympus", "no such time zone"),
        ("DRAGOMAN_TZ", "Asia", "no such time zone"),
        ("DRAGOMAN_TZ", "../../etc/passwd", "no such time zone"),
        ("DRAGOMAN_WORKERS", "abc", "integer"),
        ("DRAGOMAN_WORKERS", "-1", "greater than or equal to 0"),
        ("DRAGOMAN_LEASE_SECONDS", "0", "1 to 3600"),
        ("DRAGOMAN_ADMINS", "@ada", "such as U012AB3CD"),
        ("DRAGOMAN_WORKSPACE", "acme", "such as T012AB3CD"),
        ("DRAGOMAN_GRACE_DAYS", "-1", "greater than or equal to 0"),
        ("SLACK_CLIENT_ID", "A012", "such as 123.456"),
        ("PORT", "99999", "up to 65535"),
        ("PORT", "3000.5", "integer"),
        ("SLACK_API_URL", "slack.com", "https://slack.com/api/"),
    ],
)
@pytest.mark.parametrize("in_file", [True, False])
def test_a_wrong_value_is_one_line_that_names_it(
    name: str,
    value: str,
    why: str,
    in_file: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if in_file:
        text = "".join(line for line in FULL.splitlines(True) if not line.startswith(f"{name}="))
        path = env_file(tmp_path, f"{text}{name}={value}\n")
    else:
        path = env_file(tmp_path, FULL)
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert caught.value.about == name
    assert caught.value.message.startswith(f"{name} is '{value}': ")
    assert why in caught.value.message
    assert "\n" not in caught.value.message


def test_each_wrong_value_has_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file(tmp_path, "PORT=x\nDRAGOMAN_TZ=y\n"))
    assert [line.split()[0] for line in caught.value.message.splitlines()] == [
        "DRAGOMAN_TZ",
        "PORT",
    ]


def test_an_empty_value_is_none_at_all(tmp_path: Path) -> None:
    empty = "".join(f"{name.upper()}=\n" for name in Settings.model_fields)
    assert load_settings(env_file(tmp_path, empty)) == load_settings(None)


@pytest.mark.parametrize("data", [b"\xff\xfeP\x00O\x00", b"PORT=3000 # caf\xe9\n"])
def test_a_file_that_is_no_text_is_named(data: bytes, tmp_path: Path) -> None:
    path = env_file(tmp_path, data)
    with pytest.raises(SettingsError, match="not UTF-8") as caught:
        load_settings(path)
    assert caught.value.about == str(path)
