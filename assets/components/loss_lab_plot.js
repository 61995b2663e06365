// A small curve over probabilities from 0 to 1, with lines that have names and dots.

const PLOT = { left: 40, right: 8, top: 8, bottom: 44, height: 196 };

function plotCurve(svg, { curve, most, x, y, lines = [], dots = [], summary }) {
  const wide = svg.getBoundingClientRect().width;
  if (!wide) return;
  const box = { width: wide - PLOT.left - PLOT.right, height: PLOT.height - PLOT.top - PLOT.bottom };
  const floor = PLOT.top + box.height;
  const across = (share) => PLOT.left + share * box.width;
  const up = (loss) => floor - (within(loss, 0, most) / most) * box.height;
  const parts = ticks(0, most, 4).flatMap((value) => [
    drawn("line", { class: "grid", x1: PLOT.left, x2: PLOT.left + box.width, y1: up(value), y2: up(value) }),
    drawn("text", { class: "tick", x: PLOT.left - 7, y: up(value) + 5.5, "text-anchor": "end" }, digits(value)),
  ]);
  for (const value of [0, 0.5, 1]) parts.push(drawn("text", { class: "tick", x: across(value) + (value === 1 ? 6 : 0), y: floor + 19, "text-anchor": value === 1 ? "end" : "middle" }, digits(value)));
  parts.push(drawn("text", { class: "title", x: PLOT.left + box.width / 2, y: floor + 39, "text-anchor": "middle" }, x));
  const points = Array.from({ length: 161 }, (_, i) => within(i / 160, 0.0005, 0.9995)).filter((share) => curve(share) <= most * 1.001);
  parts.push(drawn("path", { class: "curve", d: points.map((share, i) => `${i ? "L" : "M"}${across(share).toFixed(1)} ${up(curve(share)).toFixed(1)}`).join("") }));
  for (const line of lines) parts.push(drawn("line", { class: `line ${line.kind}`, x1: PLOT.left, x2: PLOT.left + box.width, y1: up(line.loss), y2: up(line.loss) }));
  const highest = Math.max(...lines.map((line) => line.loss)); // its name stands above it, the other one's below
  lines.forEach((line, i) => {
    const isAbove = line.loss === highest && lines.findIndex((each) => each.loss === highest) === i;
    const at = within(up(line.loss) + (isAbove ? -7 : 19), PLOT.top + 14, floor - 4);
    parts.push(drawn("text", { class: "name", x: PLOT.left + box.width - 2, y: at, "text-anchor": "end" }, line.name));
  });
  for (const { share, loss, kind } of dots) parts.push(drawn("circle", { class: `dot ${kind}`, cx: across(share), cy: up(loss), r: 6 }));
  svg.replaceChildren(...parts);
  svg.setAttribute("aria-label", summary);
  svg.dataset.y = y;
}
