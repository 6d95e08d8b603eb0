// The day's work by keys: j and k choose, d, s, r and o do, x ticks; what is ticked is moved together in one sheet.

function start() {
  const page = document.querySelector("[data-day]");
  if (!page || page.started) return;
  page.started = true;
  const items = () => [...page.querySelectorAll("[data-item]")];
  const current = () => page.querySelector("[data-item].current");
  const kept = "sarnakh:day";

  const choose = (item) => {
    current()?.classList.remove("current");
    if (!item) return;
    item.classList.add("current");
    item.scrollIntoView({ block: "nearest" });
    item.querySelector(".title-link").focus({ preventScroll: true });
    sessionStorage.setItem(kept, String(items().indexOf(item)));
  };

  document.addEventListener("sarnakh:key", ({ detail: { key, event } }) => {
    const all = items();
    const at = all.indexOf(current());
    if (key === "j" || key === "k") {
      event.preventDefault();
      choose(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))]);
    } else if (at >= 0 && key === "x") {
      event.preventDefault();
      all[at].querySelector("[name=ids]:not(:disabled)")?.click();
    } else if (at >= 0 && ["d", "s", "r", "o"].includes(key)) {
      event.preventDefault();
      all[at].querySelector(`[data-do="${key}"]`)?.click();
    }
  });
  page.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-item]");
    if (item && item !== current()) { current()?.classList.remove("current"); item.classList.add("current"); }
  });

  const form = page.querySelector("[data-mass]");
  const look = () => {
    const count = form.querySelectorAll("[name=ids]:checked").length;
    form.querySelector("[data-mass-bar]").classList.toggle("on", count > 0);
    form.querySelector("[data-mass-count]").textContent = count ? new Intl.NumberFormat(document.documentElement.lang, {
      numberingSystem: document.documentElement.dataset.digits === "arabext" ? "arabext" : "latn" }).format(count) : "";
  };
  form?.addEventListener("change", look);
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form));
    if (!query.has("ids")) return;
    const link = document.createElement("a");
    link.href = `${event.submitter?.getAttribute("formaction") ?? form.getAttribute("action")}?${query}`;
    link.dataset.open = "sheet";
    link.hidden = true;
    page.append(link);
    link.click();
    link.remove();
  });
  if (form) look();
  const last = sessionStorage.getItem(kept);
  sessionStorage.removeItem(kept);
  if (last !== null && items().length) choose(items()[Math.min(Number(last), items().length - 1)]);
  else items()[0]?.classList.add("current");
}

document.addEventListener("sarnakh:boot", start);
start();
