/* Dragging and arrow keys for cards in columns. The hidden draft follows; the server reads it as it would without scripts. */

const root = document.documentElement;
const rtl = () => root.dir === "rtl";

function announce(text) {
  const box = document.getElementById("toasts");
  const line = document.createElement("span");
  line.className = "visually-hidden";
  line.textContent = text;
  box.append(line);
  setTimeout(() => line.remove(), 3000);
}

const cards = (box) => [...box.querySelectorAll("[data-piece]")];
const isMenu = (form) => form.dataset.arrange === "menu";

/** Bring the draft into the order in which the cards stand; what has no card (of addons that are off) stays behind its neighbour. */
function sync(form) {
  const input = form.elements.draft;
  const draft = JSON.parse(input.value);
  if (isMenu(form)) draft.entries = ordered(draft.entries, cards(form));
  else {
    const known = new Map(draft.columns.flat().map((block) => [block.id, block]));
    const columns = [...form.querySelectorAll("[data-column]")];
    draft.columns = columns.map((column) => cards(column).map((card) => known.get(card.dataset.piece)));
    for (const column of columns) column.querySelector("[data-none]")?.toggleAttribute("hidden", cards(column).length > 0);
  }
  input.value = JSON.stringify(draft);
  form.dataset.dirty = "1";
}

function ordered(entries, shown) {
  const drawn = new Map(shown.map((card) => [card.dataset.piece, Number(card.dataset.level)]));
  const followers = new Map();
  let before = "";
  for (const entry of entries) {
    if (drawn.has(entry.id)) before = entry.id;
    else followers.set(before, [...(followers.get(before) ?? []), entry]);
  }
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const told = shown.flatMap((card) => [{ ...known.get(card.dataset.piece), level: drawn.get(card.dataset.piece) }, ...(followers.get(card.dataset.piece) ?? [])]);
  return [...(followers.get("") ?? []), ...told];
}

/** What stands under an app. */
function below(card) {
  const found = [];
  if (card.dataset.level !== "0") return found;
  for (let next = card.nextElementSibling; next?.dataset.level === "1"; next = next.nextElementSibling) found.push(next);
  return found;
}

function level(card, value) {
  const first = !card.previousElementSibling?.matches("[data-piece]");
  if (value && (first || card.hasAttribute("data-top") || below(card).length)) return;
  card.dataset.level = value;
  card.classList.toggle("arrange-level", Boolean(value));
}

function stepMenu(card, key) {
  const sideways = { ArrowLeft: rtl() ? 1 : 0, ArrowRight: rtl() ? 0 : 1 }[key];
  if (sideways !== undefined) return level(card, sideways);
  const block = [card, ...below(card)];
  if (key === "ArrowUp") {
    let to = card.previousElementSibling;
    while (card.dataset.level === "0" && to?.dataset.level === "1") to = to.previousElementSibling;
    if (to?.matches("[data-piece]") && (card.dataset.level === "0" || to.previousElementSibling)) to.before(...block);
  } else {
    const next = block.at(-1).nextElementSibling;
    if (next) [next, ...(card.dataset.level === "0" ? below(next) : [])].at(-1).after(...block);
  }
  return undefined;
}

function step(card, key) {
  if (isMenu(card.closest("form"))) return stepMenu(card, key);
  const column = card.closest("[data-column]");
  const columns = [...column.parentElement.querySelectorAll("[data-column]")];
  const side = { ArrowLeft: rtl() ? 1 : -1, ArrowRight: rtl() ? -1 : 1 }[key];
  if (key === "ArrowUp") card.previousElementSibling?.before(card);
  else if (key === "ArrowDown") card.nextElementSibling?.after(card);
  else columns[columns.indexOf(column) + side]?.append(card);
  return undefined;
}

function place(card) {
  const column = card.closest("[data-column]");
  return `${card.querySelector(".strong").textContent.trim()}: ${column.getAttribute("aria-label")}, ${[...column.querySelectorAll("[data-piece]")].indexOf(card) + 1}`;
}

function sortable() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${root.dataset.vendor}/sortable/Sortable.min.js`;
    script.onload = () => resolve(globalThis.Sortable);
    script.onerror = reject;
    document.head.append(script);
  });
}

function start(form) {
  const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
  for (const handle of form.querySelectorAll("[data-handle]")) handle.hidden = false;
  form.classList.add("arrange-ready");
  form.addEventListener("keydown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || !keys.includes(event.key)) return;
    event.preventDefault();
    const card = handle.closest("[data-piece]");
    step(card, event.key);
    sync(form);
    handle.focus();
    announce(place(card));
  });
  let sent = false;
  form.addEventListener("submit", (event) => { sent = event.submitter?.formTarget !== "_blank"; });
  addEventListener("beforeunload", (event) => { if (form.dataset.dirty && !sent) event.preventDefault(); });
  sortable().then((Sortable) => {
    for (const column of form.querySelectorAll("[data-column]")) {
      let under = [];
      Sortable.create(column, { group: "arrange", draggable: "[data-piece]", handle: "[data-handle]", ghostClass: "moving", animation: 120,
        onStart: ({ item }) => { under = isMenu(form) ? below(item) : []; },
        onEnd: ({ item }) => {
          if (under.length) {
            while (item.previousElementSibling?.dataset.level === "1" && item.nextElementSibling?.dataset.level === "1" && !under.includes(item.nextElementSibling)) item.nextElementSibling.after(item);
            item.after(...under);
          }
          if (isMenu(form)) level(cards(column)[0], 0);
          sync(form);
          announce(place(item));
        } });
    }
  }).catch(() => {});
}

for (const form of document.querySelectorAll("[data-arrange]")) start(form);
