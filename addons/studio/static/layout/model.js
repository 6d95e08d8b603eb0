/* The page being edited: a tree that is changed step by step, with every step to go back and forth. Knows no screen. */

const CONTAINERS = ["section", "tab", "columns", "column"];
const FLAT = ["list", "card", "kanban", "calendar"];
const LEAVES = ["field", "button", "link", "block", "spacer"];
const HOLDS = {
  page: ["section", "tab", "columns", "related", ...LEAVES],
  tab: ["section", "columns", "related", ...LEAVES],
  section: LEAVES, column: ["section", "related", ...LEAVES], columns: [],
};

export class Model {
  constructor(state) {
    this.kind = state.kind;
    this.root = { id: "@layout", kind: "page", children: state.nodes, base: state.page.base, set: state.page.set };
    this.away = state.away;
    this.past = [];
    this.future = [];
    this.stored = this.snapshot();
    this.listeners = [];
  }

  snapshot() { return JSON.stringify([this.root, this.away]); }

  get dirty() { return this.snapshot() !== this.stored; }

  onChange(listener) { this.listeners.push(listener); }

  told() { this.listeners.forEach((listener) => listener()); }

  /** Do something to the tree as one step that can be undone; steps with the same `join` follow each other as one. */
  step(change, join = "") {
    const before = this.snapshot();
    if (change() === false) return false;
    if (before === this.snapshot()) return false;
    if (!join || join !== this.join) this.past.push(before);
    this.join = join;
    this.future = [];
    this.told();
    return true;
  }

  travel(from, to) {
    if (!from.length) return false;
    to.push(this.snapshot());
    [this.root, this.away] = JSON.parse(from.pop());
    this.join = "";
    this.told();
    return true;
  }

  undo() { return this.travel(this.past, this.future); }

  redo() { return this.travel(this.future, this.past); }

  /** Where a node is: itself, the node it stands in, its position; null when it is not on the page. */
  find(id, parent = this.root) {
    for (const [index, node] of parent.children.entries()) {
      if (node.id === id) return { node, parent, index };
      const below = this.find(id, node);
      if (below) return below;
    }
    return null;
  }

  node(id) { return id === "@layout" ? this.root : this.find(id)?.node ?? null; }

  isContainer(node) { return node.kind === "page" || CONTAINERS.includes(node.kind); }

  /** Whether a node may stand in a container. */
  fits(node, parent) {
    if (FLAT.includes(this.kind)) return parent.kind === "page" && node.kind === "field";
    return (HOLDS[parent.kind] ?? []).includes(node.kind) && !this.contains(node, parent.id);
  }

  contains(node, id) { return node.id === id || node.children.some((child) => this.contains(child, id)); }

  /** Names are given once: `section`, `section_2` … */
  freshId(kind) {
    const taken = new Set();
    const walk = (node) => { taken.add(node.id); node.children?.forEach(walk); };
    walk(this.root);
    this.away.forEach(walk);
    const word = `x_${kind}`;
    let number = 1;
    while (taken.has(`${word}_${number}`)) number += 1;
    return `${word}_${number}`;
  }

  insert(node, parentId, index) {
    const parent = this.node(parentId);
    if (!parent || !this.fits(node, parent) || this.find(node.id)) return false;
    return this.step(() => {
      this.away = this.away.filter((one) => one.id !== node.id);
      parent.children.splice(index, 0, node);
    });
  }

  move(id, parentId, index) {
    const at = this.find(id);
    const parent = this.node(parentId);
    if (!at || !parent || !this.fits(at.node, parent)) return false;
    if (at.parent === parent && (index === at.index || index === at.index + 1)) return false;
    return this.step(() => {
      at.parent.children.splice(at.index, 1);
      parent.children.splice(at.parent === parent && index > at.index ? index - 1 : index, 0, at.node);
    });
  }

  /** One place up (-1) or down (1), over the edge into the neighbouring part. */
  shift(id, by) {
    const at = this.find(id);
    if (!at) return false;
    const goal = at.index + by;
    if (goal >= 0 && goal < at.parent.children.length) return this.move(id, at.parent.id, by > 0 ? goal + 1 : goal);
    return this.over(at, by);
  }

  /** Past the end of its part: into the next part that can hold it, else beside its part. */
  over(at, by) {
    if (at.parent.kind === "page") return false;
    const outer = this.find(at.parent.id);
    const next = outer.parent.children[outer.index + by];
    if (next && this.isContainer(next) && this.fits(at.node, next)) return this.move(at.node.id, next.id, by > 0 ? 0 : next.children.length);
    return this.move(at.node.id, outer.parent.id, outer.index + (by > 0 ? 1 : 0));
  }

  into(id) {
    const at = this.find(id);
    const before = at?.parent.children[at.index - 1];
    return Boolean(before && this.isContainer(before) && this.move(id, before.id, before.children.length));
  }

  out(id) {
    const at = this.find(id);
    if (!at || at.parent.kind === "page") return false;
    const outer = this.find(at.parent.id);
    return this.move(id, outer.parent.id, outer.index + 1);
  }

  /** Off the page. What was put there by this layer goes for good; shipped things in it stand aside and can come back. */
  remove(id) {
    const at = this.find(id);
    if (!at) return false;
    return this.step(() => {
      at.parent.children.splice(at.index, 1);
      if (at.node.own) this.setAside(at.node.children);
      else this.away.push(at.node);
    });
  }

  setAside(nodes) {
    for (const node of nodes) {
      if (node.own) this.setAside(node.children);
      else this.away.push(node);
    }
  }

  value(node, prop) { return prop in node.set ? node.set[prop] : node.base[prop]; }

  /** Say something of a node; undefined is as it comes, null takes a shipped property away. */
  set(id, prop, value) {
    const node = this.node(id);
    return Boolean(node) && this.step(() => {
      if (value === undefined) delete node.set[prop];
      else node.set[prop] = value;
    }, `${id} ${prop}`);
  }

  /** What is sent: names, places and what was said, nothing else. */
  tree() {
    const plain = (node) => ({ id: node.id, kind: node.kind, set: node.set, children: node.children.map(plain) });
    return { set: this.root.set, nodes: this.root.children.map(plain) };
  }
}
