/* The business card shown when the pointer rests on a link to a record. */

import { el, parse, placeBeside, request } from "./dom.js";

const known = new Map();
let card = null;
let timer = 0;

function hide() {
  clearTimeout(timer);
  card?.remove();
  card = null;
}

async function show(link) {
  const url = document.body.dataset.cardUrl + link.dataset.card;
  if (!known.has(url)) {
    const answer = await request(url, { fragment: "card" }).catch(() => null);
    if (!answer?.ok) return;
    known.set(url, await answer.text());
    if (known.size > 100) known.delete(known.keys().next().value);
  }
  if (!link.matches(":hover, :focus")) return;
  hide();
  card = el("div", { class: "hovercard" });
  card.append(parse(known.get(url)));
  document.body.append(card);
  placeBeside(card, link);
  card.addEventListener("pointerleave", hide);
}

export function startCards() {
  if (!document.body.dataset.cardUrl) return;
  document.addEventListener("pointerover", (event) => {
    const link = event.target.closest?.("[data-card]");
    if (!link || event.pointerType === "touch") return;
    clearTimeout(timer);
    timer = setTimeout(() => show(link), 450);
  });
  document.addEventListener("pointerout", (event) => {
    if (!event.target.closest?.("[data-card]")) return;
    clearTimeout(timer);
    setTimeout(() => { if (card && !card.matches(":hover")) hide(); }, 200);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", hide, true);
}
