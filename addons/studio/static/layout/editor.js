/* The layout editor: puts palette, page, properties and preview together, stores, and says what happened. */

import { Canvas } from "./canvas.js";
import { $, $$, el, icon, learn, send, tell } from "./dom.js";
import { startDragging } from "./drag.js";
import { Model } from "./model.js";
import { Palette } from "./palette.js";
import { Panel } from "./panel.js";
import { startPreview } from "./preview.js";

class Editor {
  constructor(root) {
    this.root = root;
    this.state = JSON.parse($("[data-le-state]", root).textContent);
    learn(JSON.parse($("[data-le-texts]", root).textContent));
    this.model = new Model(this.state);
    this.chosen = null;
    this.canvas = new Canvas(this, $("[data-canvas]", root));
    this.palette = new Palette(this, $("[data-offers]", root), $("[data-find]", root), this.state.palette);
    this.panel = new Panel(this, $("[data-panel]", root));
    startDragging(this, $("[data-body]", root));
    startPreview(this, root);
    this.model.onChange(() => this.draw());
    this.listen();
    $("[data-body]", root).hidden = false;
    this.draw();
    this.panel.draw();
  }

  listen() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button && this[button.dataset.do]) this[button.dataset.do]();
    });
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const typing = event.target.closest("input, textarea, select");
      const key = event.key.toLowerCase();
      if (key === "s") this.save();
      else if (typing) return;
      else if (key === "z" && !event.shiftKey) this.undo();
      else if (key === "y" || (key === "z" && event.shiftKey)) this.redo();
      else return;
      event.preventDefault();
    });
    addEventListener("beforeunload", (event) => { if (this.model.dirty && !this.leaving) event.preventDefault(); });
  }

  draw() {
    if (this.chosen && !this.model.node(this.chosen)) { this.chosen = null; this.panel.draw(); }
    this.canvas.draw();
    this.palette.draw();
    this.able("undo", this.model.past.length > 0);
    this.able("redo", this.model.future.length > 0);
    this.able("save", this.model.dirty);
    $("[data-state]", this.root).textContent = this.model.dirty ? tell("unsaved") : "";
  }

  able(what, yes) { $(`[data-do="${what}"]`, this.root).setAttribute("aria-disabled", String(!yes)); }

  nameOf(node) {
    const label = node.set?.label;
    if (label) return typeof label === "string" ? label : label[this.state.lang] ?? label.en ?? Object.values(label)[0] ?? node.name;
    return node.name || node.id;
  }

  digits(number) { return new Intl.NumberFormat(document.documentElement.dataset.digits === "arabext" ? "fa" : "en").format(number); }

  plain(text) { return text.replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0); }

  say(text) { $("[data-live]", this.root).textContent = text; }

  choose(id, panel = false) {
    this.chosen = id;
    this.canvas.draw();
    if (panel || this.panel.shown !== id) this.panel.draw();
  }

  page() { this.choose(null, true); $("[data-panel]", this.root).focus(); }

  /** Where a thing stands, in words. */
  placeOf(id) {
    const at = this.model.find(id);
    const where = at.parent.kind === "page" ? tell("page") : this.nameOf(at.parent);
    const before = at.parent.children[at.index - 1];
    return before ? tell("after", { other: this.nameOf(before), where }) : tell("first", { where });
  }

  act(what, id) {
    const node = this.model.node(id);
    if (!node) return;
    const near = this.neighbour(id);
    const done = { up: () => this.model.shift(id, -1), down: () => this.model.shift(id, 1), in: () => this.model.into(id),
      out: () => this.model.out(id), remove: () => this.model.remove(id) }[what]();
    if (what === "remove") {
      this.say(tell("removed", { node: this.nameOf(node) }));
      if (near) this.canvas.focus(near);
      return;
    }
    this.choose(id);
    this.canvas.focus(id);
    this.say(done ? tell("moved", { node: this.nameOf(node), place: this.placeOf(id) }) : tell("stays"));
  }

  neighbour(id) {
    const at = this.model.find(id);
    return at.parent.children[at.index + 1]?.id ?? at.parent.children[at.index - 1]?.id ?? (at.parent.kind === "page" ? null : at.parent.id);
  }

  /** A thing of the palette, made new where it can be there several times. */
  offered(key) {
    const found = this.palette.find(key);
    if (!found) return null;
    const made = structuredClone(found);
    if (made.fresh) {
      made.id = this.model.freshId(made.kind);
      const named = { section: "newSection", tab: "newTab", link: "newLink" }[made.kind];
      if (named) made.name = tell(named);
      if (named) made.set.label ??= { [this.state.lang]: made.name };
    }
    return made;
  }

  add(key) {
    const thing = this.offered(key);
    const { parent, index } = this.after(thing);
    this.dropped(thing, parent, index);
  }

  /** After what is chosen, in what is chosen, or at the end of the first part that can hold it. */
  after(thing) {
    let at = this.chosen ? this.model.find(this.chosen) : null;
    if (at && this.model.isContainer(at.node) && this.model.fits(thing, at.node)) return { parent: at.node.id, index: at.node.children.length };
    while (at) {
      if (this.model.fits(thing, at.parent)) return { parent: at.parent.id, index: at.index + 1 };
      at = this.model.find(at.parent.id);
    }
    const part = ["field", "link"].includes(thing.kind) ? this.model.root.children.find((one) => one.kind === "section") : null;
    const parent = part ?? this.model.root;
    return { parent: parent.id, index: parent.children.length };
  }

  dropped(thing, parent, index) {
    const there = this.model.find(thing.id);
    const done = there ? this.model.move(thing.id, parent, index) : this.model.insert(thing, parent, index);
    if (!done) { this.say(tell("stays")); return; }
    this.choose(thing.id, true);
    this.say(tell(there ? "moved" : "added", { node: this.nameOf(thing), place: this.placeOf(thing.id) }));
  }

  undo() { if (this.model.undo()) { this.panel.draw(); this.say(tell("undone")); } }

  redo() { if (this.model.redo()) { this.panel.draw(); this.say(tell("redone")); } }

  async save() {
    if (!this.model.dirty) return;
    this.able("save", false);
    $("[data-state]", this.root).textContent = tell("saving");
    const { owner, version } = this.state;
    let answer = { status: 0, data: {} };
    try { answer = await send(this.root.dataset.url, { owner, version, tree: this.model.tree() }); } catch { /* no connection */ }
    if (answer.status === 200) {
      this.leaving = true;
      location.assign(answer.data.url);
      return;
    }
    this.refused(answer.data.errors ?? [answer.data.error || tell("failed")]);
    this.draw();
  }

  refused(reasons) {
    const box = $("[data-errors]", this.root);
    box.replaceChildren(icon("exclamation-octagon"), el("ul", {}, ...reasons.map((reason) => el("li", { dir: "auto" }, reason))));
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
  }
}

$$("[data-layout-editor]").forEach((root) => new Editor(root));
