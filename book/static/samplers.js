// What explorers draw from random data: one data set at a time, then marks of all that were drawn.
(function (companion) {
  'use strict';

  const BINS = 40;
  const PHI = 0.6180339887498949; // the parts of PHI, 2 PHI ... fill an interval evenly

  // Bars of the density of the eigenvalues that are not zero; their area is the share of these.
  function histogram(sets, { low, high }) {
    const width = (high - low) / BINS;
    const edges = Array.from({ length: BINS + 1 }, (_, i) => low + i * width);
    const heights = new Array(BINS).fill(0);
    const total = sets.reduce((sum, set) => sum + set.length, 0);
    for (const set of sets) {
      for (const value of set) {
        const bin = Math.floor((value - low) / width);
        if (value > 0 && bin >= 0 && bin < BINS) {
          heights[bin] += 1 / (total * width);
        }
      }
    }
    return { kind: 'bars', edges, heights };
  }

  function mean(numbers) {
    return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  }

  const sizes = (values) => `${values.N} inputs and ${values.p} examples each`;

  // one(values, seed, i, axis): what data set i of the seed gives. marks(drawn, axis): the picture
  // of all. says(drawn, values): words about them.
  companion.samplers = {
    spectrum: {
      one: (values, seed) => companion.sample.spectrum(seed, values),
      marks: (drawn, axis) => [histogram(drawn, axis)],
      says(drawn, values) {
        const zeros = Math.max(0, values.N - values.p);
        const none = zeros ? `, ${zeros} of them zero in each` : '';
        return `${drawn.length} data sets of ${sizes(values)}: ${drawn.length * values.N} eigenvalues${none}.`;
      },
    },
    largest: {
      one(values, seed, i, axis) {
        const m = axis.low + (axis.high - axis.low) * (((i + 0.5) * PHI) % 1);
        return [m, companion.sample.spectrum(seed, { ...values, m })[values.N - 1]];
      },
      marks: (drawn) => [{ kind: 'points', x: drawn.map((each) => each[0]), y: drawn.map((each) => each[1]) }],
      says: (drawn, values) => `${drawn.length} data sets of ${sizes(values)}.`,
    },
    losses: {
      one: (values, seed, i, axis) => companion.sample.losses(seed, values, axis.high),
      marks(drawn) {
        const steps = drawn[0].map((_, k) => k);
        return [{ kind: 'points', x: steps, y: steps.map((k) => mean(drawn.map((each) => each[k]))) }];
      },
      says: (drawn, values) => `The mean over ${drawn.length} descents, on ${sizes(values)}.`,
    },
  };
})((globalThis.companion = globalThis.companion || {}));
