// Forms and Home: shown as the server has them, filled in, clicked in and sent.

import { focusAgain, focusedIn } from "./focus.js";
import { $, fetched, here, post, working } from "./net.js";

const FIELDS = "input, select, textarea";

export async function showView() {
  const dialog = $("view");
  const form = (await fetched("/page/view")).querySelector("form.view");
  const before = dialog.querySelector("form.view");
  if (!form) {
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
    return;
  }
  // Another look at the same form, with its errors or changed by the app, keeps what was typed.
  const filled = before && before.dataset.view === form.dataset.view ? values(before) : {};
  const was = focusedIn(dialog);
  dialog.replaceChildren(document.adoptNode(form));
  fill(form, filled);
  working("");
  if (!dialog.open) dialog.showModal();
  const wrong = form.querySelector("[aria-invalid]");
  const first = wrong ?? (before ? null : form.querySelector(".view-body"));
  if (first) (first.matches(FIELDS) ? first : first.querySelector(FIELDS))?.focus();
  else focusAgain(form, was);
}

export async function showHome() {
  const page = await fetched("/page/home");
  const before = $("home").querySelector("form.view");
  const filled = before ? values(before) : {};
  const was = focusedIn($("home"));
  $("home").replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
  const form = $("home").querySelector("form.view");
  if (form) fill(form, filled);
  focusAgain($("home"), was);
  working("");
}

// What stands in the inputs, by block; several choices are a list.
function values(form) {
  const found = {};
  for (const control of form.querySelectorAll("[data-field]")) {
    found[control.dataset.field] = chosen(control);
  }
  return found;
}

// What is chosen in one control: its text, or the values of its boxes that are ticked.
export function chosen(control) {
  if (control.matches(FIELDS)) return control.value;
  const ticked = [...control.querySelectorAll("input:checked")].map((box) => box.value);
  const one = control.querySelector("[type=radio]") !== null;
  return one ? (ticked[0] ?? "") : ticked;
}

function fill(form, filled) {
  for (const control of form.querySelectorAll("[data-field]")) {
    const said = filled[control.dataset.field];
    if (said === undefined) continue;
    if (control.matches(FIELDS)) control.value = said;
    else for (const box of control.querySelectorAll("input")) box.checked = [said].flat().includes(box.value);
  }
}

export async function submitView(form) {
  const send = form.querySelector("[type=submit]");
  send.disabled = true;
  send.textContent += "…";
  const said = { view: form.dataset.view, values: JSON.stringify(values(form)) };
  if (!(await post("/page/submit", said))) closeView();
  if (send.isConnected) {
    send.disabled = false;
    send.textContent = send.textContent.replace(/…$/, "");
  }
}

export function closeView() {
  post("/page/close", {});
}

export async function clickInView(form, keys, value) {
  working("Dragoman is working…");
  await post("/page/view-click", {
    view: form.dataset.view,
    values: JSON.stringify(values(form)),
    ...keys,
    value,
  });
  if (!here.isHome) working("");
}
