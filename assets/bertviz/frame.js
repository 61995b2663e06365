// Around bertviz's own scripts, which ask require.js for jQuery and d3: both are in this document already, so nothing is fetched.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words");
window.bertviz_params = read("params");
window.require = { config() {} };
window.requirejs = (_names, draw) => {
  draw(window.jQuery, window.d3);
  // the neuron view starts without its neurons: press what opens them
  document.querySelector("#collapsed #leftText .plus-sign + rect")?.dispatchEvent(new MouseEvent("click"));
  name();
  for (const select of document.querySelectorAll("select")) select.addEventListener("change", name);
  document.addEventListener("click", name);
  addEventListener("resize", fit);
  fit();
};

// Two of the views have a fixed width: a narrow frame shows them smaller, but not so small that they can't be read.
function fit() {
  document.body.style.zoom = 1;
  const wide = document.querySelector("#vis").scrollWidth + 24;
  document.body.style.zoom = Math.max(0.7, Math.min(1, document.documentElement.clientWidth / wide));
}

// bertviz draws anew whenever something is chosen, in English, and its neuron view counts from 0: name things as the page does.
function name() {
  for (const part of document.querySelectorAll("svg > text, #heading text, #heading tspan")) {
    if (part.childElementCount) continue;
    const place = part.textContent.match(/^Layer (\d+), Head (\d+)$/);
    if (place) part.textContent = words.place.replace("{layer}", place[1]).replace("{head}", place[2]);
    else part.textContent = words.fixed[part.textContent] ?? part.textContent;
  }
  for (const [id, numbers] of Object.entries(words.options ?? {}))
    document.querySelectorAll(`#${id} option`).forEach((option, i) => (option.textContent = numbers[i]));
  document.querySelectorAll("#vis > svg > g:last-child > rect").forEach((square, i) => {
    if (!words.squares || square.firstChild) return;
    square.append(document.createElementNS("http://www.w3.org/2000/svg", "title"));
    square.firstChild.textContent = words.squares[i];
  });
}
