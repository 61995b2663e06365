// Who may look at whom, as a matrix of tokens by tokens; read by mouse or with the arrow keys.
// Words come from people: they are only ever set as text.

const SVG = "http://www.w3.org/2000/svg";
const CHARACTER_PX = 7.6;
const SHORT = 11;
const LEAST = 15, MOST = 26; // pixels of a square
const LINE = 14.5; // pixels from one upright character to the next

const drawn = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};
const isWide = (text) => /[⺀-鿿＀-￯]/.test(text);
const short = (text) => (text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text);
const isUpright = (text) => [...text].every(isWide); // Chinese stands upright, one character below the other
const height = (text) => (isUpright(text) ? [...short(text)].length * LINE : width(text) * 0.72);
const width = (text) => [...short(text)].reduce((sum, each) => sum + (isWide(each) ? 14 : CHARACTER_PX), 0);

class Matrix {
  constructor(root) {
    this.root = root;
    for (const part of ["reading", "scroll", "canvas", "spoken"]) this[part] = root.querySelector(`.${part}`);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.scroll.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.refit()).observe(root);
  }

  update(data) {
    if (JSON.stringify(this.data) === JSON.stringify(data)) return;
    this.data = data;
    this.root.style.setProperty("--task", data.colour);
    letRead(this.scroll, data.rows.length > 0 && data.columns.length > 0);
    this.scroll.setAttribute("aria-label", `${data.title}. ${data.help} ${data.labels.keys}`);
    this.draw();
    this.look(null);
  }

  refit() {
    if (!this.data || this.room() === this.size) return;
    this.draw();
    this.look(this.at);
  }

  sides() {
    const { rows, columns } = this.data;
    const last = columns.at(-1) ?? "";
    return { left: Math.max(40, ...rows.map(width)) + 30, right: isUpright(last) ? 6 : Math.max(24, width(last) * 0.72) };
  }

  // How large a square may be so that all columns show; below the least size the matrix scrolls.
  room() {
    const { rows, columns } = this.data;
    const { left, right } = this.sides();
    const wide = this.root.clientWidth; // not the scrolled part's: a scrollbar that comes and goes would change it
    const fits = wide ? (wide - left - right - 4) / columns.length : MOST;
    return Math.max(LEAST, Math.floor(Math.min(MOST, 560 / Math.max(rows.length, columns.length), fits)));
  }

  draw() {
    const { rows, columns, may } = this.data;
    this.size = this.room();
    const { left, right } = this.sides();
    const top = Math.max(30, ...columns.map(height)) + 34;
    this.box = { left, top };
    const size = { width: left + columns.length * this.size + right, height: top + rows.length * this.size + 6 };
    for (const [key, value] of Object.entries(size)) this.canvas.setAttribute(key, value);
    const parts = [
      drawn("text", { class: "axis", x: left, y: 15 }, `${this.data.labels.columns} →`),
      drawn("text", { class: "axis", x: 15, y: top, transform: `rotate(-90 15 ${top})`, "text-anchor": "end" }, `← ${this.data.labels.rows}`),
    ];
    columns.forEach((text, at) => {
      if (isUpright(text)) {
        const x = left + (at + 0.5) * this.size;
        const characters = [...short(text)];
        characters.forEach((each, place) => {
          parts.push(drawn("text", { x, y: top - 6 - (characters.length - 1 - place) * LINE, "text-anchor": "middle" }, each));
        });
        return;
      }
      const x = left + (at + 0.62) * this.size;
      parts.push(drawn("text", { x, y: top - 6, transform: `rotate(-45 ${x} ${top - 6})` }, short(text)));
    });
    rows.forEach((text, at) => {
      parts.push(drawn("text", { x: left - 7, y: top + (at + 0.5) * this.size + 4.8, "text-anchor": "end" }, short(text)));
      for (let column = 0; column < columns.length; column += 1) {
        const isAllowed = may[at][column] === "1";
        const inset = isAllowed ? 0 : this.size * 0.32; // a small square is "no", so that a grey print reads
        parts.push(drawn("rect", { class: isAllowed ? "cell may" : "cell", x: left + column * this.size + inset, y: top + at * this.size + inset, width: this.size - 2 * inset, height: this.size - 2 * inset }));
      }
    });
    this.ring = drawn("rect", { class: "picked", width: this.size, height: this.size, visibility: "hidden" });
    this.canvas.replaceChildren(...parts, this.ring);
  }

  point(event) {
    const corner = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - corner.left - this.box.left) / this.size);
    const row = Math.floor((event.clientY - corner.top - this.box.top) / this.size);
    const isInside = row >= 0 && row < this.data.rows.length && column >= 0 && column < this.data.columns.length;
    this.look(isInside ? [row, column] : null);
  }

  key(event) {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const by = moves[event.key];
    if (!by) return;
    event.preventDefault();
    const [row, column] = this.at ?? [0, -1];
    this.look([Math.min(Math.max(row + by[0], 0), this.data.rows.length - 1), Math.min(Math.max(column + by[1], 0), this.data.columns.length - 1)]);
    this.ring.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.spoken.textContent = this.reading.textContent;
  }

  look(at) {
    this.at = at;
    this.ring.setAttribute("visibility", at ? "visible" : "hidden");
    if (!at) {
      this.reading.textContent = this.data.help;
      return;
    }
    const [row, column] = at;
    this.ring.setAttribute("x", this.box.left + column * this.size);
    this.ring.setAttribute("y", this.box.top + row * this.size);
    const words = this.data.may[row][column] === "1" ? this.data.labels.may : this.data.labels.mayNot;
    this.reading.textContent = words.replace("{row}", () => this.data.rows[row]).replace("{column}", () => this.data.columns[column]);
  }
}

const matrices = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".matrix");
  if (!matrices.has(root)) matrices.set(root, new Matrix(root));
  matrices.get(root).update(data);
}
