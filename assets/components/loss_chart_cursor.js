// Looking at values by mouse, finger or arrow keys, and picking a part of the plot with the mouse.

const SLACK = 8; // px a press may move before it picks a part to zoom into
const MANY = 8; // curves that a reader can tell from each other by name

class Explorable {
  key(event) {
    const stops = this.stops();
    const now = this.at === null ? -1 : stops.findIndex((x) => x >= this.at - 1e-9);
    const moves = { ArrowLeft: now < 0 ? stops.length - 1 : now - 1, ArrowRight: now + 1, Home: 0, End: stops.length - 1 };
    if (event.key === "Escape") this.look(null);
    else if (event.key in moves && stops.length) this.look(stops[within(moves[event.key], 0, stops.length - 1)], true);
    else return;
    event.preventDefault();
  }

  stops() {
    const main = this.data.curves.filter((curve) => curve.isMain);
    const xs = main.flatMap((curve) => curve.points.map((point) => point[0]));
    return [...new Set(xs)].filter((x) => x >= this.domain[0] && x <= this.domain[1]).sort((a, b) => a - b);
  }

  press(event) {
    if (event.pointerType !== "mouse") return this.point(event);
    this.from = this.place(event);
    this.canvas.setPointerCapture(event.pointerId);
  }

  point(event) {
    if (!this.box) return;
    const here = this.place(event);
    if (this.from && Math.hypot(here.x - this.from.x, here.y - this.from.y) > SLACK) {
      this.picked = here;
      this.at = null;
      this.values.hidden = true;
      return this.draw();
    }
    const share = (here.x - this.box.left) / this.box.width;
    if (share < -0.02 || share > 1.02) return this.look(null);
    const x = this.domain[0] + within(share, 0, 1) * (this.domain[1] - this.domain[0]);
    const stops = this.stops();
    if (stops.length) this.look(stops.reduce((best, stop) => (Math.abs(stop - x) < Math.abs(best - x) ? stop : best)));
  }

  release() {
    const { from, picked } = this;
    this.from = this.picked = null;
    if (!from || !picked) return;
    const [x0, x1, y0, y1] = this.domain;
    const asX = (px) => x0 + within((px - this.box.left) / this.box.width, 0, 1) * (x1 - x0);
    const asY = (px) => y1 - within((px - this.box.top) / this.box.height, 0, 1) * (y1 - y0);
    const part = [from.x, picked.x].map(asX).sort((a, b) => a - b).concat([from.y, picked.y].map(asY).sort((a, b) => a - b));
    if (part[1] > part[0] && part[3] > part[2]) this.zoom(part);
    else this.draw();
  }

  place(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  look(at, aloud = false) {
    if (at === this.at) return;
    this.at = at;
    this.draw();
    this.spoken.textContent = aloud && at !== null ? this.rows().map((row) => row.join(" ")).join("; ") : "";
  }

  rows() {
    const { x, flags, labels, legend } = this.data;
    const curves = this.data.curves.length > MANY ? legend.map((place) => this.data.curves[place]) : this.data.curves; // of many only the named
    const rows = [[`${exact(this.at)} ${x.unit}`, ""]];
    for (const curve of curves) {
      const value = valueAt(curve.points, this.at);
      if (value !== undefined) rows.push([curve.name, `${exact(value)} ${labels.unit}`]);
    }
    const reach = ((this.domain[1] - this.domain[0]) * SLACK) / this.box.width;
    for (const each of flags) if (Math.abs(each.x - this.at) <= reach) rows.push([each.title, ""]);
    return rows;
  }

  cursor() {
    const parts = [];
    if (this.from && this.picked) {
      const [a, b] = [this.from, this.picked];
      parts.push(drawn("rect", { class: "pick", x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) }));
    }
    this.values.hidden = this.at === null;
    if (this.at === null) return parts;
    const { left, top, width, height } = this.box;
    const x = this.x(this.at);
    parts.push(drawn("line", { class: "cursor", x1: x, x2: x, y1: top, y2: top + height }));
    this.values.replaceChildren(...this.rows().map(([name, value], i) => {
      const row = written("div", i ? "" : "at");
      row.append(written("span", "", name), written("span", "", value));
      return row;
    }));
    const isLeft = x > left + width / 2;
    this.values.style.left = isLeft ? "" : `${x + 12}px`;
    this.values.style.right = isLeft ? `calc(100% - ${x - 12}px)` : "";
    this.values.style.top = `${top + 4}px`;
    return parts;
  }
}
