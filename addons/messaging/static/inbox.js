// The inbox: keys that focus, answers that are kept while one types, new messages that appear by themselves.

let stamp = null;
let busy = false;

function start() {
  const inbox = document.querySelector("[data-inbox]");
  if (!inbox || inbox.started) return;
  inbox.started = true;
  const talk = inbox.querySelector(".inb-talk");
  if (talk) talk.scrollTop = talk.scrollHeight;
  inbox.querySelector(".inb-line.current")?.scrollIntoView({ block: "nearest" });
  focusing(inbox);
  const form = inbox.querySelector("[data-reply]");
  if (form) reply(form);
}

function focusing(root) {
  for (const button of root.querySelectorAll("[data-focus-on]")) {
    if (button.focusing) continue;
    button.focusing = true;
    button.addEventListener("click", () => document.querySelector(button.dataset.focusOn)?.focus());
  }
}

function reply(form) {
  const area = form.querySelector("textarea");
  const key = `sarnakh:reply:${form.dataset.reply}`;
  const kept = sessionStorage.getItem(key);
  if (kept && !area.value) {
    area.value = kept;
    form.dispatchEvent(new CustomEvent("sarnakh:restored", { detail: { body: [kept] } }));
  }
  const count = form.querySelector("[data-count-at]");
  let timer = 0;
  area.addEventListener("input", () => {
    if (area.value.trim()) sessionStorage.setItem(key, area.value); else sessionStorage.removeItem(key);
    if (!count) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const data = new FormData(form);
      data.delete("file");
      const answer = await fetch(count.dataset.countAt, { method: "POST", body: data, headers: { Accept: "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" }).catch(() => null);
      const found = answer?.ok ? await answer.json() : null;
      if (found) count.textContent = area.value ? [found.parts, found.cost].filter(Boolean).join(" · ") : "";
    }, 350);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", (event) => {
    if (!area.value.trim() && ![...form.querySelectorAll("input[type=file]")].some((input) => input.files.length)) { event.preventDefault(); area.focus(); return; }
    sessionStorage.setItem(`${key}:sent`, area.value);
    sessionStorage.removeItem(key);
  });
  const before = sessionStorage.getItem(`${key}:sent`);
  sessionStorage.removeItem(`${key}:sent`);
  if (before && document.querySelector('[data-toast][data-level="error"]')) {   // refused: nothing that was typed is lost
    area.value = before;
    form.dispatchEvent(new CustomEvent("sarnakh:restored", { detail: { body: [before] } }));
  }
  const files = form.querySelector("input[type=file]");
  files?.addEventListener("change", () => { form.querySelector("[data-files]").textContent = [...files.files].map((file) => file.name).join(", "); });
}

/* What came is put into its place: the list, and further messages of the open conversation. What somebody types is left alone. */
async function renew() {
  const inbox = document.querySelector("[data-inbox]");
  if (!inbox || busy) return;
  busy = true;
  const answer = await fetch(location.href, { headers: { "X-Fragment": "inbox", "X-Requested-With": "fetch" }, credentials: "same-origin" }).catch(() => null);
  busy = false;
  if (!answer?.ok || answer.redirected) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("[data-inbox]");
  if (!fresh) return;
  const typing = document.activeElement?.id === "inb-q";
  const list = inbox.querySelector(".inb-list");
  const next = fresh.querySelector(".inb-list");
  const scroll = list.scrollTop;
  const open = list.querySelector("details[open]");
  if (!typing && !open) { list.replaceChildren(...next.childNodes); list.scrollTop = scroll; }
  const said = inbox.querySelector(".inb-said");
  const further = fresh.querySelector(".inb-said");
  if (said && further && !said.querySelector("details[open]")) {
    const talk = said.closest(".inb-talk");
    const end = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
    const known = new Set([...said.children].map((one) => one.id));
    const came = [...further.children].filter((one) => one.id && !known.has(one.id));
    for (const one of [...further.children]) {
      const old = one.id && document.getElementById(one.id);
      if (old && old.innerHTML !== one.innerHTML) old.replaceWith(one);
    }
    said.append(...came);
    if (end && came.length) talk.scrollTop = talk.scrollHeight;
  }
  focusing(inbox);
  document.dispatchEvent(new CustomEvent("sarnakh:boot", { detail: { root: inbox } }));
}

document.addEventListener("sarnakh:live", (event) => {
  const found = event.detail.messaging;
  if (!found) return;
  const changed = stamp !== null && stamp !== found.stamp;
  const waits = document.querySelector(".inb-said .bi-clock, .inb-said .bi-check") !== null;   // a state may have moved on
  stamp = found.stamp;
  if (changed || waits) renew();
});
document.addEventListener("sarnakh:boot", start);
start();
