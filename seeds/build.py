"""Build the actor tables: ``python -m seeds.build PATH [--to FOLDER] [--hold-back N FILE]``.

PATH is a folder that holds the data sets named in each table's head, in the folders
``rigour``, ``factbook``, ``current-events``, ``phoenix-actors`` and ``ofac``. The tables go
to ``seeds/actors/``. The build first reads the YAML tables there, which are entered by hand, and
skips what they define. The same input gives the same bytes.

``--hold-back N FILE`` leaves out the holders of N states' offices, chosen by ``--seed``, and
writes them to FILE as ``dragoman actors import`` reads them. It needs ``--to``, another folder,
which then holds a whole set of tables without them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from seeds import build_tables as by_hand
from seeds.build_more import Known, office_tables
from seeds.build_named import named_tables
from seeds.build_offices import curated_entries
from seeds.build_states import BuildError, States, build_states

HERE = Path(__file__).parent / "actors"


def known_of(made: States) -> Known:
    """Return what the other tables need to know about the states."""
    owners: dict[tuple[str, bool], set[str]] = {}
    native: dict[str, set[str]] = {}
    for row in made.aliases:
        iso3 = row.actor.removeprefix("state:")
        if row.lang == "en" and row.kind in ("name", "acronym", "demonym"):
            owners.setdefault((row.text, row.kind == "demonym"), set()).add(iso3)
        elif row.kind == "name":
            native.setdefault(iso3, set()).add(row.text)
    single = {key: next(iter(who)) for key, who in owners.items() if len(who) == 1}
    return Known(
        names={state.iso3.lower(): state.name for state in made.states},
        adjectives={iso3: adjective(iso3, page["adj"]) for iso3, page in made.pages.items()},
        native=native,
        states={text: iso3 for (text, people), iso3 in single.items() if not people},
        peoples={text: iso3 for (text, people), iso3 in single.items() if people},
        codes={page["gec"]: iso3 for iso3, page in made.pages.items()},
        pages=made.pages,
        seen=made.seen,
    )


def adjective(iso3: str, text: str | None) -> str:
    """Return the adjective before an office: the first demonym by hand, else the factbook's."""
    if iso3 in by_hand.DEMONYMS:
        return next(iter(by_hand.DEMONYMS[iso3]), "")
    first = (text or "").split(",")[0].split(" or ")[0].split("(")[0].split(";")[0].strip()
    return "" if first == "none" else first


def main() -> None:
    """Write the tables and print how many rows they have."""
    parser = argparse.ArgumentParser(
        prog="python -m seeds.build", description="Build the actor tables."
    )
    parser.add_argument("path", type=Path, help="the folder of the data sets")
    parser.add_argument("--to", type=Path, default=HERE, help="where the tables go")
    parser.add_argument("--hold-back", nargs=2, metavar=("N", "FILE"), default=("0", ""))
    parser.add_argument("--seed", type=int, default=0, help="which states are held back")
    options = parser.parse_args()
    number, file = int(options.hold_back[0]), options.hold_back[1]
    if number and options.to.resolve() == HERE.resolve():
        parser.error("--hold-back needs --to FOLDER: the project's own tables stay whole")
    try:
        made = build_states(options.path)
        known = known_of(made)
        tables, held, left_out = office_tables(options.path, HERE, known, number, options.seed)
        tables = made.tables() | tables
        tables |= named_tables(options.path, known, curated_entries(HERE), tables, held)
    except (BuildError, OSError) as error:
        sys.exit(f"nothing written: {error}")
    write(options.to, tables)
    if number:
        Path(file).write_text(held, "utf-8")
    for reason, count in left_out.most_common():
        print(f"{count:6} office-holders left out: {reason}")
    for name, text in sorted(tables.items()):
        print(f"{sum(not line.startswith('#') for line in text.splitlines()) - 1:6} rows {name}")


def write(folder: Path, tables: dict[str, str]) -> None:
    """Write the tables; into another folder than ours, those made by hand as well."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / name).write_text(text, "utf-8")
    if folder.resolve() != HERE.resolve():
        for path in HERE.glob("*.yaml"):
            shutil.copyfile(path, folder / path.name)


if __name__ == "__main__":
    main()
