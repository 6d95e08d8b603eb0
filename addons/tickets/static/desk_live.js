// The desk while it stays open: tickets that came, and further messages of the open one, appear by themselves. What somebody types,
// marks or has unfolded is left alone.

let stamp = null;
let busy = false;

async function renew() {
  const desk = document.querySelector("[data-desk]");
  if (!desk || busy) return;
  busy = true;
  const answer = await fetch(location.href, { headers: { "X-Fragment": "desk", "X-Requested-With": "fetch" }, credentials: "same-origin" }).catch(() => null);
  busy = false;
  if (!answer?.ok || answer.redirected || !desk.isConnected) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("[data-desk]");
  if (!fresh) return;
  list(desk.querySelector(".desk-list"), fresh.querySelector(".desk-list"));
  conversation(desk.querySelector(".desk-said"), fresh.querySelector(".desk-said"));
  const steps = fresh.querySelector("[data-steps]");
  if (steps) desk.querySelector("[data-steps]")?.replaceWith(steps);
}

function list(old, next) {
  const search = document.activeElement?.id === "desk-q";
  if (!old || !next || search || old.querySelector("[name=ids]:checked, details[open]")) return;
  const at = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const lines = (root) => root.querySelector(".desk-lines");
  const place = (root) => [root, lines(root)].map((one) => one?.scrollTop ?? 0);
  const [outer, inner] = place(old);
  old.replaceChildren(...next.childNodes);
  old.scrollTop = outer;
  if (lines(old)) lines(old).scrollTop = inner;
  if (at) [...old.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === at)?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("tickets:renewed", { detail: { list: old } }));
}

function conversation(said, further) {
  if (!said || !further) return;
  const talk = said.closest(".desk-talk");
  const end = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  const known = new Set([...said.children].map((one) => one.id));
  const came = [...further.children].filter((one) => one.id && !known.has(one.id));
  if (!came.length) return;
  said.querySelector(":scope > .nothing")?.remove();
  said.append(...came);
  if (end) talk.scrollTop = talk.scrollHeight;
}

document.addEventListener("sarnakh:live", (event) => {
  const found = event.detail.tickets;
  if (!found) return;
  const changed = stamp !== null && stamp !== found.stamp;
  stamp = found.stamp;
  if (changed) renew();
});
