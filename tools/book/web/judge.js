// The judge of exercises and predictions for what is typed: practice.py in JavaScript.
//
// A task's numbers, its usual wrong answers and their sentences come as data (tools/book/cards.py). What Python says
// of the same answer, this says too: tests/project/test_book_judge.py feeds both thousands.

import { asked, judged, readings, rounded, sentence, shorten, show, strip } from "./wording.js";

const TOLERANCE = 0.005;
const CLOSE = 0.05;
const THREE_DIGITS = "to three digits";

const near = (right, value, tolerance) =>
  Math.abs(value - right) <= tolerance * Math.abs(right) + (right === 0 ? 1e-12 : 0);

// {values: possible readings, the likeliest first} or {problem: what is wrong with the answer}.
function meant(answer, unit) {
  const ask = `please type ${asked(unit)}`;
  const shown = shorten(strip(answer), 40);
  const found = readings(answer);
  if (!found.length) return { problem: shown ? `${ask} (you typed “${shown}”)` : ask };
  const typed = found[0][1].toUpperCase();
  const wanted = unit.toUpperCase();
  const short = { times: "X", hours: "H" }[unit] ?? wanted;
  if (!["", wanted, wanted.replace(/S$/, ""), short].includes(typed))
    return { problem: `${ask} (you typed “${shown}”, which has another unit)` };
  const values = found.map(([value]) => value);
  return { values: unit === "%" && !typed ? [...values.map((value) => value / 100), ...values] : values };
}

// {kind, text} of what was typed.
export function judge(task, typed) {
  if (!typed)
    return {
      kind: "missing",
      text: `Not answered yet: ${task.options ? "choose one" : "type your answer in the box"}.`,
    };
  try {
    return task.options ? judgeChoice(task, typed) : judgeNumber(task, typed);
  } catch {
    return { kind: "unreadable", text: "This answer could not be read (ValueError). A plain number is enough." };
  }
}

const LOOKS = { right: "right", before: "right", close: "close", known: "wrong", wrong: "wrong" };

export const verdictHtml = ({ kind, text }) => judged(LOOKS[kind], text);

function judgeNumber(task, answer) {
  const { values: found, problem } = meant(answer, task.unit);
  if (problem) return { kind: "unreadable", text: sentence(problem) };
  let values = task.eitherSign ? found.map(Math.abs) : found;
  if (values.some((value) => match(task, value) === task)) return { kind: "right", text: `Right: ${task.shown}.` };
  const whole = !/[.,/]/.test(answer);
  if (whole || rounds(task.answer, values[0], task.unit)) values = values.slice(0, 1); // 1 is 1 %, not 100 %
  const value = values.find((value) => match(task, value)) ?? values[0];
  const [kind, text] = notRight(task, value, match(task, value), `You answered ${show(value, task.unit)}.`);
  return { kind, text };
}

function notRight(task, value, wrong, given) {
  const isRounded = rounds(task.answer, value, task.unit);
  const close = ["close", `Close. ${given} Give it ${task.to}.`];
  if (isRounded && task.to !== THREE_DIGITS && !(wrong && near(wrong.gives, value, 1e-6))) return close;
  if (wrong) return ["known", `Not yet. ${given} ${wrong.why}`];
  if (near(-task.answer, value, task.tolerance))
    return ["known", `Not yet. ${given} The size is right, the sign is not.`];
  const factor = offBy(task, value);
  if (factor) {
    const look = task.percentAsked ? "the percent sign and the zeros" : "the zeros";
    return ["known", `Not yet. ${given} That is off by a factor of ${factor}: look at ${look}.`];
  }
  if (isRounded) return close;
  if (near(task.answer, value, CLOSE))
    return ["close", `Close. ${given} That is more than a rounding difference: go through the steps again.`];
  if (task.answer * value < 0) return ["wrong", `Not yet. ${given} The sign is not right either. A hint may help.`];
  const size = Math.abs(value) < Math.abs(task.answer) ? "small" : "large";
  return ["wrong", `Not yet. ${given} That is too ${size}. A hint may help.`];
}

// What the value is: the task itself if it is right, the wrong answer that gives it, or undefined.
function match(task, value) {
  let nearest = task;
  for (const wrong of task.wrong)
    if (Math.abs(wrong.gives - value) < Math.abs((nearest.gives ?? nearest.answer) - value)) nearest = wrong;
  const goal = nearest.gives ?? nearest.answer;
  if (near(nearest.asShown, value, 1e-9)) return nearest; // as the worked solution shows it
  if (nearest === task) {
    const reach = Math.max(task.tolerance * Math.abs(goal), task.step);
    return Math.abs(value - goal) <= reach * (1 + 1e-9) ? task : undefined;
  }
  const cents = task.unit === "$" && value !== 0 && value === rounded(goal, 2);
  const roundedOff = near(goal, value, 2 * task.tolerance) && rounds(goal, value, task.unit);
  return cents || roundedOff || near(goal, value, task.tolerance / 5) ? nearest : undefined;
}

// True if `value` is `answer` truncated or rounded to the digits it has, but at least two.
function rounds(answer, value, unit) {
  const [goal, given] = unit === "%" ? [100 * answer, 100 * value] : [answer, value];
  if (!Number.isFinite(given)) throw new RangeError("beyond what a float can hold");
  const [digits, power] = Math.abs(given).toExponential(12).split("e");
  const kept = Math.max(2, digits.replace(".", "").replace(/0+$/, "").length);
  const step = Number(`1e${Number(power) - kept + 1}`);
  const less = Math.abs(goal) - Math.abs(given);
  const truncated = less >= 0 && less < step * (1 - 1e-9);
  return goal * given > 0 && (truncated || Math.abs(goal - given) <= (step / 2) * (1 + 1e-9));
}

// The power of ten by which the value is off, or undefined.
const offBy = (task, value) =>
  [100, 1000, 10].find((factor) =>
    [1 / factor, factor].some((scale) => near(task.answer, value * scale, task.tolerance)),
  );

// Options come as their letter.
function judgeChoice(task, letter) {
  const chosen = task.options[letter];
  if (chosen === task.answer) return { kind: "right", text: `Right: ${chosen}.` };
  return { kind: "known", text: `Not yet. You answered “${chosen}”. ${task.whys[letter]}` };
}

// Predictions

// {guess: as it is stored} or {problem: a sentence}.
export function readGuess(prediction, typed) {
  if (prediction.options)
    return prediction.options.includes(typed) ? { guess: typed } : { problem: "Choose one of the answers first." };
  const { values: found, problem } = meant(typed, prediction.unit);
  if (problem) return { problem: sentence(problem) };
  const values = prediction.eitherSign ? found.map(Math.abs) : found;
  return { guess: values.find((value) => near(prediction.answer, value, 10 * TOLERANCE)) ?? values[0] };
}

// True if readGuess could have returned this: what is stored may be damaged or from another version.
export const knowsGuess = (options, guess) =>
  options ? options.includes(guess) : typeof guess === "number" && Number.isFinite(guess);

const said = (prediction, value) => (prediction.options ? `“${value}”` : show(value, prediction.unit));

export const tell = (prediction) => `The answer: ${said(prediction, prediction.answer)}. ${prediction.why}`;

// The guess beside the answer, as HTML.
export function compared(prediction, guess) {
  const met = prediction.options ? guess === prediction.answer : near(prediction.answer, guess, 10 * TOLERANCE);
  const guessed = `You guessed ${said(prediction, guess)}`;
  if (met) return judged("right", `${guessed}, and that is right. ${prediction.why}`);
  if (prediction.options) return judged("wrong", `${guessed}. ${tell(prediction)}`);
  return judged("wrong", `${guessed}; it is ${said(prediction, prediction.answer)}. ${prediction.why}`);
}
