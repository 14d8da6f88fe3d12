// What the front ends share. A widget's script cannot import another file: stage.script puts this before each.

export function make(tag, properties = {}, attributes = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export const button = (textContent, properties, attributes) =>
  make("button", { type: "button", className: "ll-button", textContent, ...properties }, attributes);

// Another one for each view, even for two that are drawn in the same millisecond.
export const newId = (kind) => `ll-${kind}-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;

// Save, run and the like: they stay shortcuts.
export const isCommand = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");

// In JupyterLab's command mode arrow keys, Enter and letters are shortcuts, but not on our controls.
export function guardKeys(el, signal) {
  const guard = (event) => {
    if (el.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !isCommand(event));
  };
  window.addEventListener("keydown", guard, { capture: true, signal });
}
