"""An article that a person writes on the page, as the file that the bot is given to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import yaml

from handlers.workspace.state import WorkspaceError

FIELDS = ("title", "text", "publisher", "date")
"""What is filled in; all but the text may be empty."""


def article_file(fields: Mapping[str, str]) -> tuple[str, bytes]:
    """The name and the bytes of a Markdown file with front matter.

    ``fields`` are those of ``FIELDS``; raises WorkspaceError where there is no text, or a date
    that is none.
    """
    said = {key: value.strip() for key, value in fields.items()}
    if not said["text"]:
        raise WorkspaceError("The article has no text: write a sentence or two.", about="text")
    matter: dict[str, object] = {k: said[k] for k in ("title", "publisher") if said[k]}
    if said["date"]:
        try:
            matter["date"] = date.fromisoformat(said["date"])
        except ValueError as error:
            raise WorkspaceError(f"{said['date']} is no day.", about="date") from error
    head = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False) if matter else ""
    name = "-".join(re.findall(r"\w+", said["title"].lower())[:6])[:60] or "article"
    return f"{name}.md", f"---\n{head}---\n\n{said['text']}\n".encode()
