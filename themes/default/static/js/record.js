/* A record page: values edited in place, e for the whole form, J and K for the neighbours, u back to the list. */

import { $ } from "./dom.js";
import { editable } from "./inline.js";
import { live } from "./conditions.js";

export function boot(root) {
  editable(root, () => root.dataset.version, (node, version) => { root.dataset.version = version; });
  live(root);
  const go = (url) => { if (url) location.assign(url); };
  document.addEventListener("sarnakh:key", ({ detail: { key, event } }) => {
    const places = { J: root.dataset.next, K: root.dataset.previous, u: root.dataset.back };
    if (places[key]) { event.preventDefault(); go(places[key]); }
    else if (key === "e") { event.preventDefault(); $('[id="edit"], [data-edit]', root)?.click(); }
  });
  $(".step.current", root)?.scrollIntoView({ block: "nearest", inline: "center" });
}
