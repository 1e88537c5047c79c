// Keeps the keyboard where it was when a part of the page is replaced by its newer form.

const CAN = "a[href], button, summary, select, input, textarea";

// What tells the focused element inside `part` from others; null where the focus is elsewhere.
export function focusedIn(part) {
  const at = document.activeElement;
  if (!at || at === document.body || !part.contains(at)) return null;
  return { tag: at.tagName, action: at.dataset.action, thread: at.dataset.thread, name: at.id || at.name || "", words: at.textContent.trim() };
}

// Focuses what was focused before, or else what stands for it: `part` itself, which is read out.
export function focusAgain(part, was) {
  if (was === null) return;
  const found = [...part.querySelectorAll(CAN)].filter((one) => one.tagName === was.tag);
  const same = (one) => one.dataset.action === was.action && one.dataset.thread === was.thread && (one.id || one.name || "") === was.name;
  const next = found.find((one) => same(one) && one.textContent.trim() === was.words) ?? found.find((one) => was.action !== undefined && same(one)) ?? part;
  if (next === part && !part.matches(CAN)) part.tabIndex = -1;
  next.focus({ preventScroll: true });
}
