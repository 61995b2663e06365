// The words of one or two texts: rank against frequency on logarithmic axes, the fitted lines with their names, and a reading
// of any word by mouse or arrow keys. Words come from texts: they are only ever set as text.

const LABELLED = [1, 10, 100, 1000]; // ranks whose words stand beside their points
const WIDE = 440; // px: from here on names stand on the plot, below it above it

class RankChart {
  constructor(root) {
    this.root = root;
    for (const part of ["measure", "legend", "canvas", "values", "spoken"]) this[part] = root.querySelector(`.${part}`);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.look(null));
    this.root.addEventListener("focusout", () => this.look(null)); // an SVG that listens for "blur" itself is a stop of the Tab key
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  show(data) {
    if (JSON.stringify(this.data) === JSON.stringify(data)) return;
    this.data = data;
    this.at = null;
    this.root.style.height = `${data.height}px`;
    this.measure.textContent = data.y;
    this.legend.replaceChildren(...data.texts.map((text) => {
      const entry = written("li", text.isOther ? "other" : "", text.name);
      entry.style.setProperty("--colour", text.colour);
      return entry;
    }));
    this.canvas.setAttribute("aria-label", data.summary);
    letRead(this.canvas, this.stops().length > 0);
    this.draw();
  }

  x(rank) { return this.box.left + (Math.log10(rank) / this.decades.x) * this.box.width; }
  y(share) { return this.box.top + ((this.decades.top - Math.log10(share)) / (this.decades.top - this.decades.low)) * this.box.height; }

  draw() {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (!this.data || width < 60 || height < 60) return;
    const points = this.data.texts.flatMap((text) => text.points);
    if (!points.length) {
      this.box = this.ring = null;
      return this.canvas.replaceChildren();
    }
    this.decades = {
      x: Math.max(1, Math.ceil(Math.log10(Math.max(...points.map((point) => point.rank))) - 0.05)),
      top: Math.ceil(Math.log10(Math.max(...points.map((point) => point.share)))),
      low: Math.floor(Math.log10(Math.min(...points.map((point) => point.share)))),
    };
    const left = 14 + 10 * (10 ** this.decades.top).toLocaleString().length;
    this.box = { left, top: 8, width: width - left - 16, height: height - 8 - 48 };
    const marks = [...this.data.texts].reverse().flatMap((text) => [...this.points(text), ...this.line(text)]);
    const taken = [];
    const clip = drawn("clipPath", { id: "inside" });
    clip.append(drawn("rect", { x: this.box.left, y: this.box.top, width: this.box.width, height: this.box.height }));
    this.canvas.replaceChildren(clip, ...this.axes(), ...marks);
    for (const text of this.data.texts) this.words(text, taken);
    const isWide = width >= WIDE;
    this.legend.hidden = isWide;
    if (isWide) this.names(taken);
    this.ring = drawn("circle", { class: "picked", r: 8, visibility: "hidden" });
    this.canvas.append(this.ring);
    this.look(this.at);
  }

  axes() {
    const { left, top, width, height } = this.box;
    const floor = top + height;
    const parts = [drawn("line", { class: "axis", x1: left, x2: left + width, y1: floor, y2: floor })];
    for (let power = this.decades.low; power <= this.decades.top; power += 1) {
      const y = this.y(10 ** power);
      parts.push(drawn("line", { class: "grid", x1: left, x2: left + width, y1: y, y2: y }));
      parts.push(drawn("text", { class: "tick", x: left - 8, y: y + 5.5, "text-anchor": "end" }, (10 ** power).toLocaleString()));
    }
    const every = width / this.decades.x < 96 ? 2 : 1; // a number of six digits is 70 px wide
    for (let power = 0; power <= this.decades.x; power += 1) {
      const x = this.x(10 ** power);
      parts.push(drawn("line", { class: "grid", x1: x, x2: x, y1: top, y2: floor }));
      if (power % every) continue;
      parts.push(drawn("text", { class: "tick", x: x + (x > left + width - 20 ? 12 : 0), y: floor + 21, "text-anchor": x > left + width - 20 ? "end" : "middle" }, (10 ** power).toLocaleString()));
    }
    parts.push(drawn("text", { class: "title", x: left + width / 2, y: floor + 42, "text-anchor": "middle" }, this.data.x));
    return parts;
  }

  points(text) {
    return text.points.map((point) => {
      const isRing = text.isOther;
      const dot = drawn("circle", { class: isRing ? "point ring" : "point", cx: this.x(point.rank), cy: this.y(point.share), r: isRing ? 3 : 4 });
      dot.style.setProperty("--colour", text.colour);
      return dot;
    });
  }

  line(text) {
    if (!text.line) return [];
    const [from, to] = text.line;
    return [drawn("line", { class: "fitted", "clip-path": "url(#inside)", x1: this.x(from.rank), y1: this.y(from.share), x2: this.x(to.rank), y2: this.y(to.share) })];
  }

  // A word beside its point, where no other stands yet.
  words(text, taken) {
    if (text.isOther) return;
    for (const rank of LABELLED) {
      const point = text.points.find((each) => each.rank >= rank);
      if (!point) continue;
      const [x, y] = [this.x(point.rank), this.y(point.share)];
      this.place(taken, "word", point.word, [[x + 8, y - 12], [x + 8, y - 30], [x + 14, y + 2], [x + 14, y + 12]]);
    }
  }

  // Each text's name, and how steep its line is, near the end of its points.
  names(taken) {
    const { left, top, width, height } = this.box;
    for (const point of this.data.texts.flatMap((text) => text.points)) {
      const [x, y] = [this.x(point.rank), this.y(point.share)];
      taken.push({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 });
    }
    for (const text of this.data.texts) {
      const rank = 10 ** (Math.log10(text.points[text.points.length - 1].rank) * (text.isOther ? 0.55 : 0.8));
      const near = text.points.reduce((best, point) => (Math.abs(Math.log(point.rank / rank)) < Math.abs(Math.log(best.rank / rank)) ? point : best));
      const [x, y] = [this.x(near.rank), this.y(near.share)];
      const steps = text.isOther ? [46, 68, 90, 24] : [-34, -56, -78, -100];
      const offset = text.isOther ? -1 : 0.02;
      const corner = text.isOther ? [left + 8, top + height - 18] : [left + width, top + 18, -1]; // always free: frequencies fall
      this.place(taken, "name", text.name, [...steps.map((step) => [x + 10, y + step, offset]), corner], text.colour);
    }
  }

  place(taken, kind, words, places, colour) {
    const text = drawn("text", { class: kind }, words);
    if (colour) text.style.fill = colour;
    this.canvas.append(text);
    const wide = text.getComputedTextLength();
    const { left, top, width, height } = this.box;
    const boxes = places.map(([x, middle, shift = 0]) => {
      const start = within(x + shift * wide, left + 4, left + width - wide);
      return { left: start, right: start + wide, top: middle - 11, bottom: middle + 9 };
    });
    const free = boxes.find((box) => box.top >= top && box.bottom <= top + height && !taken.some((other) => overlap(box, other)));
    if (!free) return text.remove();
    taken.push(free);
    text.setAttribute("x", free.left);
    text.setAttribute("y", free.top + 16);
  }

  stops() { return this.data.texts[0]?.points ?? []; }

  key(event) {
    const stops = this.stops();
    const now = this.at ?? -1;
    const moves = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: stops.length - 1 };
    if (event.key === "Escape") this.look(null);
    else if (event.key in moves) this.look(within(moves[event.key], 0, stops.length - 1), true);
    else return;
    event.preventDefault();
  }

  point(event) {
    if (!this.box) return;
    const x = event.clientX - this.canvas.getBoundingClientRect().left;
    const stops = this.stops();
    const nearest = stops.reduce((best, stop, place) => (Math.abs(this.x(stop.rank) - x) < Math.abs(this.x(stops[best].rank) - x) ? place : best), 0);
    this.look(nearest);
  }

  look(at, isSpoken = false) {
    this.at = at;
    this.values.hidden = at === null;
    this.ring?.setAttribute("visibility", at === null ? "hidden" : "visible");
    if (at === null || !this.ring) return;
    const point = this.stops()[at];
    const [x, y] = [this.x(point.rank), this.y(point.share)];
    this.ring.setAttribute("cx", x);
    this.ring.setAttribute("cy", y);
    this.values.replaceChildren(written("b", "", point.word), written("span", "", point.words));
    const { offsetWidth, offsetHeight } = this.values;
    this.values.style.left = `${within(x + 14, 0, this.canvas.clientWidth - offsetWidth)}px`;
    this.values.style.top = `${within(y - offsetHeight - 12, 0, this.canvas.clientHeight - offsetHeight)}px`;
    if (isSpoken) this.spoken.textContent = `${point.word}: ${point.words}`;
  }
}

const rankCharts = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".ranks");
  if (!rankCharts.has(root)) rankCharts.set(root, new RankChart(root));
  rankCharts.get(root).show(data);
}
