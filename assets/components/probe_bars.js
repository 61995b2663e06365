// What the model makes of the probe sentences: bars that grow and change places, or texts, the newest on top.
// Words come from models and learners: they are only ever set as text.

const ROW = 22, DENSE_ROW = 18; // px, as --row in the style sheet
const LEAVE_MS = 260;

function made(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// The children of `parent` for `items`, by key: kept where they were there already, so that they can move.
function keyed(parent, items, create) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = new Set(items.map((item) => item.key));
  for (const [key, child] of known) if (!wanted.has(key)) child.remove();
  items.forEach((item, place) => {
    let child = known.get(item.key);
    if (!child) {
      child = create(item);
      child.dataset.key = item.key;
    }
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
  return items.map((item, place) => parent.children[place]);
}

function showSentence(line, group) {
  const parts = group.sentence.map((part) => {
    if (part.mark) return made("span", "marked", `${part.mark} ${part.text}`);
    if (part.blank === undefined) return document.createTextNode(part.text);
    return made("span", part.blank === group.blank ? "blank" : "blank other", `▢ ${part.text}`);
  });
  const text = group.sentence.map((part) => `${part.mark ?? ""}${part.text}`).join("\u0000");
  if (line.dataset.text === text) return;
  line.dataset.text = text;
  line.replaceChildren(...parts);
}

function createBar(row) {
  const bar = made("div", "bar");
  const track = made("div", "track");
  track.append(made("div", "fill"));
  bar.append(made("span", "word", row.word), track, made("span", "percent"));
  bar.style.opacity = 0;
  return bar;
}

function showBars(box, group, numRows, rowHeight) {
  box.style.height = `${numRows * rowHeight}px`;
  box.setAttribute("aria-label", group.summary);
  const staying = new Set(group.rows.map((row) => row.key));
  const known = new Map();
  for (const bar of [...box.children]) {
    if (staying.has(bar.dataset.key) && !bar.dataset.leaves) known.set(bar.dataset.key, bar);
    else if (!bar.dataset.leaves) {
      bar.dataset.leaves = "yes";
      bar.style.opacity = 0;
      setTimeout(() => bar.remove(), LEAVE_MS);
    }
  }
  group.rows.forEach((row, place) => {
    let bar = known.get(row.key);
    if (!bar) {
      bar = createBar(row);
      bar.dataset.key = row.key;
      bar.style.transform = `translateY(${place * rowHeight}px)`;
      box.append(bar);
      bar.getBoundingClientRect(); // start the transition from here
    }
    bar.className = `bar${place === 0 && row.share > 0 ? " best" : ""}${row.word ? "" : " unknown"}`;
    bar.style.opacity = place < numRows ? "" : 0;
    bar.style.transform = `translateY(${place * rowHeight}px)`;
    bar.querySelector(".fill").style.transform = `scaleX(${row.share})`;
    bar.querySelector(".percent").textContent = row.percent;
  });
}

function createGroup() {
  const group = made("div", "group");
  const bars = made("div", "bars");
  bars.setAttribute("role", "img");
  group.append(made("p", "sentence"), made("p", "refused"), bars);
  return group;
}

function showWords(element, group) {
  const [sentence, refused, bars] = element.children;
  showSentence(sentence, group);
  refused.textContent = group.refused;
  refused.hidden = !group.refused;
  bars.hidden = Boolean(group.refused);
}

function showGroup(element, group, numRows, rowHeight) {
  element.className = `group ${group.tone ?? ""}`.trim();
  showWords(element, group);
  if (!group.refused) showBars(element.lastChild, group, numRows, rowHeight);
}

function createSample(sample) {
  const element = made("article", "sample new");
  const when = made("div", "when");
  when.append(made("span", "", sample.step), made("span", "", sample.loss));
  const text = made("p", "text");
  text.append(made("span", "prompt", sample.prompt), made("span", "made", sample.text));
  element.append(when, text);
  if (sample.isWaiting) element.classList.add("waiting");
  return element;
}

// As many bars for each blank as let all blanks be seen at once, in smaller letters if even the fewest don't; asked again only
// when there are others, or another room.
function rowsThatFit(box, groups, data) {
  const layout = `${data.groups.map((group) => group.key + group.refused).join()} ${box.clientWidth} ${data.height}`;
  if (box.dataset.layout !== layout) {
    data.groups.forEach((group, place) => showWords(groups[place], group));
    const withBars = Math.max(1, data.groups.filter((group) => !group.refused).length);
    const room = () => data.height - groups.reduce((sum, group) => sum + group.offsetHeight - group.lastChild.offsetHeight, 0);
    const { fewest, most } = data.rows;
    box.classList.remove("dense");
    box.classList.toggle("dense", room() < fewest * ROW * withBars);
    box.dataset.rows = Math.min(Math.max(Math.floor(room() / (rowHeight(box) * withBars)), fewest), most);
    box.dataset.layout = layout;
  }
  return Number(box.dataset.rows);
}

const rowHeight = (box) => (box.classList.contains("dense") ? DENSE_ROW : ROW);

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".probes");
  show(box, data);
  if (data.part) (window.playgroundParts ??= new Map()).set(data.part, (newer) => show(box, newer));
}

function show(box, data) {
  box.style.height = `${data.height}px`;
  box.style.setProperty("--task", data.colour);
  box.setAttribute("aria-label", data.label);
  if (box.dataset.setup !== data.setup) box.replaceChildren();
  box.dataset.setup = data.setup;
  const groups = keyed(box, [...data.groups, ...data.samples], (item) => (item.sentence ? createGroup() : createSample(item)));
  const numRows = rowsThatFit(box, groups, data);
  data.groups.forEach((group, place) => showGroup(groups[place], group, numRows, rowHeight(box)));
}
