// A document from elsewhere in a frame of its own: its scripts run, but they can neither read this page nor reach the network.

const shown = new WeakMap();

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".sandbox");
  if (shown.get(box) !== data.document) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts"); // without "allow-same-origin"; and before it has a document
    frame.setAttribute("referrerpolicy", "no-referrer");
    frame.srcdoc = data.document;
    box.replaceChildren(frame);
    shown.set(box, data.document);
  }
  box.firstElementChild.title = data.title;
  box.firstElementChild.style.height = `${data.height}px`;
}
