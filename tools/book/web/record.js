// What was hard for a learner: the class Record of classroom/practice_card.py.

import * as keep from "./keep.js";
import { plural } from "./wording.js";

export const KEPT = "practice "; // before the names of the sections of what is done in a round
const MANY = 3; // tries

export const chapterOf = (id) => id.split("-")[0];

// What the progress knows of each exercise: of a round if it was tried in one, else of the notebooks and the book.
export function recordOf() {
  const { sections } = keep.load();
  const of = (id, places = [KEPT, ""]) => {
    const entries = places.map((place) => ({
      ...keep.tried(sections[`${place}exercises`]?.[id]),
      hints: sections[`${place}hints`]?.[id],
    }));
    const found = entries.find(({ tries }) => tries) ?? entries.at(-1);
    return { ...found, hints: Number.isInteger(found.hints) ? found.hints : 0 };
  };
  const sources = ["predictions", "exercises", "hints", `${KEPT}exercises`];
  const begun = new Set(sources.flatMap((section) => Object.keys(sections[section] ?? {})).map(chapterOf));
  return { of, begun, why: (id) => why(of(id), begun.has(chapterOf(id))) };
}

// [rank, reason]: the lowest rank is chosen first.
function why({ tries, solved, hints }, isBegun) {
  const looked = `you looked at ${plural(hints, "hint")}`;
  if (!tries && hints) return [-hints, `${looked} and have not answered it yet`];
  if (!tries) return [isBegun ? 1 : 3, "you have not tried it yet"];
  if (!solved) return [-10 - tries, `it is still open after ${plural(tries, "try", "tries")}`];
  if (tries >= MANY) return [-tries - hints, `it took you ${tries} tries${hints ? `, and ${looked}` : ""}`];
  if (hints) return [-hints, looked];
  return [2, "you solved it without trouble: this time the numbers are new"];
}
