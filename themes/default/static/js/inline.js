/* In-place editing of a cell or a value: Enter, F2 or a click begins, Enter saves, Tab saves and goes on, Escape leaves. */

import { $, $$, parse, post, request, t, toast } from "./dom.js";
import { boot } from "./app.js";

let current = null;

/** Where a cell is edited: its own address, or in a list the field's name under the row's address. */
function address(node) {
  const edit = node.dataset.edit;
  return edit.includes("/") ? edit : `${node.closest("tr").dataset.url.split("?")[0]}/field/${edit}`;
}

/** Make every [data-edit] below `root` editable; `version(node)` and `setVersion(node, version)` guard against others' edits,
    `may(node)` says whether this one may be changed at all. */
export function editable(root, version, setVersion, may = () => true) {
  const begin = async (node) => {
    if (!node || current?.node === node) return;
    if (await may(node)) new Editor(root, node, version, setVersion).start(); else toast(t("fixed"));
  };
  const find = (event) => event.target.closest?.("[data-edit]");
  root.addEventListener("click", (event) => {
    const node = find(event);
    if (!node || node.matches(".editing") || event.target.closest("a, button:not(.pen), input")) return;
    if (node.tagName === "TD") {
      if (event.detail < 2) { node.focus(); return; }
      getSelection().empty();   // the word that the second click marked
      begin(node);
    } else if (!String(getSelection()) || event.target.closest(".pen")) begin(node);
  });
  root.addEventListener("sarnakh:edit", (event) => begin(find(event)), true);
  root.addEventListener("keydown", (event) => {
    const node = find(event);
    if (event.target === node && !node.matches(".editing")) {
      if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); begin(node); }
      else if (node.tagName === "TD") walk(event, node);
    } else if (event.key === "F2" && event.target.closest("td, tr")) {
      event.preventDefault();
      begin(event.target.closest("tr").querySelector("[data-edit]"));
    }
  });
  root.querySelectorAll("td[data-edit]").forEach((cell, i) => { if (i === 0) cell.tabIndex = 0; });
}

/* Arrows go from cell to cell, as the eye sees them. */
function walk(event, cell) {
  const back = document.documentElement.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, back === "ArrowLeft" ? -1 : 1], ArrowRight: [0, back === "ArrowRight" ? -1 : 1] };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  let next = cell;
  do {
    const row = step[0] > 0 ? next.parentElement.nextElementSibling : step[0] < 0 ? next.parentElement.previousElementSibling : next.parentElement;
    next = row?.cells[next.cellIndex + step[1]];
  } while (next && !next.dataset.edit && step[1]);
  next?.focus();
}

/* A redirect can only lead to the sign-in page here; what was typed stays in its cell. */
function signedOut(answer) {
  const out = answer !== null && (answer.redirected || answer.status === 401);
  if (out) toast(t("signedOut"), { level: "error" });
  return out;
}

class Editor {
  constructor(root, node, version, setVersion) {
    Object.assign(this, { root, node, version, setVersion, old: [...node.childNodes], pen: $(".pen", node), busy: false });
  }

  async start() {
    if (current) await current.save();
    const answer = await request(address(this.node), { fragment: "editor" }).catch(() => null);
    if (signedOut(answer)) return;
    if (!answer?.ok) {
      if (!answer?.headers.has("X-Toast")) toast(t("error"), { level: "error" });
      return;
    }
    current = this;
    await this.fill(await answer.text());
    this.before = this.state();
    this.keys = (event) => this.key(event);
    this.away = (event) => {
      if (!this.node.contains(event.target) && !event.target.closest(".datepicker, dialog, .listbox")) this.save();
    };
    this.node.addEventListener("keydown", this.keys);
    document.addEventListener("pointerdown", this.away);
  }

  async fill(markup) {
    if (this.node.tagName === "TD") this.node.style.minInlineSize ||= `${this.node.offsetWidth}px`;
    this.node.classList.add("editing");
    this.node.replaceChildren(parse(markup));
    await boot(this.node);
    const input = $("input:not([type=hidden]), select, textarea, [contenteditable]", this.node);
    input?.focus();
    input?.select?.();
  }

  state() { return new URLSearchParams(this.data()).toString(); }

  data() {
    const form = document.createElement("form");
    const data = new FormData(form);
    for (const input of $$("input, select, textarea", this.node)) {
      if (!input.name || input.disabled || ((input.type === "checkbox" || input.type === "radio") && !input.checked)) continue;
      if (input.type === "file") [...input.files].forEach((file) => data.append(input.name, file)); else data.append(input.name, input.value);
    }
    return data;
  }

  async key(event) {
    if (event.defaultPrevented) return;
    const long = event.target.matches("textarea, [contenteditable]");
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(this.old); this.focus(); }
    else if (event.key === "Enter" && (!long || event.ctrlKey || event.metaKey)) { event.preventDefault(); if (await this.save()) this.focus(); }
    else if (event.key === "Tab" && this.node.tagName === "TD") {
      event.preventDefault();
      const all = $$("[data-edit]", this.root).filter((node) => !node.closest("[data-fixed]"));
      const next = all[all.indexOf(this.node) + (event.shiftKey ? -1 : 1)];
      if (await this.save()) next?.dispatchEvent(new CustomEvent("sarnakh:edit", { bubbles: true }));
    }
  }

  focus() { (this.pen ?? this.node).focus(); }

  /** Send what was typed; true when the editor is closed afterwards. */
  async save() {
    if (this.busy || current !== this) return true;
    if (this.state() === this.before) { this.close(this.old); return true; }
    this.busy = true;
    const data = this.data();
    data.append("version", this.version(this.node) ?? "");
    const answer = await post(address(this.node), data, { fragment: "cell" }).catch(() => null);
    this.busy = false;
    if (!answer) { toast(t("offline"), { level: "error" }); return false; }
    if (signedOut(answer)) return false;
    const markup = await answer.text();
    if (answer.ok) {
      if (answer.headers.get("X-Version")) this.setVersion(this.node, answer.headers.get("X-Version"));
      this.close([...parse(markup).childNodes]);
      this.node.classList.remove("saved-flash");
      requestAnimationFrame(() => this.node.classList.add("saved-flash"));
      return true;
    }
    if (answer.status === 422) { await this.fill(markup); return false; }
    if (!answer.headers.has("X-Toast")) toast(answer.status === 409 ? parse(markup).textContent.trim().split("\n")[0] : t("error"), { level: "error" });
    this.close(this.old);
    return true;
  }

  close(nodes) {
    if (current === this) current = null;
    this.node.removeEventListener("keydown", this.keys);
    document.removeEventListener("pointerdown", this.away);
    this.node.classList.remove("editing");
    this.node.style.minInlineSize = "";
    this.node.replaceChildren(...nodes);
    if (this.pen && !this.node.contains(this.pen)) this.node.append(this.pen);
  }
}
