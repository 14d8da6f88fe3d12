// The meaning of a word beside it: when it is pointed at, focused or tapped. Without this they are links to the glossary,
// and a screen reader reads the meaning with the link.

const GAP = 4; // pixels
const LEAVE = 250; // ms to get from the word to its meaning

let box = null;
let open = null; // the word that is explained
let leaving = 0;

function close() {
  clearTimeout(leaving);
  box?.remove();
  box = open = null;
}

function show(word) {
  if (open === word) return clearTimeout(leaving);
  close();
  open = word;
  box = document.createElement("div");
  box.className = "meaning";
  box.textContent = document.getElementById(word.getAttribute("aria-describedby")).textContent;
  box.setAttribute("aria-hidden", "true"); // read out with the link already
  box.addEventListener("pointerenter", () => clearTimeout(leaving));
  box.addEventListener("pointerleave", leave);
  document.body.append(box);
  const at = word.getClientRects()[0];
  const width = document.documentElement.clientWidth;
  const left = Math.max(GAP, Math.min(at.left, width - box.offsetWidth - GAP));
  const below = at.bottom + GAP + box.offsetHeight <= innerHeight || at.top < box.offsetHeight + GAP;
  box.style.left = `${left + scrollX}px`;
  box.style.top = `${(below ? at.bottom + GAP : at.top - GAP - box.offsetHeight) + scrollY}px`;
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(close, LEAVE);
}

export function meanings() {
  const wordAt = (event) => event.target.closest?.("a.word");
  let touched = null;
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch" ? wordAt(event) : null;
    if (open && !wordAt(event) && !box.contains(event.target)) close();
  });
  // The first tap explains, the second follows the link.
  document.addEventListener("click", (event) => {
    const word = wordAt(event);
    if (word && word === touched && open !== word) {
      event.preventDefault();
      show(word);
    }
    touched = null;
  });
  for (const word of document.querySelectorAll("a.word")) {
    word.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(word));
    word.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && leave());
    word.addEventListener("focus", () => word !== touched && show(word));
    word.addEventListener("blur", close);
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
}
