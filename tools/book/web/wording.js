// Numbers as a person types them, and as the cards show them: words.py and page.html in JavaScript.
//
// tests/project/test_book_judge.py feeds both the same answers. Python's \d, \w and \s know more than JavaScript's.

const DIGIT = String.raw`\p{Nd}`;
const SPACES = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const WORD = String.raw`\p{L}\p{N}_`;
// d, s and w between angle brackets stand for what Python means by them, inside a class of characters
const pattern = (text, flags = "") =>
  new RegExp(text.replaceAll("<d>", DIGIT).replaceAll("<s>", SPACES).replaceAll("<w>", WORD), `u${flags}`);

const NO_BREAK = "\u00a0";
const MINUS = "\u2212";
const LONGEST = 80;

const several = (words, unit) => words.map((word) => [word, unit]);
const UNITS = new Map([
  ...several(["$", "us$", "usd", "usdt", "usdc", "dollar", "dollars"], "$"),
  ...several(["%", "percent", "per cent", "pct", "p.c"], "%"),
  ...several(["x", "times", "fold", ":1"], "x"),
  ["\u20bf", "BTC"],
]);
const BASIS_POINTS = ["bp", "bps", "basis point", "basis points"];
const SCALES = new Map(
  Object.entries({ k: 1e3, thousand: 1e3, m: 1e6, mn: 1e6, mio: 1e6, million: 1e6, bn: 1e9, billion: 1e9 }),
);

const ABOUT = pattern(
  String.raw`^(=|\u2248|~|(ca|circa|c|about|around|roughly|approx|approximately)(?![<w>])\.?)[<s>]*`,
  "i",
);
const UNIT = String.raw`per cent|p\.c|basis points?|us\$|[%$\u20ac\u00a3\u20bf]|:[<s>]*1(?![<d>.,])|[a-z]{1,12}`;
const ONE = pattern(
  String.raw`^([+\-]?)[<s>]*(${UNIT})?[<s>]*([+\-]?)([<d>.,]+(?:e[+\-]?[<d>]+)?)[<s>]*(?:(${[...SCALES.keys()].join("|")})(?![a-z]))?[<s>\-]*(${UNIT})?$`,
  "i",
);
const SUM = pattern(String.raw`^(us\$|\$)?[<s>]*([\-<d>.,()+*\/^<s>]+?)[<s>]*(us\$|\$|[a-z]{1,12})?$`, "i");
const ENDS = pattern(`^[<s>]+|[<s>]+$`, "g");
const FULL_STOP = pattern("(?<=[<w>%$])[<s>]*[.!]$");
const SIGN_WORD = pattern(`^(minus|plus)[<s>]+`, "i");
const GAP = pattern(`(?<=[<d>])[<s>_'\u2019](?=[<d>]{3}(?![<d>]))`, "g");
const CROSS = pattern(String.raw`(?<=[<d>)])[<s>]*[x\u00d7\u00b7][<s>]*(?=[<d>(])`, "gi");
const RATIO = pattern(`:[<s>]*1`, "g");
const A_THOUSAND = pattern(`^[1-9][<d>]{0,2}[,.][<d>]{3}$`);
const COMMAS = pattern(String.raw`^[1-9][<d>]{0,2}(,[<d>]{2,3})*,[<d>]{3}(\.[<d>]*)?(e[+\-]?[<d>]+)?$`, "i");
const POINTS = pattern(String.raw`^[1-9][<d>]{0,2}((\.[<d>]{3})+,[<d>]+|(\.[<d>]{3}){2,})$`);
const DIGITS = pattern("[<d>]", "g");
const NUMBERS = pattern("[<d>][<d>.,]*", "g");

export const strip = (text) => text.replace(ENDS, "");

// At most `longest` signs of it, the last an ellipsis.
export function shorten(text, longest) {
  const signs = [...text];
  return signs.length <= longest ? text : `${signs.slice(0, longest - 1).join("")}…`;
}

// What a person typed: all [number, unit] it can mean, the likeliest first; [] if it is no number.
export function readings(text) {
  const raw = [...strip(text)].slice(0, LONGEST + 1).join("");
  const tidy = raw
    .normalize("NFKC")
    .replace(/[\u2013\u2014\u2212]/gu, "-")
    .replace(ABOUT, "")
    .replace(FULL_STOP, "")
    .replace(SIGN_WORD, (word) => (word[0].toLowerCase() === "m" ? "-" : "+"))
    .replace(GAP, "")
    .replace(CROSS, "*")
    .replaceAll("\u00d7", "x");
  if ([...tidy].length > LONGEST) return [];
  const one = readOne(tidy);
  const found = one.length ? one : readSum(tidy);
  return found.every(([value]) => Number.isFinite(value)) ? found : [];
}

function readOne(tidy) {
  const match = ONE.exec(tidy);
  if (!match || (match[1] && match[3])) return [];
  const before = unitOf(match[2]);
  const after = unitOf(match[6]);
  if (before && after && after !== before) return [];
  const points = BASIS_POINTS.includes((match[6] ?? "").toLowerCase());
  const unit = points ? "%" : after || before;
  const size = SCALES.get((match[5] ?? "").toLowerCase()) ?? 1;
  const scale = (`${match[1]}${match[3]}` === "-" ? -size : size) / (points ? 10_000 : unit === "%" ? 100 : 1);
  const values = decimals(match[4]).map((digits) => Number(digits.replace(DIGITS, asciiDigit)));
  return values.some(Number.isNaN) ? [] : values.map((value) => [scale * value, unit]);
}

function readSum(tidy) {
  const match = SUM.exec(tidy);
  if (!match || (match[1] && match[3]) || unitOf(match[3]) === "%") return [];
  const sum = match[2].replace(NUMBERS, (number) => decimals(number)[0]).replaceAll("^", "**");
  try {
    return [[computed(strip(sum)), unitOf(match[1] || match[3])]];
  } catch {
    return [];
  }
}

function unitOf(word) {
  const known = (word ?? "").toLowerCase().replace(RATIO, ":1");
  return UNITS.get(known) ?? known.toUpperCase();
}

// A digit of any script: each has its ten in a row.
function asciiDigit(sign) {
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt(0) - value - 1))) value++;
  return String(value % 10);
}

// The digits with a decimal point and without thousands: one or two ways.
function decimals(digits) {
  if (A_THOUSAND.test(digits)) {
    const thousands = digits.replace(/[,.]/g, "");
    const decimal = digits.replace(",", ".");
    return digits.includes(",") ? [thousands, decimal] : [decimal, thousands];
  }
  if (COMMAS.test(digits)) return [digits.replaceAll(",", "")];
  if (POINTS.test(digits)) return [digits.replaceAll(".", "").replaceAll(",", ".")];
  const commas = digits.split(",").length - 1;
  return [commas === 1 && !digits.includes(".") ? digits.replace(",", ".") : digits];
}

// The value of a small calculation as Python reads it; throws at all but +, -, *, /, ** and brackets.
function computed(text) {
  const tokens = text.match(/(\d+\.?\d*|\.\d+)|\*\*|\/\/|[-+*/()]|[^ \t\f]/g) ?? [];
  let at = 0;
  const refuse = () => {
    throw new Error("not a calculation");
  };
  const SIGNS = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => (b === 0 ? refuse() : a / b),
    "**": (a, b) => {
      const power = a ** b;
      const beyond = !Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b);
      return Number.isNaN(power) || beyond ? refuse() : power;
    },
  };
  // Each gives {value, minus: true if it is a minus sign and its number}.
  const chain = (signs, next) => () => {
    let left = next();
    while (signs.includes(tokens[at])) {
      const sign = tokens[at++];
      left = { value: SIGNS[sign](left.value, next().value) };
    }
    return left;
  };
  const unary = () => {
    if (tokens[at] !== "-") return power();
    at++;
    const of = unary();
    return of.minus ? refuse() : { value: -of.value, minus: true };
  };
  const power = () => {
    const base = atom();
    if (tokens[at] !== "**") return base;
    at++;
    return { value: SIGNS["**"](base.value, unary().value) };
  };
  const atom = () => {
    const token = tokens[at++] ?? refuse();
    if (token === "(") {
      const inner = sum();
      return tokens[at++] === ")" ? inner : refuse();
    }
    // Python takes 007 for a slip
    if (!/^[\d.]/.test(token) || token === "." || /^0+[1-9]\d*$/.test(token)) refuse();
    return { value: Number(token) };
  };
  const sum = chain(["+", "-"], chain(["*", "/"], unary));
  const { value } = sum();
  return at === tokens.length ? value : refuse();
}

// Numbers as they are shown

// The integer nearest to value * 10 ** places, exactly; in the middle the even one.
function scaled(value, places) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(value));
  const raw = bits.getBigUint64(0);
  const exponent = Number(raw >> 52n);
  const mantissa = (raw & 0xfffffffffffffn) + (exponent ? 1n << 52n : 0n);
  const shift = Math.max(exponent, 1) - 1075;
  let above = mantissa * 10n ** BigInt(Math.max(0, places));
  if (shift >= 0) return above << BigInt(shift);
  const below = 1n << BigInt(-shift);
  const rest = above % below;
  above /= below;
  return 2n * rest > below || (2n * rest === below && above % 2n) ? above + 1n : above;
}

const point = (digits, places) => {
  const text = String(digits).padStart(places + 1, "0");
  return places ? `${text.slice(0, -places)}.${text.slice(-places)}` : text;
};

// The size of a number with so many decimals, rounded half up as by hand: 39.975 to 39.98 though the float is below.
function roundedText(value, places) {
  if (Math.abs(value) >= 1e15) return point(scaled(value, places), places);
  const near = places + 6 > 323 ? Math.abs(value) : Number(point(scaled(value, places + 6), places + 6));
  const [mantissa, power] = near.toExponential().split("e");
  const digits = BigInt(mantissa.replace(".", ""));
  const after = mantissa.replace(/^\d\.?/, "").length - Number(power); // decimals that it has
  if (after <= places) return point(digits * 10n ** BigInt(places - after), places);
  const step = 10n ** BigInt(after - places);
  return point((2n * digits + step) / (2n * step), places);
}

export const rounded = (value, places) => Math.sign(value) * Number(roundedText(value, places));

const exponentOf = (value) => Number(value.toExponential().split("e")[1]);

export function plain(value, places = 2, significant = 3) {
  if (!Number.isFinite(value)) throw new RangeError("a number to print must be finite");
  const size = Math.abs(value);
  const kept = size && size < Number(`1e${significant - 1 - places}`) ? significant - 1 - exponentOf(size) : places;
  const [whole, after = ""] = roundedText(value, kept).split(".");
  const rest = after.replace(/0+$/, "");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest && `.${rest}`);
  return (value < 0 && text !== "0" ? MINUS : "") + text;
}

export function money(value) {
  let text = plain(value, Math.abs(value) < 1_000_000 ? 2 : 0);
  if (/^.?[\d,]+\.\d$/.test(text)) text += "0";
  return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`;
}

export const percent = (value) => `${plain(100 * value, 2, 2)}${NO_BREAK}%`;

const amount = (value, unit) =>
  plain(value, value ? Math.max(0, 5 - exponentOf(Math.abs(value))) : 0) + NO_BREAK + unit;

const isLower = (unit) => unit === unit.toLowerCase() && unit !== unit.toUpperCase();

// The value in its unit: practice._shown.
export function show(value, unit) {
  if (unit === "$") return money(value);
  if (unit === "%") return percent(value);
  if (unit === "x") return `${plain(value)}x`;
  return amount(value, isLower(unit) && value === 1 ? unit.replace(/s$/, "") : unit);
}

// What is asked for, in words: practice._asked.
export function asked(unit) {
  if (unit === "$") return "an amount in dollars, such as 12.50";
  if (unit === "%") return "a percentage, such as 5\u00a0%";
  if (unit === "x") return "a leverage, such as 20x";
  return isLower(unit) ? `a number of ${unit}, such as 3` : `an amount of ${unit}, such as 0.25`;
}

export const plural = (count, one, many = `${one}s`) => `${plain(count)} ${count === 1 ? one : many}`;

export const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

// Words as HTML

export const escaped = (text) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#x27;");

// Plain text with `code`, **bold** and line breaks.
export const html = (text) =>
  escaped(text)
    .replaceAll(" %", "\u00a0%")
    .replace(/\*\*(.+?)\*\*/g, "<b>$1</b>")
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .split("\n\n")
    .map(strip)
    .filter(Boolean)
    .map((paragraph) => `<p>${paragraph.replaceAll("\n", "<br>")}</p>`)
    .join("");

export const MARKS = { right: "✓", close: "≈", wrong: "✗" };

export const marked = (look, text) => (MARKS[look] ? `${MARKS[look]} ${text}` : text);

export const judged = (look, text) =>
  MARKS[look] ? `<div class="ll-verdict ll-${look}">${html(marked(look, text))}</div>` : html(text);
