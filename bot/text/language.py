"""Detect the language of a text from its words, never from what it claims to be.

Most of what is read is English, and that shows in the commonest words alone, or else in its
small words being in the list of English ones; only what does not show it is put to py3langid
(https://github.com/adbar/py3langid), which takes some 0.8 s to start and 50 MB, and is
therefore not loaded before it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import cast

from bot.text.english import is_common

READ = frozenset({"en"})
"""The languages that facts are read in."""

NAMES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "ku": "Kurdish", "lt": "Lithuanian",
    "lv": "Latvian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_LOOKED_AT = 2_000
"""Characters of a text that its language is detected from."""

_ENOUGH = 90
"""Letters below which no language is detected: names of people and places are in no language."""

_SHORT = 300
"""Letters below which a text with one of these words is taken for nothing but English:
headlines are made of names. Of 113,510 English sentences 2 are mistaken so."""

_ONLY_ENGLISH = frozenset(("the", "and", "of", "with"))

_COMMON = frozenset(
    "the of and to that for with said by from has have it his be are not its after who were"
    " will which their they this but been would could there than about when".split()
)
"""Common words that are English only: *in, was, had, is, on* and *an* are German or Dutch, too."""

_ENGLISH = 0.12
"""The share of them above which a text is English: 99 of 100 news articles have .16 or more."""

_FEW = 6
"""Small words, those without a capital, from which on a text shows by them that it is English,
..."""

_SMALL_SHARE = 0.3
"""... if they are so much of all its words, ..."""

_LISTED = 0.4
"""... and so many are English: of the small words of German, French, Italian, Portuguese and
Indonesian pages, a fifth at most are, of English ones hardly ever less than half."""

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = re.compile(r"(?<![\w'’])[a-zß-ÿ][^\W\d_]*")
_LINK = re.compile(r"https?://\S+")


def language(text: str) -> str | None:
    """Detect the language of a text as ISO 639-1; None if it is too short."""
    head = text[:_LOOKED_AT]
    words = _WORD.findall(head.lower())
    if not words:
        return None
    if sum(word in _COMMON for word in words) > _ENGLISH * len(words):
        return "en"
    letters = sum(map(len, words))
    doubtful = letters < _ENOUGH or not _ONLY_ENGLISH.isdisjoint(words)
    if letters < _SHORT and doubtful and not _of_another_script(words):
        return None
    return "en" if _reads_english(head, len(words)) else str(_identifier()(head)[0])


def is_other(language: str | None) -> bool:
    """Return whether a text was told to be in a language that facts are not read in."""
    return language is not None and language not in READ


def name_of(language: str) -> str:
    """Name a language in English; what is not in the list keeps its code."""
    return NAMES.get(language, language)


def _reads_english(head: str, words: int) -> bool:
    """Whether the small words of a text are English ones, which headlines of names have few of."""
    small = _SMALL.findall(_LINK.sub("", head))
    if len(small) < max(_FEW, _SMALL_SHARE * words):
        return False
    return sum(map(is_common, small)) >= _LISTED * len(small)


def _of_another_script(words: list[str]) -> bool:
    """Whether hardly a word is in Latin letters: then few of them are enough."""
    return sum(word[0] > "\u024f" for word in words) > 0.8 * len(words)


@cache
def _identifier() -> Callable[[str], tuple[str, float]]:
    """What tells the languages above apart: of the 97 that it knows, most are mistakes here."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    known = LanguageIdentifier.from_model_file(MODEL_FILE)
    known.set_languages(list(NAMES))
    # Rebuilt from what is left: it would keep the tables of all 97, which take 28 MB.
    ours = LanguageIdentifier(
        known.nb_ptc,
        known.nb_pc,
        known.nb_classes,
        known.tk_nextmove,
        known.tk_output,
        tk_row=known.tk_row,
    )
    return cast("Callable[[str], tuple[str, float]]", ours.classify)
