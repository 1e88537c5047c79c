"""The language of a text, from its words."""

from __future__ import annotations

import pytest

from bot.text.language import language, name_of


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The minister of the country said on Monday that it was ready for the talks.", "en"),
        ("Envoys met.", None),
        ("Angela Merkel, Emmanuel Macron, Volodymyr Zelensky", None),
        ("", None),
        ("12 : 30 – 14 : 00", None),
        (
            "Der Minister sagte am Montag, dass die Delegation in der kommenden Woche in die"
            " Hauptstadt reisen werde, um dort über das Abkommen zu sprechen.",
            "de",
        ),
        (
            "Le ministre a déclaré lundi que la délégation se rendrait la semaine prochaine dans"
            " la capitale pour y discuter de l'accord.",
            "fr",
        ),
        ("قال الوزير يوم الاثنين إن الوفد سيزور العاصمة", "ar"),
        ("Министр сообщил в понедельник, что делегация прибудет в столицу", "ru"),
        ("部长周一表示代表团将访问首都", "zh"),
        # Without the commonest words, its small ones tell.
        (
            "Engineers in Ruritania repair bridges near Strelsau, while heavy rain floods villages"
            " along rivers across northern provinces, killing twelve.",
            "en",
        ),
        (
            "In Hentzau war man in der Stadt nicht sicher, wie viele Menschen bei dem Unfall zu"
            " Schaden gekommen waren; die Polizei will am Montag mehr sagen.",
            "de",
        ),
        # A quote in another language, and names, do not make English anything else.
        (
            "The minister of the country said of it: “¡No pasarán!”, and that the delegation"
            " of the Partido Nacional was to be in the capital by the end of the week.",
            "en",
        ),
    ],
)
def test_language(text: str, told: str | None) -> None:
    assert language(text) == told


def test_languages_are_named_in_english() -> None:
    assert name_of("ar") == "Arabic"
    assert name_of("xx") == "xx"
