// Draw a guess over the real axes: one stroke of a finger or a mouse, a ready-made shape, or seven handles for the keyboard.
// Shares of the budget run 0..1 along x; losses in nats along y. Looks like the loss chart, whose place it holds.

const NUM_CELLS = 60; // a guess is kept as the loss at each of these + 1 shares
const HANDLES = [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1];

function interpolate(points, share) {
  if (share <= points[0][0]) return points[0][1];
  for (let i = 1; i < points.length; i++) {
    if (share <= points[i][0]) {
      const [x0, y0] = points[i - 1], [x1, y1] = points[i];
      return x1 === x0 ? y1 : y0 + ((share - x0) / (x1 - x0)) * (y1 - y0);
    }
  }
  return points[points.length - 1][1];
}

const asCells = (points) => Array.from({ length: NUM_CELLS + 1 }, (_, i) => interpolate(points, i / NUM_CELLS));
const asPoints = (cells) => cells.map((nats, i) => [+(i / NUM_CELLS).toFixed(4), +nats.toFixed(3)]);

class GuessPlot {
  constructor(parent) {
    this.root = parent.querySelector(".guess");
    this.svg = parent.querySelector("svg.axes");
    this.status = parent.querySelector("[role=status]");
    this.cells = null;
    this.setup = null;
    this.svg.addEventListener("pointerdown", (event) => this.startStroke(event));
    this.svg.addEventListener("pointermove", (event) => this.stroke(event));
    for (const end of ["pointerup", "pointercancel"]) this.svg.addEventListener(end, () => this.endStroke());
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.svg);
  }

  show(data, send) {
    this.data = data;
    this.send = send;
    if (this.setup !== data.setup) {
      this.setup = data.setup;
      this.cells = data.points.length > 1 ? asCells(data.points) : null;
      this.picked = data.picked;
    }
    this.root.style.setProperty("--task", data.colour);
    this.root.style.height = `${data.height}px`;
    this.root.querySelector(".title").textContent = data.labels.title;
    this.root.querySelector(".measure").textContent = data.y.title;
    this.root.querySelector(".invite").textContent = data.labels.invite;
    this.svg.setAttribute("aria-label", data.labels.plot);
    this.drawPicks();
    this.draw();
  }

  x(share) { return this.box.left + share * this.box.width; }
  y(nats) {
    const { low, high } = this.data.y;
    return this.box.top + ((high - nats) / (high - low)) * this.box.height;
  }
  path(points) { return points.map(([s, n], i) => `${i ? "L" : "M"}${this.x(s).toFixed(1)} ${this.y(n).toFixed(1)}`).join(""); }

  draw() {
    const { width, height } = this.svg.getBoundingClientRect();
    if (!this.data || !width || this.isDrawing) return;
    const edge = this.data.margins;
    this.box = { left: edge.left, top: edge.top, width: width - edge.left - edge.right, height: height - edge.top - edge.bottom };
    const focused = this.svg.getRootNode().activeElement?.dataset?.handle;
    const parts = [...this.axes(), ...this.baselines()];
    if (!this.cells) for (const each of this.data.sketches) parts.push(drawn("path", { class: "ghost", d: this.path(each.points) }));
    if (this.data.known.length > 1) parts.push(...this.known());
    this.curve = drawn("path", { class: "mine", d: this.cells ? this.path(asPoints(this.cells)) : "" });
    parts.push(this.curve, ...(this.cells ? HANDLES.map((share, i) => this.handle(share, i)) : []));
    this.svg.replaceChildren(...parts);
    this.root.querySelector(".invite").hidden = Boolean(this.cells);
    if (focused !== undefined) this.svg.querySelector(`[data-handle="${focused}"]`)?.focus();
  }

  axes() {
    const { left, top, width, height } = this.box, { low, high } = this.data.y, floor = top + height;
    const parts = ticks(low, high, height / 55).flatMap((value) => [
      drawn("line", { class: "grid", x1: left, x2: left + width, y1: this.y(value), y2: this.y(value) }),
      drawn("text", { class: "tick", x: left - 8, y: this.y(value) + 5.5, "text-anchor": "end" }, digits(value)),
    ]);
    parts.push(drawn("line", { class: "axis", x1: left, x2: left + width, y1: floor, y2: floor }));
    for (const value of ticks(0, this.data.x.max, Math.min(width / 75, 10))) {
      const at = this.x(value / this.data.x.max);
      parts.push(drawn("line", { class: "axis", x1: at, x2: at, y1: floor, y2: floor + 5 }));
      parts.push(drawn("text", { class: "tick", x: at, y: floor + 22, "text-anchor": "middle" }, digits(value)));
    }
    parts.push(drawn("text", { class: "tick", x: left + width / 2, y: floor + 43, "text-anchor": "middle" }, this.data.x.title));
    return parts;
  }

  baselines() {
    const { left, width } = this.box;
    return this.data.baselines.flatMap(({ name, y }) => [
      drawn("line", { class: "baseline", x1: left, x2: left + width, y1: this.y(y), y2: this.y(y) }),
      drawn("text", { class: "name", x: left + width - 2, y: this.y(y) - 7.5, "text-anchor": "end" }, name),
    ]);
  }

  known() {
    const last = this.data.known[this.data.known.length - 1];
    return [
      drawn("path", { class: "known", d: this.path(this.data.known), pathLength: 1, "stroke-dasharray": 1 }),
      ...(this.cells || this.box.width < 420 ? [] : [drawn("text", { class: "known-name", x: this.x(last[0]) + 8, y: this.y(last[1]) + 18 }, this.data.labels.known)]),
    ];
  }

  handle(share, number) {
    const nats = interpolate(asPoints(this.cells), share), { low, high } = this.data.y;
    const group = drawn("g", {
      class: "handle", tabindex: 0, role: "slider", "data-handle": number, "aria-orientation": "vertical",
      "aria-label": this.data.labels.handle.replace("{at}", this.data.x.words.replace("{value}", this.amount(share))),
      "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": nats.toFixed(2),
      "aria-valuetext": this.data.labels.nats.replace("{value}", nats.toFixed(2)),
    });
    const at = { cx: this.x(share), cy: this.y(nats) };
    group.append(drawn("circle", { class: "reach", r: 13, ...at }), drawn("circle", { class: "dot", r: 5, ...at }));
    group.addEventListener("keydown", (event) => this.nudge(event, number));
    return group;
  }

  amount(share) { return Number((share * this.data.x.max).toPrecision(3)).toLocaleString("en"); }

  nudge(event, number) {
    const { low, high } = this.data.y, unit = (high - low) / 50;
    const change = { ArrowUp: unit, ArrowRight: unit, ArrowDown: -unit, ArrowLeft: -unit, PageUp: 5 * unit, PageDown: -5 * unit,
      Home: high, End: -high }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    this.cells = this.cells.map((nats, i) => {
      const nearness = Math.max(0, 1 - Math.abs(i / NUM_CELLS - HANDLES[number]) * 6); // the neighbours' handles stay
      return within(nats + change * nearness, low, high);
    });
    this.picked = "drawn";
    this.draw();
    this.drawPicks();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.tell(), 400);
  }

  startStroke(event) {
    if (event.button) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.isDrawing = true;
    this.isFresh = !this.cells;
    if (this.isFresh) this.cells = asCells([[0, this.data.start], [1, this.data.start]]);
    this.last = null;
    this.stroke(event);
  }

  stroke(event) {
    if (!this.isDrawing) return;
    const frame = this.svg.getBoundingClientRect(), { low, high } = this.data.y;
    const share = within((event.clientX - frame.left - this.box.left) / this.box.width, 0, 1);
    const nats = within(high - ((event.clientY - frame.top - this.box.top) / this.box.height) * (high - low), low, high);
    const from = this.last ?? (this.isFresh ? [0, this.data.start] : [share, nats]);
    const [a, b] = from[0] <= share ? [from, [share, nats]] : [[share, nats], from];
    for (let i = Math.ceil(a[0] * NUM_CELLS - 0.5); i <= Math.floor(b[0] * NUM_CELLS + 0.5); i++) {
      this.cells[within(i, 0, NUM_CELLS)] = interpolate([a, b], i / NUM_CELLS);
    }
    if (this.isFresh) this.cells.fill(nats, Math.round(share * NUM_CELLS) + 1); // what is not drawn yet goes on level
    this.last = [share, nats];
    this.curve.setAttribute("d", this.path(asPoints(this.cells)));
    this.root.querySelector(".invite").hidden = true;
  }

  endStroke() {
    if (!this.isDrawing) return;
    this.isDrawing = false;
    this.picked = "drawn";
    this.draw();
    this.drawPicks();
    this.tell();
  }

  drawPicks() {
    const row = this.root.querySelector(".picks");
    row.setAttribute("aria-label", this.data.labels.picks);
    const made = this.data.sketches.map((each, i) => row.children[i] ?? row.appendChild(document.createElement("button")));
    made.forEach((button, i) => {
      const each = this.data.sketches[i], { low, high } = this.data.y;
      const line = each.points.map(([s, n], j) => `${j ? "L" : "M"}${2 + 30 * s} ${2 + 18 * ((high - n) / (high - low))}`).join("");
      const icon = drawn("svg", { viewBox: "0 0 34 22", "aria-hidden": "true" });
      icon.append(drawn("path", { d: line }));
      button.type = "button";
      button.setAttribute("aria-pressed", String(this.picked === each.key));
      button.title = each.title;
      button.replaceChildren(icon, written("span", "", each.title));
      button.onclick = () => {
        this.cells = asCells(each.points);
        this.picked = each.key;
        this.draw();
        this.drawPicks();
        this.tell();
      };
    });
  }

  tell() {
    this.status.textContent = this.data.labels.kept;
    this.send({ setup: this.setup, picked: this.picked, points: asPoints(this.cells) });
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  parentElement.guessPlot ??= new GuessPlot(parentElement);
  parentElement.guessPlot.show(data, (guess) => setStateValue("guess", guess));
  return () => parentElement.guessPlot?.watcher.disconnect();
}
