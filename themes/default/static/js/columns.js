/* Columns of a list: chosen and ordered in the chooser, dragged and sized in the header; remembered per view. */

import { $, $$, announce, debounce, post, rtl } from "./dom.js";

let loading = null;

/** Sortable, fetched when first needed. */
export function sortable() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${document.documentElement.dataset.vendor}/sortable/Sortable.min.js`;
    script.onload = () => resolve(globalThis.Sortable);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

/** The chooser: search in it, drag or move by arrow keys. */
export function boot(form) {
  const list = $(".columns-list", form);
  const find = $("[data-find]", form);
  find.hidden = false;
  find.addEventListener("input", () => {
    const text = find.value.toLocaleLowerCase();
    $$("li", list).forEach((item) => { item.hidden = !item.textContent.toLocaleLowerCase().includes(text); });
  });
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  for (const handle of $$("[data-handle]", list)) {
    handle.hidden = false;
    handle.addEventListener("keydown", (event) => {
      const item = handle.closest("li");
      if (event.key === "ArrowUp") item.previousElementSibling?.before(item);
      else if (event.key === "ArrowDown") item.nextElementSibling?.after(item);
      else return;
      event.preventDefault();
      handle.focus();
      announce(`${item.textContent.trim()} ${[...list.children].indexOf(item) + 1}`);
    });
  }
  const ready = () => sortable().then((Sortable) => Sortable.create(list, { handle: "[data-handle]", animation: 120 })).catch(() => {});
  form.closest("details").addEventListener("toggle", ready, { once: true });
}

function save(root, table) {
  const url = $('[data-module="columns"]', root)?.action;
  if (!url) return;
  const heads = $$("thead [data-column]", table);
  const widths = heads.filter((head) => head.dataset.width).map((head) => `${head.dataset.column}:${head.dataset.width}`).join(",");
  post(url, { widths }, { fragment: "none" }).catch(() => {});
}

function width(head, pixels) {
  const value = Math.max(56, Math.min(Math.round(pixels), 900));
  head.dataset.width = value;
  for (const side of ["inlineSize", "minInlineSize", "maxInlineSize"]) head.style[side] = `${value}px`;
  const index = head.cellIndex;
  for (const row of head.closest("table").tBodies) {
    for (const line of row.rows) if (line.cells[index]) line.cells[index].style.maxInlineSize = `${value}px`;
  }
}

/** Grips in the header: drag to size, double click to fit. */
export function startHeads(root, table) {
  const later = debounce(() => save(root, table), 500);
  $$("th[data-width]", table).forEach((head) => width(head, Number(head.dataset.width)));
  for (const grip of $$("[data-grip]", table)) {
    const head = grip.closest("th");
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const begin = event.clientX;
      const from = head.getBoundingClientRect().width;
      grip.classList.add("on");
      grip.setPointerCapture(event.pointerId);
      const move = (e) => width(head, from + (rtl() ? begin - e.clientX : e.clientX - begin));
      grip.addEventListener("pointermove", move);
      grip.addEventListener("pointerup", () => { grip.removeEventListener("pointermove", move); grip.classList.remove("on"); later(); }, { once: true });
    });
    grip.addEventListener("dblclick", () => {
      for (const side of ["inlineSize", "minInlineSize", "maxInlineSize"]) head.style[side] = "";
      delete head.dataset.width;
      later();
    });
  }
}
