/* What can be put on the page, by groups; by Enter it goes after what is chosen, by mouse to where it is dropped. */

import { $, el, icon, tell } from "./dom.js";

export class Palette {
  constructor(editor, pane, search, groups) {
    this.editor = editor;
    this.pane = pane;
    this.groups = groups;
    this.search = search;
    this.unfolded = new Set();
    search.addEventListener("input", () => this.draw());
    pane.addEventListener("click", (event) => {
      const offer = event.target.closest("[data-offer]");
      if (offer) this.editor.add(offer.dataset.offer);
      const group = event.target.closest("summary")?.parentElement;
      if (group && !this.search.value.trim()) this.unfolded[group.open ? "delete" : "add"](group.dataset.group);
    });
  }

  draw() {
    const { model } = this.editor;
    const word = this.search.value.trim().toLocaleLowerCase();
    const fits = (name) => !word || name.toLocaleLowerCase().includes(word);
    const groups = [{ id: "away", label: tell("away"), items: model.away }, ...this.groups];
    const aside = new Set(model.away.map((node) => node.id));
    const made = groups.map((group) => {
      const items = group.items.filter((one) => (one.fresh || (!model.find(one.id) && (group.id === "away" || !aside.has(one.id)))) && fits(this.editor.nameOf(one)));
      return items.length ? this.group(group, items, Boolean(word) || this.unfolded.has(group.id)) : null;
    }).filter(Boolean);
    const focused = document.activeElement?.dataset?.offer;
    this.pane.replaceChildren(...(made.length ? made : [el("p", { class: "muted small" }, tell("noMatch"))]));
    if (focused) $(`[data-offer="${CSS.escape(focused)}"]`, this.pane)?.focus({ preventScroll: true });
  }

  group(group, items, open) {
    const head = el("h3", {}, group.label);
    const list = el("ul", {}, ...items.map((one) => el("li", {}, el("button", { type: "button", class: "le-offer", draggable: "true", "data-offer": `${group.id}:${one.id}` },
        icon(one.icon ?? "input-cursor"), el("span", { class: "clip", dir: "auto" }, this.editor.nameOf(one))))));
    return group.folded ? el("details", { "data-group": group.id, open }, el("summary", {}, head), list) : el("section", {}, head, list);
  }

  /** What is offered under a key such as `fields:email`. */
  find(key) {
    const [group] = key.split(":", 1);
    const id = key.slice(group.length + 1);
    const items = group === "away" ? this.editor.model.away : this.groups.find((one) => one.id === group)?.items ?? [];
    return items.find((one) => one.id === id) ?? null;
  }
}
