from typing import Any

import pytest

from handlers import actions, messages
from handlers.payloads import addressed
from tests.slack import US, callback, mention, message

TS = "1700000000.000100"


def im(text: str, **more: Any) -> dict[str, Any]:
    return message(text, TS, "D1", channel_type="im", **more)


TO_US = [
    (mention("who moved?", TS, "C1"), "who moved?", TS),
    (mention("who moved?", TS, "C1", thread_ts="1.1"), "who moved?", "1.1"),
    (message(f"<@{US}> who moved?", TS, "C1"), "who moved?", TS),
    (message(f"so <@{US}|dragoman>, who?", TS, "C1"), "so  , who?", TS),
    (im("who moved?"), "who moved?", None),
    (im("who moved?", thread_ts="1.1"), "who moved?", "1.1"),
    (im(f"<@{US}> who moved?"), "who moved?", None),
    (im("see this", subtype="file_share"), "see this", None),
    (im("AT&amp;T <https://example.org|x>"), "AT&T x", None),
    (im(""), "", None),
]


@pytest.mark.parametrize(("event", "text", "thread"), TO_US)
def test_addressed_to_us(event: dict[str, Any], text: str, thread: str | None) -> None:
    post = addressed(callback(event))
    assert post is not None
    assert (post.text, post.thread) == (text, thread)
    assert (post.workspace, post.ts, post.person) == ("T0LOCAL", TS, "U0YOU")


NOT_TO_US = [
    message("who moved?", TS, "C1"),
    message("<@U2> who moved?", TS, "C1"),
    message(f"<@{US}2> who moved?", TS, "C1"),
    message("who moved?", TS, "G1", channel_type="mpim"),
    im("hello", bot_id="B1"),
    im("hello", user=US),
    im("hello", user="USLACKBOT"),
    im("hello", subtype="bot_message"),
    im("hello", subtype="message_changed", message={"text": "hello", "user": "U0YOU"}),
    im("hello", subtype="message_deleted"),
    im("hello", subtype="channel_join"),
    im("hello", hidden=True),
    im("hello", user=None),
    mention("hello", TS, "C1", bot_id="B2"),
    mention("hello", TS, "C1", user=US),
    {"type": "message", "channel_type": "im"},
]


@pytest.mark.parametrize("event", NOT_TO_US)
def test_not_addressed_to_us(event: dict[str, Any]) -> None:
    assert addressed(callback(event)) is None


def test_without_an_authorization_no_message_names_us() -> None:
    event = message("<@U2> who moved?", TS, "C1")
    assert addressed(callback(event, authorizations=[])) is None


def test_without_an_authorization_the_first_name_of_a_mention_is_ours() -> None:
    post = addressed(callback(mention("did <@U2> go?", TS, "C1"), authorizations=[]))
    assert post is not None
    assert post.text == "did  go?"


ASKED = [
    ("Qatar", ("ask", "Qatar")),
    ("who moved to Turkey?", ("ask", "who moved to Turkey?")),
    ("brief Qatar", ("brief", "Qatar")),
    ("/brief Qatar Iran", ("brief", "Qatar Iran")),
    ("Brief  Qatar", ("brief", "Qatar")),
    ("brief", ("brief", "")),
    ("briefly, who moved?", ("ask", "briefly, who moved?")),
    ("a brief word", ("ask", "a brief word")),
]


@pytest.mark.parametrize(("text", "wanted"), ASKED)
def test_a_brief_is_told_from_a_question(text: str, wanted: tuple[str, str]) -> None:
    assert messages.brief_or_question(text) == wanted


COMMANDS = [
    ("Qatar", ("Qatar", False)),
    ("", ("", False)),
    ("Qatar public", ("Qatar", True)),
    ("Qatar --public", ("Qatar", True)),
    ("Qatar —public", ("Qatar", True)),
    ("Qatar –public", ("Qatar", True)),
    ("Qatar PUBLIC", ("Qatar", True)),
    ("public Qatar", ("Qatar", True)),
    ("--public Qatar", ("Qatar", True)),
    ("—public Qatar", ("Qatar", True)),
    ("— public Qatar", ("Qatar", True)),
    ("public", ("", True)),
    ("  Qatar\n public ", ("Qatar", True)),
    ("Republic", ("Republic", False)),
    ("Czech Republic", ("Czech Republic", False)),
    ("Republic of Korea", ("Republic of Korea", False)),
    ("publicity", ("publicity", False)),
    ("the public sector of Qatar", ("the public sector of Qatar", False)),
    ("public public", ("public", True)),
    ("Trinidad &amp; Tobago", ("Trinidad & Tobago", False)),
]


@pytest.mark.parametrize(("text", "wanted"), COMMANDS)
def test_public_at_either_end_is_the_option(text: str, wanted: tuple[str, bool]) -> None:
    assert actions.command_options(text) == wanted
