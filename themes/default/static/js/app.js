/* Start of the scripts: boots modules named by data-module, here and in every fragment that arrives. */

import { $, $$, copy, fade, plainDigits, toast } from "./dom.js";
import { startDialogs } from "./dialogs.js";
import { startMenus } from "./menus.js";
import { startLooks } from "./looks.js";
import { startShortcuts } from "./shortcuts.js";
import { startCards } from "./cards.js";

const modules = {
  list: () => import("./list.js"),
  board: () => import("./board.js"),
  calendar: () => import("./calendar.js"),
  record: () => import("./record.js"),
  form: () => import("./forms.js"),
  date: () => import("./datepicker.js"),
  picker: () => import("./picker.js"),
  criteria: () => import("./criteria.js"),
  columns: () => import("./columns.js"),
  richtext: () => import("./richtext.js"),
  composer: () => import("./composer.js"),
  drop: () => import("./small.js"),
  lines: () => import("./small.js"),
  password: () => import("./small.js"),
  print: () => import("./small.js"),
  bell: () => import("./bell.js"),
  presence: () => import("./presence.js"),
};

const loaded = new Map();

/** Boot every module below a node that is not running yet. Addons' own modules listen to "sarnakh:boot". */
export async function boot(root = document) {
  const waiting = $$("[data-module]", root);
  if (root.matches?.("[data-module]")) waiting.unshift(root);
  for (const node of waiting) {
    if (node.booted) continue;
    node.booted = true;
    const name = node.dataset.module;
    if (!modules[name]) continue;
    if (!loaded.has(name)) loaded.set(name, await modules[name]());   // awaiting for each node would draw the page between any two
    loaded.get(name).boot(node);
  }
  $$("[data-copy][hidden]", root).forEach((button) => { button.hidden = false; });
  document.dispatchEvent(new CustomEvent("sarnakh:boot", { detail: { root } }));
}

/* Clicks that copy a text, or say why something is closed. */
function startCopying() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button.dataset.copy);
    const silent = event.target.closest("[data-say]");
    if (silent) toast(silent.dataset.say, { seconds: 8 });
  });
  /* A copied number is copied with plain digits. */
  document.addEventListener("copy", (event) => {
    const text = String(getSelection());
    if (!text || event.target.closest?.("input, textarea, [contenteditable]")) return;
    const only = /^[\s\d۰-۹٠-٩٬٫.,+\-/():٪%]+$/u.test(text);
    if (!only || !/[۰-۹٠-٩]/.test(text)) return;
    event.clipboardData.setData("text/plain", plainDigits(text));
    event.preventDefault();
  });
}

function startForms() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    const form = event.target.closest("[data-autosubmit]");
    if (form && event.target.type === "file") form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches('form[data-module~="composer"] textarea')) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  const pane = $("[data-refresh]");
  if (pane) setTimeout(() => location.reload(), Number(pane.dataset.refresh) * 1000);
}

/* A draft that was sent is done with once the answer is neither its form again, nor the sign-in page, nor an error. */
function dropSentDrafts() {
  if (document.body.matches(".auth") || $(".fault")) return;
  const saved = $('[data-toast][data-level="success"]') !== null;
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith("sarnakh:draft:"))) {
    const again = $$("form[data-draft]").some((form) => `sarnakh:draft:${form.dataset.draft}` === key);
    if (JSON.parse(localStorage.getItem(key)).sent && (saved || !again)) localStorage.removeItem(key);
  }
}

dropSentDrafts();
startMenus();
startDialogs(boot);
startLooks();
startShortcuts();
startCards();
startCopying();
startForms();
boot().then(() => { document.documentElement.dataset.booted = ""; });   // from here on keys and clicks are heard
$$("[data-toast]").forEach((item) => fade(item, item.dataset.level === "error" ? 12 : 6));
document.addEventListener("htmx:afterSettle", (event) => boot(event.target));
