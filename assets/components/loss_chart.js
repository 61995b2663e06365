// Losses against training: curves, named lines and flags. Axes, zoom and cursor stay where they are while new points come.

const WIDE = 640; // px: from here on names stand right of the plot, below it inside, at the right end of their lines
const MOVE_MS = 250;

class LossChart extends Explorable {
  constructor(root) {
    super();
    this.root = root;
    for (const part of ["measure", "legend", "canvas", "values", "whole", "spoken"]) this[part] = root.querySelector(`.${part}`);
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerup", (event) => this.release(event));
    this.canvas.addEventListener("pointerleave", () => this.look(null));
    this.canvas.addEventListener("dblclick", () => this.zoom(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.whole.addEventListener("click", () => this.zoom(null));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  show(data) {
    if (this.data?.id !== data.id) Object.assign(this, { part: null, at: null, domain: null });
    this.data = data;
    const isMany = data.curves.every((curve) => curve.kind === "run");
    this.root.classList.toggle("many", isMany);
    this.root.style.height = isMany ? "auto" : `${data.height}px`;
    this.root.style.setProperty("--height", `${data.height}px`);
    this.root.style.setProperty("--task", data.colour);
    this.measure.textContent = data.y.title;
    this.whole.textContent = data.labels.whole;
    this.canvas.setAttribute("aria-label", data.summary);
    letRead(this.canvas, data.curves.some((curve) => curve.isMain && curve.points.length));
    this.legend.replaceChildren(...data.legend.map((place) => legendEntry(data.curves[place])));
    if (data.flags.some((each) => each.kind === "pause")) this.legend.append(signEntry("pause", data.labels.paused));
    this.moveTo(this.target());
  }

  target() {
    const { x, y } = this.data;
    return this.part ?? [x.low, x.high, y.low, y.high];
  }

  // Axes that must change glide to their new range; everything else is drawn at once.
  moveTo(target) {
    cancelAnimationFrame(this.frame);
    const from = this.domain;
    const isStill = !from || from.every((value, i) => value === target[i]) || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isStill) {
      this.domain = target;
      return this.draw();
    }
    const start = performance.now();
    const move = (now) => {
      const share = within((now - start) / MOVE_MS, 0, 1);
      this.domain = target.map((value, i) => from[i] + (value - from[i]) * share * (2 - share));
      this.draw();
      if (share < 1) this.frame = requestAnimationFrame(move);
    };
    this.frame = requestAnimationFrame(move);
  }

  zoom(part) {
    this.part = part;
    this.whole.hidden = !part;
    this.moveTo(this.target());
  }

  x(value) { return this.box.left + ((value - this.domain[0]) / (this.domain[1] - this.domain[0])) * this.box.width; }
  y(value) { return this.box.top + ((this.domain[3] - value) / (this.domain[3] - this.domain[2])) * this.box.height; }
  path(points) { return points.map(([x, y], i) => `${i ? "L" : "M"}${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`).join(""); }
  sees(y) { return y >= this.domain[2] && y <= this.domain[3]; }

  draw() {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (!this.data || width < 60 || height < 60) return;
    const isWide = width >= WIDE;
    this.isWide = isWide;
    const names = [...this.data.lines, ...(isWide ? this.ends() : [])].filter((each) => this.sees(each.y));
    const texts = names.map((line) => drawn("text", { class: "name" }, line.name));
    this.canvas.replaceChildren(...texts); // measured before they are placed
    const widths = texts.map((text) => text.getComputedTextLength());
    const right = isWide && texts.length ? Math.max(...widths) + 22 : 14;
    this.box = { left: 46, top: 10, width: width - 46 - right, height: height - 10 - 50 };
    const clip = drawn("clipPath", { id: "plot" });
    clip.append(drawn("rect", { x: this.box.left, y: this.box.top, width: this.box.width, height: this.box.height }));
    const curves = drawn("g", { "clip-path": "url(#plot)" });
    curves.append(...this.poles(), ...this.curves());
    const placed = this.names(names, texts, widths);
    this.canvas.replaceChildren(
      clip, ...this.axes(), ...names.filter((each) => !each.colour).map((line) => this.baseline(line)), curves, ...placed.parts, ...this.flags(), ...this.leaving(),
      ...this.newest(placed.taken), ...this.cursor(),
    );
  }

  axes() {
    const { left, top, width, height } = this.box;
    const [x0, x1, y0, y1] = this.domain;
    const floor = top + height;
    const parts = ticks(y0, y1, height / 42).flatMap((value) => [
      drawn("line", { class: "grid", x1: left, x2: left + width, y1: this.y(value), y2: this.y(value) }),
      drawn("text", { class: "tick", x: left - 8, y: this.y(value) + 5.5, "text-anchor": "end" }, digits(value)),
    ]);
    parts.push(drawn("line", { class: "axis", x1: left, x2: left + width, y1: floor, y2: floor }));
    for (const value of ticks(x0, x1, Math.min(width / 75, 10))) {
      parts.push(drawn("line", { class: "axis", x1: this.x(value), x2: this.x(value), y1: floor, y2: floor + 5 }));
      parts.push(drawn("text", { class: "tick", x: this.x(value), y: floor + 22, "text-anchor": "middle" }, digits(value)));
    }
    parts.push(drawn("text", { class: "title", x: left + width / 2, y: floor + 43, "text-anchor": "middle" }, this.data.x.title));
    return parts;
  }

  // Where each of several runs has come to, with its name: there is room for that beside a wide plot.
  ends() {
    const runs = this.data.curves.filter((curve) => curve.kind === "run" && curve.points.length);
    return runs.map((curve) => {
      const [x, y] = curve.points[curve.points.length - 1];
      return { name: `${exact(y)}  ${curve.name}`, x, y, colour: curve.colour };
    });
  }

  baseline(line) {
    const y = this.y(line.y);
    return drawn("line", { class: "baseline", x1: this.box.left, x2: this.box.left + this.box.width, y1: y, y2: y });
  }

  names(lines, texts, widths) {
    const end = this.box.left + this.box.width;
    const wanted = lines.map((line, i) => this.aboveFlags(this.y(line.y) + this.besideLine(line, end - 2 - widths[i]), end - 2 - widths[i]));
    const middles = spread(wanted, this.box.top + 8, this.box.top + this.box.height - 8);
    const taken = [];
    const parts = lines.flatMap((line, i) => {
      const anchor = this.isWide ? { x: end + 16, "text-anchor": "start" } : { x: end - 2, "text-anchor": "end" };
      for (const [key, value] of Object.entries({ ...anchor, y: middles[i] + 5.5 })) texts[i].setAttribute(key, value);
      const left = this.isWide ? end + 16 : end - 2 - widths[i];
      taken.push({ left, right: left + widths[i], top: middles[i] - 10, bottom: middles[i] + 10 });
      const start = line.x === undefined ? end : Math.min(this.x(line.x), end);
      const way = this.isWide ? `M${start} ${this.y(line.y)}H${end}L${end + 12} ${middles[i]}` : `M${left - 14} ${this.y(line.y)}L${left - 4} ${middles[i]}`;
      const leader = drawn("path", { class: "leader", d: way });
      if (line.colour) leader.style.setProperty("--colour", line.colour);
      const isMoved = this.isWide || Math.abs(middles[i] - wanted[i]) > 4;
      return isMoved ? [leader, texts[i]] : [texts[i]];
    });
    return { parts, taken };
  }

  // Above its line, or below it where a curve runs through the place above.
  besideLine(line, left) {
    if (this.isWide) return 0;
    const main = this.data.curves.filter((curve) => curve.isMain).flatMap((curve) => curve.points);
    const near = main.filter(([x]) => this.x(x) > left - 8).map(([, y]) => this.y(y) - this.y(line.y));
    const isFree = (side) => near.every((offset) => Math.abs(offset - side) > 13);
    return isFree(-13) || !isFree(13) ? -13 : 13;
  }

  // A name inside the plot stands above the flags on the axis where one would cover it.
  aboveFlags(middle, left) {
    const floor = this.box.top + this.box.height;
    const isCovered = this.data.flags.some((each) => this.x(each.x) + 14 > left);
    return !this.isWide && isCovered && middle > floor - 32 ? floor - 34 : middle;
  }

  // Where a curve leaves the frame upwards or downwards: a triangle at the edge, and how far it goes.
  leaving() {
    const [x0, x1, y0, y1] = this.domain, { left, top, width, height } = this.box, { labels } = this.data;
    return this.data.curves.filter((curve) => curve.isMain).flatMap((curve) => {
      const inside = curve.points.filter(([x]) => x >= x0 && x <= x1);
      const ways = [
        { out: inside.filter(([, y]) => y > y1), most: (ys) => Math.max(...ys), edge: top + 1, turn: 1, text: labels.above },
        { out: inside.filter(([, y]) => y < y0), most: (ys) => Math.min(...ys), edge: top + height - 1, turn: -1, text: labels.below },
      ];
      return ways.filter(({ out }) => out.length && !this.part).flatMap(({ out, most, edge: rim, turn, text }) => {
        const x = within(this.x(out[0][0]), left + 8, left + width - 8), value = exact(most(out.map(([, y]) => y)));
        const isBesideFlag = turn < 0 && this.data.flags.some((each) => Math.abs(this.x(each.x) - x) < 70);
        const edge = isBesideFlag ? rim - 24 : rim; // flags stand on the axis
        const sign = drawn("path", { class: "leaves", d: `M${x - 8} ${edge + turn * 13}h16l-8 ${-turn * 12}z` });
        if (curve.colour) sign.style.setProperty("--colour", curve.colour);
        sign.append(drawn("title", {}, `${curve.name}: ${text.replace("{value}", value)}`));
        const isLeft = x > left + width - 60;
        return [sign, drawn("text", { class: "now", x: isLeft ? x - 12 : x + 12, y: edge + turn * 7 + 6, "text-anchor": isLeft ? "end" : "start" }, value)];
      });
    });
  }

  curves() {
    return this.data.curves.map((curve) => {
      const line = drawn("path", { class: `curve ${curve.kind}`, d: this.path(curve.points) });
      if (curve.colour) line.style.setProperty("--colour", curve.colour);
      if (curve.dash) line.setAttribute("stroke-dasharray", curve.dash);
      return line;
    });
  }

  poles() {
    const floor = this.box.top + this.box.height;
    return this.data.flags.filter((each) => each.y !== null).map((each) =>
      drawn("line", { class: "pole", x1: this.x(each.x), x2: this.x(each.x), y1: floor, y2: this.y(each.y) }));
  }

  flags() {
    const floor = this.box.top + this.box.height;
    const isSeen = (each) => each.x >= this.domain[0] && each.x <= this.domain[1];
    return this.data.flags.filter(isSeen).map((each) => flag(each.kind, this.x(each.x), floor));
  }

  // The newest point of each main curve, with its value where there is room for it.
  newest(taken) {
    return this.data.curves.filter((curve) => curve.isMain && curve.points.length).flatMap((curve) => {
      const [x, y] = curve.points[curve.points.length - 1];
      if (x < this.domain[0] || x > this.domain[1] || !this.sees(y)) return [];
      const at = { cx: this.x(x), cy: this.y(y) };
      const dot = drawn("circle", { class: "dot", r: 6, ...at });
      if (curve.colour) dot.style.setProperty("--colour", curve.colour);
      const parts = this.data.isLive ? [drawn("circle", { class: "live", r: 7, ...at }), dot] : [dot];
      if (curve.kind === "run") return parts;
      const text = drawn("text", { class: "now" }, exact(y));
      this.canvas.append(text);
      const wide = text.getComputedTextLength();
      const { left, top, width, height } = this.box;
      const places = [[at.cx - wide - 10, at.cy + 20], [at.cx - wide - 12, at.cy + 38], [at.cx - wide - 12, at.cy - 20], [at.cx + 10, at.cy + 20]];
      const free = places.map(([x0, middle]) => ({ left: x0, right: x0 + wide, top: middle - 10, bottom: middle + 10 })).find((box) =>
        box.left > left && box.right < left + width + 4 && box.bottom < top + height && box.top > top && !taken.some((other) => overlap(box, other)));
      if (!free) return parts;
      taken.push(free);
      text.setAttribute("x", free.left);
      text.setAttribute("y", free.top + 15.5);
      return [...parts, text];
    });
  }
}

const charts = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".loss");
  if (!charts.has(root)) charts.set(root, new LossChart(root));
  charts.get(root).show(data);
  if (data.part) (window.playgroundParts ??= new Map()).set(data.part, (newer) => charts.get(root).show(newer));
}
