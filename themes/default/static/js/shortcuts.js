/* Keys that work everywhere: Ctrl-K and / (palette), g + letter (go to), c (create), ? (help), Ctrl-S (save). */

import { $, $$, el, icon, t, typing } from "./dom.js";
import { openPalette } from "./palette.js";

/* In the order of two columns: everywhere and records, then lists. */
const help = [["Ctrl K", "/", "palette"], ["g h", "home"], ["c", "create"], ["e", "edit"], ["Ctrl S", "save"], ["J", "nextRecord"],
  ["K", "previousRecord"], ["u", "backToList"], ["j", "nextRow"], ["k", "previousRow"], ["x", "select"], ["o", "openRow"],
  ["Enter", "F2", "editCell"], ["Esc", "leaveCell"], ["f", "find"], ["?", "help"]];

function showHelp() {
  const rows = help.map((row) => {
    const name = row.at(-1);
    const keys = row.slice(0, -1).map((key) => el("kbd", {}, key));
    return el("div", {}, el("dt", {}, name === "help" ? t("help") : t(`keys.${name}`)), el("dd", { class: "line-tight" }, ...keys));
  });
  rows.push(...$$("[data-key-help]").map((node) => el("div", {}, el("dt", {}, node.dataset.keyHelp), el("dd", { class: "line-tight" }, el("kbd", {}, node.dataset.key)))));
  const box = el("dialog", { class: "dialog wide", "aria-labelledby": "keys-title" },
    el("div", { class: "dialog-head" }, icon("keyboard"), el("h2", { id: "keys-title" }, t("help")),
      el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", title: t("close"), onclick: () => box.close() }, icon("x-lg"), el("span", { class: "visually-hidden" }, t("close")))),
    el("div", { class: "dialog-body" }, el("dl", { class: "keys-list" }, ...rows)));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

/* The key that was pressed, also on a Persian keyboard: letters by their place on the keyboard. */
function keyOf(event) {
  if (/^[a-z?/]$/i.test(event.key)) return event.key;
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter) return event.shiftKey ? letter : letter.toLowerCase();
  if (event.code === "Slash") return event.shiftKey ? "?" : "/";
  return event.key;
}

let waitingForGo = 0;

function goTo(key) {
  const places = JSON.parse($("#go-to")?.innerHTML.trim() || "{}");
  const url = key === "h" ? document.body.dataset.homeUrl : places[key];
  if (url) location.assign(url);
}

function create() {
  const listed = $("[data-create]")?.dataset.create;
  const primary = $('[data-key="c"]') ?? $(".list-head .btn-primary");
  if (primary) primary.click(); else if (listed) location.assign(listed);
}

const actions = {
  "/": () => openPalette(), "?": showHelp, c: create, g: () => { waitingForGo = Date.now(); },
  f: () => $(".list-search input")?.focus(),
};

export function startShortcuts() {
  document.addEventListener("keydown", (event) => {
    const key = keyOf(event);
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "s") {
      const form = event.target.closest?.('form[data-module="form"]') ?? $('dialog[open] form[data-module="form"]') ?? $('form[data-module="form"]');
      if (form) { event.preventDefault(); form.requestSubmit(form.querySelector(".btn-primary")); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    if (Date.now() - waitingForGo < 1200) { waitingForGo = 0; event.preventDefault(); goTo(key); return; }
    const own = $$("[data-key]").find((node) => node.dataset.key === key && node.checkVisibility());
    if (own) { event.preventDefault(); own.click(); }
    else if (actions[key]) { event.preventDefault(); actions[key](); }
    else document.dispatchEvent(new CustomEvent("sarnakh:key", { detail: { key, event } }));
  });
  const search = $("[data-search] input");
  search?.addEventListener("focus", () => { if (document.body.dataset.paletteUrl && !search.value) openPalette(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) { event.preventDefault(); openPalette(); }
  });
}
