/* Carrying a card by mouse or finger. A mouse carries after a few pixels, a finger after resting a moment, so that one can
   still scroll; near an edge the board and its columns scroll by themselves. */

import { $, rtl } from "./dom.js";

const SLACK = 6;
const REST = 260;
const EDGE = 56;

class Carrier {
  constructor(board) {
    this.board = board;
    const pane = board.pane;
    pane.addEventListener("pointerdown", (event) => this.down(event));
    pane.addEventListener("pointermove", (event) => this.moved(event));
    pane.addEventListener("pointerup", (event) => this.up(event));
    pane.addEventListener("pointercancel", () => this.cancel());
    pane.addEventListener("dragstart", (event) => event.preventDefault());
    pane.addEventListener("touchmove", (event) => { if (this.ghost) event.preventDefault(); }, { passive: false });
    pane.addEventListener("contextmenu", (event) => { if (this.ghost || this.pressed?.touch) event.preventDefault(); });
    pane.addEventListener("click", (event) => { if (this.swallow) { event.preventDefault(); event.stopPropagation(); this.swallow = false; } }, true);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.ghost) this.cancel(); });
  }

  down(event) {
    const card = event.target.closest(".card-item");
    this.swallow = false;
    if (!card || event.button !== 0 || this.board.carried || event.target.closest("button, input, .board-more")) return;
    const touch = event.pointerType !== "mouse";
    this.pressed = { card, touch, id: event.pointerId, x: event.clientX, y: event.clientY };
    if (touch) this.pressed.timer = setTimeout(() => this.start(), REST);
  }

  moved(event) {
    if (!this.pressed || event.pointerId !== this.pressed.id) return;
    this.x = event.clientX;
    this.y = event.clientY;
    const far = Math.hypot(this.x - this.pressed.x, this.y - this.pressed.y) > SLACK;
    if (!this.ghost && far) {
      if (this.pressed.touch) { this.forget(); return; }
      this.start();
    }
    if (this.ghost) this.draw();
  }

  start() {
    const { card, id } = this.pressed;
    this.x ??= this.pressed.x;
    this.y ??= this.pressed.y;
    const box = card.getBoundingClientRect();
    this.grip = { x: this.pressed.x - box.left, y: this.pressed.y - box.top };
    this.ghost = card.cloneNode(true);
    this.ghost.classList.add("ghost");
    this.ghost.removeAttribute("data-card-id");
    this.ghost.style.inlineSize = `${box.width}px`;
    document.body.append(this.ghost);
    card.classList.add("lifted");
    try { this.board.pane.setPointerCapture(id); } catch { /* the pointer is gone already */ }
    this.board.lift(card);
    if (this.pressed.touch) navigator.vibrate?.(12);
    this.draw();
    this.scrolling = setInterval(() => this.scroll(), 16);
  }

  draw() {
    const left = this.x - this.grip.x;
    const shift = rtl() ? left + this.ghost.offsetWidth - document.documentElement.clientWidth : left;
    this.ghost.style.transform = `translate(${shift}px, ${this.y - this.grip.y}px)`;
    this.board.over(this.under());
  }

  under() { return document.elementFromPoint(this.x, this.y)?.closest(".board-col") ?? null; }

  scroll() {
    const pane = this.board.pane;
    const box = pane.getBoundingClientRect();
    const sideways = this.x < box.left + EDGE ? -1 : this.x > box.right - EDGE ? 1 : 0;
    if (sideways) pane.scrollLeft += sideways * 12;
    const column = this.under();
    const list = column && $("[data-list]", column);
    const inner = list?.getBoundingClientRect();
    const updown = inner ? (this.y < inner.top + EDGE / 2 ? -1 : this.y > inner.bottom - EDGE / 2 ? 1 : 0) : 0;
    if (updown) list.scrollTop += updown * 8;
    if (sideways) this.board.over(column);
  }

  up(event) {
    if (!this.pressed || event.pointerId !== this.pressed.id) return;
    const { card } = this.pressed;
    const column = this.ghost ? this.under() : null;
    const carried = Boolean(this.ghost);
    this.forget();
    if (!carried) return;
    this.swallow = true;
    setTimeout(() => { this.swallow = false; }, 50);
    if (column && column !== this.board.where(card)) this.board.drop(card, column);
    else this.board.lower();
  }

  cancel() {
    const carried = Boolean(this.ghost);
    this.forget();
    if (carried) this.board.lower();
  }

  forget() {
    clearTimeout(this.pressed?.timer);
    clearInterval(this.scrolling);
    this.ghost?.remove();
    this.pressed?.card.classList.remove("lifted");
    this.pressed = this.ghost = this.x = this.y = null;
  }
}

export function startCarrying(board) { new Carrier(board); }
