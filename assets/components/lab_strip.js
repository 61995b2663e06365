// An example, stage by stage: each token is one chip that keeps its identity, so that the eye can follow what happens to it.
// Words come from people: they are only ever set as text.

const PACE_MS = 1400;
const MOVE_MS = 260;
const PLAY = "M8 5v14l11-7z", PAUSE = "M6 5h4v14H6zM14 5h4v14h-4z";

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

class Strip {
  constructor(root) {
    this.root = root;
    for (const part of ["bar", "first", "back", "play", "next", "clock", "draw", "seed", "sides", "spoken"]) this[part] = root.querySelector(`.${part}`);
    this.first.addEventListener("click", () => this.go(0));
    this.back.addEventListener("click", () => this.go(this.at - 1));
    this.next.addEventListener("click", () => this.go(this.at + 1));
    this.play.addEventListener("click", () => this.toggle());
    this.draw.addEventListener("click", () => this.trigger("draw", (this.draws = (this.draws || 0) + 1)));
    this.sides.addEventListener("click", (event) => this.press(event.target));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  update(data, setState, setTrigger) {
    const before = this.data, wasAtEnd = this.at === this.length - 1;
    [this.data, this.setState, this.trigger] = [data, setState, setTrigger];
    this.length = Math.max(...data.sides.map((side) => side.stages.length));
    if (!before || before.name !== data.name) {
      this.at = this.length - 1;
      this.stop();
    }
    this.at = wasAtEnd ? this.length - 1 : Math.min(this.at, this.length - 1); // another draw may have more stages
    for (const part of ["first", "back", "next"]) this.label(this[part], data.labels[part]);
    this.draw.querySelector("b").textContent = data.labels.draw;
    this.seed.textContent = data.labels.seed;
    this.root.setAttribute("aria-label", data.labels.strip);
    this.bar.setAttribute("aria-label", data.labels.bar);
    while (this.sides.children.length > data.sides.length) this.sides.lastChild.remove();
    while (this.sides.children.length < data.sides.length) this.sides.append(this.emptySide());
    this.show(Boolean(before));
  }

  label(button, words) {
    button.setAttribute("aria-label", words);
    button.title = words;
  }

  emptySide() {
    const side = element("section", "side");
    side.append(element("div", "head"), element("ol", "steps"), element("div", "strips"), element("p", "verdict"), element("ul", "legend"));
    side.querySelector(".head").append(element("b"), element("span", "name"));
    return side;
  }

  go(at) {
    this.stop();
    this.move(at);
  }

  move(at) {
    this.at = Math.min(Math.max(at, 0), this.length - 1);
    this.show(true);
    const said = this.data.sides.map((side) => this.stage(side).title);
    this.spoken.textContent = `${this.data.labels.of.replace("{step}", this.at + 1).replace("{count}", this.length)}: ${said.join("; ")}`;
  }

  toggle() {
    if (this.timer) return this.stop();
    if (this.at >= this.length - 1) this.move(0);
    else this.move(this.at + 1);
    this.timer = setInterval(() => {
      if (!this.root.isConnected || this.at >= this.length - 1) return this.stop();
      if (!document.hidden) this.move(this.at + 1);
    }, PACE_MS);
    this.bars();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.data) this.bars();
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const chip = event.target.closest("button.chip");
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in moves && chip) this.walk(chip, moves[event.key]);
    else if (event.key in moves) this.go(this.at + moves[event.key]);
    else if (event.key === "Home" && !chip) this.go(0);
    else if (event.key === "End" && !chip) this.go(this.length - 1);
    else return;
    event.preventDefault();
  }

  // From token to token with the arrows: one stop of the Tab key for all of them.
  walk(chip, by) {
    const chips = [...chip.closest(".cells").querySelectorAll("button.chip")];
    const next = chips[chips.indexOf(chip) + by];
    if (!next) return;
    for (const each of chips) each.tabIndex = each === next ? 0 : -1;
    next.focus();
  }

  press(target) {
    const step = target.closest(".steps button");
    if (step) {
      this.go(+step.dataset.step);
      this.play.focus({ preventScroll: true }); // the steps are drawn anew: the arrow keys need a place to start from
    }
    const chip = target.closest("button.chip");
    if (!chip) return;
    const at = +chip.dataset.at;
    this.setState("picked", { name: this.data.text, at: this.data.picked === at ? -1 : at });
  }

  stage(side) { return side.stages[Math.min(this.at, side.stages.length - 1)]; }

  bars() {
    this.label(this.play, this.timer ? this.data.labels.pause : this.data.labels.play);
    this.play.querySelector("path").setAttribute("d", this.timer ? PAUSE : PLAY);
    const held = this.root.getRootNode().activeElement;
    this.first.disabled = this.back.disabled = this.at === 0;
    this.next.disabled = this.at >= this.length - 1;
    if (held?.disabled && this.root.contains(held)) this.play.focus({ preventScroll: true });
    this.clock.textContent = `${this.at + 1} / ${this.length}`;
  }

  show(moves) {
    const isQuiet = !moves || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.bars();
    const was = isQuiet ? null : new Map([...this.sides.querySelectorAll(".cells li")].map((chip) => [chip, chip.getBoundingClientRect()]));
    this.data.sides.forEach((side, number) => this.showSide(this.sides.children[number], side));
    if (!was) return;
    for (const chip of this.sides.querySelectorAll(".cells li")) {
      const old = was.get(chip);
      const now = chip.getBoundingClientRect();
      if (!old) chip.animate([{ opacity: 0 }, { opacity: 1 }], MOVE_MS);
      else if (Math.abs(old.left - now.left) > 1 || Math.abs(old.top - now.top) > 1) {
        chip.animate([{ transform: `translate(${old.left - now.left}px, ${old.top - now.top}px)` }, { transform: "none" }], { duration: MOVE_MS, easing: "ease-in-out" });
      }
    }
  }

  showSide(box, side) {
    const at = Math.min(this.at, side.stages.length - 1);
    const stage = side.stages[at];
    box.style.setProperty("--task", side.colour);
    box.style.setProperty("--task-ink", `color-mix(in srgb, ${side.colour} 55%, var(--pp-ink))`);
    box.setAttribute("aria-label", side.task);
    box.querySelector(".head b").textContent = side.task;
    box.querySelector(".head .name").textContent = side.question;
    this.showSteps(box.querySelector(".steps"), side, at);
    const strips = box.querySelector(".strips");
    while (strips.children.length > stage.strips.length) strips.lastChild.remove();
    while (strips.children.length < stage.strips.length) strips.append(this.emptyStrip());
    const last = side.stages[side.stages.length - 1];
    stage.strips.forEach((strip, number) => {
      const hasAnswers = side.stages.some((each) => each.strips[number]?.cells.some((cell) => cell.answer !== undefined));
      this.showStrip(strips.children[number], strip, at ? side.stages[at - 1].strips[number] : null, stage, hasAnswers);
    });
    const verdicts = stage.isAsked ? side.verdicts : [];
    box.querySelector(".verdict").replaceChildren(...verdicts.flatMap(({ said, answer, note }) => [
      element("span", "", said), ...(answer ? [element("bdi", "answer there", answer)] : []), ...(note ? [element("span", "name", note)] : []),
    ]));
    this.showLegend(box.querySelector(".legend"), stage);
  }

  showSteps(list, side, at) {
    const buttons = side.stages.map((stage, number) => {
      const item = element("li");
      const button = element("button", "", String(number + 1));
      button.type = "button";
      button.dataset.step = number;
      button.tabIndex = -1; // the bar above steps by keyboard
      this.label(button, stage.title);
      if (number === at) button.setAttribute("aria-current", "step");
      item.append(button);
      return item;
    });
    list.replaceChildren(...buttons, element("li", "title", side.stages[at].title));
  }

  emptyStrip() {
    const strip = element("div", "strip");
    const rows = element("div", "rows");
    const names = element("div", "names");
    names.setAttribute("aria-hidden", "true");
    names.append(element("span", "above"), element("span", "below"));
    rows.append(names, element("ol", "cells"));
    strip.append(element("p", "label"), rows);
    return strip;
  }

  showStrip(box, strip, before, stage, hasAnswers) {
    const { labels } = this.data;
    const label = box.querySelector(".label");
    label.textContent = strip.label;
    label.hidden = !strip.label;
    box.classList.toggle("bare", !hasAnswers);
    box.querySelector(".above").textContent = strip.isDecoder ? labels.reads : stage.isAsked ? labels.sees : labels.text;
    box.querySelector(".below").textContent = stage.isAsked ? labels.predicts : "";
    const list = box.querySelector(".cells");
    list.setAttribute("aria-label", strip.label || (stage.isAsked ? labels.sees : labels.text));
    const held = list.getRootNode().activeElement?.closest?.(".cells") === list ? list.getRootNode().activeElement.dataset.at : undefined;
    const old = new Map([...list.children].map((item) => [item.dataset.key, item]));
    const cellBefore = new Map((before?.cells ?? []).map((cell) => [cell.key, cell]));
    const items = strip.cells.map((cell, place) => {
      const item = this.cell(old.get(String(cell.key)), cell, stage);
      const was = cellBefore.get(cell.key);
      item.classList.toggle("changed", Boolean(before) && !strip.isDecoder && !stage.isAsked && (!was || was.role !== cell.role || was.text !== cell.text));
      item.classList.toggle("before", Boolean(strip.cells[place + 1]?.on));
      return item;
    });
    list.replaceChildren(...items);
    const chips = [...list.querySelectorAll("button.chip")];
    const stop = chips.find((chip) => chip.dataset.at === (held ?? String(this.data.picked))) ?? chips[0];
    for (const chip of chips) chip.tabIndex = chip === stop ? 0 : -1;
    if (held !== undefined) stop?.focus();
  }

  cell(item, cell, stage) {
    const isButton = cell.at >= 0;
    if (!item || (item.firstChild.tagName === "BUTTON") !== isButton) {
      item = element("li");
      const chip = element(isButton ? "button" : "span", "chip");
      if (isButton) chip.type = "button";
      else chip.style.display = "inline-flex", (chip.style.alignItems = "center");
      chip.append(element("i"), element("bdi"));
      item.append(chip, element("bdi", "answer"));
    }
    const role = this.data.roles[cell.role];
    const [chip, answer] = item.children;
    item.dataset.key = cell.key;
    item.className = ["r" + cell.role, cell.on && "on", cell.isFiller && "filler", isButton && cell.at === this.data.picked && "picked"].filter(Boolean).join(" ");
    chip.firstChild.textContent = role.mark;
    chip.lastChild.textContent = cell.text;
    const isThere = Boolean(stage.isAsked) && cell.answer !== undefined;
    answer.textContent = cell.answer ?? "";
    answer.classList.toggle("there", isThere);
    answer.classList.toggle("aside", Boolean(cell.isAside));
    const words = `${cell.text}: ${role.title}${isThere ? `; ${this.data.labels.predicts}: ${cell.answer}` : ""}`;
    if (isButton) {
      chip.dataset.at = cell.at;
      chip.setAttribute("aria-label", words);
      chip.setAttribute("aria-pressed", String(cell.at === this.data.picked));
    }
    chip.title = isButton ? `${words}. ${this.data.labels.hide}` : words;
    return item;
  }

  showLegend(list, stage) {
    const counts = new Map();
    for (const cell of stage.strips.filter((strip) => !strip.isDecoder).flatMap((strip) => strip.cells)) counts.set(cell.role, (counts.get(cell.role) ?? 0) + (cell.count ?? 1));
    list.replaceChildren(...[...counts].sort((a, b) => a[0] - b[0]).map(([role, count]) => {
      const item = element("li", `r${role}`);
      const chip = element("span", "chip");
      chip.append(element("i", "", this.data.roles[role].sign));
      item.append(chip, element("span", "", this.data.roles[role].title), element("b", "", String(count)));
      return item;
    }));
  }
}

const strips = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".lab");
  if (!strips.has(root)) strips.set(root, new Strip(root));
  strips.get(root).update(data, setStateValue, setTriggerValue);
}
