// The front end of a card (page.py, class Card): words, text boxes, radio buttons and buttons, one below the other.
//
// One message asks: what was pressed, and what stands in the boxes at that moment. One message answers.
// A question without an answer is sent again under the same ticket, and the kernel heeds a ticket once:
// so a tap is lost neither by a fast hand nor by a link that was cut for a moment.

import { button, guardKeys, isCommand, make, newId } from "./dom.js";

const PATIENCE = 2000; // ms without an answer until we say so and ask again
const LONG = 20000; // ms without an answer until we say what may help
const LARGEST = 5_000_000; // bytes of a file; a learner's has some thousands

const BUSY = "The kernel is busy: it will answer when it is done.";
const SILENT =
  "The kernel has not answered yet. After a long pause it needs a moment. If no answer comes, run this card’s cell again: what you typed will come back.";
const STORED =
  "This card shows what was saved: run its cell, or choose Run → Run All Cells. What you typed will come back.";
const LOST =
  "The kernel was restarted, and this card belongs to the old one: run its cell again, or choose Run → Run All Cells. What you typed will come back.";

let count = 0;

function render({ model, el, signal }) {
  const id = newId("card");
  const rows = []; // [name, element] of the parts, from the top
  const inputs = {}; // {name: {get, put, kept: true if what stands there waits for a button}}
  const words = {}; // {name: puts words}
  const wait = make("p", { className: "ll-wait" }, { role: "status" });

  const kinds = {
    words({ name, status, look }) {
      const line = make(
        "div",
        { className: `ll-line ${status ? "ll-status" : ""} ${look ?? ""}`, tabIndex: -1 },
        status ? { role: "status" } : {},
      );
      // The element stays: only so does a screen reader read its new words. So does what is open in it.
      words[name] = (text) => {
        const open = [...line.querySelectorAll("details")].map((one) => one.open);
        line.innerHTML = text;
        for (const [i, one] of line.querySelectorAll("details").entries()) one.open = open[i] ?? false;
      };
      return line;
    },
    row({ parts }) {
      const row = make("div", { className: "ll-row" });
      for (const part of parts) {
        within[part.name] = build(part);
        row.append(within[part.name]);
      }
      return row;
    },
    button({ name, words }) {
      const made = button(words, { className: `ll-button ll-${name}` });
      made.addEventListener("click", () => press(name));
      return made;
    },
    box({ name, label, example, enter }) {
      const box = make("input", {
        type: "text",
        id: `${id}-${name}`,
        className: "ll-box",
        placeholder: example ?? "",
        autocomplete: "off",
        spellcheck: false,
      });
      box.addEventListener("input", keepDraft);
      box.addEventListener(
        "keydown",
        (event) => event.key === "Enter" && !event.isComposing && !isCommand(event) && press(enter),
      );
      inputs[name] = { get: () => box.value, put: (value) => (box.value = value), kept: true };
      const field = make("span", { className: "ll-field" });
      field.append(make("label", { htmlFor: box.id, textContent: label }), box);
      return field;
    },
    radios({ name, label, options, pressing }) {
      const group = make(
        "div",
        { className: "ll-options" },
        { role: "radiogroup", "aria-labelledby": `${id}-${name}` },
      );
      group.append(make("div", { id: `${id}-${name}`, innerHTML: label }));
      const circles = options.map(([value, text]) => {
        const circle = make("input", { type: "radio", name: `${id}-${name}`, value });
        circle.addEventListener("change", () => (pressing ? press(name) : keepDraft()));
        const line = make("label", {});
        line.append(circle, make("span", { textContent: text }));
        group.append(line);
        return circle;
      });
      words[name] = (texts) => {
        for (const [i, text] of Object.entries(texts)) circles[i].nextSibling.textContent = text;
      };
      const get = () => circles.find((circle) => circle.checked)?.value ?? "";
      inputs[name] = {
        get,
        put: (value) => {
          for (const circle of circles) circle.checked = circle.value === value;
        },
        kept: !pressing,
      };
      return group;
    },
    list({ name, label, options }) {
      const list = make("select", { id: `${id}-${name}`, className: "ll-box" });
      list.append(...options.map((value) => make("option", { value })));
      list.addEventListener("change", () => press(name));
      words[name] = (texts) => {
        for (const [i, text] of Object.entries(texts)) list.options[i].textContent = text;
      };
      inputs[name] = { get: () => list.value, put: (value) => (list.value = value) };
      const field = make("span", { className: "ll-field" });
      field.append(make("label", { htmlFor: list.id, textContent: label }), list);
      return field;
    },
    file({ name, words }) {
      const file = make("input", { type: "file", accept: ".json,application/json", hidden: true });
      const choose = button(words);
      choose.addEventListener("click", () => file.click());
      file.addEventListener("change", async () => {
        const [chosen] = file.files;
        if (!chosen) return;
        const large =
          chosen.size > LARGEST &&
          `${chosen.name} is too large for a progress file (${Math.round(chosen.size / 1e6)} MB). Your progress has not changed.`;
        const text = large ? "" : await chosen.text();
        file.value = ""; // so that the same file can be chosen again
        if (large) say(large);
        else press(name, { [name]: text });
      });
      const field = make("span", { className: "ll-field" });
      field.append(choose, file);
      return field;
    },
  };
  const within = {}; // {name: element} of the parts of rows
  const build = (part) => kinds[part.kind](part);

  el.classList.add("ll-ask", ...model.get("look"));
  for (const part of model.get("parts")) rows.push([part.name, build(part)]);
  el.append(...rows.map(([, row]) => row), wait);

  // Asking

  const asked = []; // what was pressed and is not answered, the first of them sent
  let lost = ""; // a sentence, once there is no kernel that knows this card
  let since, again;

  const held = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.get()]));
  const say = (text) => {
    if (wait.textContent === text) return;
    ([...el.children].find((row) => row.contains(document.activeElement)) ?? el.lastChild).after(wait);
    wait.textContent = text;
  };

  const alone = () => lost || (el.classList.contains("jupyter-widgets-disconnected") && STORED);

  function press(name, more = {}) {
    if (alone()) return refuse();
    const question = { press: name, held: { ...model.get("held"), ...held(), ...more } };
    const { ticket, ...last } = asked.at(-1) ?? {};
    if (JSON.stringify(question) === JSON.stringify(last)) return; // tapped twice
    asked.push({ ...question, ticket: `${id}-${++count}` });
    if (asked.length === 1) ask();
  }

  function ask() {
    since = Date.now();
    send();
  }

  function send() {
    clearTimeout(again);
    if (lost || !asked.length) return;
    if (Date.now() - since >= PATIENCE) say(Date.now() - since < LONG ? BUSY : SILENT);
    model.send(asked[0]);
    again = setTimeout(send, PATIENCE);
  }

  model.on("comm_live_update", () => {
    lost = LOST; // there is no way back: a new kernel knows nothing of this card
    clearTimeout(again);
    refuse();
    stale();
  });

  // Nobody hears: say so, and let no circle stand as if it had been stored.
  function refuse() {
    say(alone());
    for (const [name, input] of Object.entries(inputs)) if (!input.kept) input.put(model.get("held")[name] ?? "");
  }

  // Showing

  const shown = {}; // {name: the words that stand there}

  function put() {
    const inHand = el.contains(document.activeElement);
    putWords(model.get("says"));
    putRows(model.get("hidden"));
    if (asked.length && model.get("ticket") === asked[0].ticket) answered();
    if (!inHand || el.contains(document.activeElement)) return;
    // The part with the keyboard has gone: the focus goes to an input, or to what was said.
    const next = el.querySelector("input[type=text], input[type=radio]") ?? el.querySelector(".ll-status");
    next?.focus({ preventScroll: true });
  }

  function putWords(says) {
    for (const [name, change] of Object.entries(words)) {
      const text = JSON.stringify(says[name] ?? "");
      if (shown[name] !== text) change(says[name] ?? "");
      shown[name] = text;
    }
  }

  function putRows(hidden) {
    for (const [name, part] of Object.entries(within)) part.hidden = hidden.includes(name);
    let above;
    for (const [name, row] of rows) {
      if (hidden.includes(name)) {
        row.remove();
        continue;
      }
      if (!row.isConnected && above) above.after(row);
      else if (!row.isConnected) el.prepend(row);
      above = row;
    }
  }

  function answered() {
    const question = asked.shift();
    cameBack = false;
    clearTimeout(again);
    wait.textContent = "";
    for (const [name, input] of Object.entries(inputs)) // what has been typed meanwhile is not taken away
      if (input.get() === question.held[name]) input.put(model.get("held")[name] ?? "");
    keepDraft();
    if (asked.length) ask();
  }

  model.on("change", put);

  // A file to take along.
  model.on("msg:custom", ({ name, text, type = "application/json" }) => {
    const link = make("a", {
      href: URL.createObjectURL(new Blob([text], { type })),
      download: name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });

  // What is typed and not yet heard outlives this card: its cell is run again, its page loaded again.

  const draft = `leverage-lab ${model.get("name")}`;
  const unheard = () =>
    Object.entries(held()).filter(([name, value]) => inputs[name].kept && value !== (model.get("held")[name] ?? ""));

  function keepDraft() {
    const typed = unheard();
    try {
      typed.length
        ? sessionStorage.setItem(draft, JSON.stringify(Object.fromEntries(typed)))
        : sessionStorage.removeItem(draft);
    } catch {
      // no storage here: then it lasts as long as the card
    }
    stale();
  }

  // No old verdict stands below what has come back and was not judged, nor below what nobody will judge.
  let cameBack = false;
  function stale() {
    el.classList.toggle("ll-stale", Boolean((cameBack || alone()) && unheard().length));
  }

  put();
  for (const [name, input] of Object.entries(inputs)) input.put(model.get("held")[name] ?? "");
  try {
    const typed = Object.entries(JSON.parse(sessionStorage.getItem(draft)) ?? {});
    for (const [name, value] of typed) if (inputs[name]?.kept) inputs[name].put(value);
  } catch {
    // none, or not ours
  }
  cameBack = unheard().length > 0;
  stale();

  guardKeys(el, signal);
  return () => clearTimeout(again);
}

export default { render };
