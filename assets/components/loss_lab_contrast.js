// Pairs of points on a circle: InfoNCE, its similarity matrix, alignment and uniformity.

const DISC = { size: 330, radius: 122, dot: 12, ring: 18 };
const ROUND = ["#0072B2", "#009E73", "#D55E00", "#CC79A7", "#E69F00", "#56B4E9"];
const ROUND_ON_DARK = ["#4DB0EA", "#2CC79B", "#F0843C", "#DB95BC", "#F0B73C", "#8CCBF2"];
const SLOPE_PX = 48; // an arrow's length where the loss falls by 1 nat a radian
const STEPS = 60, STEP_DEGREES = 12;
const round360 = (degrees) => rounded(((degrees % 360) + 360) % 360, 1);
const pairColour = (i) => `light-dark(${ROUND[i % ROUND.length]}, ${ROUND_ON_DARK[i % ROUND.length]})`;

class ContrastDisc extends Instrument {
  constructor(root) {
    super(root);
    this.picture.classList.add("beside");
    this.svg = drawn("svg", { class: "disc", role: "group", width: DISC.size, height: DISC.size });
    this.matrix = written("table", "matrix");
    this.caption = this.matrix.createCaption();
    this.body = this.matrix.appendChild(document.createElement("tbody"));
    this.picture.append(this.svg, this.matrix);
  }

  numbers({ anchors, partners, temperature }) {
    const rows = cosines(anchors, partners);
    const right = rows.map((row, i) => (row.every((each, j) => j === i || each < row[i] - 1e-9) ? 1 : 0));
    return {
      loss: infoNce(anchors, partners, temperature), chance: Math.log(anchors.length), accuracy: meanOf(right),
      alignment: alignment(anchors, partners), uniformity: (uniformity(anchors) + uniformity(partners)) / 2,
    };
  }

  drawPicture() {
    const { labels } = this.data, { anchors, partners, temperature } = this.state;
    if (this.points?.length !== 2 * anchors.length) this.build(anchors.length);
    this.svg.setAttribute("aria-label", labels.disc);
    const slopes = infoNceSlopes(anchors, partners, temperature);
    this.points.forEach((point) => this.drawPoint(point, slopes[point.side][point.i]));
    this.chords.forEach((chord, i) => {
      const [from, to] = [this.place(anchors[i]), this.place(partners[i])];
      setLine(chord, from[0], to[0], from[1], to[1]);
    });
    this.drawMatrix();
    this.drawKnobs();
  }

  place(degrees, radius = DISC.radius) {
    const [x, y] = onCircle(degrees);
    return [DISC.size / 2 + radius * x, DISC.size / 2 - radius * y];
  }

  build(count) {
    const circle = drawn("circle", { class: "circle", cx: DISC.size / 2, cy: DISC.size / 2, r: DISC.radius });
    this.chords = Array.from({ length: count }, (_, i) => coloured(drawn("line", { class: "chord" }), i));
    this.points = ["partners", "anchors"].flatMap((side) => Array.from({ length: count }, (_, i) => this.makePoint(side, i)));
    this.svg.replaceChildren(circle, ...this.chords, ...this.points.map(({ arrow: line }) => line), ...this.points.map(({ group }) => group));
  }

  makePoint(side, i) {
    const isAnchor = side === "anchors";
    const group = coloured(drawn("g", { class: `grip ${side}`, role: "slider", "data-grip": `${side}-${i}`, "aria-valuemin": 0, "aria-valuemax": 360 }), i);
    const reach = drawn("circle", { class: "reach", r: isAnchor ? DISC.dot + 3 : DISC.ring + 4 });
    const dot = drawn("circle", { class: isAnchor ? "dot" : "ring", r: isAnchor ? DISC.dot : DISC.ring });
    const number = drawn("text", { class: "number", "text-anchor": "middle" }, isAnchor ? String(i + 1) : "");
    group.append(reach, dot, number);
    const drag = (x, y) => this.turn(side, i, Math.atan2(DISC.size / 2 - y, x - DISC.size / 2) / RADIANS);
    this.grip(group, this.svg, { drag, keys: (key, isLarge) => this.key(side, i, key, isLarge) });
    return { side, i, group, reach, dot, number, arrow: coloured(drawn("path", { class: "pull" }), i) };
  }

  drawPoint({ side, i, group, reach, dot: circle, number, arrow: line }, slope) {
    const degrees = this.state[side][i], [x, y] = this.place(degrees);
    for (const each of [reach, circle]) {
      each.setAttribute("cx", x);
      each.setAttribute("cy", y);
    }
    number.setAttribute("x", x);
    number.setAttribute("y", y + 5.5);
    const long = within(-slope * SLOPE_PX, -60, 60) * RADIANS; // along the circle, so that it shows where the point would go
    const [fx, fy] = this.place(degrees, DISC.radius + (side === "anchors" ? -26 : 26));
    line.setAttribute("d", arrow(fx, fy, -Math.sin(degrees * RADIANS) * (long / RADIANS), -Math.cos(degrees * RADIANS) * (long / RADIANS)));
    const words = this.data.labels;
    group.setAttribute("aria-label", filled(side === "anchors" ? words.anchor : words.partner, { number: i + 1 }));
    group.setAttribute("aria-valuenow", round360(degrees));
    group.setAttribute("aria-valuetext", filled(words.degrees, { value: Math.round(round360(degrees)) }));
  }

  drawMatrix() {
    const { anchors, partners, temperature } = this.state, rows = cosines(anchors, partners);
    this.caption.textContent = this.data.labels.matrix;
    if (this.body.rows.length !== rows.length + 1) this.buildMatrix(rows.length);
    rows.forEach((row, i) => softmax(row, temperature).forEach((share, j) => {
      const cell = this.body.rows[i + 1].cells[j + 1];
      cell.textContent = row[j].toFixed(2).replace("-", "−").replace("−0.00", "0.00");
      cell.style.setProperty("--share", `${(55 * share).toFixed(1)}%`); // no more, or the number can't be read on a dark ground
      cell.title = filled(this.data.labels.cell, { share: share.toFixed(3) });
    }));
  }

  buildMatrix(count) {
    const row = (cells) => {
      const made = document.createElement("tr");
      made.append(...cells);
      return made;
    };
    const names = Array.from({ length: count }, (_, i) => i);
    const head = (i, scope, text) => Object.assign(coloured(written("th", scope, text), i), { scope });
    this.body.replaceChildren(
      row([written("td", ""), ...names.map((i) => head(i, "col", `${i + 1}′`))]),
      ...names.map((i) => row([head(i, "row", String(i + 1)), ...names.map((j) => written("td", i === j ? "cell own" : "cell"))])),
    );
  }

  drawKnobs() {
    const { labels } = this.data;
    this.knob("temperature", labels.temperature, {
      min: -3, max: 0.7, step: 0.01, read: ({ temperature }) => Math.log(temperature), write: (value) => ({ ...this.state, temperature: rounded(Math.exp(value), 3) }),
      text: ({ temperature }) => `τ = ${rounded(temperature, 3)}`,
    });
    this.knob("pairs", labels.pairs, {
      min: 2, max: 6, step: 1, read: ({ anchors }) => anchors.length, write: (count) => this.resized(count), text: ({ anchors }) => String(anchors.length),
    });
  }

  resized(count) {
    const { anchors, partners } = this.state;
    const more = (angles, shift) => Array.from({ length: count }, (_, i) => angles[i] ?? round360(137.5 * i + shift));
    return { ...this.state, anchors: more(anchors, 20), partners: more(partners, 55) };
  }

  tidied(state) { return { ...state, anchors: state.anchors.map(round360), partners: state.partners.map(round360), temperature: rounded(state.temperature, 3) }; }

  turn(side, i, degrees) { this.put(this.tidied({ ...this.state, [side]: this.state[side].map((each, j) => (i === j ? degrees : each)) })); }

  key(side, i, key, isLarge) {
    const step = isLarge ? 15 : 2;
    const change = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, PageUp: 30, PageDown: -30 }[key];
    if (change !== undefined) this.turn(side, i, this.state[side][i] + change);
    return change !== undefined;
  }

  // Turn each point the short way round, so that nothing runs across the circle.
  move(key) {
    if (key === "learn") return this.learn();
    const to = this.tidied(this[key](this.state));
    for (const side of ["anchors", "partners"]) {
      to[side] = to[side].map((angle, i) => this.state[side][i] + ((((angle - this.state[side][i]) % 360) + 540) % 360) - 180);
    }
    this.glide(to);
    return undefined;
  }

  collapse(state) { return { ...state, anchors: state.anchors.map(() => 60), partners: state.partners.map(() => 60) }; }
  spread(state) {
    const even = state.anchors.map((_, i) => (360 / state.anchors.length) * i + 30);
    return { ...state, anchors: even, partners: state.partners.map((each, i) => each - state.anchors[i] + even[i]) };
  }
  together(state) { return { ...state, partners: [...state.anchors] }; }
  shuffle(state) {
    const anywhere = () => Math.random() * 360;
    return { ...state, anchors: state.anchors.map(anywhere), partners: state.partners.map(anywhere) };
  }

  // Follow the arrows downhill for a while, as training would.
  learn() {
    cancelAnimationFrame(this.frame);
    let left = STEPS;
    const step = () => {
      const { anchors, partners, temperature } = this.state, slopes = infoNceSlopes(anchors, partners, temperature);
      const moved = (angles, slope) => angles.map((each, i) => each - within(STEP_DEGREES * slope[i], -8, 8));
      this.put({ ...this.state, anchors: moved(anchors, slopes.anchors), partners: moved(partners, slopes.partners) });
      left -= 1;
      if (left === 0) return this.rest();
      if (QUIET.matches) return step();
      this.frame = requestAnimationFrame(step);
      return undefined;
    };
    step();
  }
}

function coloured(part, i) {
  part.style.setProperty("--pair", pairColour(i));
  return part;
}
