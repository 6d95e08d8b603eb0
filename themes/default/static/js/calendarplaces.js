/* Places in a calendar: days and minutes, where a point lies, and showing where an entry would be. */

import { $, $$, el, localDigits } from "./dom.js";

export const STEP = 15;
const DAY = 864e5;
const two = (number) => String(number).padStart(2, "0");

/** A day ("2026-11-26") so many days later. */
export const plusDays = (day, count) => new Date(Date.parse(`${day}T00:00Z`) + count * DAY).toISOString().slice(0, 10);
export const daysBetween = (from, to) => Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY);

/** "2026-11-26T14:30" of a day and its minute; minutes may lie before or after the day. */
export function moment(day, minutes) {
  const over = Math.floor(minutes / 1440);
  const rest = minutes - over * 1440;
  return `${plusDays(day, over)}T${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}

export const minutesOf = (text) => (text.includes("T") ? Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16)) : null);
export const dayOf = (text) => text.slice(0, 10);
export const clock = (minutes) => localDigits(`${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`);

/** The slot under a point: a day of a month, a whole day over the hours, or a column of hours with its minute. */
export function slotAt(x, y) {
  const node = document.elementsFromPoint(x, y).find((one) => one.matches?.("[data-slot]"));
  if (!node) return null;
  const box = node.getBoundingClientRect();
  const minutes = "hours" in node.dataset ? Math.max(0, Math.min(1440, ((y - box.top) / box.height) * 1440)) : null;
  return { node, day: node.dataset.day, minutes, whole: "whole" in node.dataset, person: node.dataset.person ?? "" };
}

export const snap = (minutes) => Math.round(minutes / STEP) * STEP;

/** Put a box among the hours; without an end only its beginning. */
export function show(box, begin, end = null) {
  box.style.setProperty("--h", Math.floor(begin / 60));
  box.style.setProperty("--m", begin % 60);
  if (end === null) return;
  box.style.setProperty("--H", Math.floor(end / 60));
  box.style.setProperty("--M", end % 60);
}

/** Take away what shows where something would be. */
export function clear(pane) {
  $$("[data-preview]", pane).forEach((one) => one.remove());
  $$(".over", pane).forEach((one) => one.classList.remove("over"));
}

/** Show a stretch of hours in a column. */
export function stretch(pane, column, begin, end) {
  clear(pane);
  const box = el("span", { class: "cal-slot", "data-preview": "" }, `${clock(begin)} – ${clock(end)}`);
  show(box, Math.max(0, begin), Math.min(1440, end));
  column.append(box);
  return box;
}

/** Show days, in a month or over the hours. */
export function days(pane, first, last, whole = false) {
  clear(pane);
  const chosen = $$(whole ? "[data-whole]" : ".cal-day", pane).filter((one) => one.dataset.day >= first && one.dataset.day <= last);
  chosen.forEach((one) => one.classList.add("over"));
  return chosen;
}

export const columnOf = (pane, day, person = "") => $$(".cal-col", pane).find((one) => one.dataset.day === day && (one.dataset.person ?? "") === person)
  ?? $(`.cal-col[data-day="${day}"]`, pane);
