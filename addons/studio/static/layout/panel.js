/* What is said of the chosen thing: labels in each language, width, conditions … one input for each property. */

import { $, debounce, el, icon, send, tell } from "./dom.js";

let numbers = 0;

export class Panel {
  constructor(editor, pane) {
    this.editor = editor;
    this.pane = pane;
    this.targets = new Map();
  }

  get model() { return this.editor.model; }

  draw() {
    const id = this.editor.chosen ?? "@layout";
    const node = this.model.node(id);
    if (!node) { this.pane.replaceChildren(); return; }
    this.shown = id;
    const inputs = id === "@layout" ? this.editor.state.pageInputs : [...this.editor.state.inputs[node.kind === "field" && node.id.includes(".") ? "path" : node.kind] ?? [], ...this.editor.state.blocks[this.model.value(node, "widget")] ?? []];
    const title = id === "@layout" ? tell("pageTitle") : this.editor.nameOf(node);
    this.pane.replaceChildren(
      el("div", { class: "le-panel-head" }, el("h2", { dir: "auto", "data-panel-title": "" }, title), id === "@layout" ? null : el("code", { class: "small muted", dir: "ltr" }, node.id)),
      ...(inputs.length ? inputs.map((input) => this.input(node, input)) : [el("p", { class: "muted small" }, tell(id === "@layout" ? "chooseFirst" : "noInputs"))]));
  }

  /** What this layer says of a property, or of an option of a block (`options.limit`). */
  own(node, prop) {
    const [head, option] = prop.split(".", 2);
    return option ? this.model.value(node, head)?.[option] : node.set[prop];
  }

  say(node, prop, value) {
    const [head, option] = prop.split(".", 2);
    if (option) {
      const { [option]: _old, ...rest } = this.model.value(this.model.node(node.id), head) ?? {};
      this.model.set(node.id, head, value === undefined ? rest : { ...rest, [option]: value });
    } else this.model.set(node.id, prop, value);
    const title = $("[data-panel-title]", this.pane);
    if (title && node.id !== "@layout") title.textContent = this.editor.nameOf(this.model.node(node.id));
  }

  input(node, input) {
    const makers = { words: "words", condition: "condition", number: "choice", flag: "flag", one: "choice", field: "field", fields: "several", paths: "several",
      record: "record", target: "target", measure: "target", area: "area", texts: "words", links: "links" };
    return this[makers[input.type] ?? "line"](node, input);
  }

  box(input, ...children) { return el("div", { class: "le-prop", "data-prop": input.name }, ...children); }

  labelled(input, control) {
    const id = `le-in-${numbers += 1}`;
    control.id = id;
    return this.box(input, el("label", { for: id }, input.label), control);
  }

  words(node, input) {
    const base = node.base[input.name] ?? {};
    const own = this.own(node, input.name);
    const box = el("fieldset", { class: "le-prop", "data-prop": input.name }, el("legend", {}, input.label));
    for (const [lang, language] of Object.entries(this.editor.state.languages)) {
      const value = own === undefined || own === null ? "" : typeof own === "string" ? own : own[lang] ?? "";
      const shipped = typeof base === "string" ? base : base[lang] ?? (input.name === "label" ? node.names?.[lang] ?? "" : "");
      box.append(el("div", { class: "le-word" }, el("span", { class: "small muted", "aria-hidden": "true" }, lang), this.word(input.type === "texts", {
        class: "input input-sm", dir: "auto", lang, value, placeholder: shipped, "aria-label": `${input.label}: ${language}`, "data-lang": lang,
        oninput: () => this.say(node, input.name, this.typed(box)),
      })));
    }
    return box;
  }

  word(long, { value, ...props }) { return long ? el("textarea", { ...props, rows: "4" }, value) : el("input", { ...props, value, maxlength: "200" }); }

  typed(box) {
    const found = {};
    for (const one of box.querySelectorAll("[data-lang]")) if (one.value.trim()) found[one.dataset.lang] = one.value.trim();
    return Object.keys(found).length ? found : undefined;
  }

  select(node, input, options) {
    const own = this.own(node, input.name);
    const value = own === undefined ? "" : String(own);
    return el("select", { class: "select input-sm", onchange: (event) => this.say(node, input.name, this.read(event.target.value, options)) },
      ...options.map(([option, label]) => el("option", { value: String(option), selected: String(option) === value }, label)));
  }

  read(text, options) {
    const found = options.find(([option]) => String(option) === text);
    return text === "" ? undefined : found ? found[0] : text;
  }

  choice(node, input) {
    const shipped = node.base[input.name];
    const values = (input.more ?? []).map((one) => (Array.isArray(one) ? one : [one, this.editor.digits(one)]));
    const name = values.find(([value]) => value === shipped)?.[1];
    return this.labelled(input, this.select(node, input, [["", name ? `${tell("asShipped")}: ${name}` : tell("asShipped")], ...values]));
  }

  flag(node, input) { return this.labelled(input, this.select(node, input, [["", tell("asShipped")], [true, tell("yes")], [false, tell("no")]])); }

  field(node, input) {
    const able = this.editor.state.fields.filter((one) => !input.more || input.more.includes(one.type));
    const shipped = this.editor.state.fields.find((one) => one.id === node.base[input.name]);
    return this.labelled(input, this.select(node, input, [["", shipped ? `${tell("asShipped")}: ${shipped.name}` : tell("asShipped")], ...able.map((one) => [one.id, one.name])]));
  }

  line(node, input) {
    const own = this.own(node, input.name);
    const text = (value) => (Array.isArray(value) ? value.join(", ") : value ?? "");
    const read = (value) => {
      if (!value.trim()) return undefined;
      if (input.type === "count") return Number(this.editor.plain(value)) || undefined;
      if (input.type === "order") return value.split(/[,،\s]+/).filter(Boolean);
      return value.trim();
    };
    const control = el("input", {
      class: "input input-sm", dir: "ltr", value: String(text(own)), placeholder: String(text(node.base[input.name])), maxlength: "2000",
      oninput: (event) => this.say(node, input.name, read(event.target.value)),
    });
    const made = this.labelled(input, control);
    if (input.type === "order") made.append(el("p", { class: "small muted" }, tell("orderHelp")));
    return made;
  }

  /** The record type that a block is about; the options after it offer its fields. */
  record(node, input) {
    const control = this.select(node, input, [["", ""], ...this.editor.state.records]);
    control.addEventListener("change", () => this.draw());
    return this.labelled(input, control);
  }

  /** A field of that record type to group by, or what is counted of it. */
  target(node, input) {
    const control = el("select", { class: "select input-sm" });
    const measure = input.type === "measure";
    this.known(this.own(node, "options.record")).then(({ groups, measures }) => {
      const options = measure ? measures : [["", ""], ...groups];
      const chosen = String(this.own(node, input.name) ?? (measure ? "count" : ""));
      control.replaceChildren(...options.map(([value, label]) => el("option", { value, selected: value === chosen }, label)));
    });
    control.addEventListener("change", () => this.say(node, input.name, control.value || undefined));
    return this.labelled(input, control);
  }

  area(node, input) {
    return this.labelled(input, el("textarea", { class: "input input-sm", rows: "3", dir: "ltr", spellcheck: "false",
      oninput: (event) => this.say(node, input.name, event.target.value.trim() || undefined) }, this.own(node, input.name) ?? ""));
  }

  /** Links, one in a line: words, a bar, the address. */
  links(node, input) {
    const { lang } = this.editor.state;
    const known = this.own(node, input.name) ?? [];
    const words = (link) => (typeof link.label === "string" ? link.label : link.label?.[lang] ?? Object.values(link.label ?? {})[0] ?? "");
    const read = (text) => text.split("\n").map((line) => line.split("|").map((part) => part.trim())).filter(([, href]) => href).map(([label, href]) => {
      const before = known.find((one) => one.href === href);
      return { ...before, href, label: { ...(typeof before?.label === "object" ? before.label : {}), [lang]: label } };
    });
    const made = this.labelled(input, el("textarea", { class: "input input-sm", rows: "4", dir: "auto",
      oninput: (event) => { const links = read(event.target.value); this.say(node, input.name, links.length ? links : undefined); } },
    known.map((link) => `${words(link)} | ${link.href}`).join("\n")));
    made.append(el("p", { class: "small muted" }, tell("linksHelp")));
    return made;
  }

  /** A list of fields, of this record type or of a related one, in an order. */
  several(node, input) {
    const box = el("fieldset", { class: "le-prop", "data-prop": input.name }, el("legend", {}, input.label));
    const fill = (fields) => {
      const able = fields.filter((one) => !Array.isArray(input.more) || input.more.includes(one.type));
      const names = new Map(able.map((one) => [one.id, one.name]));
      const chosen = [...(this.model.value(this.model.node(node.id) ?? node, input.name) ?? [])];
      const keep = (value) => { this.say(node, input.name, value.length ? value : undefined); fill(fields); };
      const rows = chosen.map((id, index) => el("li", {}, el("span", { class: "grow clip", dir: "auto" }, names.get(id) ?? id),
        el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", disabled: index === 0, "aria-label": `${tell("up")}: ${names.get(id) ?? id}`, onclick: () => keep(chosen.with(index, chosen[index - 1]).with(index - 1, id)) }, icon("arrow-up")),
        el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", "aria-label": `${tell("remove")}: ${names.get(id) ?? id}`, onclick: () => keep(chosen.filter((one) => one !== id)) }, icon("x-lg"))));
      const rest = able.filter((one) => !chosen.includes(one.id));
      const more = el("select", { class: "select input-sm", "aria-label": `${tell("add")}: ${input.label}`, onchange: (event) => { if (event.target.value) keep([...chosen, event.target.value]); } },
        el("option", { value: "" }, `${tell("add")} …`), ...rest.map((one) => el("option", { value: one.id }, one.name)));
      box.replaceChildren(el("legend", {}, input.label), el("ul", { class: "le-chosen" }, ...rows), more);
    };
    if (input.type === "fields") fill(this.editor.state.fields);
    else this.known(node.target).then(({ fields }) => fill(fields));
    return box;
  }

  /** What can be shown, grouped by and counted of a record type. */
  async known(record) {
    const nothing = { fields: [], groups: [], measures: [] };
    if (!record) return nothing;
    if (!this.targets.has(record)) this.targets.set(record, fetch(`${this.editor.root.dataset.fields}${record}`, { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.json() : nothing)));
    return this.targets.get(record);
  }

  condition(node, input) {
    const own = node.set[input.name];
    const base = node.base[input.name];
    const now = own === undefined ? "" : own === true ? "true" : own === false ? "false" : "when";
    const words = input.name === "visible" ? [tell("always"), tell("never")] : [tell("yes"), tell("no")];
    const area = el("textarea", { class: "input input-sm", rows: "3", dir: "ltr", spellcheck: "false", "aria-label": `${input.label}: ${tell("condition")}`, hidden: now !== "when" }, typeof own === "string" ? own : typeof base === "string" ? base : "");
    const note = el("p", { class: "small muted", role: "status", hidden: now !== "when" }, tell("conditionHelp"));
    const check = debounce(async () => {
      if (!area.value.trim()) { note.textContent = tell("conditionHelp"); return; }
      const answer = await send(this.editor.root.dataset.check, { text: area.value });
      const fault = answer.data.fault ?? "";
      note.textContent = fault || tell("good");
      note.classList.toggle("le-bad", Boolean(fault));
      area.setAttribute("aria-invalid", String(Boolean(fault)));
    }, 350);
    area.addEventListener("input", () => { this.say(node, input.name, area.value.trim() || undefined); check(); });
    const options = [["", typeof base === "string" ? `${tell("asShipped")}: ${tell("when")}` : tell("asShipped")], ["true", words[0]], ["false", words[1]], ["when", tell("when")]];
    const chooser = el("select", { class: "select input-sm" }, ...options.map(([value, label]) => el("option", { value, selected: value === now }, label)));
    chooser.addEventListener("change", () => {
      const when = chooser.value === "when";
      area.hidden = note.hidden = !when;
      if (when) { area.focus(); if (area.value.trim()) this.say(node, input.name, area.value.trim()); }
      else this.say(node, input.name, { "": undefined, true: true, false: false }[chooser.value]);
    });
    const made = this.labelled(input, chooser);
    made.append(area, note);
    return made;
  }
}
