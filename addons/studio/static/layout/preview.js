/* A look at the real page with the draft: sent as a form into a frame, where nothing can be touched. */

import { $, $$, debounce } from "./dom.js";

const TOUCHABLE = "a, button, input, select, textarea, summary, label, [tabindex]";

export function startPreview(editor, root) {
  const pane = $("[data-preview]", root);
  const form = $("[data-preview-form]", root);
  const box = $("[data-frame]", root);
  const frame = $("iframe", box);
  const button = $('[data-do="preview"]', root);

  const show = () => {
    if (pane.hidden) return;
    form.elements.tree.value = JSON.stringify(editor.model.tree());
    form.submit();
  };
  const soon = debounce(show, 600);

  frame.addEventListener("load", () => {
    try {
      $$(TOUCHABLE, frame.contentDocument).forEach((one) => { if (!one.matches(".record-main, .record-side, main")) one.inert = true; });
    } catch { /* a page of the browser's own */ }
  });
  button.addEventListener("click", () => {
    pane.hidden = !pane.hidden;
    button.setAttribute("aria-expanded", String(!pane.hidden));
    button.classList.toggle("active", !pane.hidden);
    show();
    if (!pane.hidden) pane.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  $$("[data-width]", pane).forEach((one) => one.addEventListener("click", () => {
    box.classList.toggle("phone", one.dataset.width === "phone");
    $$("[data-width]", pane).forEach((other) => { other.setAttribute("aria-pressed", String(other === one)); other.classList.toggle("active", other === one); });
  }));
  editor.model.onChange(soon);
}
