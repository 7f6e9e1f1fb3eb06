// Relations between two numbers. What rounding may have moved counts as equal.
"use strict";
(function (companion) {
  const r = (companion.runtime = companion.runtime || {});
  const ULPS = 64;

  const rounding = (left, right) => ULPS * Number.EPSILON * (Math.abs(left) + Math.abs(right));

  r.isLess = ({ left, right }) => left < right; // as floats are
  r.isBelow = ({ left, right }) => right - left > rounding(left, right);
  r.isAtMost = ({ left, right }) => right - left >= -rounding(left, right);
  r.differs = ({ left, right }) => Math.abs(right - left) > rounding(left, right);
})((globalThis.companion = globalThis.companion || {}));
