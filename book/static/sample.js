// Random data, drawn in the page from a seed, and its eigenvalues. Knows no formula of the theory.
(function (companion) {
  'use strict';

  // Uniform numbers in [0, 1) from a 32-bit seed (the generator mulberry32).
  function uniforms(seed) {
    let state = seed | 0;
    return function () {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  // So many normal numbers of the given mean and variance, two at a time (Box and Muller).
  function normals(next, count, mean = 0, variance = 1) {
    const drawn = new Float64Array(count + (count % 2));
    for (let i = 0; i < drawn.length; i += 2) {
      const radius = Math.sqrt(-2 * variance * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      drawn[i] = mean + radius * Math.cos(angle);
      drawn[i + 1] = mean + radius * Math.sin(angle);
    }
    return drawn.subarray(0, count);
  }

  // AA'/p, row by row, of a matrix A of so many rows, given row by row.
  function products(A, rows, columns, p) {
    const R = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < columns; k++) {
          sum += A[i * columns + k] * A[j * columns + k];
        }
        R[i * rows + j] = R[j * rows + i] = sum / p;
      }
    }
    return R;
  }

  // A data set X of N inputs and p examples of independent normal entries: R = XX'/p, row by row.
  function secondMoments(seed, { N, p, m = 0, v }) {
    return products(normals(uniforms(seed), N * p, m, v), N, p, p);
  }

  // The eigenvalues of such an R, upwards. With fewer examples than inputs, N - p of them are zero
  // by rank and the others are those of X'X/p, which is smaller.
  function spectrum(seed, { N, p, m = 0, v }) {
    if (p >= N) {
      return companion.eigenvaluesOf(secondMoments(seed, { N, p, m, v }), N);
    }
    const Y = normals(uniforms(seed), N * p, m, v); // the columns of X, one after the other
    const all = new Float64Array(N);
    all.set(companion.eigenvaluesOf(products(Y, p, N, p), p), N - p);
    return all;
  }

  // The loss d'Rd/2 after 0 ... steps steps of descent from a normal start d with E|d|^2 = start^2.
  function losses(seed, { N, p, m = 0, v, eta, start }, steps) {
    const R = secondMoments(seed, { N, p, m, v });
    const d = normals(uniforms(~seed), N, 0, (start * start) / N);
    const found = [];
    for (let k = 0; k <= steps; k++) {
      const slope = d.map((_, i) => {
        let sum = 0;
        for (let j = 0; j < N; j++) {
          sum += R[i * N + j] * d[j];
        }
        return sum;
      });
      found.push(d.reduce((sum, each, i) => sum + (each * slope[i]) / 2, 0));
      slope.forEach((each, i) => (d[i] -= eta * each));
    }
    return found;
  }

  companion.sample = { uniforms, normals, secondMoments, spectrum, losses };
})((globalThis.companion = globalThis.companion || {}));
