// A message box: sends, shares files, suggests commands, and edits what was sent.

import { deliver, here, post, working } from "./net.js";

const HELP = {
  "/brief": "an actor, or two; since …; public",
  "/digest": "daily at 8:00; now; preview",
  "/watch": "add Qatar; list; mute Qatar 8h",
};
const OFFERS = [
  ...here.commands.map((name) => ({ name, help: HELP[name] ?? "", when: /^\/\S*$/ })),
  { name: "/clock", help: "moves to the next digest", when: /^\/\S*$/ },
  { name: "@Dragoman", help: "ask a question", when: /(^|\s)@\w*$/ },
];
const NAMED = /(^|[^\w@])@dragoman\b/i;

export class Composer {
  // `list` is what it writes under, `thread` gives the ts of the thread, `sent` hears of a post.
  constructor(form, list, { thread = () => null, leave = () => {}, sent = () => {} } = {}) {
    this.form = form;
    this.list = list;
    this.thread = thread;
    this.leave = leave;
    this.sent = sent;
    this.text = form.querySelector("textarea");
    this.file = form.querySelector("[type=file]");
    this.button = form.querySelector("[type=submit]");
    this.suggestions = form.querySelector(".suggestions");
    this.editing = null;
    this.chosen = 0;
    this.text.addEventListener("input", () => {
      this.grow();
      this.suggest();
    });
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("blur", () => {
      this.suggestions.hidden = true;
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.text.value);
    });
    this.file?.addEventListener("change", () => this.share(this.file.files[0]));
    form.querySelector("[data-stop-editing]").addEventListener("click", () => this.stopEditing());
  }

  say = (words) => {
    const place = this.form.querySelector(".error");
    place.textContent = words;
    place.hidden = !words;
  };

  async send(words) {
    const said = words.trim();
    if (!said || this.button.disabled) return;
    if (this.editing) {
      await this.save(said);
      return;
    }
    this.button.disabled = true;
    if (said.startsWith("/") || here.isDirect || NAMED.test(said)) working("Dragoman is working…");
    const done = await post("/page/send", { text: said, thread_ts: this.thread() }, this.say);
    this.button.disabled = false;
    if (!done) return;
    if (said === "/clock") working("");
    if (this.text.value.trim() === said) this.text.value = "";
    this.grow();
    this.sent(done);
  }

  // Shares a file at once, with whatever stands in the box; without words the bot is asked to read it.
  async share(file) {
    if (!file) return;
    const words = this.text.value.trim();
    const query = new URLSearchParams({ channel: here.channel, as: here.person, name: file.name, text: words });
    if (this.thread() !== null) query.set("thread_ts", this.thread());
    if (here.isDirect || !words || NAMED.test(words)) working("Dragoman is working…");
    const done = await deliver(`/page/share?${query}`, { body: file }, this.say);
    if (this.file) this.file.value = "";
    if (!done) return;
    this.text.value = "";
    this.grow();
    this.sent(done);
  }

  edit(li) {
    if (!li) return;
    this.editing = li.dataset.ts;
    this.form.querySelector(".editing").hidden = false;
    this.button.textContent = "Save";
    this.text.value = li.dataset.typed;
    this.grow();
    this.text.focus();
    this.text.setSelectionRange(this.text.value.length, this.text.value.length);
  }

  async save(said) {
    if (await post("/page/edit", { ts: this.editing, text: said }, this.say)) this.stopEditing();
  }

  stopEditing() {
    this.editing = null;
    this.form.querySelector(".editing").hidden = true;
    this.button.textContent = "Send";
    this.text.value = "";
    this.grow();
    this.text.focus();
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 180)}px`;
  }

  // --- suggestions ------------------------------------------------------------------------

  suggest() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    const word = before.split(/\s/).pop().toLowerCase();
    const offers = OFFERS.filter(
      (o) => o.when.test(before) && o.name.toLowerCase().startsWith(word) && o.name.toLowerCase() !== word,
    );
    this.chosen = 0;
    this.suggestions.replaceChildren(...offers.map((offer, n) => this.suggestion(offer, n)));
    this.suggestions.hidden = offers.length === 0;
    this.mark();
  }

  suggestion(offer, number) {
    const li = document.createElement("li");
    li.id = `${this.form.id}-s${number}`;
    li.setAttribute("role", "option");
    li.dataset.name = offer.name;
    const name = document.createElement("strong");
    name.textContent = offer.name;
    li.append(name, ` ${offer.help}`);
    li.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.accept(li);
    });
    return li;
  }

  mark() {
    const items = [...this.suggestions.children];
    items.forEach((li, n) => li.setAttribute("aria-selected", String(n === this.chosen)));
    if (items.length) this.text.setAttribute("aria-activedescendant", items[this.chosen].id);
    else this.text.removeAttribute("aria-activedescendant");
  }

  accept(li) {
    const end = this.text.selectionStart;
    const start = end - this.text.value.slice(0, end).split(/\s/).pop().length;
    this.text.setRangeText(`${li.dataset.name} `, start, end, "end");
    this.suggest();
  }

  onKey(event) {
    const items = this.suggestions.children;
    const open = !this.suggestions.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.chosen = (this.chosen + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length;
      this.mark();
    } else if (open && (event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
      this.accept(items[this.chosen]);
    } else if (event.key === "ArrowUp" && !this.text.value) {
      this.edit(this.list.lastOwn());
    } else if (event.key === "Escape") {
      if (open) this.suggestions.hidden = true;
      else if (this.editing) this.stopEditing();
      else this.leave();
      return;
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      this.send(this.text.value);
    } else {
      return;
    }
    event.preventDefault();
  }
}
