/* The tree of roles: a role is dragged onto the one that shall stand above it. Without a mouse its page does the same. */

const tree = location.pathname === "/admin/roles" ? document.querySelector(".tree") : null;
const number = (item) => item.querySelector("a[href^='/admin/roles/']").pathname.split("/").pop();

function move(key, parent) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = `/admin/roles/${key}/move`;
  for (const [name, value] of [["csrf_token", document.body.dataset.csrf], ["parent", parent]]) {
    const input = document.createElement("input");
    input.type = "hidden";
    [input.name, input.value] = [name, value];
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

if (tree) {
  let dragged = null;
  tree.querySelectorAll(".tree-node").forEach((node) => { node.draggable = true; });
  tree.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", number(dragged));
  });
  tree.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!over || !dragged || dragged.contains(over)) return;
    event.preventDefault();
    tree.querySelectorAll(".drop-here").forEach((node) => node.classList.remove("drop-here"));
    over.querySelector(".tree-node").classList.add("drop-here");
  });
  tree.addEventListener("drop", (event) => {
    const over = event.target.closest("li");
    if (!over || !dragged || dragged.contains(over)) return;
    event.preventDefault();
    move(number(dragged), number(over));
  });
  tree.addEventListener("dragend", () => {
    tree.querySelectorAll(".drop-here").forEach((node) => node.classList.remove("drop-here"));
    dragged = null;
  });
}
