"""Which people introduced by articles are the same, and how one enters the index."""

from __future__ import annotations

from datetime import date

import pytest

from bot.match.provisional import Provisional, as_actor, key_of, settled
from bot.models import ActorType, Introduced, Span

DAY = date(2026, 3, 1)


def introduced(name: str, role: str | None, state: str | None) -> Introduced:
    kind = ActorType.PERSON if role else ActorType.ORGANISATION
    return Introduced(name=name, type=kind, role=role, state=state, spans=(Span(start=0, end=1),))


def met(
    *known: Provisional, name: str, role: str | None, state: str | None, audience: str = "*"
) -> Provisional:
    return settled(
        introduced(name, role, state), known, article=f"a{len(known)}", audience=audience, day=DAY
    )


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        # The same name, and nothing that contradicts.
        (("Ada Ruritan", "envoy", "state:qat"), ("Ada Ruritan", "minister", "state:qat"), True),
        (("Ada Ruritan", "envoy", "state:qat"), ("Ada Ruritan", "lawyer", None), True),
        (("Ada Ruritan", "envoy", None), ("ADA RURITAN", "minister", "state:irn"), True),
        (("Ada B. Ruritan", "envoy", None), ("Ada Ruritan", "envoy", None), True),
        (("Rapid Guard", None, "state:qat"), ("Rapid Guard", None, None), True),
        # The same name of two states, and two names of one state.
        (("Ada Ruritan", "envoy", "state:qat"), ("Ada Ruritan", "envoy", "state:irn"), False),
        (("Ada Ruritan", "envoy", "state:qat"), ("Ida Ruritan", "envoy", "state:qat"), False),
        (("Rapid Guard", None, "state:qat"), ("Rapid Front", None, "state:qat"), False),
        # A surname, and the full name that ends with it.
        (("Ruritan", "army spokesman", "state:qat"), ("Ada Ruritan", "spokesman", "state:qat"), True),
        (("Ada Ruritan", "spokesman", "state:qat"), ("Ruritan", "army spokesman", "state:qat"), True),
        (("Ada Ruritan", "spokesman", "state:qat"), ("Ruritan", "envoy", "state:qat"), False),
        (("Ada Ruritan", "spokesman", "state:qat"), ("Ruritan", "spokesman", "state:irn"), False),
        (("Ada Ruritan", "spokesman", None), ("Ruritan", "spokesman", None), False),
        # A person is no body.
        (("Ada Ruritan", "envoy", None), ("Ada Ruritan", None, None), False),
    ],
)  # fmt: skip
def test_who_is_the_same(
    first: tuple[str, str | None, str | None],
    second: tuple[str, str | None, str | None],
    same: bool,
) -> None:
    one = met(name=first[0], role=first[1], state=first[2])
    other = met(one, name=second[0], role=second[1], state=second[2])
    assert (one.id == other.id) is same


def test_what_is_told_later_is_kept() -> None:
    one = met(name="Ruritan", role="army spokesman", state="state:qat")
    other = met(one, name="Ada Ruritan", role="spokesman", state="state:qat")
    assert (other.name, other.key, other.last) == ("Ada Ruritan", "ada ruritan", "ruritan")
    assert (other.source, other.as_of, other.role) == ("a0", DAY, "army spokesman")
    unknown = met(name="Ida Ruritan", role="envoy", state=None)
    assert met(unknown, name="Ida Ruritan", role="envoy", state="state:irn").state == "state:irn"


def test_two_that_a_surname_may_mean_stay_apart_from_it() -> None:
    ada = met(name="Ada Ruritan", role="spokesman", state="state:qat")
    ida = met(ada, name="Ida Ruritan", role="spokesman", state="state:qat")
    third = met(ada, ida, name="Ruritan", role="spokesman", state="state:qat")
    assert third.id not in (ada.id, ida.id)


def test_a_name_without_a_state_that_two_states_share_is_neither() -> None:
    one = met(name="Ada Ruritan", role="envoy", state="state:qat")
    two = met(one, name="Ada Ruritan", role="envoy", state="state:irn")
    three = met(one, two, name="Ada Ruritan", role="envoy", state=None)
    assert len({one.id, two.id, three.id}) == 3


def test_audiences_stay_apart() -> None:
    one = met(name="Ada Ruritan", role="envoy", state="state:qat")
    assert met(one, name="Ada Ruritan", role="envoy", state="state:qat", audience="C1").id != one.id


@pytest.mark.parametrize(
    ("name", "role", "state", "acts_for", "iso3"),
    [
        ("Ada Ruritan", "deputy foreign minister", "state:irn", "state:irn", "IRN"),
        ("Ada Ruritan", "former foreign minister", "state:irn", None, None),
        ("Ada Ruritan", "footballer", "state:bra", None, None),
        ("Ada Ruritan", "spokesman", "group:hamas", "group:hamas", None),
        ("Ada Ruritan", "envoy", None, None, None),
        ("Ministry of Health", None, "state:irn", "state:irn", "IRN"),
        ("Iranian Chess Federation", None, "state:irn", None, None),
    ],
)
def test_who_acts_for_a_state(
    name: str, role: str | None, state: str | None, acts_for: str | None, iso3: str | None
) -> None:
    actor = as_actor(met(name=name, role=role, state=state), "T1")
    assert (actor.acts_for, actor.iso3) == (acts_for, iso3)
    assert (actor.workspace, actor.name, actor.description) == ("T1", name, role)
    assert actor.aliases == ()


@pytest.mark.parametrize(
    ("name", "key"),
    [("George W. Bush", "george bush"), ("Ólafur Ragnar", "olafur ragnar"), ("A. B.", "a b")],
)
def test_keys(name: str, key: str) -> None:
    assert key_of(name) == key
