// An expression is tried on real records while it is written, and the name for programs is shown as it would be made. Without
// scripts the server checks both when the form is sent.

function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const mark = (name) => node("i", { class: `bi bi-${name}`, "aria-hidden": "true" });

function wrong(found) {
  const line = node("p", { class: "error" }, mark("exclamation-circle"), node("span", {}, found.error));
  if (found.position === undefined) return [line];
  const { of, position } = found;
  const at = node("mark", {}, of.slice(position, position + 1) || "\u2038");
  return [line, node("pre", { class: "studio-where", dir: "ltr" }, of.slice(0, position), at, of.slice(position + 1))];
}

function right(found) {
  const said = node("p", { class: found.good ? "studio-good" : "help" }, ...(found.good ? [mark("check-circle")] : []), found.text);
  if (!found.rows) return [said];
  const rows = found.rows.map(([title, url, value]) => node("li", {}, node("a", { href: url, target: "_blank", dir: "auto" }, title),
    node("span", { class: "num", dir: "auto" }, value)));
  return [said, node("ul", { class: "studio-tried" }, ...rows)];
}

function follow(input) {
  if (input.studioFollowed) return;
  input.studioFollowed = true;
  const box = node("div", { role: "status", class: "studio-try" });
  input.after(box);
  const form = input.form;
  const beside = ["result", "children", "operation", "rolled", "where"];
  let timer;
  let latest = 0;
  const run = async () => {
    const turn = ++latest;
    const asked = new URLSearchParams({ text: input.value });
    for (const name of beside) if (form.elements[name] && form.elements[name].value !== undefined) asked.set(name, form.elements[name].value);
    try {
      const answer = await fetch(`${input.dataset.studioTry}&${asked}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || turn !== latest) return;
      const found = await answer.json();
      box.replaceChildren(...(found.error ? wrong(found) : found.text ? right(found) : []));
    } catch { /* offline: the form is checked when it is sent */ }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(run, 450); };
  form.addEventListener("input", (event) => { if (event.target === input || beside.includes(event.target.name)) soon(); });
  if (input.value) run();
}

/* The name that is made from the English label (the Turkish one without it) stands as an example in its empty input. */
function suggest(input) {
  const form = input.form;
  const show = () => {
    const words = form.elements.label_en?.value || form.elements.label_tr?.value || "";
    const plain = words.replace(/ı/g, "i").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const made = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 30);
    input.placeholder = made ? `${input.dataset.studioName}${made}` : "";
  };
  form.addEventListener("input", show);
  show();
}

function start() {
  document.querySelectorAll("textarea[data-studio-try]").forEach(follow);
  document.querySelectorAll("input[data-studio-name]").forEach(suggest);
}

start();
