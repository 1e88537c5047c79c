"""Several processes of Dragoman on one store in PostgreSQL, run as they are run anywhere."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.slack import SECRET, TOKEN

Role = Literal["serve", "worker"]

LEASE_SECONDS = 15
"""The leases of these processes; what a killed one had claimed waits for their end."""

_RUN = f"""
from datetime import timedelta
import bot.digests.issuing, bot.feeds.poll, handlers.outbox
from bot.cli import main
for module in (bot.digests.issuing, bot.feeds.poll, handlers.outbox):
    module.LEASE = timedelta(seconds={LEASE_SECONDS})
main()
"""

READY_SECONDS = 300
"""How long a process may take to be there, however busy the machine is."""


@dataclass
class Member:
    """One process; ``url`` is where it takes Slack's requests, if it serves.

    ``health`` is where it says how it is.
    """

    role: Role
    folder: Path
    process: Process
    url: str = ""
    health: str = ""

    @property
    def said(self) -> str:
        """What it has said on standard error, and those before it in its folder."""
        return (self.folder / "log").read_text(encoding="utf-8")

    @property
    def is_alive(self) -> bool:
        """Whether it runs still."""
        return self.process.returncode is None


@dataclass
class Cluster:
    """Processes that share a store, each with a data folder of its own within ``folder``.

    ``env`` is what they are set up with beside the store, Slack and the tokens of tests.
    """

    folder: Path
    database: str
    api_url: str
    env: dict[str, str] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)

    async def start(self, role: Role, folder: Path | None = None) -> Member:
        """Start one process, in a folder of one before if that is given; returns when it is up."""
        at = folder or self.folder / f"{role}-{len(self.members)}"
        at.mkdir(parents=True, exist_ok=True)
        with (at / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _RUN, role, stdout=PIPE, stderr=log, cwd=at, env=self._env(at)
            )  # fmt: skip
        member = Member(role, at, process)
        self.members.append(member)
        assert process.stdout is not None
        async with asyncio.timeout(READY_SECONDS):
            line = (await process.stdout.readline()).decode()
        if "press Ctrl-C to stop it" not in line:
            await self.kill(member)
            raise AssertionError(member.said)
        member.url = next((word for word in line.split() if word.startswith("http")), "")
        line = (await process.stdout.readline()).decode()
        member.health = line.removeprefix("Metrics are at ").strip().removesuffix("/metrics")
        return member

    async def kill(self, member: Member) -> None:
        """End it at once, as a machine that fails does."""
        with suppress(ProcessLookupError):
            member.process.kill()
        await member.process.communicate()
        self.members.remove(member)

    async def stop(self, member: Member) -> None:
        """Ask it to end, as a service manager does; it must do so in order."""
        member.process.send_signal(signal.SIGTERM)
        await member.process.communicate()
        assert member.process.returncode == 0, member.said
        self.members.remove(member)

    async def again(self, member: Member) -> Member:
        """Start another in the place of one that has ended."""
        return await self.start(member.role, member.folder)

    async def close(self) -> None:
        """End whatever runs."""
        for member in list(self.members):
            await self.kill(member)

    def _env(self, folder: Path) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.database,
            "DRAGOMAN_DATA": str(folder),
            "DRAGOMAN_LEASE_SECONDS": str(LEASE_SECONDS),
            "DRAGOMAN_WORKERS": "1",
            "PORT": "0",
            "METRICS_PORT": "0",
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            **self.env,
        }


@asynccontextmanager
async def cluster(folder: Path, database: str, api_url: str, **env: str) -> AsyncIterator[Cluster]:
    """No process yet; whatever runs at the end is ended."""
    ours = Cluster(folder, database, api_url, env)
    try:
        yield ours
    finally:
        await ours.close()
