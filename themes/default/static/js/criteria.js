/* The criteria builder: and/or groups of conditions, read from and written to the JSON tree of the expressions language.
   A part of a tree that it cannot draw is kept as it is and shown as one locked line. */

import { $, $$, el, icon, t } from "./dom.js";
import { boot as bootAll } from "./app.js";

const numbers = ["==", "!=", "<", "<=", ">", ">=", "is null", "not null"];
const ranges = ["this_week()", "last_week()", "next_week()", "this_month()", "last_month()", "next_month()", "this_quarter()", "last_quarter()", "this_year()", "last_year()", "last_days", "next_days"];
const dates = ["==", "<", ">", "today()", "yesterday()", "tomorrow()", ...ranges, "is null", "not null"];
const byType = {
  integer: numbers, decimal: numbers, money: numbers, percent: numbers, duration: numbers, date: dates, datetime: dates,
  flag: ["yes", "no"], choice: ["in", "not in", "is null", "not null"], multichoice: ["contains", "not contains", "is null", "not null"],
  link: ["==", "!=", "is null", "not null"], user: ["me", "team", "==", "!=", "is null", "not null"], tags: ["contains", "not contains", "is null", "not null"], many: ["contains", "not contains", "is null", "not null"],
};
const textual = ["contains", "not contains", "==", "!=", "starts with", "ends with", "is null", "not null"];
const noValue = new Set(["is null", "not null", "yes", "no", "me", "team"]);

/** The operators offered for a type of field. */
export const operatorNames = (type) => byType[type] ?? textual;

const operatorsOf = (field) => (field.operators.length ? field.operators.map(([op, label]) => [op, label]) : operatorNames(field.type).map((op) => [op, t("ops")[dates.includes(op) && ["date", "datetime"].includes(field.type) ? { "==": "on", "<": "before", ">": "after" }[op] ?? op : op] ?? op]));
const valueless = (op) => noValue.has(op) || op.endsWith("()");

/* ---- tree to conditions and back */

function literal(field, text) {
  if (["integer", "decimal", "money", "percent", "duration", "link", "user", "tags", "many"].includes(field?.type)) return { number: String(text) };
  if (["date", "datetime"].includes(field?.type)) return { [/^\d{4}-\d{2}-\d{2}$/.test(text) ? "date" : "text"]: text };
  return { text };
}

const plain = (node) => ("text" in node ? node.text : "number" in node ? String(node.number) : "date" in node ? node.date : "datetime" in node ? node.datetime : null);

/** The tree of one condition {path, op, values}. */
export function toTree(row, fields) {
  const field = fields.find((f) => f.path === row.path);
  const path = { field: row.path };
  const { op, values } = row;
  if (op === "is null") return { op: "is null", operand: path };
  if (op === "not null") return { op: "not", operand: { op: "is null", operand: path } };
  if (op === "yes" || op === "no") return { op: "==", left: path, right: { flag: op === "yes" } };
  if (op === "me") return { op: "==", left: path, right: { constant: "me" } };
  if (op === "team") return { op: "in", operand: path, container: { constant: "my_subordinates" } };
  if (["today()", "yesterday()", "tomorrow()"].includes(op) || op.endsWith("()")) return { op: "in", operand: path, container: { call: op.slice(0, -2), args: [] } };
  if (op === "last_days" || op === "next_days") return { op: "in", operand: path, container: { call: op, args: [{ number: values[0] || "7" }] } };
  if (op === "in" || op === "not in") {
    const test = { op: "in", operand: path, container: { items: values.map((value) => literal(field, value)) } };
    return op === "in" ? test : { op: "not", operand: test };
  }
  if (op === "not contains") return { op: "not", operand: { op: "contains", left: path, right: literal(field, values[0]) } };
  return { op, left: path, right: literal(field, values[0] ?? "") };
}

function fromTree(node) {
  const field = (n) => n?.field;
  if (node.op === "not" && node.operand) {
    const inner = fromTree(node.operand);
    const inverse = { "is null": "not null", in: "not in", contains: "not contains" }[inner?.op];
    return inner && inverse ? { ...inner, op: inverse } : null;
  }
  if (node.op === "is null" && field(node.operand)) return { path: node.operand.field, op: "is null", values: [] };
  if (node.op === "in" && field(node.operand)) {
    const box = node.container;
    if (box.constant === "my_subordinates") return { path: node.operand.field, op: "team", values: [] };
    if (box.call) return { path: node.operand.field, op: box.args.length ? box.call : `${box.call}()`, values: box.args.map(plain) };
    if (box.items?.every((item) => plain(item) !== null)) return { path: node.operand.field, op: "in", values: box.items.map(plain) };
    return null;
  }
  if (!field(node.left) || !node.right) return null;
  if ("flag" in node.right) return { path: node.left.field, op: node.right.flag === (node.op === "==") ? "yes" : "no", values: [] };
  if (node.right.constant === "me") return { path: node.left.field, op: "me", values: [] };
  const value = plain(node.right);
  return value === null ? null : { path: node.left.field, op: node.op, values: [value] };
}

/* ---- drawing */

class Builder {
  constructor(form) {
    this.form = form;
    this.box = $("[data-builder]", form);
    this.fields = JSON.parse($("template[data-fields]", form).content.textContent);
    this.hidden = form.elements.criteria;
    const tree = this.hidden.value ? JSON.parse(this.hidden.value) : { op: "and", items: [] };
    this.top = this.group(["and", "or"].includes(tree.op) ? tree : { op: "and", items: [tree] });
    this.box.replaceChildren(this.top);
    $("[data-add-condition]", form).addEventListener("click", () => this.add(this.top));
    $("[data-add-group]", form).addEventListener("click", () => { const inner = this.group({ op: "or", items: [] }); this.line(this.top, inner); this.add(inner); });
    form.addEventListener("submit", () => { this.hidden.value = this.value(); });
    form.addEventListener("change", (event) => { if (event.target.matches("[data-join]")) this.joins(event.target.closest(".crit-group")); });
    if (!tree.items?.length && tree.op === "and") this.add(this.top, false);
  }

  value() {
    const tree = this.read(this.top);
    return tree.items.length ? JSON.stringify(tree) : "";
  }

  group(tree) {
    const node = el("div", { class: "crit-group", role: "group" });
    node.join = tree.op;
    for (const item of tree.items) {
      if (["and", "or"].includes(item.op)) { this.line(node, this.group(item)); continue; }
      const row = fromTree(item);
      const known = row && this.fields.some((field) => field.path === row.path);
      this.line(node, known ? this.condition(row) : this.locked(item));
    }
    return node;
  }

  locked(tree) { const node = el("span", { class: "badge tint-grey" }, icon("lock"), el("span", { class: "clip" }, JSON.stringify(tree).slice(0, 80))); node.tree = tree; return [node]; }

  add(group, focus = true) {
    const field = this.fields[0];
    const row = this.line(group, this.condition({ path: field.path, op: operatorsOf(field)[0][0], values: [] }));
    if (focus) $("select:not([data-join])", row)?.focus();
  }

  /* One line of a group: joining word, content, remove. */
  line(group, content) {
    const nested = !Array.isArray(content);
    const row = el("div", { class: `crit-row${nested ? " nested" : ""}` }, el("span", { class: "crit-join" }), ...(nested ? [content] : content),
      el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", title: t("remove"), onclick: () => { row.remove(); this.joins(group); } }, icon("x-lg"), el("span", { class: "visually-hidden" }, t("remove"))));
    if (nested) content.append(el("button", { type: "button", class: "btn btn-quiet btn-sm crit-add", onclick: () => this.add(content) }, icon("plus"), t("addCondition")));
    group.append(row);
    const add = group.querySelector(":scope > .crit-add");
    if (add) group.append(add);
    this.joins(group);
    return row;
  }

  joins(group) {
    const chosen = group.querySelector(":scope > .crit-row > .crit-join > select")?.value;
    if (chosen) group.join = chosen;
    $$(":scope > .crit-row > .crit-join", group).forEach((word, i) => {
      if (i === 0) word.replaceChildren(t("where"));
      else if (i === 1) word.replaceChildren(el("select", { class: "input select input-sm", "data-join": "", "aria-label": `${t("and")} / ${t("or")}` }, ...["and", "or"].map((op) => el("option", { value: op, selected: op === group.join }, t(op)))));
      else word.replaceChildren(t(group.join));
    });
  }

  condition(row) {
    const groups = Map.groupBy ? Map.groupBy(this.fields, (field) => field.group) : new Map([["", this.fields]]);
    const path = el("select", { class: "input select input-sm", "aria-label": t("field"), "data-path": "" });
    for (const [label, fields] of groups) {
      const options = fields.map((field) => el("option", { value: field.path, selected: field.path === row.path }, field.label));
      path.append(...(label ? [el("optgroup", { label }, ...options)] : options));
    }
    const op = el("select", { class: "input select input-sm", "aria-label": t("operator"), "data-op": "" });
    const value = el("span", { class: "crit-value" });
    const current = () => this.fields.find((field) => field.path === path.value);
    const drawOps = (chosen) => op.replaceChildren(...operatorsOf(current()).map(([name, label]) => el("option", { value: name, selected: name === chosen }, label)));
    const drawValue = (values) => { this.valueInput(value, current(), op.value, values); };
    path.addEventListener("change", () => { drawOps(); drawValue([]); });
    op.addEventListener("change", () => drawValue([]));
    drawOps(row.op);
    drawValue(row.values);
    return [path, op, value];
  }

  valueInput(box, field, op, values) {
    box.replaceChildren();
    if (valueless(op)) return;
    const label = t("value");
    if (field.options.length) {
      const several = op === "in" || op === "not in";
      const chosen = several ? this.choices(field, values) : el("select", { class: "input select input-sm", "aria-label": label }, ...field.options.map(([v, text]) => el("option", { value: v, selected: values.includes(v) }, text)));
      box.append(chosen);
    } else if (field.lookup && !["last_days", "next_days"].includes(op)) {
      const combo = el("div", { class: "combo", "data-module": "picker", "data-name": "_", "data-lookup": field.lookup }, ...values.map((v) => el("span", { class: "token", "data-value": v }, el("span", { class: "clip" }, field.labels?.[v] ?? v), el("input", { type: "hidden", value: v }))), el("input", { type: "text", "aria-label": label, autocomplete: "off" }));
      box.append(combo);
      bootAll(box);
    } else {
      const input = el("input", { class: "input input-sm", type: "text", value: values[0] ?? "", "aria-label": label, dir: "auto" });
      if (["date", "datetime"].includes(field.type) && !op.endsWith("days")) input.dataset.module = "date";
      box.append(input);
      bootAll(box);
    }
  }

  choices(field, values) {
    const menu = el("details", { class: "menu", "data-menu": "keep" });
    const text = el("span", { class: "clip" });
    const show = () => { text.textContent = $$("input:checked", menu).map((input) => input.parentElement.textContent).join(t("dir") === "rtl" ? "، " : ", ") || t("choose"); };
    menu.append(el("summary", { class: "input select input-sm clip" }, text), el("div", { class: "menu-body" }, ...field.options.map(([v, label]) => el("label", { class: "menu-item" }, el("input", { class: "check", type: "checkbox", value: v, checked: values.includes(v) }), label))));
    menu.addEventListener("change", show);
    show();
    return menu;
  }

  read(group) {
    const items = [];
    for (const row of group.children) {
      if (!row.matches(".crit-row")) continue;
      const inner = row.querySelector(":scope > .crit-group");
      if (inner) { const tree = this.read(inner); if (tree.items.length) items.push(tree); continue; }
      const locked = [...row.children].find((child) => child.tree);
      if (locked) { items.push(locked.tree); continue; }
      const op = $("[data-op]", row).value;
      const box = $(".crit-value", row);
      const values = $(".check", box) ? $$(".check:checked", box).map((input) => input.value) : $$(".token", box).length ? $$(".token", box).map((token) => token.dataset.value) : $$("input, select", box).map((input) => input.value).filter(Boolean);
      if (!valueless(op) && !values.length) continue;
      items.push(toTree({ path: $("[data-path]", row).value, op, values }, this.fields));
    }
    return { op: group.join, items };
  }
}

export function boot(form) { form.builder = new Builder(form); }
