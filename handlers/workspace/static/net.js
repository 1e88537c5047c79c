// Where the page is, and how it asks its server: everything goes to this host alone.

export const $ = (id) => document.getElementById(id);

const { channel, person, im, tab, commands } = document.body.dataset;
export const here = { channel, person, isDirect: im === "yes", isHome: tab === "home", commands: commands.split(" ") };

const WAIT_SECONDS = 30;
let timer = null;

// The answer of the server to an act, or null where it refused; `say` is told why it did.
export async function post(path, body, say) {
  return deliver(
    path,
    {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel, as: person, ...body }),
    },
    say,
  );
}

export async function deliver(path, request, say = complain) {
  say("");
  let problem;
  try {
    const response = await fetch(path, { method: "POST", ...request });
    if (response.ok) return await response.json();
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
  say(problem);
  return null;
}

// Where an act has no form of its own to say what went wrong, the message box says it.
export function complain(words) {
  const place = document.querySelector("#write .error, #home-error");
  place.textContent = words;
  place.hidden = !words;
}

// HTML comes escaped from this page's own server; it is parsed apart, and its parts put in place.
export async function fetched(path, query = {}) {
  const asked = new URLSearchParams({ as: person, ...query });
  const response = await fetch(`${path}?${asked}`);
  if (!response.ok) throw new Error(`the page's server answered ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

export function working(words) {
  clearTimeout(timer);
  const line = $("working");
  line.textContent = words;
  line.hidden = !words;
  if (!words) return;
  const box = $("scroll");
  if (box.scrollHeight - box.scrollTop - box.clientHeight < 120) line.scrollIntoView({ block: "nearest" });
  timer = setTimeout(() => {
    line.textContent = `No answer after ${WAIT_SECONDS} seconds. It may still come.`;
  }, WAIT_SECONDS * 1000);
}
