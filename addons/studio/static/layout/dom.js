/* Small helpers of the editor. */

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const icon = (name) => el("i", { class: `bi bi-${name}`, "aria-hidden": "true" });
export const rtl = () => document.documentElement.dir === "rtl";

let texts = {};
export function learn(given) { texts = given; }
export const tell = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export function debounce(run, wait) {
  let timer;
  return (...args) => { clearTimeout(timer); timer = setTimeout(() => run(...args), wait); };
}

/** POST of JSON; the answer's status and data. */
export async function send(url, data) {
  const answer = await fetch(url, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(data),
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf ?? "" },
  });
  const json = (answer.headers.get("Content-Type") ?? "").includes("json");
  return { status: answer.status, data: json ? await answer.json() : {} };
}
