// "At your own numbers": a field per letter, and the claim's value or the words of its domain.
(function (companion) {
  'use strict';

  const isMatrix = (value) => value.entries instanceof Float64Array;

  // A matrix as a table, a number in words, parts by their names: as HTML.
  function shown(value) {
    if (typeof value === 'number') {
      return `<output data-value="${value}">${companion.say(value, 8)}</output>`;
    }
    if (isMatrix(value)) {
      const row = (i) => Array.from({ length: value.columns }, (_, j) => companion.runtime.entry(value, i, j));
      const cells = (i) => row(i).map((each) => `<td>${companion.say(each, 6)}</td>`).join('');
      const rows = Array.from({ length: value.rows }, (_, i) => `<tr>${cells(i)}</tr>`).join('');
      return `<div class="wide" tabindex="0" role="group" aria-label="matrix"><table class="matrix">${rows}</table></div>`;
    }
    const part = ([name, each]) => `<div><dt>${companion.escaped(name.replaceAll('_', ' '))}</dt><dd>${shown(each)}</dd></div>`;
    return `<dl class="readouts">${Object.entries(value).map(part).join('')}</dl>`;
  }

  // The texts of the fields of a claim's form.
  companion.fields = function (form) {
    const texts = {};
    form.querySelectorAll('input').forEach((input) => (texts[input.name] = input.value));
    return texts;
  };

  // The example goes into fields that nobody has filled.
  companion.fillFields = function (form) {
    const { example } = companion.claims[form.dataset.numbers];
    form.querySelectorAll('input').forEach((input) => {
      if (!form.dataset.filled && input.value === '') {
        input.value = example[input.name];
      }
    });
    form.dataset.filled = 'true';
  };

  companion.mountNumbers = function (form) {
    const result = form.querySelector('.result');

    // Only the fields that the refusal names are marked.
    function mark(words) {
      form.querySelectorAll('input').forEach((input) => {
        const named = new RegExp(`(^|[ ,])${input.name}( |$)`).test(words.split(':')[0]);
        input.setAttribute('aria-invalid', String(named));
      });
    }

    function evaluate() {
      try {
        result.innerHTML = shown(companion.evaluate(form.dataset.numbers, companion.fields(form)));
        result.classList.remove('refused');
        mark('');
      } catch (error) {
        if (!(error instanceof companion.Refusal)) {
          throw error;
        }
        result.textContent = error.message;
        result.classList.add('refused');
        mark(error.message);
      }
    }

    companion.fillFields(form);
    form.addEventListener('input', evaluate);
    form.addEventListener('submit', (event) => event.preventDefault());
    evaluate();
  };
})((globalThis.companion = globalThis.companion || {}));
