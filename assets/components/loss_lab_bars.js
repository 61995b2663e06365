// Scores as bars that are dragged up and down, and below them the probabilities they make.

const TALL = { top: 34, half: 92, gap: 56, share: 66 }; // px: above the bars, half their range, between both rows, the lower row
const PULL_PX = 56; // an arrow's length where the gradient of one item is as large as it can be

class Bars extends Instrument {
  constructor(root) {
    super(root);
    this.svg = drawn("svg", { class: "bars", role: "group" });
    this.svg.style.height = `${TALL.top + 2 * TALL.half + TALL.gap + TALL.share + 4}px`;
    this.words = written("div", "words");
    this.notes = written("ul", "notes");
    this.picture.append(this.svg, this.words, this.notes);
    this.curve = drawn("svg", { class: "curve-plot", role: "img" });
    this.plotTitle = written("p", "measure");
    this.plot.append(this.plotTitle, this.curve);
  }

  drawPicture() {
    const { items, labels } = this.data;
    const width = this.svg.getBoundingClientRect().width;
    if (!width) return;
    if (this.columns?.length !== items.length) this.build(items.length);
    this.svg.setAttribute("aria-label", labels.bars);
    this.words.setAttribute("aria-label", labels.words);
    const zero = TALL.top + TALL.half, floor = zero + TALL.half + TALL.gap + TALL.share;
    this.perPoint = TALL.half / this.data.range;
    const shares = this.shares(this.state), pulls = this.pulls(this.state);
    setLine(this.zero, 0, width, zero, zero);
    setLine(this.floor, 0, width, floor, floor);
    for (const [title, name] of [[this.scoreTitle, "score"], [this.shareTitle, "share"]]) {
      title.textContent = labels[name];
      if (title.getComputedTextLength() > width) title.textContent = labels[`${name}_short`];
    }
    this.shareTitle.setAttribute("y", zero + TALL.half + 30);
    this.columns.forEach((column, i) => this.drawColumn(column, i, { width: width / items.length, zero, floor, share: shares[i], pull: pulls[i] }));
    this.drawNotes();
  }

  build(count) {
    this.zero = drawn("line", { class: "axis" });
    this.floor = drawn("line", { class: "axis" });
    this.scoreTitle = drawn("text", { class: "title", x: 0, y: 16 });
    this.shareTitle = drawn("text", { class: "title", x: 0 });
    this.columns = Array.from({ length: count }, (_, i) => {
      const group = drawn("g", { class: "grip", role: "slider", "aria-orientation": "vertical", "data-grip": i });
      const parts = {
        group, bar: drawn("rect", { class: "bar", rx: 3 }), reach: drawn("rect", { class: "reach", rx: 6 }), knobDot: drawn("circle", { class: "dot", r: 9 }),
        value: drawn("text", { class: "value", "text-anchor": "middle" }), pull: drawn("path", { class: "pull" }),
        right: drawn("rect", { class: "right", rx: 3 }), share: drawn("rect", { class: "share", rx: 3 }), percent: drawn("text", { class: "percent", "text-anchor": "middle" }),
        word: written("button", "word"),
      };
      group.append(parts.bar, parts.pull, parts.reach, parts.knobDot, parts.value);
      this.grip(group, this.svg, { drag: (_x, y) => this.pull(i, (TALL.top + TALL.half - y) / this.perPoint), keys: (key, isLarge) => this.key(i, key, isLarge) });
      parts.word.type = "button";
      parts.word.onclick = () => this.mark(i);
      return parts;
    });
    this.svg.replaceChildren(this.scoreTitle, this.shareTitle, this.zero, this.floor,
      ...this.columns.flatMap(({ right, share, percent }) => [right, share, percent]), ...this.columns.map(({ group }) => group));
    this.words.style.gridTemplateColumns = `repeat(${count}, minmax(0, 1fr))`;
    this.words.replaceChildren(...this.columns.map(({ word }) => word));
  }

  drawColumn(column, i, { width, zero, floor, share, pull }) {
    const item = this.data.items[i], score = this.state.logits[i], isRight = this.isRight(this.state, i);
    const middle = (i + 0.5) * width, thick = Math.min(54, width * 0.6), y = zero - score * this.perPoint;
    for (const part of [column.bar, column.share, column.word]) part.classList.toggle("true", isRight);
    setBox(column.bar, middle - thick / 2, Math.min(zero, y), thick, Math.abs(zero - y));
    setBox(column.reach, middle - Math.max(12, thick / 2), y - 20, Math.max(24, thick), 40);
    column.knobDot.setAttribute("cx", middle);
    column.knobDot.setAttribute("cy", y);
    setText(column.value, middle, score >= 0 ? y - 15 : y + 27, score.toFixed(width < 50 ? 1 : 2).replace("-", "−"));
    column.pull.setAttribute("d", arrow(middle + thick / 2 + 5, y, 0, within(pull, -1, 1) * PULL_PX));
    setBox(column.right, middle - thick / 2, floor - TALL.share, thick, TALL.share);
    column.right.setAttribute("visibility", isRight ? "visible" : "hidden");
    setBox(column.share, middle - thick / 2, floor - share * TALL.share, thick, share * TALL.share);
    const below = isRight && share > 0.72 ? 1 : Math.max(0, share); // no number stands across the dashed frame
    setText(column.percent, middle, floor - below * TALL.share - 6, width < 50 ? share.toFixed(2).replace(/^0(?=\.)/, "") : share.toFixed(3));
    column.word.textContent = `${item.word}${isRight ? ` ${this.data.trueMark}` : ""}`;
    column.word.setAttribute("aria-pressed", String(isRight));
    const spoken = { word: item.name, value: score.toFixed(2), share: share.toFixed(3) };
    const told = { "aria-label": filled(this.data.labels.grip, spoken), "aria-valuetext": filled(this.data.labels.gripValue, spoken) };
    for (const [name, value] of Object.entries({ ...told, "aria-valuemin": -this.data.range, "aria-valuemax": this.data.range, "aria-valuenow": score.toFixed(2) })) {
      column.group.setAttribute(name, value);
    }
  }

  drawNotes() {
    const told = JSON.stringify(this.data.notes);
    if (this.told === told) return;
    this.told = told;
    this.notes.hidden = !this.data.notes.length;
    this.notes.classList.toggle("many", this.data.notes.length > 2);
    this.notes.replaceChildren(...this.data.notes.map((each) => written("li", "", each)));
  }

  tidied(state) { return { ...state, logits: state.logits.map((each) => rounded(within(each, -this.data.range, this.data.range))) }; }

  pull(i, score) { this.put(this.tidied({ ...this.state, logits: this.state.logits.map((each, j) => (i === j ? score : each)) })); }

  key(i, key, isLarge) {
    const { range } = this.data, step = isLarge ? 1 : 0.1;
    const change = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, PageUp: 1, PageDown: -1, Home: -2 * range, End: 2 * range }[key];
    if (change !== undefined) this.pull(i, this.state.logits[i] + change);
    return change !== undefined;
  }
}

function setBox(box, x, y, width, height) {
  for (const [name, value] of Object.entries({ x, y, width, height: Math.max(0, height) })) box.setAttribute(name, value);
}

function setLine(line, x1, x2, y1, y2) {
  for (const [name, value] of Object.entries({ x1, x2, y1, y2 })) line.setAttribute(name, value);
}

function setText(text, x, y, words) {
  text.setAttribute("x", x);
  text.setAttribute("y", y);
  text.textContent = words;
}

// An arrow from a place along (dx, dy), as a path; none where it would be too short to see.
function arrow(x, y, dx, dy) {
  const long = Math.hypot(dx, dy);
  if (long < 3) return "";
  const [ux, uy] = [dx / long, dy / long], head = Math.min(9, long * 0.6), [ex, ey] = [x + dx, y + dy];
  const side = (sign) => `${ex - head * ux + sign * 0.55 * head * -uy} ${ey - head * uy + sign * 0.55 * head * ux}`;
  return `M${x} ${y}L${ex} ${ey}M${side(1)}L${ex} ${ey}L${side(-1)}`;
}
