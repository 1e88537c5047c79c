"""Redirects, followed by hand: each step is judged like the link that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from yarl import URL

from bot.errors import FetchError
from bot.gather.addresses import Allowed, shown, web_url

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})


@dataclass
class Trail:
    """Where one fetch has been; ``here`` is the link to ask next.

    ``moved_to`` is the end of the permanent redirects that it begins with.
    """

    seen: list[URL]
    most: int
    moved_to: str | None = None
    lasting: bool = True

    @classmethod
    def begin(cls, url: URL, most: int) -> Trail:
        """Start at a link; ``most`` is the number of redirects that are followed."""
        return cls([url], most)

    @property
    def here(self) -> URL:
        """The link to ask next."""
        return self.seen[-1]

    @property
    def host(self) -> str:
        """Its host."""
        return self.here.raw_host or ""

    def follow(self, status: int, location: str, allowed: Allowed) -> None:
        """Take a redirect; raises FetchError where it leads nowhere, in a circle or inside."""
        start = shown(str(self.seen[0]))
        if not location:
            raise _astray(start, "redirects to nowhere")
        try:
            joined = str(self.here.join(URL(location.strip())))
        except (ValueError, IndexError) as error:  # yarl's, of what follows a bracket
            raise _astray(start, "redirects to something that is not a link") from error
        target = web_url(joined, allowed)
        if target in self.seen:
            raise _astray(start, "redirects in a circle; it may want cookies, which are not kept")
        if len(self.seen) > self.most:
            raise _astray(start, f"redirects more than {self.most} times")
        self.lasting = self.lasting and status in _FOR_GOOD
        if self.lasting:
            self.moved_to = str(target)
        self.seen.append(target)


def _astray(start: str, what: str) -> FetchError:
    return FetchError(
        f"{start} {what}: give the address that it is meant to lead to.",
        about=start,
        kind="redirects",
    )
