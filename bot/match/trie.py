"""Find all stored aliases in running text in one pass: a trie over words.

The trie has words, not letters, so that a name never matches inside another word. Between the words
of an alias there may be blanks, one line break, a hyphen, an apostrophe or a full stop (*U.S.*,
*Guinea-Bissau*, *Côte d’Ivoire*). The longest alias wins. Case matters: a name needs its capitals,
an acronym all of them (from four letters on also *Nato*), so that *turkey*, *polish*, *us* and
*who* stay ordinary words; the common words of a title may be in lower case (*the emir of Qatar*).
Headlines all in capitals match like any other. In scripts without spaces (Chinese, Japanese, Thai),
only names set apart by punctuation are found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.models import Actor, ActorType, Alias, AliasKind
from bot.text.english import is_common
from bot.text.names import FILLERS, HONORIFICS, latin, to_ascii, unify

# Vowel signs of Arabic and of Indic scripts are not \w, yet part of the word.
_W = r"[\w\u0300-\u036f\u064b-\u0670\u0900-\u0e7f]"
_WORD = re.compile(rf"{_W}+")
_NEXT = re.compile(rf"(?:[ \t\u00a0]*\r?\n?[ \t\u00a0]*|[-‐‑–.'’]|\. )({_W}+)")
_TORN = re.compile(r"['’](?!(?:s|d|m|t|re|ve|ll)(?!\w))[a-z]")
"""Letters after an apostrophe belong to the same word: *Xi'an* is not Xi."""

_END = ""
_LONG_ACRONYM = 4
_FOLDS = 100_000

_FREE, _CAPITAL, _CAPITALS = 0, 1, 2
_PARTICLES = FILLERS | {"el", "ibn", "d", "du", "des", "da", "do", "van", "von", "e", "y"}


@dataclass(frozen=True, slots=True)
class Named:
    """An alias in the trie; ``needs`` says which capitals each word must have."""

    actor: str
    alias: str
    kind: AliasKind
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of text that is an alias of one or more actors."""

    start: int
    end: int
    named: tuple[Named, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """Return the ids of the actors, each once, in the order of the index."""
        if len(self.named) == 1:
            return (self.named[0].actor,)
        return tuple(dict.fromkeys(named.actor for named in self.named))


class Trie:
    """Every stored alias of a fixed list of actors."""

    def __init__(self, actors: Sequence[Actor]) -> None:
        self._root: dict[str, Any] = {}
        self._folds: dict[str, str] = {}
        small: set[str] = set()
        for actor in actors:
            office = actor.type is ActorType.OFFICE
            name = Alias(text=actor.name, kind=AliasKind.OFFICE if office else AliasKind.NAME)
            for alias in (name, *actor.aliases):
                if (first := self._add(actor.id, alias)) is not None:
                    small.add(first)
        # Only words that begin with a capital, or in a script without capitals, can begin a name;
        # skipping all others makes the scan fast.
        heads = "|".join(sorted(map(re.escape, small)))
        heads = f"|(?:{heads})(?!\\w)" if heads else ""
        self._starts = re.compile(rf"(?<!\w)(?:[^\W\d_a-z]{_W}*{heads})")

    def _add(self, actor: str, alias: Alias) -> str | None:
        """Store an alias; return its first word if that may be in lower case."""
        words = _WORD.findall(alias.text)
        if len(words) > 1 and words[0].lower() == "the":
            words = words[1:]
        if not words or _misleading(alias, words) or _bare_title(words):
            return None
        needs = tuple(_need(word, alias, inner=number > 0) for number, word in enumerate(words))
        if len(words) == 1 and needs[0] == _FREE and words[0].upper() != words[0].lower():
            needs = (_CAPITAL,)
        node = self._root
        for word in words:
            node = node.setdefault(self._fold(word), {})
        named = Named(actor, alias.text, alias.kind, needs)
        ends: list[Named] = node.setdefault(_END, [])
        if all(other.actor != actor or other.needs != needs for other in ends):
            ends.append(named)
        return words[0].lower() if needs[0] == _FREE and words[0].isascii() else None

    def _fold(self, word: str) -> str:
        if word.isascii():
            return word.lower()
        known = self._folds.get(word)
        if known is None:
            known = _folded(word)
            if len(self._folds) < _FOLDS:
                self._folds[word] = known
        return known

    def begins(self, word: str) -> bool:
        """Whether any alias begins with this word, in any case."""
        return self._fold(word) in self._root

    def scan(self, text: str) -> list[Hit]:
        """Find all aliases in running text, by its capitals; in order, without overlap."""
        hits: list[Hit] = []
        done = 0
        root, fold = self._root, self._fold
        for start in self._starts.finditer(text):
            begin = start.start()
            if begin < done:
                continue
            word = start[0]
            node = root.get(word.lower() if word.isascii() else fold(word))
            if node is None:
                continue
            hit = self._longest(text, begin, start.end(), word, node, cased=True)
            if hit is not None:
                hits.append(hit)
                done = hit.end
        return hits

    def scan_typed(self, text: str) -> list[Hit]:
        """Find all aliases in a typed question, where capitals are often left out.

        An alias that is a common English word (*US*, *WHO*, *Malé*) still needs its capitals.
        """
        hits: list[Hit] = []
        done = 0
        for start in _WORD.finditer(text):
            if start.start() < done:
                continue
            word = start[0]
            node = self._root.get(self._fold(word))
            if node is None:
                continue
            hit = self._longest(text, start.start(), start.end(), word, node, cased=False)
            if hit is not None:
                hits.append(hit)
                done = hit.end
        return hits

    def _longest(
        self, text: str, begin: int, end: int, word: str, node: dict[str, Any], *, cased: bool
    ) -> Hit | None:
        words = [word]
        best: Hit | None = None
        while True:
            ends = node.get(_END)
            if ends is not None and _TORN.match(text, end) is None:
                fit = tuple(named for named in ends if _fits(named, words, cased=cased))
                if fit:
                    best = Hit(begin, _with_stop(text, end, fit[0].alias), fit)
                if len(node) == 1:
                    return best
            following = _NEXT.match(text, end)
            if following is None:
                return best
            node = node.get(self._fold(following[1]), _NOTHING)
            if node is _NOTHING:
                return best
            end = following.end()
            words.append(following[1])


_NOTHING: dict[str, Any] = {}


def _folded(word: str) -> str:
    """Fold case and accents of Latin words, case and variant letters of others: words in different
    scripts never match."""
    if latin(word):
        return "".join(c for c in to_ascii(word).lower() if c.isalnum()) or word
    return unify(word).lower()


def _misleading(alias: Alias, words: Sequence[str]) -> bool:
    """Whether a foreign name is an English word: *Island* is German for Iceland."""
    return (
        len(words) == 1
        and alias.lang not in (None, "en")
        and words[0].isascii()
        and is_common(words[0].lower())
    )


def _bare_title(words: Sequence[str]) -> bool:
    """Whether an alias is only a title: *Emir* alone does not say of which state."""
    return all(word.lower() in HONORIFICS or word.lower() in FILLERS for word in words)


def _need(word: str, alias: Alias, *, inner: bool) -> int:
    low = word.lower()
    if word.upper() == low or low in _PARTICLES:
        return _FREE
    if alias.kind is AliasKind.OFFICE and (is_common(low) or low in HONORIFICS):
        return _FREE
    if word.isupper() and len(word) > 1:
        return _CAPITALS
    # A curated nickname may contain lower-case words: "UN nuclear watchdog", "Kata'ib Hezbollah".
    return _FREE if word[0].islower() and (inner or is_common(low)) else _CAPITAL


def _fits(named: Named, words: Sequence[str], *, cased: bool) -> bool:
    if not cased and not (len(words) == 1 and is_common(words[0].lower())):
        return True
    for need, word in zip(named.needs, words, strict=True):
        if need == _FREE or word.isupper():
            continue
        if not word[0].isupper():
            return False
        if need == _CAPITALS and len(word) < _LONG_ACRONYM:
            return False
    return True


def _with_stop(text: str, end: int, alias: str) -> int:
    """Include the final full stop of an alias written with one, such as *U.S.*."""
    return end + 1 if alias.endswith(".") and text[end : end + 1] == "." else end
