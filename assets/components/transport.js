// The clock of a replay. It runs here, tells Python where it is twice a second, and rests at the end or when nobody looks.

const TELL_MS = 500;
const SHAPES = { play: "M8 5v14l11-7z", pause: "M6 5h4v14H6zM14 5h4v14h-4z", again: "M12 5V1L7 6l5 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z" };

class Transport {
  constructor(root) {
    for (const part of ["play", "step", "second", "clock", "speed"]) this[part] = root.querySelector(`.${part}`);
    this.root = root;
    this.play.addEventListener("click", () => this.toggle());
    this.step.addEventListener("click", () => this.go(Math.floor(this.at + 1.0001), false));
    this.second.addEventListener("input", () => this.go(+this.second.value, false));
    this.speed.addEventListener("change", () => this.show());
    this.root.addEventListener("keydown", (event) => {
      if (event.key === " " && event.target === this.second) event.preventDefault(), this.toggle();
    });
  }

  update(data, send) {
    this.send = send;
    if (this.data?.name !== data.name) {
      this.data = data;
      this.speed.replaceChildren(...data.speeds.map((each) => new Option(`× ${each}`, each, false, each === data.speed)));
      this.second.max = data.length;
      this.at = data.start;
      this.isPlaying = !matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.last = this.told = performance.now();
      if (!this.clockRuns) this.tick();
    }
    this.data = data;
    for (const part of ["step", "second", "speed"]) this[part].setAttribute("aria-label", data.labels[part]);
    this.show();
  }

  toggle() {
    if (this.at >= this.data.length) this.at = 0;
    this.isPlaying = !this.isPlaying;
    this.last = performance.now();
    this.tell(true);
    if (!this.clockRuns) this.tick();
  }

  go(second, plays) {
    this.isPlaying = plays;
    this.at = Math.min(second, this.data.length);
    this.tell(false);
  }

  tick() {
    this.clockRuns = this.root.isConnected;
    if (!this.clockRuns) return;
    const now = performance.now();
    if (this.isPlaying && !document.hidden) {
      this.at = Math.min(this.at + ((now - this.last) / 1000) * this.speed.value, this.data.length);
      if (this.at >= this.data.length) this.isPlaying = false;
      this.tell(!this.isPlaying);
    }
    this.last = now;
    setTimeout(() => this.tick(), 100);
  }

  tell(now) {
    this.show();
    const isLate = performance.now() - this.told >= TELL_MS;
    clearTimeout(this.later);
    if (now || isLate) {
      this.told = performance.now();
      this.send("second", Math.round(this.at * 100) / 100);
    } else if (!this.isPlaying) this.later = setTimeout(() => this.tell(true), TELL_MS / 2);
  }

  show() {
    const { labels, length } = this.data;
    const state = this.isPlaying ? "pause" : this.at >= length ? "again" : "play";
    this.play.setAttribute("aria-label", labels[state]);
    this.play.title = labels[state];
    this.play.querySelector("path").setAttribute("d", SHAPES[state]);
    if (document.activeElement !== this.second || this.isPlaying) this.second.value = this.at;
    const words = labels.of.replace("{second}", Math.floor(this.at)).replace("{length}", Math.round(length));
    this.clock.textContent = words;
    this.second.setAttribute("aria-valuetext", words);
  }
}

const transports = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".transport");
  if (!transports.has(root)) transports.set(root, new Transport(root));
  transports.get(root).update(data, setStateValue);
}
