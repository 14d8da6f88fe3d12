// Cards without a kernel. How one looks and behaves is front/card.js; a stand-in for its model answers as Python does.
//
// Each kind below does what the class of the same name does when something is pressed (panelkit/cards.py and
// classroom/); its data, and how the card first looks, come from tools/book/cards.py.

import { asides } from "./aside.js";
import { render } from "./card.js";
import { make } from "./dom.js";
import { compared, judge, knowsGuess, readGuess, tell, verdictHtml } from "./judge.js";
import * as keep from "./keep.js";
import { load } from "./load.js";
import * as panels from "./panels.js";
import { chapterOf, KEPT, recordOf } from "./record.js";
import { escaped, html, MARKS, marked, plural, strip } from "./wording.js";

const PATIENCE = 1500; // ms for other numbers to load: later the card would say that a kernel is busy

// What card.js takes for a widget's model; `now` is its state.
export function standIn(state) {
  const now = { ...structuredClone(state), ticket: "" };
  const heard = { change: [], "msg:custom": [] };
  const card = {
    now,
    say: (words) => {
      now.says = { ...now.says, ...words };
    },
    changed: () => {
      for (const hear of heard.change) hear();
    },
    give: (file) => {
      for (const hear of heard["msg:custom"]) hear(file);
    },
    model: {
      get: (name) => now[name],
      on: (event, hear) => heard[event]?.push(hear),
      async send({ press, held, ticket }) {
        now.held = Object.fromEntries(Object.entries(held).filter(([name]) => name in now.held));
        try {
          await card.pressed(press, held);
        } finally {
          now.ticket = ticket;
          card.changed();
        }
      },
    },
  };
  return card;
}

// Each takes its data, its card and what lies around it, and gives what is done when something is pressed.
export const KINDS = { prediction, exercise, inventory, comparison, progress, audit, practice };

function prediction(data, card, { open }) {
  const stored = keep.get("predictions", data.id);
  const show = (isOpen, verdict = "") => {
    card.say({ verdict });
    card.now.hidden = isOpen ? ["guess", "hands", "veil"] : ["open"];
    open(isOpen);
  };
  const isGuessed = knowsGuess(data.options, stored);
  show(isGuessed, isGuessed ? compared(data, stored) : "");
  return (name, held) => {
    if (name === "skip") return show(true, html(tell(data)));
    if (name === "again") {
      card.now.held = { guess: "" };
      return show(false);
    }
    if (!strip(held.guess)) return card.say({ verdict: html("Make a guess first, or skip.") });
    const { guess, problem } = readGuess(data, held.guess);
    if (problem) return card.say({ verdict: html(problem) });
    const untold = keep.put("predictions", data.id, guess);
    show(true, compared(data, guess) + html(untold));
  };
}

const seen = new Map(); // {section and id: how many hints were shown}

// What is stored of an exercise: {state, first, draws}; throws if it does not come.
async function known(id, context) {
  if (!globalThis.leverageLabExercises?.[id]) await load(`${context.base}cards/${id}.js`);
  const found = globalThis.leverageLabExercises?.[id];
  if (!found) throw new Error(`nothing of ${id}`);
  return found;
}

// The same, or undefined if it takes too long: then the next press finds it.
const soon = (id, context) =>
  Promise.race([known(id, context), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);

const LATE = "Other numbers are on their way: press again in a moment.";

const sameNumbers = (a, b) => {
  const names = Object.keys(a ?? {});
  return (
    names.length === Object.keys(b).length && names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))
  );
};

const another = (draws, numbers) => random(draws.filter((draw) => !sameNumbers(draw.numbers, numbers)));

const random = (list) => list[Math.floor(Math.random() * list.length)];

function exercise(data, card, { context }) {
  const { id, kept } = data;
  let now = data.first; // the numbers, the task and the words of the question
  let verdict;
  let judgedLast = "";
  const answer = (typed) => {
    verdict = judge(now.task, typed);
    const { solved } = tried();
    if (verdict.kind === "missing" && solved) {
      const again = data.drawn ? "Answer again if you like, or draw new numbers." : "You can try it again here.";
      verdict = { kind: "before", text: `Solved before. ${again}` };
    }
    if (["missing", "before", "unreadable"].includes(verdict.kind)) return "";
    return keep.change(`${kept}exercises`, id, (old) => {
      const entry = keep.tried(old);
      return { ...entry, tries: entry.tries + 1, solved: entry.solved || verdict.kind === "right" };
    });
  };
  const tried = () => keep.tried(keep.get(`${kept}exercises`, id));
  const hint = () => {
    const { hints } = now.task;
    const number = Math.min(seen.get(kept + id) ?? 0, hints.length - 1) + 1;
    seen.set(kept + id, number);
    keep.change(`${kept}hints`, id, (old) => Math.max(Number.isInteger(old) ? old : 0, number));
    return html(`Hint ${number} of ${hints.length}: ${hints[number - 1]}`);
  };
  const redraw = async () => {
    let found;
    try {
      found = await soon(id, context);
    } catch {
      return card.say({
        more: html("Other numbers could not be loaded. The exercise stays as it is; try again later."),
      });
    }
    if (!found) return card.say({ more: html(LATE) });
    now = another(found.draws, now.numbers);
    seen.delete(kept + id);
    judgedLast = "";
    const problem = keep.put(`${kept}numbers`, id, now.numbers);
    card.now.held = { answer: "" };
    card.say({ ...now.says, verdict: html(`New numbers, same question.\n\n${problem}`), more: "" });
  };
  // The numbers drawn last come back, if the book has them.
  const recall = async (stored) => {
    try {
      const found = (await known(id, context)).draws.find((draw) => sameNumbers(stored, draw.numbers));
      if (!found || now !== data.first) return;
      now = found;
      card.say(now.says);
    } catch {
      card.say({ more: html("The numbers that you had drawn could not be loaded: these are the first ones.") });
    }
    card.changed();
  };
  answer("");
  card.say({ ...now.says, verdict: verdictHtml(verdict) });
  const stored = keep.get(`${kept}numbers`, id);
  if (data.drawn && stored && !sameNumbers(stored, now.numbers)) recall(stored);
  return (name, held) => {
    if (name === "new") return redraw();
    if (name === "hint") return card.say({ more: hint() });
    if (name === "solution") return card.say({ more: html(now.task.steps) });
    const typed = strip(held.answer);
    const problem = typed !== judgedLast || !typed ? answer(typed) : ""; // the same once more is no new attempt
    judgedLast = typed;
    card.say({ verdict: verdictHtml(verdict) + html(problem) });
  };
}

// The stored answers {item id: words}; what is damaged or of another version of the questions is left out.
function answered(items, stage) {
  const stored = Object.entries(keep.get("inventory", stage) ?? {});
  const known = Object.fromEntries(items.map(({ id, options }) => [id, options]));
  return Object.fromEntries(stored.filter(([id, words]) => known[id]?.includes(words)));
}

function inventory({ items, stage, then }, card) {
  const stored = answered(items, stage);
  const count = Object.keys(stored).length;
  const lead = "Each answer is stored as soon as you choose it; you can change it later.";
  card.now.held = Object.fromEntries(items.map(({ id }) => [id, stored[id] ?? ""]));
  card.say({ lead: html(count ? `${lead} ${plural(count, "answer is", "answers are")} already stored.` : lead) });
  return (name, held) => {
    const problem = keep.put("inventory", stage, { ...answered(items, stage), [name]: held[name] });
    const now = Object.keys(answered(items, stage)).length;
    const rest = now < items.length ? ` ${items.length - now} still open.` : "";
    card.say({ said: html(problem || `Stored: ${now} of ${items.length} answers.${rest} ${then}`) });
  };
}

// A row of headings, then for each block a row across all columns and one with a cell per heading.
function table(head, blocks, widths = []) {
  const columns = head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join("");
  const rows = blocks.map(
    ([over, ...cells]) =>
      `<tr><td colspan="${head.length}">${escaped(over)}</td></tr>` +
      `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`,
  );
  const columnsWide = widths.map((width) => `<col style="width: ${width}">`).join("");
  const wide = columnsWide && `<colgroup>${columnsWide}</colgroup>`;
  const made = `<table>${wide}<thead><tr>${columns}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return made.replaceAll(" %", "\u00a0%");
}

function comparison({ items, stages }, card) {
  const behind = ({ options, ideas }, words) => ideas[options.indexOf(words)] ?? "";
  const cell = (item, words, isJudged) => {
    if (words === undefined) return "–";
    const idea = behind(item, words);
    if (isJudged && idea) return `${words} ${MARKS.wrong} “${idea}”`;
    return isJudged && words === item.right ? `${words} ${MARKS.right}` : words;
  };
  const any = (answers) => Object.keys(answers).length > 0;
  const score = (stage, answers) => {
    const right = items.filter((item) => answers[item.id] === item.right).length;
    const open = items.length - Object.keys(answers).length;
    return `${stage[0].toUpperCase()}${stage.slice(1)}: ${right} of ${items.length} right${open ? `, ${open} not answered` : ""}.`;
  };
  const lines = (given, latest) => {
    const said = any(latest) ? given.filter(([, answers]) => any(answers)).map((one) => score(...one)) : [];
    const missing = given.filter(([, answers]) => !any(answers)).map(([stage]) => stage);
    if (missing.length === stages.length - 1)
      said.push(`No answers are stored as “${missing[0]}”, so there is nothing to compare with yet.`);
    if (any(latest)) {
      const left = items.map((item) => behind(item, latest[item.id])).filter(Boolean);
      said.push(
        left.length
          ? `Ideas to look at again: ${left.join("; ")}.`
          : "None of the listed misconceptions is among your answers.",
        "Knowing it here is one thing; acting on it while the price moves is another.",
      );
    }
    return said.join(" ");
  };
  const compare = () => {
    const given = stages.map((stage) => [stage, answered(items, stage)]);
    const latest = Object.assign({}, ...given.slice(1).map(([, answers]) => answers));
    const shown = items.filter(({ id }) => given.some(([, answers]) => id in answers));
    if (!shown.length)
      return card.say({
        both: html("No answers are stored yet: chapter 0 asks the questions before the course, chapter 8 after it."),
      });
    const sets = given.filter(([stage, answers]) => stage !== "later" || any(answers));
    const blocks = shown.map((item) => {
      const cells = sets.map(([stage, answers]) => cell(item, answers[item.id], stage !== "before" || any(latest)));
      const where = `(chapter\u00a0${item.chapter})`;
      return [item.ask, ...cells, item.id in latest ? `${item.right} ${where}` : `answer it again first ${where}`];
    });
    const head = [...sets.map(([stage]) => stage), "the answer"];
    card.say({ both: html(lines(given, latest)) + table(head, blocks) });
  };
  compare();
  return compare;
}

function progress(data, card) {
  const place = (id) => (data.last.includes(id) ? " (in chapter 8)" : "");
  const count = () => {
    const { sections, problem } = keep.load();
    const predictions = Object.fromEntries(data.chapters.flatMap((chapter) => Object.entries(chapter.predictions)));
    const exercises = data.chapters.flatMap((chapter) => chapter.exercises);
    const guesses = Object.entries(sections.predictions ?? {});
    const guessed = new Set(
      guesses.filter(([id, guess]) => id in predictions && knowsGuess(predictions[id], guess)).map(([id]) => id),
    );
    const begun = new Set(exercises.filter((id) => Object.hasOwn(sections.exercises ?? {}, id)));
    const solved = new Set([...begun].filter((id) => keep.tried(sections.exercises[id]).solved));
    const inventory = (stage) => Object.keys(answered(data.items, stage)).length;
    const rows = [
      ["predictions made", guessed.size, Object.keys(predictions).length],
      ["exercises solved", solved.size, exercises.length],
      ...data.stages
        .map((stage) => [`inventory answered, ${stage}`, inventory(stage), data.items.length])
        .filter(([name, given]) => given || !name.endsWith("later")), // nobody has missed anything by not coming back yet
      ["claims decided", Object.keys(decided(data.claims)).length, data.claims.length],
    ];
    const chapters = data.chapters.map(({ number, predictions, exercises }) => {
      const asked = Object.keys(predictions);
      const isBegun = asked.some((id) => guessed.has(id)) || exercises.some((id) => begun.has(id));
      const open = exercises.filter((id) => isBegun && !solved.has(id)).map((id) => `\`${id}\`${place(id)}`);
      const part = (ids, done) => `${ids.filter((id) => done.has(id)).length} of ${ids.length}`;
      return [number, part(asked, guessed), part(exercises, solved), open.join(", ")];
    });
    const hunts = data.chapters.flatMap(({ hunts }) => hunts).filter((id) => !solved.has(id)).length;
    return { tables: [rows, chapters], hunts, problem };
  };
  const show = () => {
    const { tables, hunts, problem } = count();
    const shown = tables.map((rows, i) => {
      const top = data.heads[i]
        .slice(0, 3)
        .map((cell) => (cell ? `<th scope="col">${escaped(cell)}</th>` : "<td></td>"));
      const body = rows.map(([name, so, of, open = ""]) => {
        const more = open && `<tr><td></td><td colspan="2">${html(`still open: ${open}`)}</td></tr>`;
        return `<tr><th scope="row">${escaped(name)}</th><td>${so}</td><td>${of}</td></tr>${more}`;
      });
      return `<table><tr>${top.join("")}</tr>${body.join("")}</table>`;
    });
    const elsewhere = hunts
      ? `Bug hunts among the exercises still to solve: ${hunts}. They need Python, so they are done in the notebooks.`
      : "";
    card.say({ tables: shown.join("") + html(elsewhere) + html(problem) });
  };
  show();
  keep.onChange(() => {
    show();
    card.changed();
  });
  return (name, held) => {
    if (name === "restore") return card.say({ said: html(keep.restore(held.restore)) });
    card.give({ name: keep.NAME, text: keep.text() });
    card.say({ said: html(`${keep.NAME} is in your browser's download folder.`) });
  };
}

const VERDICTS = ["holds", "holds with a condition", "outdated", "wrong", "advice"];

// The stored verdicts {claim id: verdict}.
function decided(claims) {
  const stored = keep.load().sections.claims ?? {};
  const ids = claims.map((claim) => claim.id ?? claim).filter((id) => VERDICTS.includes(stored[id]));
  return Object.fromEntries(ids.map((id) => [id, stored[id]]));
}

function audit({ claims, head, widths }, card) {
  const ids = claims.map(({ id }) => id);
  const at = (id) => ids.indexOf(id);
  const count = () => Object.keys(decided(claims)).length;
  const nextOpen = (id) => {
    const mine = decided(claims);
    return [...ids.slice(at(id) + 1), ...ids.slice(0, at(id) + 1)].find((one) => !(one in mine)) ?? ids[0];
  };
  const show = (id) => {
    const mine = decided(claims);
    const claim = claims[at(id)];
    card.now.held = { chosen: id, shown: id, verdict: mine[id] ?? "" };
    card.say({
      chosen: claims.map((one) => `${one.id} ${one.id in mine ? "●" : "○"} ${one.short}`),
      claim: html(`The ${claim.article} article says:\n**${claim.told}**`),
      count: html(`${count()} of ${ids.length} decided.`),
    });
  };
  const beside = (yours, ours) => {
    if (yours === ours) return ["right", "same"];
    const nearly = [yours, ours].sort().join() === "holds,holds with a condition";
    return nearly ? ["close", "nearly"] : ["wrong", "differs"];
  };
  const compare = () => {
    const mine = decided(claims);
    const done = claims.filter(({ id }) => id in mine);
    if (!done.length) return html("Nothing is decided yet: one claim is enough to begin with.");
    const looks = done.map((claim) => beside(mine[claim.id], claim.verdict));
    const [same, close] = ["right", "close"].map((wanted) => looks.filter(([look]) => look === wanted).length);
    let said = `${done.length} of ${ids.length} decided, ${same} of them like the audit.`;
    if (close)
      said += ` In ${close} you differ only on whether a condition must be named, and that is a matter of taste.`;
    if (same + close < done.length)
      said += " Where you differ, read the sentence and check it: the audit may be wrong, too.";
    const blocks = done.map((claim, i) => [
      `${claim.id} · ${marked(...looks[i])} · ${claim.told}`,
      mine[claim.id],
      claim.verdict,
      claim.sentence,
    ]);
    return html(said) + table(head, blocks, widths);
  };
  show(nextOpen(ids.at(-1)));
  return (name, held) => {
    const here = at(held.shown);
    if (name === "compare") card.say({ beside: compare() });
    else if (name === "verdict") {
      const problem = keep.put("claims", held.shown, held.verdict);
      show(held.shown);
      card.say({ beside: "", count: html(problem || `Stored. ${count()} of ${ids.length} decided.`) });
    } else if (name === "chosen") show(held.chosen);
    else if (name === "previous") show(ids.at(here - 1));
    else if (name === "next") show(ids[(here + 1) % ids.length]);
    else show(nextOpen(held.shown));
  };
}

const ROUND = 10; // exercises at most
const ROUNDS = "practice round";

function shuffled(list) {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

function practice(data, card, { context, below }) {
  const { key, lead, ids, hunts } = data;
  const isHunt = (id) => hunts.includes(id);
  const show = (row, words, entry) => {
    card.say({ lead: html(words) });
    card.now.hidden = data.rows.filter((name) => name !== row);
    below(entry);
  };
  // Of bug hunts only open ones, in chapters where another one is solved.
  const chosen = () => {
    const record = recordOf();
    const solved = (id) => record.of(id, [""]).solved;
    const hunted = new Set(ids.filter((id) => isHunt(id) && solved(id)).map(chapterOf));
    const fit = ids.filter((id) => !isHunt(id) || (hunted.has(chapterOf(id)) && !solved(id)));
    const ranked = shuffled(fit).map((id) => [...record.why(id), id]);
    const best = shuffled(ranked.sort(([a], [b]) => a - b).slice(0, ROUND));
    return { ids: best.map(([, , id]) => id), why: best.map(([, why]) => why), at: 0 };
  };
  const stored = () => {
    const { ids: these, why, at } = keep.get(ROUNDS, key) ?? {};
    const whole = Array.isArray(these) && Array.isArray(why) && why.length === these.length;
    if (!whole || !Number.isInteger(at) || at < 0 || at >= these.length) return null;
    return these.every((id) => ids.includes(id)) ? { ids: these, why: why.map(String), at } : null;
  };
  let round = stored();
  // The exercise that is next; anew: with new numbers, and nothing done yet.
  const ask = async (anew, told) => {
    const id = round.ids[round.at];
    let problem = told;
    let where = `Exercise ${round.at + 1} of ${round.ids.length}, from chapter ${chapterOf(id)}. It is here because ${round.why[round.at]}.`;
    if (isHunt(id)) {
      where += ` It is a bug hunt: fix the function in the chapter's notebook, at \`check("${id}", …)\`.`;
      return show("under way", `**Practice.** ${where} ${problem}`);
    }
    let found;
    try {
      found = await soon(id, context);
    } catch {
      return show("resume", "This exercise could not be loaded. Your round is kept: try again later.");
    }
    if (!found) return show("resume", "The exercise is on its way: press Continue in a moment.");
    if (anew) {
      const before = keep.get(`${KEPT}numbers`, id) ?? found.first.numbers;
      keep.put(`${KEPT}exercises`, id, null);
      keep.put(`${KEPT}hints`, id, null);
      seen.delete(KEPT + id);
      problem = keep.put(`${KEPT}numbers`, id, another(found.draws, before).numbers) || problem;
    }
    const { first, state } = found;
    show("under way", `**Practice.** ${where} ${problem}`, {
      kind: "exercise",
      id,
      kept: KEPT,
      drawn: true,
      first,
      state,
    });
  };
  const counted = () => {
    const record = recordOf();
    const done = round.ids.map((id) => [id, record.of(id, [isHunt(id) ? "" : KEPT])]);
    const solved = done.filter(([, { solved }]) => solved);
    const atOnce = solved.filter(([, { tries, hints }]) => tries === 1 && !hints).length;
    const left = done.filter(([, { solved }]) => !solved).map(([id]) => `\`${id}\``);
    const without = solved.length ? `, ${atOnce} on the first try and without a hint` : "";
    const still = left.length ? ` Still open: ${left.join(", ")}.` : "";
    return `**The round is over.** You solved ${solved.length} of ${done.length}${without}.${still}`;
  };
  if (round) show("resume", `${lead} Your round is at exercise ${round.at + 1} of ${round.ids.length}.`);
  else {
    const nothing = " None of your work is stored yet, so this round is drawn from all exercises.";
    show("begin", lead + (recordOf().begun.size ? "" : nothing));
  }
  return (name) => {
    if (name === "new") round = chosen();
    else if (name === "next") round.at += 1;
    const isOver = round.at >= round.ids.length;
    const problem = keep.put(ROUNDS, key, isOver ? null : round);
    if (isOver) return show("end", `${counted()} ${problem}`);
    return ask(name !== "resume", problem);
  };
}

const HOLDS = ["prediction", "practice"]; // something below the card

// Replace el's content by the live card.
export function card(el, data, context) {
  const still = el.querySelector("img");
  let stop = () => {};
  const start = () => {
    stop();
    const leaving = new AbortController();
    const face = make("div");
    const panel = make("div");
    const outer = HOLDS.includes(data.kind) ? make("div", { className: "leverage-lab" }) : face;
    if (outer !== face) outer.append(face);
    el.replaceChildren(outer);
    const open = (isOpen) => {
      if (!isOpen) return panel.remove();
      outer.append(panel);
      if (panel.firstChild) return;
      if (still) panel.append(still.cloneNode());
      panels.panel(panel, data.panel, context);
    };
    const below = (entry) => {
      panel.remove();
      if (!entry) return;
      outer.append(panel);
      card(panel, entry, context);
    };
    const made = standIn(data.state);
    made.pressed = KINDS[data.kind](data, made, { open, below, context });
    const end = render({ model: made.model, el: face, signal: leaving.signal });
    if (data.kind === "progress") face.append(asides(made.give));
    stop = () => {
      end();
      leaving.abort();
    };
  };
  start();
  if (data.kind !== "progress") keep.onChange((restored) => restored && start());
}
