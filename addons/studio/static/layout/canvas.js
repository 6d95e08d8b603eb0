/* The page as it is being edited: every part a box, every thing a button that is chosen, moved and taken away. */

import { $, el, icon, rtl, tell } from "./dom.js";

const WIDTHS = [1, 2, 3, 4];

export class Canvas {
  constructor(editor, pane) {
    this.editor = editor;
    this.pane = pane;
    pane.addEventListener("click", (event) => this.clicked(event));
    pane.addEventListener("keydown", (event) => this.pressed(event));
  }

  get model() { return this.editor.model; }

  draw() {
    const focused = document.activeElement?.closest?.("[data-canvas] [data-item]")?.dataset.item;
    this.pane.replaceChildren(this.list(this.model.root));
    if (focused) $(`[data-item="${CSS.escape(focused)}"]`, this.pane)?.focus({ preventScroll: true });
  }

  list(parent) {
    const columns = this.model.value(parent, "columns");
    const grid = ["section", "tab"].includes(parent.kind) ? WIDTHS.find((n) => n === Number(columns ?? 2)) : 1;
    const list = el("ul", { class: `le-items cols-${grid}${parent.kind === "page" ? " is-root" : ""}`, "data-parent": parent.id });
    list.append(...parent.children.map((node) => this.item(node)));
    if (!parent.children.length) list.append(el("li", { class: "le-nothing" }, tell("empty")));
    return list;
  }

  item(node) {
    const chosen = this.editor.chosen === node.id;
    const holds = this.model.isContainer(node);
    const span = WIDTHS.find((n) => n === Number(this.model.value(node, "span") ?? 1)) ?? 1;
    const made = el("li", { class: `le-node is-${node.kind} span-${span}${chosen ? " chosen" : ""}`, "data-node": node.id, draggable: "true" });
    const head = el("div", { class: "le-line" },
      el("button", { type: "button", class: "le-item", "data-item": node.id, "aria-pressed": String(chosen) },
        icon(node.icon ?? "input-cursor"), el("span", { class: "clip", dir: "auto" }, this.editor.nameOf(node)), ...this.marks(node)),
      el("span", { class: "le-moves" },
        this.tool("up", "arrow-up", node), this.tool("down", "arrow-down", node), this.tool("remove", "x-lg", node)));
    made.append(head);
    if (holds) made.append(this.list(node));
    return made;
  }

  marks(node) {
    const found = [];
    if (node.own) found.push(el("span", { class: "badge tint-teal", title: tell("own") }, icon("plus"), el("span", { class: "visually-hidden" }, tell("own"))));
    else if (Object.keys(node.set).length) found.push(el("span", { class: "badge tint-blue", title: tell("changed") }, icon("pencil"), el("span", { class: "visually-hidden" }, tell("changed"))));
    const shown = this.model.value(node, "visible");
    if (shown !== undefined && shown !== null && shown !== true) found.push(el("span", { class: "badge tint-yellow", title: tell("hidden") }, icon("eye-slash"), el("span", { class: "visually-hidden" }, tell("hidden"))));
    return found;
  }

  tool(what, sign, node) {
    const label = `${tell(what)}: ${this.editor.nameOf(node)}`;
    return el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", "data-tool": what, "data-for": node.id, title: tell(what), "aria-label": label, tabindex: "-1" }, icon(sign));
  }

  clicked(event) {
    const tool = event.target.closest("[data-tool]");
    if (tool) { this.editor.act(tool.dataset.tool, tool.dataset.for); return; }
    const item = event.target.closest("[data-item]");
    if (item) this.editor.choose(item.dataset.item, true);
  }

  pressed(event) {
    const item = event.target.closest("[data-item]");
    if (!item) return;
    const id = item.dataset.item;
    const inward = rtl() ? "ArrowLeft" : "ArrowRight";
    const outward = rtl() ? "ArrowRight" : "ArrowLeft";
    const acts = { ArrowUp: "up", ArrowDown: "down", [inward]: "in", [outward]: "out" };
    if (event.altKey && acts[event.key]) this.editor.act(acts[event.key], id);
    else if (event.key === "Delete") this.editor.act("remove", id);
    else if (!event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) this.step(item, event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  step(item, by) {
    const all = [...this.pane.querySelectorAll("[data-item]")];
    all[all.indexOf(item) + by]?.focus();
  }

  focus(id) { $(`[data-item="${CSS.escape(id)}"]`, this.pane)?.focus(); }
}
