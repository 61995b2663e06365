// Questions of yes and no: next sentence, replaced tokens.

class BinaryBars extends Bars {
  shares({ logits }) { return logits.map(sigmoid); }
  pulls({ logits, labels, weight }) { return binaryCrossEntropyGradient(logits, labels, weight).map((slope) => slope * logits.length); }
  isRight({ labels }, i) { return labels[i] === 1; }

  mark(i) {
    this.put({ ...this.state, labels: this.state.labels.map((each, j) => (i === j ? 1 - each : each)) });
    this.rest();
  }

  numbers({ logits, labels, weight }) {
    const rate = meanOf(labels), said = logits.map((each) => each > 0);
    const hits = sumOf(labels.map((label, i) => (label && said[i] ? 1 : 0)));
    const calls = said.filter(Boolean).length;
    return {
      loss: binaryCrossEntropy(logits, labels, weight),
      constant_loss: lossOfAnswer(constantAnswer(rate, weight), rate, weight),
      base_rate: rate,
      accuracy: meanOf(labels.map((label, i) => (Boolean(label) === said[i] ? 1 : 0))),
      recall: hits / Math.max(1, sumOf(labels)),
      precision: hits / Math.max(1, calls),
    };
  }

  drawPlot({ loss, constant_loss: best, base_rate: rate }) {
    const { labels } = this.data, { weight } = this.state;
    this.knob("weight", labels.weight, {
      min: 1, max: 20, step: 0.5, read: (state) => state.weight, write: (value) => ({ ...this.state, weight: value }), text: (state) => `× ${rounded(state.weight, 1)}`,
    });
    this.plotTitle.textContent = labels.constant;
    plotCurve(this.curve, {
      curve: (share) => lossOfAnswer(share, rate, weight), most: Math.max(1.2, 2.4 * best), x: labels.answer, y: labels.constant,
      lines: [{ kind: "best", loss: best, name: labels.best }, { kind: "mine", loss, name: labels.mine }],
      dots: [{ share: constantAnswer(rate, weight), loss: best, kind: "best" }],
      summary: filled(labels.plot, { best: figure(best), loss: figure(loss), share: constantAnswer(rate, weight).toFixed(3) }),
    });
  }

  tidied(state) { return { ...super.tidied(state), weight: rounded(state.weight, 1) }; }

  constant(state) {
    const answer = within(constantAnswer(meanOf(state.labels), state.weight), 0.0025, 0.9975);
    return { ...state, logits: state.logits.map(() => Math.log(answer / (1 - answer))) };
  }
  unsure(state) { return { ...state, logits: state.logits.map(() => 0) }; }
  detect(state) { return { ...state, logits: state.labels.map((label) => (label ? 3 : -3)) }; }
  step(state) {
    const slopes = this.pulls(state); // one step for each question's own score
    return { ...state, logits: state.logits.map((each, i) => each - within(slopes[i], -2, 2)) };
  }
}
