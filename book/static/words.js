// Numbers as a reader writes and reads them.
(function (companion) {
  'use strict';

  const RAISED = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

  // A number in so many digits, as a power of ten where zeros would hide its size, or where asked.
  companion.say = function (number, digits = 5, power = false) {
    if (!Number.isFinite(number)) {
      return Number.isNaN(number) ? 'no value' : number > 0 ? '∞' : '−∞';
    }
    if (number === 0) {
      return '0';
    }
    const [mantissa, exponent] = number.toExponential(digits - 1).split('e');
    const plain = !power && Number(exponent) >= -4 && Number(exponent) < 7;
    const text = plain ? String(Number(number.toPrecision(digits))) : String(Number(mantissa));
    const ten = '10' + Array.from(String(Number(exponent)), (c) => RAISED[c]).join('');
    const whole = plain ? text : text === '1' || text === '-1' ? text.replace('1', ten) : `${text} × ${ten}`;
    return whole.replace('-', '−');
  };

  // A number or a fraction that a reader typed; NaN where the text is neither.
  companion.typed = function (text) {
    const number = companion.exact.number(text.replace(/[−–]/g, '-'));
    return number === null ? NaN : companion.exact.float(number);
  };

  companion.escaped = function (text) {
    return String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
  };
})((globalThis.companion = globalThis.companion || {}));
