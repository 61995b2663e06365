// One hidden vector that two heads read: two losses, their weights, and which way each pulls.

const PLANE = { size: 340, range: 3, cells: 68, bands: 14 };
const ARROW_PX = 62; // an arrow's length where the gradient's length is 1
const LOWEST = 0.01, HIGHEST = 100; // weights run between these, evenly on a logarithmic scale; below the lowest stands 0

class JointPlane extends Instrument {
  constructor(root) {
    super(root);
    this.picture.classList.add("beside");
    const frame = written("div", "plane");
    this.canvas = Object.assign(document.createElement("canvas"), { width: PLANE.cells, height: PLANE.cells });
    this.svg = drawn("svg", { role: "group", width: PLANE.size, height: PLANE.size });
    frame.append(this.canvas, this.svg);
    this.bars = written("div", "pulls");
    this.picture.append(frame, this.bars);
    this.makeMarks();
  }

  makeMarks() {
    this.axes = [drawn("line", { class: "axis" }), drawn("line", { class: "axis" })];
    setLine(this.axes[0], 0, PLANE.size, PLANE.size / 2, PLANE.size / 2);
    setLine(this.axes[1], PLANE.size / 2, PLANE.size / 2, 0, PLANE.size);
    this.names = drawn("g", {});
    this.arrows = ["word", "yes", "both"].map((kind) => drawn("path", { class: `pull ${kind}` }));
    this.group = drawn("g", { class: "grip", role: "slider", "data-grip": "hidden", "aria-valuemin": -PLANE.range, "aria-valuemax": PLANE.range });
    this.dot = drawn("circle", { class: "dot", r: 10 });
    this.reach = drawn("circle", { class: "reach", r: 20 });
    this.group.append(this.reach, this.dot);
    this.svg.append(...this.axes, this.names, ...this.arrows, this.group);
    const drag = (x, y) => this.put(this.tidied({ ...this.state, hidden: [this.fromPx(x), -this.fromPx(y)] }));
    this.grip(this.group, this.svg, { drag, keys: (key, isLarge) => this.key(key, isLarge) });
  }

  fromPx(px) { return ((px - PLANE.size / 2) / (PLANE.size / 2)) * PLANE.range; }
  toPx([x, y]) { return [PLANE.size / 2 + (x / PLANE.range) * (PLANE.size / 2), PLANE.size / 2 - (y / PLANE.range) * (PLANE.size / 2)]; }

  numbers({ hidden, weights }) {
    const { losses, gradients } = twoHeads(hidden, this.data.heads);
    return {
      loss: dot(weights, losses), word_loss: losses[0], yes_loss: losses[1],
      word_pull: weights[0] * norm(gradients[0]), yes_pull: weights[1] * norm(gradients[1]), agreement: agreement(...gradients),
    };
  }

  drawPicture() {
    const { hidden, weights } = this.state, { labels, heads } = this.data;
    const { gradients } = twoHeads(hidden, heads);
    const pulls = gradients.map((gradient, k) => gradient.map((each) => -weights[k] * each));
    const longest = Math.max(...pulls.map(norm)), scale = ARROW_PX / Math.max(1, longest); // the longest always fits
    const [x, y] = this.toPx(hidden);
    const both = [0, 1].map((axis) => pulls[0][axis] + pulls[1][axis]);
    [...pulls, both].forEach(([px, py], i) => this.arrows[i].setAttribute("d", arrow(x, y, px * scale, -py * scale)));
    for (const circle of [this.dot, this.reach]) {
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
    }
    const words = { x: hidden[0].toFixed(2), y: hidden[1].toFixed(2) };
    for (const [name, value] of Object.entries({ "aria-label": labels.point, "aria-valuenow": words.x, "aria-valuetext": filled(labels.where, words) })) this.group.setAttribute(name, value);
    this.svg.setAttribute("aria-label", labels.plane);
    this.drawNames();
    this.paint();
    this.drawPulls(pulls.map(norm));
    this.drawKnobs();
  }

  drawNames() {
    const { heads, words, labels } = this.data;
    const named = [...heads.words.map((each, i) => [each, words[i] + (i === heads.truth ? " ✓" : ""), "word"]), [heads.yes, labels.yesMark, "yes"]];
    const parts = named.map(([direction, name, kind]) => {
      const long = (PLANE.range * 0.84) / norm(direction);
      const [x, y] = this.toPx(direction.map((each) => each * long));
      return drawn("text", { class: `name ${kind}`, x: within(x, 34, PLANE.size - 34), y: y + 5, "text-anchor": "middle" }, name);
    });
    this.names.replaceChildren(...parts);
  }

  // The joint loss at every place, in bands: the darker, the larger.
  paint() {
    const theme = getComputedStyle(this.dot).stroke, told = JSON.stringify([this.state.weights, theme, this.data.heads]);
    if (this.painted === told) return;
    this.painted = told;
    const { cells, range, bands } = PLANE, pen = this.canvas.getContext("2d");
    const at = (i) => (((i + 0.5) / cells) * 2 - 1) * range;
    const losses = Array.from({ length: cells * cells }, (_, i) => dot(this.state.weights, twoHeads([at(i % cells), -at(Math.floor(i / cells))], this.data.heads).losses));
    const [low, high] = [Math.min(...losses), Math.max(...losses)];
    const image = pen.createImageData(cells, cells), [red, green, blue] = theme.match(/[\d.]+/g).map(Number);
    losses.forEach((loss, i) => {
      const level = Math.floor(bands * ((loss - low) / (high - low || 1)) ** 0.7) / bands;
      image.data.set([red, green, blue, 115 * level], 4 * i);
    });
    pen.putImageData(image, 0, 0);
  }

  drawPulls(lengths) {
    const { labels } = this.data, most = Math.max(...lengths, 1e-9);
    this.bars.replaceChildren(written("p", "measure", labels.pulls), ...["word", "yes"].map((kind, k) => {
      const row = written("div", `row ${kind}`), bar = written("i", "");
      bar.style.width = `${(100 * lengths[k]) / most}%`;
      const track = written("span", "track");
      track.append(bar);
      row.append(written("span", "who", labels[kind]), track, written("b", "", figure(lengths[k])));
      return row;
    }));
  }

  drawKnobs() {
    ["word", "yes"].forEach((kind, k) => this.knob(kind, this.data.labels[`${kind}_weight`], {
      min: -1, max: 100, step: 1, read: ({ weights }) => this.share(weights[k]), text: ({ weights }) => `λ = ${rounded(weights[k], 3)}`,
      write: (share) => ({ ...this.state, weights: this.state.weights.map((each, i) => (i === k ? this.weight(share) : each)) }),
    }));
  }

  weight(share) { return share < 0 ? 0 : +(LOWEST * (HIGHEST / LOWEST) ** (share / 100)).toPrecision(3); }
  share(weight) { return weight < LOWEST ? -1 : (100 * Math.log(weight / LOWEST)) / Math.log(HIGHEST / LOWEST); }

  tidied(state) {
    const weights = state.weights.map((each) => +within(each, 0, HIGHEST).toPrecision(3));
    return { ...state, weights, hidden: state.hidden.map((each) => rounded(within(each, -PLANE.range, PLANE.range))) };
  }

  key(key, isLarge) {
    const step = isLarge ? 0.5 : 0.05;
    const [dx, dy] = { ArrowUp: [0, step], ArrowRight: [step, 0], ArrowDown: [0, -step], ArrowLeft: [-step, 0] }[key] ?? [];
    if (dx !== undefined) this.put(this.tidied({ ...this.state, hidden: [this.state.hidden[0] + dx, this.state.hidden[1] + dy] }));
    return dx !== undefined;
  }

  bert(state) { return { ...state, weights: [1, 1] }; }
  electra(state) { return { ...state, weights: [1, 50] }; }
  balance(state) {
    const [word, yes] = twoHeads(state.hidden, this.data.heads).gradients.map(norm);
    return { ...state, weights: [state.weights[0] || 1, ((state.weights[0] || 1) * word) / Math.max(yes, 1e-6)] };
  }
  step(state) {
    const { gradients } = twoHeads(state.hidden, this.data.heads);
    const whole = [0, 1].map((axis) => dot(state.weights, gradients.map((each) => each[axis])));
    const pace = Math.min(0.5, 1 / Math.max(norm(whole), 1e-9)); // no step longer than 1
    return { ...state, hidden: state.hidden.map((each, axis) => each - pace * whole[axis]) };
  }
}
