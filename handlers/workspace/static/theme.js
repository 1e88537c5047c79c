// Dark or light as the machine has it, or as chosen here. Runs before anything is painted, so
// that the page does not flash.
"use strict";
{
  const root = document.documentElement;
  const wanted = localStorage.getItem("theme");
  if (wanted === "dark" || wanted === "light") root.dataset.theme = wanted;

  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const name = () => {
      button.textContent = isDark() ? "Light" : "Dark";
    };
    name();
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      localStorage.setItem("theme", root.dataset.theme);
      name();
    });
  });
}
