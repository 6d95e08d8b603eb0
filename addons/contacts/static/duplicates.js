// While an account or contact is typed in, show records that may be the same, under the form's first section.
// Other addons join by their record type and the address that answers like /x/contacts/similar.

const WATCHED = ["name", "first_name", "last_name", "company", "email", "phone", "mobile", "website", "national_id", "account"];
const PLACES = (globalThis.similarRecords ??= {});
PLACES["contacts.account"] = "/x/contacts/similar/account";
PLACES["contacts.contact"] = "/x/contacts/similar/contact";
const WAIT = 450;

function kindOf(form) {
  const where = `${form.getAttribute("action") || ""} ${location.pathname}`;
  return Object.keys(PLACES).find((name) => where.includes(`/r/${name}/`));
}

function box(form) {
  let found = form.querySelector("[data-similar]");
  if (!found) {
    found = document.createElement("div");
    found.dataset.similar = "";
    found.className = "alert-line level-info";
    found.setAttribute("role", "status");
    form.prepend(found);
  }
  return found;
}

function show(form, answer) {
  const place = box(form);
  place.replaceChildren();
  place.hidden = !answer.candidates.length;
  if (place.hidden) return;
  const list = document.createElement("ul");
  for (const one of answer.candidates) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = one.url;
    link.target = "_blank";
    link.dir = "auto";
    link.textContent = one.label;
    item.append(link, ` ${[one.detail, one.reasons.join(", ")].filter(Boolean).join(" · ")}`);
    list.append(item);
  }
  const inner = document.createElement("div");
  inner.className = "grow";
  const title = document.createElement("strong");
  title.textContent = answer.title;
  inner.append(title, list);
  place.append(inner);
}

let waiting = 0;
let asked = 0;

async function ask(form, kind) {
  const query = new URLSearchParams();
  for (const name of WATCHED) {
    const value = form.elements.namedItem(name)?.value;
    if (value) query.set(name, value);
  }
  const own = location.pathname.match(/\/(\d+)(?:\/|$)/);
  if (own) query.set("id", own[1]);
  const turn = ++asked;
  const answer = await fetch(`${PLACES[kind]}?${query}`, { headers: { Accept: "application/json" } });
  if (answer.ok && turn === asked) show(form, await answer.json());
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || !WATCHED.includes(event.target.name)) return;
  const kind = kindOf(form);
  if (!kind) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(form, kind), WAIT);
});
