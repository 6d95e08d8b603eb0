// The agents' desk: keys that focus, drafts that stay, canned answers and articles put where the cursor is, several tickets at once.

function start() {
  const desk = document.querySelector("[data-desk]");
  if (!desk || desk.started) return;
  desk.started = true;
  const talk = desk.querySelector(".desk-talk");
  if (talk) talk.scrollTop = talk.scrollHeight;
  desk.querySelector(".desk-line.current")?.scrollIntoView({ block: "nearest" });

  focusing(desk);
  for (const button of desk.querySelectorAll("[data-open-menu]")) {
    button.addEventListener("click", () => { const menu = button.parentElement.querySelector("details"); menu.open = true; menu.querySelector("button")?.focus(); });
  }
  for (const form of desk.querySelectorAll("form[data-say]")) composer(form);
  chosen(desk.querySelector("[data-chosen]"));
}

function focusing(root) {
  for (const button of root.querySelectorAll("[data-focus-on]")) {
    if (button.focusing) continue;
    button.focusing = true;
    button.addEventListener("click", () => document.querySelector(button.dataset.focusOn)?.focus());
  }
}

function composer(form) {
  const area = form.querySelector("textarea");
  const key = `sarnakh:ticket:${form.dataset.ticket}:${form.dataset.say}`;
  const box = form.closest("details");
  const kept = sessionStorage.getItem(key);
  if (kept) { area.value = kept; box.open = true; }
  area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) sessionStorage.removeItem(key); });
  box.addEventListener("toggle", () => { if (box.open && !kept) area.focus(); });

  const put = (text) => {
    const gap = area.value && !/\n$/.test(area.value.slice(0, area.selectionStart)) && area.selectionStart ? "\n" : "";
    area.setRangeText(gap + text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
  const fetched = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" });
    return answer.ok ? answer.json() : null;
  };

  const canned = form.querySelector("[data-canned]");
  canned?.addEventListener("change", async () => {
    if (!canned.value) return;
    const found = await fetched(canned.dataset.canned + canned.value);
    canned.value = "";
    if (found) put(found.text);
  });

  const button = form.querySelector("[data-articles]");
  const list = form.querySelector("[data-found]");
  button?.addEventListener("click", async () => {
    if (!list.hidden) { list.hidden = true; return; }
    const found = await fetched(button.dataset.articles);
    if (!found) return;
    list.replaceChildren(...found.articles.map((article) => {
      const line = document.createElement("div");
      const link = Object.assign(document.createElement("a"), { href: article.url, target: "_blank", rel: "noopener", textContent: article.title, title: article.summary, dir: "auto" });
      const asLink = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: button.dataset.labelLink });
      const asText = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: button.dataset.labelText });
      asLink.addEventListener("click", () => put(article.link));
      asText.addEventListener("click", async () => { const text = await fetched(button.dataset.textUrl + article.id); if (text) put(text.text); });
      line.append(link, asLink, asText);
      return line;
    }));
    if (!found.articles.length) list.append(Object.assign(document.createElement("div"), { textContent: found.empty }));
    list.hidden = false;
  });
}

function chosen(form) {
  if (!form) return;
  const bar = form.querySelector("[data-bar]");
  const look = () => {
    const count = form.querySelectorAll("[name=ids]:checked").length;
    bar.classList.toggle("on", count > 0);
    bar.querySelector("[data-count]").textContent = count ? new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: document.documentElement.dataset.digits === "arabext" ? "arabext" : "latn" }).format(count) : "";
  };
  form.addEventListener("change", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form));
    if (!query.has("ids")) return;
    const link = Object.assign(document.createElement("a"), { href: `${event.submitter?.getAttribute("formaction") ?? form.getAttribute("action")}?${query}`, hidden: true });
    link.dataset.open = "sheet";
    form.append(link);
    link.click();
    link.remove();
  });
  look();
}

document.addEventListener("sarnakh:boot", start);
document.addEventListener("tickets:renewed", (event) => { focusing(event.detail.list); chosen(event.detail.list.querySelector("[data-chosen]")); });
start();
