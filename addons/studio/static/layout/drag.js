/* Dragging with the mouse: things of the page and of the palette, to where a line shows. */

import { el, rtl } from "./dom.js";

export function startDragging(editor, root) {
  const mark = el("li", { class: "le-mark", "aria-hidden": "true" });
  let carried = null;
  let goal = null;

  const forget = () => {
    mark.remove();
    root.querySelector(".le-node.lifted")?.classList.remove("lifted");
    root.classList.remove("le-carrying");
    carried = goal = null;
  };

  root.addEventListener("dragstart", (event) => {
    const node = event.target.closest("[data-node], [data-offer]");
    if (!node) return;
    event.stopPropagation();
    carried = node.dataset.node ? editor.model.node(node.dataset.node) : editor.offered(node.dataset.offer);
    if (!carried) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", editor.nameOf(carried));
    root.classList.add("le-carrying");
    if (node.dataset.node) setTimeout(() => node.classList.add("lifted"));
  });

  root.addEventListener("dragover", (event) => {
    if (!carried) return;
    const list = nearest(event.target, editor, carried);
    if (!list) { mark.remove(); goal = null; return; }
    event.preventDefault();
    const index = place(list, event.clientX, event.clientY);
    const items = [...list.children].filter((child) => child.dataset.node);
    if (list.children[index] !== mark) list.insertBefore(mark, items[index] ?? null);
    goal = { parent: list.dataset.parent, index };
  });

  root.addEventListener("drop", (event) => {
    if (!carried || !goal) return;
    event.preventDefault();
    const [thing, { parent, index }] = [carried, goal];
    forget();
    editor.dropped(thing, parent, index);
  });
  root.addEventListener("dragend", forget);
}

/** The innermost list under the pointer that may hold what is carried. */
function nearest(target, editor, carried) {
  let list = target.closest("[data-parent]") ?? target.closest(".le-node")?.querySelector("[data-parent]") ?? target.closest("[data-canvas]")?.querySelector("[data-parent]");
  while (list) {
    const parent = editor.model.node(list.dataset.parent);
    if (parent && editor.model.fits(carried, parent)) return list;
    list = list.parentElement.closest("[data-parent]");
  }
  return null;
}

/** How many things of the list come before the pointer, in reading order. */
function place(list, x, y) {
  const items = [...list.children].filter((child) => child.dataset.node);
  const before = (box) => {
    if (y > box.bottom) return true;
    if (y < box.top) return false;
    if (box.width > list.getBoundingClientRect().width * 0.7) return y > box.top + box.height / 2;
    return rtl() ? x < box.left + box.width / 2 : x > box.left + box.width / 2;
  };
  return items.filter((item) => before(item.getBoundingClientRect())).length;
}
