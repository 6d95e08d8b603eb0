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

/** Bring the draft into the order in which the cards stand. */
function sync(form) {
  const input = form.elements.draft;
  const draft = JSON.parse(input.value);
  const known = new Map(draft.columns.flat().map((block) => [block.id, block]));
  const columns = [...form.querySelectorAll("[data-column]")];
  draft.columns = columns.map((column) => [...column.querySelectorAll("[data-card]")].map((card) => known.get(card.dataset.card)));
  input.value = JSON.stringify(draft);
  form.dataset.dirty = "1";
  for (const column of columns) column.querySelector("[data-none]")?.toggleAttribute("hidden", Boolean(column.querySelector("[data-card]")));
}

function step(card, key) {
  const column = card.closest("[data-column]");
  const columns = [...column.parentElement.querySelectorAll("[data-column]")];
  const side = { ArrowLeft: rtl() ? 1 : -1, ArrowRight: rtl() ? -1 : 1 }[key];
  if (key === "ArrowUp") card.previousElementSibling?.before(card);
  else if (key === "ArrowDown") card.nextElementSibling?.after(card);
  else columns[columns.indexOf(column) + side]?.append(card);
}

function place(card) {
  const column = card.closest("[data-column]");
  return `${card.querySelector(".strong").textContent.trim()}: ${column.getAttribute("aria-label")}, ${[...column.querySelectorAll("[data-card]")].indexOf(card) + 1}`;
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
    const card = handle.closest("[data-card]");
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
      Sortable.create(column, { group: "arrange", draggable: "[data-card]", handle: "[data-handle]", ghostClass: "moving", animation: 120, onEnd: ({ item }) => { sync(form); announce(place(item)); } });
    }
  }).catch(() => {});
}

for (const form of document.querySelectorAll("[data-arrange]")) start(form);
