// The composer of messages: counts while one types, puts a template's text in, sends by Ctrl+Enter.

const asked = (form) => {
  const data = new FormData(form);
  for (const name of ["file", "files"]) data.delete(name);
  return data;
};

async function post(url, data) {
  const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

function start(form) {
  if (form.messaging) return;
  form.messaging = true;
  const meter = form.querySelector("[data-meter]");
  let timer = 0;
  let turn = 0;

  const measure = async () => {
    const mine = ++turn;
    const found = await post(meter.dataset.meter, asked(form));
    if (!found || mine !== turn) return;
    meter.querySelector("[data-parts]").textContent = found.parts;
    meter.querySelector("[data-cost]").textContent = found.cost;
    for (const name of ["consent", "waits"]) {
      const place = meter.querySelector(`[data-${name}]`);
      place.textContent = found[name];
      place.hidden = !found[name];
    }
    meter.querySelector("[data-consent]").className = `msg-consent level-${found.level}`;
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(measure, 350); };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  if (form.querySelector("[name=body]")?.value) soon(); // typed, or put back from a draft, before this script was there

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("#msg-send"));
  });

  /* A template's text takes the place of an empty one, or of another template's; what somebody wrote stays until they press the button. */
  const template = form.querySelector("select[name=template]");
  const body = form.querySelector("textarea[name=body]");
  const button = form.querySelector("#msg-use-template");
  if (!template || !body || !button) return;
  let last = "";
  const put = async () => {
    if (!template.value) return;
    const data = new FormData();
    for (const name of ["csrf_token", "record", "id", "template", "language"]) data.append(name, form.elements[name]?.value ?? "");
    const found = await post("/x/messaging/compose/text", data);
    if (!found) return;
    const values = { body: [found.body], ...(form.elements.subject ? { subject: [found.subject] } : {}) };
    if (form.elements.subject) form.elements.subject.value = found.subject;
    body.value = found.body;
    last = body.value;
    form.dispatchEvent(new CustomEvent("sarnakh:restored", { detail: values }));
    body.dispatchEvent(new Event("input", { bubbles: true }));
    last = body.value;
    const note = form.querySelector("[data-missing]") ?? Object.assign(document.createElement("p"), { className: "msg-consent level-warning" });
    note.dataset.missing = "";
    note.textContent = found.missing;
    note.hidden = !found.missing;
    meter.append(note);
  };
  const free = () => !body.value.trim() || body.value === last;
  template.addEventListener("change", () => { if (free()) put(); });
  form.elements.language?.addEventListener("change", () => { if (free()) put(); });
  button.addEventListener("click", (event) => { event.preventDefault(); put(); });
}

function boot() {
  document.querySelectorAll("form:has([data-meter])").forEach(start);
}

document.addEventListener("sarnakh:boot", boot);
boot();
