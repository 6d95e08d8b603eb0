// The week of a calendar is drawn while it is written; the server has the last word on what the hours mean.

(() => {
  const digits = (text) => text.replace(/[۰-۹]/g, (c) => "۰۱۲۳۴۵۶۷۸۹".indexOf(c)).replace(/[٠-٩]/g, (c) => "٠١٢٣٤٥٦٧٨٩".indexOf(c));

  const minutes = (text) => {
    const found = /^(\d{1,2})(?:[:.٫](\d{2}))?$/.exec(text.trim());
    const value = found ? Number(found[1]) * 60 + Number(found[2] ?? 0) : -1;
    return value >= 0 && value <= 1440 ? value : null;
  };

  const read = (text) => {
    const spans = [];
    for (const part of digits(text).split(/\s*[,;،؛]\s*|\s+(?:and|ve|و)\s+/)) {
      if (!part.trim()) continue;
      const ends = part.split(/\s*(?:[-–—−]|\bto\b|تا)\s*/);
      const [from, until] = ends.map(minutes);
      if (ends.length !== 2 || from === null || until === null) return null;
      spans.push([from, until > from ? until : until + 1440]);
    }
    return spans;
  };

  const draw = (form) => {
    const rows = new Map([...form.querySelectorAll("tr[data-day]")].map((row) => [Number(row.dataset.day), row]));
    for (const [day, row] of rows) {
      const spans = read(row.querySelector("input").value);
      const before = read(rows.get((day + 6) % 7).querySelector("input").value) ?? [];
      if (!spans) continue;
      const bars = [...before.filter(([, until]) => until > 1440).map(([, until]) => [0, until - 1440, true]),
        ...spans.map(([from, until]) => [from, Math.min(until, 1440) - from, false])];
      const svg = row.querySelector("svg");
      svg.querySelectorAll("rect").forEach((rect) => rect.remove());
      for (const [x, width, tail] of bars) {
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (const [name, value] of Object.entries({ x, y: 0, width, height: 10 })) rect.setAttribute(name, value);
        if (tail) rect.setAttribute("class", "tail");
        svg.append(rect);
      }
    }
  };

  const start = (form) => {
    form.querySelectorAll("[data-wt-copy]").forEach((button) => { button.hidden = !button.closest("tr").nextElementSibling; });
    form.addEventListener("input", () => draw(form));
    form.addEventListener("click", (event) => {
      const row = event.target.closest?.("[data-wt-copy]")?.closest("tr");
      if (!row) return;
      const next = row.nextElementSibling.querySelector("input");
      next.value = row.querySelector("input").value;
      next.focus();
      draw(form);
    });
  };

  document.querySelectorAll("form[data-wt-week]").forEach(start);
})();
