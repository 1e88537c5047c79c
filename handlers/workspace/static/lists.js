// Lists of messages, of a channel and of a thread: kept as the server has them.

import { focusAgain, focusedIn } from "./focus.js";
import { $, fetched, here } from "./net.js";

export class List {
  // `query` adds to the channel what is asked for; `placed` hears of what is new after each look.
  constructor(list, box, query, placed = () => {}) {
    this.list = list;
    this.box = box;
    this.query = query;
    this.placed = placed;
    this.refreshing = false;
    this.again = false;
  }

  async refresh() {
    this.again = true;
    if (this.refreshing) return;
    this.refreshing = true;
    try {
      while (this.again) {
        this.again = false;
        const asked = JSON.stringify(this.query());
        const page = await fetched("/page/messages", { channel: here.channel, ...this.query() });
        // Another thread may have been opened meanwhile; what came is not of it.
        if (asked === JSON.stringify(this.query())) this.place([...page.body.children]);
        else this.again = true;
      }
      $("state").textContent = "";
    } catch (error) {
      $("state").textContent = `Not connected: ${error.message}`;
    } finally {
      this.refreshing = false;
    }
  }

  // Replaces only what changed, so that focus, open details and screen readers stay put.
  place(wanted) {
    const had = new Map([...this.list.children].map((li) => [li.id, li]));
    const atEnd = this.isNearEnd();
    const fresh = [];
    let next = this.list.firstElementChild;
    for (const li of wanted) {
      const old = had.get(li.id);
      had.delete(li.id);
      if (old && old.dataset.rev === li.dataset.rev) {
        if (old === next) next = next.nextElementSibling;
        else this.list.insertBefore(old, next);
        continue;
      }
      const added = document.adoptNode(li);
      const was = old ? focusedIn(old) : null;
      if (old) {
        if (old === next) next = next.nextElementSibling;
        old.remove();
      }
      this.list.insertBefore(added, next);
      focusAgain(added.querySelector("article") ?? added, was);
      fresh.push(added);
    }
    for (const gone of had.values()) gone.remove();
    const last = fresh.at(-1);
    if (last && (atEnd || "answer" in last.dataset || last.matches(".echo, .mine"))) this.show(last);
    this.placed(fresh);
  }

  isNearEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 80;
  }

  // What is taller than the box is read from its beginning.
  show(li) {
    const tall = li.offsetHeight > this.box.clientHeight - 24;
    li.scrollIntoView({ block: tall ? "start" : "nearest" });
  }

  // The last message that the person wrote, to be edited.
  lastOwn() {
    return [...this.list.querySelectorAll("li.mine")].at(-1) ?? null;
  }
}
