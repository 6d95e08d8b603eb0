/* The command palette: go to, create, run, recent, and what the search finds, in one list. */

import { $, $$, debounce, el, icon, request, t } from "./dom.js";

let box = null;

/* What the page itself offers: navigation, create menu, actions with a link. */
function local(query) {
  const seen = new Set();
  const items = $$(".appbar-nav a, .topbar .menu-item[href], .record-actions a, .list-head .actions a").map((link) => ({
    label: ($("span:not(.count):not(.nav-count)", link) ?? link).textContent.trim(), url: link.href, open: link.dataset.open, icon: [...(link.querySelector(".bi")?.classList ?? [])].find((c) => c.startsWith("bi-"))?.slice(3) ?? "arrow-return-left",
  })).filter((item) => item.label && !seen.has(item.url) && seen.add(item.url));
  const folded = query.toLocaleLowerCase();
  return items.filter((item) => item.label.toLocaleLowerCase().includes(folded)).slice(0, query ? 6 : 9);
}

function draw(list, groups, input, waiting = false) {
  list.replaceChildren();
  let number = 0;
  for (const group of groups) {
    if (!group.items.length) continue;
    list.append(el("div", { class: "menu-heading", role: "presentation" }, group.label));
    for (const item of group.items) {
      list.append(el("a", { class: "menu-item", role: "option", id: `p-${number++}`, href: item.url, tabindex: "-1", "aria-selected": "false", "data-open": item.open },
        icon(item.icon || "arrow-return-left"), el("span", { class: "clip", dir: "auto" }, item.label), item.detail ? el("span", { class: "detail end clip" }, el("bdi", {}, item.detail)) : ""));
    }
  }
  if (!number) list.append(el("div", { class: "menu-heading" }, t(waiting ? "loading" : "noResults")));
  mark(list, input, 0);
}

function mark(list, input, index) {
  const options = $$('[role="option"]', list);
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
  const chosen = options[index];
  input.setAttribute("aria-activedescendant", chosen?.id ?? "");
  chosen?.scrollIntoView({ block: "nearest" });
}

function keys(event, list, input) {
  const options = $$('[role="option"]', list);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(list, input, (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
  } else if (event.key === "Enter" && options[at]) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) open(options[at].href, "_blank", "noopener"); else { box.close(); options[at].click(); }
  }
}

async function look(query, list, input) {
  const groups = [{ label: t("goTo"), items: local(query) }];
  const url = document.body.dataset.paletteUrl;
  draw(list, groups, input, Boolean(url));
  if (!url) return;
  try {
    const answer = await request(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}`, { json: true });
    if (input.value === query) draw(list, [...(answer.ok ? (await answer.json()).groups : []), ...groups], input);
  } catch { draw(list, groups, input); /* offline: what the page itself offers is enough */ }
}

export function openPalette() {
  if (box?.open) return;
  const input = el("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-label": t("searchOrGo"), placeholder: t("searchOrGo"), autocomplete: "off", spellcheck: "false" });
  const list = el("div", { class: "palette-list", id: "palette-list", role: "listbox", "aria-label": t("searchOrGo") });
  const later = debounce(() => look(input.value, list, input), 140);
  box = el("dialog", { class: "palette", "aria-label": t("searchOrGo") },
    el("div", { class: "palette-input" }, icon("search"), input), list,
    el("div", { class: "palette-foot", "aria-hidden": "true" }, el("span", {}, el("kbd", {}, "↑"), " ", el("kbd", {}, "↓"), " ", t("choose")), el("span", {}, el("kbd", {}, "↵"), " ", t("open")), el("span", {}, el("kbd", {}, "Esc"), " ", t("close"))));
  input.addEventListener("input", later);
  input.addEventListener("keydown", (event) => keys(event, list, input));
  box.addEventListener("click", (event) => { if (event.target === box || event.target.closest("a")) box.close(); });
  box.addEventListener("close", () => { box.remove(); box = null; });
  document.body.append(box);
  box.showModal();
  input.value = $("[data-search] input")?.value ?? "";
  input.focus();
  look(input.value, list, input);
}
