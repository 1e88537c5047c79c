"""Secrets that are in files of their own: ``SLACK_BOT_TOKEN_FILE`` in place of the token itself.

Orchestrators and service managers hand secrets over as files, which no listing of processes,
no crash report and no child shows as it would the environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

from bot.errors import SettingsError

SUFFIX = "_FILE"


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is one whose value nobody is to see."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


class Filed(PydanticBaseSettingsSource):
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
        return _read(f"{name}{SUFFIX}", Path(path)), field_name, False


def _read(name: str, path: Path) -> str:
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
