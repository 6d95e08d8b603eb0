/* Who else looks at a record or writes in it: a beat every few seconds while the page is looked at. */

import { csrf, el, post } from "./dom.js";

const EVERY = 18_000;
const WRITES = 8_000;

export function boot(box) {
  const url = box.dataset.url;
  let wrote = 0;
  let told = false;
  let timer = 0;

  function show({ text, writing, people }) {
    box.replaceChildren(...people.map((who) => el("span", { class: `avatar avatar-sm tint-${who.colour || "grey"}${who.typing ? " typing" : ""}`, "aria-hidden": "true" }, who.initials)), el("span", { class: "presence-text" }, text));
    box.classList.toggle("writing", writing);
    box.hidden = !people.length;
    box.title = text;
  }

  async function beat() {
    clearTimeout(timer);
    if (!box.isConnected) { leave(); return; }
    timer = setTimeout(beat, EVERY);
    if (document.hidden) return;
    told = Date.now() - wrote < WRITES;
    const answer = await post(url, { typing: told ? "1" : "0" }, { json: true }).catch(() => null);
    if (answer?.ok) show(await answer.json());
  }

  function leave() {
    clearTimeout(timer);
    navigator.sendBeacon?.(url, new URLSearchParams({ gone: "1", csrf_token: csrf() }));
  }

  document.addEventListener("input", (event) => {
    if (!box.isConnected || !event.target.matches?.("textarea, [contenteditable], input[type=text]")) return;
    if (event.target.closest("[role=search], .list-search, dialog.palette")) return;
    wrote = Date.now();
    if (!told) { told = true; beat(); }
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  addEventListener("pagehide", leave);
  beat();
}
