/* Dialogs and side sheets: fetched as fragments, forms in them sent without leaving the page, questions before dangerous steps. */

import { el, icon, parse, request, t, toast } from "./dom.js";

let bootFragment = () => {};

/** Fill a dialog with nodes and show it. Only one is open at a time: a new one replaces the content of the old. */
function show(kind, nodes, opener) {
  document.querySelector("dialog.live")?.remove();
  const box = el("dialog", { class: `live ${kind}`, "aria-labelledby": "dialog-title" });
  box.append(nodes);
  if (box.querySelector('[data-size="wide"]')) box.classList.add("wide");
  document.body.append(box);
  box.addEventListener("close", () => { box.remove(); opener?.focus?.(); });
  box.addEventListener("click", (event) => {
    if (event.target === box || event.target.closest("[data-close]")) leave(box);
  });
  box.addEventListener("cancel", (event) => { event.preventDefault(); leave(box); });
  box.addEventListener("submit", (event) => send(event, box));
  box.showModal();
  bootFragment(box);
  const first = box.querySelector("[data-focus]") ?? box.querySelector('[aria-invalid="true"], .dialog-body input:not([type=hidden]), .dialog-body textarea, .dialog-body select');
  (first ?? box.querySelector(".dialog-foot .btn:last-child") ?? box).focus?.();
  return box;
}

async function leave(box) {
  const dirty = box.querySelector("form[data-dirty]");
  if (!dirty || await ask(t("unsavedLeave"), { yes: t("discard") })) box.close();
}

/** Open the URL's fragment; without a usable answer the page itself is opened. */
export async function openFragment(url, kind = "dialog", { method = "GET", body = null, opener = document.activeElement } = {}) {
  let answer;
  try { answer = await request(url, { method, body, fragment: kind }); } catch { toast(t("offline"), { level: "error" }); return null; }
  if (answer.headers.has("X-Location")) { location.assign(answer.headers.get("X-Location")); return null; }
  if (answer.redirected || !(answer.headers.get("Content-Type") ?? "").includes("html")) { location.assign(answer.url || url); return null; }
  const markup = await answer.text();
  if (/^\s*<!doctype/i.test(markup)) { location.assign(url); return null; }
  return show(kind, parse(markup), opener);
}

/* Another content for an open dialog: the same form with errors, or its next step. */
function fill(box, markup) {
  box.replaceChildren(parse(markup));
  bootFragment(box);
  box.querySelector("[data-errors], [aria-invalid=true], .dialog-body input:not([type=hidden]), .dialog-body select, .dialog-body textarea")?.focus();
}

async function send(event, box) {
  const form = event.target;
  if (form.method.toLowerCase() !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const url = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
  let answer;
  try { answer = await request(url, { method: "POST", body: data, fragment: box.classList.contains("sheet") ? "sheet" : "dialog" }); } catch { toast(t("offline"), { level: "error" }); return; }
  if (answer.status === 422 || answer.status === 409) {
    fill(box, await answer.text());
    return;
  }
  if (!answer.ok) { toast(t("error"), { level: "error" }); return; }
  form.removeAttribute("data-dirty");
  form.dispatchEvent(new CustomEvent("sarnakh:sent", { bubbles: true }));
  if ((answer.headers.get("Content-Type") ?? "").includes("json")) {
    const made = await answer.json();
    box.dispatchEvent(new CustomEvent("sarnakh:made", { detail: made }));
    box.close();
    return;
  }
  const target = answer.headers.get("X-Location") ?? (answer.redirected ? answer.url : "");
  const markup = target ? "" : await answer.text();
  if (markup.includes('class="dialog-head"') && !/^\s*<!doctype/i.test(markup)) { fill(box, markup); return; }
  if (target && target !== location.href) location.assign(target); else location.reload();
}

/** A question with two answers; resolves to true or false. */
export function ask(text, { yes = t("ok"), danger = true } = {}) {
  return new Promise((resolve) => {
    const box = el("dialog", { class: "dialog", "aria-label": text });
    const answer = (value) => { box.close(); box.remove(); resolve(value); };
    box.append(
      el("div", { class: "dialog-head" }, icon(danger ? "exclamation-triangle" : "question-circle"), el("h2", {}, text)),
      el("div", { class: "dialog-foot" },
        el("button", { type: "button", class: "btn btn-quiet", onclick: () => answer(false) }, t("cancel")),
        el("button", { type: "button", class: `btn ${danger ? "btn-danger" : "btn-primary"}`, onclick: () => answer(true) }, yes)));
    box.addEventListener("cancel", (event) => { event.preventDefault(); answer(false); });
    document.body.append(box);
    box.showModal();
    box.querySelector(".btn:last-child").focus();
  });
}

export function startDialogs(boot) {
  bootFragment = boot;
  document.addEventListener("click", async (event) => {
    const asked = event.target.closest("[data-confirm]");
    if (asked && !asked.confirmed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (await ask(asked.dataset.confirm, { yes: asked.textContent.trim() || t("ok"), danger: asked.matches(".btn-danger, .danger") })) {
        asked.confirmed = true;
        asked.click();
        asked.confirmed = false;
      }
      return;
    }
    const link = event.target.closest("a[data-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    openFragment(link.href, link.dataset.open, { opener: link });
  }, true);
}

/** Create a record in place: opens the sheet and resolves to {id, label} or null. */
export async function createInPlace(url) {
  const box = await openFragment(url, "sheet");
  if (!box) return null;
  return new Promise((resolve) => {
    box.addEventListener("sarnakh:made", (event) => resolve(event.detail), { once: true });
    box.addEventListener("close", () => setTimeout(() => resolve(null)), { once: true });
  });
}

