// The configurator says what does not fit and what it costs while options are chosen; without scripts its button does.

(() => {
  let latest = 0;

  const show = (box, found) => {
    const problems = box.querySelector("[data-problems]");
    problems.hidden = found.problems.length === 0;
    problems.querySelector("ul").replaceChildren(...found.problems.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
    box.querySelector("[data-price]").textContent = found.price;
    box.querySelector("[data-facts]").replaceChildren(...found.facts.map(([label, value, strong]) => {
      const line = document.createElement("div");
      const name = document.createElement("dt");
      const amount = document.createElement("dd");
      line.className = strong ? "strong" : "";
      amount.className = "num";
      name.textContent = label;
      amount.textContent = value;
      line.append(name, amount);
      return line;
    }));
  };

  document.addEventListener("change", async (event) => {
    const box = event.target.closest?.("[data-configurator]");
    const form = box?.closest("form");
    if (!form) return;
    const asked = ++latest;
    const values = new URLSearchParams(new FormData(form));
    values.delete("csrf_token");
    values.set("tried", "1");
    try {
      const answer = await fetch(`${box.dataset.configurator}?${values}`, { headers: { Accept: "application/json" } });
      if (answer.ok && asked === latest) show(box, await answer.json());
    } catch {
      // offline: the button still checks
    }
  });
})();
