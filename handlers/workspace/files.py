"""Files that the bot uploads, in the three steps of Slack's: an address, the bytes, and where.

Methods and their errors after https://docs.slack.dev/reference/methods/files.getUploadURLExternal
and files.completeUploadExternal; a file is kept in memory, and offered on the page.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any

from aiohttp import web

from handlers.workspace.acts import Acts
from handlers.workspace.arguments import Args
from handlers.workspace.compose import Content, Refused


@dataclass
class File:
    """A file; ``content`` is None until its bytes have come.

    ``fields`` are what its person filled in, where it is an article written on the page.
    """

    id: str
    name: str
    length: int
    alt: str = ""
    content: bytes | None = None
    shown: bool = False
    fields: dict[str, str] | None = None


class Files:
    """Everything uploaded; ``url`` is where the workspace is served."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._all: dict[str, File] = {}
        self.url = ""

    def routes(self) -> list[web.RouteDef]:
        """Where the bytes come in, and where a person takes them."""
        return [
            web.post("/upload/{key}", self._take),
            web.get("/page/file/{key}", self._give),
        ]

    def address(self, args: Args) -> Args:
        """``files.getUploadURLExternal``."""
        name, length = str(args.get("filename") or ""), str(args.get("length") or "")
        if not name or not length.isdigit() or not int(length):
            raise Refused("invalid_arguments", ("filename and length are needed",))
        file = File(
            "F0" + secrets.token_hex(4).upper(), name, int(length), str(args.get("alt_txt") or "")
        )
        self._all[file.id] = file
        return {"upload_url": f"{self.url}/upload/{file.id}", "file_id": file.id}

    def complete(self, args: Args, channel: str | None) -> Args:
        """``files.completeUploadExternal``: show the files in ``channel``, if any is named."""
        files = [self._uploaded(one) for one in _listed(args.get("files"))]
        told = [self._told(one) for one in files]
        if channel is not None:
            for one in files:
                one.shown = True
            said = Content(str(args.get("initial_comment") or ""), [], None)
            self._acts.post(channel, said, files=tuple(told))
        return {"files": told}

    def given(self, name: str, content: bytes, key: str | None = None) -> dict[str, Any]:
        """Take a file that a person shares; returns what Slack tells of it.

        ``key`` is the id of a file that was given before and is now this.
        """
        key = key or "F0" + secrets.token_hex(4).upper()
        file = File(key, name, len(content), "", content, True)
        self._all[key] = file
        return self._told(file)

    def get(self, key: str) -> File | None:
        """The file of that id, or None."""
        return self._all.get(key)

    def _uploaded(self, one: Any) -> File:
        file = self._all.get(str(one.get("id"))) if isinstance(one, dict) else None
        if file is None or file.content is None:
            raise Refused("file_not_found")
        return file

    def _told(self, file: File) -> dict[str, Any]:
        return {
            "id": file.id,
            "name": file.name,
            "title": file.name,
            "size": file.length,
            "mimetype": _told_type(file),
            "alt_txt": file.alt,
            "url_private": f"{self.url}/page/file/{file.id}",
            "permalink": f"{self.url}/page/file/{file.id}",
        }

    async def _take(self, request: web.Request) -> web.Response:
        file, content = self._all.get(request.match_info["key"]), await request.read()
        if file is None or len(content) != file.length:
            raise web.HTTPBadRequest(text="There is no such upload, or it has another length.")
        file.content = content
        return web.Response(text=f"OK - {file.length}")

    async def _give(self, request: web.Request) -> web.Response:
        file = self._all.get(request.match_info["key"])
        if file is None or not file.shown:
            raise web.HTTPNotFound(text="There is no such file.")
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in file.name)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=file.content, content_type=_type(file), headers=headers)


def _type(file: File) -> str:
    """Pictures are shown; whatever else comes is only handed out."""
    picture = (file.content or b"").startswith(b"\x89PNG\r\n\x1a\n")
    return "image/png" if picture else "application/octet-stream"


def _told_type(file: File) -> str:
    """What Slack says of a type: by the name, but of a picture by what it holds."""
    shown = _type(file)
    guessed = guess_type(file.name)[0] or shown
    return shown if shown == "image/png" or guessed == "image/png" else guessed


def _listed(files: object) -> list[Any]:
    try:
        listed = json.loads(files) if isinstance(files, str) else files
    except ValueError as error:
        raise Refused("invalid_arguments", ("files is not JSON",)) from error
    if not isinstance(listed, list) or not listed:
        raise Refused("invalid_arguments", ("files must be a list",))
    return listed
