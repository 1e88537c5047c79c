"""Every option of Dragoman, read from the environment and a ``.env`` file.

A wrong value is one line that names the setting, what it got and what it accepts.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError


def _data_folder() -> Path:
    return Path(platformdirs.user_data_dir("dragoman", appauthor=False))


class Settings(BaseSettings):
    """The settings; each field's description is its documentation."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    dragoman_data: Path = Field(
        default_factory=_data_folder,
        description="Folder of the store and of the index; made when missing.",
    )
    dragoman_tz: str = Field(
        default="UTC", description="Time zone of answers on the command line, such as Asia/Qatar."
    )
    dragoman_workers: int = Field(
        default=0, ge=0, le=64, description="Reading processes; 0 is one for each core."
    )
    dragoman_lease_seconds: int = Field(
        default=30,
        ge=1,
        le=3600,
        description="How long a request may be worked on before another process resumes it.",
    )
    slack_bot_token: SecretStr | None = Field(
        default=None, description="Bot token of the Slack app, xoxb-..."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Signing secret of the Slack app; every request is checked."
    )
    slack_api_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://slack.com/api/"),
        description="Base URL of the Web API, for a Slack-compatible server.",
    )
    slack_authorize_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://slack.com/oauth/v2/authorize"),
        description="OAuth authorize URL, for a Slack-compatible server.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `dragoman serve` listens on.")
    port: int = Field(
        default=3000, ge=0, le=65535, description="Port that `dragoman serve` listens on."
    )


def load_settings(env_file: Path | str | None = ".env") -> Settings:
    """Read the settings; raises SettingsError with one line for each wrong value."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        lines = [
            f"{str(e['loc'][0]).upper()} is {e['input']!r}: {e['msg']}" for e in error.errors()
        ]
        raise SettingsError(
            "\n".join(lines), about=str(error.errors()[0]["loc"][0]).upper()
        ) from error
