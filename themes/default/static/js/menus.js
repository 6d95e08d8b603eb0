/* Menus are <details>; this adds what a menu does besides opening: one at a time, Escape, arrows, staying in sight. */

import { $$, placeBeside } from "./dom.js";

const entries = (menu) => $$(".menu-item:not([aria-disabled])", menu).filter((item) => item.checkVisibility());

function close(menu, refocus = false) {
  if (!menu.open) return;
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

/* How far a box sticks out of the window sideways. */
function outside(box) {
  const { left, right } = box.getBoundingClientRect();
  return Math.max(0, -left) + Math.max(0, right - innerWidth);
}

function opened(menu) {
  $$("details[data-menu][open]").forEach((other) => { if (other !== menu && !other.contains(menu)) close(other); });
  const body = menu.querySelector(".menu-body");
  if (menu.dataset.menu === "fixed") {
    body.style.position = "fixed";
    body.style.insetInlineEnd = "auto";
    placeBeside(body, menu.querySelector("summary"));
    return;
  }
  menu.classList.remove("flipped");
  const out = outside(body);
  if (out > 0) {
    menu.classList.toggle("end");
    if (outside(body) > out) menu.classList.toggle("end");
  }
  const box = body.getBoundingClientRect();
  if (box.bottom > innerHeight - 4 && box.height < box.top) menu.classList.add("up");
}

function move(menu, step) {
  const items = entries(menu);
  const at = items.indexOf(document.activeElement);
  const next = step === "first" ? 0 : step === "last" ? items.length - 1 : (at + step + items.length) % items.length;
  items[at < 0 && step === -1 ? items.length - 1 : next]?.focus();
}

export function startMenus() {
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details[data-menu]") && event.target.open) opened(event.target);
  }, true);
  document.addEventListener("pointerdown", (event) => {
    $$("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target) && !event.target.closest(".datepicker, .listbox, dialog")) close(menu);
    });
  });
  document.addEventListener("scroll", (event) => {
    if (event.target.matches?.(".menu-body, .listbox, .criteria")) return;
    $$('details[data-menu="fixed"][open]').forEach((menu) => close(menu));
  }, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details[data-menu]");
    if (!menu) return;
    if (event.key === "Escape" && menu.open) {
      event.preventDefault();
      event.stopPropagation();
      close(menu, true);
    } else if (event.target.matches("summary") && event.key === "ArrowDown") {
      event.preventDefault();
      menu.open = true;
      requestAnimationFrame(() => move(menu, "first"));
    } else if (menu.open && event.target.matches(".menu-item, summary")) {
      const steps = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" };
      if (event.key in steps) { event.preventDefault(); move(menu, steps[event.key]); }
    }
  });
  document.addEventListener("click", (event) => {
    const item = event.target.closest(".menu-item");
    const menu = item?.closest("details[data-menu]");
    if (menu && menu.dataset.menu !== "keep") setTimeout(() => close(menu));
  });
}
