// A learner's progress in this browser, in the format of a progress file (panelkit/storage.py): a file downloaded here
// restores in the notebooks, and back.
//
// It is read again before each change, for another tab may have written. Damaged content is put aside, never
// overwritten. What cannot be written stays in memory, and one line says so.

export const NAME = "my-progress.json";
const KEY = "leverage-lab my-progress";
const VERSION = 1;

// Exercises and predictions that moved to another chapter: chapters/moved.py.
const MOVED = {
  exercises: {
    "1-back": "6-back",
    "1-up-down": "6-up-down",
    "2-half-life": "6-half-life",
    "2-still-here": "6-still-here",
    "5-further": "6-further",
    "6-bug-hedge": "7-bug-hedge",
    "6-bug-only-five": "7-bug-only-five",
    "6-coin-margin": "7-coin-margin",
    "6-evening": "7-evening",
    "6-highest": "7-highest",
    "6-jump": "7-jump",
    "6-size": "7-size",
    "6-size-fees": "7-size-fees",
    "6-stop-cost": "7-stop-cost",
    "6-win-rate": "7-win-rate",
  },
  predictions: {
    "1-rounds": "6-rounds",
    "2-half": "6-half",
    "6-evening": "7-evening",
    "6-evidence": "7-evidence",
    "6-first": "7-first",
    "6-hedge": "7-hedge",
    "6-minutes": "7-minutes",
    "6-win-rate": "7-win-rate",
  },
};
const OF = { exercises: "exercises", numbers: "exercises", hints: "exercises", predictions: "predictions" };

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

let unwritten = {}; // {section: {key: value}} that could not be written so far
let untold = ""; // a sentence about content put aside, until it has been said
const listeners = [];

// A stored entry of an exercise; damaged values count as nothing.
export function tried(entry) {
  const { tries, solved, functions } = isObject(entry) ? entry : {};
  const counted = {
    tries: Number.isInteger(tries) && tries > 0 && tries < 10 ** 6 ? tries : 0,
    solved: solved === true,
  };
  return Array.isArray(functions) ? { ...counted, functions } : counted;
}

const rank = (entry) => 2 * tried(entry).solved + (tried(entry).tries > 0);

// The entries under the ids of today. Where both ids hold something, the better one stays: solved, else the newer.
function moved(entries, ids, areExercises) {
  const kept = Object.fromEntries(Object.entries(entries).filter(([id]) => !Object.hasOwn(ids, id)));
  for (const [old, now] of Object.entries(ids))
    if (old in entries && (!(now in kept) || (areExercises && rank(entries[old]) > rank(kept[now]))))
      kept[now] = entries[old];
  return kept;
}

// What Python writes of numbers that JSON does not know, outside of words.
const NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

// The sections in the text of a progress file; throws with the reason if it is not one.
function parse(content) {
  let stored;
  try {
    const text = content.replace(/^\ufeff/, ""); // as Windows' editors begin a file
    stored = JSON.parse(text.replace(NO_NUMBER, (found) => (found.startsWith('"') ? found : "null")));
  } catch {
    throw new Error("it is damaged, or not a progress file");
  }
  const version = isObject(stored) ? stored.version : null;
  if (!Number.isInteger(version) || version < VERSION) throw new Error("it is not a progress file of this course");
  if (version > VERSION)
    throw new Error(
      `it was made by a newer version of the course: its format is ${version}, and this version reads ${VERSION}`,
    );
  const sections = Object.entries(stored).filter(([, part]) => isObject(part));
  return Object.fromEntries(
    sections.map(([name, part]) => [
      name,
      Object.hasOwn(OF, name) ? moved(part, MOVED[OF[name]], name === "exercises") : part,
    ]),
  );
}

const REASONS = { QuotaExceededError: "its storage is full", SecurityError: "it does not allow it" };

const notKept = (error) =>
  `Your progress could not be kept in this browser (${REASONS[error.name] ?? "it has no storage"}): download it before you leave.`;

const ASIDE = `${KEY}.aside-`; // and a number

// The name of its file, as the notebooks give it.
const asideName = (key) => NAME.replace(".json", `${key.slice(KEY.length)}.json`);

// Returns the key of the copy.
function copyAside(content) {
  let number = 1;
  while (localStorage.getItem(ASIDE + number) !== null) number++;
  localStorage.setItem(ASIDE + number, content);
  return ASIDE + number;
}

// What was put aside, the oldest first: {key, name of its file, text, problem: why it was not used, or ""}.
export function aside() {
  try {
    const numbers = Object.keys(localStorage)
      .filter((key) => key.startsWith(ASIDE))
      .map((key) => Number(key.slice(ASIDE.length)))
      .filter(Number.isInteger)
      .sort((one, other) => one - other);
    return numbers.map((number) => {
      const key = ASIDE + number;
      const text = localStorage.getItem(key) ?? "";
      return { key, name: asideName(key), text, problem: problemOf(text) };
    });
  } catch {
    return []; // a browser without storage keeps nothing
  }
}

function problemOf(content) {
  try {
    parse(content);
    return "";
  } catch (error) {
    return error.message;
  }
}

// Returns a sentence if that failed, else "".
export function removeAside(key) {
  try {
    localStorage.removeItem(key);
  } catch (error) {
    return `${asideName(key)} could not be deleted (${REASONS[error.name] ?? error.name}).`;
  }
  untold = ""; // it may speak of this one
  tell(false);
  return "";
}

// {sections, problem: a sentence or "", stuck: true if nothing can be written over what is there}
function read() {
  let content;
  try {
    content = localStorage.getItem(KEY);
  } catch (error) {
    return { sections: {}, problem: notKept(error), stuck: true };
  }
  if (content === null) return { sections: {}, problem: untold };
  try {
    return { sections: parse(content), problem: untold };
  } catch (error) {
    const what = `What this browser had stored is not used (${error.message})`;
    try {
      untold = `${what}: it is kept in this browser as “${asideName(copyAside(content))}”, and your progress starts anew.`;
      localStorage.removeItem(KEY);
      return { sections: {}, problem: untold };
    } catch {
      return {
        sections: {},
        problem: `${what} and could not be put aside: download your progress before you leave.`,
        stuck: true,
      };
    }
  }
}

// All sections, and a sentence if something is wrong with them.
export function load() {
  const { sections, ...more } = read();
  for (const [section, entries] of Object.entries(unwritten)) sections[section] = { ...sections[section], ...entries };
  return { sections, ...more };
}

export const get = (section, key) => load().sections[section]?.[key] ?? null;

export const put = (section, key, value) => change(section, key, () => value);

// Store becomes(what is stored, or null); returns a sentence if something went wrong, else "".
export function change(section, key, becomes) {
  const { sections, stuck, problem } = load();
  unwritten[section] = { ...unwritten[section], [key]: becomes(sections[section]?.[key] ?? null) };
  let told = problem;
  if (!stuck) {
    try {
      localStorage.setItem(KEY, text());
      unwritten = {};
      untold = "";
    } catch (error) {
      told = notKept(error);
    }
  }
  tell(false);
  return told;
}

const asText = (sections) => JSON.stringify({ version: VERSION, ...sections }, null, 1);

// The progress file, for a download.
export const text = () => asText(load().sections);

// Replace the progress by the text of a progress file; what was here is put aside. Returns a sentence.
export function restore(content) {
  let sections;
  try {
    sections = parse(content);
  } catch (error) {
    return `This file was not restored: ${error.message}. Your progress has not changed.`;
  }
  let told = "Restored.";
  const { problem, stuck } = read();
  let copy = null;
  try {
    const before = stuck ? null : localStorage.getItem(KEY);
    if (before !== null) copy = copyAside(before);
    if (copy) told += ` What was here before is kept in this browser as “${asideName(copy)}”.`;
    if (!stuck) localStorage.setItem(KEY, asText(sections));
  } catch (error) {
    if (copy) localStorage.removeItem(copy);
    return `The file could not be stored (${REASONS[error.name] ?? error.name}). Your progress has not changed.`;
  }
  unwritten = stuck ? sections : {};
  tell(true);
  return stuck ? `${told} ${problem}` : told;
}

// Call listener(restored) after each change, in this tab or another.
export const onChange = (listener) => listeners.push(listener);

function tell(restored) {
  for (const listener of listeners) listener(restored);
}

globalThis.addEventListener?.("storage", ({ key }) => (key ?? KEY).startsWith(KEY) && tell(false));
