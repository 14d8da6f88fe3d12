// The front end of a panel: controls, picture and sentence of one model (panel.py, class Stage).
//
// A control shows its new value at once; the kernel is asked for the picture, one question at a time.
// What is moved while a question is open is kept, the newest for each control, and asked next. An
// answer is one message with places of the controls, sentence and picture, and they change together.
// A link may be cut and lose either: an open question is asked again, with its ticket, until it is answered.
//
// A state is computed once: its picture is stored. And while nothing else is to do, the pictures
// around the slider in hand are fetched ahead, so that most moves need not wait for the kernel.

import { button, guardKeys, make, newId } from "./dom.js";

const SETTLED = 700; // ms without a change until the sentence is read out
const PATIENCE = 2000; // ms without an answer until we say so, and ask again
const AGAIN = 5000; // ms until we do so once more
const LONG = 30_000; // ms after which we say what may help
const TELL = 250; // ms after which the kernel is told of moves that were shown from store
const STORED = 300; // pictures, of about 12 kB
const AROUND = 30; // stops on each side
const AT_ONCE = 3; // so that no question waits long behind them

const DOWN = "The connection to the kernel is down: the picture follows when it is back.";
const BUSY = "The kernel is busy: the picture follows when it is done.";
const ASKED_AGAIN = "No answer from the kernel yet: asking again.";
const SILENT =
  "The kernel does not answer. After a long pause it needs a moment; if no answer comes, run this panel’s cell again.";
const NO_ANSWER = "No answer yet. If no cell is running, run this panel’s cell again.";

function render({ model, el, signal }) {
  const id = newId("panel");
  const begin = model.get("shown");
  const controls = model
    .get("controls")
    .map((spec, i) => (spec.options ? choice : slider)(spec, begin[spec.name], `${id}-${i}`, ask));
  const reset = button("Reset", { title: "back to the start values" });
  const refused = make("p", { id: `${id}-refused`, className: "ll-alert" }, { role: "alert" });
  const waiting = make("p", { className: "ll-wait" }, { role: "status" });
  const frame = make("div", { className: "ll-picture" });
  const larger = button("Larger picture", { className: "ll-button ll-larger" });
  const sideways = make("p", { className: "ll-larger" });
  const sentence = make("p", { className: "ll-sentence" });
  const dates = make("div", { className: "ll-dates" }); // when figures are from, and how old that is; not read out by itself
  const [line, age] = [make("p", {}), make("p", {})];
  dates.append(line, age);
  const how = computed(`${id}-how`, () => {
    next = next ?? { moves: {} };
    send();
  });
  const said = make("p", { className: "ll-said" }, { role: "status" });
  const [width, height] = model.get("size");
  Object.assign(frame.style, { maxWidth: `${width}px`, aspectRatio: `${width} / ${height}` });

  el.classList.add("leverage-lab", "ll-panel");
  const names = model
    .get("controls")
    .map((spec) => spec.label)
    .join(", ");
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", `panel: ${names}`);
  guardKeys(el, signal);
  controls.at(-1).row.append(reset);
  const hands = make("div", { className: "ll-hands" });
  const notes = make("div", { className: "ll-notes" });
  notes.append(refused, waiting);
  hands.append(...controls.map((control) => control.row), notes);
  const body = make("div", { className: "ll-body" }); // a page can lay out what is in a container, not the container
  body.append(hands, frame, larger, sideways, sentence, dates, how.button, how.region, said);
  el.append(body);

  // Double where the screen is dense, or the picture is shown larger than it is (present.js).
  const scale = () => (window.devicePixelRatio > 1.25 || frame.clientWidth > width ? 2 : 1);

  // Where the controls are: {name: {text, stop, exact}}; a typed value has no place until the kernel has read it.

  let at = begin;
  const stored = new Map();

  function key(places, dense = scale()) {
    const parts = controls.map(({ name }) => places[name]?.exact && (places[name].stop ?? places[name].text));
    return parts.every((part) => part !== false && part != null) ? [dense, ...parts].join("|") : null;
  }

  function store(shown, words, dated, steps, png, dense) {
    const state = { shown, words, dated, steps, image: png };
    if (png instanceof Element) {
      // A stand-in for the kernel has drawn it, and keeps what it stores.
      png.setAttribute("role", "img");
      png.setAttribute("aria-label", words);
      return state;
    }
    state.image = make("img", { width, height, alt: words, decoding: "sync" }); // decoded with the frame that shows it
    state.ready = new Promise((loaded) => (state.image.onload = state.image.onerror = loaded));
    state.image.src = dataUrl(png);
    if (key(shown, dense)) stored.set(key(shown, dense), state);
    if (stored.size > STORED) stored.delete(stored.keys().next().value);
    return state;
  }

  let picture = frame.appendChild(
    store(
      at,
      model.get("sentence"),
      model.get("dates"),
      model.get("computed"),
      model.get("picture"),
      model.get("scale"),
    ).image,
  );

  // Asking

  let asked = null; // the open question
  let next = null; // what to ask after it
  let moved = 0; // counts the moves
  let onScreen = 0; // the last of them that is on the screen
  let number = 0; // of the question asked last
  let hand; // the slider moved last
  let patience, telling;

  function ask(name, move, place) {
    next = next ?? { moves: {} };
    next.moves[name] = move;
    at = { ...at, [name]: place };
    moved += 1;
    clearTimeout(settle);
    clearTimeout(telling);
    const known = stored.get(key(at));
    if (known) {
      onScreen = moved;
      put(known, {});
      telling = setTimeout(send, TELL);
    } else send();
  }

  function send() {
    if (asked || !next || lost) return;
    if (el.closest(".jupyter-widgets-disconnected")) return onScreen < moved && end(); // reopened as it was saved
    asked = { ...next, ticket: [id, ++number], scale: scale(), open: how.open(), moved };
    next = null;
    const since = performance.now();
    const question = asked;
    tell(question);
    clearTimeout(patience);
    patience = setTimeout(function again() {
      complain(performance.now() - since);
      tell(question); // a kernel that has answered it before answers again, with the state of then
      if (!lost) patience = setTimeout(again, AGAIN);
    }, PATIENCE);
  }

  function tell(question) {
    try {
      model.send(question);
    } catch {
      end(); // this kernel, or the way to it, has been given up
    }
  }

  // What JupyterLab and Voilà know of the kernel; null: there is none; undefined: others do not say.
  const kernel = () => model.widget_manager?.kernel;
  const own = kernel()?.id;

  function complain(waited) {
    const now = kernel();
    if (now === null || (own && now.id !== own) || now?.status === "dead") return end();
    if (onScreen < moved) waiting.textContent = now ? why(now, waited) : unknown(waited);
  }

  function why({ connectionStatus, status }, waited) {
    if (connectionStatus !== "connected") return DOWN;
    if (status === "busy") return BUSY;
    return waited > LONG ? SILENT : ASKED_AGAIN;
  }

  const unknown = (waited) => model.get("slow") ?? (waited < LONG ? BUSY : NO_ANSWER); // a stand-in has its own words

  let looking = 0; // a question for pictures ahead is open
  const tried = new Set();

  function lookAhead() {
    if (looking || asked || next || lost || !at[hand?.name] || !model.get("ahead")) return;
    const found = around(at[hand.name].stop);
    if (!found.size) return;
    for (const state of found.keys()) tried.add(state);
    // If they get lost they may be asked for again, with the next move.
    looking = setTimeout(() => {
      looking = 0;
      for (const state of found.keys()) tried.delete(state);
    }, AGAIN);
    tell({ ahead: hand.name, stops: [...found.values()], open: how.open() });
  }

  // {key of a state that is not stored: stop} of the nearest such stops.
  function around(here) {
    const found = new Map();
    for (let step = 1; step <= AROUND && found.size < AT_ONCE; step++)
      for (const stop of [here + step, here - step]) {
        const state = hand.stops[stop] !== undefined && key({ ...at, [hand.name]: { stop, exact: true } });
        if (state && !stored.has(state) && !tried.has(state)) found.set(state, stop);
      }
    return found;
  }

  model.on("msg:custom", ({ ahead, scale }, pictures) => {
    for (const [i, state] of ahead.entries())
      store(state.shown, state.sentence, state.dates, state.computed, pictures[i], scale);
    clearTimeout(looking);
    looking = 0;
    lookAhead();
  });

  let lost = false;
  function end() {
    lost = true; // there is no way back: a new kernel knows nothing of this panel
    clearTimeout(patience);
    waiting.textContent =
      "The kernel of this panel has ended or was restarted: run its cell again, or choose Run → Run All Cells.";
  }
  model.on("comm_live_update", end);

  reset.onclick = () => {
    next = { reset: true, moves: {} };
    at = {};
    moved += 1;
    send();
  };

  // On a narrow page: the whole picture, or all of its size to be scrolled.
  larger.onclick = () => {
    const wide = frame.classList.toggle("ll-wide");
    larger.textContent = wide ? "Smaller picture" : "Larger picture";
    sideways.textContent = wide ? "Scroll the picture sideways to see all of it." : "";
    frame.tabIndex = wide ? 0 : -1;
  };

  // The density of the screen: other zoom, other screen; or another size of the picture.
  const density = window.matchMedia("(min-resolution: 1.26dppx)");
  const sharpen = () => {
    if (scale() === (asked?.scale ?? model.get("scale"))) return;
    next = next ?? { moves: {} };
    send();
  };
  density.addEventListener("change", sharpen, { signal });
  const size = new ResizeObserver(sharpen);
  size.observe(frame);

  // Showing

  let heard = model.get("sentence"); // what a screen reader has read out, or the first
  let settle;

  function put({ shown, words, dated, steps, image }, problems) {
    if (image !== picture) picture.replaceWith(image);
    picture = image;
    // A minus stays on the line of its dollars: browsers may break between the two signs.
    const parts = words.split(/([−+]\$[\d.,]*\d)/);
    sentence.replaceChildren(
      ...parts.map((part, i) => (i % 2 ? make("span", { className: "ll-whole", textContent: part }) : part)),
    );
    [line.textContent, age.textContent] = dated;
    how.put(steps);
    refused.textContent = Object.values(problems).join(" ");
    for (const control of controls) // not back to where it was, if it has been moved on
      if (!asked?.moves[control.name] && !next?.moves[control.name])
        control.put(shown[control.name], control.name in problems && refused.id);
    clearTimeout(settle);
    if (words !== heard) settle = setTimeout(say, SETTLED);
  }

  async function show() {
    const places = model.get("shown");
    const dense = model.get("scale");
    const steps = model.get("computed");
    const state =
      stored.get(key(places, dense)) ??
      store(places, model.get("sentence"), model.get("dates"), steps, model.get("picture"), dense);
    if (steps.length) state.steps = steps; // it may have been stored while they were not asked for
    const problems = model.get("refused");
    let when; // an answer, or a move from code: that one is older than the answer to an open question, and newer than what was there
    if (!asked) when = ++moved;
    else if (model.get("ticket").join() !== asked.ticket.join()) when = asked.moved - 0.5;
    else {
      when = asked.moved;
      asked = null;
      clearTimeout(patience);
      waiting.textContent = "";
      send();
    }
    if (!asked && !next) at = places;
    await state.ready;
    if (when < onScreen || signal?.aborted) return; // something newer is there
    onScreen = when;
    put(state, problems);
    lookAhead();
  }

  function say() {
    if (asked || next) return; // the answer comes here again
    said.textContent = heard = sentence.textContent;
  }

  for (const control of controls)
    control.row.addEventListener("focusin", () => {
      hand = control.stops && control;
      lookAhead();
    });
  model.on("change", show);
  const first = show();
  sharpen();
  return first.then(() => () => {
    size.disconnect();
    [settle, patience, telling, looking].forEach(clearTimeout);
  });
}

// How the number is computed: a button that opens the steps and a line of Python. They are asked for only while open.
function computed(id, ask) {
  const toggle = button("How is this computed?", { className: "ll-button ll-how" }, { "aria-controls": id });
  const region = make("div", { id, className: "ll-computed", hidden: true });
  const steps = make("ol", {});
  const code = make("code", {});
  const block = make("pre", { tabIndex: 0 }, { role: "group", "aria-label": "in Python" });
  const copy = button("Copy");
  const copied = make("span", {}, { role: "status" });
  let opening = false;
  block.append(code);
  region.append(steps, block, copy, copied);

  function put([python, ...lines]) {
    if (region.hidden) return;
    if (!python) return ask(); // stored while it was closed
    steps.replaceChildren(...lines.map((textContent) => make("li", { textContent })));
    if (code.textContent !== python) copied.textContent = "";
    code.textContent = python;
    if (opening) region.scrollIntoView({ block: "nearest" }); // it may lie below the screen
    opening = false;
  }
  toggle.onclick = () => {
    opening = region.hidden;
    region.hidden = !opening;
    toggle.setAttribute("aria-expanded", String(!region.hidden));
    if (opening) ask();
  };
  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied.textContent = "Copied: paste it into a cell.";
    } catch {
      window.getSelection().selectAllChildren(code);
      copied.textContent = "Selected: copy it with Ctrl+C.";
    }
  };
  toggle.setAttribute("aria-expanded", "false");
  return { button: toggle, region, put, open: () => !region.hidden };
}

// A number: a box to type in and a slider over its stops; both have the control's name.
function slider({ name, label, stops }, place, id, ask) {
  const box = make("input", { type: "text", id, className: "ll-box", autocomplete: "off", spellcheck: false });
  const range = make(
    "input",
    { type: "range", className: "ll-range", min: 0, max: stops.length - 1, step: 1 },
    { "aria-label": label },
  );
  if (stops.some((text) => text.length > 10)) box.classList.add("ll-long"); // $20,000,000
  const row = make("div", { className: "ll-row" });
  row.append(make("label", { htmlFor: id, className: "ll-label", textContent: label }), box, range);

  let kept = ""; // what the box showed before it was typed in
  function put({ text, stop }, problem) {
    if (problem) box.setAttribute("aria-describedby", problem);
    else box.removeAttribute("aria-describedby");
    box.setAttribute("aria-invalid", String(Boolean(problem)));
    const typing = document.activeElement === box && box.value !== kept;
    if (!problem && !typing) box.value = kept = text; // what somebody types is not taken away
    if (Number(range.value) !== stop) range.value = stop;
    range.setAttribute("aria-valuetext", text);
  }
  range.addEventListener("input", () => {
    const stop = Number(range.value);
    box.value = kept = stops[stop];
    range.setAttribute("aria-valuetext", stops[stop]);
    ask(name, { stop }, { text: stops[stop], stop, exact: true });
  });
  const enter = () => {
    kept = box.value;
    ask(name, { text: kept }, null);
  };
  box.addEventListener("change", () => box.value !== kept && enter());
  box.addEventListener("keydown", (event) => event.key === "Enter" && !event.repeat && enter());
  put(place);
  return { name, row, put, stops };
}

// One of a few words side by side, or of many in a list.
function choice({ name, label, options }, place, id, ask) {
  const row = make("div", { className: "ll-row" });
  if (options.length > 4) {
    const list = make("select", { id, className: "ll-box" });
    list.append(...options.map((option) => make("option", { value: option, textContent: option })));
    list.addEventListener("change", () => ask(name, { text: list.value }, { text: list.value, exact: true }));
    row.append(make("label", { htmlFor: id, className: "ll-label", textContent: label }), list);
    const put = ({ text }) => (list.value = text);
    put(place);
    return { name, row, put };
  }
  const group = make("div", { className: "ll-choice" }, { role: "radiogroup", "aria-labelledby": id });
  const radios = options.map((option) => {
    const radio = make("input", { type: "radio", name: id, value: option });
    radio.addEventListener("change", () => ask(name, { text: option }, { text: option, exact: true }));
    const words = make("label", {});
    words.append(radio, make("span", { textContent: option }));
    group.append(words);
    return radio;
  });
  row.append(make("span", { id, className: "ll-label", textContent: label }), group);
  const put = ({ text }) => {
    for (const radio of radios) radio.checked = radio.value === text;
  };
  put(place);
  return { name, row, put };
}

function dataUrl(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:image/png;base64,${btoa(text)}`;
}

export default { render };
