// Gamma functions and what is made of them.
"use strict";
(function (companion) {
  const r = (companion.runtime = companion.runtime || {});
  const FAR = 20; // from here on Stirling's series is right to rounding
  const CLOSE = 64; // a ratio of so few factors is a product
  const LONG = 1000; // a binomial of more factors goes by logarithms

  // log gamma(x) - (x - 1/2) log x + x - log(2 pi)/2, for x >= FAR
  function remainder(x) {
    const y = 1 / (x * x);
    const terms = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360];
    return terms.reduceRight((sum, each) => sum * y + each, 0) / x;
  }

  // gamma(x) = factor gamma(x + steps), with x + steps >= FAR
  function moved(x) {
    let factor = 1;
    for (; x < FAR; x++) factor /= x;
    return { factor, far: x };
  }

  // the logarithm of gamma(a)/gamma(b) for a and b from FAR on, without the difference of two
  // large logarithms
  function logOfRatio(a, b) {
    const gap = a - b;
    return (a - 0.5) * Math.log1p(gap / b) + gap * (Math.log(b) - 1) + remainder(a) - remainder(b);
  }

  r.gammaRatio = function (a, b) {
    const gap = Math.abs(a - b);
    if (Number.isInteger(gap) && gap <= CLOSE && Math.min(a, b) > 0) {
      let product = 1;
      for (let i = 0; i < gap; i++) product *= Math.min(a, b) + i;
      return a > b ? product : 1 / product;
    }
    const [above, below] = [moved(a), moved(b)];
    return (above.factor / below.factor) * Math.exp(logOfRatio(above.far, below.far));
  };

  r.gamma = function (x) {
    if (x <= 0 && Number.isInteger(x)) return NaN;
    if (!Number.isInteger(2 * x) || x <= 0 || x > 171.5) return r.gammaRatio(x, 1);
    let product = Number.isInteger(x) ? 1 : Math.sqrt(Math.PI);
    for (let i = Number.isInteger(x) ? 1 : 0.5; i < x; i++) product *= i;
    return product;
  };

  // log(gamma(a)/gamma(b)) for a and b above 0
  r.logGammaRatio = function (a, b) {
    const [above, below] = [moved(a), moved(b)];
    return Math.log(above.factor / below.factor) + logOfRatio(above.far, below.far);
  };

  r.logGamma = (x) => r.logGammaRatio(x, 1);

  r.logBinomial = (n, k) => r.logGammaRatio(n + 1, n - k + 1) - r.logGamma(k + 1);

  r.binomial = function (n, k) {
    if (k < 0 || k > n) return 0;
    const least = Math.min(k, n - k);
    if (least > LONG) return Math.exp(r.logBinomial(n, k));
    let product = 1;
    for (let i = 1; i <= least; i++) product *= (n - least + i) / i;
    return product < 2 ** 53 ? Math.round(product) : product;
  };

  // polygamma functions of the orders 0 and 1, by their asymptotic series
  r.polygamma = function (order, x) {
    let sum = 0;
    for (; x < FAR; x++) sum += order === 0 ? -1 / x : 1 / (x * x);
    const y = 1 / (x * x);
    const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730];
    if (order === 0) {
      const series = bernoulli.map((each, j) => each / (2 * j + 2));
      return sum + Math.log(x) - 0.5 / x - series.reduceRight((s, each) => (s + each) * y, 0);
    }
    return sum + 1 / x + y / 2 + bernoulli.reduceRight((s, each) => (s + each) * y, 0) / x;
  };

  // Lentz's continued fraction of the incomplete beta function
  function fraction(a, b, x) {
    const away = (z) => (Math.abs(z) < 1e-300 ? 1e-300 : z);
    let c = 1;
    let d = 1 / away(1 - ((a + b) * x) / (a + 1));
    let value = d;
    const advance = function (numerator) {
      d = 1 / away(1 + numerator * d);
      c = away(1 + numerator / c);
      value *= c * d;
    };
    for (let m = 1; m < 100000 && Math.abs(c * d - 1) > Number.EPSILON / 2; m++) {
      advance((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
      advance((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)));
    }
    return value;
  }

  // I_high(a, b) - I_low(a, b), the regularised incomplete beta function
  r.betaShare = function (a, b, low, high) {
    const share = function (x) {
      if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
      if (a === 0 || b === 0) return a === 0 ? 1 : 0; // the limits
      const powers = a * Math.log(x) + b * Math.log1p(-x);
      const front = Math.exp(r.logGammaRatio(a + b, a) - r.logGamma(b) + powers);
      const lies = x < (a + 1) / (a + b + 2);
      return lies ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, 1 - x)) / b;
    };
    return share(high) - share(low);
  };
})((globalThis.companion = globalThis.companion || {}));
