// The loss lab's instruments, each made when its kind is shown.

const INSTRUMENTS = { softmax: SoftmaxBars, binary: BinaryBars, contrast: ContrastDisc, joint: JointPlane };

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".lab");
  if (parentElement.lossLab?.kind !== data.kind) {
    parentElement.lossLab?.made.watcher.disconnect();
    parentElement.lossLab = { kind: data.kind, made: new INSTRUMENTS[data.kind](root) };
  }
  root.dataset.kind = data.kind;
  parentElement.lossLab.made.show(data, (state) => setStateValue("state", state));
  return () => parentElement.lossLab?.made.watcher.disconnect();
}
