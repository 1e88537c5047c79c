"""The benchmark of feeds, on a handful of made-up ones."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tests.bench import feeds
from tests.bench.common import MissingData

GOOD = b"<rss version='2.0'><channel><item><title>a</title></item><item/></channel></rss>"
ODD = GOOD.replace(b"a<", b"&#99999999;<")


def test_feeds_are_read_both_ways(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / feeds.ARCHIVE, "w:gz") as packed:
        for name, data in (("x/good.xml", GOOD), ("x/odd.xml", ODD), ("x/LICENSE", b"none")):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    result = feeds.run(tmp_path)
    assert (result["feeds"], result["crashes"], result["bare_crashes"]) == (2, 0, 1)
    assert (result["bare_entries"], result["entries"], result["missing"]) == (2, 4, 0)


def test_without_the_archive_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="give the folder"):
        feeds.run(tmp_path)
