"""The parts of Slack's payloads that are read here: schema, workspace, and posts.

The schema is checked before anything is read. If somebody with the signing secret sends something
else, or Slack makes a change that we do not know, the answer is an error, and the log names the
field. https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from handlers.blocks.text import plain_text

# --- workspaces --------------------------------------------------------------------------


def workspace_of(body: dict[str, Any]) -> str:
    """Return the id of our workspace; empty if Slack names none.

    In a channel that two workspaces share, an event's ``team_id`` may be the other one's, and a
    form may be sent from there: then the authorization, or the view, names ours.
    https://docs.slack.dev/apis/slack-connect
    """
    view = body.get("view") or {}
    authorization: dict[str, Any] = next(iter(body.get("authorizations") or []), {})
    team = body.get("team") or {}
    named = (
        view.get("app_installed_team_id"),
        authorization.get("team_id"),
        team.get("id"),
        body.get("team_id"),
        (body.get("user") or {}).get("team_id"),
    )
    return str(next((one for one in named if one), ""))


def organisation_of(body: dict[str, Any]) -> str | None:
    """Return the organisation of a request, if it installed the app as a whole; else None.

    https://docs.slack.dev/enterprise/organization-ready-apps
    """
    authorization: dict[str, Any] = next(iter(body.get("authorizations") or []), {})
    whole = authorization.get("is_enterprise_install", body.get("is_enterprise_install"))
    if str(whole).lower() != "true":  # in a form it is text
        return None
    named = authorization.get("enterprise_id") or body.get("enterprise_id")
    return str(named or (body.get("enterprise") or {}).get("id") or "") or None


# --- posts -------------------------------------------------------------------------------


_BY_PEOPLE = {None, "file_share", "thread_broadcast"}
_MENTION = re.compile(r"<[@!]")


class Post(NamedTuple):
    """A post addressed to the bot; ``thread`` is where the answer goes, None outside threads.

    ``in_view`` is what its author has in view, as ``view_of`` writes it, if the post asks about
    that.
    """

    workspace: str
    place: str
    ts: str
    thread: str | None
    person: str
    text: str
    in_view: str = ""


def addressed(body: dict[str, Any]) -> Post | None:
    """Read an event; None if it is not a person's post addressed to the bot.

    Posts of bots (including this one), edits, deletions, joins and talk among others are not.
    """
    event = body.get("event") or {}
    us = bot_user(body)
    person, text = str(event.get("user") or ""), event.get("text") or ""
    if not is_by_person(event) or person == us or not event.get("channel"):
        return None
    private = event.get("type") == "message" and event.get("channel_type") == "im"
    named = event.get("type") == "app_mention" or bool(us and without_mention(us, text) != text)
    if not private and not named:
        return None
    thread = event.get("thread_ts") or (None if private else event.get("ts"))
    said = without_mention(us, text) if us or named else text
    return Post(workspace_of(body), event["channel"], event["ts"], thread, person, plain_text(said))


def thread_post(body: dict[str, Any]) -> Post | None:
    """Read a post in a channel's thread that mentions nobody; None for others.

    ``messages.is_follow_up`` decides whether it follows up on a question.
    """
    event = body.get("event") or {}
    us, text, thread = bot_user(body), event.get("text") or "", event.get("thread_ts")
    if event.get("type") != "message" or event.get("channel_type") == "im" or not thread:
        return None
    person = str(event.get("user") or "")
    if not is_by_person(event) or not us or person == us or _MENTION.search(text):
        return None
    return Post(workspace_of(body), event["channel"], event["ts"], thread, person, plain_text(text))


def is_by_person(event: dict[str, Any]) -> bool:
    """Return whether a person just wrote a post: no bot, no edit, no deletion, no Slack notice."""
    if event.get("bot_id") or event.get("subtype") not in _BY_PEOPLE or event.get("hidden"):
        return False
    return bool(event.get("user")) and event["user"] != "USLACKBOT"


def bot_user(body: dict[str, Any]) -> str:
    """Return the bot's user id in a workspace; empty if Slack does not give it."""
    mine = [a for a in body.get("authorizations") or [] if a.get("is_bot", True)]
    return str(mine[0].get("user_id") or "") if mine else ""


def without_mention(us: str, text: str) -> str:
    """Remove the bot's name; if it is unknown, remove the first name in a post that mentions us."""
    if us:
        return re.sub(rf"<@{re.escape(us)}(?:\|[^>]*)?>", " ", text)
    return re.sub(r"<@[^>]*>", " ", text, count=1)


def edit_of(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the post now and before, each as if it were new; None if it is not an edit."""
    event = body.get("event") or {}
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("subtype") != "message_changed" or now.get("text") == before.get("text"):
        return None
    where = {"type": "message", "channel": event.get("channel")}
    where["channel_type"] = event.get("channel_type")
    return {**body, "event": {**now, **where}}, {**body, "event": {**before, **where}}


# --- what somebody has in view ------------------------------------------------------------


_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{1,79}")
_TS = re.compile(r"\d{1,20}\.\d{1,10}")


def view_of(event: dict[str, Any]) -> str | None:
    """What a person has in view: ``CHANNEL``, or ``CHANNEL:TS`` for a message there.

    Empty if an event names something else, such as a canvas; None if it names nothing.
    Entities are in ``context``, or in ``app_context`` of a message, the most relevant first.
    https://docs.slack.dev/reference/events/app_context_changed
    """
    given = (event.get("app_context"), event.get("context"))
    context = next((one for one in given if one is not None), None)
    if context is None:
        return None
    here = event.get("channel")
    found = filter(None, map(_entity, context.get("entities") or []))
    return next((one for one in found if one.partition(":")[0] != here), "")


_CHANNEL_TYPE, _MESSAGE_TYPE = "slack#/types/channel_id", "slack#/types/message_context"


def _entity(entity: dict[str, Any]) -> str:
    kind, value = entity.get("type"), entity.get("value")
    if kind == _CHANNEL_TYPE and isinstance(value, str) and _CHANNEL_ID.fullmatch(value):
        return value
    if kind == _MESSAGE_TYPE and isinstance(value, dict):
        channel, ts = str(value.get("channel_id")), str(value.get("message_ts"))
        if _CHANNEL_ID.fullmatch(channel) and _TS.fullmatch(ts):
            return f"{channel}:{ts}"
    return ""


# --- the schema --------------------------------------------------------------------------


_Id = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00-\x1f]+$")]
"""An id, an address or a time: looked up, and part of a key."""

_UserId = Annotated[str, Field(max_length=80, pattern=r"^[UW][A-Z0-9]*$")]
_ChannelId = Annotated[str, Field(max_length=80, pattern=r"^[CDG][A-Z0-9]*$")]
_TeamId = Annotated[str, Field(max_length=80, pattern=r"^[TE][A-Z0-9]*$")]
"""The id of a person, place, workspace or organisation; it goes into messages unchanged."""

MOST_LEVELS = 100
"""The most levels of lists and objects in JSON that are read; Slack's own has some twenty."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


def is_too_deep(text: str) -> bool:
    """Return whether JSON is nested more than MOST_LEVELS levels, too deep for a safe parse.

    Also true of incomplete JSON that opens so many levels.
    """
    if text.count("[") + text.count("{") <= MOST_LEVELS:
        return False
    level = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        level += 1 if bracket[0] in "[{" else -1
        if level > MOST_LEVELS:
            return True
    return False


def _not_too_deep(text: str) -> str:
    if is_too_deep(text):
        raise ValueError("nested too deep")
    return text


_ButtonValue = Annotated[str, AfterValidator(_not_too_deep)]
"""The data that a button, a choice or a form sends back to us: often our own JSON."""

_Texts = dict[str, Any]


class _Person(BaseModel):
    id: _UserId
    team_id: _TeamId | None = None


class _Request(BaseModel):
    """The workspace of a request."""

    class _Team(BaseModel):
        id: _TeamId | None = None

    class _Authorization(BaseModel):
        team_id: _TeamId | None = None
        enterprise_id: _TeamId | None = None
        user_id: _UserId | None = None

    team: _Team | None = None
    team_id: _TeamId | None = None
    enterprise: _Team | None = None
    enterprise_id: _TeamId | None = None
    user: _Person | None = None
    view: _Texts | None = None
    authorizations: list[_Authorization] | None = None


class _Message(BaseModel):
    """A message that a shortcut is used on, or the message part of an event."""

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


class _InView(BaseModel):
    """What somebody has in view; ``view_of`` checks the entities."""

    entities: list[_Texts] | None = None


class _Event(_Message):
    class _Link(BaseModel):
        url: str = Field(max_length=4_000)

    class _Reference(BaseModel):
        id: _Id
        type: str | None = None

    class _Function(BaseModel):
        callback_id: _Id

    class _Said(_Message):
        class _Edit(BaseModel):
            ts: _Id | None = None

        user: _UserId | None = None
        subtype: str | None = None
        edited: _Edit | None = None

    type: str
    user: _UserId | None = None
    channel: _ChannelId | None = None
    channel_type: str | None = None
    subtype: str | None = None
    event_ts: _Id | None = None
    tab: str | None = None
    tokens: _Texts | None = None
    context: _InView | None = None
    app_context: _InView | None = None
    links: list[_Link] | None = None
    message_ts: _Id | None = None
    source: str | None = None
    unfurl_id: _Id | None = None
    is_bot_user_member: bool | None = None
    external_ref: _Reference | None = None
    entity_url: str | None = None
    trigger_id: _Id | None = None
    function: _Function | None = None
    function_execution_id: _Id | None = None
    inputs: _Texts | None = None
    message: _Said | None = None
    previous_message: _Said | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> _Event:
        missing = {
            "app_mention": not (self.ts and self.channel),
            "message": not (self.ts and self.channel),
            "app_home_opened": not self.user,
            "link_shared": not (self.channel and self.message_ts and self.links),
            "entity_details_requested": not (self.user and self.trigger_id),
            "function_executed": not (self.function and self.function_execution_id),
        }
        if missing.get(self.type):
            raise ValueError(f"an event {self.type} without where or who")
        edited = self.subtype == "message_changed"
        if edited and any(one and not one.ts for one in (self.message, self.previous_message)):
            raise ValueError("an edit of a message without its ts")
        return self


class _EventCallback(_Request):
    event: _Event
    event_id: _Id | None = None
    event_time: float | None = None


class _Command(_Request):
    command: str
    text: str | None = None
    user_id: _UserId
    channel_id: _ChannelId
    trigger_id: _Id
    response_url: _Id | None = None


class _View(BaseModel):
    class _State(BaseModel):
        class _Input(BaseModel):
            class _Option(BaseModel):
                value: _ButtonValue

            value: str | None = None
            selected_option: _Option | None = None
            selected_users: list[_UserId] | None = None

        values: dict[str, dict[str, _Input]] = {}

    id: _Id
    type: str
    callback_id: str = ""
    private_metadata: _ButtonValue = ""
    hash: str | None = None
    blocks: list[_Texts] = []
    state: _State | None = None
    app_installed_team_id: _TeamId | None = None


class _Interaction(_Request):
    """A click, a submitted form, or a use of a shortcut."""

    class _Action(BaseModel):
        class _Option(BaseModel):
            value: _ButtonValue

        action_id: str
        value: _ButtonValue | None = None
        selected_option: _Option | None = None

    class _Container(BaseModel):
        channel_id: _ChannelId | None = None
        message_ts: _Id | None = None
        thread_ts: _Id | None = None

    class _Place(BaseModel):
        id: _ChannelId

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
    def _is_whole(self) -> _Interaction:
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


_EVENTS = (
    "app_context_changed",
    "app_home_opened",
    "app_mention",
    "entity_details_requested",
    "function_executed",
    "link_shared",
    "message",
)
_INTERACTIONS = ("block_actions", "view_submission", "message_action")


def schema_problem(body: dict[str, Any]) -> str | None:
    """Return where a request breaks Slack's schema, without the value there; None if nowhere.

    Payloads without a listener here are not checked.
    """
    kind = body.get("type")
    try:
        if "command" in body:
            _Command.model_validate(body, strict=True)
        elif kind in _INTERACTIONS:
            _Interaction.model_validate(body, strict=True)
        elif isinstance(event := body.get("event"), dict) and event.get("type") in _EVENTS:
            _EventCallback.model_validate(body, strict=True)
        else:
            _Request.model_validate(body, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        where = ".".join(str(one)[:40] for one in first["loc"]) or str(kind)[:40]
        return f"{where}: {first['type']}"
    return None
