/* Shows what colours become while they are chosen; the server works it out, as it does when they are kept. */

const box = document.querySelector("[data-look]");
const form = document.getElementById("theme-form");
let waiting = 0;
let asked = 0;

async function show() {
  const own = form.elements.own_dark?.checked;
  const query = new URLSearchParams({ accent: form.elements.accent.value });
  if (own) query.set("accent_dark", form.elements.accent_dark.value);
  const mine = ++asked;
  const answer = await fetch(`${box.dataset.look}?${query}`, { headers: { "X-Fragment": "look" } }).catch(() => null);
  if (mine !== asked || !answer?.ok) return;
  const open = box.querySelector("details")?.open;
  box.innerHTML = await answer.text();
  box.querySelectorAll("details").forEach((details) => { details.open = Boolean(open); });
}

function dark() {
  const field = form.querySelector('[data-field="accent_dark"]');
  field.hidden = !form.elements.own_dark.checked;
}

form.addEventListener("input", () => { dark(); clearTimeout(waiting); waiting = setTimeout(show, 150); });
dark();
