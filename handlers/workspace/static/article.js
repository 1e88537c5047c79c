// "Add an article": what is filled in is given to the bot as a file; an edit is the same file again.

import { $, complain, post, working } from "./net.js";

const FIELDS = { title: "a-title", text: "a-body", publisher: "a-publisher", date: "a-date" };

function say(words) {
  const place = $("article-form").querySelector(".error");
  place.textContent = words;
  place.hidden = !words;
}

function open(words, file, fields) {
  say("");
  $("article-title").textContent = words;
  $("article-form").elements.file.value = file;
  for (const [name, value] of Object.entries(fields)) $(FIELDS[name]).value = value;
  $("article").showModal();
  $("a-title").focus();
}

export async function editArticle(file) {
  const response = await fetch(`/page/article/${encodeURIComponent(file)}`);
  if (response.ok) open("Edit the article", file, await response.json());
  else complain("Only an article that was written here can be edited.");
}

export function addingArticles() {
  const form = $("article-form");
  $("add").addEventListener("click", () => open("Add an article", "", { title: "", text: "" }));
  form.querySelector("[data-close-article]").addEventListener("click", () => $("article").close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    working("Dragoman is reading…");
    if (await post("/page/article", Object.fromEntries(new FormData(form)), say)) $("article").close();
  });
}
