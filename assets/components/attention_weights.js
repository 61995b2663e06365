// Weights of attention as they come from the server, and what may be done with them before they are drawn: pieces joined into
// words, marks left out. Rows are the tokens that look, columns those that are looked at.

const FULL = 65535; // weights come as whole numbers up to this, two bytes each

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  return new Uint16Array(bytes.buffer);
}

// Groups of places that are drawn as one: the pieces of a word, or each token by itself.
function groupsOf(side, { words, marks }) {
  const groups = [];
  side.tokens.forEach((text, place) => {
    if (!marks && side.isMark[place]) return;
    const word = side.words[place], last = groups[groups.length - 1];
    if (words && word !== null && last && last.word === word) {
      last.places.push(place);
      last.text += text.replace(/^-/, "");
    } else groups.push({ word, text: text.trim() ? text : "␣", places: [place], isMark: side.isMark[place] });
  });
  return groups;
}

// Whether some word is cut into several tokens.
const hasPieces = ({ words }) => words.some((word, place) => word !== null && word === words[place - 1]);

class Weights {
  constructor({ packed, numLayers, numHeads, rows, columns }) {
    this.values = unpacked(packed);
    Object.assign(this, { numLayers, numHeads, rows, columns });
  }

  // One head's matrix: to a word its pieces' shares add up, from a word they are averaged; rows then add up to 1 again.
  matrix(layer, head, choices) {
    const rows = groupsOf(this.rows, choices), columns = groupsOf(this.columns, choices);
    const S = this.columns.tokens.length, start = (layer * this.numHeads + head) * this.rows.tokens.length * S;
    const values = new Float32Array(rows.length * columns.length);
    rows.forEach((row, r) => {
      let sum = 0;
      columns.forEach((column, c) => {
        let share = 0;
        for (const from of row.places) for (const to of column.places) share += this.values[start + from * S + to];
        values[r * columns.length + c] = share / row.places.length / FULL;
        sum += values[r * columns.length + c];
      });
      if (!choices.marks && sum > 0) for (let c = 0; c < columns.length; c += 1) values[r * columns.length + c] /= sum;
    });
    return { rows, columns, values };
  }
}

// The true arcs of a text as cells of a matrix: { row, column, name }, where both words are drawn.
function arcCells(arcs, { rows, columns }) {
  return arcs.flatMap(({ from, to, name }) => {
    const row = rows.findIndex((each) => each.word === from), column = columns.findIndex((each) => each.word === to);
    return row < 0 || column < 0 ? [] : [{ row, column, name }];
  });
}

function haveSameTokens(one, other) {
  const same = (a, b) => a.length === b.length && a.every((each, i) => each.text === b[i].text);
  return same(one.rows, other.rows) && same(one.columns, other.columns);
}

// What a matrix has more (above 0) or less than another of the same tokens; null where they are not the same.
function difference(one, other) {
  if (!haveSameTokens(one, other)) return null;
  return { ...one, values: one.values.map((each, i) => each - other.values[i]), isDifference: true };
}

const spacious = (text) => /[⺀-鿿＀-￯]/.test(text);
const widthOf = (text) => [...text].reduce((sum, each) => sum + (spacious(each) ? 15 : /[A-Zmw]/.test(each) ? 11 : 8), 0);
const shortened = (text, most = 12) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
