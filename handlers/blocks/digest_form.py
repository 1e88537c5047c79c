"""The form that sets a digest up, with a preview, and what is said of digests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.digests.wording import WORDS, said
from bot.models import Digest, DigestIssue
from handlers.blocks import limits
from handlers.blocks.digest import digest_message, instant
from handlers.blocks.inputs import zone
from handlers.blocks.layout import Payload, button, message, section
from handlers.blocks.mrkdwn import one_line, trim
from handlers.blocks.text import bold, fitted, lines, plain, say, spoken

CALLBACK = "digest"
WHERE, OFTEN, DAY, AT, ZONE, WHO, QUIET, HUSH = (
    "where", "often", "day", "at", "zone", "who", "quiet", "hush",
)  # fmt: skip
"""The inputs of the form; each is its own block and action."""

PREVIEW = "digest_preview"
"""The action that shows what a digest would say as the form is filled in; its block, too."""

HERE, MINE = "here", "mine"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SILENCE = {"line": "Say so in a line", "silent": "Say nothing"}
_PREVIEWED = 8  # blocks of a preview: a form is no place to read

USAGE = lines(
    "A digest tells what is new at set times, about what is followed here, else everything:",
    spoken("• `/digest` sets it up in a form, with a preview"),
    spoken(
        "• `/digest daily at 8:00` · `/digest weekdays 8:30 Europe/Paris` · "
        "`/digest weekly on Monday at 9` · `/digest twice a day at 8:00 and 18:00`; "
        "with `for me` it comes to you alone"
    ),
    spoken(
        "• `/digest now` · `/digest preview` · `/digest pause` · `/digest resume` · "
        "`/digest list` · `/digest off`"
    ),
)


def usage() -> Payload:
    """Show how to set a digest up."""
    return message(USAGE, [section(USAGE)])


def form(
    of: Digest, preview: DigestIssue | None, kept: Mapping[str, Any], *, mine: bool
) -> Payload:
    """Make the modal as a digest is set; ``kept`` comes back with what is sent.

    ``mine`` is set where only the asker can be meant, in direct messages.
    """
    blocks = [] if mine else [_where(of)]
    times = of.times
    at = " and ".join(f"{one:%H:%M}" for one in times.at)
    hush = f"{of.hush.begin:%H:%M} to {of.hush.end:%H:%M}" if of.hush else ""
    blocks += [
        _select(OFTEN, "How often", [(v, k) for k, v in _often().items()], times.often),
        _words(AT, "At", at, "Such as 8:00; twice a day: 8:00 and 18:00."),
        _select(DAY, "On (if weekly)", [(d, str(n)) for n, d in enumerate(_DAYS)], times.weekday),
        zone(ZONE, "Time zone", times.tz),
        _words(
            WHO,
            "Beside what is followed, about",
            ", ".join(name for _, name in of.actors),
            "Names with commas. Where nothing is named or followed it is about everything.",
            optional=True,
        ),
        _radio(QUIET, "Where nothing is new", [(v, k) for k, v in _SILENCE.items()], of.quiet),
        _words(
            HUSH,
            "Quiet hours",
            hush,
            "Alerts wait till they end, and come together: 22:00 to 7:00.",
            optional=True,
        ),
    ]
    again = button("Preview these settings", PREVIEW, {})
    blocks.append({"type": "actions", "block_id": PREVIEW, "elements": [again]})
    if preview is not None:
        blocks += below(preview)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain("Digest"),
        "submit": plain("Set"),
        "close": plain("Cancel"),
        "private_metadata": json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
        "blocks": blocks,
    }


def below(preview: DigestIssue) -> list[Payload]:
    """What a digest would say, as far as there is room for it in a form."""
    return [{"type": "divider"}, *digest_message(preview)["blocks"][:_PREVIEWED]]


def refused(problems: Sequence[str]) -> list[Payload]:
    """Why there is no preview."""
    return [{"type": "divider"}, *(section(fitted(words, 2500, spoken)) for words in problems)]


def previewed(view: Mapping[str, Any], after: Sequence[Payload]) -> Payload:
    """The form of a click, as it is filled in, with another preview ``after`` its inputs."""
    values = view["state"]["values"]
    ids = [block.get("block_id") for block in view["blocks"]]
    blocks = [_filled_in(block, values) for block in view["blocks"][: ids.index(PREVIEW) + 1]]
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {**{name: view[name] for name in kept}, "blocks": [*blocks, *after]}


def _filled_in(block: Payload, values: Mapping[str, Any]) -> Payload:
    """An input that stands as somebody left it."""
    if block["type"] != "input" or block["block_id"] not in values:
        return block
    element = dict(block["element"])
    state = values[block["block_id"]].get(element["action_id"]) or {}
    for of, first in (("value", "initial_value"), ("selected_option", "initial_option")):
        if of in state:
            element.pop(first, None)
            element |= {first: state[of]} if state[of] else {}
    return block | {"element": element}


def was_set(of: Digest, about: str, preview: DigestIssue, *, new: bool) -> Payload:
    """Say when a digest comes from now on, and what it would say."""
    where = "to you" if of.personal else "here"
    verb = "A digest comes" if new else "The digest comes from now on"
    when = bold(said(of.times))
    due = f"; next {instant(of.due, of.times.tz)}."
    text = say(f"{verb} {where} ", when, ", about ", fitted(about, 300), due)
    shown = digest_message(preview)["blocks"][:_PREVIEWED]
    whole = message(text, [section(text), {"type": "divider"}, *shown])
    return message(text, [section(text)]) if limits.problems(whole) else whole


def listing(digests: Sequence[tuple[Digest, str]], now: datetime) -> Payload:
    """List digests, each with what it is about and when it comes next."""
    if not digests:
        text = spoken("No digest is set up here: `/digest` does, or `/digest daily at 8:00`.")
        return message(text, [section(text)])
    listed = []
    for of, about in digests:
        where = "For you" if of.personal else "Here"
        then = "paused" if of.paused else f"next {instant(of.due, of.times.tz)}"
        late = " (due now)" if not of.paused and of.due <= now else ""
        when = f"• {where}: {said(of.times)}, about "
        listed.append(say(when, fitted(about, 300), f" — {then}{late}"))
    text = lines(*listed)
    return message(text, [section(text)])


def _often() -> dict[str, str]:
    return {key: words[:1].upper() + words[1:] for key, words in WORDS.items()}


def _where(of: Digest) -> Payload:
    options = [("This channel", HERE), ("Me alone, in direct messages", MINE)]
    return _radio(WHERE, "For whom", options, MINE if of.personal else HERE)


def _radio(name: str, label: str, options: Sequence[tuple[str, str]], first: str) -> Payload:
    return _choice("radio_buttons", name, label, options, first)


def _select(name: str, label: str, options: Sequence[tuple[str, str]], first: object) -> Payload:
    return _choice("static_select", name, label, options, str(first))


def _choice(
    kind: str, name: str, label: str, options: Sequence[tuple[str, str]], first: str
) -> Payload:
    made = [{"text": plain(text), "value": value} for text, value in options]
    chosen = next(option for option in made if option["value"] == first)
    element = {"type": kind, "action_id": name, "options": made, "initial_option": chosen}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element}


def _words(name: str, label: str, value: str, hint: str, *, optional: bool = False) -> Payload:
    element: Payload = {"type": "plain_text_input", "action_id": name, "max_length": 500}
    if one_line(value):
        element["initial_value"] = trim(one_line(value), 500)
    return {
        "type": "input",
        "block_id": name,
        "optional": optional,
        "label": plain(label),
        "hint": plain(hint),
        "element": element,
    }
