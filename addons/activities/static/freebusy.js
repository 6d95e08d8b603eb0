// Beside the participants of a form: who is not free at its time. Asked for when people or times change.

function beside(field) {
  const form = field.closest("form");
  if (!form || field.watched) return;
  field.watched = true;
  const place = document.createElement("div");
  place.setAttribute("aria-live", "polite");
  field.append(place);
  let waiting, asked = "";
  const names = ["owner", "co_owners", "participants", "all_day", "starts_at", "ends_at", "duration", "csrf_token"];

  const ask = async () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (names.includes(name.replace(/__(label|present)$/, "")) && typeof value === "string") data.append(name, value);
    }
    const key = form.action.match(/\/r\/activities\.activity\/(\d+)/);
    if (key) data.append("key", key[1]);
    if (!data.get("starts_at") || !data.get("participants") || String(data) === asked) {
      if (String(data) !== asked) place.replaceChildren();
      return;
    }
    asked = String(data);
    const answer = await fetch("/x/activities/free/beside", { method: "POST", body: data, headers: { "X-Fragment": "beside" } });
    place.innerHTML = answer.ok ? await answer.text() : "";
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 300); };
  form.addEventListener("change", soon);
  form.addEventListener("input", soon);
  new MutationObserver(soon).observe(field.querySelector(".combo") || field, { childList: true });
  soon();
}

function start() {
  document.querySelectorAll('form[action*="/r/activities.activity"] [data-field="participants"]').forEach(beside);
}

document.addEventListener("sarnakh:boot", start);
start();
