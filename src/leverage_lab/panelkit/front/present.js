// For the projector: the panels of the page one at a time, as large as the window.
//
// A panel stays where it is in the page and is lifted into the browser's top layer, as a popover: so
// it stays live, nothing around it can cut it off, and putting it back is to let it go.

import { button, make } from "./dom.js";

const KEYS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

function render({ el, signal }) {
  const start = button("Start the presentation");
  const keys = make("p", {
    textContent:
      "One panel per screen. Left and Right, or Page Up and Page Down, move on (not while a slider is selected); Esc ends.",
  });
  const said = make("p", { className: "ll-line" }, { role: "status" });
  el.classList.add("leverage-lab", "ll-card");
  el.append(start, keys, said);

  const bar = make(
    "div",
    { className: "leverage-lab ll-bar", popover: "manual" },
    { role: "toolbar", "aria-label": "presentation" },
  );
  const back = button("Back");
  const place = make("span", {}, { role: "status" });
  const on = button("Next");
  const end = button("End");
  bar.append(back, place, on, end);

  let screens = [];
  let at = -1; // the screen that is shown
  let before; // what to put back for it

  // Panels, and predictions with their question: the outermost of our boxes around each.
  function find() {
    const boxes = [...document.querySelectorAll(".ll-panel, .ll-veil")].map((part) => {
      let box = part;
      for (let up = part; up; up = up.parentElement) if (up.classList.contains("leverage-lab")) box = up;
      return box;
    });
    return [...new Set(boxes)].filter((box) => box.parentElement.checkVisibility());
  }

  function lift(box) {
    const parent = box.parentElement;
    before = { parent, minHeight: parent.style.minHeight };
    parent.style.minHeight = `${parent.offsetHeight}px`; // the page does not move meanwhile
    box.classList.add("ll-screen");
    box.popover = "manual";
    box.showPopover();
    if (bar.matches(":popover-open")) bar.hidePopover();
    bar.showPopover(); // above the screen
  }

  function putBack(box) {
    if (box.matches(":popover-open")) box.hidePopover();
    box.removeAttribute("popover");
    box.classList.remove("ll-screen");
    before.parent.style.minHeight = before.minHeight;
  }

  function go(to) {
    if (to < 0 || to >= screens.length) return;
    if (at >= 0) putBack(screens[at]);
    at = to;
    lift(screens[at]);
    place.textContent = `${at + 1} of ${screens.length}`;
    back.disabled = at === 0;
    on.disabled = at === screens.length - 1;
    (on.disabled ? end : on).focus(); // off any slider: the keys lead on
  }

  async function begin() {
    if (at >= 0) return;
    screens = find();
    said.textContent = screens.length
      ? ""
      : "There is no live panel on this page yet: choose Run → Run All Cells first.";
    if (!screens.length) return;
    for (const box of screens) box.querySelector(".ll-again")?.click(); // a room begins with the question, whatever was guessed in a rehearsal
    document.body.append(bar);
    try {
      await document.documentElement.requestFullscreen(); // first: what is lifted later lies above
    } catch {
      // not allowed here: the window is large enough
    }
    go(0);
  }

  function stop() {
    if (at < 0) return;
    putBack(screens[at]);
    at = -1;
    bar.remove();
    if (document.fullscreenElement) document.exitFullscreen();
    start.focus({ preventScroll: true });
  }

  function press(event) {
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const inHand = event.target.closest?.("input, select, textarea, [contenteditable=true]");
    if (event.key === "Escape") stop();
    else if (event.key in KEYS && !inHand) go(at + KEYS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has shortcuts of its own on these keys
  }

  start.onclick = begin;
  back.onclick = () => go(at - 1);
  on.onclick = () => go(at + 1);
  end.onclick = stop;
  window.addEventListener("keydown", press, { capture: true, signal });
  // In full screen the browser keeps Esc to itself and leaves it.
  document.addEventListener("fullscreenchange", () => document.fullscreenElement || stop(), { signal });
  return stop;
}

export default { render };
