// The console of the API: sends what was typed to the API itself, with the session and the token of the page, and shows the
// answer as text. Only addresses under the API are called, however they are written.

const SHOWN = ["ETag", "Location", "Link", "Retry-After", "RateLimit-Remaining", "Idempotent-Replayed"];
const MOST = 200_000;

function start() {
  const answer = document.querySelector("[data-console-answer]");
  const path = document.querySelector("[data-console-path]");
  const form = path?.form;
  if (!answer || !form || form.consoleStarted) return;
  form.consoleStarted = true;
  const line = answer.querySelector("[data-console-line]");
  const code = answer.querySelector("pre");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    send();
  }, true);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  let turn = 0;

  async function send() {
    const mine = ++turn;
    const url = address(path.value, path.dataset.consolePath);
    if (!url) return show(answer.dataset.elsewhere, "");
    show(answer.dataset.waiting, "");
    const method = form.elements.method.value;
    const body = form.elements.body.value.trim();
    const headers = { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf ?? "", "Accept-Language": document.documentElement.lang };
    if (body && method !== "GET") headers["Content-Type"] = "application/json";
    const began = performance.now();
    try {
      const found = await fetch(url, { method, headers, body: method === "GET" ? undefined : body || undefined, redirect: "error", cache: "no-store" });
      const text = await found.text();
      if (mine !== turn) return;
      const took = Math.round(performance.now() - began);
      const head = SHOWN.filter((name) => found.headers.has(name)).map((name) => `${name}: ${found.headers.get(name)}`);
      show(`${found.status} ${found.statusText} · ${took} ms`, [...head, ...(head.length && text ? [""] : []), ...(text ? [pretty(text)] : [])].join("\n"), found.ok);
    } catch {
      if (mine === turn) show(answer.dataset.failed, "", false);
    }
  }

  function show(said, text, good) {
    line.textContent = text.length > MOST ? `${said} · ${answer.dataset.cut}` : said;
    line.classList.toggle("muted", good === undefined);
    if (good === undefined) delete answer.dataset.good;
    else answer.dataset.good = String(good);
    code.textContent = text.slice(0, MOST);
    code.hidden = !text;
  }
}

function address(typed, place) {
  try {
    const url = new URL(typed.trim(), location.origin);
    return typed.trim().startsWith(place) && url.origin === location.origin && (url.pathname === place || url.pathname.startsWith(`${place}/`)) ? url : null;
  } catch {
    return null;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

document.addEventListener("sarnakh:boot", start);
start();
