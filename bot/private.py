"""What only its owner may read: modes of files and folders, and secrets in files of their own."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

from bot.errors import SettingsError

FOLDER_MODE = 0o700

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_READ = stat.S_IRGRP | stat.S_IROTH


def for_owner_alone() -> Callable[[], object]:
    """Have this process, and those it starts, create files that only their owner may use.

    Returns a function that undoes it.
    """
    before = os.umask(_OTHERS)
    return lambda: os.umask(before)


def close_to_others(folder: Path) -> None:
    """Take away from others what they may do in a data folder, if the folder is ours.

    It is ours if it belongs to the user that runs this. Where it does not, such as a volume
    that a cluster mounts, it stays as it is, and the doctor notes which files others may read.
    So does a folder that many share (its sticky bit is set), such as /tmp.
    """
    if os.name != "posix":
        return
    found = folder.stat()
    shared = found.st_mode & stat.S_ISVTX
    if found.st_uid == os.geteuid() and found.st_mode & _OTHERS and not shared:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)


def open_to_others(folder: Path) -> Iterator[Path]:
    """Find the files in a data folder that other users of this machine may read."""
    if os.name != "posix" or not folder.is_dir() or not folder.stat().st_mode & _OTHERS:
        return
    for path in sorted(folder.rglob("*")):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # files of an index come and go
            continue
        if stat.S_ISREG(mode) and mode & _READ:
            yield path


SUFFIX = "_FILE"


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
