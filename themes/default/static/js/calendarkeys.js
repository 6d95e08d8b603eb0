/* Keys in a calendar. On an entry Space picks it up, arrows move it and with Shift change its length, Enter drops it, Escape
   puts it back. On a day or column arrows go about, Enter creates there. Arrows follow what the eye sees. */

import { $, $$, announce, rtl, t } from "./dom.js";
import { STEP, clear, clock, columnOf, dayOf, days, daysBetween, minutesOf, moment, plusDays, stretch } from "./calendarplaces.js";

const HALF = 30;

class Keys {
  constructor(calendar) {
    this.calendar = calendar;
    calendar.pane.addEventListener("keydown", (event) => this.key(event));
    calendar.pane.addEventListener("focusout", () => { if (!calendar.picked) clear(calendar.pane); this.cursor = null; });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const entry = event.target.closest(".cal-entry");
    if (this.calendar.picked) this.carrying(event);
    else if (entry) { if (event.key === " ") this.pick(event, entry); }
    else if (event.target.matches(".cal-day")) this.walkDays(event);
    else if (event.target.matches(".cal-col")) this.walkHours(event);
  }

  /* One step to the side or down: days in a month and sideways, minutes among hours. */
  steps(event) {
    const side = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[event.key] ?? 0;
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    return side || down ? { side, down } : null;
  }

  pick(event, entry) {
    event.preventDefault();
    if (!("movable" in entry.dataset) || !this.calendar.canMove) { announce(t("fixed")); return; }
    const { begin, end } = entry.dataset;
    const timed = minutesOf(begin) !== null && entry.matches(".timed");
    this.calendar.picked = { entry, timed, day: dayOf(begin), at: minutesOf(begin) ?? 0, length: timed ? Math.max(STEP, daysBetween(dayOf(begin), dayOf(end)) * 1440 + minutesOf(end) - minutesOf(begin)) : daysBetween(dayOf(begin), dayOf(end)), resized: false };
    entry.classList.add("picked");
    this.draw();
    announce(t("calPicked", { entry: entry.getAttribute("aria-label") }));
  }

  carrying(event) {
    const held = this.calendar.picked;
    event.preventDefault();
    const step = this.steps(event);
    if (step) this.step(held, step, event.shiftKey);
    else if (event.key === "Enter" || event.key === " ") this.drop(held);
    else if (event.key === "Escape" || event.key === "Tab") this.leave(held, true);
  }

  step(held, { side, down }, longer) {
    if (longer && !held.moved) {
      held.resized = true;
      held.length = held.timed ? Math.max(STEP, held.length + down * STEP) : Math.max(0, held.length + side + down * 7);
    } else if (!longer && !held.resized) {
      held.moved = true;
      if (held.timed) {
        held.day = this.within(plusDays(held.day, side));
        held.at = Math.max(0, Math.min(1440 - STEP, held.at + down * STEP));
      } else held.day = this.within(plusDays(held.day, side + (this.calendar.view.dataset.mode === "month" ? down * 7 : 0)));
    }
    this.draw();
    announce(held.timed ? `${this.label(held.day)}, ${clock(held.at)} – ${clock(held.at + held.length)}` : this.label(plusDays(held.day, held.resized ? held.length : 0)));
  }

  /* Entries stay among the days that are shown. */
  within(day) {
    const shown = $$("[data-slot]", this.calendar.pane).map((one) => one.dataset.day).sort();
    return day < shown[0] ? shown[0] : day > shown.at(-1) ? shown.at(-1) : day;
  }

  label(day) { return $(`[data-slot][data-day="${day}"]`, this.calendar.pane)?.dataset.label ?? day; }

  draw() {
    const held = this.calendar.picked;
    const pane = this.calendar.pane;
    if (held.timed) {
      const column = columnOf(pane, held.day, held.entry.dataset.person ?? "");
      if (column) stretch(pane, column, held.at, held.at + held.length).scrollIntoView({ block: "nearest", inline: "nearest" });
    } else days(pane, held.day, plusDays(held.day, held.length), !held.entry.closest(".cal-month"));
  }

  drop(held) {
    if (!held.moved && !held.resized) { this.leave(held, true); return; }
    const { entry } = held;
    const proposal = held.resized
      ? { end: held.timed ? moment(held.day, held.at + held.length) : plusDays(held.day, held.length) }
      : { begin: held.timed ? moment(held.day, held.at) : held.day };
    this.calendar.picked = null;
    entry.classList.remove("picked");
    this.calendar.send(entry, proposal, true).finally(() => clear(this.calendar.pane));
  }

  leave(held, told) {
    this.calendar.picked = null;
    this.calendar.stay(held.entry, true);
    if (told) announce(t("calBack"));
  }

  walkDays(event) {
    const step = this.steps(event);
    if (step) {
      const next = $(`.cal-day[data-day="${plusDays(event.target.dataset.day, step.side + step.down * 7)}"]`, this.calendar.pane);
      if (!next) return;
      event.preventDefault();
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    } else if (event.key === "Enter" && this.calendar.canCreate) {
      event.preventDefault();
      this.calendar.create({ begin: event.target.dataset.day });
    }
  }

  walkHours(event) {
    const column = event.target;
    const step = this.steps(event);
    if (step) {
      event.preventDefault();
      const all = $$(".cal-col", this.calendar.pane);
      const next = all[all.indexOf(column) + step.side] ?? column;
      const at = this.cursor ?? 9 * 60 - HALF * step.down;
      if (next !== column) { column.tabIndex = -1; next.tabIndex = 0; next.focus(); }
      this.cursor = Math.max(0, Math.min(1440 - HALF, at + step.down * HALF));
      stretch(this.calendar.pane, next, this.cursor, this.cursor + HALF).scrollIntoView({ block: "nearest", inline: "nearest" });
      announce(`${next.dataset.label}, ${clock(this.cursor)}`);
    } else if (event.key === "Enter" && this.calendar.canCreate) {
      event.preventDefault();
      const begin = this.cursor ?? 9 * 60;
      this.calendar.create({ begin: moment(column.dataset.day, begin), end: moment(column.dataset.day, begin + 60), person: column.dataset.person ?? "" });
    }
  }
}

export function startKeys(calendar) { new Keys(calendar); }
