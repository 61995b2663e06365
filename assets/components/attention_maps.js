// The map of all heads: a small picture for each, layers from top to bottom; one is chosen by click or with the arrow keys.

class HeadMaps {
  constructor(root, choose) {
    this.root = root;
    this.choose = choose;
    this.table = written("div", "maps");
    this.table.setAttribute("role", "group");
    this.root.append(this.table);
    this.table.addEventListener("keydown", (event) => this.key(event));
  }

  show(weights, state, labels, painter) {
    this.weights = weights;
    const { numLayers, numHeads } = weights;
    const shape = `${numLayers} ${numHeads}`;
    if (this.shape !== shape) this.build(numLayers, numHeads, labels);
    this.shape = shape;
    this.table.setAttribute("aria-label", labels.maps);
    this.buttons.forEach((button, place) => {
      const layer = Math.floor(place / numHeads), head = place % numHeads;
      const matrix = weights.matrix(layer, head, state);
      painter.paint(button.firstChild, matrix);
      const isChosen = layer === state.layer && head === state.head;
      button.setAttribute("aria-pressed", isChosen);
      button.tabIndex = isChosen ? 0 : -1;
      button.setAttribute("aria-label", labels.head.replace("{layer}", layer + 1).replace("{head}", head + 1));
      button.title = button.getAttribute("aria-label");
    });
  }

  build(numLayers, numHeads, labels) {
    this.table.style.setProperty("--heads", numHeads);
    this.table.classList.toggle("many", numHeads > 8);
    this.table.replaceChildren(written("span", "name", labels.heads), ...Array.from({ length: numHeads }, (_, head) => written("span", "name", head + 1)));
    this.buttons = [];
    for (let layer = 0; layer < numLayers; layer += 1) {
      this.table.append(written("span", "name", labels.layer.replace("{layer}", layer + 1)));
      for (let head = 0; head < numHeads; head += 1) {
        const button = written("button", "map");
        button.type = "button";
        button.append(document.createElement("canvas"));
        button.addEventListener("click", () => this.choose(layer, head));
        this.table.append(button);
        this.buttons.push(button);
      }
    }
  }

  key(event) {
    const { numLayers, numHeads } = this.weights;
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const place = this.buttons.indexOf(event.target);
    if (!by || place < 0) return;
    event.preventDefault();
    const layer = within(Math.floor(place / numHeads) + by[0], 0, numLayers - 1), head = within((place % numHeads) + by[1], 0, numHeads - 1);
    this.choose(layer, head);
    this.buttons[layer * numHeads + head].focus({ preventScroll: true });
  }
}

// What a colour of the style sheet is in the theme that is shown, as "rgb(…)".
function resolved(root, name) {
  const probe = root.appendChild(written("span", ""));
  probe.style.color = `var(${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

// Paints weights in the task's colour over whatever ground the theme has; a difference in two colours, around nothing.
class Painter {
  constructor(root) { this.root = root; }

  colours() {
    [this.more, this.less] = ["--task", "--less"].map((name) => resolved(this.root, name).match(/[\d.]+/g).slice(0, 3).map(Number));
  }

  paint(canvas, { rows, columns, values }) {
    canvas.width = columns.length;
    canvas.height = rows.length;
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns.length, rows.length);
    values.forEach((value, place) => {
      image.data.set(value < 0 ? this.less : this.more, 4 * place);
      image.data[4 * place + 3] = Math.round(255 * Math.min(1, Math.abs(value)));
    });
    context.putImageData(image, 0, 0);
  }
}
