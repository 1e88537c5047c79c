"""Who may be told what: whose articles somebody is shown where they ask."""

from __future__ import annotations

from bot.models import EVERYWHERE, Asker


def audiences(asker: Asker) -> tuple[str, ...]:
    """Whose articles somebody may be told, in the place where they ask.

    - What a private channel, or a direct message, was given is told there alone, to whoever is
      in it, and never elsewhere: not even to those who gave it.
    - What the whole workspace reads (its feeds, what the command line took in, what public
      channels were given) is told to its members everywhere, and in a channel to everybody in
      it: what is said there all of them see.
    - A guest, or somebody of another workspace, is told what the workspace reads in channels
      only. In their direct messages, on their Home, and by digests and watches of their own,
      which go there, they are told only what they gave themselves.

    A button asks anew for whoever clicks, in the place where they click: another's reply shows
    them no more than their own would.
    """
    if asker.guest and asker.place.startswith("D"):
        return (asker.place,)
    return (EVERYWHERE, asker.place)
