// Full-text search over all pages. Its script (lunr and the text) is fetched when it is first opened.

import { load } from "./load.js";

const SHOWN = 20; // results
const AROUND = 70; // characters each side of what was found

let index = null;

function build() {
  const { lunr, bookSections } = globalThis;
  return lunr(function () {
    this.ref("id");
    this.field("heading", { boost: 4 });
    this.field("text");
    this.metadataWhitelist = ["position"];
    for (const [id, [, , heading, text]] of bookSections.entries()) this.add({ id, heading, text });
  });
}

// Each word as it is, as the beginning of one, and, if long, with one letter wrong. All must be found.
function ask(text) {
  const { lunr } = globalThis;
  const typed = lunr.tokenizer(text).map(String);
  return index.query((query) => {
    for (const word of typed) query.term(word, { boost: 10, usePipeline: true });
    for (const word of typed)
      query.term(word, { boost: 3, wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false });
    for (const word of typed) if (word.length > 4) query.term(word, { editDistance: 1, usePipeline: true });
  });
}

function excerpt(text, places) {
  const line = document.createElement("p");
  const [start, length] = places?.[0] ?? [0, 0];
  const from = Math.max(0, start - AROUND);
  const mark = document.createElement("mark");
  mark.textContent = text.slice(start, start + length);
  const end = start + length + AROUND;
  line.append(
    from ? "… " : "",
    text.slice(from, start),
    mark,
    text.slice(start + length, end),
    end < text.length ? " …" : "",
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

export function search() {
  const button = document.getElementById("find");
  const dialog = document.createElement("dialog");
  dialog.id = "search";
  dialog.setAttribute("aria-label", "Search the book");
  dialog.innerHTML = `<form method="dialog" role="search"><label for="sought">Search all pages</label>
    <input id="sought" type="search" autocomplete="off"><button>Close</button></form><p role="status"></p><ol></ol>`;
  document.body.append(dialog);
  const [input, status, list] = ["input", "p", "ol"].map((name) => dialog.querySelector(name));

  async function find() {
    try {
      await load("search.js");
      index ??= build();
    } catch {
      status.textContent = "The search could not be loaded. The contents and your browser’s own search still work.";
      return;
    }
    const found = input.value.trim() ? ask(input.value) : [];
    list.replaceChildren(...found.slice(0, SHOWN).map(result));
    const some = found.length > SHOWN ? `The best ${SHOWN} of ${found.length} places.` : `${found.length} places.`;
    status.textContent = input.value.trim() ? (found.length === 1 ? "1 place." : some) : "";
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
