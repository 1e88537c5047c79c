"""The bench of growth: which sizes it takes, what it tells in its table."""

from __future__ import annotations

import argparse

import pytest

from tests.bench.scale import sizes, stores, table


def test_sizes_and_stores_are_read() -> None:
    assert sizes("1m,10k,100K,10k") == (10_000, 100_000, 1_000_000)
    assert stores("postgresql,sqlite") == ("postgresql", "sqlite")


@pytest.mark.parametrize("text", ["", "k", "0", "2m", "150k", "-1k", "many", "10k,", "²k"])
def test_sizes_that_cannot_be_made_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        sizes(text)


def test_stores_that_are_none_are_refused() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="sqlite and postgresql"):
        stores("sqlite,other")


def _row(size: int, ms: float) -> dict[str, object]:
    latency = {
        f"{kind}_{heat}_{unit}": [ms, 2 * ms]
        for kind in ("ask", "brief")
        for heat in ("cold", "warm")
        for unit in ("ms", "cpu_ms")
    }
    sized = {"memory_mb": 200.0, "store_mb": 1234.5, "index_mb": 80.0, "add_per_second": None}
    return {"store": "sqlite", "size": size, "articles": size, **latency, **sized}


def test_the_table_has_a_row_a_store_and_the_growth_below() -> None:
    told = table([_row(100_000, 20.0), _row(1_000_000, 30.0)], load=0.5).splitlines()
    assert told[2] == (
        "| sqlite | 100,000 | – | – | – | 20 / 40 | 20 / 40 | 20 / 40 | 20 / 40"
        " | 200 | – | 1,234 | 80 |"
    )
    assert told[5] == (
        "growth, sqlite: ask ms 1.50 / 1.50, ask cpu_ms 1.50 / 1.50,"
        " brief ms 1.50 / 1.50, brief cpu_ms 1.50 / 1.50"
    )
    assert told[6] == "load average: 0.5"
