// Small dense matrices. A matrix is {rows, columns, entries}, entries row by row.
"use strict";
(function (companion) {
  const r = (companion.runtime = companion.runtime || {});

  r.make = function (rows, columns, entry) {
    const entries = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) entries[i * columns + j] = entry(i, j);
    }
    return { rows, columns, entries };
  };

  r.matrix = (lists) => r.make(lists.length, lists[0].length, (i, j) => lists[i][j]);
  r.column = (numbers) => r.make(numbers.length, 1, (i) => numbers[i]);
  r.entry = (a, i, j) => a.entries[i * a.columns + j];
  r.number = (a) => a.entries[0];

  r.eye = (n) => r.make(n, n, (i, j) => (i === j ? 1 : 0));
  r.ones = (rows, columns) => r.make(rows, columns, () => 1);
  r.zeros = (rows, columns) => r.make(rows, columns, () => 0);
  r.onDiagonal = (x) => r.make(x.rows, x.rows, (i, j) => (i === j ? x.entries[i] : 0));
  r.diagonalPart = (a) => r.make(a.rows, a.columns, (i, j) => (i === j ? r.entry(a, i, j) : 0));

  r.each = (a, f) => r.make(a.rows, a.columns, (i, j) => f(r.entry(a, i, j)));
  r.squares = (a) => r.each(a, (x) => x * x);
  r.scale = (factor, a) => r.each(a, (x) => factor * x);
  r.transpose = (a) => r.make(a.columns, a.rows, (i, j) => r.entry(a, j, i));

  function sum(a, b) {
    if (a.rows !== b.rows || a.columns !== b.columns) throw new Error("shapes differ");
    return r.make(a.rows, a.columns, (i, j) => r.entry(a, i, j) + r.entry(b, i, j));
  }
  r.add = (...all) => all.reduce(sum);

  function product(a, b) {
    if (a.columns !== b.rows) throw new Error("shapes do not fit");
    return r.make(a.rows, b.columns, (i, j) => {
      let total = 0;
      for (let k = 0; k < a.columns; k++) total += r.entry(a, i, k) * r.entry(b, k, j);
      return total;
    });
  }
  r.mul = (...all) => all.reduce(product);

  r.trace = function (a) {
    let total = 0;
    for (let i = 0; i < a.rows; i++) total += r.entry(a, i, i);
    return total;
  };

  r.power = function (a, exponent) {
    if (exponent < 0) return r.power(r.inverse(a), -exponent);
    if (exponent === 0) return r.eye(a.rows);
    const half = r.power(a, Math.floor(exponent / 2));
    const squared = r.mul(half, half);
    return exponent % 2 ? r.mul(squared, a) : squared;
  };

  // a = P L U with partial pivoting: L below the diagonal, U on it and above
  function factored(a) {
    const n = a.rows;
    const rows = Array.from({ length: n }, (_, i) => a.entries.slice(i * n, (i + 1) * n));
    const order = rows.map((_, i) => i);
    let sign = 1;
    for (let k = 0; k < n; k++) {
      let best = k;
      for (let i = k + 1; i < n; i++) {
        if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
      }
      if (best !== k) {
        [rows[k], rows[best]] = [rows[best], rows[k]];
        [order[k], order[best]] = [order[best], order[k]];
        sign = -sign;
      }
      if (rows[k][k] === 0) continue;
      for (let i = k + 1; i < n; i++) {
        rows[i][k] /= rows[k][k];
        for (let j = k + 1; j < n; j++) rows[i][j] -= rows[i][k] * rows[k][j];
      }
    }
    return { rows, order, sign };
  }

  r.det = function (a) {
    const { rows, sign } = factored(a);
    return rows.reduce((total, row, i) => total * row[i], sign);
  };

  r.inverse = function (a) {
    const n = a.rows;
    const { rows, order } = factored(a);
    const columns = order.map((_, column) => {
      const x = order.map((place) => (place === column ? 1 : 0));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) x[i] -= rows[i][j] * x[j];
      }
      for (let i = n - 1; i >= 0; i--) {
        for (let j = i + 1; j < n; j++) x[i] -= rows[i][j] * x[j];
        x[i] /= rows[i][i];
      }
      return x;
    });
    return r.make(n, n, (i, j) => columns[j][i]);
  };

  function kron(a, b) {
    const place = (i, size) => [Math.floor(i / size), i % size];
    return r.make(a.rows * b.rows, a.columns * b.columns, (i, j) => {
      const [row, below] = place(i, b.rows);
      const [column, beside] = place(j, b.columns);
      return r.entry(a, row, column) * r.entry(b, below, beside);
    });
  }
  r.kron = (...all) => all.reduce(kron);

  r.khatriRao = (a, b) =>
    r.make(a.rows * b.rows, a.columns, (i, j) => {
      return r.entry(a, Math.floor(i / b.rows), j) * r.entry(b, i % b.rows, j);
    });

  r.vec = (a) => r.column(r.transpose(a).entries);

  const above = (a, b) =>
    r.make(a.rows + b.rows, a.columns, (i, j) => {
      return i < a.rows ? r.entry(a, i, j) : r.entry(b, i - a.rows, j);
    });
  r.stack = (...all) => all.reduce(above);

  const beside = (a, b) => r.transpose(above(r.transpose(a), r.transpose(b)));
  r.block = (lists) => r.stack(...lists.map((row) => row.reduce(beside)));

  r.nonzeros = (a) => a.entries.filter((x) => x !== 0).length;
})((globalThis.companion = globalThis.companion || {}));
