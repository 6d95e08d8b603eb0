/* A list: selection (also across pages), the selection bar, keys, in-place editing, column widths and order. */

import { $, $$, announce, localDigits, request, t, typing } from "./dom.js";
import { openFragment } from "./dialogs.js";
import { editable } from "./inline.js";
import { startHeads } from "./columns.js";

const key = (root) => {
  const query = new URLSearchParams(location.search);
  ["after", "before"].forEach((name) => query.delete(name));
  query.sort();
  return `sarnakh:selection:${root.dataset.record}:${query}`;
};

class Selection {
  constructor(root) {
    this.root = root;
    this.bar = $("[data-bulk]", root);
    this.last = null;
    this.all = false;
    this.kept = new Set(JSON.parse(sessionStorage.getItem(key(root)) ?? "[]"));
    this.boxes = $$("tbody .tick .check", root);
    this.boxes.forEach((box) => { if (this.kept.has(box.value)) box.checked = true; });
    root.addEventListener("click", (event) => { if (event.target.matches("tbody .tick .check")) this.ticked(event.target, event.shiftKey); });
    $("[data-select-all]", root)?.addEventListener("change", (event) => this.page(event.target.checked));
    $("[data-select-none]", root)?.addEventListener("click", (event) => { event.preventDefault(); this.none(); });
    $("[data-select-matching]", root)?.addEventListener("click", () => { this.all = true; this.draw(); });
    this.bar?.addEventListener("submit", (event) => this.send(event));
    this.draw();
  }

  ticked(box, range) {
    this.all = false;
    if (range && this.last) {
      const [a, b] = [this.boxes.indexOf(this.last), this.boxes.indexOf(box)].sort((x, y) => x - y);
      this.boxes.slice(a, b + 1).forEach((other) => { other.checked = box.checked; });
    }
    this.last = box;
    this.draw();
  }

  page(checked) { this.all = false; this.boxes.forEach((box) => { box.checked = checked; }); this.draw(); }

  none() { this.all = false; this.kept.clear(); this.page(false); }

  draw() {
    for (const box of this.boxes) {
      if (box.checked) this.kept.add(box.value); else this.kept.delete(box.value);
      box.closest("tr").classList.toggle("selected", box.checked || this.all);
    }
    sessionStorage.setItem(key(this.root), JSON.stringify([...this.kept]));
    const whole = this.boxes.length > 0 && this.boxes.every((box) => box.checked);
    const head = $("[data-select-all]", this.root);
    if (head) { head.checked = whole; head.indeterminate = !whole && this.boxes.some((box) => box.checked); }
    if (!this.bar) return;
    this.bar.hidden = this.kept.size === 0;
    const matching = $("[data-select-matching]", this.bar);
    matching.hidden = !whole || this.all;
    this.bar.elements.all.value = this.all ? "1" : "";
    $("[data-count]", this.bar).textContent = t("selected", { count: this.all ? matching.dataset.countText : localDigits(this.kept.size) });
  }

  /* Ids ticked on other pages travel too; dialogs get the form as the body of their request. */
  send(event) {
    const here = new Set(this.boxes.map((box) => box.value));
    $$("input[data-kept]", this.bar).forEach((input) => input.remove());
    for (const id of this.kept) {
      if (here.has(id)) continue;
      const input = Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value: id });
      input.dataset.kept = "";
      this.bar.append(input);
    }
    const button = event.submitter;
    if (button?.dataset.bulkOpen) {
      event.preventDefault();
      openFragment(button.getAttribute("formaction") || this.bar.action, button.dataset.bulkOpen, { method: "POST", body: new FormData(this.bar, button), opener: button });
    } else sessionStorage.removeItem(key(this.root));
  }
}

/* j and k walk the rows, x selects, o or Enter opens, e edits, u leaves the walk. */
function keys(root, selection) {
  const rows = () => $$("tbody tr[data-id]", root);
  let at = -1;
  const go = (index) => {
    const all = rows();
    at = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((row, i) => row.classList.toggle("here", i === at));
    const row = all[at];
    row?.scrollIntoView({ block: "nearest" });
    const link = row && $(".title-link", row);
    link?.focus({ preventScroll: true });
    if (link) announce(link.textContent);
  };
  document.addEventListener("sarnakh:key", ({ detail: { key: pressed, event } }) => {
    const all = rows();
    const inside = event.target.closest?.("tbody tr[data-id]");
    if (inside) at = all.indexOf(inside);
    const row = all[at];
    const steps = { j: 1, k: -1 };
    if (pressed in steps) { event.preventDefault(); go(at + steps[pressed]); return; }
    if (!row) return;
    if (pressed === "x") {
      const box = $(".tick .check", row);
      if (box) { event.preventDefault(); box.checked = !box.checked; selection.ticked(box, false); }
    } else if (pressed === "o") location.assign(row.dataset.url);
    else if (pressed === "e") { event.preventDefault(); $("[data-edit]", row)?.dispatchEvent(new CustomEvent("sarnakh:edit")); }
  });
}

/* Which rows one may change is asked once, when a pointer or the focus first comes near; the others, and what is locked, lose their edit marks. */
function rights(root) {
  const rows = $$("tbody tr[data-id]", root).filter((row) => $("[data-edit]", row));
  let asked = null;
  const ask = () => {
    if (asked || !rows.length) return asked;
    const query = new URLSearchParams(rows.map((row) => ["ids", row.dataset.id]));
    asked = request(`${root.dataset.url.split("?")[0]}/changeable?${query}`, { json: true })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((found) => {
        const mine = new Set(found?.ids);
        for (const row of found ? rows : []) {
          const open = found.open[row.dataset.id];   // a locked record: these fields alone
          row.toggleAttribute("data-fixed", !open && !mine.has(Number(row.dataset.id)));
          if (open) for (const cell of $$("[data-edit]", row)) cell.toggleAttribute("data-fixed", !open.includes(cell.dataset.edit));
        }
      }).catch(() => { asked = null; });
    return asked;
  };
  const body = $(".list-scroll", root);
  ["pointerover", "focusin"].forEach((name) => body?.addEventListener(name, ask, { once: true, passive: true }));
  return async (node) => { await ask(); return !node.closest("[data-fixed]"); };
}

export function boot(root) {
  const selection = new Selection(root);
  keys(root, selection);
  editable(root, (cell) => cell.closest("tr").dataset.version, (cell, version) => { cell.closest("tr").dataset.version = version; },
    rights(root));
  const table = $("table.grid", root);
  if (table) startHeads(root, table);
  const pane = $("[data-scroll]", root);
  pane?.addEventListener("scroll", () => table.classList.toggle("scrolled", Math.abs(pane.scrollLeft) > 2), { passive: true });
  root.addEventListener("dblclick", (event) => {
    const row = event.target.closest("tbody tr[data-url]");
    if (row && !event.target.closest("[data-edit], a, input, .tick") && !typing(event.target)) location.assign(row.dataset.url);
  });
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-exact]");
    if (!link) return;
    event.preventDefault();
    const answer = await request(link.href, { fragment: "count" });
    if (answer.ok) link.replaceWith((await answer.text()).trim());
  });
  root.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-chip]");
    const menu = chip && $('[data-module="criteria"]', root)?.closest("details");
    if (menu) setTimeout(() => { menu.open = true; });
  });
}
