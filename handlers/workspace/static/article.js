// "Add an article": what is filled in is given to the bot as a file.

import { $, post, working } from "./net.js";

export function addingArticles() {
  const dialog = $("article");
  const form = $("article-form");
  const say = (words) => {
    const place = form.querySelector(".error");
    place.textContent = words;
    place.hidden = !words;
  };
  $("add").addEventListener("click", () => {
    say("");
    dialog.showModal();
    $("a-title").focus();
  });
  form.querySelector("[data-close-article]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    working("Dragoman is reading…");
    if (!(await post("/page/article", Object.fromEntries(new FormData(form)), say))) return;
    dialog.close();
    $("a-title").value = "";
    $("a-body").value = "";
    $("a-url").value = "";
  });
}
