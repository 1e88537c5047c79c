"""Text from outside is text on every surface: no builder of a message lets it ping, link,
steer, break a block or a limit.

Each builder is given the same hostile text in every field that others may write, and a builder
that is given none fails ``test_every_builder_is_given_hostile_text``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from types import CodeType, FrameType
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.answer.export import ExportedFact
from bot.answer.timeline import Timeline
from bot.gather.records import Rejected
from bot.models import (
    ActorType,
    Alert,
    Alerted,
    DidYouMean,
    Digest,
    DigestIssue,
    DigestStory,
    Learnt,
    Line,
    Match,
    Nothing,
    Outgoing,
    Period,
    PersonPreferences,
    PlacePreferences,
    Reason,
    Related,
    Reply,
    Times,
    Topic,
    Turn,
    Verdict,
    Watch,
    WorkspacePreferences,
)
from bot.watches.watchlist import Followed, Listing
from handlers import blocks
from handlers.blocks import curation, digest, forms, notes, watch
from handlers.blocks.buttons import leading_on
from handlers.blocks.correction import correction_message, marked_corrected
from handlers.blocks.digest import digest_message
from handlers.blocks.home import failed_view, home_view
from handlers.blocks.layout import Payload
from handlers.blocks.native import native_form, plain_form, samples
from handlers.blocks.notes import (
    asked_by,
    choose_actor,
    did_you_mean,
    for_guest,
    instead,
    learnt_message,
    nothing,
    sentence,
)
from handlers.blocks.reply import (
    answer_message,
    brief_message,
    export_message,
    reply_message,
    sources_message,
    timeline_message,
)
from handlers.blocks.text import fitted
from handlers.blocks.watch import alert_message
from handlers.outbox import RENDER
from tests.payloads import POWER, broken, spoken
from tests.replies import NOW, answer, brief, line, match
from tests.test_blocks_correction import correction, part
from tests.test_blocks_home import fullest
from tests.workspace import Call

STEERING = re.compile("[\u202a-\u202e\u2066\u2067]")
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
LINK = re.compile(r"<(?:https?://[^<>|\s]+\|[^<>|]*|#C[A-Z0-9]+)>")
ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")

PARTS = (
    "<!channel>", "<!here>", "<!everyone|x>", "<!subteam^S1>", "<!date^0^{date}^https://a.org|x>",
    "<@U0YOU>", "<@U1|you>", "<#C1>", "<https://example.org/a|b|c>", "|", ">", "<", "&", "&lt;",
    "&lt;!channel&gt;", "&amp;lt;", "*", "_", "~", "`", "```", "> quote", "\n", "\r\n", "\t",
    "\u202e", "\u202d", "\u2066", "\u2067", "\u2068", "\u2069", "\u200b", "\u2063", "\u200f", "\u2028",
    ":smile:", ":flag-qa:", "@here", "#general", "[a](b)", "\x00", "\x1b[31m", "\ufeff", "ẍ̂̂̂", "👩‍👩‍👧", "قطر",
    "卡塔尔", "a" * 90, "word " * 30, "“", "”", '"', "\\", "{}", "%s", "http://example.org", "Qatar",
)  # fmt: skip
LONG = ("x" * 40_040, "<!channel> " * 1_100, "&" * 12_000, "*_~`" * 3_000, "قطر " * 3_000)
"""The first is beyond what a message holds, as it stands; all are beyond what its blocks hold."""

BLANK = ("", " ", "\n", "\x00", "\u202e\u2069")

URLS = (
    "https://example.org/a|b>c", "https://example.org/<!channel>", "javascript:alert(1)", "http://",
    "https://example.org/" + "a" * 2_960, "https://example.org/" + "é" * 900, "https://[::1", "mailto:a@b.c",
    "https://example.org/\u202ecod.exe", "https://example.org/a b\nc", "https://example.org/?a=1&b=`*_~",
)  # fmt: skip

hostile = st.lists(st.sampled_from(PARTS) | st.text(max_size=8), min_size=1, max_size=12).map(
    "".join
)


def said(text: str, url: str | None = None, **more: Any) -> Line:
    """A line of which everything is hostile."""
    names: dict[str, Any] = {"actor": text, "act": "met", "target": text, "claimant": text}
    names |= {"heading": text}
    article = {"title": text, "publisher": text, "original_source": text, "url": url}
    return line(text or "x", **(names | article | more))


def named(text: str) -> Match:
    whole = match(kind=ActorType.PERSON)
    return whole.model_copy(update={"name": text, "query": text, "alias": text, "why": text})


def many(text: str, url: str | None) -> list[Line]:
    quotes = [said(f"{n} {text} {n}", url, sources=2) for n in range(12)]
    return [one.model_copy(update={"happening": str(n)}) for n, one in enumerate(quotes)]


def briefs(text: str, url: str | None) -> Iterator[Payload]:
    lines = many(text, url)
    beside = [Related(actor=text, name=text, type=ActorType.PERSON, why=text) for _ in range(3)]
    found = brief(
        query=text,
        subjects=(named(text), named(f"{text}.")),
        topic=text,
        members=(text,) * 3,
        period=Period(start=NOW.date(), label=text),
        in_short=(lines[0],),
        disputed=tuple(lines[1:3]),
        planned=tuple(lines[3:5]),
        happened=tuple(lines[5:8]),
        undated=tuple(lines[9:10]),
        more=tuple(lines[10:]),
        related=tuple(beside),
        gaps=(text,),
        reference=(text,),
        notes=(text,),
    )
    for whole in (False, True):
        shown = brief_message(found, whole=whole)
        yield shown
        yield leading_on(shown, {"do": "brief", "q": text, "meant": []})
        yield instead(shown, "C1", text)
        yield curation.corrected(f"“{text}” is a name of {text} now.", 1, shown)
    yield sources_message(text, lines)
    facts = [line.model_copy(update={"fact": f"a.{n}"}) for n, line in enumerate(lines)]
    yield curation.facts_message(facts)
    yield curation.marked_wrong(f"Marked wrong (who): {text}.", 1)


def answers(text: str, url: str | None) -> Iterator[Payload]:
    lines = tuple(many(text, url))
    who = (named(text),)
    when = Period(start=NOW.date(), label=text)
    more: dict[str, Any] = {"query": text, "subjects": who, "period": when, "notes": (text,)}
    yield answer_message(answer(lines=lines, nearest=who, asked=text, **more))
    first = lines[0].snippet
    told = first.model_copy(update={"quote": f"{text} {text} it said.", "answer": (0, len(text))})
    marked = (lines[0].model_copy(update={"snippet": told}), *lines[1:])
    for whole in (False, True):
        yield answer_message(answer(lines=marked, **more), whole=whole)
    yield answer_message(answer(lines=lines, asked="new", **more), whole=True)
    yield answer_message(answer(lines=marked, lacking=text, verdict=text, **more))
    yield answer_message(answer(lines=(), answered=False, nearest=who, **more))
    for do in ("brief", "ask"):
        found = Nothing(nearest=(*who, *who), near=lines[:3], asked=text, **more)
        yield nothing(found, do=do)
        yield nothing(found.model_copy(update={"lacking": text}), do=do)
        yield nothing(found.model_copy(update={"near": ()}), do=do)
        yield did_you_mean(DidYouMean(query=text, candidates=who * 3), do=do)


def files(text: str, url: str | None) -> Iterator[Payload]:
    values: dict[str, Any] = dict.fromkeys(ExportedFact.model_fields, text)
    values |= {"date": "2026-04-01", "precision": "day", "revision": 1, "start": 0, "end": 1}
    fact = ExportedFact(**(values | {"url": url or "", "sources": 2}))
    yield export_message(f"I sent facts of {text}.", [fact, fact.model_copy(update={"date": ""})])
    drawn = Timeline(text, "day", (NOW.date(),), (1,), (2,), (3,), tuple(many(text, url)[:3]), 1)
    yield timeline_message(drawn)


def alerts(text: str, url: str | None) -> Iterator[Payload]:
    reasons = tuple(Reason(watch=n, follows=text, why=text, least=2) for n in range(5))
    stories = [
        Alerted(story=text, headline=text, line=one, articles=1, sources=2, reasons=reasons)
        for one in many(text, url)
    ]
    for told in (stories[:1], stories[:3], stories):
        yield alert_message(Alert(personal=False, tz="UTC", stories=tuple(told), more=1))


def issue(text: str, url: str | None, **more: Any) -> DigestIssue:
    stories = tuple(
        DigestStory(
            story=text,
            headline=text,
            line=one,
            articles=1,
            sources=1,
            about=text,
            follows=text,
            why=text,
            change="updated",
            news=text,
        )
        for one in many(text, url)
    )
    whole: dict[str, Any] = {"digest": 1, "label": text, "times": text, "tz": "UTC", "since": NOW}
    whole |= {"due": NOW, "total": 20, "stories": stories, "planned": (said(text, url),) * 3}
    return DigestIssue.model_validate(whole | {"feeds": (text,) * 9} | more)


def digests(text: str, url: str | None) -> Iterator[Payload]:
    preview = issue(text, url, preview=True)
    yield digest_message(issue(text, url))
    yield digest_message(preview)
    yield digest_message(issue(text, url, total=0, stories=(), planned=()))
    at = datetime(2026, 4, 1, tzinfo=UTC)
    whole: dict[str, Any] = {"workspace": "w", "id": 1, "team": "T", "place": "C1", "person": "U1"}
    whole |= {"times": Times(at=(time(8),)), "actors": ((text, text),) * 9, "since": at, "due": at}
    of = Digest.model_validate(whole)
    yield digest.digest_form(of, preview, {"place": "C1"}, mine=False)
    yield digest.was_set(of, text, preview, new=True)
    yield digest.digest_listing([(of, text)] * 2, at)


def watches(text: str, _url: str | None) -> Iterator[Payload]:
    topic = Topic(actors=((text, text),) * 3, phrases=(text,) * 2)
    whole: dict[str, Any] = {"workspace": "w", "id": 1, "team": "T", "place": "C1", "person": "U1"}
    one = Watch.model_validate(whole | {"typed": text, "topic": topic, "since": NOW})
    yield watch.followed(Followed(one, True, (text, text)), {"text": text, "meant": []})
    yield watch.choose_topic(
        DidYouMean(query=text, candidates=(named(text),) * 3), text, {text: text}
    )
    yield watch.watch_listing(Listing([one] * 60, [one] * 60), NOW, "UTC", direct=False)
    yield sentence(watch.announced(text, [], [one], NOW, "UTC"))


def choices(text: str, _url: str | None) -> Iterator[Payload]:
    for n in (1, 2):
        meant = [(text, named(text)), (f"{text}.", named(text))][:n]
        others = [named(text).model_copy(update={"actor": f"person:{n}"}) for n in range(12)]
        yield curation.actor_form(meant, others, {"q": "x"})
    yield choose_actor([(f"{text}{n}", text) for n in range(7)])


def short(text: str, url: str | None) -> Iterator[Payload]:
    yield sentence(f"I know nobody called {text}.")
    yield sentence(f"I know nobody called {text}.", "C1")
    outgoing: dict[str, Any] = {"workspace": "w", "key": "k", "kind": "notice", "place": "U1"}
    said = {"content": {"said": f"The feed {text} has failed."}, "due_at": NOW}
    notice = RENDER["notice"](Outgoing.model_validate(outgoing | said))
    assert notice is not None
    yield notice
    learnt = Learnt(article=text, title=text, url=url, publisher=text, facts=2, copy_of=text)
    learnt = learnt.model_copy(update={"actors": (text,) * 6, "language": "en"})
    refused = Rejected(origin=text, reason=text)
    yield learnt_message([learnt] * 10, [refused] * 10, notes=[text, text], tz="UTC")


def homes(text: str, _url: str | None) -> Iterator[Payload]:
    asked = fullest(text).model_copy(update={"watches": (), "digests": (), "asked": ()})
    yield home_view(asked, NOW, "UTC", "D1")
    yield home_view(fullest(text), NOW, "UTC", "D1", fitted(f"“{text}” is there no more.", 500))


def corrections(text: str, url: str | None) -> Iterator[Payload]:
    for turn in get_args(Turn):
        parts = [part(turn, said(text, url), told=text or "x", who=text, act=text)] * 6
        yield correction_message(correction(*parts[:1]))
        several = correction(*parts, query=text, asked_in="C0WORLD")
        yield correction_message(several)
        noted = marked_corrected(several, correction_message(correction(*parts[:1])), NOW.date())
        assert noted is not None
        yield noted


def feedbacks(text: str, _url: str | None) -> Iterator[Payload]:
    for verdict in get_args(Verdict):
        yield curation.comment_form(text[:900], verdict, text[:900], {})
        yield curation.thanks(verdict, None, text[:100])
        yield curation.thanks(verdict, "up", text[:100])


def settings_forms(text: str, _url: str | None) -> Iterator[Payload]:
    today, kept = NOW.date(), {"place": "C1"}
    yield forms.person_form(PersonPreferences(tz="Asia/Qatar"), today, kept)
    yield forms.channel_form(PlacePreferences(tz="Asia/Qatar"), today, "C1", kept)
    yield forms.workspace_form(WorkspacePreferences(people=("U1",)), kept)
    yield forms.feeds_form([(f"{text[:50]}{n}", n) for n in range(3)], kept)


def replies(text: str, url: str | None) -> Iterator[Payload]:
    """Replies as any surface asks for them, and as a guest is told them."""
    lines = tuple(many(text, url))
    asked: tuple[Reply, ...] = (
        brief(query=text, in_short=(lines[0],)),
        answer(query=text, lines=lines),
        Nothing(query=text, near=lines[:1]),
        DidYouMean(query=text, candidates=(named(text),)),
    )
    for one in asked:
        yield for_guest(reply_message(one, do="ask"))
        shared = asked_by(reply_message(one, do="ask"), text)
        yield from (native_form(shared), plain_form(shared))


def outgoing(text: str, url: str | None) -> Iterator[Payload]:
    """What the outbox sends."""
    reason = Reason(watch=1, follows=text, why=text, least=2)
    story = Alerted(
        story=text, headline=text, line=said(text, url), articles=1, sources=1, reasons=(reason,)
    )
    told = Alert(personal=True, tz="UTC", stories=(story,), more=0)
    corrected = correction(part("edited", said(text, url), told=text or "x"))
    sent: dict[str, BaseModel] = {
        "alert": told,
        "digest": issue(text, url),
        "correction": corrected,
    }
    shared: dict[str, Any] = {"workspace": "w", "key": "k", "place": "U1", "due_at": NOW}
    for kind, render in RENDER.items():
        if kind not in sent:
            continue
        item = {"kind": kind, "content": sent[kind].model_dump(mode="json")}
        payload = render(Outgoing.model_validate(shared | item))
        assert payload is not None
        yield payload


def still(text: str, _url: str | None) -> Iterator[Payload]:
    """What is said whatever was asked."""
    yield from (notes.usage(), watch.watch_usage(), digest.digest_usage())
    yield {"text": "x", "blocks": samples()}
    yield failed_view(fitted(text, 500) or fitted("x", 9), "D1")


BUILDERS: tuple[Callable[[str, str | None], Iterator[Payload]], ...] = (
    briefs, answers, files, alerts, digests, watches, choices, short, homes, corrections, feedbacks,
    settings_forms, replies, outgoing, still,
)  # fmt: skip


def harmless(payload: Payload) -> None:
    for form in (native_form(payload), plain_form(payload)):
        _harmless(form)


def _harmless(payload: Payload) -> None:
    method = {"modal": "views.open", "home": "views.publish"}.get(payload.get("type", ""), "")
    args: dict[str, Any] = {**payload, "channel": "C1"}
    if method:
        who = "trigger_id" if method == "views.open" else "user_id"
        args = {"view": payload, who: "1"}
    assert broken(Call(method or "chat.postMessage", args)) == []
    json.dumps(payload, ensure_ascii=False).encode()
    for text in spoken(args):
        assert not POWER.search(text), text[:500]
        left = LINK.sub("", text)
        assert not set(left) & set("<>"), text[:500]
        assert not ENTITY.search(text), text[:500]
        assert text.count("\u2068") == text.count("\u2069"), text[:500]
    for text in strings(payload):
        assert not STEERING.search(text), text[:500]
        assert not UNSEEN.search(text), text[:500]


SHOWN = ("text", "initial_value", "alt_text", "caption", "title", "name", "label")


def strings(node: object) -> Iterator[str]:
    """Every text that somebody reads: of blocks, buttons, inputs, and beside them."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in SHOWN and isinstance(value, str):
                yield value
            yield from strings(value)
    elif isinstance(node, list):
        for child in node:
            yield from strings(child)


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
@settings(max_examples=12, deadline=None)
@given(text=hostile, url=st.sampled_from(URLS) | st.none())
def test_text_of_others_is_text(
    build: Callable[[str, str | None], Iterator[Payload]], text: str, url: str | None
) -> None:
    for payload in build(text, url):
        harmless(payload)


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("text", [*LONG, *BLANK, "".join(PARTS), " ".join(reversed(PARTS))])
def test_long_blank_and_all_together(
    build: Callable[[str, str | None], Iterator[Payload]], text: str
) -> None:
    for payload in build(text, URLS[len(text) % len(URLS)]):
        harmless(payload)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb <!here>"])
def test_half_a_surrogate_pair_is_dropped(text: str) -> None:
    harmless(sentence(f"I know nobody called {text}."))


def makers() -> dict[CodeType, str]:
    """Every function of ``handlers.blocks`` that makes blocks or a ``Text``, by its code."""
    found: dict[CodeType, str] = {}
    for info in pkgutil.iter_modules(blocks.__path__, "handlers.blocks."):
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            made = str(function.__annotations__.get("return", ""))
            if function.__module__ == info.name and re.search(r"\b(?:Payload|Text)\b", made):
                found[function.__code__] = f"{info.name}.{name}"
    return found


def test_every_builder_is_given_hostile_text() -> None:
    """A builder that is new is in none of ``BUILDERS`` and fails here until it is."""
    called: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for build in BUILDERS:
            for text, url in (("<!channel> *x* Desk", URLS[0]), ("<!here> " * 2_000, URLS[4])):
                list(build(text, url))
    finally:
        sys.setprofile(before)
    missed = {name for made, name in makers().items() if made not in called}
    assert len(makers()) > 100
    assert not missed
