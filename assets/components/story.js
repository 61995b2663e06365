// A story word by word: which word is asked about, how surprised two readers are by each, and which words depend on which.
// Words come from people: they are only ever set as text.

const NATS_PX = 2.5; // height of one nat of surprise
const MOST_PX = 15;
const SVG = "http://www.w3.org/2000/svg";

function height(nats) {
  return `${Math.max(1.5, Math.min(nats * NATS_PX, MOST_PX))}px`;
}

class Story {
  constructor(root) {
    this.root = root;
    this.sheet = root.querySelector(".sheet"); // scrolls; the names of arcs stand below it, over no word
    this.arcs = root.querySelector(".arcs");
    this.lines = root.querySelector(".lines");
    this.ties = root.querySelector(".ties");
    this.lines.addEventListener("click", (event) => this.choose(event.target.closest(".word")));
    this.lines.addEventListener("keydown", (event) => this.key(event));
    this.lines.addEventListener("pointerover", (event) => this.look(event.target.closest(".word")));
    this.lines.addEventListener("pointerleave", () => this.look(null));
    new ResizeObserver(() => this.draw()).observe(this.lines);
  }

  update(data, send) {
    this.send = send;
    const isOther = this.data?.name !== data.name;
    this.data = data;
    this.root.style.setProperty("--height", `${data.height}px`);
    this.root.classList.toggle("joined", data.joined);
    this.root.setAttribute("aria-label", data.label);
    if (isOther || this.words.length !== data.words.length) this.build();
    data.words.forEach((word, place) => this.show(this.words[place], word, place));
    const here = this.words[data.at];
    this.draw(); // first: the names of the arcs take their room
    if (here && this.shown !== `${data.name} ${data.at}`) this.scrollTo(here);
    this.shown = `${data.name} ${data.at}`;
  }

  scrollTo(word) {
    const [top, bottom] = [word.offsetTop - 20, word.offsetTop + word.offsetHeight + 6];
    const { sheet } = this;
    if (top < sheet.scrollTop) sheet.scrollTop = top;
    if (bottom > sheet.scrollTop + sheet.clientHeight) sheet.scrollTop = bottom - sheet.clientHeight;
  }

  build() {
    const lines = [];
    this.words = this.data.words.map((word) => {
      const button = document.createElement("button");
      button.type = "button";
      const [text, bars] = [document.createElement("span"), document.createElement("span")];
      text.className = "text";
      bars.className = "bars";
      bars.append(...["exact", "other"].map((kind) => Object.assign(document.createElement("i"), { className: kind })));
      button.append(text, bars);
      lines[word.sentence] ??= Object.assign(document.createElement("div"), { className: "line" });
      lines[word.sentence].append(button);
      return button;
    });
    this.lines.replaceChildren(...lines.filter(Boolean));
    this.looked = null;
  }

  show(button, word, place) {
    const { at, asks } = this.data;
    const isHere = place === at;
    button.className = `word${isHere ? " here" : ""}${isHere && asks ? " asked" : ""}${word.unread ? " unread" : ""}`;
    button.tabIndex = isHere ? 0 : -1;
    button.setAttribute("aria-label", word.label);
    button.setAttribute("aria-pressed", isHere);
    button.title = word.unread || (isHere && asks) ? "" : word.label;
    const [text, bars] = button.children;
    text.textContent = isHere && asks ? "▢" : word.text;
    bars.children[0].style.height = height(word.exact);
    bars.children[1].style.height = height(word.other);
    bars.children[1].style.visibility = word.other < 0 ? "hidden" : "";
  }

  choose(button) {
    const place = this.words.indexOf(button);
    if (place >= 0) this.send("at", place);
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const place = this.words.indexOf(event.target.closest(".word")) + step;
    if (place < 0 || place >= this.words.length) return;
    this.words[place].focus();
    this.send("at", place);
  }

  look(button) {
    const place = this.words.indexOf(button);
    if (this.looked === place) return;
    this.looked = place;
    this.draw();
  }

  draw() {
    if (!this.data) return;
    const { arcs, at, words } = this.data;
    const centre = this.looked >= 0 && this.looked !== null ? this.looked : at;
    const isShown = (arc) => !words[arc.from].unread && !words[arc.to].unread;
    for (const word of this.words) word.classList.remove("linked");
    this.arcs.setAttribute("width", this.sheet.clientWidth);
    this.arcs.setAttribute("height", this.lines.offsetHeight);
    const own = [];
    const drawn = arcs.filter(isShown).flatMap((arc) => {
      const isOwn = arc.from === centre || arc.to === centre;
      const parts = this.arc(arc, isOwn);
      if (isOwn) own.push(...parts);
      return isOwn ? [] : parts;
    });
    this.arcs.replaceChildren(...drawn, ...own);
    this.name(arcs.filter((arc) => isShown(arc) && (arc.from === centre || arc.to === centre)));
  }

  arc({ from, to, colour }, isOwn) {
    const start = this.top(from);
    const end = this.top(to);
    const path = document.createElementNS(SVG, "path");
    const isLevel = Math.abs(start.y - end.y) < 4;
    const rise = isLevel ? Math.min(7 + Math.abs(start.x - end.x) / 18, 14) : 12;
    const reach = isLevel ? 0 : end.y + 25;
    const [x, y] = isLevel ? [end.x, end.y] : [end.x, reach];
    path.setAttribute("d", isLevel
      ? `M${start.x},${start.y} C${start.x},${start.y - rise} ${x},${y - rise} ${x},${y}`
      : `M${start.x},${start.y} C${start.x},${start.y - rise} ${x},${y + rise} ${x},${y}`);
    path.style.setProperty("--arc", colour);
    if (!isOwn) return [path];
    path.setAttribute("class", "own");
    for (const place of [from, to]) {
      this.words[place].classList.add("linked");
      this.words[place].style.setProperty("--arc", colour);
    }
    const tip = document.createElementNS(SVG, "path");
    const turn = isLevel ? 1 : -1;
    tip.setAttribute("class", "tip");
    tip.setAttribute("d", `M${x},${y} l-4,${-7 * turn} h8 z`);
    tip.style.setProperty("--arc", colour);
    return [path, tip];
  }

  // The dependencies of one word, named below the story: on an arc their names would hide words.
  name(arcs) {
    const said = (place) => this.data.words[place].text || "▢"; // the word to guess
    this.ties.replaceChildren(...arcs.map(({ from, to, colour, title }) => {
      const tie = Object.assign(document.createElement("span"), { className: "tie" });
      const line = Object.assign(document.createElement("i"), { className: "stroke" });
      line.style.setProperty("--arc", colour);
      tie.append(line, `${said(from)} → ${said(to)} · ${title}`);
      return tie;
    }));
  }

  top(place) {
    const word = this.words[place];
    return { x: word.offsetLeft + word.offsetWidth / 2, y: word.offsetTop };
  }
}

const stories = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".story");
  if (!stories.has(root)) stories.set(root, new Story(root));
  stories.get(root).update(data, setStateValue);
}
