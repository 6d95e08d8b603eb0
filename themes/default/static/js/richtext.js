/* A rich text editor over a textarea that holds the HTML; the server sanitises what arrives. Pictures are offered where the
   textarea names an address that takes them (data-upload: a posted file, answered with JSON {"url"} or {"error"}). */

import { $, el, icon, request, t, toast } from "./dom.js";

const BLOCKS = [["p", "paragraph"], ["h2", "heading"], ["h3", "subheading"], ["blockquote", "quote"], ["pre", "code"]];
const TOOLS = [["type-bold", "bold", "bold", "Ctrl B"], ["type-italic", "italic", "italic", "Ctrl I"], ["list-ul", "insertUnorderedList", "list"],
  ["list-ol", "insertOrderedList", "numbers"], ["eraser", "removeFormat", "plain"]];
const IN_TABLE = [["node-plus", "row"], ["layout-three-columns", "column"], ["node-minus", "dropRow"], ["layout-sidebar-reverse", "dropColumn"]];
const KEPT = new Set(("a b strong i em u s sub sup p br h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code table thead tbody tr th td caption img hr div span").split(" "));
const ATTRIBUTES = { a: ["href"], img: ["src", "alt"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan"] };

/* DOMParser makes an inert document: nothing in it loads or runs before it is filtered. */
function filtered(html) {
  const kept = new DOMParser().parseFromString(html, "text/html").body;
  kept.querySelectorAll("script, style, iframe, object, embed, link, meta, title").forEach((node) => node.remove());
  for (const node of [...kept.querySelectorAll("*")]) {
    const tag = node.localName;
    [...node.attributes].forEach((a) => { if (!ATTRIBUTES[tag]?.includes(a.name) || /^\s*(javascript|data|vbscript):/i.test(a.value)) node.removeAttribute(a.name); });
    if (!KEPT.has(tag) || tag === "span" || (tag === "img" && !/^\/(files|picture)\//.test(node.getAttribute("src") ?? ""))) node.replaceWith(...node.childNodes);
  }
  return kept.childNodes;
}

class Editor {
  constructor(root, area) {
    this.area = area;
    this.body = el("div", { class: "rt-body prose", contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-label": root.dataset.label, dir: "auto", "data-placeholder": area.placeholder });
    this.body.append(...filtered(area.value));
    this.bar = el("div", { class: "rt-bar", role: "toolbar", "aria-label": root.dataset.label });
    this.asking = el("div", { class: "rt-ask line", hidden: true });
    this.style = el("select", { class: "input select rt-style", "aria-label": t("rich.style"), onchange: () => this.run("formatBlock", this.style.value) },
      ...BLOCKS.map(([tag, name]) => el("option", { value: tag }, t(`rich.${name}`))));
    this.bar.append(this.style, ...TOOLS.map(([mark, command, name, keys]) => this.button(mark, name, () => this.run(command), keys)),
      this.button("link-45deg", "link", () => this.askLink()), this.button("table", "table", () => this.addTable()));
    this.inTable = IN_TABLE.map(([mark, name]) => this.button(mark, name, () => this.changeTable(name)));
    this.bar.append(...this.inTable);
    if (area.dataset.upload) this.bar.append(this.picker());
    this.bar.append(this.button("arrow-counterclockwise", "undo", () => this.run("undo")), this.button("arrow-clockwise", "redo", () => this.run("redo")));
    this.body.addEventListener("input", () => this.write());
    this.body.addEventListener("paste", (event) => this.paste(event));
    this.body.addEventListener("keydown", (event) => { if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.stopPropagation(); this.askLink(); } });
    document.addEventListener("selectionchange", () => this.show());
    area.form?.addEventListener("sarnakh:restored", (event) => { this.body.replaceChildren(...filtered(event.detail[area.name]?.[0] ?? "")); });
    root.prepend(this.bar, this.asking, this.body);
    this.show();
  }

  button(mark, name, act, keys = "") {
    const label = t(`rich.${name}`);
    return el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", title: keys ? `${label} (${keys})` : label, "aria-label": label, onclick: act }, icon(mark));
  }

  run(command, value) {
    this.body.focus();
    document.execCommand("defaultParagraphSeparator", false, "p");
    document.execCommand(command, false, value);
    this.write();
  }

  write() {
    this.area.value = this.body.textContent.trim() || $("img, table", this.body) ? this.body.innerHTML : "";
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* Where the caret is: the kind of its paragraph, and whether it is in a table. */
  show() {
    const at = getSelection().anchorNode;
    const inside = at && this.body.contains(at);
    const near = inside ? (at.nodeType === 1 ? at : at.parentElement) : null;
    if (inside) this.style.value = BLOCKS.map(([tag]) => tag).find((tag) => near.closest(tag)) ?? "p";
    this.cell = near?.closest("td, th") ?? (document.activeElement?.closest?.(".rt-bar") === this.bar ? this.cell : null);
    this.inTable.forEach((button) => { button.hidden = !this.cell; });
  }

  insert(...nodes) {
    this.body.focus();
    const holder = el("div", {}, ...nodes);
    document.execCommand("insertHTML", false, holder.innerHTML);
    this.write();
  }

  /* One line in which something is typed; the selection waits meanwhile. */
  ask(label, value, done, ltr = false) {
    const selection = getSelection();
    const kept = selection.rangeCount && this.body.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
    const input = el("input", { class: "input", type: "text", value, "aria-label": label, placeholder: label, dir: ltr ? "ltr" : "auto", maxlength: "500" });
    const close = (use) => {
      this.asking.hidden = true;
      this.asking.replaceChildren();
      this.body.focus();
      if (kept) { selection.removeAllRanges(); selection.addRange(kept); }
      if (use) done(input.value.trim());
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close(event.key === "Enter");
    });
    this.asking.replaceChildren(input, el("button", { type: "button", class: "btn btn-sm", onclick: () => close(true) }, t("ok")), el("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: () => close(false) }, t("cancel")));
    this.asking.hidden = false;
    input.focus();
  }

  askLink() {
    const at = getSelection().anchorNode;
    const old = at && this.body.contains(at) ? at.parentElement.closest("a") : null;
    this.ask(t("rich.address"), old?.getAttribute("href") ?? "", (address) => {
      if (!address) { this.run("unlink"); return; }
      const full = /^(https?:|mailto:|tel:|\/|#)/i.test(address) ? address : `https://${address}`;
      if (old) { old.setAttribute("href", full); this.write(); }
      else this.link(full, address);
    }, true);
  }

  /* Written and chosen first where nothing was chosen: inserted as HTML the browser would give it a style. */
  link(address, text) {
    const selection = getSelection();
    const fresh = selection.isCollapsed;
    if (fresh) {
      this.run("insertText", text);
      for (const _letter of text) selection.modify("extend", "backward", "character");
    }
    this.run("createLink", address);
    if (fresh) selection.collapseToEnd();
  }

  addTable() {
    const cells = (tag) => el("tr", {}, ...[1, 2, 3].map(() => el(tag, {}, el("br"))));
    this.insert(el("table", {}, el("thead", {}, cells("th")), el("tbody", {}, cells("td"), cells("td"))));
  }

  changeTable(what) {
    const { cell } = this;
    if (!cell) return;
    const row = cell.parentElement;
    const table = row.closest("table");
    const index = cell.cellIndex;
    const head = row.parentElement.localName === "thead";
    const line = el("tr", {}, ...[...row.cells].map(() => el("td", {}, el("br"))));
    if (what === "row" && head) ($("tbody", table) ?? table).prepend(line);
    else if (what === "row") row.after(line);
    else if (what === "column") [...table.rows].forEach((one) => one.cells[Math.min(index, one.cells.length - 1)]?.after(el(one.cells[0].localName, {}, el("br"))));
    else if (what === "dropRow") row.remove();
    else [...table.rows].forEach((one) => one.cells[index]?.remove());
    if (!table.rows.length || !$("td, th", table)) table.remove();
    this.cell = this.cell.isConnected ? this.cell : null;
    this.write();
    this.show();
  }

  /* A picture is sent first and then stands in the text by its address. */
  picker() {
    const input = el("input", { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", hidden: true, onchange: () => { if (input.files[0]) this.send(input.files[0]); input.value = ""; } });
    return el("span", {}, this.button("image", "picture", () => input.click()), input);
  }

  async send(file) {
    const form = new FormData();
    form.append("file", file);
    toast(t("rich.sending"));
    const answer = await request(this.area.dataset.upload, { method: "POST", body: form, json: true }).catch(() => null);
    const found = await answer?.json().catch(() => null);
    if (!found?.url) { toast(found?.error ?? t("error"), { level: "error", seconds: 8 }); return; }
    this.ask(t("rich.alt"), "", (alt) => this.insert(el("img", { src: found.url, alt })));
  }

  paste(event) {
    event.preventDefault();
    const picture = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
    if (picture && this.area.dataset.upload) { this.send(picture); return; }
    const rich = event.clipboardData.getData("text/html");
    if (rich) this.insert(...filtered(rich));
    else { document.execCommand("insertText", false, event.clipboardData.getData("text/plain")); this.write(); }
  }
}

export function boot(root) {
  const area = $("textarea", root);
  if (area.readOnly) return;
  const editor = new Editor(root, area);
  area.hidden = true;
  editor.body.id = area.id;
  area.removeAttribute("id");
}
