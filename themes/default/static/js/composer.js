/* The note composer: @ mentions a colleague, chosen files are named. Ctrl-Enter is heard by app.js, before this has come. */

import { $, $$, debounce, el, localDigits, request, t } from "./dom.js";

class Mentions {
  constructor(area, url) {
    this.area = area;
    this.url = url;
    this.list = null;
    this.at = 0;
    area.addEventListener("input", debounce(() => this.look(), 140));
    area.addEventListener("keydown", (event) => this.key(event), true);
    area.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  word() { return /(?:^|\s)@([^\s@]*)$/u.exec(this.area.value.slice(0, this.area.selectionStart))?.[1]; }

  async look() {
    const word = this.word();
    if (word === undefined) { this.close(); return; }
    const answer = await request(`${this.url}${this.url.includes("?") ? "&" : "?"}q=${encodeURIComponent(word)}`, { json: true }).catch(() => null);
    if (!answer?.ok || this.word() !== word) return;
    const { items } = await answer.json();
    if (!items.length) { this.close(); return; }
    this.list ??= el("ul", { class: "listbox", role: "listbox", id: "mentions", "aria-label": "@" });
    this.list.replaceChildren(...items.map((item, i) => el("li", { class: "menu-item", role: "option", id: `mention-${i}`, onpointerdown: (event) => { event.preventDefault(); this.choose(item); } }, el("span", { dir: "auto" }, item.label), item.detail ? el("span", { class: "detail end" }, item.detail) : "")));
    this.items = items;
    this.area.parentElement.append(this.list);
    this.mark(0);
  }

  mark(index) {
    this.at = index;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    this.area.setAttribute("aria-activedescendant", `mention-${index}`);
  }

  key(event) {
    if (!this.list) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.mark((this.at + steps[event.key] + this.items.length) % this.items.length);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.items[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /* The name is written as text; its id travels in a hidden input. */
  choose(item) {
    const { area } = this;
    const before = area.value.slice(0, area.selectionStart).replace(/@[^\s@]*$/u, `@${item.label} `);
    area.setRangeText(before, 0, area.selectionStart, "end");
    area.form.append(el("input", { type: "hidden", name: "mention", value: String(item.id) }));
    this.close();
    area.focus();
  }

  close() { this.list?.remove(); this.list = null; this.area.removeAttribute("aria-activedescendant"); }
}

export function boot(form) {
  const area = $("textarea", form);
  if (form.dataset.mention) new Mentions(area, form.dataset.mention);
  form.addEventListener("submit", (event) => {
    if (!area.value.trim() && !$$("input[type=file]", form).some((input) => input.files.length)) { event.preventDefault(); area.focus(); }
  });
  const files = $("input[type=file]", form);
  files?.addEventListener("change", () => {
    $("[data-files]", form).textContent = files.files.length === 1 ? files.files[0].name : files.files.length ? t("filesReady", { count: localDigits(files.files.length) }) : "";
  });
}
