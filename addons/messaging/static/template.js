// Writing templates: blocks that are added, moved, changed in place and deleted; fields put where the cursor is; a preview that
// follows. What stands in the hidden field `design` is what counts, and the server makes the HTML of it.

function start(root) {
  const page = root.querySelector?.("[data-template-editor]") ?? document.querySelector("[data-template-editor]");
  if (!page || page.started) return;
  page.started = true;
  const form = page.querySelector("[data-template-form]");
  const design = form.querySelector("[data-design]") ? new Design(page, form) : null;
  follow(page, form, design);
  insertFields(page, form);
}

class Design {
  constructor(page, form) {
    this.page = page;
    this.held = form.querySelector("[data-design]");
    this.list = form.querySelector("[data-design-list]");
    this.empty = form.querySelector("[data-design-empty]");
    this.undo = form.querySelector("[data-design-undo]");
    this.said = form.querySelector("[data-design-said]");
    const adding = form.querySelector("[data-design-add]");
    for (const block of JSON.parse(this.held.value || "[]")) this.list.append(this.made(block));
    this.list.querySelectorAll("li").forEach((item) => this.boot(item));
    if (adding) adding.hidden = false;
    adding?.addEventListener("click", (event) => {
      const kind = event.target.closest("[data-add]")?.dataset.add;
      if (kind) this.add({ kind });
    });
    this.undo?.querySelector("button").addEventListener("click", () => this.takeBack());
    this.list.addEventListener("input", () => this.write());
    this.list.addEventListener("change", (event) => { if (event.target.matches("[data-choose]")) this.upload(event.target); else this.write(); });
    this.list.addEventListener("click", (event) => this.pressed(event));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.drags();
    this.write(false);
  }

  made(block) {
    const item = this.page.querySelector(`template[data-block="${block.kind}"]`).content.firstElementChild.cloneNode(true);
    for (const part of item.querySelectorAll("[data-part]")) {
      const value = block[part.dataset.part] ?? "";
      if (part.matches("select") && value && ![...part.options].some((o) => o.value === value)) part.add(new Option(value, value));
      if (value !== "") part.value = value;
      else if (part.type === "color") part.value = "#0d766e";
      else if (part.dataset.part === "width") part.value = "100";
      else if (part.dataset.part === "level") part.value = "1";
    }
    this.show(item);
    return item;
  }

  /* Editors of formatted text begin when the theme hears of new parts of the page. */
  boot(item) { item.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true })); }

  show(item) {
    const picture = item.querySelector("[data-picture]");
    const file = item.querySelector("[data-part=file]")?.value;
    if (picture && file) { picture.src = `/files/${file}?inline=1`; picture.hidden = false; }
  }

  add(block) {
    const item = this.made(block);
    this.list.append(item);
    this.boot(item);
    this.write();
    item.scrollIntoView({ block: "nearest" });
    (item.querySelector(".rt-body, input:not([type=hidden]), textarea, select") ?? item).focus();
  }

  write(told = true) {
    const blocks = [...this.list.children].map((item) => {
      const block = { kind: item.dataset.kind };
      for (const part of item.querySelectorAll("[data-part]")) block[part.dataset.part] = part.value;
      return block;
    });
    this.held.value = JSON.stringify(blocks);
    this.empty.hidden = blocks.length > 0;
    if (told) this.held.dispatchEvent(new Event("input", { bubbles: true }));
  }

  pressed(event) {
    const item = event.target.closest(".design-block");
    if (!item) return;
    if (event.target.closest("[data-up]")) this.move(item, -1, event.target.closest("button"));
    else if (event.target.closest("[data-down]")) this.move(item, 1, event.target.closest("button"));
    else if (event.target.closest("[data-delete]")) this.drop(item);
  }

  key(event) {
    const item = event.target.closest(".design-block");
    if (!item) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      event.stopPropagation();
      this.move(item, event.key === "ArrowUp" ? -1 : 1, document.activeElement);
    } else if (event.target === item && event.key === "Delete") {
      event.preventDefault();
      this.drop(item);
    }
  }

  move(item, by, focus) {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(item); else other.after(item);
    focus?.focus();
    this.moved(item);
  }

  moved(item) {
    this.write();
    const at = [...this.list.children].indexOf(item) + 1;
    if (this.said) this.said.textContent = this.said.dataset.moved.replace("{number}", at).replace("{count}", this.list.children.length);
  }

  drop(item) {
    this.last = { item, before: item.nextElementSibling };
    const near = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    this.undo.hidden = false;
    this.write();
    (near ?? this.undo.querySelector("button")).focus();
  }

  takeBack() {
    if (!this.last) return;
    this.list.insertBefore(this.last.item, this.last.before?.isConnected ? this.last.before : null);
    this.last.item.focus();
    this.last = null;
    this.undo.hidden = true;
    this.write();
  }

  drags() {
    let moved = null;
    const clear = () => this.list.querySelectorAll(".before, .after").forEach((item) => item.classList.remove("before", "after"));
    const lower = (item, event) => { const box = item.getBoundingClientRect(); return event.clientY > box.top + box.height / 2; };
    this.list.addEventListener("dragstart", (event) => {
      if (!event.target.closest?.("[data-grip]")) return;
      moved = event.target.closest(".design-block");
      moved.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(moved, 10, 10);
    });
    this.list.addEventListener("dragover", (event) => {
      const item = event.target.closest(".design-block");
      if (!moved || !item) return;
      event.preventDefault();
      clear();
      if (item !== moved) item.classList.add(lower(item, event) ? "after" : "before");
    });
    this.list.addEventListener("drop", (event) => {
      const item = event.target.closest(".design-block");
      if (!moved) return;
      event.preventDefault();
      if (item && item !== moved) {
        if (lower(item, event)) item.after(moved); else item.before(moved);
        this.moved(moved);
      }
    });
    this.list.addEventListener("dragend", () => { clear(); moved?.classList.remove("dragged"); moved = null; });
  }

  async upload(input) {
    const item = input.closest(".design-block");
    const wrong = item.querySelector("[data-wrong]");
    const body = new FormData();
    if (!input.files[0]) return;
    body.append("file", input.files[0]);
    const answer = await fetch(this.page.dataset.pictureUrl, { method: "POST", body, credentials: "same-origin",
      headers: { "X-CSRFToken": document.body.dataset.csrf, "X-Requested-With": "fetch", Accept: "application/json" } });
    const found = await answer.json().catch(() => ({}));
    wrong.hidden = answer.ok;
    if (!answer.ok) { wrong.textContent = found.error ?? answer.statusText; input.value = ""; return; }
    item.querySelector("[data-part=file]").value = found.number;
    this.show(item);
    this.write();
  }
}

/* The preview is sent as a form of its own, so the form that is written in stays as it is. */
function follow(page, form) {
  const frame = page.querySelector("iframe[name=template-preview]");
  const changed = form.querySelector("[data-changed]");
  let dirty = false;
  let timer = 0;
  const show = () => {
    clearTimeout(timer);
    if (!frame) return;
    const sent = document.createElement("form");
    Object.assign(sent, { method: "post", action: page.dataset.preview, target: "template-preview", hidden: true });
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string" || name === "do" || name === "version") continue;
      const input = document.createElement("textarea");
      input.name = name;
      input.value = value;
      sent.append(input);
    }
    document.body.append(sent);
    sent.submit();
    sent.remove();
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(show, 700); };
  form.addEventListener("input", (event) => {
    if (event.target.matches("[name=width], [data-field-filter]") || event.target.closest(".combo")) return;
    dirty = true;
    if (changed) changed.hidden = false;
    soon();
  });
  form.querySelector("[data-show]")?.addEventListener("click", (event) => { event.preventDefault(); show(); });
  const combo = form.querySelector(".combo");
  let chosen = combo?.querySelector("input[type=hidden]")?.value;
  if (combo) new MutationObserver(() => {
    const now = combo.querySelector("input[type=hidden]")?.value;
    if (now && now !== chosen) { chosen = now; show(); }
  }).observe(combo, { childList: true, subtree: true });
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

/* A field goes where the cursor was last: into an input, or into formatted text. */
function insertFields(page, form) {
  const menu = page.querySelector(".template-fields");
  if (!menu) return;
  let place = null;
  let range = null;
  form.addEventListener("focusin", (event) => {
    if (menu.contains(event.target)) return;
    if (event.target.matches("input[type=text], input:not([type]), textarea, .rt-body") && !event.target.closest(".combo")) place = event.target;
  });
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const inside = selection.rangeCount && selection.anchorNode && (selection.anchorNode.parentElement ?? selection.anchorNode).closest?.(".rt-body");
    if (inside && form.contains(inside)) range = selection.getRangeAt(0).cloneRange();
  });
  menu.addEventListener("click", (event) => {
    const text = event.target.closest("[data-insert]")?.dataset.insert;
    if (!text) return;
    const at = place?.isConnected ? place : form.querySelector(".rt-body, textarea[name=body], [name=subject]");
    at.focus();
    if (at.matches(".rt-body")) {
      if (range && at.contains(range.startContainer)) { const selection = getSelection(); selection.removeAllRanges(); selection.addRange(range); }
      document.execCommand("insertText", false, text);
    } else {
      at.setRangeText(text, at.selectionStart, at.selectionEnd, "end");
      at.dispatchEvent(new Event("input", { bubbles: true }));
    }
    menu.open = false;
  });
  const filter = menu.querySelector("[data-field-filter]");
  filter.hidden = false;
  filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLocaleLowerCase();
    for (const group of menu.querySelectorAll("[data-group]")) {
      let any = false;
      const whole = group.querySelector("summary").textContent.toLocaleLowerCase();
      for (const line of group.querySelectorAll("li")) {
        line.hidden = Boolean(wanted) && !`${whole} ${line.textContent.toLocaleLowerCase()}`.includes(wanted);
        any ||= !line.hidden;
      }
      group.hidden = !any;
      if (wanted) group.open = any;
    }
  });
}

document.addEventListener("sarnakh:boot", (event) => start(event.detail?.root ?? document));
start(document);
