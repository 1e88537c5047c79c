"""The image and compose.yaml agree with the program, with themselves and with each other."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from bot import __version__
from bot.desk import Desk
from bot.health.probes import Health, measured
from bot.settings import Settings, load_settings
from tests.deployed import (
    DEPLOY,
    ROOT,
    documents,
    image_environment,
    is_command,
    open_secrets,
    stages,
    unknown,
)
from tests.stocked import desk_at

COMPOSE: dict[str, Any] = documents("compose.yaml")[0]
OURS = ("migrate", "serve", "worker")


def one(name: str) -> str:
    found = [step.rest for step in stages()[-1] if step.name == name]
    assert len(found) == 1, name
    return found[0]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


def test_the_image_runs_as_nobody_in_particular_and_not_as_root() -> None:
    user, group = one("USER").split(":")
    assert int(user) > 0
    assert int(group) > 0
    made = " ".join(step.rest for step in stages()[-1] if step.name == "RUN")
    assert f"--uid {user} " in made
    assert f"--owner={user} --group={group} --mode=0700 {one('VOLUME')}" in made


def test_the_image_sets_settings_that_there_are_and_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = image_environment()
    assert not unknown(set(environment))
    assert not open_secrets(environment)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(None)
    assert str(settings.dragoman_data) == one("VOLUME")
    assert settings.metrics_host == settings.host  # Prometheus comes from outside
    assert one("EXPOSE").split() == [str(settings.port), str(settings.metrics_port)]
    assert not any(step.name == "ARG" for step in stages()[-1])


def test_the_image_runs_a_command_that_there_is() -> None:
    assert json.loads(one("ENTRYPOINT")) == ["dragoman"]
    assert is_command(json.loads(one("CMD")))


def test_only_what_the_lock_names_is_installed_by_its_hash() -> None:
    installs = [s.rest for s in stages()[0] if "pip install" in s.rest]
    assert "--require-hashes" in installs[0]
    assert "--requirement requirements.lock" in installs[0]
    assert all("--no-deps" in run for run in installs)
    assert "--no-build-isolation" in installs[1]


def test_what_is_copied_is_there_and_sent_to_the_builder() -> None:
    copied = [
        path for step in stages()[0] if step.name == "COPY" for path in shlex.split(step.rest)[:-1]
    ]
    assert all((ROOT / path).exists() for path in copied)
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if not line.startswith("#")) == "*"
    assert sorted(copied) == sorted(line[1:] for line in lines if line.startswith("!"))


def test_an_installed_package_lacks_no_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for package, patterns in project["tool"]["setuptools"]["package-data"].items():
        for path in (ROOT / package).rglob("*"):
            if path.is_dir() or path.suffix in {".py", ".pyc"}:
                continue
            name = path.relative_to(ROOT / package).as_posix()
            assert any(fnmatch(name, pattern) for pattern in patterns), f"{package}/{name}"


async def test_the_health_check_tells_life_from_death(desk: Desk) -> None:
    python, flag, code = json.loads(re.sub(r"^.*CMD ", "", one("HEALTHCHECK")))
    assert (python, flag) == ("python", "-c")

    async def check(port: int) -> int:
        probe = await asyncio.create_subprocess_exec(
            sys.executable,
            flag,
            code,
            env={**os.environ, "METRICS_PORT": str(port)},
            stderr=asyncio.subprocess.DEVNULL,
        )
        return await probe.wait()

    health = Health(desk)
    settings = Settings(_env_file=None, host="127.0.0.1", metrics_port=0)
    try:
        async with measured(health, settings) as url:
            port = int(url.rpartition(":")[2])
            assert await check(port) == 0
        assert await check(port) != 0
    finally:
        health.close()


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_command_with_settings_that_there_are(name: str) -> None:
    service = COMPOSE["services"][name]
    assert is_command(service["command"])
    environment = service["environment"]
    assert not unknown(set(environment))
    assert not open_secrets(environment)
    given = {f"/run/secrets/{secret}" for secret in service["secrets"]}
    assert {value for key, value in environment.items() if key.endswith("_FILE")} == given
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert [volume.partition(":")[2] for volume in service["volumes"]] == [
        image_environment()["DRAGOMAN_DATA"]
    ]
    assert service["tmpfs"][0].startswith(f"{image_environment()['HOME']}:")
    assert image_environment()["MPLCONFIGDIR"].startswith("/tmp/")  # noqa: S108 - in the image


def test_only_what_serves_has_what_is_slacks() -> None:
    for name in OURS:
        secrets = COMPOSE["services"][name]["secrets"]
        assert ("slack_bot_token" in secrets) == (name == "serve")


def test_services_name_volumes_networks_and_secrets_that_there_are() -> None:
    for service in COMPOSE["services"].values():
        assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(
            COMPOSE["volumes"]
        )
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service["secrets"]) <= set(COMPOSE["secrets"])
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])
    folder = {Path(secret["file"]).parent.as_posix() for secret in COMPOSE["secrets"].values()}
    assert folder == {"secrets"}
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_what_is_published_is_for_this_machine_and_slacks_port() -> None:
    published = [port for name in OURS for port in COMPOSE["services"][name].get("ports", ())]
    assert published
    for port in published:
        assert port.startswith("127.0.0.1:")
        assert port.rpartition(":")[2] == image_environment()["PORT"]


def test_the_image_is_tagged_with_the_version_that_runs() -> None:
    for name in OURS:
        assert COMPOSE["services"][name]["image"].endswith(f":-{__version__}}}")


def test_the_database_is_waited_for_and_holds_every_process() -> None:
    services = COMPOSE["services"]
    assert "healthcheck" in services["db"]
    for name in ("serve", "worker"):
        conditions = {
            key: value["condition"] for key, value in services[name]["depends_on"].items()
        }
        assert conditions == {
            "db": "service_healthy",
            "migrate": "service_completed_successfully",
        }
    assert services["db"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
