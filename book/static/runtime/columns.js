// Statistics of columns, and parts of covariance matrices.
"use strict";
(function (companion) {
  const r = (companion.runtime = companion.runtime || {});

  const total = (x) => x.entries.reduce((sum, entry) => sum + entry, 0);

  r.inner = (x, y) => total(r.make(x.rows, 1, (i) => x.entries[i] * y.entries[i]));
  r.mean = (x) => total(x) / x.rows;

  r.centred = function (a) {
    const means = r.scale(1 / a.rows, r.mul(r.ones(1, a.rows), a));
    return r.make(a.rows, a.columns, (i, j) => r.entry(a, i, j) - means.entries[j]);
  };

  r.variance = (x) => r.mean(r.squares(r.centred(x)));
  r.deviation = (x, eps) => Math.sqrt(r.variance(x) + eps);
  r.standardised = (x, eps) => r.scale(1 / r.deviation(x, eps), r.centred(x));

  r.powerMean = (x, k) => r.mean(r.each(x, (entry) => Math.abs(entry) ** k)) ** (1 / k);
  r.signedPower = (x, k) => r.each(x, (entry) => Math.sign(entry) * Math.abs(entry) ** k);

  r.softmax = function (z) {
    const top = Math.max(...z.entries);
    const powers = r.each(z, (entry) => Math.exp(entry - top));
    return r.scale(1 / total(powers), powers);
  };

  r.ascending = (x) => r.column(Float64Array.from(x.entries).sort());

  r.correlation = (a) =>
    r.make(a.rows, a.columns, (i, j) => {
      const spread = Math.sqrt(r.entry(a, i, i)) * Math.sqrt(r.entry(a, j, j));
      return i === j ? 1 : r.entry(a, i, j) / spread;
    });

  r.largestCorrelation = function (a) {
    const pairs = r.correlation(a);
    const below = r.make(a.rows, a.columns, (i, j) => (j < i ? r.entry(pairs, i, j) : 0));
    return Math.max(...below.entries.map(Math.abs));
  };
})((globalThis.companion = globalThis.companion || {}));
