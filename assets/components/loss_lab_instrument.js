// What all instruments of the loss lab share: a state that is dragged, numbers that follow at once, and numpy's once it rests.

const REST_MS = 350; // after the last key, until the state is sent
const GLIDE_MS = 280;
const QUIET = window.matchMedia("(prefers-reduced-motion: reduce)");

function figure(value) {
  if (!Number.isFinite(value)) return "∞";
  if (Math.abs(value) < 5e-5) return "0.00";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return value < 0 ? `−${Math.abs(value).toPrecision(3)}` : value.toPrecision(3);
}

const rounded = (value, digits = 2) => +(+value).toFixed(digits) || 0; // no minus zero
const filled = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function between(from, to, share) {
  if (typeof to === "number") return typeof from === "number" ? from + (to - from) * share : to;
  if (Array.isArray(to)) return Array.isArray(from) && from.length === to.length ? to.map((each, i) => between(from[i], each, share)) : to;
  if (to && typeof to === "object") return Object.fromEntries(Object.entries(to).map(([name, each]) => [name, between(from?.[name], each, share)]));
  return to;
}

class Instrument {
  constructor(root) {
    this.root = root;
    for (const part of ["picture", "side", "headline", "figures", "knobs", "plot", "moves", "origin", "spoken"]) this[part] = root.querySelector(`.${part}`);
    for (const part of [this.picture, this.knobs, this.plot, this.moves]) part.replaceChildren();
    this.watcher = new ResizeObserver(() => this.state && this.draw());
  }

  show(data, send) {
    this.watcher.observe(this.picture);
    const isNew = this.data?.setup !== data.setup;
    this.data = data;
    this.send = send;
    this.root.style.setProperty("--task", data.colour);
    this.moves.setAttribute("aria-label", data.labels.moves);
    this.drawMoves();
    if (isNew && this.state && this.isSameShape(data.state)) this.glide(data.state, false);
    else if (isNew) this.put(data.state);
    else this.draw();
  }

  isSameShape(state) { return JSON.stringify(state).replace(/-?[\d.]+(e-?\d+)?/g, "0") === JSON.stringify(this.state).replace(/-?[\d.]+(e-?\d+)?/g, "0"); }

  put(state) {
    this.state = state;
    this.draw();
  }

  // Let the state be what it is now, and ask numpy for its numbers.
  rest() {
    clearTimeout(this.later);
    this.state = this.tidied(this.state);
    this.draw();
    this.send({ setup: this.data.setup, ...this.state });
    this.say();
  }

  restSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.rest(), REST_MS);
  }

  tidied(state) { return state; }

  glide(to, isOurs = true) {
    cancelAnimationFrame(this.frame);
    const from = this.state, began = performance.now();
    const end = () => {
      this.put(to);
      if (isOurs) this.rest();
    };
    if (QUIET.matches) return end();
    const step = (now) => {
      const share = within((now - began) / GLIDE_MS, 0, 1);
      if (share === 1) return end();
      this.put(between(from, to, share * (2 - share)));
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  draw() {
    const own = this.numbers(this.state);
    const isChecked = JSON.stringify(this.data.state) === JSON.stringify(this.state);
    Object.assign(this.root.dataset, { from: isChecked ? "numpy" : "browser", browser: JSON.stringify(own), numpy: JSON.stringify(this.data.numbers) });
    this.origin.textContent = isChecked ? this.data.labels.numpy : this.data.labels.browser;
    this.drawFigures(isChecked ? this.data.numbers : own);
    this.picture.style.minHeight = "";
    this.drawPicture();
    this.drawPlot(own);
  }

  drawFigures(numbers) {
    const [first, ...others] = this.data.figures;
    this.headline.replaceChildren(written("span", "name", first.name), written("b", "value", figure(numbers[first.key])), written("span", "unit", first.unit));
    this.figures.replaceChildren(...others.map((each) => {
      const row = written("div", "");
      const value = written("dd", "", figure(numbers[each.key]));
      if (each.unit) value.append(" ", written("small", "", each.unit));
      row.append(written("dt", "", each.name), value);
      return row;
    }));
  }

  drawMoves() {
    this.data.moves.forEach(({ key, title }, place) => {
      const button = this.moves.children[place] ?? this.moves.appendChild(written("button", ""));
      button.type = "button";
      button.dataset.move = key;
      button.textContent = title;
      button.onclick = () => this.move(key);
    });
    while (this.moves.children.length > this.data.moves.length) this.moves.lastChild.remove();
  }

  move(key) { this.glide(this.tidied(this[key](this.state))); }

  drawPlot() {}

  say() {
    const { key, name, unit } = this.data.figures[0];
    this.spoken.textContent = `${name}: ${figure(this.numbers(this.state)[key])} ${unit}`;
  }

  // A part that is dragged with mouse or finger and moved with the arrow keys; `drag(x, y)` in px of the picture's `svg`.
  grip(group, svg, { drag, keys }) {
    group.setAttribute("tabindex", 0);
    group.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      cancelAnimationFrame(this.frame);
      group.focus({ preventScroll: true });
      group.setPointerCapture(event.pointerId);
      group.classList.add("held");
    });
    group.addEventListener("pointermove", (event) => {
      if (!group.classList.contains("held")) return;
      const frame = svg.getBoundingClientRect();
      drag(event.clientX - frame.left, event.clientY - frame.top);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      group.addEventListener(end, () => group.classList.contains("held") && (group.classList.remove("held"), this.rest()));
    }
    group.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys(event.key, event.shiftKey)) return;
      event.preventDefault();
      this.restSoon();
    });
  }

  // A knob: a range of numbers with its name and its value.
  knob(name, title, { min, max, step, read, write, text }) {
    const made = this.knobs.querySelector(`[name=${name}]`) ?? this.makeKnob(name);
    made.previousSibling.firstChild.textContent = title;
    Object.assign(made, { min, max, step });
    made.oninput = () => {
      this.put(write(+made.value));
      this.restSoon();
    };
    made.onchange = () => this.rest();
    made.value = read(this.state);
    made.previousSibling.lastChild.textContent = text(this.state);
    made.setAttribute("aria-label", title);
    made.setAttribute("aria-valuetext", text(this.state));
  }

  makeKnob(name) {
    const row = written("label", "knob"), head = written("span", "");
    const made = Object.assign(document.createElement("input"), { type: "range", name });
    head.append(written("span", ""), written("b", ""));
    row.append(head, made);
    this.knobs.append(row);
    return made;
  }
}
