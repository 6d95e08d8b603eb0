/* The calendar: what happens in it without leaving the page. Entries are carried by mouse and finger in calendardrag.js, by
   keys in calendarkeys.js; both make a proposal (where an entry would begin or end), which the server takes or refuses. */

import { $, $$, announce, parse, post, request, rtl, t, toast } from "./dom.js";
import { boot as bootAll } from "./app.js";
import { createInPlace } from "./dialogs.js";
import { clear, show } from "./calendarplaces.js";
import { startDragging } from "./calendardrag.js";
import { startKeys } from "./calendarkeys.js";

export class Calendar {
  constructor(root) {
    this.root = root;
    this.pane = $("[data-calendar]", root);
    root.addEventListener("click", (event) => this.clicked(event));
    startDragging(this);
    startKeys(this);
    this.toWork();
    setInterval(() => this.tick(), 30_000);
  }

  get view() { return $("[data-view]", this.pane); }
  get canMove() { return Boolean(this.view?.dataset.move); }
  get canCreate() { return Boolean(this.view?.dataset.new); }
  entry(id) { return $(`.cal-entry[data-id="${id}"]`, this.pane); }

  clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("a[data-create], .list-head .btn-primary[href]");
    if (!link) return;
    event.preventDefault();
    this.open(link.href);
  }

  /** Quick create, in which days, hours and person are filled in. */
  create({ begin, end = "", person = "" }) {
    const url = new URL(this.view.dataset.new, location.href);
    url.searchParams.set("begin", begin);
    if (end) url.searchParams.set("end", end);
    if (person) url.searchParams.set("person", person);
    return this.open(url.href);
  }

  async open(url) {
    const made = await createInPlace(url);
    if (!made) return;
    announce(t("calCreated", { entry: made.label }));
    await this.refresh(made.id);
  }

  /** The days again as they are now; the focus goes to the entry with this number. */
  async refresh(focus = null) {
    const scroll = $("[data-scroll-hours]", this.pane);
    const place = scroll && [scroll.scrollTop, scroll.scrollLeft];
    const answer = await request(this.view.dataset.url, { fragment: "calendar" });
    if (!answer.ok || answer.redirected) { location.reload(); return; }
    this.pane.replaceChildren(parse(await answer.text()));
    const fresh = $("[data-scroll-hours]", this.pane);
    if (place && fresh) [fresh.scrollTop, fresh.scrollLeft] = place;
    bootAll(this.pane);
    this.tick();
    const entry = focus && this.entry(focus);
    if (!entry) return;
    entry.classList.add("landed");
    entry.focus({ preventScroll: true });
  }

  /** Ask the server for what a hand or a key proposes; it goes back with the reason when it is refused. */
  async send(entry, proposal, focus = false) {
    const values = { id: entry.dataset.id, was: entry.dataset.was };
    if (proposal.end) values.end = proposal.end;
    else {
      values.begin = proposal.begin;
      if (proposal.whole) values.whole = "1";
      if (proposal.person && proposal.person !== entry.dataset.person) Object.assign(values, { from: entry.dataset.person ?? "", person: proposal.person });
    }
    entry.classList.add("lifted");
    try {
      const answer = await post(this.view.dataset.move, values, { json: true });
      const told = await answer.json();
      if (answer.ok) {
        toast(told.message, { level: "success", undo: { label: t("undo"), run: () => this.undo(told.batch) } });
        announce(told.message);
      } else toast(told.message ?? t("error"), { level: "error" });
      if (answer.ok || answer.status === 409) await this.refresh(focus ? entry.dataset.id : null);
      else this.stay(entry, focus);
    } catch {
      toast(t("error"), { level: "error" });
      this.stay(entry, focus);
    }
  }

  stay(entry, focus = false) {
    clear(this.pane);
    entry.classList.remove("lifted", "picked");
    if (focus) entry.focus();
  }

  async undo(batch) {
    await post("/undo", { batch });
    await this.refresh();
    toast(t("undone"), { seconds: 3 });
  }

  /** The line of now goes on. */
  tick() {
    const line = $("[data-now]", this.pane);
    if (!line) return;
    const parts = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: this.zone }).formatToParts(new Date());
    const part = (type) => Number(parts.find((one) => one.type === type)?.value ?? 0) % (type === "hour" ? 24 : 60);
    show(line, part("hour") * 60 + part("minute"));
  }

  get zone() { return this.view.dataset.zone || undefined; }

  /* The chosen day is in sight where not all columns are. */
  toChosen(pane) {
    const column = $(".cal-col.chosen", pane);
    if (!column || pane.scrollWidth <= pane.clientWidth) return;
    const [box, own, edge] = [pane.getBoundingClientRect(), column.getBoundingClientRect(), $(".cal-gutter", pane).offsetWidth];
    pane.scrollLeft += rtl() ? own.right - box.right + edge : own.left - box.left - edge;
  }

  /** The page opens at the hours in which people work. */
  toWork() {
    const pane = $("[data-scroll-hours]", this.pane);
    const column = pane && $(".cal-col", pane);
    if (!column) return;
    this.toChosen(pane);
    const entries = $$(".cal-entry.timed", pane).map((one) => one.offsetTop);
    const hour = column.offsetHeight / 24;
    pane.scrollTop = Math.max(0, Math.min(7.5 * hour, ...(entries.length ? [Math.min(...entries) - hour / 2] : [])));
  }
}

export function boot(root) { root.calendar = new Calendar(root); }
