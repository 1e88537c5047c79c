// The page's only script. Message HTML comes escaped from this page's own server; whatever
// a person types is put in place with textContent or value, never as HTML.
"use strict";

const $ = (id) => document.getElementById(id);
const channel = document.body.dataset.channel;
const isDirect = document.body.dataset.im === "yes";
const text = $("text");
const list = $("messages");
const WAIT_SECONDS = 30;

let thread = null; // the ts of the thread that the message box writes to
let refreshing = false;
let again = false;
let timer = null;

// --- messages -----------------------------------------------------------------------------

async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    do {
      again = false;
      const response = await fetch(`/page/messages?channel=${encodeURIComponent(channel)}`);
      if (!response.ok) throw new Error(`the page's server answered ${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      place([...page.querySelectorAll("li.message")]);
    } while (again);
    $("state").textContent = "";
  } catch (error) {
    $("state").textContent = `Not connected: ${error.message}`;
  } finally {
    refreshing = false;
  }
}

// Replaces only what changed, so that focus, open details and screen readers stay put.
function place(wanted) {
  const had = new Map([...list.children].map((li) => [li.id, li]));
  const atEnd = nearEnd();
  let fresh = null;
  let answered = false;
  let next = list.firstElementChild;
  for (const li of wanted) {
    const old = had.get(li.id);
    had.delete(li.id);
    if (old && old.dataset.rev === li.dataset.rev) {
      if (old === next) next = next.nextElementSibling;
      else list.insertBefore(old, next);
      continue;
    }
    const added = document.adoptNode(li);
    if (old) {
      if (old === next) next = next.nextElementSibling;
      old.remove();
    }
    list.insertBefore(added, next);
    fresh = added;
    if ("answer" in added.dataset) answered = true;
  }
  for (const gone of had.values()) gone.remove();
  if (answered) working("");
  if (fresh && (atEnd || "answer" in fresh.dataset || fresh.classList.contains("echo"))) show(fresh);
}

function nearEnd() {
  const box = $("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function show(li) {
  const tall = li.offsetHeight > $("scroll").clientHeight - 24;
  li.scrollIntoView({ block: tall ? "start" : "nearest" });
}

function working(words) {
  clearTimeout(timer);
  $("working").textContent = words;
  $("working").hidden = !words;
  if (!words) return;
  if (nearEnd()) $("working").scrollIntoView({ block: "nearest" });
  timer = setTimeout(() => {
    $("working").textContent = `No answer after ${WAIT_SECONDS} seconds. It may still come.`;
  }, WAIT_SECONDS * 1000);
}

// --- sending ------------------------------------------------------------------------------

function post(path, body) {
  return deliver(path, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ channel, ...body }),
  });
}

async function deliver(path, request) {
  $("error").hidden = true;
  let problem = "";
  try {
    const response = await fetch(path, { method: "POST", ...request });
    if (response.ok) return true;
    const said = await response.text();
    try {
      problem = JSON.parse(said).error;
    } catch {
      problem = said;
    }
  } catch {
    problem = "The local workspace cannot be reached. Is dragoman demo still running?";
  }
  working("");
  $("error").textContent = problem;
  $("error").hidden = false;
  return false;
}

async function send(words) {
  const said = words.trim();
  if (!said || $("send").disabled) return;
  $("send").disabled = true;
  $("send").textContent = "Sending…";
  if (said.startsWith("/") || isDirect || /(^|[^\w@])@dragoman\b/i.test(said)) {
    working("Dragoman is working…");
  }
  const sent = await post("/page/send", { text: said, thread_ts: thread });
  $("send").disabled = false;
  $("send").textContent = "Send";
  if (sent && text.value.trim() === said) text.value = "";
  grow();
}

// Shares the chosen file at once, with whatever stands in the message box.
async function share() {
  const file = $("file").files[0];
  if (!file) return;
  const words = text.value.trim();
  const query = new URLSearchParams({ channel, name: file.name, text: words });
  if (thread !== null) query.set("thread_ts", thread);
  if (isDirect || /(^|[^\w@])@dragoman\b/i.test(words)) working("Dragoman is working…");
  if (await deliver(`/page/share?${query}`, { body: file })) text.value = "";
  $("file").value = "";
  grow();
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
}

function setThread(ts, who) {
  thread = ts;
  $("thread").hidden = ts === null;
  $("thread-words").textContent = ts === null ? "" : `Replying in the thread of ${who}.`;
  text.focus();
}

// --- suggestions --------------------------------------------------------------------------

const OFFERS = [
  ...document.body.dataset.commands.split(" ").map((name) => ({
    name,
    help: "an actor, or two; since …; public",
    when: /^\/\S*$/,
  })),
  { name: "@Dragoman", help: "ask a question", when: /(^|\s)@\w*$/ },
];
let chosen = 0;

function suggest() {
  const before = text.value.slice(0, text.selectionStart);
  const word = before.split(/\s/).pop().toLowerCase();
  const offers = OFFERS.filter(
    (o) => o.when.test(before) && o.name.toLowerCase().startsWith(word) && o.name.toLowerCase() !== word,
  );
  chosen = 0;
  $("suggestions").replaceChildren(...offers.map(suggestion));
  $("suggestions").hidden = offers.length === 0;
  mark();
}

function suggestion(offer, number) {
  const li = document.createElement("li");
  li.id = `s${number}`;
  li.setAttribute("role", "option");
  li.dataset.name = offer.name;
  const name = document.createElement("strong");
  name.textContent = offer.name;
  li.append(name, ` ${offer.help}`);
  li.addEventListener("mousedown", (event) => {
    event.preventDefault();
    accept(li);
  });
  return li;
}

function mark() {
  const items = [...$("suggestions").children];
  items.forEach((li, n) => li.setAttribute("aria-selected", String(n === chosen)));
  if (items.length) text.setAttribute("aria-activedescendant", items[chosen].id);
  else text.removeAttribute("aria-activedescendant");
}

function accept(li) {
  const end = text.selectionStart;
  const start = end - text.value.slice(0, end).split(/\s/).pop().length;
  text.setRangeText(`${li.dataset.name} `, start, end, "end");
  suggest();
}

function onKey(event) {
  const items = $("suggestions").children;
  const open = !$("suggestions").hidden;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length;
    mark();
  } else if (open && (event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
    accept(items[chosen]);
  } else if (event.key === "Escape") {
    if (open) $("suggestions").hidden = true;
    else if (thread !== null) setThread(null);
    return;
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    send(text.value);
  } else {
    return;
  }
  event.preventDefault();
}

// --- forms --------------------------------------------------------------------------------

async function showView() {
  const dialog = $("view");
  const response = await fetch("/page/view");
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const form = page.querySelector("form.view");
  const before = dialog.querySelector("form.view");
  if (!form) {
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
    return;
  }
  const filled = before && before.dataset.hash === form.dataset.hash ? values(before) : null;
  dialog.replaceChildren(document.adoptNode(form));
  if (filled) fill(form, filled);
  working("");
  if (!dialog.open) dialog.showModal();
  const wrong = form.querySelector("[aria-invalid]");
  (wrong?.querySelector("input") ?? wrong ?? form.querySelector("input, select, textarea"))?.focus();
}

function values(form) {
  return Object.fromEntries(new FormData(form));
}

function fill(form, filled) {
  for (const field of form.elements) {
    if (!(field.name in filled)) continue;
    if (field.type === "radio") field.checked = field.value === filled[field.name];
    else field.value = filled[field.name];
  }
}

async function submitView(event) {
  event.preventDefault();
  const form = event.target.closest("form.view");
  if (!form) return;
  const send = form.querySelector("[type=submit]");
  send.disabled = true;
  working("Dragoman is working…");
  const said = JSON.stringify(values(form));
  if (!(await post("/page/submit", { view: form.dataset.view, values: said }))) closeView();
  send.disabled = false;
}

function closeView() {
  if ($("view").open) $("view").close();
  post("/page/close", {});
}

// --- wiring -------------------------------------------------------------------------------

function onClick(event) {
  const offered = event.target.closest("[data-try]");
  const reply = event.target.closest("[data-reply]");
  const action = event.target.closest("[data-action]");
  const shortcut = event.target.closest("[data-shortcut]");
  if (event.target.closest("[data-close-view]")) {
    closeView();
  } else if (offered) {
    setThread(null);
    send(offered.dataset.try);
  } else if (reply) {
    setThread(reply.dataset.reply, reply.dataset.who);
  } else if (shortcut) {
    working("Dragoman is working…");
    const { ts } = shortcut.closest("li.message").dataset;
    post("/page/shortcut", { ts, callback: shortcut.dataset.shortcut });
  } else if (action) {
    click(action);
  }
}

async function click(button) {
  const { block, action, value } = button.dataset;
  button.setAttribute("aria-busy", "true");
  working("Dragoman is working…");
  await post("/page/click", {
    ts: button.closest("li.message").dataset.ts,
    block,
    action,
    value: value ?? null,
  });
  button.removeAttribute("aria-busy");
}

function listen() {
  const stream = new EventSource("/page/stream");
  stream.onopen = refresh;
  stream.onerror = () => {
    $("state").textContent = "Not connected: trying again…";
  };
  stream.onmessage = (event) => {
    const changed = JSON.parse(event.data).channel;
    if (changed === channel) refresh();
    else if (changed === "view") showView();
    else document.querySelector(`[data-room="${CSS.escape(changed)}"]`)?.classList.add("unread");
  };
}

text.addEventListener("input", () => {
  grow();
  suggest();
});
text.addEventListener("keydown", onKey);
text.addEventListener("blur", () => {
  $("suggestions").hidden = true;
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send(text.value);
});
$("file").addEventListener("change", share);
$("thread-end").addEventListener("click", () => setThread(null));
document.addEventListener("click", onClick);
$("view").addEventListener("submit", submitView);
$("view").addEventListener("cancel", closeView); // Escape
showView();
if (list.lastElementChild) show(list.lastElementChild);
listen();
