"""A digest as one message, for a phone, and the form that sets it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.answer.formatting import capital, count, day
from bot.digests.schedule import WORDS, times_in_words
from bot.models import Digest, DigestIssue, DigestStory, Line, Outgoing, Status
from handlers.blocks import limits
from handlers.blocks.forms import modal, radio, select, text_line, time_zone
from handlers.blocks.layout import (
    Payload,
    Row,
    attribution,
    button,
    context,
    message,
    named,
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
    code,
    fitted,
    italic,
    joined,
    lines,
    link,
    one_line,
    say,
    spoken,
    trim,
)

# --- the message -------------------------------------------------------------------------


SETTINGS, PAUSE = "digest_settings", "digest_pause"
"""The actions under a digest; each carries whether the digest is somebody's own."""

STORIES_QUOTED = 3
_QUOTE_WORDS = 18
_HEADLINE = 140
_PARAGRAPH = limits.SECTION_TEXT - 600  # the reason is shown below
_LABEL = 100
_FEEDS = 5
_ELSEWHERE = "Elsewhere"


def render_digest(item: Outgoing) -> Payload:
    """Lay out a digest of the outbox."""
    issue = DigestIssue.model_validate(item.content)
    return digest_message(issue, mine=item.place == item.owner)


def digest_message(issue: DigestIssue, *, mine: bool = False) -> Payload:
    """Lay out a digest; stories that do not fit a message are counted, the last ones first."""
    for shown in range(len(issue.stories), -1, -1):
        payload = _built(issue, shown, mine)
        if not limits.problems(payload):
            return payload
    return _built(issue.model_copy(update={"planned": ()}), 0, mine)


def headline(issue: DigestIssue) -> str:
    """Make the headline of a digest: ``12 stories, 3 changed``, or that nothing is new."""
    if not issue.total:
        return "Nothing new"
    words = capital(count(issue.total, "story", "stories"))
    return f"{words}, {issue.changed} changed" if issue.changed else words


def instant(at: datetime, tz: str) -> str:
    """Return a time in a zone: ``24 Nov 2026 08:00``."""
    local = at.astimezone(ZoneInfo(tz))
    return f"{day(local.date())} {local:%H:%M}"


def _built(issue: DigestIssue, shown: int, mine: bool) -> Payload:
    about = fitted(trim(issue.label, _LABEL), 2 * _LABEL)
    since = f"since {instant(issue.since, issue.tz)}"
    if not issue.total:
        head = say("Nothing new about ", about, f" {since}.")
    else:
        head = say(bold(headline(issue)), " about ", about, f", {since}")
    stories = issue.stories[:shown]
    blocks = [section(say(italic("Preview, not sent:"), " ", head) if issue.preview else head)]
    blocks += [section(_quoted(one, issue.tz)) for one in stories[:STORIES_QUOTED]]
    blocks += [section(text) for text in _listed(stories[STORIES_QUOTED:])]
    if planned := _planned(issue.planned, issue.tz):
        blocks.append(section(planned))
    if notes := _notes(issue, shown):
        blocks.append(context(notes))
    if not issue.preview:
        carried = {"mine": mine}
        blocks += row(button("Settings", SETTINGS, carried), button("Pause", PAUSE, carried))
    return message(_fallback(issue, head, stories), blocks)


def _quoted(story: DigestStory, tz: str) -> Text:
    """Return a headline, what changed, one quote with its source, and why it is included."""
    line = without_long_link(story.line)
    text = _headline(story)
    if " ".join(line.snippet.quote.split()) != story.headline:
        source = statement(Row("", line), tz, _QUOTE_WORDS)
    else:
        source = say(attribution(line.snippet, tz), ", ", _sources(story))
    # A source too long for a paragraph cannot be trimmed, so its quote goes with it.
    fits = len(text) + len(source) < _PARAGRAPH
    text = lines(text, source) if fits else say(text, " · ", _sources(story))
    if not story.follows:
        return text
    because = say("Because ", named(story.follows), " is followed: ", named(story.why))
    return lines(text, italic(because))


def _listed(stories: Sequence[DigestStory]) -> list[Text]:
    """Return a line each, under the actors they are about; in pieces that fit a section."""
    done: list[Text] = []
    for about in dict.fromkeys(one.about for one in stories):
        rows = (
            say("• ", _headline(story, strong=False), " · ", _sources(story))
            for story in stories
            if story.about == about
        )
        done += packed([bold(named(about or _ELSEWHERE)), *rows])
    return done


def _headline(story: DigestStory, *, strong: bool = True) -> Text:
    words = link(without_long_link(story.line).snippet.url, trim(story.headline, _HEADLINE))
    shown = bold(words) if strong else words
    if not story.change:
        return shown
    return say(shown, " — ", italic(say(f"{story.change}: ", named(story.news))))


def _sources(story: DigestStory) -> str:
    return count(story.sources, "source") if story.sources > 1 else "one source"


def _planned(planned: Sequence[Line], tz: str) -> Text:
    rows = [Row("", without_long_link(line), implied=Status.PLANNED) for line in planned]
    plans = [statement(row, tz, 12) for row in rows]
    most = limits.SECTION_TEXT // max(len(plans), 1) - 20
    short = [say("• ", one) for one in plans if len(one) < most]
    return lines(bold("Planned today"), *short) if short else NOTHING


def _notes(issue: DigestIssue, shown: int) -> list[Text]:
    notes = []
    if more := issue.total - shown:
        stories = capital(count(more, "more story", "more stories"))
        notes.append(say(f"{stories}: ", code("/brief"), " shows them."))
    if issue.feeds:
        names = joined(", ", (fitted(trim(name, 60), 120) for name in issue.feeds[:_FEEDS]))
        rest = len(issue.feeds) - _FEEDS
        others = f" and {count(rest, 'other')}" if rest > 0 else ""
        verb = "Failing feed" if len(issue.feeds) == 1 else "Failing feeds"
        notes.append(say(f"{verb}: ", names, f"{others}."))
    notes.append(say("Sent ", named(issue.times), "."))
    return notes


def _fallback(issue: DigestIssue, head: Text, stories: Sequence[DigestStory]) -> Text:
    if not stories:
        return head
    first = trim(stories[0].headline, _HEADLINE)
    return say(f"{headline(issue)}: ", first, f" ({_sources(stories[0])})")


# --- the form ----------------------------------------------------------------------------


CALLBACK = "digest"
WHERE, OFTEN, DAY, AT, ZONE, WHO, QUIET, HUSH = (
    "where", "often", "day", "at", "zone", "who", "quiet", "hush",
)  # fmt: skip
"""The inputs of the form; each is its own block and action."""

HERE, MINE = "here", "mine"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SILENCE = {"line": "Send one line that says so", "silent": "Send nothing"}
_PREVIEWED = 8  # blocks of a preview: a form is no place to read

USAGE = lines(
    "A digest sums up what is new at set times, about what is followed here or, if nothing is,"
    " about everything:",
    spoken("• `/digest` opens a form with a preview"),
    spoken(
        "• `/digest daily at 8:00` · `/digest weekdays 8:30 Europe/Paris` · "
        "`/digest weekly on Monday at 9` · `/digest twice a day at 8:00 and 18:00`; "
        "add `for me` to get it yourself"
    ),
    spoken(
        "• `/digest now` · `/digest preview` · `/digest pause` · `/digest resume` · "
        "`/digest list` · `/digest off`"
    ),
)


def digest_usage() -> Payload:
    """Show how to set a digest up."""
    return message(USAGE, [section(USAGE)])


def digest_form(
    of: Digest, preview: DigestIssue | None, kept: Mapping[str, Any], *, mine: bool
) -> Payload:
    """Make the modal with a digest's settings; ``kept`` comes back with the submission.

    ``mine`` is set if only the asker's own can be meant, in direct messages.
    """
    blocks = [] if mine else [_audience_input(of)]
    times = of.times
    at = " and ".join(f"{one:%H:%M}" for one in times.at)
    quiet_hours = f"{of.hush.begin:%H:%M} to {of.hush.end:%H:%M}" if of.hush else ""
    blocks += [
        select(OFTEN, "How often", [(v, k) for k, v in _often().items()], times.often),
        text_line(AT, "At", at, "For example 8:00; for twice a day, 8:00 and 18:00."),
        select(
            DAY,
            "Day (if weekly)",
            [(d, str(n)) for n, d in enumerate(_DAYS)],
            str(times.weekday),
        ),
        time_zone(ZONE, "Time zone", times.tz),
        text_line(
            WHO,
            "Also about",
            one_line(", ".join(name for _, name in of.actors)),
            "Names, separated by commas. If nothing is named or followed, it is about everything.",
            optional=True,
        ),
        radio(QUIET, "If nothing is new", [(v, k) for k, v in _SILENCE.items()], of.quiet),
        text_line(
            HUSH,
            "Quiet hours",
            quiet_hours,
            "For example 22:00 to 7:00. Alerts wait until they end, and then come together.",
            optional=True,
        ),
    ]
    if preview is not None:
        blocks += [{"type": "divider"}, *digest_message(preview)["blocks"][:_PREVIEWED]]
    return modal(CALLBACK, "Digest", "Save", blocks, kept)


def was_set(of: Digest, about: str, preview: DigestIssue, *, new: bool) -> Payload:
    """Say when a digest is sent from now on, and preview it."""
    who = "You" if of.personal else "This channel"
    verb = "get" if of.personal else "gets"
    which = "a digest" if new else "the digest, as changed,"
    when = bold(times_in_words(of.times))
    due = f"; next {instant(of.due, of.times.tz)}."
    text = say(f"{who} now {verb} {which} ", when, ", about ", fitted(about, 300), due)
    shown = digest_message(preview)["blocks"][:_PREVIEWED]
    whole = message(text, [section(text), {"type": "divider"}, *shown])
    return message(text, [section(text)]) if limits.problems(whole) else whole


def digest_listing(digests: Sequence[tuple[Digest, str]], now: datetime) -> Payload:
    """List digests, each with what it is about and when it comes next."""
    if not digests:
        text = spoken("No digest is set up here. Type `/digest`, or `/digest daily at 8:00`.")
        return message(text, [section(text)])
    listed = []
    for of, about in digests:
        where = "For you" if of.personal else "Here"
        then = "paused" if of.paused else f"next {instant(of.due, of.times.tz)}"
        late = " (due now)" if not of.paused and of.due <= now else ""
        when = f"• {where}: {times_in_words(of.times)}, about "
        listed.append(say(when, fitted(about, 300), f" — {then}{late}"))
    text = lines(*listed)
    return message(text, [section(text)])


def _often() -> dict[str, str]:
    return {key: words[:1].upper() + words[1:] for key, words in WORDS.items()}


def _audience_input(of: Digest) -> Payload:
    options = [("This channel", HERE), ("Only me, in direct messages", MINE)]
    return radio(WHERE, "Who gets it", options, MINE if of.personal else HERE)
