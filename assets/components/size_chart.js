// Curves over the size of a vocabulary, on an axis that doubles; each named at its right end, the size in use marked.

class SizeChart {
  constructor(root) {
    this.root = root;
    this.measure = root.querySelector(".measure");
    this.canvas = root.querySelector(".canvas");
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  show(data) {
    if (JSON.stringify(this.data) === JSON.stringify(data)) return;
    this.data = data;
    this.root.style.height = `${data.height}px`;
    this.measure.textContent = data.y;
    this.canvas.setAttribute("aria-label", data.summary);
    this.draw();
  }

  x(size) {
    const { sizes } = this.data, [low, high] = [Math.log2(sizes[0]), Math.log2(sizes[sizes.length - 1])];
    return this.box.left + ((Math.log2(Math.max(size, sizes[0])) - low) / (high - low)) * this.box.width;
  }
  y(value) { return this.box.top + (1 - value / this.top) * this.box.height; }

  draw() {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (!this.data || width < 80 || height < 80) return;
    const { curves, sizes, mark } = this.data;
    const longest = Math.max(...curves.map((curve) => [...curve.name].reduce((sum, each) => sum + (each > "\u2e80" ? 16.5 : 10.4), 0)));
    this.box = { left: 30, top: 10, width: width - 30 - longest - 36, height: height - 58 };
    this.top = Math.max(...curves.flatMap((curve) => curve.points.map((point) => point[1]))) * 1.04;
    const { left, top } = this.box, floor = top + this.box.height, right = left + this.box.width;
    const parts = ticks(0, this.top, this.box.height / 50).flatMap((value) => [
      drawn("line", { class: value ? "grid" : "axis", x1: left, x2: right, y1: this.y(value), y2: this.y(value) }),
      drawn("text", { x: left - 8, y: this.y(value) + 5.5, "text-anchor": "end" }, digits(value)),
    ]);
    const every = this.box.width / sizes.length < 52 ? (this.box.width / sizes.length < 26 ? 3 : 2) : 1;
    sizes.forEach((size, place) => {
      if (place % every) return;
      parts.push(drawn("text", { x: this.x(size), y: floor + 21, "text-anchor": "middle" }, size.toLocaleString()));
    });
    parts.push(drawn("text", { x: left + this.box.width / 2, y: floor + 43, "text-anchor": "middle" }, this.data.x));
    parts.push(drawn("line", { class: "mark", x1: this.x(mark), x2: this.x(mark), y1: top, y2: floor }));
    const ends = curves.map((curve) => this.y(curve.points[curve.points.length - 1][1]));
    const names = spread(ends, top + 4, floor);
    curves.forEach((curve, place) => parts.push(...this.curve(curve, names[place], right)));
    this.canvas.replaceChildren(...parts);
  }

  curve(curve, at, right) {
    const path = curve.points.map(([size, value], i) => `${i ? "L" : "M"}${this.x(size).toFixed(1)} ${this.y(value).toFixed(1)}`).join("");
    const line = drawn("path", { class: "curve", d: path, "stroke-dasharray": curve.dash });
    line.style.stroke = curve.colour;
    const dots = curve.points.map(([size, value]) => {
      const dot = drawn("circle", { class: "dot", cx: this.x(size), cy: this.y(value), r: 4 });
      dot.style.fill = curve.colour;
      dot.append(drawn("title", {}, `${curve.name}: ${exact(value)} (${size.toLocaleString()})`));
      return dot;
    });
    const sample = drawn("path", { class: "curve", d: `M${right + 9} ${at}h18`, "stroke-dasharray": curve.dash && "5 3" });
    sample.style.stroke = curve.colour;
    return [line, ...dots, sample, drawn("text", { class: "name", x: right + 32, y: at + 5.5 }, curve.name)];
  }
}

const sizeCharts = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".sizes");
  if (!sizeCharts.has(root)) sizeCharts.set(root, new SizeChart(root));
  sizeCharts.get(root).show(data);
}
