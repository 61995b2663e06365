// The same formulas as in ssl_core/formulas, so that a drag answers at once; numpy checks each number once it is let go.

const sumOf = (values) => values.reduce((sum, each) => sum + each, 0);
const meanOf = (values) => sumOf(values) / values.length;
const dot = (a, b) => sumOf(a.map((each, i) => each * b[i]));
const norm = (a) => Math.sqrt(dot(a, a));

function logSoftmax(logits, temperature = 1) {
  const scaled = logits.map((each) => each / temperature);
  const highest = Math.max(...scaled);
  const whole = Math.log(sumOf(scaled.map((each) => Math.exp(each - highest))));
  return scaled.map((each) => each - highest - whole);
}

const softmax = (logits, temperature = 1) => logSoftmax(logits, temperature).map(Math.exp);
const crossEntropy = (logits, truth) => -logSoftmax(logits)[truth];
const crossEntropyGradient = (logits, truth) => softmax(logits).map((share, i) => share - (i === truth ? 1 : 0));
const perplexity = Math.exp;
const bits = (nats) => nats / Math.LN2;

const sigmoid = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const surpriseAtYes = (z) => Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))); // -ln sigmoid(z), exact for large z, too

function binaryCrossEntropy(logits, labels, weight = 1) {
  return meanOf(logits.map((z, i) => (labels[i] ? weight * surpriseAtYes(z) : surpriseAtYes(-z))));
}

function binaryCrossEntropyGradient(logits, labels, weight = 1) {
  return logits.map((z, i) => ((labels[i] ? weight : 1) * (sigmoid(z) - labels[i])) / logits.length);
}

function constantAnswer(baseRate, weight = 1) {
  const [yes, no] = [weight * baseRate, 1 - baseRate];
  return yes + no > 0 ? yes / (yes + no) : 0.5;
}

function lossOfAnswer(answer, baseRate, weight = 1) {
  const cost = (howOften, chance) => (howOften === 0 ? 0 : -howOften * Math.log(chance));
  return cost(weight * baseRate, answer) + cost(1 - baseRate, 1 - answer);
}

// Points on the circle, by their angles in degrees.
const RADIANS = Math.PI / 180;
const onCircle = (degrees) => [Math.cos(degrees * RADIANS), Math.sin(degrees * RADIANS)];
const cosines = (first, second) => first.map((a) => second.map((b) => dot(onCircle(a), onCircle(b))));

function infoNce(anchors, partners, temperature) {
  return -meanOf(cosines(anchors, partners).map((row, i) => logSoftmax(row, temperature)[i]));
}

// How the loss grows with each angle: the gradient of a point, seen along the circle.
function infoNceSlopes(anchors, partners, temperature) {
  const tooMuch = cosines(anchors, partners).map((row, i) => softmax(row, temperature).map((share, j) => share - (i === j ? 1 : 0)));
  const scale = 1 / (anchors.length * temperature);
  const turn = (a, b) => dot([-Math.sin(a * RADIANS), Math.cos(a * RADIANS)], onCircle(b));
  return {
    anchors: anchors.map((a, i) => scale * sumOf(partners.map((b, j) => tooMuch[i][j] * turn(a, b)))),
    partners: partners.map((b, j) => scale * sumOf(anchors.map((a, i) => tooMuch[i][j] * turn(b, a)))),
  };
}

const squaredDistance = (a, b) => sumOf(onCircle(a).map((each, i) => (each - onCircle(b)[i]) ** 2));
const alignment = (anchors, partners) => meanOf(anchors.map((a, i) => squaredDistance(a, partners[i])));
const uniformity = (angles) => Math.log(meanOf(angles.flatMap((a, i) => angles.slice(i + 1).map((b) => Math.exp(-2 * squaredDistance(a, b))))));

// One hidden vector, read by a head that names a word and by a head that says yes or no.
function twoHeads(hidden, heads) {
  const logits = heads.words.map((each) => dot(each, hidden));
  const yes = dot(heads.yes, hidden);
  const slopes = crossEntropyGradient(logits, heads.truth);
  const slope = sigmoid(yes) - (heads.isYes ? 1 : 0);
  return {
    losses: [crossEntropy(logits, heads.truth), surpriseAtYes(heads.isYes ? yes : -yes)],
    gradients: [[0, 1].map((axis) => sumOf(slopes.map((each, word) => each * heads.words[word][axis]))), heads.yes.map((each) => slope * each)],
  };
}

const agreement = (a, b) => (norm(a) * norm(b) > 0 ? dot(a, b) / (norm(a) * norm(b)) : 0);
