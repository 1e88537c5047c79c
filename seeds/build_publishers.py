"""Build the table of publishers by domain: ``python -m seeds.build_publishers``.

Made from ``seeds/feeds.opml``, which names feeds and their sites, and a few rows entered by
hand. ``BBC News, Middle East`` at ``www.bbc.co.uk`` gives ``bbc.co.uk,BBC News``. A site that
is a public suffix (``gov.uk``) belongs to many publishers and gets no row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tld import get_tld

from bot.gather.feeds import Listed, read_opml
from bot.gather.links import host_of

FEEDS = Path(__file__).parent / "feeds.opml"
TABLE = Path(__file__).parent / "publishers.csv"

BY_HAND = {
    "aa.com.tr": "Anadolu",
    "abc.net.au": "ABC News (Australia)",
    "afp.com": "AFP",
    "apnews.com": "AP",
    "bbc.com": "BBC News",
    "bloomberg.com": "Bloomberg",
    "cnn.com": "CNN",
    "nbcnews.com": "NBC News",
    "reuters.com": "Reuters",
    "upi.com": "UPI",
    "wsj.com": "The Wall Street Journal",
    "xinhuanet.com": "Xinhua",
    "yna.co.kr": "Yonhap",
}
"""Sites without their own feed in the list, agencies under the name that others credit, and sites
whose feed's title would mislead."""

_EDITION = re.compile(r",.*|\s(?:in\s)?English$|\sInternational$")
_LANGUAGE = re.compile(r"^(?:en|e|english)\.(?=[^.]+\.[^.]+)")
_HEAD = """\
# Names of publishers by the domain of their sites.
# From seeds/feeds.opml (addresses that the publishers make known), and a few by hand.
# Made by seeds/build_publishers.py.
"""


def table(feeds: Iterable[Listed]) -> str:
    """Make the table; raises ValueError if one site has two names, or two sites one."""
    names: dict[str, str] = {}
    for feed in feeds:
        host = _LANGUAGE.sub("", host_of(feed.site or "") or "")
        if not host or is_suffix(host):
            continue
        name = _EDITION.sub("", feed.title)
        if host in BY_HAND:
            continue
        if names.setdefault(host, name) != name:
            raise ValueError(f"{host} is both {names[host]} and {name}: settle it in BY_HAND.")
    if shared := [name for name, often in Counter(names.values()).items() if often > 1]:
        raise ValueError(f"Several sites are called {', '.join(shared)}: settle it in BY_HAND.")
    names |= BY_HAND
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\n")
    rows.writerow(["domain", "name"])
    rows.writerows(sorted(names.items()))
    return _HEAD + made.getvalue()


def is_suffix(host: str) -> bool:
    """Return whether anybody may register a name below a host."""
    return get_tld(f"https://name.{host}", fail_silently=True) == host


def main() -> None:
    """Write the table and print how many domains it has."""
    read = read_opml(FEEDS.read_bytes(), about=FEEDS.name)
    made = table(one for one in read if isinstance(one, Listed))
    TABLE.write_text(made, "utf-8")
    print(f"{len(made.splitlines()) - 4} domains in {TABLE.name}")


if __name__ == "__main__":
    main()
