// A paragraph that changes. Its element stays while its words change: only so does a screen reader read them out.

function render({ model, el, signal }) {
  const line = document.createElement("div");
  line.className = `ll-line ll-${model.get("role")}`;
  line.tabIndex = -1;
  if (model.get("role") !== "note") line.setAttribute("role", model.get("role"));
  const put = () => (line.innerHTML = model.get("value"));
  put();
  model.on("change:value", put);
  model.on("msg:custom", (message) => message === "focus" && line.focus());
  el.append(line);
  // In JupyterLab's command mode arrow keys, Enter and letters are shortcuts: not in our cards (save and run are).
  const keep = (event) => {
    const command = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (el.closest(".leverage-lab")?.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !command);
  };
  window.addEventListener("keydown", keep, { capture: true, signal });
}

export default { render };
