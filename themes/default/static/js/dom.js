/* Helpers every module uses: finding, creating, texts, digits, fetching, toasts. */

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const html = document.documentElement;
export const rtl = () => html.dir === "rtl";

const texts = JSON.parse($("#i18n")?.textContent ?? "{}");

/** The translated text of a key, with its {values} filled in. */
export function t(key, values = {}) {
  const text = key.split(".").reduce((node, part) => node?.[part], texts) ?? key;
  return typeof text === "string" ? text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : text;
}

/** An element with properties, data and children; text is never parsed as HTML. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const icon = (name, extra = "") => el("i", { class: `bi bi-${name} ${extra}`, "aria-hidden": "true" });

/** Digits as the reader writes them. */
export function localDigits(text) {
  if (html.dataset.digits !== "arabext") return String(text);
  return String(text).replace(/[0-9]/g, (d) => "۰۱۲۳۴۵۶۷۸۹"[d]);
}

/** Persian and Arabic digits as plain ones. */
export function plainDigits(text) {
  return String(text).replace(/[۰-۹]/g, (d) => d.charCodeAt(0) - 0x6f0).replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 0x660)
    .replace(/٬/g, "").replace(/٫/g, ".");
}

export const csrf = () => document.body.dataset.csrf ?? "";

/** fetch() that names the fragment wanted, sends the CSRF token and shows a toast the answer carries. */
export async function request(url, { method = "GET", body = null, fragment = "", json = false } = {}) {
  const headers = { "X-Requested-With": "fetch", "X-CSRFToken": csrf() };
  if (fragment) headers["X-Fragment"] = fragment;
  if (json) headers.Accept = "application/json";
  const answer = await fetch(url, { method, body, headers, credentials: "same-origin" });
  const message = answer.headers.get("X-Toast");
  if (message) toast(decodeURIComponent(message.replace(/\+/g, " ")));
  return answer;
}

/** POST of plain values as a form. */
export function post(url, values, options = {}) {
  const body = values instanceof FormData ? values : new URLSearchParams(values);
  if (!body.has("csrf_token")) body.append("csrf_token", csrf());
  return request(url, { ...options, method: "POST", body });
}

/** HTML the server made, as nodes. It is ours (same origin, autoescaped), scripts in it do not run. */
export function parse(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}

/** A short message at the bottom; `undo` is {label, run}. */
export function toast(text, { level = "info", undo = null, seconds = 5 } = {}) {
  const marks = { info: "info-circle", success: "check-circle", warning: "exclamation-triangle", error: "exclamation-octagon" };
  const item = el("div", { class: "toast-item", "data-level": level }, icon(marks[level]), el("span", { dir: "auto" }, text));
  if (undo) item.append(el("button", { type: "button", class: "btn", onclick: () => { undo.run(); item.remove(); } }, undo.label));
  const box = $("#toasts");
  box?.append(item);
  raise(box);
  fade(item, level === "error" ? 10 : seconds);
  return item;
}

/* Toasts stand above an open dialog: as a popover they are in the top layer, the last one shown on top. */
function raise(box) {
  if (!box?.showPopover || !$("dialog[open]")) return;
  box.popover = "manual";
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}

/** Remove a toast after a while, but not while it is pointed at or holds the focus. */
export function fade(item, seconds) {
  const look = () => (item.matches(":hover, :focus-within") ? setTimeout(look, 1500) : item.remove());
  setTimeout(look, seconds * 1000);
}

export function debounce(run, wait = 180) {
  let timer;
  return (...args) => { clearTimeout(timer); timer = setTimeout(() => run(...args), wait); };
}

/** Whether the key press belongs to something that is being typed into. */
export const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;

export function announce(text) {
  let region = $("#announce");
  if (!region) document.body.append((region = el("div", { id: "announce", class: "visually-hidden", "aria-live": "polite" })));
  region.textContent = text;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"), { seconds: 2 });
  } catch { toast(text); }
}

/** Place a fixed box beside an anchor, inside the window, following the reading direction. */
export function placeBeside(box, anchor) {
  const a = anchor.getBoundingClientRect();
  const b = box.getBoundingClientRect();
  const gap = 4;
  let top = a.bottom + gap;
  if (top + b.height > innerHeight && a.top - b.height - gap > 0) top = a.top - b.height - gap;
  let start = rtl() ? a.right - b.width : a.left;
  start = Math.max(8, Math.min(start, innerWidth - b.width - 8));
  box.style.insetBlockStart = `${Math.max(8, top)}px`;
  box.style.insetInlineStart = `${rtl() ? innerWidth - start - b.width : start}px`;
}
