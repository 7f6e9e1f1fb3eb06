// The eigenvalues of a symmetric matrix of some hundred rows, in milliseconds.
(function (companion) {
  'use strict';

  // Householder's reflections turn the matrix A, which is used up, into a tridiagonal one. Its
  // diagonal and the n - 1 entries beside it are returned.
  function tridiagonal(A, n) {
    const beside = new Float64Array(n);
    const reflection = new Float64Array(n);
    const product = new Float64Array(n);
    for (let k = 0; k < n - 2; k++) {
      // The column below the diagonal, v, is reflected onto its first entry.
      let square = 0;
      for (let i = k + 1; i < n; i++) {
        reflection[i] = A[i * n + k];
        square += reflection[i] ** 2;
      }
      const length = reflection[k + 1] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
      beside[k] = length;
      if (square === 0) {
        continue;
      }
      reflection[k + 1] -= length;
      const half = -length * reflection[k + 1]; // |reflection|^2 / 2
      let overlap = 0;
      for (let i = k + 1; i < n; i++) {
        let sum = 0;
        for (let j = k + 1; j < n; j++) {
          sum += A[i * n + j] * reflection[j];
        }
        product[i] = sum / half;
        overlap += product[i] * reflection[i];
      }
      for (let i = k + 1; i < n; i++) {
        product[i] -= (overlap / (2 * half)) * reflection[i];
      }
      for (let i = k + 1; i < n; i++) {
        for (let j = k + 1; j < n; j++) {
          A[i * n + j] -= reflection[i] * product[j] + product[i] * reflection[j];
        }
      }
    }
    beside[n - 2] = n > 1 ? A[(n - 1) * n + n - 2] : 0;
    return [Float64Array.from({ length: n }, (_, i) => A[i * n + i]), beside];
  }

  // The end of the block from row `first` on: the next entry beside the diagonal that is rounding.
  function blockEnd(d, e, first, n) {
    let last = first;
    while (last < n - 1 && Math.abs(e[last]) > Number.EPSILON * (Math.abs(d[last]) + Math.abs(d[last + 1]))) {
      last++;
    }
    return last;
  }

  // One step of QL with Wilkinson's shift, by rotations from the end of the block to its first row.
  function step(d, e, first, last) {
    let g = (d[first + 1] - d[first]) / (2 * e[first]);
    g = d[last] - d[first] + e[first] / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1));
    let [sine, cosine, moved] = [1, 1, 0];
    for (let i = last - 1; i >= first; i--) {
      const f = sine * e[i];
      const b = cosine * e[i];
      const radius = Math.hypot(f, g);
      e[i + 1] = radius;
      if (radius === 0) {
        d[i + 1] -= moved;
        e[last] = 0;
        return;
      }
      sine = f / radius;
      cosine = g / radius;
      g = d[i + 1] - moved;
      const turn = (d[i] - g) * sine + 2 * cosine * b;
      moved = sine * turn;
      d[i + 1] = g + moved;
      g = cosine * turn - b;
    }
    d[first] -= moved;
    e[first] = g;
    e[last] = 0;
  }

  // The eigenvalues of the symmetric matrix A of n rows, upwards. A is used up.
  companion.eigenvaluesOf = function (A, n) {
    const [d, e] = tridiagonal(A, n);
    for (let first = 0; first < n; first++) {
      for (let last = blockEnd(d, e, first, n); last > first; last = blockEnd(d, e, first, n)) {
        step(d, e, first, last);
      }
    }
    return d.sort();
  };
})((globalThis.companion = globalThis.companion || {}));
