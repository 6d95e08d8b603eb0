/* Small helpers: file drop, line items, showing a password, printing. */

import { $, $$, announce, localDigits, parse, request, t } from "./dom.js";
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
  const form = root.closest("form");
  const place = new RegExp(`^${root.dataset.name}-(\\d+|__)-`);
  const number = (first = 0) => {
    $$("[data-line]", body).forEach((row, i) => i >= first && $$("[name]", row).forEach((input) => {
      input.name = input.name.replace(place, `${root.dataset.name}-${i}-`);
    }));
    root.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const count = () => $$("[data-line]", body).length;
  const ready = (scope) => $$("[data-line-drop]", scope).forEach((button) => { button.hidden = false; });
  const add = $("[data-line-add]", root);
  add.hidden = false;
  add.addEventListener("click", () => {
    body.append(template.content.cloneNode(true));
    const row = body.lastElementChild;
    row.dataset.touched = "1";
    number(count() - 1);
    ready(row);
    bootAll(row);
    $("input:not([type=hidden]), select", row)?.focus();
  });
  /* Further lines come in pages; of untouched ones nothing but their number is sent. */
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-lines-more]");
    if (!button) return;
    button.disabled = true;
    const first = count();
    const answer = await request(`${button.dataset.linesMore}&first=${first}`, { fragment: "lines" }).catch(() => null);
    button.disabled = false;
    if (!answer?.ok) return;
    const found = parse(await answer.text());
    const rows = [...$("tbody", found).children];
    const next = $("[data-lines-more]", found);
    $$(`input[name="${root.dataset.name}-after"]`, body).forEach((input) => input.remove());
    body.append(...rows);
    rows.forEach(ready);
    bootAll(body);
    announce(localDigits(count()));
    if (next) button.dataset.linesMore = next.dataset.linesMore; else $("[data-lines-further]", root).remove();
    $("input:not([type=hidden]), select", rows[0])?.focus();
  });
  for (const kind of ["input", "change"]) body.addEventListener(kind, (event) => { const row = event.target.closest("[data-line]"); if (row) row.dataset.touched = "1"; });
  if ($(`input[name="${root.dataset.name}-known"]`, body) && !$('[aria-invalid="true"], .error', form)) form.addEventListener("submit", () => {
    const idle = $$("[data-line]:not([data-touched]) [name]:enabled", body).filter((input) => !input.name.endsWith("-id"));
    idle.forEach((input) => { input.disabled = true; });
    setTimeout(() => idle.forEach((input) => { input.disabled = false; }));
  }, true);
  root.addEventListener("click", (event) => {
    if (!event.target.closest("[data-line-drop]")) return;
    event.target.closest("[data-line]").remove();
    number();
  });
  ready(root);
  const more = $("[data-lines-more]", root);
  if (more) more.hidden = false;
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
