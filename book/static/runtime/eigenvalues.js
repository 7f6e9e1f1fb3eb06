// Eigenvalues of symmetric matrices and the Moore-Penrose inverse, both by Jacobi's rotations.
"use strict";
(function (companion) {
  const r = (companion.runtime = companion.runtime || {});
  const SWEEPS = 60;

  // the cosine and the sine that make [[a, c], [c, b]] diagonal
  function rotation(a, b, c) {
    const slope = (b - a) / (2 * c);
    const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1));
    const cosine = 1 / Math.hypot(tangent, 1);
    return [cosine, tangent * cosine];
  }

  // turn two rows, or two columns, into each other: entries from two places on, a step apart
  function turn(entries, one, other, step, count, [cosine, sine]) {
    for (let k = 0; k < count; k++) {
      const x = entries[one + k * step];
      const y = entries[other + k * step];
      entries[one + k * step] = cosine * x - sine * y;
      entries[other + k * step] = sine * x + cosine * y;
    }
  }

  // whether a number is nothing beside another
  const isLost = (small, number) => Math.abs(number) + Math.abs(small) / 64 === Math.abs(number);

  // all eigenvalues of a symmetric matrix, upwards
  function spectrum(a) {
    const n = a.rows;
    const d = r.make(n, n, (i, j) => (r.entry(a, i, j) + r.entry(a, j, i)) / 2).entries;
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      let turned = false;
      for (let p = 0; p < n; p++) {
        for (let q = p + 1; q < n; q++) {
          const off = d[p * n + q];
          if (isLost(off, d[p * n + p]) && isLost(off, d[q * n + q])) continue;
          const angle = rotation(d[p * n + p], d[q * n + q], off);
          turn(d, p, q, n, n, angle);
          turn(d, p * n, q * n, 1, n, angle);
          d[p * n + q] = d[q * n + p] = 0; // what rounding leaves of it
          turned = true;
        }
      }
      if (!turned) break;
    }
    return Float64Array.from({ length: n }, (_, i) => d[i * n + i]).sort();
  }

  const size = (entries) => Math.max(...entries.map(Math.abs));

  r.eigenvalues = (a) => r.column(spectrum(a));
  r.smallest = (a) => spectrum(a)[0];
  r.nthLargest = (a, n) => (n > a.rows ? -Infinity : spectrum(a)[a.rows - n]);
  r.largest = (a) => r.nthLargest(a, 1);
  r.secondLargest = (a) => r.nthLargest(a, 2);

  // the smallest above rounding, n eps times the largest
  r.smallestPositive = function (a) {
    const all = spectrum(a);
    const floor = a.rows * Number.EPSILON * size(all);
    const found = all.find((x) => x > floor);
    return found === undefined ? NaN : found;
  };

  // columns orthogonal: a v = u, with v orthogonal; a has no more columns than rows
  function orthogonalised(a) {
    const n = a.columns;
    const u = Float64Array.from(a.entries);
    const v = r.eye(n).entries;
    const inner = (p, q) => {
      let sum = 0;
      for (let k = 0; k < a.rows; k++) sum += u[k * n + p] * u[k * n + q];
      return sum;
    };
    for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
      turned = false;
      for (let p = 0; p < n; p++) {
        for (let q = p + 1; q < n; q++) {
          const [first, second, both] = [inner(p, p), inner(q, q), inner(p, q)];
          if (Math.abs(both) <= Number.EPSILON * Math.sqrt(first * second)) continue;
          const angle = rotation(first, second, both);
          turn(u, p, q, n, a.rows, angle);
          turn(v, p, q, n, n, angle);
          turned = true;
        }
      }
    }
    const lengths = Float64Array.from({ length: n }, (_, j) => Math.sqrt(inner(j, j)));
    return { u, v, lengths };
  }

  // all singular values, without order
  r.singularValues = (a) => orthogonalised(a.rows < a.columns ? r.transpose(a) : a).lengths;

  // what is smaller than rounding leaves of a singular matrix is dropped
  r.pinv = function (a) {
    if (a.rows < a.columns) return r.transpose(r.pinv(r.transpose(a)));
    const n = a.columns;
    const { u, v, lengths } = orthogonalised(a);
    const floor = a.rows * Number.EPSILON * Math.max(...lengths);
    return r.make(n, a.rows, (i, j) => {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        if (lengths[k] > floor) sum += (v[i * n + k] * u[j * n + k]) / lengths[k] ** 2;
      }
      return sum;
    });
  };
})((globalThis.companion = globalThis.companion || {}));
