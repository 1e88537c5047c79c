"""Home as a view: the feeds read, what is new, what somebody follows, the actors in the news."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.answer.formatting import capital, count, day
from bot.digests.schedule import times_in_words
from bot.models import Active, AskedBefore, Home, SetUp, Watch
from bot.watches.topics import delivery_in_words, in_words
from handlers.blocks.digest import instant as due
from handlers.blocks.layout import (
    NAME,
    Payload,
    Row,
    button,
    context,
    packed,
    row,
    section,
    statement,
    without_long_link,
)
from handlers.blocks.text import (
    NOTHING,
    Text,
    bold,
    channel,
    italic,
    lines,
    one_line,
    plain,
    say,
    spoken,
    trim,
)
from handlers.blocks.watch import instant

BRIEF, WATCH, DIGEST = "home_brief", "home_watch", "home_digest"
"""Actions with several buttons: a number or the name of a row follows, after a colon."""

SET_UP, SETTINGS, FOR_ALL = "home_set_up", "home_settings", "home_for_all"
"""The actions that open forms: a digest, one's own settings, those of the workspace."""

FEEDS, SEED_FEEDS, AGAIN = "home_feeds", "home_seeds", "home_again"
"""The form to add feeds, adding the feeds of a region at once, and the refresh of Home."""

FIRST_REGION = "Middle East"

TRY = (
    ("Qatar Iran", "brief", "Qatar Iran"),
    ("Who moved to Turkey?", "ask", "who moved to Turkey?"),
    ("What is new?", "ask", "What is new since yesterday?"),
    ("What do you read?", "ask", "What do you read?"),
)
"""Suggestions for a newcomer: the button's label, what it asks for, and the words."""

_QUOTE_WORDS = 18
_LABEL = 40  # characters of a button: a phone shows about thirty
_FOOT = spoken(
    "`/brief help` · `/watch help` · `/digest help` · `/brief settings` changes the settings of a"
    " channel"
)


def home_view(home: Home, now: datetime, tz: str, place: str, note: Text = NOTHING) -> Payload:
    """Lay out Home for its reader; ``note`` says what was just done.

    ``place`` is the reader's direct messages, and comes back with each click.
    """
    blocks = [section(note)] if note else []
    blocks += [section(_read(home)), *row(*_top(home), block_id="home_top")]
    if not (home.guest or home.watches or home.digests or home.asked):
        blocks += _first_steps()
    blocks += _stories(home, tz)
    blocks += [*_watches(home, now, tz), *_digests(home), *_active(home)]
    blocks += [*_asked(home.asked), *_feeds(home)]
    return _view([*blocks, context([_FOOT])], place)


def failed_view(note: Text, place: str) -> Payload:
    """Return a Home that says why there is none, with a button to try again."""
    again = button("Try again", AGAIN, {})
    return _view([section(note), *row(again, block_id="home_top")], place)


def _view(blocks: Sequence[Payload], place: str) -> Payload:
    kept = json.dumps({"place": place}, separators=(",", ":"))
    return {"type": "home", "private_metadata": kept, "blocks": list(blocks)}


def place_of(view: Mapping[str, object]) -> str:
    """Return the direct messages that a Home was made for; empty if it does not name them."""
    try:
        return str(json.loads(str(view.get("private_metadata") or "{}")).get("place") or "")
    except ValueError:
        return ""


def _read(home: Home) -> Text:
    read = home.read
    if home.guest:
        return say(
            bold("You are a guest here"),
            f", so this shows only what you gave me ({count(read.articles, 'article')})."
            " In a channel I answer from what I read there.",
        )
    if not read.articles:
        known = say(bold("I have read nothing yet"), ", and I know only what I have read.")
    else:
        newest = f", newest {day(read.newest)}" if read.newest else ", all undated"
        articles, sources = count(read.articles, "article"), count(read.sources, "source")
        known = say(bold("I know only what I have read:"), f" {articles} from {sources}{newest}.")
    feeds = count(read.feeds, "feed")
    return say(known, f" {capital(feeds)}{' yet' if not read.feeds else ''}.")


def _top(home: Home) -> list[Payload | None]:
    made = []
    if home.may_feed and not home.read.feeds:
        seeds = button(f"Add {FIRST_REGION} feeds", SEED_FEEDS, {"category": FIRST_REGION})
        made.append(seeds | {"style": "primary"} if seeds else None)
    if home.may_feed:
        made.append(button("Add feeds…", FEEDS, {}))
    if not home.guest:
        made.append(button("Set up a digest…", SET_UP, {}))
    made.append(button("Settings…", SETTINGS, {}))
    if home.admin:
        made.append(button("For everybody…", FOR_ALL, {}))
    return made


def _first_steps() -> list[Payload]:
    made = [
        button(label, f"{BRIEF}:try{n}", {"do": do, "q": words})
        for n, (label, do, words) in enumerate(TRY)
    ]
    return [
        section(say(bold("Try"), " one of these; the answer appears in Messages:")),
        *row(*made, block_id="home_try"),
    ]


def _stories(home: Home, tz: str) -> list[Payload]:
    if not home.stories:
        return []
    rows = (statement(Row("", without_long_link(line)), tz, _QUOTE_WORDS) for line in home.stories)
    return [
        section(text) for text in packed([bold("This week"), *(say("• ", row) for row in rows)])
    ]


def _watches(home: Home, now: datetime, tz: str) -> list[Payload]:
    if home.guest and not home.watches:
        return []  # only members choose what is followed
    if not home.watches:
        steps = (
            "Type `/watch add Qatar` in a channel to follow Qatar there, or in Messages to follow"
            " it yourself."
        )
        return [section(lines(bold("What you follow"), spoken(f"Nothing yet. {steps}")))]
    blocks = [section(bold("What you follow"))]
    blocks += [_watch(one, now, tz) for one in home.watches]
    if home.more_watches:
        more = count(home.more_watches, "more watch", "more watches")
        blocks.append(context([spoken(f"… and {more}: `/watch list` lists them.")]))
    return blocks


def _watch(watch: Watch, now: datetime, tz: str) -> Payload:
    muted = watch.muted_until is not None and now < watch.muted_until
    state = say(", ", italic("paused")) if watch.paused else NOTHING
    if muted and not watch.paused and watch.muted_until is not None:
        state = say(", ", italic(f"muted until {instant(watch.muted_until, now, tz)}"))
    options = [("Stop following", f"remove:{watch.id}")]
    if watch.paused:
        options.insert(0, ("Resume", f"resume:{watch.id}"))
    else:
        options.insert(0, ("Pause", f"pause:{watch.id}"))
        unmute = ("Unmute", f"resume:{watch.id}")
        options.insert(0, unmute if muted else ("Mute 8 hours", f"mute:{watch.id}"))
    topic = bold(trim(in_words(watch.topic), NAME))
    where = _where(watch.place, watch.person)
    text = say(topic, f" (#{watch.id}) ", where, f" — {delivery_in_words(watch)}", state)
    return _with_menu(text, f"{WATCH}:{watch.id}", options)


def _digests(home: Home) -> list[Payload]:
    blocks = [section(bold("Digests"))] if home.digests else []
    return blocks + [_digest(one) for one in home.digests]


def _digest(one: SetUp) -> Payload:
    of = one.digest
    state = italic("paused") if of.paused else say(f"next {due(of.due, of.times.tz)}")
    where = say("For you") if of.place == of.person else say("In ", channel(of.place))
    text = say(where, f": {times_in_words(of.times)}, about ", trim(one.about, 200), " — ", state)
    pause = ("Resume", f"resume:{of.id}") if of.paused else ("Pause", f"pause:{of.id}")
    options = [("Settings…", f"settings:{of.id}"), pause, ("Remove", f"off:{of.id}")]
    return _with_menu(text, f"{DIGEST}:{of.id}", options)


def _active(home: Home) -> list[Payload]:
    if not home.active:
        return []
    head = bold("Most mentioned so far" if home.ever else "Most mentioned this week")
    made = [_actor(n, one) for n, one in enumerate(home.active)]
    caption = "The number of articles that name each, of those you may see. Click one for a brief."
    return [section(head), *row(*made, block_id="home_active"), context([say(caption)])]


def _actor(n: int, one: Active) -> Payload | None:
    name = trim(one_line(one.name), NAME)
    value = {"do": "brief", "q": name, "meant": [[name, one.actor]]}
    label = f"{trim(name, _LABEL)} · {one.articles:,}"
    return button(label, f"{BRIEF}:{n}", value)


def _asked(asked: Sequence[AskedBefore]) -> list[Payload]:
    blocks = [section(bold("Your latest questions"))] if asked else []
    for n, one in enumerate(asked):
        again = button("Ask again", f"{BRIEF}:asked{n}", {"do": one.do, "q": one.query})
        blocks.append(section(say(trim(one_line(one.query), NAME) or "…"), again))
    return blocks


def _feeds(home: Home) -> list[Payload]:
    """Return the state of the feeds, for admins."""
    read = home.read
    if not home.admin or not read.feeds:
        return []
    parts = [count(read.feeds, "feed")]
    parts += [f"{read.failed:,} failing"] if read.failed else ["none failing"]
    parts += [f"{read.paused:,} paused"] if read.paused else []
    texts = [say(bold("Feeds"), f" {', '.join(parts)}.")]
    texts += [
        say("• ", trim(one_line(name), NAME), " — ", trim(fares, 250))
        for name, fares in read.failing
    ]
    if more := read.failed - len(read.failing):
        texts.append(spoken(f"… and {count(more, 'other')}: `dragoman feeds list` shows them."))
    return [section(text) for text in texts]


def _where(place: str, person: str) -> Text:
    return say("for you") if place == person else say("in ", channel(place))


def _with_menu(text: Text, action: str, options: Sequence[tuple[str, str]]) -> Payload:
    made = [{"text": plain(label), "value": value} for label, value in options]
    return section(text, {"type": "overflow", "action_id": action, "options": made})
