// Full-text search over all pages. Its script (lunr and the text) is fetched when it is first opened.

import { load } from "./load.js";

const SHOWN = 20; // results
const AROUND = 70; // characters each side of what was found

let index = null;
let ready = null;

function build() {
  const { lunr, bookSections } = globalThis;
  return lunr(function () {
    // Words as they are: stems lie too far from a slip of the finger.
    this.pipeline.remove(lunr.stemmer);
    this.searchPipeline.remove(lunr.stemmer);
    this.ref("id");
    this.field("heading", { boost: 4 });
    this.field("text");
    this.metadataWhitelist = ["position"];
    for (const [id, [, , heading, text]] of bookSections.entries()) this.add({ id, heading, text });
  });
}

// Where the word stands as it is, begins another or has a letter or two wrong: {place: result}.
function placesOf(word) {
  const { TRAILING } = globalThis.lunr.Query.wildcard;
  const found = index.query((query) => {
    query.term(word, { boost: 10, usePipeline: false });
    query.term(word, { boost: 3, wildcard: TRAILING, usePipeline: false });
    if (word.length > 3) query.term(word, { editDistance: word.length > 7 ? 2 : 1, usePipeline: false });
  });
  return new Map(found.map((one) => [one.ref, one]));
}

// The places that have all words, the best first; null if there is no word.
function ask(text) {
  const { lunr } = globalThis;
  const typed = text.toLowerCase().match(/[\p{L}\p{N}]+(?:[.’'][\p{L}\p{N}]+)*/gu) ?? [];
  const rare = typed.filter((word) => lunr.stopWordFilter(word));
  const each = (rare.length ? rare : typed).map(placesOf).sort((one, other) => one.size - other.size);
  if (!each.length) return null;
  const score = (place) => each.reduce((sum, found) => sum + found.get(place).score, 0);
  return [...each[0].values()]
    .filter(({ ref }) => each.every((found) => found.has(ref)))
    .sort((one, other) => score(other.ref) - score(one.ref));
}

function excerpt(text, places) {
  const line = document.createElement("p");
  const [start, length] = places?.[0] ?? [0, 0];
  const from = start > AROUND ? text.indexOf(" ", start - AROUND) + 1 : 0;
  const last = start + length + AROUND;
  const to = last < text.length ? text.lastIndexOf(" ", last) : text.length;
  const mark = document.createElement("mark");
  mark.textContent = text.slice(start, start + length);
  line.append(
    from ? "… " : "",
    text.slice(from, start),
    mark,
    text.slice(start + length, to),
    to < text.length ? " …" : "",
  );
  return line;
}

function result(found) {
  const [address, page, heading, text] = globalThis.bookSections[found.ref];
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = address;
  link.textContent = heading;
  const where = document.createElement("small");
  where.textContent = page;
  const places = Object.values(found.matchData.metadata).flatMap((fields) => fields.text?.position ?? []);
  item.append(link, " ", where, excerpt(text, places));
  return item;
}

function counted(places) {
  if (places > SHOWN) return `The best ${SHOWN} of ${places} places.`;
  return places === 1 ? "1 place." : `${places} places.`;
}

export function search() {
  const button = document.getElementById("find");
  const dialog = document.createElement("dialog");
  dialog.id = "search";
  dialog.setAttribute("aria-label", "Search the book");
  dialog.innerHTML = `<form method="dialog" role="search"><label for="sought">Search all pages</label>
    <input id="sought" type="search" maxlength="60" autocomplete="off"><button>Close</button></form><p role="status"></p><ol></ol>`;
  document.body.append(dialog);
  const [input, status, list] = ["input", "p", "ol"].map((name) => dialog.querySelector(name));

  async function find() {
    try {
      ready ??= load("search.js").then(build);
      index = await ready;
    } catch {
      ready = null; // the next letter tries again
      status.textContent = "The search could not be loaded. The contents and your browser’s own search still work.";
      return;
    }
    const found = ask(input.value);
    list.replaceChildren(...(found ?? []).slice(0, SHOWN).map(result));
    if (found) status.textContent = counted(found.length);
    else status.textContent = input.value.trim() ? "Type a word or a number: signs alone cannot be searched for." : "";
  }

  const open = () => {
    dialog.showModal();
    input.select();
    find();
  };
  button.hidden = false;
  button.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, dialog")) {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return; // it would close the dialog
    event.preventDefault();
    list.querySelector("a")?.focus();
  });
  list.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
