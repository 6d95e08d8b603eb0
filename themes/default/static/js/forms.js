/* A form being filled in: draft kept and offered back, unsaved-changes guard, live conditions, soft checks, first error. */

import { $, $$, debounce, el, icon, plainDigits, request, t, html } from "./dom.js";
import { boot as bootAll } from "./app.js";
import { arrange } from "./arranging.js";
import { live } from "./conditions.js";

const skipped = (input) => !input.name || input.closest("[data-module=password]") || input.type === "file" || input.name === "csrf_token" || input.name === "version";

function snapshot(form) {
  const values = {};
  for (const input of form.elements) {
    if (skipped(input)) continue;
    if ((input.type === "checkbox" || input.type === "radio") && !input.checked) { values[input.name] ??= []; continue; }
    (values[input.name] ??= []).push(input.value);
    const token = input.type === "hidden" && input.closest(".token");
    if (token) (values[`${input.name}__text`] ??= []).push($(".clip", token).textContent);
  }
  return values;
}

function restore(form, values) {
  for (const input of form.elements) {
    if (skipped(input) || !(input.name in values)) continue;
    const kept = values[input.name];
    if (input.type === "checkbox" || input.type === "radio") input.checked = kept.includes(input.value);
    else if (input.type !== "hidden") input.value = kept[0] ?? "";
  }
  form.dispatchEvent(new CustomEvent("sarnakh:restored", { detail: values }));
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

class Draft {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draft ? `sarnakh:draft:${form.dataset.draft}` : "";
    this.before = JSON.stringify(snapshot(form));
    this.sending = false;
    const keep = debounce(() => { this.mark(); this.keep(); }, 300);
    const look = () => { if (form.elements.length < 2000) this.mark(); keep(); };
    form.addEventListener("input", look);
    form.addEventListener("change", look);
    form.addEventListener("submit", () => { this.sending = true; this.keep(true); setTimeout(() => { this.sending = false; }, 4000); });
    form.addEventListener("sarnakh:sent", () => this.forget());
    $("[data-cancel]", form)?.addEventListener("click", () => { this.sending = true; this.forget(); });
    addEventListener("beforeunload", (event) => { if (!this.sending && form.isConnected && this.dirty()) event.preventDefault(); });
    if (this.key) this.offer();
  }

  dirty() { return JSON.stringify(snapshot(this.form)) !== this.before; }

  mark() {
    const dirty = this.dirty();
    this.form.toggleAttribute("data-dirty", dirty);
    $$("[data-unsaved]", this.form).forEach((sign) => { sign.hidden = !dirty; });
  }

  keep(sent = false) {
    if (!this.key || !this.form.isConnected) return;
    if (this.dirty()) localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), sent, before: this.before, values: snapshot(this.form) }));
    else localStorage.removeItem(this.key);
  }

  forget() { if (this.key) localStorage.removeItem(this.key); }

  /* A draft of the same starting point is offered; one of an older version of the record or of last month is not. */
  offer() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    if (!kept) return;
    const current = JSON.stringify(snapshot(this.form));
    if (kept.before !== this.before || Date.now() - kept.at > 14 * 864e5 || JSON.stringify(kept.values) === current) {
      if ($("[aria-invalid=true]", this.form)) return;
      localStorage.removeItem(this.key);
      return;
    }
    const when = new Intl.DateTimeFormat(html.lang + (html.dataset.calendar === "jalali" ? "-u-ca-persian" : ""), { dateStyle: "medium", timeStyle: "short" }).format(kept.at);
    const line = el("div", { class: "alert-line level-info", role: "status" }, icon("clock-history"), el("div", { class: "grow" }, t("draftFound", { when })),
      el("button", { type: "button", class: "btn btn-sm", onclick: () => { restore(this.form, kept.values); line.remove(); } }, t("restore")),
      el("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: () => { this.forget(); line.remove(); } }, t("discard")));
    (this.form.querySelector(".dialog-body") ?? this.form).prepend(line);
  }
}

/* What a form holds, as a check of the whole form is told: no token, no password, no file. */
function filledIn(form) {
  const chosen = (input) => !["checkbox", "radio"].includes(input.type) || input.checked;
  return [...form.elements].filter((input) => !skipped(input) && chosen(input)).map((input) => [input.name, input.value]);
}

/* Checks that help while typing: they say something only when the field is left, and never forbid. */
function soft(form) {
  const patterns = { email: /^\S+@\S+\.\S+$/, phone: /^[+\d\s().\-/]{5,}$/ };
  form.addEventListener("focusout", (event) => {
    const input = event.target;
    const pattern = patterns[input.dataset?.soft];
    if (!pattern) return;
    const bad = input.value.trim() !== "" && !pattern.test(plainDigits(input.value.trim()));
    input.toggleAttribute("data-doubt", bad);
    if (bad) input.setAttribute("aria-invalid", "true"); else if (!$(".error", input.closest(".field") ?? form)) input.removeAttribute("aria-invalid");
  });
  const check = debounce(async (input) => {
    const whole = input.dataset.checkForm !== undefined;
    const asked = new URLSearchParams(whole ? filledIn(form) : { name: input.name, value: input.value });
    const url = `${input.dataset.check}${input.dataset.check.includes("?") ? "&" : "?"}${asked}`;
    if (whole) $$(".hint-live", form).forEach((hint) => hint.remove());
    const answer = input.value || whole ? await request(url, { json: true }).catch(() => null) : null;
    const found = answer?.ok ? await answer.json() : {};
    const box = input.closest(".field");
    let hint = $(".hint-live", box);
    if (!found.message) { hint?.remove(); return; }
    if (!hint) box.append((hint = el("div", { class: "hint-live", role: "status" })));
    hint.className = `hint-live level-${found.level ?? "warning"}`;
    hint.replaceChildren(found.url ? el("a", { href: found.url, target: "_blank" }, found.message) : found.message);
  }, 450);
  form.addEventListener("input", (event) => { if (event.target.dataset?.check) check(event.target); });
}

export function boot(form) {
  const draft = new Draft(form);
  form.draft = draft;
  live(form);
  soft(form);
  form.addEventListener("change", (event) => {
    if (!event.target.closest("[data-arrange]")) return;
    const ready = async (sections) => { await bootAll(sections); live(form); draft.mark(); };
    arrange(form, { typed: () => snapshot(form), restore: (values) => restore(form, values), ready });
  });
  const errors = $("[data-errors]", form);
  const first = $('[aria-invalid="true"]', form);
  if (first) first.focus(); else errors?.focus();
  form.addEventListener("submit", (event) => {
    const empty = $$("input, select, textarea", form).find((input) => input.required && !input.disabled && input.type !== "file" && !input.value && input.checkVisibility() && !input.closest("[hidden]"));
    if (!empty || event.submitter?.formNoValidate) return;
    event.preventDefault();
    event.stopPropagation();
    const box = empty.closest(".field") ?? empty.parentElement;
    if (!$(".error", box)) box.append(el("p", { class: "error", role: "alert" }, icon("exclamation-circle"), t("required")));
    empty.setAttribute("aria-invalid", "true");
    empty.focus();
  });
  form.addEventListener("input", (event) => {
    if (!event.target.value) return;
    const box = event.target.closest(".field");
    event.target.removeAttribute("aria-invalid");
    $$('.error[role="alert"]', box ?? form).forEach((line) => line.remove());
  });
}
