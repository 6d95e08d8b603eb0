/* Small helpers: file drop, line items, showing a password, printing. */

import { $, $$, localDigits, t } from "./dom.js";
import { boot as bootAll } from "./app.js";

function drop(root) {
  const input = $("input[type=file]", root);
  const text = $("[data-drop-text]", root);
  for (const [name, on] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    root.addEventListener(name, () => root.classList.toggle("over", on));
  }
  input.addEventListener("change", () => {
    if (input.files.length) text.textContent = input.files.length === 1 ? input.files[0].name : t("filesReady", { count: localDigits(input.files.length) });
  });
}

function lines(root) {
  const body = $("tbody", root);
  const template = $("template[data-line-template]", root);
  const number = () => {
    $$("[data-line]", body).forEach((row, i) => $$("[name]", row).forEach((input) => {
      input.name = input.name.replace(new RegExp(`^${root.dataset.name}-(\\d+|__)-`), `${root.dataset.name}-${i}-`);
    }));
    root.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const ready = (scope) => $$("[data-line-drop]", scope).forEach((button) => { button.hidden = false; });
  const add = $("[data-line-add]", root);
  add.hidden = false;
  add.addEventListener("click", () => {
    body.append(template.content.cloneNode(true));
    number();
    ready(body);
    bootAll(body.lastElementChild);
    $("input, select", body.lastElementChild)?.focus();
  });
  root.addEventListener("click", (event) => {
    if (!event.target.closest("[data-line-drop]")) return;
    event.target.closest("[data-line]").remove();
    number();
  });
  ready(root);
}

function password(root) {
  const button = $("[data-reveal]", root);
  const input = $("input", root);
  button.hidden = false;
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(input.type === "text"));
  });
}

export function boot(root) {
  ({ drop, lines, password, print: () => setTimeout(() => print(), 300) })[root.dataset.module](root);
}
