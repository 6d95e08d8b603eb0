/* Pickers of records, people and tags: the ARIA combobox pattern, searching the server, several values as tokens,
   a new record made in place. What is chosen stands in hidden inputs, so the form is an ordinary form. */

import { $, $$, announce, debounce, el, icon, request, t } from "./dom.js";
import { createInPlace } from "./dialogs.js";

let counter = 0;

class Combo {
  constructor(root) {
    this.root = root;
    this.multiple = "multiple" in root.dataset;
    this.input = $("input[type=text]", root);
    this.fixed = JSON.parse($("template[data-options]", root)?.content.textContent || "null");
    this.items = [];
    this.at = -1;
    this.id = `combo-${counter += 1}`;
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.id }).forEach(([k, v]) => this.input.setAttribute(k, v));
    $$("[data-drop]", root).forEach((button) => { button.hidden = false; });
    this.settle();
    const later = debounce(() => this.look(), 160);
    this.input.addEventListener("input", () => { this.loosen(); later(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => { if (!this.list) this.look(); });
    this.input.addEventListener("blur", () => setTimeout(() => this.left(), 120));
    root.closest("form")?.addEventListener("sarnakh:restored", (event) => this.restore(event.detail));
    this.follow(root.closest("form"));
    root.addEventListener("click", (event) => {
      const drop = event.target.closest("[data-drop]");
      if (drop) this.drop(drop.closest(".token")); else if (event.target === root) this.input.focus();
    });
  }

  /* Lines are numbered anew as they come and go, and their inputs renamed. */
  get name() { return this.input.name ? this.input.name.replace(/__label$/, "") : this.root.dataset.name; }

  /* Choices that hang on fields beside (a stage on its pipeline) are let go when these change. */
  follow(form) {
    this.beside = (this.root.dataset.within ?? "").split(" ").filter(Boolean);
    if (!this.beside.length || !form) return;
    this.form = form;
    this.near = this.root.closest("[data-line]") ?? form;   // a form of many lines is not searched for each of them
    this.seen = this.besideValues().join();
    this.near.addEventListener("change", () => {
      const before = this.seen;
      this.seen = this.besideValues().join();
      if (this.seen !== before) this.tokens().forEach((token) => this.drop(token));
    });
  }

  /* What the fields beside hold now; null for one that is not in the form. In a line the names of all begin alike. */
  besideValues() {
    const place = this.name.slice(0, this.name.lastIndexOf("-") + 1);
    const held = (name) => $(`[name="${name}"]:not([type=radio], [type=checkbox]), [name="${name}"]:checked`, this.near);
    return this.beside.map((name) => held(place + name)?.value ?? (held(`${place}${name}__label`) ? "" : null));
  }

  address(query) {
    const url = new URL(this.root.dataset.lookup, document.baseURI);
    url.searchParams.set("q", query);
    if (this.form) this.besideValues().forEach((value, i) => { if (value !== null) url.searchParams.set(`within.${this.beside[i]}`, value); });
    return url.pathname + url.search;
  }

  tokens() { return $$(".token", this.root); }

  /* A single value reads as text in the input itself, with its hidden input beside. */
  settle() {
    if (this.multiple) return;
    const token = this.tokens()[0];
    if (!token) return;
    this.input.value = $(".clip", token).textContent;
    token.hidden = true;
    this.clearButton();
  }

  clearButton() {
    if ($(".combo-clear", this.root)) return;
    const button = el("button", { type: "button", class: "combo-clear", title: t("clear"), onclick: () => { this.drop(this.tokens()[0]); this.input.value = ""; this.input.focus(); } }, icon("x"), el("span", { class: "visually-hidden" }, t("clear")));
    this.root.append(button);
  }

  /* Typing over a chosen single value lets it go. */
  loosen() { if (!this.multiple && this.tokens()[0] && this.input.value !== $(".clip", this.tokens()[0]).textContent) this.drop(this.tokens()[0], true); }

  drop(token, keepText = false) {
    if (!token) return;
    token.remove();
    $(".combo-clear", this.root)?.remove();
    if (!this.multiple && !keepText) this.input.value = "";
    this.changed();
    if (this.multiple) this.input.focus();
  }

  changed() { this.root.dispatchEvent(new Event("change", { bubbles: true })); }

  left() {
    if (this.root.contains(document.activeElement)) return;
    this.close();
    if (!this.multiple && this.tokens()[0]) this.input.value = $(".clip", this.tokens()[0]).textContent;
  }

  async look() {
    const query = this.multiple || !this.tokens()[0] ? this.input.value.trim() : "";
    let create = this.root.dataset.create ?? "";
    if (this.root.dataset.lookup) {
      const answer = await request(this.address(query), { json: true }).catch(() => null);
      if (!answer?.ok || document.activeElement !== this.input) return;
      const found = await answer.json();
      this.items = found.items;
      this.hint = found.hint;
      create = found.create_url ?? create;
    } else {
      const folded = query.toLocaleLowerCase();
      this.items = (this.fixed ?? []).filter((item) => item.label.toLocaleLowerCase().includes(folded));
    }
    const taken = new Set(this.tokens().map((token) => token.dataset.value));
    if (this.multiple) this.items = this.items.filter((item) => !taken.has(String(item.id)));
    if (query && "free" in this.root.dataset && !this.items.some((item) => item.label === query)) this.items.push({ id: `new:${query}`, label: query, text: t("createNew", { text: query }), icon: "plus" });
    else if (create && query) this.items.push({ create, label: query, text: t("createNew", { text: query }), icon: "plus" });
    this.draw();
  }

  draw() {
    this.list ??= el("ul", { class: "listbox", role: "listbox", id: this.id, "aria-label": this.name });
    if (!this.list.isConnected) this.root.append(this.list);
    this.list.replaceChildren(...this.items.map((item, i) => el("li", { class: `menu-item${item.create || String(item.id).startsWith("new:") ? " create" : ""}`, role: "option", id: `${this.id}-${i}`, "aria-selected": "false",
      onpointerdown: (event) => { event.preventDefault(); this.choose(item); } }, item.icon ? icon(item.icon) : "", el("span", { class: "clip", dir: "auto" }, item.text ?? item.label), item.detail ? el("span", { class: "detail end clip", dir: "auto" }, item.detail) : "")));
    if (!this.items.length) this.list.append(el("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, this.hint || t("noResults")));
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.items.length ? 0 : -1);
  }

  mark(index) {
    this.at = index;
    $$('[role="option"]', this.list).forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const option = this.list.children[index];
    if (index >= 0 && option) { this.input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list?.remove();
    this.list = null;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      if (!this.list) this.look(); else if (this.items.length) this.mark((this.at + (key === "ArrowDown" ? 1 : -1) + this.items.length) % this.items.length);
    } else if (key === "Enter" && this.list && this.items[this.at]) { event.preventDefault(); event.stopPropagation(); this.choose(this.items[this.at]); }
    else if (key === "Escape" && this.list) { event.preventDefault(); event.stopPropagation(); this.close(); }
    else if (key === "Backspace" && this.multiple && !this.input.value) this.drop(this.tokens().at(-1));
    else if (key === "," && "free" in this.root.dataset && this.input.value.trim()) { event.preventDefault(); this.look().then(() => { const exact = this.items.find((item) => item.label === this.input.value.trim()); if (exact) this.choose(exact); }); }
  }

  /* A draft holds the ids in the hidden inputs and, under name__text, what they were called. */
  restore(values) {
    const ids = values[this.name] ?? [];
    const labels = values[`${this.name}__text`] ?? [];
    this.tokens().forEach((token) => token.remove());
    ids.forEach((id, i) => this.put({ id, label: labels[i] ?? id }));
    if (!ids.length && !this.multiple) this.input.value = values[`${this.name}__label`]?.[0] ?? "";
  }

  async choose(item) {
    this.close();
    if (item.create) {
      const made = await createInPlace(`${item.create}${item.create.includes("?") ? "&" : "?"}name=${encodeURIComponent(item.label)}`);
      if (!made) return;
      item = made;
    }
    this.put(item);
    this.changed();
    announce(item.label);
  }

  put(item) {
    if (!this.multiple) this.tokens().forEach((token) => token.remove());
    const token = el("span", { class: "token", "data-value": String(item.id) }, el("span", { class: "clip", dir: "auto" }, item.label), el("input", { type: "hidden", name: this.name, value: String(item.id) }),
      el("button", { type: "button", "data-drop": "", title: t("remove") }, icon("x"), el("span", { class: "visually-hidden" }, `${t("remove")} ${item.label}`)));
    this.input.before(token);
    this.input.value = "";
    this.settle();
  }
}

export function boot(root) { if (!("readonly" in root.dataset) && $("input[type=text]", root)) root.combo = new Combo(root); }
