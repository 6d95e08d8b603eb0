/* The board: cards carried by mouse, finger or keys; columns that load more and fold. The server decides every move. */

import { $, $$, announce, parse, post, request, rtl, t, toast } from "./dom.js";
import { startCarrying } from "./boarddrag.js";

export class Board {
  constructor(root) {
    this.root = root;
    this.pane = $("[data-board]", root);
    this.known = new Map();
    if (!this.pane) return;
    this.pane.addEventListener("click", (event) => this.clicked(event));
    this.pane.addEventListener("submit", (event) => this.folding(event));
    this.pane.addEventListener("keydown", (event) => this.key(event));
    this.seen = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => this.more(e.target)), { root: null, rootMargin: "200px" });
    this.watch(this.pane);
    if ("movable" in root.dataset) startCarrying(this);
  }

  get columns() { return $$(".board-col", this.pane); }
  column(key) { return this.columns.find((one) => one.dataset.key === key); }
  list(column) { return $("[data-list]", column); }
  where(card) { return card.closest(".board-col"); }

  watch(node) { $$("[data-more]", node).forEach((link) => this.seen.observe(link)); }

  /* ------------------------------------------------------------------ loading */
  async fill(url, place) {
    const answer = await request(url, { fragment: "column" });
    if (!answer.ok) { toast(t("error"), { level: "error" }); return; }
    const there = new Set($$("[data-card-id]", this.pane).map((card) => card.dataset.cardId));
    const fresh = parse(await answer.text());
    $$("[data-card-id]", fresh).filter((card) => there.has(card.dataset.cardId)).forEach((card) => card.remove());
    place.append(fresh);
    this.watch(place);
  }

  async more(link) {
    if (link.loading) return;
    link.loading = true;
    this.seen.unobserve(link);
    const place = link.closest("[data-list]");
    const item = link.closest("li");
    await this.fill(link.dataset.more, place);
    item.remove();
  }

  clicked(event) {
    const link = event.target.closest("[data-more]");
    if (link) { event.preventDefault(); this.more(link); }
  }

  folding(event) {
    const form = event.target.closest("[data-fold-form]");
    if (!form) return;
    event.preventDefault();
    const column = form.closest(".board-col");
    const button = $("button", form);
    const folded = column.classList.toggle("folded");
    post(form.action, { column: column.dataset.key, folded: folded ? "1" : "0" }, { fragment: "fold" });
    button.value = folded ? "0" : "1";
    button.title = t(folded ? "unfold" : "fold");
    button.setAttribute("aria-expanded", String(!folded));
    $("i", button).className = `bi bi-arrows-angle-${folded ? "expand" : "contract"}`;
    if (!folded && !this.list(column).children.length && column.dataset.cards) this.fill(column.dataset.cards, this.list(column));
  }

  /* ------------------------------------------------------------------ moving */
  /** Where a card may go: asked once each time it is picked up. */
  ask(card) {
    const asked = request(`${this.root.dataset.moves}&id=${card.dataset.cardId}`, { json: true })
      .then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
    asked.then((moves) => { if (card === this.carried) this.mark(moves); });
    this.moves = asked;
    return asked;
  }

  lift(card) {
    this.carried = card;
    this.pane.classList.add("carrying");
    this.ask(card);
  }

  mark(moves) {
    for (const column of this.columns) {
      const reason = moves[column.dataset.key]?.reason ?? "";
      column.classList.toggle("shut", reason !== "");
      column.dataset.why = reason;
    }
  }

  over(column) {
    for (const one of this.columns) {
      const here = one === column && one !== this.where(this.carried);
      one.classList.toggle("over", here);
      const why = $("[data-why]", one);
      why.hidden = !(here && one.dataset.why);
      why.textContent = one.dataset.why ?? "";
    }
  }

  lower() {
    this.over(null);
    this.pane.classList.remove("carrying");
    this.columns.forEach((one) => { one.classList.remove("shut"); delete one.dataset.why; });
    this.carried?.classList.remove("picked", "lifted");
    this.carried = null;
  }

  /** Show the card where it was dropped, ask the server, and put it back when it refuses. */
  async drop(card, column, focus = false) {
    const from = this.where(card);
    const moves = await this.moves;
    this.lower();
    const move = moves?.[column.dataset.key];
    if (move?.url) { location.assign(`${move.url}${move.url.includes("?") ? "&" : "?"}next=${encodeURIComponent(location.pathname + location.search)}`); return; }
    if (move?.reason) { this.refused(card, move.reason, focus); return; }
    const next = card.nextElementSibling;
    const opened = !column.classList.contains("folded");
    if (opened) this.list(column).prepend(card); else card.hidden = true;
    card.classList.add("lifted");
    try {
      const answer = await post(this.root.dataset.move, { id: card.dataset.cardId, version: card.dataset.version, from: from.dataset.key, to: column.dataset.key }, { json: true });
      const told = await answer.json();
      card.classList.remove("lifted");
      if (told.heads) this.heads(told.heads);
      if (answer.ok && told.url) { location.assign(told.url); return; }
      if (answer.ok) { this.landed(card, told, focus); return; }
      if (told.column) card.dataset.version = told.version;
      this.back(card, told.column ? this.column(told.column) : from, told.column === from.dataset.key || !told.column ? next : null);
      this.refused(card, told.message, focus);
    } catch {
      card.classList.remove("lifted");
      this.back(card, from, next);
      this.refused(card, t("error"), focus);
    }
  }

  back(card, column, before) {
    if (!column) { card.remove(); return; }
    card.hidden = column.classList.contains("folded");
    this.list(column).insertBefore(card, before?.parentNode === this.list(column) ? before : this.list(column).firstChild);
  }

  landed(card, told, focus) {
    const fresh = told.card ? parse(told.card).querySelector("[data-card-id]") : null;
    announce(told.message);
    toast(told.message, { level: "success", seconds: 3 });
    if (!fresh) { card.remove(); return; }
    fresh.hidden = card.hidden;
    fresh.classList.add("landed");
    card.replaceWith(fresh);
    if (focus) $(".title-link", fresh).focus();
  }

  refused(card, reason, focus) {
    toast(reason, { level: "error" });
    if (focus && card.isConnected) $(".title-link", card).focus();
  }

  heads(heads) {
    for (const [key, head] of Object.entries(heads)) {
      const column = this.column(key);
      if (!column) continue;
      $("[data-count]", column).textContent = head.count;
      $("[data-total]", column).textContent = head.total;
      $("[data-total]", column).title = head.exact;
      this.bar($("[data-bar]", column), head.bar);
    }
  }

  bar(drawing, parts) {
    if (!drawing) return;
    const make = (name, values) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(values)) node.setAttribute(key, value);
      return node;
    };
    drawing.replaceChildren(...parts.map((part) => {
      const drawn = make("rect", { class: `tint-${part.colour}`, x: part.start, y: 0, width: part.width, height: 4 });
      const title = make("title", {});
      title.textContent = part.label;
      drawn.append(title);
      return drawn;
    }));
    drawing.toggleAttribute("hidden", !parts.length);
    drawing.setAttribute("aria-label", parts.map((part) => part.label).join(" · "));
  }

  /* ------------------------------------------------------------------ keys */
  key(event) {
    const link = event.target.closest(".title-link");
    const card = link?.closest(".card-item");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.carried) this.carrying(event); else this.walking(event, card);
  }

  walking(event, card) {
    const steps = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 };
    if (event.key === " " && "movable" in this.root.dataset) {
      event.preventDefault();
      card.classList.add("picked");
      this.target = this.where(card);
      this.lift(card);
      announce(t("picked", { card: $(".title-link", card).textContent }));
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const all = $$("[data-card-id]:not([hidden])", this.where(card));
      $(".title-link", all[all.indexOf(card) + (event.key === "ArrowDown" ? 1 : -1)] ?? card)?.focus();
    } else if (event.key in steps) {
      event.preventDefault();
      const all = this.columns;
      let at = all.indexOf(this.where(card)) + steps[event.key];
      while (all[at] && !$("[data-card-id]:not([hidden]) .title-link", all[at])) at += steps[event.key];
      const next = all[at] && $("[data-card-id]:not([hidden]) .title-link", all[at]);
      next?.focus();
      next?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  async carrying(event) {
    const steps = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 };
    const card = this.carried;
    event.preventDefault();
    if (event.key in steps) {
      const all = this.columns;
      this.target = all[Math.max(0, Math.min(all.length - 1, all.indexOf(this.target) + steps[event.key]))];
      this.target.scrollIntoView({ block: "nearest", inline: "nearest" });
      await this.moves;
      if (this.carried !== card) return;
      this.over(this.target);
      announce([this.target.dataset.label, this.target.dataset.why].filter(Boolean).join(": "));
    } else if (event.key === "Enter" || event.key === " ") {
      if (this.target === this.where(card)) this.stay(card); else this.drop(card, this.target, true);
    } else if (event.key === "Escape" || event.key === "Tab") this.stay(card);
  }

  stay(card) {
    this.lower();
    announce(t("putBack"));
    $(".title-link", card).focus();
  }
}

export function boot(root) { root.board = new Board(root); }
