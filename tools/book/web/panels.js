// The panels of the book: front/panel.js, with a stand-in for the kernel that answers from stored states (states.py).
//
// Words and pictures of a panel are loaded when it is first touched. For a combination that is not stored the nearest
// one is shown, and the panel says which. What does not load is tried again with the next touch.

import { make } from "./dom.js";
import { load } from "./load.js";
import * as front from "./panel.js";

const LOADING = "The stored pictures of this panel are still loading.";
const MISSING = "This panel’s stored pictures did not load: the picture stays as it was. Move a control to try again.";
const SETTLED = 700; // ms without a change until a note is read out

const stored = new Map(); // {panel: what its script gave}
globalThis.leverageLabStates = (name, states) => stored.set(name, states);

export function panel(el, data, { base, doors }) {
  const still = el.querySelector("img");
  el.replaceChildren();
  const note = nearby(data.controls, doors);
  const shelf = shelfOf(data, base);
  const model = standIn(data, still, shelf, note.put);
  for (const touch of ["focusin", "pointerdown"]) el.addEventListener(touch, shelf.fill);
  const shown = front.render({ model, el, signal: new AbortController().signal });
  el.querySelector(".ll-sentence").before(note.line, note.said);
  if (!still) model.send({ reset: true, moves: {}, ticket: ["start", 0] });
  return shown;
}

// What anywidget's model is to front/panel.js.
function standIn(data, still, shelf, tell) {
  const canvas = make("canvas", { width: data.size[0], height: data.size[1] });
  const start = { words: data, at: data.shown };
  const trait = {
    ...data,
    picture: still ?? canvas,
    computed: [],
    refused: {},
    ticket: [],
    ahead: false,
    slow: LOADING,
  };
  let now = start; // what the picture shows: {words, at}
  let at = start.at; // where the controls are
  let hand; // the control moved last
  let changed = () => {};
  let open; // the ticket of a question that waits for files

  async function take({ reset, moves }) {
    const shelved = await shelf.states();
    const refused = {};
    if (reset) at = start.at;
    for (const [name, move] of Object.entries(moves)) {
      try {
        at = { ...at, [name]: shelved.read(name, move) };
        hand = name;
      } catch (problem) {
        refused[name] = `${problem.message}. The picture still shows ${now.at[name].text}.`;
      }
    }
    const state = shelved.nearest(at, hand);
    await shelf.draw(state, canvas);
    now = state;
    return refused;
  }

  async function send(question) {
    if (open === question.ticket.join()) return; // asked again while the files load
    open = question.ticket.join();
    await null; // an answer never comes while the question is being sent
    let refused = {};
    if (question.reset || Object.keys(question.moves).length) {
      try {
        refused = await take(question);
        trait.picture = canvas;
      } catch {
        refused = { "": MISSING };
        at = now.at;
      }
    }
    open = null;
    tell(at, now.at);
    const { sentence, dates, computed } = now.words;
    Object.assign(trait, { shown: at, sentence, dates, computed: question.open ? computed : [], refused });
    Object.assign(trait, { scale: question.scale, ticket: question.ticket });
    changed();
  }

  return {
    get: (name) => trait[name],
    on: (event, listener) => {
      if (event === "change") changed = listener;
    },
    send,
  };
}

// The line that says which state is shown, and where all others can be seen.
function nearby(controls, doors) {
  const line = make("p", { className: "ll-stored", hidden: true });
  const said = make("p", { className: "ll-said" }, { role: "status" });
  const links = doors.flatMap(({ words, href }, i) => [
    i ? " · " : " For every value: ",
    make("a", { textContent: words, href }),
  ]);
  let settle;

  function put(wanted, shown) {
    const apart = controls.filter(({ name }) => wanted[name].text !== shown[name].text);
    const words = apart.map(({ name, label }) => `${label} ${shown[name].text}`).join(", ");
    line.hidden = !words;
    line.replaceChildren(`Stored here: ${words}.`, ...links);
    clearTimeout(settle);
    settle = setTimeout(() => {
      said.textContent = words && `Stored here: ${words}.`;
    }, SETTLED);
  }
  return { line, said, put };
}

// The files of a panel. Two panels of one kind share them through the browser's cache.
function shelfOf({ name, controls, size }, base) {
  const [width, height] = size;
  const sheets = new Map(); // {number: its image, once it is there}
  let states, filling;
  let newest = 0; // the sheet in hand

  const once = (kept, key, begin) => {
    if (!kept.has(key))
      kept.set(
        key,
        begin().catch((problem) => {
          kept.delete(key);
          throw problem;
        }),
      );
    return kept.get(key);
  };

  async function read() {
    await load(`${base}states/${name}.js`);
    if (!stored.has(name)) throw new Error(`the states of ${name} are cut off`);
    states = legible(stored.get(name), controls);
    return states;
  }

  async function sheet(number) {
    const image = make("img", { src: `${base}states/${name}-${number}.webp` });
    await image.decode();
    return image;
  }

  const words = new Map();
  const all = () => once(words, name, read);
  const sheetOf = (number) => once(sheets, number, () => sheet(number));

  async function draw({ number }, canvas) {
    newest = Math.floor(number / states.sheet);
    const image = await sheetOf(newest);
    const top = (number % states.sheet) * height;
    canvas.getContext("2d").drawImage(image, 0, top, width, height, 0, 0, width, height);
  }

  // The sheet in hand first, then its neighbours.
  async function fill() {
    if (filling) return;
    filling = true;
    try {
      const { count } = await all();
      const left = new Set(Array(count).keys());
      while (left.size) {
        const next = [...left].reduce((one, other) =>
          Math.abs(other - newest) < Math.abs(one - newest) ? other : one,
        );
        left.delete(next);
        await sheetOf(next);
      }
    } catch {
      // The next move says so, or the next touch succeeds.
    }
    filling = false;
  }

  return { states: all, draw, fill };
}

// Stored states as they can be looked up.
function legible({ sheet, controls: readings, strings, states: rows }, controls) {
  const places = controls.map((spec, i) => placesOf(spec, readings[i]));
  const index = Object.fromEntries(controls.map(({ name }, i) => [name, i]));
  const states = rows.map(([at, said], number) => {
    const [sentence, date, ...computed] = said.map((n) => strings[n]);
    return {
      number,
      at: Object.fromEntries(controls.map(({ name }, i) => [name, places[i][at[i]]])),
      words: { sentence, dates: [date, ""], computed },
    };
  });

  function read(name, move) {
    const i = index[name];
    if ("stop" in move) return places[i][move.stop];
    return controls[i].options
      ? places[i].find(({ text }) => text === move.text)
      : typed(move.text, readings[i], places[i]);
  }

  // A choice must be the same if it can; then what was moved last counts most.
  function far(wanted, at, hand) {
    let sum = 0;
    for (const { name, options, stops } of controls) {
      const weight = name === hand ? 10 : 1;
      if (options) sum += wanted[name].text === at[name].text ? 0 : 100 * weight;
      else sum += (weight * Math.abs(along(wanted[name]) - along(at[name]))) / (stops.length - 1);
    }
    return sum;
  }

  function nearest(wanted, hand) {
    let best,
      least = Number.POSITIVE_INFINITY;
    for (const state of states) {
      const distance = far(wanted, state.at, hand);
      if (distance < least) [best, least] = [state, distance];
    }
    return best;
  }
  return { sheet, count: Math.ceil(states.length / sheet), read, nearest };
}

const along = (place) => place.along ?? place.stop;

function placesOf({ options, stops }, { numbers, more }) {
  if (options) return options.map((text) => ({ text, exact: true }));
  const between = more.map(([text, stop, number]) => ({
    text,
    stop,
    exact: false,
    number,
    along: position(numbers, number),
  }));
  return [...stops.map((text, stop) => ({ text, stop, exact: true, number: numbers?.[stop] })), ...between];
}

// Where a number lies among the stops: 2.5 is halfway from the third to the fourth.
function position(numbers, number) {
  const next = Math.max(
    1,
    numbers.findIndex((stop) => stop >= number),
  );
  return next - (numbers[next] - number) / (numbers[next] - numbers[next - 1]);
}

// What was typed, as a place; a plain number with or without the control's sign. Else a sentence says what is taken.
function typed(text, { sign, numbers, range, whole }, places) {
  const bare = text.replace(/\s/g, "").replace("−", "-").toLowerCase();
  const known = places.find((place) => place.text.replace(/\s/g, "").replace("−", "-").toLowerCase() === bare);
  if (known) return known;
  const number = numbers ? plain(bare, sign) : Number.NaN;
  if (!(number >= numbers?.[0] && number <= numbers.at(-1)))
    throw new RangeError(`${range}, got ${quoted(text.trim())}`);
  if (whole && !Number.isInteger(number)) throw new RangeError(`${whole}, got ${text.trim()}`);
  const same = places.find((place) => Math.abs(place.number - number) <= 1e-9 * Math.abs(number));
  const place = position(numbers, number);
  return same ?? { text: signed(number, sign), stop: Math.round(place), exact: false, number, along: place };
}

function plain(bare, sign) {
  const parts = /^([-+]?)(\$?)([-+]?)([\d.,]+)([x%$]?)$/.exec(bare);
  if (!parts || (parts[1] && parts[3]) || ![sign, ""].includes(parts[2]) || ![sign, ""].includes(parts[5]))
    return Number.NaN;
  let digits = parts[4];
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(digits)) digits = digits.replaceAll(",", "");
  else if (!digits.includes(".")) digits = digits.replace(",", ".");
  return Number(digits) * (parts[1] === "-" || parts[3] === "-" ? -1 : 1);
}

function signed(number, sign) {
  const digits = Math.abs(number).toLocaleString("en-US", { maximumFractionDigits: 6 });
  return `${number < 0 ? "−" : ""}${sign === "$" ? "$" : ""}${digits}${sign === "%" ? "\u00a0%" : sign === "x" ? "x" : ""}`;
}

const quoted = (text) => (text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`);
