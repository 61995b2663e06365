// One word of several: softmax and cross-entropy.

class SoftmaxBars extends Bars {
  shares({ logits }) { return softmax(logits); }
  pulls({ logits, truth }) { return crossEntropyGradient(logits, truth); } // down on the screen lowers a score
  isRight({ truth }, i) { return truth === i; }

  mark(i) {
    this.put({ ...this.state, truth: i });
    this.rest();
  }

  numbers({ logits, truth }) {
    const loss = crossEntropy(logits, truth);
    return { loss, chance: softmax(logits)[truth], perplexity: perplexity(loss), bits: bits(loss), bits_per_byte: bits(loss) / this.data.items[truth].bytes };
  }

  drawPlot({ loss, chance }) {
    const { labels } = this.data;
    this.plotTitle.textContent = labels.loss;
    plotCurve(this.curve, {
      curve: (share) => -Math.log(share), most: 6, x: labels.chance, y: labels.loss, dots: [{ share: chance, loss, kind: "now" }],
      summary: filled(labels.plot, { share: chance.toFixed(3), loss: figure(loss) }),
    });
  }

  double(state) { return { ...state, logits: state.logits.map((each) => 2 * each) }; }
  halve(state) { return { ...state, logits: state.logits.map((each) => each / 2) }; }
  equal(state) { return { ...state, logits: state.logits.map(() => 0) }; }
  step(state) { return { ...state, logits: crossEntropyGradient(state.logits, state.truth).map((slope, i) => state.logits[i] - slope) }; }
  shift(state) {
    const room = this.data.range - Math.max(...state.logits); // one more for all, or, where there is no room, one less
    return { ...state, logits: state.logits.map((each) => each + (room >= 1 ? 1 : -1)) };
  }
}
