/* A form that is arranged by the kind of its record: when the field that says the kind is changed, its sections come again in the
   other arrangement, with what was typed. Nothing is kept on the way; without a connection the form stays as it is. */

import { $, $$, parse, request } from "./dom.js";

let latest = 0;

/* Chosen files and typed passwords cannot be sent back, so their inputs themselves move over. */
const own = (input) => (input.type === "file" && input.files.length) || (input.type === "password" && input.value);

function moveOver(old, fresh) {
  for (const input of $$("input", old).filter(own)) {
    const there = $$("input", fresh).find((one) => one.name === input.name && one.type === input.type);
    if (there && input.type === "file") { there.files = input.files; there.dispatchEvent(new Event("change", { bubbles: true })); }
    else if (there) there.value = input.value;
    else { input.hidden = true; fresh.append(input); }
  }
}

/* Where one was: the input itself by its name, else the field it belongs to. */
function whereabouts(form) {
  const active = document.activeElement;
  if (!form.contains(active)) return null;
  return { name: active.name, field: active.closest("[data-field]")?.dataset.field, start: active.selectionStart ?? null, end: active.selectionEnd ?? null };
}

function goBack(form, where) {
  if (!where) return;
  const box = where.field ? $(`[data-field="${CSS.escape(where.field)}"]`, form) : null;
  const inputs = $$("input, select, textarea", box ?? form).filter((one) => one.type !== "hidden");
  const input = inputs.find((one) => one.name === where.name) ?? (box ? inputs[0] : null);
  input?.focus({ preventScroll: true });
  if (input && where.start !== null) try { input.setSelectionRange(where.start, where.end); } catch { /* it has no caret */ }
}

/** Fetch the sections anew and put them in; `typed` tells and restores what the form holds, `ready` makes the new ones work. */
export async function arrange(form, { typed, restore, ready }) {
  const mine = ++latest;
  const sent = typed();
  const data = new FormData(form);
  for (const input of $$('input[type="file"]', form)) data.delete(input.name);
  data.set("then", "arrange");
  let answer;
  form.setAttribute("aria-busy", "true");
  try { answer = await request(form.getAttribute("action"), { method: "POST", body: data, fragment: "form" }); } catch { return; } finally { form.removeAttribute("aria-busy"); }
  if (!answer.ok || mine !== latest || !form.isConnected) return;
  const fresh = $(".sections", parse(await answer.text()));
  const old = $(".sections", form);
  if (!fresh || !old || mine !== latest) return;
  const where = whereabouts(form);
  const now = typed();
  const later = Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(sent[name])));
  moveOver(old, fresh);
  old.replaceWith(fresh);
  if (Object.keys(later).length) restore(later);
  await ready(fresh);
  goBack(form, where);
}
