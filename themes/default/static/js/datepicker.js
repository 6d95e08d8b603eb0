/* The date picker: a plain input that can be typed into, with a calendar beside it. Arrow keys move by what the eye sees,
   PageUp and PageDown by month; with the Jalali calendar each day also shows its Gregorian number, and the other way. */

import { $, el, html, icon, localDigits, placeBeside, plainDigits, rtl, t } from "./dom.js";
import { gregorian, jalali, parseDate, weekday } from "./calendars.js";

const main = () => (html.dataset.calendar === "jalali" ? jalali : gregorian);
const months = (system) => t(system === jalali ? "jalaliMonths" : "months");
const pad = (n) => String(n).padStart(2, "0");

let openPicker = null;

/** What is written into the input: 1405/06/01 in the Jalali calendar, 2026-11-23 otherwise. */
export function format(number, system = main()) {
  const [y, m, d] = system.to(number);
  return localDigits([y, pad(m), pad(d)].join(system === jalali ? "/" : "-"));
}

const today = () => parseDate(html.dataset.today || new Date().toISOString().slice(0, 10), gregorian);

class Picker {
  constructor(input, withTime) {
    this.input = input;
    this.withTime = withTime;
    this.system = main();
    const text = plainDigits(input.value);
    this.chosen = parseDate(text, this.system);
    this.time = /(\d{1,2}:\d{2})/.exec(text)?.[1] ?? "";
    this.at = this.chosen ?? today();
    this.box = el("div", { class: "datepicker", role: "dialog", "aria-modal": "false", "aria-label": t("calendar") });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.away = (event) => { if (!this.box.contains(event.target) && !input.parentElement.contains(event.target)) this.close(); };
    document.addEventListener("pointerdown", this.away);
    (input.closest("dialog") ?? document.body).append(this.box);
    this.draw();
    placeBeside(this.box, input);
  }

  close(refocus = false) {
    document.removeEventListener("pointerdown", this.away);
    this.box.remove();
    openPicker = null;
    if (refocus) this.input.focus();
  }

  write(number) {
    this.chosen = number;
    this.input.value = format(number, this.system) + (this.withTime ? ` ${localDigits(this.time || "09:00")}` : "");
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  go(years, monthsAhead) {
    let [y, m, d] = this.system.to(this.at);
    m += monthsAhead;
    y += years + Math.floor((m - 1) / 12);
    m = ((m - 1) % 12 + 12) % 12 + 1;
    this.at = this.system.from(y, m, Math.min(d, this.system.days(y, m)));
    this.draw();
  }

  key(event) {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(true); return; }
    if (!event.target.matches(".dp-day")) return;
    const side = rtl() ? -1 : 1;
    const steps = { ArrowLeft: -side, ArrowRight: side, ArrowUp: -7, ArrowDown: 7 };
    if (event.key in steps) { this.at += steps[event.key]; this.draw(true); }
    else if (event.key === "PageUp" || event.key === "PageDown") this.go(0, event.key === "PageUp" ? -1 : 1);
    else if (event.key === "Home" || event.key === "End") {
      const offset = (weekday(this.at) - this.system.firstDay + 7) % 7;
      this.at += event.key === "Home" ? -offset : 6 - offset;
    } else return;
    event.preventDefault();
    this.draw(true);
  }

  head(y, m) {
    const arrow = (step, label, name) => el("button", { type: "button", class: "btn btn-quiet btn-icon btn-sm", title: label, onclick: () => this.go(0, step) }, icon(name, "flip"), el("span", { class: "visually-hidden" }, label));
    const month = el("select", { "aria-label": t("month"), onchange: () => this.go(0, Number(month.value) - m) }, ...months(this.system).map((name, i) => el("option", { value: String(i + 1), selected: i + 1 === m }, name)));
    const year = el("select", { "aria-label": t("year"), onchange: () => this.go(Number(year.value) - y, 0) }, ...Array.from({ length: 121 }, (_, i) => y - 100 + i).map((n) => el("option", { value: String(n), selected: n === y }, localDigits(n))));
    return el("div", { class: "dp-head" }, arrow(-1, t("previousMonth"), "chevron-left"), el("span", { class: "dp-title" }, month, year), arrow(1, t("nextMonth"), "chevron-right"));
  }

  grid(y, m) {
    const other = this.system === jalali ? gregorian : jalali;
    const names = t("weekdays");
    const order = Array.from({ length: 7 }, (_, i) => (this.system.firstDay + i) % 7);
    const first = this.system.from(y, m, 1);
    let day = first - ((weekday(first) - this.system.firstDay + 7) % 7);
    const both = this.system === jalali || html.lang === "fa";
    const rows = [];
    for (let week = 0; week < 6; week += 1) {
      const row = el("tr", {});
      for (let i = 0; i < 7; i += 1, day += 1) row.append(el("td", {}, this.day(day, m, other, both)));
      rows.push(row);
      if (this.system.to(day)[1] !== m) break;
    }
    return el("table", { class: "dp-grid", role: "grid" }, el("thead", {}, el("tr", {}, ...order.map((d) => el("th", { scope: "col" }, names[(d + 6) % 7])))), el("tbody", {}, ...rows));
  }

  day(number, month, other, both) {
    const [, m, d] = this.system.to(number);
    const marks = ["dp-day", m !== month && "other", number === today() && "today", this.system.weekend.includes(weekday(number)) && m === month && "weekend"];
    return el("button", { type: "button", class: marks.filter(Boolean).join(" "), tabindex: number === this.at ? "0" : "-1", "aria-selected": String(number === this.chosen), role: "gridcell",
      "aria-label": `${format(number, this.system)}`, onclick: () => { this.at = number; this.write(number); if (this.withTime) this.draw(); else this.close(true); } },
    localDigits(d), both ? el("small", { "aria-hidden": "true" }, other === gregorian ? String(other.to(number)[2]) : localDigits(other.to(number)[2])) : "");
  }

  foot() {
    const quick = (label, number) => el("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: () => { this.at = number; this.write(number); if (!this.withTime) this.close(true); else this.draw(); } }, label);
    const line = el("div", { class: "dp-foot" }, quick(t("today"), today()), quick(t("tomorrow"), today() + 1));
    if (this.withTime) {
      const time = el("input", { class: "input input-sm num", type: "text", value: localDigits(this.time), placeholder: localDigits("09:00"), "aria-label": t("time"), dir: "ltr", inputmode: "numeric" });
      time.addEventListener("change", () => { this.time = plainDigits(time.value); if (this.chosen !== null) this.write(this.chosen); });
      line.append(time);
    }
    return line;
  }

  draw(focus = false) {
    const [y, m] = this.system.to(this.at);
    const held = this.box.contains(document.activeElement);
    this.box.replaceChildren(this.head(y, m), this.grid(y, m), this.foot());
    if (focus || held) $('.dp-day[tabindex="0"]', this.box)?.focus();
  }
}

export function boot(root) {
  const input = root.matches("input") ? root : $("input", root);
  if (!input || input.readOnly) return;
  const button = $("[data-date-open]", root);
  const open = (focus) => {
    if (openPicker?.input === input) return;
    openPicker?.close();
    openPicker = new Picker(input, "time" in root.dataset);
    if (focus) $('.dp-day[tabindex="0"]', openPicker.box)?.focus();
  };
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => { if (openPicker?.input === input) openPicker.close(true); else open(true); });
  }
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || (event.key === "F4" && !event.altKey)) { event.preventDefault(); event.stopPropagation(); open(true); }
    else if (event.key === "Escape" && openPicker) { event.preventDefault(); event.stopPropagation(); openPicker.close(); }
  });
  input.addEventListener("input", () => {
    const number = parseDate(plainDigits(input.value), main());
    if (number !== null && openPicker?.input === input && number !== openPicker.chosen) { openPicker.chosen = openPicker.at = number; openPicker.draw(); }
  });
}
