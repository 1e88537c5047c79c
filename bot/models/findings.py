"""What the doctor finds."""

from __future__ import annotations

from typing import Literal

from bot.models.base import Model

Level = Literal["well", "note", "wrong"]
"""All is well; good to know, and no harm; to be put right."""


class Finding(Model):
    """``said`` is what was found of ``area``, ``do`` what to do about it, "" for nothing."""

    area: str
    level: Level
    said: str
    do: str = ""
