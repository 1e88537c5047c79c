"""What is worked out where an article is read is what the store would work out itself."""

from __future__ import annotations

from bot.models import Reading
from bot.read.copies import sketch
from bot.read.pool import compared
from bot.read.terms import terms_of, unpack

LONG = " ".join(f"word{n} of the town" for n in range(200))


def test_compared_is_what_the_store_would_work_out() -> None:
    for title, text in (("", ""), ("A title", "Envoys met in the town of Lamu."), ("", LONG)):
        found = compared(title, text)
        assert unpack(found.terms) == terms_of(title, text)
        assert (frozenset(found.hashes), found.words) == sketch(text)


def test_compared_survives_the_way_from_a_worker() -> None:
    reading = Reading(reader_version="1", gazetteer_version="1", compared=compared("A", LONG))
    assert Reading.model_validate_json(reading.model_dump_json()) == reading
