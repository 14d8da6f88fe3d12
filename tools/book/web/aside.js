// What a browser keeps aside of a learner's progress, below the card that counts it: to take along, or to delete.

import { button, make, newId } from "./dom.js";
import * as keep from "./keep.js";
import { html } from "./wording.js";

const LEAD =
  "**Kept aside in this browser:** progress that was here before you restored a file, or that could not be read. Download what you still need: a file that is not damaged comes back with “Restore from a file …”.";

// give({name, text}) hands a file to the learner. Nothing is shown where nothing is aside.
export function asides(give) {
  const box = make("div", { className: "ll-aside" });
  const lead = make("div", { className: "ll-line", id: newId("aside"), innerHTML: html(LEAD) });
  const list = make("ul", {}, { "aria-labelledby": lead.id });
  const said = make("div", { className: "ll-line ll-status", tabIndex: -1 }, { role: "status" });
  box.append(lead, list, said);
  const say = (text) => {
    said.innerHTML = html(text);
  };

  function line({ key, name, text, problem }) {
    const item = make("li", { className: "ll-row" });
    const act = (words, what, done) => {
      const made = button(words, {}, { "aria-label": `${what} ${name}` });
      made.addEventListener("click", done);
      return made;
    };
    const download = act("Download", "Download", () => {
      give({ name, text });
      say(`${name} is in your browser's download folder.`);
    });
    const remove = act("Delete …", "Delete …", () => {
      item.replaceChildren(make("span", { textContent: `Delete ${name} for good?` }), keepIt, forGood);
      keepIt.focus(); // one press more by the same hand loses nothing
    });
    const keepIt = act("Keep it", "Keep it:", () => {
      whole();
      remove.focus();
    });
    const forGood = act("Delete for good", "Delete for good:", () => {
      const failed = keep.removeAside(key);
      if (failed) whole();
      say(failed || `${name} is deleted.`);
      said.focus();
    });
    const whole = () =>
      item.replaceChildren(
        make("span", { textContent: problem ? `${name} (not used: ${problem})` : name }),
        download,
        remove,
      );
    whole();
    return item;
  }

  let shown;
  function show() {
    const kept = keep.aside();
    if (JSON.stringify(kept) === shown) return; // a question that is open stays
    shown = JSON.stringify(kept);
    list.replaceChildren(...kept.map(line));
    for (const part of [lead, list]) part.hidden = !kept.length;
    if (kept.length) say("");
  }
  show();
  keep.onChange(show);
  return box;
}
