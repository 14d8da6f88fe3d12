// Puts the live panels and cards in their places, each when it comes near the screen: a phone is not kept busy with those
// further down. What fails leaves what is stored.

import { card } from "./cards.js";
import { make } from "./dom.js";
import { panel } from "./panels.js";

const NEAR = "0px 0px 800px"; // below the screen; above it the text would move
const BROKEN = "This does not move here: what you see was stored with the page.";

export function mount() {
  const list = document.getElementById("ll-live");
  if (!list) return;
  const doors = [...document.querySelectorAll(".doors a:not([download])")];
  const context = { base: "", doors: doors.map((door) => ({ words: door.textContent, href: door.href })) };
  const data = new Map(JSON.parse(list.textContent).map((entry) => [entry.at, entry]));
  const watch = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        put(target, data.get(target.id), context);
      }
    },
    { rootMargin: NEAR },
  );
  for (const at of data.keys()) watch.observe(document.getElementById(at));
}

function put(el, entry, context) {
  const stored = [...el.childNodes];
  try {
    (entry.kind === "panel" ? panel : card)(el, entry, context);
  } catch (error) {
    el.replaceChildren(...stored, make("p", { className: "elsewhere", textContent: BROKEN }));
    console.error(error);
  }
}
