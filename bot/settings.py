"""Every option of Dragoman, read from the environment, a ``.env`` file and files of secrets.

A wrong value is one line that names the setting, what it got and what it accepts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.errors import SettingsError
from bot.models import LOCAL

SUFFIX = "_FILE"
"""What the name of a setting ends with that names a secret's file, not the secret."""


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is one whose value nobody is to see."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


class SecretFiles(PydanticBaseSettingsSource):
    """Each secret setting whose file is named where ``beside`` reads: a file, or the environment.

    White space around a secret is not part of it, and an empty file is as if it were not
    named. Raises SettingsError for what cannot be read, and never says what is in it.
    """

    def __init__(self, settings: type[BaseSettings], beside: EnvSettingsSource) -> None:
        super().__init__(settings)
        self._given = beside.env_vars

    def __call__(self) -> dict[str, str]:
        """Read the files; settings that have none are left to others."""
        found = {}
        for name, field in self.settings_cls.model_fields.items():
            value = self.get_field_value(field, name)[0]
            if value:
                found[name] = value
        return found

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """Read the file of one setting, if it is a secret and has one."""
        path = self._given.get(f"{field_name}{SUFFIX.lower()}")
        if path is None or not is_secret(field):
            return None, field_name, False
        name = field_name.upper()
        if self._given.get(field_name) is not None:
            raise SettingsError(
                f"{name} and {name}{SUFFIX} are both set: leave one of them out.", about=name
            )
        return _read_secret(f"{name}{SUFFIX}", Path(path)), field_name, False


def _read_secret(name: str, path: Path) -> str:
    try:
        text = path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "its home folder cannot be found"
        raise SettingsError(
            f"{name} is {str(path)!r}, which cannot be read ({why}): name a file that holds the"
            " secret and nothing else, readable for whoever runs this.",
            about=name,
        ) from error
    except ValueError as error:  # no text, or no path
        raise SettingsError(
            f"{name} is {str(path)!r}, which is no file of text: save the secret alone in it,"
            " as UTF-8.",
            about=name,
        ) from error
    if len(text.splitlines()) > 1:
        raise SettingsError(
            f"{name} is {str(path)!r}, which has several lines: save the secret alone in it.",
            about=name,
        )
    return text


def _data_folder() -> Path:
    return Path(platformdirs.user_data_dir("dragoman", appauthor=False))


class Settings(BaseSettings):
    """The settings; each field's description is its documentation.

    A setting that is there but empty is as if it were not there. Each that is a secret may
    be in a file instead, whose path is then in ``<NAME>_FILE``.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    dragoman_data: Path = Field(
        default_factory=_data_folder,
        description="Folder of the store and of the index; ~ is your home; made when missing.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="Where the store is, if not in the file dragoman.db of DRAGOMAN_DATA: a"
        " PostgreSQL database, postgresql://user:password@host/database.",
    )
    dragoman_tz: str = Field(
        default="UTC",
        description="Time zone of answers, such as Asia/Qatar, where the asker's own is not known.",
    )
    dragoman_workers: int = Field(
        default=0, ge=0, le=64, description="Reading processes, up to 64; 0 is one for each core."
    )
    dragoman_jobs: Literal["serve", "worker"] = Field(
        default="serve",
        description="Who polls feeds and makes digests, alerts and corrections: serve, each"
        " `dragoman serve`; worker, only each `dragoman worker`, which needs PostgreSQL.",
    )
    dragoman_lease_seconds: int = Field(
        default=30,
        ge=1,
        le=3600,
        description="Seconds, 1 to 3600, until another process resumes an unanswered request.",
    )
    dragoman_digest_age: int = Field(
        default=12,
        ge=1,
        le=48,
        description="Hours, 1 to 48, that a digest may be late; one missed for longer is not sent.",
    )
    dragoman_corrections_days: int = Field(
        default=30,
        ge=0,
        le=365,
        description="Days, 0 to 365, for which shown messages are corrected when they no longer"
        " hold; 0 corrects nothing.",
    )
    dragoman_fetch_allow: str = Field(
        default="",
        description="Hosts, addresses and networks (10.1.0.0/16) outside the public web that may"
        " be fetched from, with commas between them.",
    )
    dragoman_user_agent: str = Field(
        default="",
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        description="Link or address where whoever runs this can be reached, without blanks; it"
        " is added to the User-Agent.",
    )
    dragoman_admins: str = Field(
        default="",
        pattern=r"^(?:[UW][A-Z0-9]+(?:[, ]+|$))*$",
        description="Slack ids of the admins, such as U012AB3CD, with commas between them: they get"
        " messages about dead feeds, and may set in Slack how far sources are trusted.",
    )
    dragoman_workspace: str = Field(
        default=LOCAL,
        pattern=r"^(?:local|[TE][A-Z0-9]{2,40})$",
        description="Whose articles and actors the command line and, where many workspaces have"
        " installed it, /mcp work on: a Slack workspace such as T012AB3CD, else local.",
    )
    dragoman_keep_days: int = Field(
        default=0,
        ge=0,
        le=36500,
        description="Days that the text of an article is kept after it came; then it is thinned"
        " to its title, its facts and what is quoted of it. 0 keeps every text.",
    )
    dragoman_grace_days: int = Field(
        default=30,
        ge=0,
        le=3650,
        description="Days, up to 3650, that the data of a workspace is kept after it removed the"
        " app; who installs it again within them finds everything.",
    )
    dragoman_url: AnyHttpUrl | None = Field(
        default=None,
        description="Public address of `dragoman serve`, such as https://dragoman.example.org:"
        " links to its pages on actors, stories and articles unfurl in Slack.",
    )
    dragoman_stale_hours: int = Field(
        default=48,
        ge=0,
        le=8760,
        description="Hours, up to 8760, after which the newest article is too old, and whoever"
        " gets messages about dead feeds gets one; 0 sends none.",
    )
    dragoman_log: Literal["text", "json"] = Field(
        default="text", description="text or json: how the log is written, to standard error."
    )
    dragoman_log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning",
        description="debug, info, warning or error: the least of what is logged; info has a"
        " line for each request and message.",
    )
    otel_exporter_otlp_endpoint: str = Field(
        default="",
        pattern=r"^(?:https?://\S+)?$",
        description="Where OpenTelemetry traces go by OTLP over HTTP, such as"
        " http://localhost:4318; it needs pip install 'dragoman[otel]'.",
    )
    dragoman_mcp_token: SecretStr | None = Field(
        default=None,
        description="Token of at least 16 characters with which AI assistants read by MCP at /mcp"
        " of `dragoman serve`; without it there is no /mcp. It needs pip install 'dragoman[mcp]'.",
    )
    dragoman_writer_url: AnyHttpUrl | None = Field(
        default=None,
        description="Base URL of an OpenAI-compatible chat API, such as http://localhost:11434/v1:"
        " its model chooses which leads a brief begins with, and writes none.",
    )
    dragoman_writer_model: str = Field(
        default="",
        max_length=80,
        pattern=r"^[\x21-\x7e]*$",
        description="Name of that model, as its API has it; shown above what it chose.",
    )
    dragoman_writer_key: SecretStr | None = Field(
        default=None, description="Key of that API, if it needs one."
    )
    dragoman_writer_private: Literal["on", "off"] = Field(
        default="off",
        description="on or off: whether leads of articles that were given in a private place are"
        " sent to it, too.",
    )
    dragoman_writer_seconds: float = Field(
        default=4.0,
        ge=0.5,
        le=20,
        description="Seconds, up to 20, that a brief waits for its choice; without one in time the"
        " brief stays as it is.",
    )
    slack_bot_token: SecretStr | None = Field(
        default=None, description="Bot token of the Slack app, xoxb-..."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Signing secret of the Slack app; every request is checked."
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        description="App-level token, xapp-..., with connections:write: requests come by Socket"
        " Mode, and no address of yours need be reached.",
    )
    slack_client_id: str = Field(
        default="",
        pattern=r"^[0-9.]*$",
        description="Client id of the Slack app, such as 123.456: with the client secret, many"
        " workspaces install it, each by /slack/install.",
    )
    slack_client_secret: SecretStr | None = Field(
        default=None, description="Client secret of the Slack app, beside its client id."
    )
    slack_redirect_url: AnyHttpUrl | None = Field(
        default=None,
        description="Where Slack sends people back who installed it, such as"
        " https://dragoman.example.org/slack/oauth_redirect; needed where the app has several.",
    )
    slack_api_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://slack.com/api/"),
        description="Base URL of the Web API, such as https://slack.com/api/.",
    )
    slack_authorize_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://slack.com/oauth/v2/authorize"),
        description="OAuth authorize URL, such as https://slack.com/oauth/v2/authorize.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `dragoman serve` listens on.")
    metrics_host: str = Field(
        default="127.0.0.1",
        description="Address that /metrics, /healthz and /readyz are served on, by METRICS_PORT.",
    )
    metrics_port: int = Field(
        default=9464,
        ge=0,
        le=65535,
        description="Port of /metrics, /healthz and /readyz, up to 65535; 0 is any that is free.",
    )
    port: int = Field(
        default=3000,
        ge=0,
        le=65535,
        description="Port that `dragoman serve` listens on, up to 65535; 0 is any that is free.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read secrets from files, too, each where its name is looked for."""
        sources = [init_settings]
        for source in (env_settings, dotenv_settings):
            sources.append(source)
            if isinstance(source, EnvSettingsSource):
                sources.append(SecretFiles(settings_cls, source))
        return (*sources, file_secret_settings)

    @property
    def admins(self) -> tuple[str, ...]:
        """The Slack ids that ``DRAGOMAN_ADMINS`` names."""
        return tuple(self.dragoman_admins.replace(",", " ").split())

    @property
    def address(self) -> str:
        """The public address, without a slash at its end; empty where none is set."""
        return str(self.dragoman_url or "").rstrip("/")

    @property
    def by_oauth(self) -> bool:
        """Whether many workspaces install it; else it has the token of one."""
        return bool(self.slack_client_id or self.slack_client_secret)

    @field_validator("dragoman_data")
    @classmethod
    def _at_home(cls, folder: Path) -> Path:
        try:
            return folder.expanduser()
        except RuntimeError as error:
            raise ValueError("the home folder cannot be found") from error

    @field_validator("dragoman_tz")
    @classmethod
    def _a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone") from error
        return name


def load_settings(env_file: Path | str | None = ".env") -> Settings:
    """Read the settings; raises SettingsError with one line for each wrong value."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        wrong = error.errors()
        raise SettingsError("\n".join(map(_line, wrong)), about=_name(wrong[0])) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{env_file} is not UTF-8 text: save it as UTF-8, one NAME=value a line.",
            about=str(env_file),
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{env_file} cannot be read ({error.strerror}): make it readable, or move it away.",
            about=str(env_file),
        ) from error


def _name(wrong: ErrorDetails) -> str:
    return str(wrong["loc"][0]).upper()


def _line(wrong: ErrorDetails) -> str:
    """Say which setting it is, what it got, why that is wrong, and what it is for."""
    reason = wrong["msg"].removeprefix("Value error, ")
    takes = Settings.model_fields[str(wrong["loc"][0])].description
    return (
        f"{_name(wrong)} is {wrong['input']!r}: {reason[:1].lower()}{reason[1:]}. It takes: {takes}"
    )
