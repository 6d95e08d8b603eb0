/* Conditions of fields, evaluated live: the JSON tree of the expressions language over what the form holds. The server
   decides in the end; what cannot be decided here (a linked record's field, an aggregate) leaves the field as it is. */

import { $$, plainDigits } from "./dom.js";

const UNKNOWN = Symbol("unknown");

function compare(op, a, b) {
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
  if (op === "==" || op === "!=") {
    const same = a === null || b === null ? a === b : String(a).toLocaleLowerCase() === String(b).toLocaleLowerCase();
    return (op === "==") === same;
  }
  if (a === null || b === null) return false;
  const numbers = !Number.isNaN(Number(a)) && !Number.isNaN(Number(b)) && a !== "" && b !== "";
  const [x, y] = numbers ? [Number(a), Number(b)] : [String(a), String(b)];
  return { "<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y }[op];
}

const inside = { contains: (a, b) => a.includes(b), "starts with": (a, b) => a.startsWith(b), "ends with": (a, b) => a.endsWith(b) };

function junction(node, get) {
  const all = node.items.map((item) => evaluate(item, get));
  const deciding = node.op === "or";
  if (all.includes(deciding)) return deciding;
  return all.includes(UNKNOWN) ? UNKNOWN : !deciding;
}

function arithmetic(op, a, b) {
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
  if (a === null || b === null) return null;
  const [x, y] = [Number(a), Number(b)];
  return { "+": x + y, "-": x - y, "*": x * y, "/": y ? x / y : null, "%": y ? x % y : null }[op] ?? UNKNOWN;
}

function operator(node, get) {
  const { op } = node;
  if (op === "and" || op === "or") return junction(node, get);
  if (op === "not") { const value = evaluate(node.operand, get); return value === UNKNOWN ? value : !value; }
  if (op === "is null") { const value = evaluate(node.operand, get); return value === UNKNOWN ? value : value === null || value === "" || (Array.isArray(value) && !value.length); }
  if (op === "negative") return arithmetic("-", 0, evaluate(node.operand, get));
  if (op === "in") {
    const value = evaluate(node.operand, get);
    if (value === UNKNOWN || !node.container.items) return UNKNOWN;
    return node.container.items.some((item) => compare("==", value, evaluate(item, get)) === true);
  }
  const left = evaluate(node.left, get);
  const right = evaluate(node.right, get);
  if (op in inside) {
    if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
    if (Array.isArray(left)) return left.map(String).includes(String(right));
    return left !== null && right !== null && inside[op](String(left).toLocaleLowerCase(), String(right).toLocaleLowerCase());
  }
  return ["==", "!=", "<", "<=", ">", ">="].includes(op) ? compare(op, left, right) : arithmetic(op, left, right);
}

/** The value of a tree; UNKNOWN when the browser cannot tell. `get(path)` gives a field's value. */
export function evaluate(node, get) {
  if (!node || typeof node !== "object") return UNKNOWN;
  if ("op" in node) return operator(node, get);
  if ("field" in node) return get(node.field);
  if ("null" in node) return null;
  if ("flag" in node) return node.flag;
  if ("number" in node) return Number(node.number);
  for (const kind of ["text", "date", "datetime"]) if (kind in node) return node[kind];
  return UNKNOWN;
}

/* What the form holds for a field, in the language's types. */
function valueOf(root, name) {
  const inputs = $$("input, select, textarea", root).filter((input) => input.name === name);
  if (!inputs.length) return UNKNOWN;
  const first = inputs[0];
  if (first.type === "checkbox" && first.closest('[data-kind="flag"]')) return first.checked;
  if (first.type === "checkbox") return inputs.filter((input) => input.checked).map((input) => input.value);
  if (first.type === "radio") return inputs.find((input) => input.checked)?.value ?? null;
  const kind = first.closest("[data-kind]")?.dataset.kind;
  const text = ["integer", "decimal", "money", "percent"].includes(kind) ? plainDigits(first.value).replace(/[,\s]/g, "") : first.value;
  return text === "" ? null : text;
}

function apply(node, name, truth) {
  if (truth === UNKNOWN) return;
  if (name === "visibleIf") { node.hidden = !truth; return; }
  for (const input of $$("input:not([type=hidden]), select, textarea", node)) {
    if (name === "readonlyIf") { if (input.matches("select, [type=checkbox], [type=radio]")) input.disabled = Boolean(truth); else input.readOnly = Boolean(truth); }
    else input.required = Boolean(truth);
  }
  if (name === "requiredIf") {
    const label = node.querySelector("label, legend");
    const mark = label?.querySelector(".need");
    if (truth && label && !mark) label.append(Object.assign(document.createElement("span"), { className: "need", textContent: " *" }));
    else if (!truth) mark?.remove();
  }
}

/* Offer the options that go with what stands in another choice; what was chosen and goes no longer is taken back. */
function offer(node, rule, root) {
  const found = valueOf(root, rule.field);
  const by = found === UNKNOWN ? rule.now : found;
  if (by === undefined) return;
  const allowed = new Set(by === null ? [] : rule.allowed[by] ?? []);
  let dropped = false;
  for (const option of $$("option, input[type=checkbox], input[type=radio]", node)) {
    if (option.value === "") continue;
    const fits = allowed.has(option.value);
    (option.closest("label.check-line") ?? option).hidden = !fits;
    option.disabled = !fits;
    if (fits || !(option.selected || option.checked)) continue;
    option.selected = option.checked = false;
    dropped = true;
  }
  const select = node.querySelector("select");
  if (dropped && select) select.value = "";
  if (dropped) node.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Keep the conditions below `root` true while it is being filled in. */
export function live(root) {
  const watched = [];
  for (const [attribute, name] of [["data-visible-if", "visibleIf"], ["data-readonly-if", "readonlyIf"], ["data-required-if", "requiredIf"]]) {
    for (const node of $$(`[${attribute}]`, root)) {
      try { watched.push([node, name, JSON.parse(node.getAttribute(attribute))]); } catch { /* not a tree: the server decides */ }
    }
  }
  const hanging = [];
  for (const node of $$("[data-options-if]", root)) {
    try { hanging.push([node, JSON.parse(node.dataset.optionsIf)]); } catch { /* the server decides */ }
  }
  if (!watched.length && !hanging.length) return;
  const run = () => {
    watched.forEach(([node, name, tree]) => apply(node, name, evaluate(tree, (path) => valueOf(root, path))));
    hanging.forEach(([node, rule]) => offer(node, rule, root));
  };
  root.addEventListener("input", run);
  root.addEventListener("change", run);
  run();
}
