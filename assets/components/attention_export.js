// A view as a file of its own: SVG with its colours and letters written out, or PNG made from that.

const KEPT_STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "opacity", "visibility", "font-size", "font-family", "font-weight", "paint-order", "display"];
const PNG_SCALE = 2, MAP_PX = 64, MAPS_LEFT = 80, MAP_GAP = 8, TITLE_PX = 30, TITLE_LETTERS = 15;

// How wide a title is drawn: others stand beside it.
function titleWidth(text) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `600 ${TITLE_LETTERS}px system-ui, sans-serif`;
  return Math.ceil(1.05 * context.measureText(text).width); // a little to spare, for where the file is opened with other letters
}

// An SVG with everything that style sheets give it written out; `images` are canvases and where they lie below it.
function standingAlone({ svg, images }) {
  const copy = svg.cloneNode(true), copies = [copy, ...copy.querySelectorAll("*")];
  [svg, ...svg.querySelectorAll("*")].forEach((each, i) => {
    const style = getComputedStyle(each);
    for (const name of KEPT_STYLES) copies[i].style.setProperty(name, style.getPropertyValue(name));
  });
  copy.prepend(...images.map(({ canvas, x, y, width, height }) => drawn("image", { href: canvas.toDataURL(), x, y, width, height, preserveAspectRatio: "none", style: "image-rendering: pixelated" })));
  return copy;
}

// Several views beside each other, each below its title, as the text of one SVG on the theme's ground.
function asOneSvg(views, ground, ink) {
  const top = views.length > 1 ? TITLE_PX : 0;
  const whole = drawn("svg", { xmlns: SVG, "font-family": "system-ui, sans-serif" });
  whole.append(drawn("rect", { width: "100%", height: "100%", fill: ground }));
  let right = 0, bottom = 0;
  for (const { title, ...view } of views) {
    const alone = standingAlone(view), [width, height] = ["width", "height"].map((side) => Number(view.svg.getAttribute(side)));
    if (top) whole.append(drawn("text", { x: right + 8, y: 20, fill: ink, "font-size": TITLE_LETTERS, "font-weight": 600 }, title));
    alone.setAttribute("x", right);
    alone.setAttribute("y", top);
    whole.append(alone);
    right += Math.max(width, top ? titleWidth(title) + 16 : 0) + (top ? MAP_GAP : 0);
    bottom = Math.max(bottom, top + height);
  }
  whole.setAttribute("width", right);
  whole.setAttribute("height", bottom);
  return new XMLSerializer().serializeToString(whole);
}

// All maps of a network as one SVG element with names at its sides, and the canvases that lie on it.
function mapsAsSvg(maps, ink, labels) {
  const { numLayers, numHeads } = maps.weights, step = MAP_PX + MAP_GAP;
  const svg = drawn("svg", { width: MAPS_LEFT + 8 + numHeads * step, height: 34 + numLayers * step, fill: ink, "font-family": "system-ui, sans-serif", "font-size": 14 });
  for (let head = 0; head < numHeads; head += 1) svg.append(drawn("text", { x: MAPS_LEFT + (head + 0.5) * step, y: 20, "text-anchor": "middle", fill: ink }, head + 1));
  svg.append(drawn("text", { x: MAPS_LEFT - 12, y: 20, "text-anchor": "end", fill: ink }, labels.heads));
  for (let layer = 0; layer < numLayers; layer += 1) svg.append(drawn("text", { x: MAPS_LEFT - 12, y: 34 + (layer + 0.5) * step, "text-anchor": "end", fill: ink }, labels.layer.replace("{layer}", layer + 1)));
  const images = maps.buttons.map((button, i) => ({ canvas: button.firstChild, x: MAPS_LEFT + (i % numHeads) * step, y: 30 + Math.floor(i / numHeads) * step, width: MAP_PX, height: MAP_PX }));
  return { svg, images };
}

function saved(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function saveSvg(text, name) { saved(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`); }

async function savePng(text, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: PNG_SCALE * image.width, height: PNG_SCALE * image.height });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => saved(blob, `${name}.png`), "image/png");
}
