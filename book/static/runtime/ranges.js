// Sums and integrals.
"use strict";
(function (companion) {
  const r = (companion.runtime = companion.runtime || {});
  const LONG = 256; // a longer sum of large terms is taken from its largest term outwards

  // the sum over whole numbers; what each addition loses is kept (Neumaier)
  r.sum = function (low, high, term) {
    let [sum, lost] = [0, 0];
    for (let i = low; i <= high; i++) {
      const next = term(i);
      const total = sum + next;
      lost += Math.abs(sum) >= Math.abs(next) ? sum - total + next : next - total + sum;
      sum = total;
    }
    return Number.isFinite(lost) ? sum + lost : sum;
  };

  // the sum of terms that rise to one summit and then fall, from there outwards
  r.longSum = function (low, high, term) {
    if (high - low < LONG) return r.sum(low, high, term);
    const size = (j) => Math.abs(term(j));
    const beyond = size(high) !== 0; // which terms are not zero, where some are
    let [left, right] = [low, high];
    while (left < right) {
      const middle = Math.floor((left + right) / 2);
      const here = size(middle);
      if (here === 0 ? !beyond : size(middle + 1) <= here) right = middle;
      else left = middle + 1;
    }
    const enough = (size(left) * 1e-17) / (high - low);
    let [first, last] = [left, left];
    while (first > low && size(first - 1) > enough) first--;
    while (last < high && size(last + 1) > enough) last++;
    return r.sum(first, last, term);
  };

  const isOrdinary = (x) => Math.abs(x) > 1e-290 && Math.abs(x) < 1e290;

  // the product of powers [base, exponent] and of binomials [n, k], each of which may overflow
  r.product = function (powers, binomials) {
    if (powers.some(([base, exponent]) => base === 0 && exponent > 0)) return 0;
    const factors = [
      ...powers.map(([base, exponent]) => base ** exponent),
      ...binomials.map(([n, k]) => r.binomial(n, k)),
    ];
    let product = 1;
    if (factors.every((factor) => isOrdinary(factor) && isOrdinary((product *= factor)))) {
      return product;
    }
    let [sign, logarithm] = [1, 0];
    for (const [base, exponent] of powers) {
      if (base < 0 && exponent % 2 !== 0) sign = -sign;
      if (exponent !== 0) logarithm += exponent * Math.log(Math.abs(base));
    }
    for (const [n, k] of binomials) {
      if (k < 0 || k > n) return 0;
      logarithm += r.logBinomial(n, k);
    }
    return sign * Math.exp(logarithm);
  };

  // the double exponential rule: x(t) and its slope, on an interval and on a half line
  const within = (low, high) => (t) => {
    const u = (Math.PI / 2) * Math.sinh(t);
    const half = (high - low) / 2;
    const slope = (half * (Math.PI / 2) * Math.cosh(t)) / Math.cosh(u) ** 2;
    return [low + half * (1 + Math.tanh(u)), slope];
  };
  const beyond = (low) => (t) => {
    const x = Math.exp((Math.PI / 2) * Math.sinh(t));
    return [low + x, (Math.PI / 2) * Math.cosh(t) * x];
  };

  // halves its step until the sum no longer changes
  r.integral = function (low, high, f) {
    const place = high === Infinity ? beyond(low) : within(low, high);
    const at = function (t) {
      const [x, slope] = place(t);
      const value = f(x) * slope;
      return Number.isFinite(value) ? value : 0; // far out it is zero times infinity
    };
    const END = 6;
    let step = 0.5;
    let sum = r.sum(-END / step, END / step, (i) => at(i * step));
    let before = NaN;
    for (let level = 0; level < 8 && !(Math.abs(sum * step - before) < 1e-15 * Math.abs(before)); level++) {
      before = sum * step;
      step /= 2;
      const odd = (i) => at((2 * i + 1) * step);
      sum += r.sum(-END / step / 2, END / step / 2 - 1, odd);
    }
    return sum * step;
  };
})((globalThis.companion = globalThis.companion || {}));
