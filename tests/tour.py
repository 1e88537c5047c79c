"""The recorded tour: the pictures of the README, taken in the local workspace.

    python -m tests.tour deploy/images
    python -m tests.tour FOLDER --all

starts ``dragoman demo`` on a free port, uses its page in a headless Chromium as a person would,
and writes a picture of each stop. ``make tour`` does it in an environment of its own. Needs the
extra ``[tour]`` and a Chromium or Chrome that is on the PATH, or that CHROMIUM names. Where
AXE names the file ``axe.min.js`` of axe-core, each stop is checked for accessibility, and the tour
fails with the barriers found. With ``--all`` it also visits the surfaces that the README does not
show, and takes each picture three times: light, dark and on a phone.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDE, PHONE = {"width": 1180, "height": 860}, {"width": 390, "height": 844}
MOST = 150_000
"""Bytes that a picture may have."""

COLOURS = 256
ANSWER = 60_000
"""Milliseconds that an answer may take."""

Page = Any
"""A page of playwright, which carries its types only where the extra is installed."""

Found = Any
"""A locator of playwright."""


class Look(NamedTuple):
    """A window size and a colour scheme in which a picture is taken."""

    name: str
    view: dict[str, int]
    scheme: str


LOOKS = (Look("light", WIDE, "light"), Look("dark", WIDE, "dark"), Look("phone", PHONE, "light"))

LAST = "#messages > li:last-child"
"""The last message on the page."""

NEWEST = """() => [...document.querySelectorAll("#messages li")]
    .reduce((newest, one) => one.dataset.ts > newest ? one.dataset.ts : newest, "")"""
"""The time of the newest message on the page."""

HOLDS = """([words, after]) => [...document.querySelectorAll("#messages li.bot")]
    .some(one => one.dataset.ts > after && one.innerText.includes(words))"""
"""Whether a message of the bot, later than a time, holds words."""

TALLER = """part => {
    const scroll = document.querySelector("#scroll");
    return part.offsetHeight + window.innerHeight - scroll.clientHeight + 24;
}"""
"""The height of a window that shows the whole of a part."""


BARRIERS = """async () => (await axe.run()).violations.flatMap(
    one => one.nodes.map(node => `${one.id}: ${node.target.join(" ")} (${one.help})`)
)"""


def axe_here() -> str:
    """The script of axe-core that AXE names, empty without; raises Missing if it is not there."""
    named = os.environ.get("AXE")
    if not named:
        return ""
    try:
        return Path(named).read_text(encoding="utf-8")
    except OSError as error:
        raise Missing(
            f"{named} cannot be read ({error.strerror}): npm install axe-core puts it into"
            " node_modules/axe-core/axe.min.js."
        ) from error


class Missing(Exception):
    """What the tour needs is not there; the message says what to do."""


def browser_here() -> str:
    """Where the browser is; raises Missing."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else BROWSERS:
        if found := shutil.which(name):
            return found
    raise Missing(
        f"There is no {named or 'Chromium'} here: install Chromium or Chrome (Debian: "
        "apt-get install chromium), or say where one is: make tour CHROMIUM=chrome."
    )


@contextlib.contextmanager
def demo(dragoman: str) -> Iterator[str]:
    """Run the demo; yields the address of its page."""
    with subprocess.Popen(
        [dragoman, "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TZ": "Europe/Berlin", "PYTHONUNBUFFERED": "1"},
    ) as running:
        try:
            assert running.stdout is not None
            line = running.stdout.readline()
            if "http://" not in line:
                raise Missing(
                    f"dragoman demo did not start: {line.strip() or 'it printed nothing'}"
                )
            yield line.partition(" is at ")[2].split()[0]
        finally:
            running.terminate()


class Tour:
    """One visit: types, clicks, waits for answers and takes pictures."""

    def __init__(
        self, page: Page, url: str, folder: Path, axe: str = "", looks: tuple[Look, ...] = ()
    ) -> None:
        self.page = page
        self.url = url
        self.folder = folder
        self.axe = axe
        self.looks = looks

    def go(self, channel: str, **query: str) -> None:
        """Open a channel or a tab."""
        more = "".join(f"&{key}={value}" for key, value in query.items())
        self.page.goto(f"{self.url}/?channel={channel}{more}")

    def type(self, words: str) -> None:
        """Type words and send them."""
        self.page.fill("#write-text", words)
        self.page.press("#write-text", "Enter")

    def until(self, words: str, after: str = "") -> None:
        """Wait until a message later than the one with the time ``after`` holds words."""
        try:
            self.page.wait_for_function(HOLDS, arg=[words, after], timeout=ANSWER)
        except Exception as error:
            if type(error).__name__ != "TimeoutError":
                raise
            shown = self.page.locator("#messages li").all_inner_texts()
            raise Missing(f"“{words}” did not come. Last on the page: {shown[-3:]}") from error

    def ask(self, words: str, answer: str) -> None:
        """Type, and wait for a new answer that holds ``answer``."""
        before = str(self.page.evaluate(NEWEST))
        self.type(words)
        self.until(answer, before)

    def press(self, label: str, inside: str = LAST) -> None:
        """Click the last button with this label; opens the menu that it is in."""
        exact = re.compile(f"^{re.escape(label)}$")
        found = self.page.locator(f"{inside} button").filter(has_text=exact).last
        found.wait_for(state="attached", timeout=ANSWER)
        if not found.is_visible():
            self.page.locator(f"{inside} .menu > summary").last.click()
        found.click()

    def close(self) -> None:
        """Close the form that is open, if one is."""
        if self.page.locator("#view[open]").count():
            self.page.locator("#view [data-close]").click()
            self.page.locator("#view:not([open])").wait_for(state="attached", timeout=ANSWER)

    def picture(self, name: str, height: int | None = None, part: str = LAST) -> None:
        """Write what is on the screen; ``height`` crops it, ``part`` is what is taken in all looks.

        A part that is higher than the window gets a higher window.
        """
        if not self.looks:
            self.take(name, height)
        for look in self.looks:
            self.page.emulate_media(color_scheme=look.scheme)
            self.page.set_viewport_size(look.view)
            shown = self.page.locator(part).last
            taller = max(look.view["height"], shown.evaluate(TALLER))
            self.page.set_viewport_size({**look.view, "height": taller})
            shown.evaluate("part => part.scrollIntoView({block: 'end'})")
            self.take(f"{name}-{look.name}")
        if self.looks:
            self.page.set_viewport_size(WIDE)

    def take(self, name: str, height: int | None = None) -> None:
        """Write what is on the screen in few colours; ``height`` crops it."""
        if height is not None:
            self.page.set_viewport_size({**WIDE, "height": height})
            self.page.evaluate(
                "document.querySelector('#messages li:last-child')?.scrollIntoView()"
            )
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(300)  # fonts and a dialog's backdrop settle
        self.check_barriers(name)
        shot = Image.open(io.BytesIO(self.page.screenshot()))
        few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        path = self.folder / f"{name}.png"
        few.save(path, optimize=True)
        if height is not None:
            self.page.set_viewport_size(WIDE)
        size = path.stat().st_size
        print(f"{path}: {shot.width} x {shot.height}, {size // 1000} kB")
        if size > MOST and not self.looks:
            raise Missing(f"{path} has {size} bytes; at most {MOST}: show less in it.")

    def check_barriers(self, name: str) -> None:
        """Run axe on what is on the screen; raises Missing with the barriers that it finds."""
        if not self.axe:
            return
        self.page.evaluate(self.axe)
        if found := self.page.evaluate(BARRIERS):
            raise Missing(f"axe finds at the stop {name}: " + "; ".join(found))
        print(f"{name}: axe finds nothing")


def a_brief(tour: Tour) -> None:
    """A brief, asked for with a typo."""
    tour.go("C0WORLD")
    tour.ask("/brief Quatar", "What happened")
    tour.picture("brief")


def a_choice(tour: Tour) -> None:
    """A name that two actors share."""
    tour.go("C0QUIET")
    tour.ask("/brief Korea", "Which one do you mean")
    tour.picture("choice", 430)


def a_thread(tour: Tour) -> None:
    """A question in a channel, its answer in the thread, and one that leads on."""
    tour.go("C0QUIET")
    tour.ask("@Dragoman when will the Emir of Qatar visit Tehran?", "planned to visit")
    tour.page.locator("#messages li.reply [data-thread]").last.click()
    tour.type("who said so?")
    tour.page.locator("#messages li.bot.reply").nth(1).wait_for(timeout=ANSWER)
    tour.picture("thread", 800)


def an_alert(tour: Tour) -> None:
    """Something that is followed happens."""
    tour.go("C0GULF")
    tour.ask("/watch add Qatar", "Qatar")
    transit = article(
        "Qatar and Oman sign a transit agreement",
        "Qatar and Oman signed a transit agreement in Muscat. Qatar's foreign ministry said the two"
        " would meet again in Doha next month.",
    )
    tour.page.set_input_files("#file", transit)
    tour.until("this channel follows")
    tour.picture("alert", 690)


def article(title: str, text: str, publisher: str = "Example Courier") -> dict[str, Any]:
    """A file with an event of our own invention, of today, at a publisher that does not exist."""
    head = f"title: {title}\npublisher: {publisher}\ndate: {datetime.now(UTC).date()}"
    content = f"---\n{head}\n---\n\n{text}\n"
    return {"name": "news.md", "mimeType": "text/markdown", "buffer": content.encode()}


def a_digest(tour: Tour) -> None:
    """The next morning; an event that was in an alert does not come again."""
    tour.go("C0GULF")
    tour.page.locator("#messages button", has_text="Digest only").last.click()
    tour.until("digest")
    ferry = article(
        "Qatar and Kuwait open a ferry line",
        "Qatar and Kuwait agreed to open a ferry line. Kuwait's transport minister visited Doha for"
        " the signing.",
    )
    tour.page.set_input_files("#file", ferry)
    tour.until("Qatar and Kuwait")
    tour.ask("/digest daily at 8:00", "This channel now gets a digest")
    tour.type("/clock")
    posted = tour.page.locator("#messages li:not(.ephemeral)", has_text="One story about Qatar")
    posted.last.wait_for(timeout=ANSWER)
    tour.picture("digest", 520)


def a_correction(tour: Tour) -> None:
    """A source is distrusted, and the alert that quotes it is corrected."""
    tour.go("C0GULF", **{"as": "U0ADA"})
    tour.ask("@Dragoman distrust Example Courier", "No longer counted")
    tour.picture("correction", 520)


def a_home(tour: Tour) -> None:
    """Home of somebody who follows something."""
    tour.go("D0DRAGOMAN", tab="home")
    tour.page.locator("#home form").wait_for(timeout=ANSWER)
    tour.picture("home", 680, part="#home")


STOPS: dict[str, Callable[[Tour], None]] = {
    "brief": a_brief,
    "choice": a_choice,
    "thread": a_thread,
    "alert": an_alert,
    "digest": a_digest,
    "home": a_home,
    "correction": a_correction,
}
"""In this order: the digest needs the button under the alert."""


def on_a_phone(tour: Tour) -> None:
    """The brief once more, in the dark."""
    tour.go("C0WORLD")
    tour.ask("/brief iran russia", "What happened")
    tour.picture("phone")


def parts_of_a_brief(tour: Tour) -> None:
    """The rest of a brief, its parts open, and its menu."""
    tour.go("C0WORLD")
    tour.ask("/brief iran russia", "What happened")
    tour.press("More")
    tour.page.locator(f"{LAST} details.b-container").first.wait_for(timeout=ANSWER)
    tour.picture("more")
    closed = tour.page.locator(f"{LAST} details.b-container:not([open]) > summary")
    while closed.count():
        closed.first.click()
    tour.picture("more-open")


def a_menu(tour: Tour) -> None:
    """The menu under a brief."""
    tour.go("C0WORLD")
    tour.ask("/brief iran russia", "What happened")
    tour.page.locator(f"{LAST} .menu > summary").click()
    tour.picture("menu", part=f"{LAST} .menu-items")


def tables(tour: Tour) -> None:
    """The sources of a brief and its facts as tables, the sources sorted by publisher."""
    tour.go("D0DRAGOMAN")
    tour.ask("brief Qatar", "What happened")
    a_table(tour, "Sources").get_by_role("button", name="Source").click()
    tour.picture("sources")
    tour.ask("brief Iran", "What happened")
    tour.press("Export")
    facts = "#messages > li:has(.b-table caption:text-is('Facts'))"
    tour.page.locator(facts).last.wait_for(timeout=ANSWER)
    tour.picture("facts", part=facts)


def whats_new(tour: Tour) -> None:
    """The stories since a day, as a table."""
    tour.go("D0DRAGOMAN")
    tour.ask("What is new since 1 January 2026?", "the most important stored stories")
    a_table(tour, "More")
    tour.picture("stories")


def a_table(tour: Tour, label: str) -> Found:
    """The table that a button opens."""
    tour.press(label)
    table = tour.page.locator(f"{LAST} .b-table")
    table.wait_for(timeout=ANSWER)
    return table


def a_chart(tour: Tour) -> None:
    """The timeline of a brief."""
    tour.go("C0WORLD")
    tour.ask("/brief Qatar", "What happened")
    tour.press("Timeline")
    tour.page.locator(f"{LAST} .b-chart").first.wait_for(timeout=ANSWER)
    tour.picture("timeline")


def feedback(tour: Tour) -> None:
    """A thumb down, the thanks for it and the form for a comment."""
    tour.go("C0WORLD")
    tour.ask("/brief Qatar", "What happened")
    tour.press("👎")
    tour.page.locator(LAST, has_text="Add a comment").wait_for(timeout=ANSWER)
    tour.picture("feedback")
    tour.press("Add a comment")
    a_form(tour, "comment")


def a_form(tour: Tour, name: str) -> None:
    """A form that opens, and closes after its picture."""
    tour.page.locator("#view[open] form").wait_for(timeout=ANSWER)
    tour.picture(name, part="#view")
    tour.close()


def forms(tour: Tour) -> None:
    """The forms of a digest, a wrong actor and a wrong fact, and those that an admin opens."""
    tour.go("C0GULF", **{"as": "U0ADA"})
    tour.type("/digest")
    a_form(tour, "form-digest")
    tour.type("/brief settings")
    a_form(tour, "form-channel")
    tour.go("D0ADA", tab="home", **{"as": "U0ADA"})
    tour.page.locator("#home form").wait_for(timeout=ANSWER)
    tour.picture("home-admin", part="#home")
    for label in ("Add feeds…", "Settings…", "For everybody…"):
        tour.press(label, "#home")
        a_form(tour, f"form-{re.sub(r'[^a-z]+', '-', label.lower()).strip('-')}")


def follows(tour: Tour) -> None:
    """What a channel follows, and the answer to a new watch."""
    tour.go("C0WORLD")
    tour.ask("/watch add Iran sanctions", "Iran")
    tour.picture("watch-add")
    tour.ask("/watch list", "Iran")
    tour.picture("watch-list")


def a_panel(tour: Tour) -> None:
    """The suggested prompts, and a brief on what is in view beside the panel."""
    tour.go("C0GULF")
    tour.go("D0DRAGOMAN")
    tour.page.locator(".hint > summary").click()
    prompt = tour.page.locator("#tries button", has_text="Brief me on what I see")
    prompt.wait_for(timeout=ANSWER)
    tour.picture("panel", part=".hint")
    before = str(tour.page.evaluate(NEWEST))
    prompt.click()
    tour.until("", before)
    tour.picture("panel-brief")


def objects(tour: Tour) -> None:
    """The cards of an actor, of an article about it and of the article's story; each opened."""
    tour.go("C0GULF")
    for title in ("Oman and Qatar open a rail link", "Rail link opened by Oman and Qatar"):
        words = "Oman and Qatar opened a rail link between Muscat and Doha on Sunday."
        tour.page.set_input_files("#file", article(title, f"{words} {title}.", "Example Mail"))
        tour.until("rail link")
    an_object(tour, "actor", f"{tour.url}/actor/state:omn")
    for kind in ("article", "story"):
        links = tour.page.locator(f"#view a[href*='/{kind}/']")
        an_object(tour, kind, str(links.first.get_attribute("href")))
    tour.close()


def an_object(tour: Tour, kind: str, link: str) -> None:
    """A link, the card that it unfurls to, and its details."""
    tour.close()
    tour.type(f"Have a look: {link}")
    tour.page.locator(f"{LAST} button", has_text="Open").wait_for(timeout=ANSWER)
    tour.picture(f"card-{kind}")
    tour.press("Open")
    tour.page.locator("#view[open] form").wait_for(timeout=ANSWER)
    tour.picture(f"object-{kind}", part="#view")


def a_claim(tour: Tour) -> None:
    """Who else reports an article, and who else a claim."""
    tour.go("C0QUIET")
    tour.ask("@Dragoman anyone else reporting that Iran attacked Qatar?", "source")
    tour.picture("claim")


def workflows(tour: Tour) -> None:
    """The outputs of each step for Workflow Builder."""
    tour.go("C0GULF")
    for step, given in (
        ("brief_on_actor", "Qatar"),
        ("check_claim", "Hamas left Qatar"),
        ("watch_event", "Iran sanctions"),
    ):
        tour.type(f"/workflow {step} {given}")
        posted = tour.page.locator("#messages li", has_text=f"Workflow with the step {step}")
        posted.wait_for(timeout=ANSWER)
        tour.picture(f"workflow-{step}")


SURFACES: dict[str, Callable[[Tour], None]] = {
    "parts": parts_of_a_brief,
    "menu": a_menu,
    "tables": tables,
    "stories": whats_new,
    "chart": a_chart,
    "feedback": feedback,
    "forms": forms,
    "follows": follows,
    "panel": a_panel,
    "objects": objects,
    "claim": a_claim,
    "workflows": workflows,
}
"""The stops besides those of the README."""


def visit(playwright: Any, url: str, folder: Path, only: set[str], *, every: bool = False) -> None:
    """Make all the stops, or some of them; ``every`` adds the surfaces, in all looks."""
    # Chromium has no sandbox for root, and refuses to start with one.
    args = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    browser = playwright.chromium.launch(executable_path=browser_here(), args=args)
    axe = axe_here()
    shared = {"locale": "en-GB", "timezone_id": "Europe/Berlin"}
    wide = browser.new_page(viewport=WIDE, color_scheme="light", **shared)
    stops, looks = (STOPS | SURFACES, LOOKS) if every else (STOPS, ())
    for name, stop in stops.items():
        if not only or name in only:
            stop(Tour(wide, url, folder, axe, looks))
    if "phone" in only or not (only or every):
        phone = browser.new_page(
            viewport=PHONE, device_scale_factor=2, color_scheme="dark", has_touch=True,
            is_mobile=True, **shared,
        )  # fmt: skip
        on_a_phone(Tour(phone, url, folder, axe))
    browser.close()


def main() -> int:
    """Take the pictures; what is missing is said in a sentence."""
    ours = Path(sys.executable).with_name("dragoman")
    parser = argparse.ArgumentParser(description="Take the pictures of the README.")
    parser.add_argument("folder", type=Path, help="where the pictures are written")
    parser.add_argument("--dragoman", default=str(ours), help="the command that serves the demo")
    parser.add_argument("--only", nargs="*", default=[], help="some of the stops")
    parser.add_argument("--all", action="store_true", help="every surface: light, dark, phone")
    args = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("The tour needs playwright: run make tour, or install the extra [tour].")
        return 1
    try:
        browser_here()
        axe_here()
        args.folder.mkdir(parents=True, exist_ok=True)
        with demo(args.dragoman) as url, sync_playwright() as playwright:
            visit(playwright, url, args.folder, set(args.only), every=args.all)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
