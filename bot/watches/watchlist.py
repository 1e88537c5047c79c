"""The watches of a place: add, list, mute and remove them. Synchronous, as the desk is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple

from bot.answer.disambiguation import chosen_actor
from bot.answer.formatting import count
from bot.answer.question import LONGEST, Question
from bot.desk import Desk
from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.models import Asker, DidYouMean, Match, Topic, Watch
from bot.text.names import normalise
from bot.text.periods import PREFIX, find_period
from bot.watches.commands import WatchRequest, parse_mute, quoted_phrases, watch_numbers
from bot.watches.topics import NOTHING, in_words, topic_of, topic_of_actors

MOST = 200
"""The most watches of one place."""

GUEST = "You are a guest here. Ask a member to change what this channel follows."

_ALIKE = 0.7


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
                if _known(actors, actor):
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
        near = get_close_matches(normalise(text), labels, 1, _ALIKE)
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


def _known(actors: ActorIndex, actor: str) -> bool:
    return actors.get(actor) is not None


def _parts(topic: Topic) -> set[str]:
    """The parts of a topic (actors, classes, phrases) as a set."""
    phrases = {f"“{normalise(phrase)}”" for phrase in topic.phrases}
    return {actor for actor, _ in topic.actors} | {str(one) for one in topic.classes} | phrases
