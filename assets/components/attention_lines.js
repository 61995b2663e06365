// One head as lines between two rows of the same tokens: from each token to those it looks at, the thicker the more.

const LEAST_SHARE = 0.02; // fainter lines are left out
const ROW_PX = 26, ACROSS_PX = 150;

class HeadLines {
  constructor(root, look, pin) {
    Object.assign(this, { root, look, pin });
    this.frame = written("div", "lines");
    this.svg = drawn("svg", { role: "img" });
    this.frame.append(this.svg);
    this.root.append(this.frame);
  }

  show(matrix, _painter, labels, room) {
    this.matrix = matrix;
    const { rows, columns } = matrix;
    const lies = [...rows, ...columns].every((each) => each.isMark || spacious(each.text)); // Chinese stands side by side
    this.place = lies ? this.lying(room) : this.standing(room);
    this.svg.setAttribute("width", this.place.width);
    this.svg.setAttribute("height", this.place.height);
    this.svg.setAttribute("aria-label", labels.matrix);
    this.paths = [];
    rows.forEach((_row, r) => columns.forEach((_column, c) => this.line(r, c)));
    for (const { row, column, name } of matrix.arcs ?? []) {
      const path = drawn("path", { class: "gold", d: this.place.curve(this.place.from(row), this.place.to(column)) });
      path.append(drawn("title", {}, name));
      this.paths.push({ path, row, column });
    }
    const held = this.names?.indexOf(this.svg.getRootNode().activeElement) ?? -1;
    this.names = [...rows.map((each, at) => this.name(each, at, true)), ...columns.map((each, at) => this.name(each, at, false))];
    this.svg.replaceChildren(...this.paths.map((each) => each.path), ...this.place.heads(labels), ...this.names);
    this.names[held]?.focus({ preventScroll: true });
  }

  standing(room) {
    const { rows, columns } = this.matrix, step = ROW_PX, top = 34;
    const left = Math.min(130, Math.max(60, ...rows.map((each) => widthOf(shortened(each.text))))) + 10;
    const across = Math.max(ACROSS_PX, Math.min(300, room.width - left - 150));
    return {
      width: left + across + 140, height: top + step * Math.max(rows.length, columns.length),
      from: (at) => [left, top + (at + 0.5) * step], to: (at) => [left + across, top + (at + 0.5) * step],
      curve: ([x, y], [u, v]) => `M${x},${y}C${(x + u) / 2},${y} ${(x + u) / 2},${v} ${u},${v}`,
      text: (isFrom) => ({ dx: isFrom ? -6 : 6, dy: 5, "text-anchor": isFrom ? "end" : "start" }),
      heads: (labels) => [drawn("text", { class: "axis", x: left, y: 16, "text-anchor": "end" }, labels.looks), drawn("text", { class: "axis", x: left + across, y: 16 }, labels.isLookedAt)],
    };
  }

  lying(room) {
    const { rows, columns } = this.matrix, top = 44, across = ACROSS_PX + 40;
    const widest = Math.max(...[...rows, ...columns].map((each) => widthOf(shortened(each.text)))) + 10;
    const step = Math.max(widest, Math.min(44, (room.width - 20) / Math.max(rows.length, columns.length)));
    return {
      width: 16 + step * Math.max(rows.length, columns.length), height: top + across + 44,
      from: (at) => [8 + (at + 0.5) * step, top], to: (at) => [8 + (at + 0.5) * step, top + across],
      curve: ([x, y], [u, v]) => `M${x},${y}C${x},${(y + v) / 2} ${u},${(y + v) / 2} ${u},${v}`,
      text: (isFrom) => ({ dx: 0, dy: isFrom ? -8 : 20, "text-anchor": "middle" }),
      heads: (labels) => [drawn("text", { class: "axis", x: 8, y: 15 }, `${labels.looks} ↓`), drawn("text", { class: "axis", x: 8, y: top + across + 42 }, `${labels.isLookedAt} ↑`)],
    };
  }

  line(row, column) {
    const share = this.matrix.values[row * this.matrix.columns.length + column];
    if (Math.abs(share) < LEAST_SHARE) return;
    const path = drawn("path", {
      class: share < 0 ? "line less" : "line", d: this.place.curve(this.place.from(row), this.place.to(column)),
      "stroke-width": 0.8 + 3.2 * Math.abs(share), "stroke-opacity": Math.min(1, 0.12 + 0.88 * Math.abs(share)),
    });
    this.paths.push({ path, row, column });
  }

  name(each, at, isFrom) {
    const [x, y] = isFrom ? this.place.from(at) : this.place.to(at);
    const { dx, dy, ...others } = this.place.text(isFrom);
    const made = drawn("text", { class: each.isMark ? "name mark" : "name", tabindex: 0, x: x + dx, y: y + dy, ...others }, shortened(each.text));
    const only = isFrom ? { row: at } : { column: at };
    for (const [event, chosen] of [["pointerenter", only], ["pointerleave", null], ["focus", only], ["blur", null]]) made.addEventListener(event, () => this.light(chosen));
    return made;
  }

  // Show one token's lines alone, and say where most of it goes.
  light(only) {
    for (const { path, row, column } of this.paths) path.classList.toggle("off", only !== null && ((only.row ?? row) !== row || (only.column ?? column) !== column));
    if (only === null) return this.look(null);
    const { columns, rows, values } = this.matrix;
    const count = only.row === undefined ? rows.length : columns.length;
    const places = Array.from({ length: count }, (_, i) => (only.row === undefined ? [i, only.column] : [only.row, i]));
    this.look(places.reduce((best, each) => (values[each[0] * columns.length + each[1]] > values[best[0] * columns.length + best[1]] ? each : best)));
  }

  ringAt() {}
}
