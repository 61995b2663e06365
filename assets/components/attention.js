// What the heads of a network look at: the map of all heads, one head enlarged, and up to two more networks or steps beside it.
// Words come from people: they are only ever set as text.

const REST_MS = 350; // after the last change, until the address is told
const STAGE_PX = 404;

// Children that stand there already stay untouched: what is put in again loses the keyboard's focus.
function fill(place, children) {
  if (children.length !== place.children.length || children.some((each, i) => each !== place.children[i])) place.replaceChildren(...children);
}

// One network's heads: their maps, and the chosen one enlarged.
class Pane {
  constructor(owner) {
    this.owner = owner;
    this.root = written("section", "pane");
    this.title = written("h3", "");
    this.maps = new HeadMaps(this.root.appendChild(written("div", "all")), (layer, head) => owner.set({ layer, head, pinned: null }));
    this.stage = written("div", "stage");
    this.root.prepend(this.title);
    this.root.append(this.stage);
    this.forms = { matrix: HeadMatrix, lines: HeadLines };
    this.painter = new Painter(this.root);
  }

  show(view) {
    const { state, data } = this.owner;
    this.view = view;
    this.title.textContent = view.title;
    this.painter.colours();
    this.weights = (this.unpacked ??= new Map()).get(view.kinds[state.kind]) ?? new Weights({ ...view.kinds[state.kind], ...this.sides(view, state.kind) });
    this.unpacked.set(view.kinds[state.kind], this.weights);
    this.maps.show(this.weights, state, data.labels, this.painter);
    if (this.form !== state.form) {
      this.enlarged?.frame.remove();
      this.enlarged = new this.forms[state.form](this.stage, (at, isSpoken) => this.owner.look(at, isSpoken), (at) => this.owner.pin(at));
      this.form = state.form;
    }
  }

  sides(view, kind) {
    const { rows, columns } = view.kinds[kind];
    return { rows: view.sides[rows], columns: view.sides[columns] };
  }

  matrix() {
    const { state } = this.owner, found = this.weights.matrix(state.layer, state.head, state);
    return { ...found, arcs: state.arcs && state.kind === "self" ? arcCells(this.view.arcs, found) : [] };
  }

  enlarge(matrix) {
    const { data } = this.owner;
    const width = Math.max(240, this.stage.clientWidth || 480);
    this.enlarged.show(matrix, this.painter, data.labels, { width, height: STAGE_PX });
  }
}

class Attention {
  constructor(root) {
    this.root = root;
    for (const part of ["tools", "panes", "reading", "moves", "spoken"]) this[`${part}Place`] = root.querySelector(`.${part}`);
    this.panes = [];
    this.watcher = new ResizeObserver(() => this.enlarge());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(() => this.data && this.draw(), 300));
  }

  show(data, send) {
    const isNew = this.data?.setup !== data.setup;
    this.data = data;
    this.send = send;
    if (isNew || !this.state) this.state = { ...data.state };
    const { numLayers, numHeads } = this.smallest();
    this.state.layer = within(this.state.layer, 0, numLayers - 1);
    this.state.head = within(this.state.head, 0, numHeads - 1);
    this.root.style.setProperty("--task", data.colour);
    this.root.classList.toggle("several", data.views.length > 1);
    this.root.classList.toggle("three", data.views.length > 2);
    while (this.panes.length < data.views.length) this.panes.push(new Pane(this));
    this.panes.length = data.views.length;
    fill(this.panesPlace, this.panes.map((each) => each.root));
    this.watcher.observe(this.panesPlace);
    this.draw();
  }

  smallest() {
    if (!this.data.views.every((view) => this.state.kind in view.kinds)) this.state.kind = "self";
    const kinds = this.data.views.map((view) => view.kinds[this.state.kind]);
    return { numLayers: Math.min(...kinds.map((each) => each.numLayers)), numHeads: Math.min(...kinds.map((each) => each.numHeads)) };
  }

  set(change) {
    Object.assign(this.state, change);
    this.draw();
    this.spokenPlace.textContent = this.headline();
    this.rest();
  }

  rest() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send({ ...this.state }), REST_MS);
  }

  draw() {
    this.data.views.forEach((view, i) => this.panes[i].show(view));
    this.drawTools();
    this.drawMoves();
    this.enlarge();
    this.root.dataset.drawn = `${this.state.kind} ${this.state.layer} ${this.state.head} ${this.state.form}`;
  }

  enlarge() {
    if (!this.data) return;
    const matrices = this.panes.map((each) => each.matrix());
    if (this.state.difference) for (let i = 1; i < matrices.length; i += 1) matrices[i] = difference(matrices[i], matrices[0]) ?? matrices[i];
    this.panes.forEach((pane, i) => pane.enlarge(matrices[i]));
    const isSame = this.matrices && haveSameTokens(matrices[0], this.matrices[0]);
    this.matrices = matrices;
    this.look(isSame ? this.at : null);
  }

  headline() {
    const { labels } = this.data;
    return labels.head.replace("{layer}", this.state.layer + 1).replace("{head}", this.state.head + 1);
  }

  // Say what one token gives another, in each pane; without one, what is to be seen.
  look(at, isSpoken = false) {
    this.at = at;
    const where = at ?? this.pinnedAt();
    this.panes.forEach((pane) => pane.enlarged.ringAt(where));
    this.readingPlace.textContent = where === null ? this.help() : this.sentence(where);
    if (isSpoken) this.spokenPlace.textContent = this.readingPlace.textContent;
  }

  help() {
    const { labels } = this.data, { difference, form } = this.state;
    const compared = this.panes.length > 1 && difference && (this.matrices.some((each) => each.isDifference) ? "difference" : "noDifference");
    return labels.told.replace("{head}", this.headline()).replace("{help}", () => labels.help[compared || form]);
  }

  // Networks that read the same tokens share a sentence, with their numbers from left to right.
  sentence([row, column]) {
    const { labels } = this.data, shares = new Map();
    this.matrices.forEach(({ rows, columns, values, isDifference, arcs }) => {
      const from = rows[row], to = columns[column];
      if (!from || !to) return;
      const value = values[row * columns.length + column], sign = isDifference ? (value < 0 ? "−" : "+") : "";
      const arc = arcs.find((each) => each.row === row && each.column === column);
      const told = arc ? ` ${labels.arc.replace("{name}", () => arc.name)}` : "";
      const words = labels.reading.replace("{row}", () => from.text).replace("{column}", () => to.text) + told;
      shares.set(words, [...(shares.get(words) ?? []), `${sign}${Math.abs(value).toFixed(3)}`]);
    });
    return [...shares].map(([words, found]) => words.replace("{share}", () => found.join(" · "))).join(" ");
  }

  // A cell that is clicked stays, and its arithmetic is shown below; it is told by tokens, as the server counts them.
  pin(at) {
    if (!at) return;
    const { rows, columns } = this.matrices[0];
    this.set({ pinned: [rows[at[0]].places[0], columns[at[1]].places[0]] });
  }

  pinnedAt() {
    if (!this.state.pinned || !this.matrices) return null;
    const { rows, columns } = this.matrices[0];
    const row = rows.findIndex((each) => each.places.includes(this.state.pinned[0]));
    const column = columns.findIndex((each) => each.places.includes(this.state.pinned[1]));
    return row < 0 || column < 0 ? null : [row, column];
  }

  drawTools() {
    const { labels, views } = this.data, kinds = Object.keys(views[0].kinds).filter((kind) => views.every((view) => kind in view.kinds));
    this.toolsPlace.setAttribute("aria-label", labels.tools);
    const choice = (name, value, title) => {
      const button = this.tool(`${name}-${value}`, "button", title);
      button.setAttribute("aria-pressed", this.state[name] === value);
      button.onclick = () => this.set({ [name]: value, pinned: name === "kind" ? null : this.state.pinned });
      return button;
    };
    const toggle = (name, title) => {
      const button = this.tool(name, "toggle", title);
      button.setAttribute("aria-pressed", Boolean(this.state[name]));
      button.onclick = () => this.set({ [name]: !this.state[name] });
      return button;
    };
    const sides = this.panes.flatMap(({ weights }) => [weights.rows, weights.columns]);
    const shown = [choice("form", "matrix", labels.asMatrix), choice("form", "lines", labels.asLines)];
    if (sides.some(hasPieces)) shown.push(toggle("words", labels.words));
    if (sides.some((each) => each.isMark.includes(true))) shown.push(toggle("marks", labels.marks));
    if (views.some((view) => view.arcs.length)) shown.push(toggle("arcs", labels.arcs));
    if (views.length > 1) shown.push(toggle("difference", labels.difference));
    if (kinds.length > 1) shown.push(...kinds.map((kind) => choice("kind", kind, labels.kinds[kind])));
    fill(this.toolsPlace, shown);
  }

  tool(key, className, title) {
    const button = ((this.buttons ??= {})[key] ??= Object.assign(written("button", className), { type: "button" }));
    button.dataset.tool = key;
    button.textContent = title;
    return button;
  }

  drawMoves() {
    const { labels } = this.data;
    const files = [["head", "svg"], ["head", "png"], ["maps", "svg"], ["maps", "png"]];
    this.movesPlace.setAttribute("aria-label", labels.save);
    const shown = files.map(([what, form]) => {
      const button = this.tool(`save-${what}-${form}`, "save", labels.saves[`${what}-${form}`]);
      button.onclick = () => this.save(what, form);
      return button;
    });
    if (!this.movesPlace.children.length) this.movesPlace.replaceChildren(written("span", "", labels.save), ...shown);
  }

  save(what, form) {
    const [ink, ground] = ["--pp-ink", "--pp-ground"].map((name) => resolved(this.root, name));
    const views = this.panes.map((pane, i) => {
      const title = this.data.views[i].title;
      return what === "maps" ? { title, ...mapsAsSvg(pane.maps, ink, this.data.labels) } : { title, svg: pane.enlarged.svg, images: this.canvasOf(pane.enlarged) };
    });
    const text = asOneSvg(views, ground, ink), name = what === "maps" ? "attention-heads" : `attention-${this.state.layer + 1}-${this.state.head + 1}`;
    if (form === "svg") saveSvg(text, name);
    else savePng(text, name);
  }

  canvasOf({ canvas, box, matrix }) {
    return canvas ? [{ canvas, x: box.left, y: box.top, width: matrix.columns.length * box.size, height: matrix.rows.length * box.size }] : [];
  }
}

const instruments = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".attention");
  if (!instruments.has(root)) instruments.set(root, new Attention(root));
  instruments.get(root).show(data, (state) => setStateValue("state", state));
}
