/* Carrying entries, drawing their length and marking an empty place, by mouse or finger. A mouse begins after a few pixels,
   a finger after resting a moment, so that one can still scroll. */

import { $, rtl } from "./dom.js";
import { STEP, clear, dayOf, days, daysBetween, minutesOf, moment, plusDays, slotAt, snap, stretch } from "./calendarplaces.js";

const SLACK = 5;
const REST = 280;
const EDGE = 44;
const HOUR = 60;

class Drag {
  constructor(calendar) {
    this.calendar = calendar;
    const pane = calendar.pane;
    pane.addEventListener("pointerdown", (event) => this.down(event));
    pane.addEventListener("pointermove", (event) => this.moved(event));
    pane.addEventListener("pointerup", (event) => this.up(event));
    pane.addEventListener("pointercancel", () => this.forget());
    pane.addEventListener("dragstart", (event) => event.preventDefault());
    pane.addEventListener("touchmove", (event) => { if (this.running) event.preventDefault(); }, { passive: false });
    pane.addEventListener("contextmenu", (event) => { if (this.running || this.pressed?.touch) event.preventDefault(); });
    pane.addEventListener("click", (event) => { if (this.swallow) { event.preventDefault(); event.stopPropagation(); this.swallow = false; } }, true);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.running) this.forget(); });
  }

  down(event) {
    this.swallow = false;
    if (event.button !== 0 || this.calendar.picked) return;
    const entry = event.target.closest(".cal-entry");
    if (entry ? !("movable" in entry.dataset) || !this.calendar.canMove : !this.calendar.canCreate || event.target.closest("a, button, summary, input") || !event.target.closest("[data-slot]")) return;
    const touch = event.pointerType !== "mouse";
    if (touch && !entry && event.target.closest(".cal-month")) return;
    const kind = !entry ? "create" : event.target.closest("[data-grip]") ? "resize" : "move";
    this.pressed = { entry, kind, touch, id: event.pointerId, x: event.clientX, y: event.clientY, slot: slotAt(event.clientX, event.clientY) };
    if (touch) this.pressed.timer = setTimeout(() => this.start(), REST);
    else if (kind === "create") event.preventDefault();
  }

  moved(event) {
    if (!this.pressed || event.pointerId !== this.pressed.id) return;
    [this.x, this.y] = [event.clientX, event.clientY];
    if (!this.running && Math.hypot(this.x - this.pressed.x, this.y - this.pressed.y) > SLACK) {
      if (this.pressed.touch) { this.forget(); return; }
      this.start();
    }
    if (this.running) this.draw();
  }

  start() {
    const { entry, id, slot } = this.pressed;
    [this.x, this.y] = [this.x ?? this.pressed.x, this.y ?? this.pressed.y];
    this.running = true;
    if (entry) {
      const begin = entry.dataset.begin;
      /* how far into the entry it was taken: in days, and in minutes of its first day */
      this.days = slot && minutesOf(begin) === null ? Math.max(0, daysBetween(dayOf(begin), slot.day)) : 0;
      if (slot?.minutes === null && minutesOf(begin) !== null) this.days = Math.max(0, daysBetween(dayOf(begin), slot.day));
      this.minutes = slot?.minutes != null && minutesOf(begin) !== null ? slot.minutes + 1440 * daysBetween(dayOf(begin), slot.day) - minutesOf(begin) : 0;
      entry.classList.add("lifted");
      if (this.pressed.kind === "move") this.carry(entry);
    }
    this.calendar.pane.classList.add("carrying");
    try { this.calendar.pane.setPointerCapture(id); } catch { /* the pointer is gone already */ }
    if (this.pressed.touch) navigator.vibrate?.(12);
    this.draw();
    this.scrolling = setInterval(() => this.scroll(), 16);
  }

  carry(entry) {
    this.ghost = entry.cloneNode(true);
    this.ghost.className = `cal-entry ghost ${[...entry.classList].find((name) => name.startsWith("tint-")) ?? ""}`;
    ["data-id", "data-movable", "aria-describedby"].forEach((name) => this.ghost.removeAttribute(name));
    document.body.append(this.ghost);
  }

  draw() {
    if (this.ghost) {
      const left = rtl() ? this.x - 12 - document.documentElement.clientWidth : this.x + 12;
      this.ghost.style.transform = `translate(${left}px, ${this.y + 10}px)`;
    }
    const slot = slotAt(this.x, this.y);
    this.proposal = slot ? this[this.pressed.kind](slot) : null;
    if (!this.proposal) clear(this.calendar.pane);
  }

  /* Where the entry would begin. */
  move(slot) {
    const pane = this.calendar.pane;
    const { begin, end } = this.pressed.entry.dataset;
    if (slot.minutes === null) {
      const first = plusDays(slot.day, -this.days);
      const length = minutesOf(begin) === null ? daysBetween(begin, end) : this.long();
      days(pane, first, plusDays(first, slot.whole && minutesOf(begin) !== null ? 0 : length), slot.whole);
      return { begin: first, whole: slot.whole && minutesOf(begin) !== null, person: slot.person };
    }
    const length = minutesOf(begin) === null ? HOUR : Math.max(STEP, daysBetween(dayOf(begin), dayOf(end)) * 1440 + minutesOf(end) - minutesOf(begin));
    const at = Math.max(minutesOf(begin) === null ? 0 : -length + 15, Math.min(1425, snap(slot.minutes - this.minutes)));
    stretch(pane, slot.node, at, at + length);
    return { begin: moment(slot.day, at), person: slot.person };
  }

  long() {
    const { begin, end } = this.pressed.entry.dataset;
    const last = minutesOf(end) === 0 ? plusDays(dayOf(end), -1) : dayOf(end);
    return Math.max(0, daysBetween(dayOf(begin), last));
  }

  /* Where it would end. */
  resize(slot) {
    const pane = this.calendar.pane;
    const { begin } = this.pressed.entry.dataset;
    if (slot.minutes === null) {
      const last = slot.day < dayOf(begin) ? dayOf(begin) : slot.day;
      days(pane, dayOf(begin), last, slot.whole);
      return { end: last };
    }
    if (minutesOf(begin) === null || slot.day < dayOf(begin)) return null;
    const from = slot.day === dayOf(begin) ? minutesOf(begin) : 0;
    const until = Math.max(from + 15, snap(slot.minutes));
    stretch(pane, slot.node, from, until);
    return { end: moment(slot.day, until) };
  }

  /* A stretch of an empty column, or some days. */
  create(slot) {
    const from = this.pressed.slot;
    const pane = this.calendar.pane;
    if (from.minutes === null) {
      if (slot.minutes !== null) return null;
      const [first, last] = [from.day, slot.day].sort();
      days(pane, first, last, from.whole);
      return { begin: first, end: last, person: from.person };
    }
    if (slot.node !== from.node) return this.proposal;
    const [a, b] = [Math.floor(Math.min(from.minutes, slot.minutes) / 15) * 15, Math.max(15, snap(Math.max(from.minutes, slot.minutes)))];
    const until = Math.max(a + 15, b);
    stretch(pane, from.node, a, until);
    return { begin: moment(from.day, a), end: moment(from.day, until), person: from.person };
  }

  scroll() {
    const pane = $("[data-scroll-hours]", this.calendar.pane);
    if (!pane) return;
    const box = pane.getBoundingClientRect();
    const before = [pane.scrollTop, pane.scrollLeft];
    const top = $(".cal-top", pane)?.getBoundingClientRect().bottom ?? box.top;
    if (this.y > top && this.y < top + EDGE / 2) pane.scrollTop -= 8; else if (this.y > box.bottom - EDGE) pane.scrollTop += 8;
    if (this.x < box.left + EDGE) pane.scrollLeft -= 10; else if (this.x > box.right - EDGE) pane.scrollLeft += 10;
    if (before[0] !== pane.scrollTop || before[1] !== pane.scrollLeft) this.draw();
  }

  up(event) {
    if (!this.pressed || event.pointerId !== this.pressed.id) return;
    const { entry, kind, slot, touch } = this.pressed;
    const running = this.running;
    const proposal = this.proposal;
    this.forget(kind !== "create" && proposal);
    if (!running) {
      if (kind === "create" && slot && !touch) this.tap(slot);
      return;
    }
    this.swallow = true;
    setTimeout(() => { this.swallow = false; }, 50);
    if (!proposal) return;
    if (kind === "create") this.calendar.create(proposal).finally(() => clear(this.calendar.pane));
    else if (proposal.end === entry.dataset.end || (proposal.begin === entry.dataset.begin && proposal.person === (entry.dataset.person ?? ""))
      || (!proposal.whole && !proposal.end && minutesOf(proposal.begin ?? "") === null && proposal.begin === dayOf(entry.dataset.begin) && proposal.person === (entry.dataset.person ?? ""))) this.calendar.stay(entry);
    else this.calendar.send(entry, proposal).finally(() => clear(this.calendar.pane));
  }

  /* A click on an empty place: an hour from the half hour that was hit, or the day. */
  tap(slot) {
    if (slot.minutes === null) { this.calendar.create({ begin: slot.day, person: slot.person }); return; }
    const begin = Math.min(1410, Math.floor(slot.minutes / 30) * 30);
    stretch(this.calendar.pane, slot.node, begin, begin + HOUR);
    this.calendar.create({ begin: moment(slot.day, begin), end: moment(slot.day, begin + HOUR), person: slot.person }).finally(() => clear(this.calendar.pane));
  }

  forget(keep = false) {
    clearTimeout(this.pressed?.timer);
    clearInterval(this.scrolling);
    this.ghost?.remove();
    this.calendar.pane.classList.remove("carrying");
    if (!keep) {
      this.pressed?.entry?.classList.remove("lifted");
      clear(this.calendar.pane);
    }
    this.pressed = this.ghost = this.x = this.y = this.proposal = null;
    this.running = false;
  }
}

export function startDragging(calendar) { new Drag(calendar); }
