// The fields of a claim: their texts to values, or a refusal in the words of the theory.
"use strict";
(function (companion) {
  const LONGEST = 60; // what is shown of a value
  const ULPS = 8; // rounding allowed in a matrix property, in units of eps times its size

  companion.Refusal = class Refusal extends Error {};

  const refuse = (words) => {
    throw new companion.Refusal(words);
  };

  function shortened(value) {
    const text = companion.exact.shown(value);
    return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
  }

  const inWords = ({ name, says, meaning }) => `${name} is ${says} (${meaning})`;

  const outside = (parameter, value) =>
    refuse(`${parameter.name} = ${shortened(value)}: ${inWords(parameter)}`);

  function beyondFloats(name, number) {
    const shown = companion.exact.threeDigits(number);
    refuse(`${name} holds ${shown}, beyond float64; entries are at most 1.8e+308`);
  }

  function isInside({ kind, low, high, closed }, number) {
    const { isBelow, ofFloat } = companion.exact;
    if (kind === "integer" && number.q !== 1n) return false;
    const passes = (end, other) => (closed ? !isBelow(other, end) : isBelow(end, other));
    if (low > -Infinity && !passes(ofFloat(low), number)) return false;
    if (high === Infinity) return true;
    return closed ? !isBelow(ofFloat(high), number) : isBelow(number, ofFloat(high));
  }

  function scalar(parameter, value) {
    if (Array.isArray(value) || !isInside(parameter, value)) outside(parameter, value);
    const float = companion.exact.float(value);
    if (!Number.isFinite(float)) beyondFloats(parameter.name, value);
    return float;
  }

  // the lengths of nested lists; none of a number, and none where rows are of several lengths
  function extents(value) {
    if (!Array.isArray(value)) return [];
    const inner = value.map((each) => (Array.isArray(each) ? extents(each) : null));
    if (new Set(inner.map((each) => JSON.stringify(each))).size !== 1) return [];
    return [value.length, ...(inner[0] || [])];
  }

  function shape(parameter, value) {
    const { name, rows, columns } = parameter;
    const found = extents(value);
    if (found.length === 0 && Array.isArray(value)) {
      const shown = companion.exact.shown(value);
      refuse(`${name} = ${shown} is not a table of numbers with rows of one length`);
    }
    const [height, width] = found.length === 1 ? [found[0], 1] : found;
    const fits = (columns !== 1 || width === 1) && (rows !== columns || height === width);
    if (found.length === 0 || found.length > 2 || !fits) outside(parameter, value);
    return [height, width];
  }

  // whether a matrix has the property that its letter asks for, to rounding
  function has(kind, a) {
    const r = companion.runtime;
    const largest = (m) => Math.max(...m.entries.map(Math.abs));
    const difference = (m, other) => largest(r.add(m, r.scale(-1, other)));
    const allowed = ULPS * Number.EPSILON * Math.max(a.rows, a.columns);
    if (kind === "any") return true;
    if (kind === "unit" || kind === "orthogonal") {
      return difference(r.mul(r.transpose(a), a), r.eye(a.columns)) <= allowed;
    }
    if (kind === "diagonal") {
      const scales = Array.from({ length: a.rows }, (_, i) => r.entry(a, i, i));
      return scales.every((each) => each !== 0) && difference(a, r.diagonalPart(a)) === 0;
    }
    if (kind === "invertible") return Math.min(...r.singularValues(a)) > allowed * largest(a);
    if (difference(a, r.transpose(a)) > allowed * largest(a)) return false;
    if (kind === "symmetric") return true;
    return kind === "definite" ? r.smallest(a) > 0 : r.smallest(a) >= -allowed * largest(a);
  }

  function array(parameter, value) {
    const { isBelow, isEqual, ofFloat, size, quotient, float } = companion.exact;
    const { name, matrix: kind } = parameter;
    const [rows, columns] = shape(parameter, value);
    const entries = value.flat();
    const huge = entries.find((each) => isBelow(ofFloat(Number.MAX_VALUE), size(each)));
    if (huge) beyondFloats(name, huge);
    const made = (numbers) => companion.runtime.make(rows, columns, (i, j) => float(numbers[i * columns + j]));
    const plain = made(entries);
    if (kind === "varying") {
      if (entries.every((each) => isEqual(each, entries[0]))) outside(parameter, value);
      return plain;
    }
    const top = entries.map(size).reduce((a, b) => (isBelow(a, b) ? b : a));
    const sees = kind === "unit" || kind === "orthogonal" || top.p === 0n; // the scale
    const scaled = sees ? plain : made(entries.map((each) => quotient(each, top)));
    if (!has(kind, scaled)) outside(parameter, value);
    return plain;
  }

  // the sizes that arrays give to letters; a refusal where two arrays disagree
  function sizes(parameters, values) {
    const found = {};
    for (const parameter of parameters.filter(({ kind }) => kind === "array")) {
      const { rows, columns } = values[parameter.name];
      const own = { [parameter.rows]: rows };
      if (parameter.columns !== 1) own[parameter.columns] = columns;
      for (const [letter, size] of Object.entries(own)) {
        if (!(letter in found)) found[letter] = size;
        if (found[letter] === size) continue;
        const elsewhere = `but ${letter} = ${found[letter]} elsewhere`;
        refuse(`${parameter.name} has ${letter} = ${size}, ${elsewhere}; ${inWords(parameter)}`);
      }
    }
    return found;
  }

  // the values of the texts of a claim's fields, and the sizes of its arrays
  companion.read = function (claim, texts) {
    const exact = {};
    for (const { name } of claim.parameters) {
      const text = texts[name] === undefined ? "" : texts[name];
      if (text.trim() !== "") exact[name] = companion.exact.read(name, text);
    }
    const values = {};
    for (const parameter of claim.parameters) {
      const { name, kind } = parameter;
      if (!(name in exact)) refuse(`parameter ${name} is missing: ${inWords(parameter)}`);
      values[name] = (kind === "array" ? array : scalar)(parameter, exact[name]);
    }
    for (const { about, holds, says } of claim.conditions) {
      const involved = claim.parameters.filter(({ name }) => about.includes(name));
      if (holds({ ...sizes(involved, values), ...values })) continue;
      const where = about.map((name) => `${name} = ${shortened(exact[name])}`).join(", ");
      refuse(`${where}: these do not fulfil the condition that ${says}`);
    }
    return { ...sizes(claim.parameters, values), ...values };
  };

  // a number for a matrix of one entry
  function bare(value) {
    if (typeof value === "number") return value;
    if (!(value.entries instanceof Float64Array)) {
      return Object.fromEntries(Object.entries(value).map(([part, each]) => [part, bare(each)]));
    }
    return value.entries.length === 1 ? value.entries[0] : value;
  }

  const isNaN = (value) =>
    typeof value === "number" ? Number.isNaN(value) : Object.values(value.entries || value).some(isNaN);

  // the value of a claim, or of one of its twins, at the texts of its fields
  companion.evaluate = function (name, texts, twin) {
    const claim = companion.claims[name];
    const values = companion.read(claim, texts);
    const result = bare((twin === undefined ? claim.value : claim.twins[twin])(values));
    if (isNaN(result)) refuse("the value there is no real number, or none that float64 holds");
    return result;
  };
})((globalThis.companion = globalThis.companion || {}));
