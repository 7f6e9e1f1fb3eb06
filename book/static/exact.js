// Numbers as a reader types them, read exactly: decimals, fractions p/q, JSON lists of both.
// A number is {p, q}, whole numbers without a common factor, q > 0.
"use strict";
(function (companion) {
  const exact = (companion.exact = companion.exact || {});
  const NUMBER =
    /^([-+]?)(?:(\d[\d_]*)\/(\d[\d_]*)|(?=\.?\d)(\d[\d_]*)?(?:\.(\d[\d_]*)?)?(?:e([-+]?\d+))?)$/i;
  const WANTED = "a number (0.9), a fraction (9/10) or a JSON list ([[2,1],[1,2]])";

  function divisor(a, b) {
    while (b !== 0n) [a, b] = [b, a % b];
    return a < 0n ? -a : a;
  }

  function fraction(p, q) {
    const common = divisor(p, q);
    return { p: p / common, q: q / common };
  }

  // a text as a number, or null: an exponent of many digits would take as many digits of memory
  exact.number = function (text) {
    const found = NUMBER.exec(text.trim());
    if (!found) return null;
    const [sign, above, below, whole, decimals, exponent] = found
      .slice(1)
      .map((each) => (each || "").replaceAll("_", ""));
    if (exponent.replace(/^[-+]?0*/, "").length > 3) return null;
    if (below && BigInt(below) === 0n) return null;
    const digits = BigInt(above || whole + decimals);
    const power = Number(exponent) - decimals.length;
    const scale = 10n ** BigInt(Math.abs(power));
    const signed = sign === "-" ? -digits : digits;
    if (below) return fraction(signed, BigInt(below));
    return power < 0 ? fraction(signed, scale) : fraction(signed * scale, 1n);
  };

  // every number of JSON, and every fraction, in quotes
  function quoted(text) {
    const token = /"(?:[^"\\]|\\.)*"|-?\d+\/\d+|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
    return text.replace(token, (each) => (each.startsWith('"') ? each : `"${each}"`));
  }

  function entries(item) {
    if (Array.isArray(item) && item.length > 0) return item.map(entries);
    const number = typeof item === "string" ? exact.number(item) : null;
    if (number === null) throw new SyntaxError("no number");
    return number;
  }

  // a text as Python writes it between quotes
  function inQuotes(text) {
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
    const escapes = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", [quote]: `\\${quote}` };
    const inside = [...text].map((each) => escapes[each] || each).join("");
    return quote + inside + quote;
  }

  // a text as a number or as nested lists of numbers
  exact.read = function (name, text) {
    const number = exact.number(text);
    if (number !== null) return number;
    try {
      return entries(JSON.parse(quoted(text)));
    } catch (error) {
      throw new companion.Refusal(`${name} = ${inQuotes(text)} cannot be read; give ${WANTED}`);
    }
  };

  exact.shown = function (value) {
    if (Array.isArray(value)) return `[${value.map(exact.shown).join(", ")}]`;
    return value.q === 1n ? `${value.p}` : `${value.p}/${value.q}`;
  };

  // a float, exactly
  exact.ofFloat = function (x) {
    let q = 1n;
    for (; !Number.isInteger(x); x *= 2) q *= 2n;
    return fraction(BigInt(x), q);
  };

  exact.size = (x) => ({ p: x.p < 0n ? -x.p : x.p, q: x.q });
  exact.isBelow = (x, y) => x.p * y.q < y.p * x.q;
  exact.isEqual = (x, y) => x.p === y.p && x.q === y.q;
  exact.quotient = (x, y) => fraction(y.p < 0n ? -x.p * y.q : x.p * y.q, y.p < 0n ? -x.q * y.p : x.q * y.p);

  const length = (whole) => whole.toString(2).length;

  // the nearest float: 64 bits or more of the quotient, and one that says whether any are left
  exact.float = function ({ p, q }) {
    if (p < 0n) return -exact.float({ p: -p, q });
    const shift = Math.max(-1000, 66 - length(p) + length(q));
    const [above, below] = shift > 0 ? [p << BigInt(shift), q] : [p, q << BigInt(-shift)];
    const whole = above / below;
    const number = Number(above % below === 0n ? whole : whole | 1n);
    return shift > 1000 ? (number / 2 ** 1000) * 2 ** (1000 - shift) : number / 2 ** shift;
  };

  // three digits of a number that is too large for a float
  exact.threeDigits = function (x) {
    const { p, q } = exact.size(x);
    const power = (p / q).toString().length - 1;
    const digits = ((p * 1000n) / (q * 10n ** BigInt(power)) + 5n) / 10n;
    const [shown, exponent] = digits < 1000n ? [digits, power] : [100n, power + 1];
    const [first, ...others] = shown.toString();
    return `${x.p < 0n ? "-" : ""}${first}.${others.join("")}e+${exponent}`;
  };
})((globalThis.companion = globalThis.companion || {}));
