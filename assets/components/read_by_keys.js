// What arrow keys read is a stop of the Tab key, as long as there is something to read; else it is a picture.
function letRead(element, hasData) {
  element.setAttribute("role", hasData ? "application" : "img");
  if (hasData) element.setAttribute("tabindex", 0);
  else element.removeAttribute("tabindex");
}
