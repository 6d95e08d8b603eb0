/* How many notifications are unread, and what else is new: fetched after the page, and again while it stays open and is looked at.
   One request for all: addons answer the hook `live_counts`; what they say is heard as `sarnakh:live` on the document and stands in
   elements with data-live-count="<name>". A page with data-live-often asks more often. */

import { $, $$, announce, request, t } from "./dom.js";

const EVERY = 60_000;
const OFTEN = 15_000;
const FRESH = 20_000;
const KEPT = "sarnakh-bell";

export function boot(bell) {
  const mark = $("[data-unread]", bell);
  const url = `${bell.getAttribute("href")}/count`;
  if (!url.startsWith("/")) return;
  let last = 0;
  let asked = 0;

  function show({ count, text, live = {} }) {
    mark.hidden = !count;
    mark.textContent = text;
    if (count > last && last) announce(t("bell"));
    last = count;
    for (const [name, found] of Object.entries(live)) {
      $$(`[data-live-count="${CSS.escape(name)}"]`).forEach((place) => { place.textContent = found.text; place.hidden = !found.count; });
    }
    document.dispatchEvent(new CustomEvent("sarnakh:live", { detail: live }));
  }

  async function look() {
    if (document.hidden) return;
    asked = Date.now();
    const answer = await request(url, { json: true }).catch(() => null);
    if (!answer?.ok) return;
    const found = await answer.json();
    sessionStorage.setItem(KEPT, JSON.stringify({ ...found, at: Date.now() }));
    show(found);
  }

  /* Somebody who walks from page to page does not ask anew on each. */
  const often = () => $("[data-live-often]") !== null;
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (kept && Date.now() - kept.at < FRESH && !often()) { asked = kept.at; show(kept); }
  else look();
  bell.addEventListener("click", () => sessionStorage.removeItem(KEPT));
  setInterval(() => { if (Date.now() - asked >= (often() ? OFTEN : EVERY) - 500) look(); }, OFTEN);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("sarnakh:look", look);   // a script that knows that something changed
}
