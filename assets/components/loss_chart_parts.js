// What a chart of losses is made of: ticks, names that keep out of each other's way, flags, and small SVG and HTML makers.
// Names come from learners: they are only ever set as text.

const SVG = "http://www.w3.org/2000/svg";
const NAME_GAP = 21; // px between the middles of two names

function drawn(name, attributes = {}, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function written(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const within = (value, low, high) => Math.min(Math.max(value, low), high);

// Round numbers between low and high, about `count` of them.
function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((each) => each * power >= raw * 0.999) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => +((first + i) * step).toPrecision(12));
}

const digits = (value) => (value >= 1000 || Number.isInteger(value) ? value.toLocaleString() : String(+value.toPrecision(3)));
const exact = (value) => (Math.abs(value) >= 1000 ? Math.round(value).toLocaleString() : value.toPrecision(3));

// Where names stand so that none covers another: as near as possible to where they want to be.
function spread(wanted, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const groups = [];
  for (const index of order) {
    groups.push({ members: [index], middle: wanted[index] });
    while (groups.length > 1) {
      const [upper, lower] = groups.slice(-2);
      const room = ((upper.members.length + lower.members.length) / 2) * NAME_GAP;
      if (lower.middle - upper.middle >= room) break;
      const members = [...upper.members, ...lower.members];
      const middle = members.reduce((sum, each) => sum + wanted[each], 0) / members.length;
      groups.splice(-2, 2, { members, middle });
    }
  }
  const placed = [];
  for (const { members, middle } of groups) {
    const half = ((members.length - 1) / 2) * NAME_GAP;
    const held = within(middle, low + half, Math.max(low + half, high - half));
    members.forEach((each, i) => (placed[each] = held - half + i * NAME_GAP));
  }
  return placed;
}

// The value of a curve at x, between its points; undefined outside of them.
function valueAt(points, x) {
  if (!points.length || x < points[0][0] || x > points[points.length - 1][0]) return undefined;
  const after = points.findIndex((point) => point[0] >= x);
  if (after <= 0) return points[0][1];
  const [x0, y0] = points[after - 1], [x1, y1] = points[after];
  return y0 + (y1 - y0) * ((x - x0) / (x1 - x0 || 1));
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function flag(kind, x, floor) {
  const top = floor - 20;
  if (kind === "pause") return drawn("path", { class: "flag pause", d: `M${x - 4} ${floor - 3}v-11M${x + 4} ${floor - 3}v-11` });
  return drawn("path", { class: "flag", d: `M${x} ${floor}V${top}l12 5l-12 5` });
}

function legendEntry(curve) {
  const entry = written("li", "");
  if (curve.colour) entry.style.setProperty("--colour", curve.colour);
  const sample = drawn("svg", { viewBox: "0 0 28 12", "aria-hidden": "true" });
  const line = drawn("path", { class: `curve ${curve.kind}`, d: "M2 6H26" });
  if (curve.dash) line.setAttribute("stroke-dasharray", curve.dash);
  sample.append(line);
  entry.append(sample, written("span", "", curve.name));
  return entry;
}

// What a sign on the axis means.
function signEntry(kind, name) {
  const entry = written("li", "sign");
  const sample = drawn("svg", { viewBox: "0 0 28 20", "aria-hidden": "true" });
  sample.append(flag(kind, 14, 19));
  entry.append(sample, written("span", "", name));
  return entry;
}
