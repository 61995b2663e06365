// One head as a matrix: the row is the token that looks, the column the one it looks at. Read by mouse or with the arrow keys.

const SQUARE = { least: 4, most: 30 }, READABLE = 12; // px of a square; from how large on each token is named
const TILTS = [[16, 45], [READABLE, 68]]; // px of a square, degrees: the narrower the columns, the steeper their names
const AXIS_PX = 8; // a letter of an axis' name, at most

class HeadMatrix {
  constructor(root, look, pin) {
    Object.assign(this, { root, look, pin });
    this.frame = written("div", "matrix");
    this.canvas = document.createElement("canvas");
    this.svg = drawn("svg");
    this.frame.append(this.canvas, this.svg);
    this.root.append(this.frame);
    this.frame.addEventListener("pointermove", (event) => this.look(this.placeOf(event)));
    this.frame.addEventListener("pointerleave", () => this.look(null));
    this.frame.addEventListener("click", (event) => this.pin(this.placeOf(event)));
    this.frame.addEventListener("keydown", (event) => this.key(event));
  }

  show(matrix, painter, labels, room) {
    this.matrix = matrix;
    const { rows, columns } = matrix;
    const left = Math.min(110, Math.max(34, ...rows.map((each) => widthOf(shortened(each.text))))) + 32;
    const { top, size, tilt, last } = this.fitting(room, left);
    this.box = { left, top, size, tilt };
    painter.paint(this.canvas, matrix);
    Object.assign(this.canvas.style, { left: `${left}px`, top: `${top}px`, width: `${columns.length * size}px`, height: `${rows.length * size}px` });
    this.svg.style.setProperty("--letters", `${Math.max(11.5, Math.min(14, size + 1))}px`);
    const named = (text) => (spacious(text) ? 15 : AXIS_PX) * text.length + 20; // also beside a single square
    this.svg.setAttribute("width", left + Math.max(columns.length * size + last, named(labels.isLookedAt)) + 4);
    this.svg.setAttribute("height", top + Math.max(rows.length * size, named(labels.looks)) + 4);
    this.svg.replaceChildren(...this.names(labels), ...this.arcs(matrix.arcs ?? []), (this.ring = drawn("rect", { class: "ring", width: size, height: size, visibility: "hidden" })));
    this.frame.setAttribute("aria-label", labels.matrix);
    letRead(this.frame, rows.length > 0 && columns.length > 0);
  }

  // The largest squares that fit with names as flat as these squares allow; names reach above the matrix and beyond its end.
  fitting(room, left) {
    const { rows, columns } = this.matrix, widths = columns.map((each) => widthOf(shortened(each.text)));
    const laid = (tilt) => {
      const up = Math.sin((tilt * Math.PI) / 180), along = Math.cos((tilt * Math.PI) / 180);
      const top = Math.min(96, Math.max(26, ...widths.map((width) => up * width))) + 28;
      const overhang = (size) => Math.max(0, ...widths.map((width, at) => along * width - (columns.length - 1 - at) * size));
      const fits = Math.min((room.width - left - overhang(SQUARE.most / 2) - 4) / columns.length, Math.max(READABLE, (room.height - top - 4) / rows.length));
      const size = Math.max(SQUARE.least, Math.min(SQUARE.most, Math.floor(fits)));
      return { top, size, tilt, last: overhang(size) };
    };
    const found = TILTS.map(([least, tilt]) => ({ least, ...laid(tilt) }));
    return found.find(({ least, size }) => size >= least) ?? found.at(-1);
  }

  names(labels) {
    const { left, top, size, tilt } = this.box, { rows, columns } = this.matrix;
    const parts = [
      drawn("text", { class: "axis", x: left, y: 15 }, `${labels.isLookedAt} →`),
      drawn("text", { class: "axis", x: 15, y: top, transform: `rotate(-90 15 ${top})`, "text-anchor": "end" }, `← ${labels.looks}`),
      drawn("rect", { class: "edge", x: left, y: top, width: columns.length * size, height: rows.length * size }),
    ];
    const every = Math.max(1, Math.ceil(READABLE / size)); // of many tokens only some are named; the rest on touch
    this.columnNames = columns.map((each, at) => {
      const isUpright = spacious(each.text) && widthOf(each.text) <= every * size + 4; // Chinese stands upright where there is room
      const x = left + (at + (isUpright ? 0.5 : 0.62)) * size, turned = { transform: `rotate(${-tilt} ${x} ${top - 6})` };
      return drawn("text", { x, y: top - 6, ...(isUpright ? { "text-anchor": "middle" } : turned), class: at % every ? "rest" : each.isMark ? "mark" : "" }, shortened(each.text));
    });
    this.rowNames = rows.map((each, at) =>
      drawn("text", { x: left - 6, y: top + (at + 0.5) * size + 5, "text-anchor": "end", class: at % every ? "rest" : each.isMark ? "mark" : "" }, shortened(each.text)));
    return [...parts, ...this.columnNames, ...this.rowNames];
  }

  arcs(cells) {
    const { left, top, size } = this.box;
    return cells.map(({ row, column, name }) => {
      const ring = drawn("rect", { class: "arc", x: left + column * size + 1, y: top + row * size + 1, width: size - 2, height: size - 2, rx: size / 3 });
      ring.append(drawn("title", {}, name));
      return ring;
    });
  }

  placeOf(event) {
    const corner = this.frame.getBoundingClientRect(), { left, top, size } = this.box;
    const column = Math.floor((event.clientX - corner.left + this.frame.scrollLeft - left) / size);
    const row = Math.floor((event.clientY - corner.top + this.frame.scrollTop - top) / size);
    const isInside = row >= 0 && row < this.matrix.rows.length && column >= 0 && column < this.matrix.columns.length;
    return isInside ? [row, column] : null;
  }

  key(event) {
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Enter" && this.at) this.pin(this.at);
    if (!by) return;
    event.preventDefault();
    const [row, column] = this.at ?? [0, -1];
    this.look([within(row + by[0], 0, this.matrix.rows.length - 1), within(column + by[1], 0, this.matrix.columns.length - 1)], true);
  }

  ringAt(at) {
    this.at = at;
    const { left, top, size } = this.box;
    this.rowNames.forEach((each, row) => each.classList.toggle("on", row === at?.[0]));
    this.columnNames.forEach((each, column) => each.classList.toggle("on", column === at?.[1]));
    this.ring.setAttribute("visibility", at ? "visible" : "hidden");
    if (!at) return;
    this.ring.setAttribute("x", left + at[1] * size);
    this.ring.setAttribute("y", top + at[0] * size);
  }
}
