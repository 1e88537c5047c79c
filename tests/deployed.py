"""The files of ``deploy/``, as tests read them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import yaml

from bot.cli import main
from bot.settings import SUFFIX, Settings, is_secret

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"

OTHERS = {"HOME", "PATH", "MPLCONFIGDIR", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
"""What Python, matplotlib and the shell are told; all else is ours."""


class Step(NamedTuple):
    """An instruction of a Dockerfile, its lines put together."""

    name: str
    rest: str


def stages() -> list[list[Step]]:
    """The stages of the Dockerfile, each from its FROM on; what stands before is left out."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.M)
    found: list[list[Step]] = []
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        name, _, rest = line.strip().partition(" ")
        if name == "FROM":
            found.append([])
        if name and found:
            found[-1].append(Step(name, rest))
    return found


def image_environment() -> dict[str, str]:
    """What the image sets, as a container finds it."""
    return dict(
        pair.partition("=")[::2]
        for step in stages()[-1]
        if step.name == "ENV"
        for pair in shlex.split(step.rest)
    )


def documents(path: str) -> list[dict[str, Any]]:
    """What a YAML file of ``deploy/`` holds."""
    return list(yaml.safe_load_all((DEPLOY / path).read_text(encoding="utf-8")))


def manifests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever is given to Kubernetes, with its file's name."""
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        for document in documents(f"kubernetes/{file.name}"):
            yield file.name, document


def unknown(names: set[str]) -> set[str]:
    """Those names of variables that are no setting, no file of a secret, and nobody else's."""
    fields = Settings.model_fields.items()
    known = {name.upper() for name, _ in fields}
    known |= {f"{name.upper()}{SUFFIX}" for name, field in fields if is_secret(field)}
    return names - known - OTHERS


def open_secrets(environment: dict[str, str]) -> set[str]:
    """Secrets whose value stands in an environment."""
    return {
        name.upper()
        for name, field in Settings.model_fields.items()
        if is_secret(field) and environment.get(name.upper())
    }


def is_command(arguments: list[str]) -> bool:
    """Whether the command line has such a command, with such options."""
    command = main.get_command(click.Context(main), arguments[0])
    return command is not None and bool(
        command.make_context(arguments[0], arguments[1:], resilient_parsing=True)
    )
