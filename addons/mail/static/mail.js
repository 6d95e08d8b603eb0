// Frames of mails grow with their text: without this they scroll inside.
const MOST = 6000;

function fit(frame) {
  const body = frame.contentDocument && frame.contentDocument.body;
  if (!body) return;
  const height = Math.min(MOST, Math.max(80, Math.ceil(body.scrollHeight) + 8));
  frame.style.blockSize = `${height}px`;
}

function watch(frame) {
  if (frame.dataset.fitted) return;
  frame.dataset.fitted = "1";
  const begin = () => {
    fit(frame);
    const inside = frame.contentDocument;
    if (!inside || !inside.body) return;
    inside.addEventListener("toggle", () => fit(frame), true);
    for (const picture of inside.images) picture.addEventListener("load", () => fit(frame));
    if (window.ResizeObserver) new ResizeObserver(() => fit(frame)).observe(frame.parentElement);
  };
  frame.addEventListener("load", begin);
  if (frame.contentDocument && frame.contentDocument.readyState === "complete" && frame.contentDocument.body
    && frame.contentDocument.URL !== "about:blank") begin();
}

function all(root) {
  for (const frame of root.querySelectorAll("iframe[data-mail-frame]")) watch(frame);
}

all(document);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) all(node.matches("iframe") ? node.parentElement : node);
}).observe(document.body, { childList: true, subtree: true });
