/* A record page: values edited in place, e for the whole form, J and K for the neighbours, u back to the list. */

import { $ } from "./dom.js";
import { editable } from "./inline.js";
import { live } from "./conditions.js";

/* A status path longer than its line fades out where it goes on. */
function fadeEnds(path) {
  const look = () => {
    const gone = Math.abs(path.scrollLeft);
    path.classList.toggle("more-before", gone > 2);
    path.classList.toggle("more-after", path.scrollWidth - path.clientWidth - gone > 2);
  };
  path.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(path);
}

export function boot(root) {
  editable(root, () => root.dataset.version, (node, version) => { root.dataset.version = version; });
  live(root);
  const go = (url) => { if (url) location.assign(url); };
  document.addEventListener("sarnakh:key", ({ detail: { key, event } }) => {
    const places = { J: root.dataset.next, K: root.dataset.previous, u: root.dataset.back };
    if (places[key]) { event.preventDefault(); go(places[key]); }
    else if (key === "e") { event.preventDefault(); $('[id="edit"], [data-edit]', root)?.click(); }
  });
  const path = $(".path", root);
  if (path) fadeEnds(path);
  $(".step.current, .step.lost", root)?.scrollIntoView({ block: "nearest", inline: "center" });
}
