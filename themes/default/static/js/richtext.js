/* A small rich text editor over a textarea that holds the HTML; the server sanitises what arrives. */

import { $, el, icon } from "./dom.js";

const tools = [["type-bold", "bold", "Ctrl B"], ["type-italic", "italic", "Ctrl I"], ["list-ul", "insertUnorderedList", ""], ["list-ol", "insertOrderedList", ""], ["blockquote-left", "formatBlock:blockquote", ""], ["eraser", "removeFormat", ""]];

export function boot(root) {
  const area = $("textarea", root);
  if (area.readOnly) return;
  const body = el("div", { class: "rt-body prose", contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-label": root.dataset.label, dir: "auto", "data-placeholder": area.placeholder });
  /* DOMParser makes an inert document: nothing in it loads or runs before it is filtered. */
  const kept = new DOMParser().parseFromString(area.value, "text/html").body;
  kept.querySelectorAll("script, style, iframe, object, embed, link, meta").forEach((node) => node.remove());
  kept.querySelectorAll("*").forEach((node) => [...node.attributes].forEach((a) => { if (a.name !== "href" || /^\s*javascript:/i.test(a.value)) node.removeAttribute(a.name); }));
  body.append(...kept.childNodes);
  const bar = el("div", { class: "rt-bar", role: "toolbar", "aria-label": root.dataset.label });
  for (const [mark, command, keys] of tools) {
    const [name, value] = command.split(":");
    bar.append(el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", title: keys || name, "aria-label": name,
      onclick: () => { body.focus(); document.execCommand(name, false, value); write(); } }, icon(mark)));
  }
  const write = () => {
    area.value = body.textContent.trim() ? body.innerHTML : "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  body.addEventListener("input", write);
  body.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  area.form?.addEventListener("sarnakh:restored", (event) => { body.textContent = new DOMParser().parseFromString(event.detail[area.name]?.[0] ?? "", "text/html").body.textContent; });
  area.hidden = true;
  body.id = area.id;
  area.removeAttribute("id");
  root.prepend(bar, body);
}
