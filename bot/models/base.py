"""The base class of the models, wildcards, and precision of dates."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

LOCAL = "local"
"""The workspace of everything outside Slack."""

SEED = "*"
"""The workspace of actors that every workspace shares. A value and not NULL, because
neither SQLite nor PostgreSQL keeps a unique key unique where it holds NULL."""

EVERYWHERE = "*"
"""The audience of an article that its whole workspace may see."""

Field_ = Literal["title", "text"]
Precision = Literal["minute", "day", "month", "year", "period"]


class Model(BaseModel):
    """Base of all nouns."""

    model_config = ConfigDict(frozen=True, extra="forbid")
