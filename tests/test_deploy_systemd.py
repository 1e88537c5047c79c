"""The units of systemd run commands that there are, with settings that there are, shut in."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.deployed import DEPLOY, is_command, open_secrets, unknown

FOLDER = DEPLOY / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))

SHUT_IN = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "MemoryDenyWriteExecute": "yes",
    "CapabilityBoundingSet": "",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "UMask": "0077",
}


def unit(path: Path) -> dict[str, list[str]]:
    """Every key of a unit, with what it is given, in order."""
    found = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def environment(path: Path) -> dict[str, str]:
    pairs = " ".join(unit(path)["Environment"]).split()
    return dict(pair.partition("=")[::2] for pair in pairs)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_there_is(path: Path) -> None:
    program, *arguments = unit(path)["ExecStart"][0].split()
    assert program == "/opt/dragoman/bin/dragoman"
    assert is_command(arguments)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_has_settings_that_there_are_and_secrets_as_files(path: Path) -> None:
    given = environment(path)
    assert not unknown(set(given))
    assert not open_secrets(given)
    handed = {f"%d/{one.partition(':')[0]}" for one in unit(path)["LoadCredential"]}
    assert {value for name, value in given.items() if name.endswith("_FILE")} == handed
    for credential in unit(path)["LoadCredential"]:
        name, _, file = credential.partition(":")
        assert file == f"/etc/dragoman/secrets/{name}"


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_is_shut_in_and_writes_its_own_folders(path: Path) -> None:
    found = unit(path)
    for key, value in SHUT_IN.items():
        assert found[key] == [value], key
    assert found["SystemCallFilter"] == ["@system-service", "~@privileged"]
    assert found["User"] == ["dragoman"]
    given = environment(path)
    assert given["DRAGOMAN_DATA"] == f"/var/lib/{found['StateDirectory'][0]}"
    assert given["MPLCONFIGDIR"] == f"/var/cache/{found['CacheDirectory'][0]}"


def test_a_backup_is_written_where_it_may_and_old_ones_go() -> None:
    found = unit(FOLDER / "dragoman-backup.service")
    folder = found["ExecStart"][0].split()[-1]
    assert found["ReadWritePaths"] == [folder]
    assert f"find {folder} " in found["ExecStartPost"][0]
    assert (FOLDER / "dragoman-backup.timer").is_file()


def test_every_unit_is_in_the_runbook() -> None:
    runbook = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        assert re.search(rf"\b{re.escape(path.stem.rstrip('@'))}\b", runbook), path.name
