// Functions of numbers that JavaScript lacks.
"use strict";
(function (companion) {
  const r = (companion.runtime = companion.runtime || {});

  r.step = (x, atZero) => (x > 0 ? 1 : x < 0 ? 0 : atZero);

  // erf as x exp(-x^2) times a series of positive terms
  function erfNearZero(x) {
    const double = 2 * x * x;
    let term = 1;
    let sum = 1;
    for (let odd = 3; term > sum * 1e-17; odd += 2) {
      term *= double / odd;
      sum += term;
    }
    return ((2 * x) / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }

  // erfc as exp(-x^2) times a continued fraction, for x >= 1
  function erfcFarOut(x) {
    let below = x;
    for (let n = Math.ceil(200 / x); n > 0; n--) below = x + n / 2 / below;
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / below;
  }

  const EDGE = 1;

  r.erf = function (x) {
    if (Math.abs(x) < EDGE) return erfNearZero(x);
    return x > 0 ? 1 - erfcFarOut(x) : erfcFarOut(-x) - 1;
  };

  r.erfc = function (x) {
    if (Math.abs(x) < EDGE) return 1 - erfNearZero(x);
    return x > 0 ? erfcFarOut(x) : 2 - erfcFarOut(-x);
  };

  // exp(-x) I_n(x): a series of positive terms, far out the asymptotic one
  r.scaledBessel = function (n, x) {
    let term = 1;
    let sum = 1;
    if (x > 40) {
      for (let k = 1; Math.abs(term) > 1e-17; k++) {
        term *= ((2 * k - 1) ** 2 - 4 * n * n) / (8 * k * x);
        sum += term;
      }
      return sum / Math.sqrt(2 * Math.PI * x);
    }
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= (x * x) / 4 / (k * (k + n));
      sum += term;
    }
    return ((x / 2) ** n / r.gamma(n + 1)) * Math.exp(-x) * sum;
  };

  // the arithmetic-geometric mean of 1 and sqrt(1 - m), and the sum that E is made of
  function mean(m) {
    let [a, b, sum, power] = [1, Math.sqrt(1 - m), m / 2, 1];
    for (let i = 0; i < 40 && Math.abs(a - b) > Number.EPSILON * a; i++) {
      const half = (a - b) / 2;
      [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
      sum += power * half * half;
      power *= 2;
    }
    return { a, sum };
  }

  r.ellipticK = (m) => Math.PI / 2 / mean(m).a;

  r.ellipticE = function (m) {
    if (m === 1) return 1;
    if (m < 0) return Math.sqrt(1 - m) * r.ellipticE(m / (m - 1)); // without cancellation
    const { a, sum } = mean(m);
    return (Math.PI / 2 / a) * (1 - sum);
  };

  // c_1 = 0, c_(l+1) = (sqrt(1 - c^2) + c (pi - arccos c))/pi, by the distance of c from 1
  r.correlationAt = function (layer) {
    let distance = 1;
    for (let l = 1; l < layer; l++) {
      const angle = 2 * Math.asin(Math.sqrt(distance / 2));
      distance -= (Math.sin(angle) - angle * Math.cos(angle)) / Math.PI;
    }
    return 1 - distance;
  };

  // where f changes its sign between two places
  function zero(f, low, high) {
    const rises = f(high) > 0;
    for (let i = 0; i < 80; i++) {
      const middle = (low + high) / 2;
      if (f(middle) > 0 === rises) high = middle;
      else low = middle;
    }
    return (low + high) / 2;
  }

  // the rate at which descent leaves the bump around zero of q x^2/2 + 1 - cos(x)
  r.escapeRate = function (q) {
    const { sin, cos, PI } = Math;
    const half = zero((x) => x * cos(x) - sin(x), 4.4, 4.6); // where -sin(x)/x is largest
    if (q * half >= -sin(half)) return Infinity;
    const top = zero((x) => q * x + sin(x), PI, half);
    const tangent = zero((x) => (x + top) * cos(x) - sin(x) - sin(top), 0, PI / 2);
    return 1 / (q + cos(tangent));
  };
})((globalThis.companion = globalThis.companion || {}));
