"""The build of the state tables: what it reads out of a page, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from seeds import build_states, build_tables
from seeds.build_native import native_names, script_of

QATAR = build_states.State("state:qat", "Qatar", "QAT", "UN member state", "", "rigour")
OMAN = build_states.State("state:omn", "Oman", "OMN", "UN member state", "", "rigour")


def alias(actor: str, text: str, kind: str = "name") -> build_states.StateAlias:
    return build_states.StateAlias(actor, text, kind, "", "hand")


@pytest.mark.parametrize(
    ("noun", "adjective", "found"),
    [
        ("Qatari(s)", "Qatari", {"Qatari", "Qataris"}),
        ("Lebanese (singular and plural)", "Lebanese", {"Lebanese"}),
        ("Turk(s)", "Turkish", {"Turk", "Turks", "Turkish"}),
        ("Kittitian(s), Nevisian(s)", "Kittitian", {"Kittitian", "Kittitians"} | {"Nevisian"}),
        ("none", "none", set()),
    ],
)
def test_demonyms(noun: str, adjective: str, found: set[str]) -> None:
    assert found <= build_states.demonyms({"gec": "xx", "noun": noun, "adj": adjective})
    assert "none" not in build_states.demonyms({"gec": "xx", "noun": noun, "adj": adjective})


@pytest.mark.parametrize("noun", ["Frenchman(men)", "Swati; note - former term"])
def test_irregular_demonyms_are_refused(noun: str) -> None:
    with pytest.raises(build_states.BuildError, match="add it to DEMONYMS"):
        build_states.demonyms({"gec": "xx", "noun": noun, "adj": ""})


@pytest.mark.parametrize(
    "text", ["Gitega (political capital)", "Suva; note", "Chisinau in Romanian"]
)
def test_irregular_capitals_are_refused(text: str) -> None:
    with pytest.raises(build_states.BuildError, match="add it to CAPITALS"):
        build_states.capitals({"cap": text})


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([alias("state:qat", "Oman"), alias("state:omn", "Oman")], "would name"),
        ([alias("state:qat", "Qatar"), alias("state:qat", "Qatar")], "stands twice"),
        ([alias("state:qat", " Qatar")], "not a usable alias"),
        ([alias("state:qat", "")], "not a usable alias"),
        ([alias("state:qat", "Qatar", "nickname")], "not a usable alias"),
        ([alias("state:xyz", "Qatar")], "unknown state"),
    ],
)
def test_check_refuses(
    rows: list[build_states.StateAlias], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_tables, "NEAR_MISSES", {})
    build_states.check([QATAR, OMAN], [alias("state:qat", "Qatar"), alias("state:omn", "Oman")])
    with pytest.raises(build_states.BuildError, match=complaint):
        build_states.check([QATAR, OMAN], rows)


def test_check_refuses_a_near_miss_gone_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_tables, "NEAR_MISSES", {"Oman": {"omn"}})
    build_states.check([QATAR, OMAN], [alias("state:omn", "Oman")])
    with pytest.raises(build_states.BuildError, match="does not name"):
        build_states.check([QATAR, OMAN], [alias("state:qat", "Oman")])


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Катар", "CYRILLIC"),
        ("قطر", "ARABIC"),
        ("卡塔尔", "CJK"),
        ("Qatar", "LATIN"),
        ("Qатар", ""),
    ],
)
def test_script_of(text: str, script: str) -> None:
    assert script_of(text) == script


def test_native_names_are_nobodys_if_two_hold_them() -> None:
    def row(code: str, *names: str) -> dict[str, object]:
        return {
            "code": code, "alpha3": code * 2, "name": code,
            "names_strong": list(names), "names_weak": [],
        }  # fmt: skip

    rows = [row("aa", "Катар", "Гвинея", "Того", "Qatar"), row("bb", "Гвинея", "Оман (страна)")]
    assert native_names(rows) == {"aaaa": [("Катар", "CYRILLIC")]}


def test_missing_input_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"territories\.jsonl"):
        build_states.build_states(tmp_path)
