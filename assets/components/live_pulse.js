// A tick: what it tells is put where the page has laid it out already. Nothing is built anew that says the same.

// Make `there` like `wanted`: attributes and texts change in place, so that focus, selection and motion stay.
function settle(there, wanted) {
  if (there.nodeType !== wanted.nodeType || there.nodeName !== wanted.nodeName) return there.replaceWith(wanted);
  if (there.nodeType === Node.TEXT_NODE) {
    if (there.data !== wanted.data) there.data = wanted.data;
    return undefined;
  }
  for (const { name, value } of wanted.attributes) if (there.getAttribute(name) !== value) there.setAttribute(name, value);
  for (const { name } of [...there.attributes]) if (!wanted.hasAttribute(name) && name !== "data-drawn") there.removeAttribute(name);
  const fresh = [...wanted.childNodes];
  while (there.childNodes.length > fresh.length) there.lastChild.remove();
  fresh.forEach((child, place) => (there.childNodes[place] ? settle(there.childNodes[place], child) : there.append(child)));
  return undefined;
}

export default function ({ data }) {
  if (!data) return;
  const told = JSON.parse(new TextDecoder().decode(data));
  if (document.querySelector(".live-words")?.dataset.run !== told.id) return; // the page shows another run, or its end
  for (const [selector, html] of Object.entries(told.html)) {
    const there = document.querySelector(selector);
    const holder = document.createElement("template");
    holder.innerHTML = html; // made by the server, which escapes what people wrote
    if (there && holder.content.firstElementChild) settle(there, holder.content.firstElementChild);
  }
  for (const [name, figure] of Object.entries(told.parts)) window.playgroundParts?.get(name)?.(figure);
}
