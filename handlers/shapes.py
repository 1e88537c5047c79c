"""The shape of what Slack sends, as far as it is read here: checked before anything is read.

What Slack sends has this shape. Whoever has the signing secret and sends something else, or
a change of Slack's that we do not know, is told so, and the log says which field it is.
https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

_Id = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00-\x1f]+$")]
"""An id, an address, a time: what is looked up, and part of a key."""

_Who = Annotated[str, Field(max_length=80, pattern=r"^[UW][A-Z0-9]*$")]
_Where = Annotated[str, Field(max_length=80, pattern=r"^[CDG][A-Z0-9]*$")]
_Whence = Annotated[str, Field(max_length=80, pattern=r"^[TE][A-Z0-9]*$")]
"""A person, a place, a workspace or organisation: these are written into messages as they are."""

DEEPEST = 100
"""Levels of lists and objects in JSON that are read; Slack's own has some twenty."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


def is_too_deep(text: str) -> bool:
    """Whether JSON is nested more than DEEPEST levels, which no parser of it can be trusted with.

    Also true of JSON that is not whole and opens so many levels.
    """
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    level = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        level += 1 if bracket[0] in "[{" else -1
        if level > DEEPEST:
            return True
    return False


def _flat(text: str) -> str:
    if is_too_deep(text):
        raise ValueError("nested too deep")
    return text


_Carried = Annotated[str, AfterValidator(_flat)]
"""What a button, a choice or a form carries back to us: often JSON of ours."""

_Texts = dict[str, Any]


class _Person(BaseModel):
    id: _Who
    team_id: _Whence | None = None


class _Whose(BaseModel):
    """Of which workspace a request is."""

    class _Team(BaseModel):
        id: _Whence | None = None

    class _Authorization(BaseModel):
        team_id: _Whence | None = None
        enterprise_id: _Whence | None = None
        user_id: _Who | None = None

    team: _Team | None = None
    team_id: _Whence | None = None
    enterprise: _Team | None = None
    enterprise_id: _Whence | None = None
    user: _Person | None = None
    view: _Texts | None = None
    authorizations: list[_Authorization] | None = None


class _Message(BaseModel):
    """A message that a shortcut is used on, and what of an event is a message."""

    class _Attached(BaseModel):
        pretext: str | None = None
        title: str | None = None
        text: str | None = None
        fallback: str | None = None
        title_link: str | None = None
        original_url: str | None = None

    class _File(BaseModel):
        size: int | None = None

    text: str | None = None
    ts: _Id | None = None
    thread_ts: _Id | None = None
    attachments: list[_Attached] | None = None
    files: list[_File] | None = None


class _Event(_Message):
    class _Thread(BaseModel):
        channel_id: _Where
        thread_ts: _Id

    class _Said(_Message):
        class _Edit(BaseModel):
            ts: _Id | None = None

        user: _Who | None = None
        subtype: str | None = None
        edited: _Edit | None = None

    type: str
    user: _Who | None = None
    channel: _Where | None = None
    channel_type: str | None = None
    subtype: str | None = None
    event_ts: _Id | None = None
    tab: str | None = None
    tokens: _Texts | None = None
    assistant_thread: _Thread | None = None
    message: _Said | None = None
    previous_message: _Said | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> _Event:
        missing = {
            "app_mention": not (self.ts and self.channel),
            "message": not (self.ts and self.channel),
            "app_home_opened": not self.user,
            "assistant_thread_started": self.assistant_thread is None,
        }
        if missing.get(self.type):
            raise ValueError(f"an event {self.type} without where or who")
        edited = self.subtype == "message_changed"
        if edited and any(one and not one.ts for one in (self.message, self.previous_message)):
            raise ValueError("an edit of a message without its ts")
        return self


class _Told(_Whose):
    event: _Event
    event_id: _Id | None = None
    event_time: float | None = None


class _Typed(_Whose):
    command: str
    text: str | None = None
    user_id: _Who
    channel_id: _Where
    trigger_id: _Id
    response_url: _Id | None = None


class _View(BaseModel):
    class _State(BaseModel):
        class _Input(BaseModel):
            class _Option(BaseModel):
                value: _Carried

            value: str | None = None
            selected_option: _Option | None = None
            selected_users: list[_Who] | None = None

        values: dict[str, dict[str, _Input]] = {}

    id: _Id
    type: str
    callback_id: str = ""
    private_metadata: _Carried = ""
    hash: str | None = None
    blocks: list[_Texts] = []
    state: _State | None = None
    app_installed_team_id: _Whence | None = None


class _Done(_Whose):
    """A click, a form sent, a shortcut used."""

    class _Action(BaseModel):
        class _Option(BaseModel):
            value: _Carried

        action_id: str
        value: _Carried | None = None
        selected_option: _Option | None = None

    class _Container(BaseModel):
        channel_id: _Where | None = None
        message_ts: _Id | None = None
        thread_ts: _Id | None = None

    class _Place(BaseModel):
        id: _Where

    type: str
    user: _Person
    trigger_id: _Id | None = None
    response_url: _Id | None = None
    actions: Annotated[list[_Action], Field(min_length=1)] | None = None
    container: _Container | None = None
    channel: _Place | None = None
    message: _Message | None = None
    view: _View | None = None  # type: ignore[assignment]

    @model_validator(mode="after")
    def _is_whole(self) -> _Done:
        if self.type == "block_actions":
            place = self.channel or (self.container and self.container.channel_id)
            at_home = any(one.action_id.startswith("home_") for one in self.actions or ())
            where = self.view if at_home else place or self.view
            whole = bool(self.actions and self.trigger_id and where)
        elif self.type == "view_submission":
            whole = bool(self.view and self.view.state)
        else:
            whole = bool(self.trigger_id and self.channel and self.message and self.message.ts)
        if not whole:
            raise ValueError(f"a {self.type} that lacks what belongs to it")
        return self


_OF_EVENTS = ("app_mention", "message", "app_home_opened", "assistant_thread_started")
_DONE = ("block_actions", "view_submission", "message_action")


def what_is_wrong(body: dict[str, Any]) -> str | None:
    """Where a request is not of Slack's shape, without what stands there; None where it is.

    What nobody listens to here is not looked at.
    """
    kind = body.get("type")
    try:
        if "command" in body:
            _Typed.model_validate(body, strict=True)
        elif kind in _DONE:
            _Done.model_validate(body, strict=True)
        elif isinstance(event := body.get("event"), dict) and event.get("type") in _OF_EVENTS:
            _Told.model_validate(body, strict=True)
        else:
            _Whose.model_validate(body, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        where = ".".join(str(one)[:40] for one in first["loc"]) or str(kind)[:40]
        return f"{where}: {first['type']}"
    return None
