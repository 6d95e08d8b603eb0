/* Theme, density and the folded app bar: changed at once, remembered on the server and in this browser. */

import { $, $$, html, post } from "./dom.js";

function remember(name, value) {
  const url = document.body.dataset.preferencesUrl;
  if (url) post(url, { name, value }).catch(() => {});
}

function set(name, value) {
  html.dataset[name] = value;
  $$(`[data-set="${name}"]`).forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.value === value)));
  remember(name, value);
}

export function startLooks() {
  $$("[data-looks]").forEach((box) => { box.hidden = false; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set]");
    if (button) set(button.dataset.set, button.dataset.value);
  });
  const fold = $("[data-fold]");
  if (!fold) return;
  fold.hidden = false;
  if (localStorage.getItem("sarnakh:bar") === "folded") html.dataset.bar = "folded";
  fold.addEventListener("click", () => {
    const folded = html.dataset.bar !== "folded";
    html.dataset.bar = folded ? "folded" : "";
    localStorage.setItem("sarnakh:bar", html.dataset.bar);
    fold.setAttribute("aria-pressed", String(folded));
  });
}
