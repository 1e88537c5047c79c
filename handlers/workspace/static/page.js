// Fetches the page again when the server says that something changed, and sends what is done on it.

const $ = (id) => document.getElementById(id);
const { channel, person, tab } = document.body.dataset;
const box = $("write-text");
let thread = null; // the ts of the thread that is replied in

// --- acts ---------------------------------------------------------------------------------

async function deliver(path, body) {
  let problem = "";
  try {
    const response = await fetch(path, { method: "POST", body });
    if (!response.ok) problem = await response.text();
  } catch {
    problem = "The local workspace cannot be reached. Is dragoman demo still running?";
  }
  $("error").textContent = problem;
  return !problem;
}

function act(name, body = {}) {
  return deliver(`/page/${name}`, JSON.stringify({ channel, as: person, ...body }));
}

async function send(text) {
  if (!text.trim() || !(await act("send", { text, thread_ts: thread }))) return;
  box.value = "";
  refresh(); // /clock changes no message
}

async function share(file) {
  const query = new URLSearchParams({ channel, as: person, name: file.name, text: box.value.trim() });
  if (thread) query.set("thread_ts", thread);
  if (await deliver(`/page/share?${query}`, file)) box.value = "";
  $("file").value = "";
}

function reply(ts) {
  thread = ts || null;
  $("replying").hidden = !thread;
  box.focus();
}

// Uses an element under a message, in a form or in Home: the app is told at once.
function use(control, value) {
  const keys = { block: control.dataset.block, action: control.dataset.action, value };
  const view = control.closest("[data-view]");
  if (view) return act("view-click", { view: view.dataset.view, values: values(view), ...keys });
  return act("click", { ts: control.closest("li.message").dataset.ts, ...keys });
}

// The values of the inputs of a form, by block: each a list.
function values(part) {
  const form = part.querySelector("form");
  const found = Object.fromEntries([...form.elements].filter((one) => one.name).map((one) => [one.name, []]));
  for (const [name, value] of new FormData(form)) found[name].push(value);
  return found;
}

// Sorts the rows of a table by a column: by number where every cell has one, else by its words.
function sort(head) {
  const order = head.ariaSort === "ascending" ? "descending" : "ascending";
  for (const one of head.parentElement.children) one.ariaSort = one === head ? order : null;
  const rows = [...head.closest("table").tBodies[0].rows];
  const key = (row) => row.cells[head.cellIndex];
  const numbers = rows.every((row) => key(row).dataset.value);
  const compare = (a, b) => (numbers ? key(a).dataset.value - key(b).dataset.value : key(a).innerText.localeCompare(key(b).innerText));
  rows.sort((a, b) => (order === "ascending" ? compare(a, b) : compare(b, a)));
  head.closest("table").tBodies[0].append(...rows);
}

function onClick({ target }) {
  const found = target.closest("button");
  const said = found?.dataset ?? {};
  if ("close" in said) act("close");
  else if ("sort" in said) sort(found.parentElement);
  else if ("thread" in said) reply(said.thread);
  else if ("try" in said) send(said.try);
  else if ("shortcut" in said) act("shortcut", { ts: found.closest("li.message").dataset.ts, callback: said.shortcut });
  else if ("action" in said) use(found, said.value ?? null);
  const menu = target.closest("summary")?.parentElement; // others close
  for (const open of document.querySelectorAll("details.menu[open]")) if (open !== menu) open.open = false;
}

function onChange({ target }) {
  const control = target.closest("[data-live]");
  if (control) use(control, control.matches("div") ? [...control.querySelectorAll(":checked")].map((one) => one.value) : control.value);
}

// A menu at the end of the page opens out of sight.
function onToggle({ target }) {
  if (target.open && target.matches("details.menu")) target.querySelector(".menu-items").scrollIntoView({ block: "nearest" });
}

function onSubmit(event) {
  event.preventDefault();
  const view = event.target.closest("dialog");
  if (view) act("submit", { view: view.dataset.view, values: values(view) });
  else if (event.target.id === "write") send(box.value);
}

// --- what is shown ------------------------------------------------------------------------

let busy = false;
let again = false;

async function refresh() {
  again = true;
  if (busy) return;
  busy = true;
  try {
    while (again) {
      again = false;
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      for (const id of ["home", "tries", "view"]) if ($(id)) renew($(id), page.getElementById(id));
      if ($("messages")) place($("messages"), page.getElementById("messages"));
      $("now").textContent = page.getElementById("now").textContent;
    }
  } finally {
    busy = false;
  }
}

// Replaces a part that changed; the same form keeps what was typed, and the focus.
function renew(part, fresh) {
  if (part.dataset.rev === fresh.dataset.rev) return;
  const at = part.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = part.dataset.view && part.dataset.view === fresh.dataset.view ? values(part) : {};
  part.replaceChildren(...fresh.childNodes);
  Object.assign(part.dataset, fresh.dataset);
  for (const one of part.querySelector("form")?.elements ?? []) {
    const said = typed[one.name];
    if (said && one.matches("[type=radio], [type=checkbox]")) one.checked = said.includes(one.value);
    else if (said) one.value = said[0] ?? "";
  }
  if (part.id === "view") showForm();
  (part.querySelector("[aria-invalid]") ?? (at ? $(at) : null))?.focus();
}

function showForm() {
  const dialog = $("view");
  const wanted = dialog.querySelector("form") !== null;
  if (wanted && !dialog.open) {
    dialog.showModal();
    dialog.scrollTop = 0; // the focus may be at its end
  }
  if (!wanted && dialog.open) dialog.close();
}

// Replaces only the messages that changed, so that open details and screen readers stay put.
function place(list, fresh) {
  const had = new Map([...list.children].map((li) => [li.id, li]));
  let at = list.firstElementChild;
  let last = null;
  for (const li of [...fresh.children]) {
    const old = had.get(li.id);
    if (old?.dataset.rev === li.dataset.rev) {
      had.delete(li.id);
      at = old.nextElementSibling;
    } else {
      list.insertBefore(li, at);
      last = li;
    }
  }
  for (const old of had.values()) old.remove();
  last?.scrollIntoView({ block: last.offsetHeight > $("scroll").clientHeight ? "start" : "nearest" });
  if (last && document.activeElement === document.body) box.focus({ preventScroll: true });
}

document.addEventListener("click", onClick);
document.addEventListener("change", onChange);
document.addEventListener("submit", onSubmit);
document.addEventListener("toggle", onToggle, { capture: true }); // it does not bubble
$("view").addEventListener("cancel", (event) => {
  event.preventDefault(); // Escape: the server closes it
  act("close");
});
$("file")?.addEventListener("change", () => share($("file").files[0]));
box?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send(box.value);
});
if (tab) act("open", { tab });
box?.focus();
$("messages")?.lastElementChild?.scrollIntoView();
for (const one of document.querySelectorAll(".rail [aria-current=page]")) one.scrollIntoView({ block: "nearest", inline: "nearest" });
showForm();
const stream = new EventSource("/page/stream");
stream.onopen = refresh;
stream.onmessage = refresh;
