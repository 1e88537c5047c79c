// The page's beginning: what is where, and what happens on a click, a key and a change.
// Whatever a person types is put in place with textContent or value, never as HTML.

import { addingArticles, editArticle } from "./article.js";
import { Composer } from "./composer.js";
import { List } from "./lists.js";
import { $, fetched, here, post, working } from "./net.js";
import { chosen, clickInView, closeView, showHome, showView, submitView } from "./views.js";

const WIDE = matchMedia("(min-width: 1000px)");

let thread = null; // the ts of the thread in the pane
let awaited = null; // the ts of a post of ours whose answer opens the pane
let main = null;
let writer = null;

const replies = new List($("replies"), $("pane-scroll"), () => ({ thread }), answered);
const replier = new Composer($("reply"), replies, { thread: () => thread, leave: closeThread });

function answered(fresh) {
  if (fresh.some((li) => "answer" in li.dataset)) working("");
}

function openThread(ts, focus = true) {
  if (thread !== ts) $("replies").replaceChildren();
  thread = ts;
  $("pane").hidden = false;
  document.body.classList.add("threaded");
  replies.refresh();
  if (focus) replier.text.focus();
}

function closeThread() {
  thread = null;
  $("pane").hidden = true;
  document.body.classList.remove("threaded");
  writer?.text.focus();
}

// An answer to what was just asked opens beside it where there is room; else it is a click away.
function placed(fresh) {
  answered(fresh);
  const asked = awaited && $(`m${awaited}`);
  if (!asked?.querySelector(".replies")) return;
  awaited = null;
  if (WIDE.matches) openThread(asked.dataset.ts, false);
}

// --- clicks -------------------------------------------------------------------------------

const ON_CLICK = {
  "[data-close-view]": () => closeView(),
  "[data-thread]": (found) => openThread(found.dataset.thread),
  "[data-try]": (found) => writer.send(found.dataset.try),
  "[data-shortcut]": (found) => shortcut(found),
  "[data-article]": (found) => editArticle(found.dataset.article),
  "[data-edit]": (found) => (found.closest("#pane") ? replier : writer).edit(found.closest("li.message")),
  "[data-clock]": (found) => move(found.dataset.clock),
  ".button[data-action], .item[data-action]": (found) => use(found, found.dataset.value ?? null),
};

function onClick(event) {
  for (const [selector, act] of Object.entries(ON_CLICK)) {
    const found = event.target.closest(selector);
    if (!found) continue;
    act(found);
    break;
  }
  // A menu closes once something in it, or beside it, was clicked.
  const inside = event.target.closest("summary") && event.target.closest("details.menu");
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== inside) menu.open = false;
}

function shortcut(found) {
  working("Dragoman is working…");
  const { ts } = found.closest("li.message").dataset;
  awaited = ts;
  post("/page/shortcut", { ts, callback: found.dataset.shortcut });
}

async function move(to) {
  if (await post("/page/clock", { to })) tellTime();
}

// Uses an element under a message, in a form or in Home: the app hears of it at once.
async function use(control, value) {
  const keys = { block: control.dataset.block, action: control.dataset.action };
  const form = control.closest("form.view");
  control.setAttribute("aria-busy", "true");
  if (form) {
    await clickInView(form, keys, value);
  } else {
    working("Dragoman is working…");
    await post("/page/click", { ts: control.closest("li.message").dataset.ts, ...keys, value });
  }
  control.removeAttribute("aria-busy");
}

function onChange(event) {
  const control = event.target.closest("[data-live]");
  if (control) use(control, chosen(control));
}

// A menu that would stick out of the window opens to the other side.
function onToggle(event) {
  const items = event.target.open && event.target.querySelector(":scope > .menu-items");
  if (!items) return;
  event.target.classList.toggle("flip", items.getBoundingClientRect().right > innerWidth - 4);
  event.target.classList.toggle("up", items.getBoundingClientRect().bottom > innerHeight - 90);
}

// --- the rest -----------------------------------------------------------------------------

async function tellTime() {
  if (!$("now")) return;
  const response = await fetch(`/page/now?${new URLSearchParams({ as: here.person })}`);
  if (!response.ok) return;
  const now = await response.json();
  $("now").textContent = now.words;
  $("now").classList.toggle("moved", now.moved);
}

// What the bot suggests to ask may come after the page, and change.
async function showPrompts() {
  const offered = (await fetched("/page/tries")).querySelectorAll("li");
  if (offered.length !== $("tries").children.length) $("tries").replaceChildren(...offered);
}

// What is asked in Home is answered in the messages: their tab says that something came.
function toldInMessages() {
  document.querySelector(".tabs a:not([aria-current])").classList.add("unread");
  working("");
}

function listen() {
  const stream = new EventSource("/page/stream");
  stream.onopen = () => {
    main?.refresh();
    if (thread) replies.refresh();
    showView();
    if (here.isHome) showHome();
  };
  stream.onerror = () => {
    $("state").textContent = "Not connected: trying again…";
  };
  stream.onmessage = (event) => {
    const changed = JSON.parse(event.data).channel;
    if (changed === "view") {
      showView();
      if (here.isHome) showHome();
    } else if (changed === here.channel) {
      main?.refresh();
      if (thread) replies.refresh();
      if (here.isHome) toldInMessages();
      else if (here.isDirect) showPrompts();
      tellTime();
    } else {
      document.querySelector(`[data-room="${CSS.escape(changed)}"]`)?.classList.add("unread");
    }
  };
}

function takeDrops() {
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const box = event.target.closest("#pane") ? replier : writer;
    for (const file of [...event.dataTransfer.files]) await box?.share(file);
  });
}

function begin() {
  if (here.isHome) {
    post("/page/open", { tab: "home" });
  } else {
    main = new List($("messages"), $("scroll"), () => ({}), placed);
    writer = new Composer($("write"), main, {
      sent: ({ ts }) => {
        awaited = ts ?? null;
        $("hint").open = false;
      },
    });
    if ($("messages").lastElementChild) main.show($("messages").lastElementChild);
    if (here.isDirect) post("/page/open", { tab: "messages" });
    writer.text.focus({ preventScroll: true });
  }
  $("pane-close").addEventListener("click", closeThread);
  $("person").addEventListener("change", () => {
    const { channel } = here;
    location.href = `/?${new URLSearchParams(here.isDirect ? { as: $("person").value } : { channel, as: $("person").value })}`;
  });
  $("view").addEventListener("submit", (event) => {
    event.preventDefault();
    submitView(event.target);
  });
  $("view").addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape: the server closes it
    closeView();
  });
  $("home")?.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("toggle", onToggle, true);
  addingArticles();
  takeDrops();
  setInterval(tellTime, 30_000);
  listen();
}

begin();
