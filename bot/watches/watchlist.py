"""The watches of a place: parse ``/watch``, and add, list, mute and remove them. Synchronous."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Literal, NamedTuple

from bot.answer.disambiguation import chosen_actor
from bot.answer.formatting import count
from bot.answer.question import LONGEST, Question
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import Asker, DidYouMean, Match, Topic, Watch
from bot.text.names import normalise
from bot.text.periods import PREFIX, find_period
from bot.watches.topics import NOTHING, in_words, topic_of, topic_of_actors

Verb = Literal["add", "list", "remove", "mute", "pause", "resume", "help"]

_VERBS: dict[str, Verb] = {
    "add": "add", "ad": "add", "follow": "add", "watch": "add",
    "list": "list", "show": "list", "ls": "list",
    "remove": "remove", "delete": "remove", "unfollow": "remove", "stop": "remove",
    "drop": "remove", "rm": "remove",
    "mute": "mute", "silence": "mute", "snooze": "mute",
    "pause": "pause",
    "resume": "resume", "unmute": "resume", "unpause": "resume", "continue": "resume",
    "help": "help", "?": "help",
}  # fmt: skip
_ALIKE = 0.8
"""How alike a misspelt verb must be (``difflib``'s ratio): *remvoe* is, *Romania* is not."""

_SHORTEST = 4
_NUMBERS = {"an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
MOST_SOURCES = 20

_DIGEST = re.compile(
    r"(?<!\S)(?:only\s+)?(?:in|for)\s+(?:the\s+)?digests?(?:\s+only)?(?!\S)"
    r"|(?<!\S)(?:--?|—|–)?digest(?:[\s-]only)?$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?<!\S)(?:(?:from|at\sleast|after|with|when|if)\s+)*(\d{1,3}|two|three|four|five)\s*\+?\s+"
    r"(?:or\smore\s+)?(?:independent\s+)?sources?(?:\s+or\s+more)?(?!\S)",
    re.IGNORECASE,
)
_MINE = re.compile(r"(?<!\S)(?:(?:just\s+)?for\s+me(?:\s+only)?|(?:--?|—|–)me)$", re.IGNORECASE)
_OURS = re.compile(
    r"(?<!\S)(?:for\s+(?:us(?:\s+all)?|everyone|everybody|(?:this|the)\s+channel)"
    r"|in\s+this\s+channel|here)$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?<!\S)(?:for\s+)?(?P<n>\d{1,4}|an?|one|two|three|four|five)"
    r"\s*(?P<unit>h|hrs?|hours?|d|days?|weeks?|w|m|mins?|minutes?)?$",
    re.IGNORECASE,
)
_NUMBERS_ONLY = re.compile(r"(?:#?\d{1,9}(?!\d)|\band\b|[\s,;&])+", re.IGNORECASE)
_WATCH_NUMBER = re.compile(r"(?<!\S)#\d+(?![^\s,;])")
_LISTED = re.compile(r"\d\s*(?:[,;&]|\band)\s*$", re.IGNORECASE)
"""The beginning of a list of numbers, to which one more belongs."""

_QUOTED = re.compile(r"(?<!\S)[\"“”„](?P<phrase>[^\"“”„]*\w[^\"“”„]*)[\"“”](?![\w])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_UNITS["m"] = timedelta(minutes=1)

MUTED = timedelta(hours=8)
"""How long a watch is muted by default."""

LONGEST_MUTE = timedelta(days=30)


def quoted_phrases(text: str) -> tuple[tuple[str, ...], str]:
    """The quoted phrases, which are searched for verbatim, and the rest of the text."""
    phrases = tuple(" ".join(found["phrase"].split()) for found in _QUOTED.finditer(text))
    return phrases, " ".join(_QUOTED.sub(" ", text).split())


class Command(NamedTuple):
    """A verb and what follows it."""

    verb: Verb
    rest: str


class WatchRequest(NamedTuple):
    """What is to be followed, in words, with the options of its alerts.

    ``personal`` is None where the text does not say whether it is for a person or the channel, and
    ``least`` where it does not say how many independent sources to wait for.
    """

    words: str
    least: int | None = None
    digest_only: bool = False
    personal: bool | None = None


def parse_command(text: str) -> Command:
    """Split off the verb; without one, a text is to be followed, and no text asks for help."""
    text = " ".join(text.split())
    first, _, rest = text.partition(" ")
    word = first.casefold()
    if not word:
        return Command("help", "")
    verb = _VERBS.get(word)
    if verb is None and len(word) >= _SHORTEST:
        near = get_close_matches(word, _VERBS, 1, _ALIKE)
        verb = _VERBS[near[0]] if near else None
    return Command(verb, rest) if verb else Command("add", text)


def parse_watch(text: str) -> WatchRequest:
    """Read the options of what is to be followed; raises BadQuery for impossible ones."""
    least: int | None = None
    digest_only, personal = False, None
    while True:
        before = text
        if (found := _MINE.search(text)) is not None:
            personal, text = True, _cut(text, found)
        elif (found := _OURS.search(text)) is not None:
            personal, text = False, _cut(text, found)
        elif (found := _LEAST.search(text)) is not None:
            least, text = _number(found[1]), _cut(text, found)
        elif (found := _DIGEST.search(text)) is not None:
            digest_only, text = True, _cut(text, found)
        if text == before:
            break
    if least is not None and not 1 <= least <= MOST_SOURCES:
        raise BadQuery(f"A watch can wait for 1 to {MOST_SOURCES} independent sources.", about=text)
    return WatchRequest(text.strip(" ,;"), least, digest_only, personal)


def parse_mute(text: str) -> tuple[str, timedelta]:
    """Read which watch is to be muted and how long; raises BadQuery if that is too long.

    A number alone is hours; ``#3`` is a watch, and so is each number in ``#3, 4``.
    """
    found = _FOR.search(text)
    if found is None or (found["n"].casefold() in ("a", "an") and not found["unit"]):
        return text.strip(), MUTED
    before = text[: found.start()]
    if found[0].isdecimal() and _NUMBERS_ONLY.fullmatch(before) and _LISTED.search(before):
        return text.strip(), MUTED
    unit = _UNITS[(found["unit"] or "h")[0].casefold()]
    span = _number(found["n"]) * unit
    if not timedelta(0) < span <= LONGEST_MUTE:
        raise BadQuery(
            f"A watch can be muted for up to {LONGEST_MUTE.days} days: pause it instead.",
            about=text,
        )
    return _cut(text, found).rstrip(" ,;"), span


def watch_numbers(text: str) -> frozenset[int] | None:
    """Read numbers of watches, as in *#1, 2 and 5*; None for a name.

    Raises BadQuery for a number beside a name.
    """
    if _NUMBERS_ONLY.fullmatch(text) and (numbers := re.findall(r"\d+", text)):
        return frozenset(map(int, numbers))
    if _WATCH_NUMBER.search(text):
        raise BadQuery(
            f"“{text}” has a number beside a name: give only numbers, as in #1, #2,"
            " or only a name.",
            about=text,
        )
    return None


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip()


def _number(word: str) -> int:
    return _NUMBERS.get(word.casefold()) or int(word)


MOST = 200
"""The most watches of one place."""

GUEST = "You are a guest here. Ask a member to change what this channel follows."

_ALIKE_TOPIC = 0.7


class Followed(NamedTuple):
    """A watch that was added; ``new`` is False if it existed; ``notes`` are sentences."""

    watch: Watch
    new: bool
    notes: tuple[str, ...] = ()


class Listing(NamedTuple):
    """What a place follows, and what the asker follows on their own."""

    here: list[Watch]
    mine: list[Watch]


class WatchList:
    """The watches of one Slack workspace, ``team``, as an asker may see and change them.

    Every member in a channel may change its watches; personal ones are seen by nobody else. Guests
    may only remove their own, since watches keep sending what guests may not be allowed to see.
    """

    def __init__(self, desk: Desk, team: str) -> None:
        self._desk = desk
        self._team = team

    def follow(
        self, asker: Asker, wish: WatchRequest, meant: Mapping[str, str] | None = None
    ) -> Followed | DidYouMean:
        """Follow what was typed; asks back for an ambiguous name. Raises BadQuery."""
        if not wish.words:
            raise BadQuery(NOTHING, about=wish.words)
        if len(wish.words) > LONGEST:
            raise BadQuery(
                f"What is followed may be at most {LONGEST} characters long: say it in fewer.",
                about=wish.words[:80],
            )
        phrases, words = quoted_phrases(wish.words)
        question = self._asked(asker, words, meant or {}) if words else None
        if question is not None and question.unsure:
            doubted = question.unsure[0]
            return DidYouMean(query=doubted.text, candidates=doubted.matches)
        topic = topic_of(question, self._undated(asker, words) or wish.words, phrases)
        return self._add(asker, topic, wish, _notes(question, topic) if question else ())

    def _undated(self, asker: Asker, words: str) -> str:
        """The words without a period, since a watch has none.

        A date without a preposition that more words follow is part of a name: *October 7 hearings*.
        """
        found = find_period(words, self._desk.library(asker).today)
        if found is None or (
            words[found.end :].strip() and not PREFIX.compiled.match(words, found.start)
        ):
            return words
        return " ".join((words[: found.start] + words[found.end :]).split())

    def _asked(self, asker: Asker, words: str, meant: Mapping[str, str]) -> Question:
        question = self._desk.understood(asker, words)
        for typed, actor in meant.items():
            match = chosen_actor(self._desk.library(asker).actors, typed, actor)
            question = question.taking(typed, match)
        return question

    def follow_these(
        self, asker: Asker, meant: Sequence[tuple[str, str]], wish: WatchRequest
    ) -> Followed:
        """Follow the subjects of a brief, each as typed with its id; raises BadQuery."""
        actors = self._desk.library(asker).actors
        subjects = [chosen_actor(actors, typed, actor) for typed, actor in meant]
        return self._add(asker, topic_of_actors(subjects), wish, ())

    def _add(
        self, asker: Asker, topic: Topic, wish: WatchRequest, notes: tuple[str, ...]
    ) -> Followed:
        if asker.guest:
            raise BadQuery(GUEST, about=asker.person)
        store = self._desk.store.watches
        place = asker.person if wish.personal else asker.place
        if len(store.of(asker.workspace, self._team, place)) >= MOST:
            raise BadQuery(
                f"A channel or a person may have at most {MOST} watches: remove some first.",
                about=place,
            )
        direct = asker.place.startswith("D")
        usual = self._desk.store.preferences.place(self._team, place).least
        watch = Watch(
            workspace=asker.workspace,
            id=0,
            team=self._team,
            place=place,
            room=asker.place if direct or not wish.personal else None,
            person=asker.person,
            typed=wish.words,
            topic=topic,
            least=wish.least or usual,
            digest_only=wish.digest_only,
            tz=asker.tz,
            since=asker.now,
        )
        return Followed(*store.add(watch), notes)

    def listed(self, asker: Asker) -> Listing:
        """The watches of the place, and the personal ones of the asker."""
        of = self._desk.store.watches.of
        mine = of(asker.workspace, self._team, asker.person)
        return Listing(of(asker.workspace, self._team, asker.place), mine)

    def followed_actors(self, asker: Asker, *, alone: bool) -> tuple[Match, ...]:
        """The actors that the place follows; with ``alone``, also those of personal watches."""
        here, mine = self.listed(asker)
        actors = self._desk.actors(asker.workspace)
        found: dict[str, Match] = {}
        for watch in [*mine, *here] if alone else here:
            for actor, name in () if watch.paused else watch.topic.actors:
                if actors.get(actor) is not None:
                    found.setdefault(actor, chosen_actor(actors, name, actor))
        return tuple(found.values())

    def remove(self, asker: Asker, which: str) -> str:
        """Remove watches and say so. Raises BadQuery where it is unclear which."""
        watches = self._which(asker, which, every=False)
        self._desk.store.watches.remove(asker.workspace, _ids(watches))
        return f"No longer followed: {watches_in_words(watches)}."

    def mute(self, asker: Asker, text: str) -> tuple[str, datetime]:
        """Mute the watches that a text names, all without a name, for a while.

        Returns the watches in words, and the end of the muting.
        """
        which, span = parse_mute(text)
        watches = self._which(asker, which)
        until = asker.now + span
        self._desk.store.watches.mute(asker.workspace, _ids(watches), until)
        return watches_in_words(watches), until

    def pause(self, asker: Asker, which: str, *, paused: bool) -> str:
        """Pause or resume the watches that a text names, all without a name; says so."""
        watches = self._which(asker, which)
        self._desk.store.watches.pause(asker.workspace, _ids(watches), paused=paused)
        return f"{'Paused' if paused else 'Followed again'}: {watches_in_words(watches)}."

    def leave_to_digest(self, asker: Asker, which: str) -> str:
        """Send the news of the watches that a text names in the digest only; says so."""
        watches = self._which(asker, which)
        self._desk.store.watches.leave_to_digest(asker.workspace, _ids(watches), digest_only=True)
        return f"From now on in the digest only: {watches_in_words(watches)}."

    def _which(self, asker: Asker, text: str, *, every: bool = True) -> list[Watch]:
        """The watches that a text names: by their numbers only, or by topic or similar words."""
        here, mine = self.listed(asker)
        if asker.guest and not mine:
            raise BadQuery(GUEST, about=asker.person)
        here = [] if asker.guest else here
        watches = here + [one for one in mine if one not in here]
        if not watches:
            raise BadQuery("Nothing is followed here yet: type `/watch add Qatar`.", about=text)
        if text.casefold() in ("all", "everything") or (every and not text):
            return here or mine
        followed = f"Followed are {watches_in_words(watches)}."
        if not text:
            raise BadQuery(f"It is unclear which: give a number or name. {followed}", about="")
        if (numbers := watch_numbers(text)) is not None:
            if missing := sorted(numbers.difference(_ids(watches))):
                unknown = " or ".join(f"#{number}" for number in missing)
                raise BadQuery(f"There is no watch {unknown}. {followed}", about=text)
            return [one for one in watches if one.id in numbers]
        found = self._named(asker, text, watches)
        if len(found) > 1:
            raise BadQuery(
                f"“{text}” fits {len(found)} watches: {watches_in_words(found)}. "
                f"Say which by number, as in #{found[0].id}, #{found[1].id}.",
                about=text,
            )
        if not found:
            raise BadQuery(f"“{text}” is none of them: give a number. {followed}", about=text)
        return found

    def _named(self, asker: Asker, text: str, watches: Sequence[Watch]) -> list[Watch]:
        phrases, words = quoted_phrases(text)
        try:
            question = self._desk.understood(asker, words) if words else None
            topic = topic_of(question, self._undated(asker, words), phrases)
        except BadQuery:
            topic = Topic()
        sought = _parts(topic)
        found = [one for one in watches if sought and sought <= _parts(one.topic)]
        exact = [one for one in found if sought == _parts(one.topic)]
        if exact or found:
            return exact or found
        labels = {normalise(in_words(one.topic)): one for one in watches}
        labels |= {normalise(one.typed): one for one in watches}
        near = get_close_matches(normalise(text), labels, 1, _ALIKE_TOPIC)
        return [labels[key] for key in near]


def _notes(question: Question, topic: Topic) -> tuple[str, ...]:
    """Notes on how a question was understood as a topic."""
    notes = [
        f"You typed “{match.query}”; I understood {match.name}."
        for match in question.subjects
        if match.how in ("typo", "capital")
    ]
    period = question.period
    if period is not None and not any(period.label in phrase for phrase in topic.phrases):
        notes.append("A watch starts now; the dates in it are ignored.")
    return tuple(notes)


def watches_in_words(watches: Sequence[Watch], most: int = 5) -> str:
    """Watches in words, with their numbers."""
    shown = [f"{in_words(one.topic)} (#{one.id})" for one in watches[:most]]
    if more := len(watches) - len(shown):
        shown.append(count(more, "other"))
    return "; ".join(shown)


def changes(before: Sequence[Watch], after: Sequence[Watch]) -> list[tuple[str, list[Watch]]]:
    """Compare the watches of a place: each kind of change in words, with its watches.

    Muted watches are not included, since their times depend on the reader's time zone.
    """
    was = {one.id: one for one in before}
    now = {one.id: one for one in after}
    kept = [(was[key], one) for key, one in now.items() if key in was]
    resumed = [new for old, new in kept if _is_silent(old) and not _is_silent(new)]
    found = [
        ("now followed", [one for key, one in now.items() if key not in was]),
        ("no longer followed", [one for key, one in was.items() if key not in now]),
        ("paused", [new for old, new in kept if new.paused and not old.paused]),
        ("followed again", resumed),
        ("in the digest only", [new for old, new in kept if new.digest_only > old.digest_only]),
        ("sent as new stories come", [n for o, n in kept if n.digest_only < o.digest_only]),
        (
            "sent from another number of sources",
            [new for old, new in kept if new.least != old.least],
        ),
    ]
    return [(words, watches) for words, watches in found if watches]


def muted(before: Sequence[Watch], after: Sequence[Watch]) -> dict[datetime, list[Watch]]:
    """The watches that were muted between two lists, by the end of the muting."""
    was = {one.id: one.muted_until for one in before}
    found: dict[datetime, list[Watch]] = {}
    for one in after:
        if one.muted_until is not None and one.id in was and was[one.id] != one.muted_until:
            found.setdefault(one.muted_until, []).append(one)
    return found


def _is_silent(watch: Watch) -> bool:
    return watch.paused or watch.muted_until is not None


def _ids(watches: Sequence[Watch]) -> list[int]:
    return [one.id for one in watches]


def _parts(topic: Topic) -> set[str]:
    """The parts of a topic (actors, classes, phrases) as a set."""
    phrases = {f"“{normalise(phrase)}”" for phrase in topic.phrases}
    return {actor for actor, _ in topic.actors} | {str(one) for one in topic.classes} | phrases
