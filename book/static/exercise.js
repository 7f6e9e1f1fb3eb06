// Exercises: an answer is judged by the claim, and a known mistake by the claim's twin.
(function (companion) {
  'use strict';

  const TRIES = 1000;

  // The right answer at these values, or that of a twin.
  function answer({ claim, part }, values, twin) {
    return companion.explorer.number({ claim, part, twin }, values);
  }

  // The answers at these values: the right one first, then those of twins in order.
  function answers(exercise, values) {
    return [undefined, ...Object.keys(exercise.mistakes)].map((twin) => answer(exercise, values, twin));
  }

  // Whether no two answers could be taken for each other.
  function areApart(exercise, values) {
    const all = answers(exercise, values);
    const least = exercise.apart * exercise.tolerance;
    const differ = (a, b) => Math.abs(a - b) >= least * Math.max(Math.abs(a), Math.abs(b));
    return all.every((a, i) => Number.isFinite(a) && all.slice(0, i).every((b) => differ(a, b)));
  }

  // Values other than the old ones, whose answers lie apart; `next` gives uniform numbers. In two
  // digits, as one reads them.
  function draw(exercise, next, old = {}) {
    for (let i = 0; i < TRIES; i++) {
      const values = {};
      for (const [name, { low, high, whole }] of Object.entries(exercise.ranges)) {
        const drawn = low + (high - low) * next();
        const rounded = Number(drawn.toPrecision(2));
        values[name] = whole ? Math.round(rounded) : rounded;
      }
      const isNew = Object.entries(values).some(([name, value]) => value !== old[name]);
      if (isNew && areApart(exercise, values)) {
        return values;
      }
    }
    return exercise.values;
  }

  const isNear = (x, right, tolerance) => Math.abs(x - right) <= tolerance * Math.abs(right);

  // What is said of the answer x: {kind: right, twin or other, words}; words are HTML.
  function judge(exercise, values, x) {
    const right = answer(exercise, values);
    if (isNear(x, right, exercise.tolerance)) {
      return { kind: 'right', words: `Right: ${companion.say(right)}. ${exercise.why}` };
    }
    const twin = Object.keys(exercise.mistakes).find((name) => {
      return isNear(x, answer(exercise, values, name), exercise.tolerance);
    });
    if (twin !== undefined) {
      return { kind: 'twin', words: `A known mistake: ${exercise.names[twin]}. ${exercise.mistakes[twin]}` };
    }
    const ratio = x / right;
    if (!(ratio > 0)) {
      return { kind: 'other', words: 'Not yet: the answer has the other sign.' };
    }
    const size = ratio > 1 ? 'too large' : 'too small';
    return { kind: 'other', words: `Not yet: ${size}, ${companion.say(ratio, 2)} times the right value.` };
  }

  companion.exercise = { answers, draw, judge };

  companion.mountExercise = function (host) {
    const it = companion.exercises[host.dataset.exercise];
    const one = (selector) => host.querySelector(selector);
    const input = one('input');
    const feedback = one('.feedback');
    let values = { ...it.values };
    let wrong = 0;

    function tell(kind, words) {
      feedback.className = `feedback ${kind}`;
      feedback.innerHTML = words;
    }

    function ask(next) {
      values = next;
      wrong = 0;
      host.dataset.values = JSON.stringify(values);
      host.querySelectorAll('[data-letter]').forEach((place) => {
        place.textContent = companion.say(values[place.dataset.letter]);
      });
      input.value = '';
      tell('', '');
    }

    one('form').addEventListener('submit', (event) => {
      event.preventDefault();
      const x = companion.typed(input.value);
      if (Number.isNaN(x)) {
        tell('wrong', 'Type a number, such as 0.75 or 3/4.');
        return;
      }
      const { kind, words } = companion.exercise.judge(it, values, x);
      wrong += kind === 'right' ? 0 : 1;
      const hint = wrong > 1 && kind === 'other' ? ` ${it.hint}` : '';
      tell(kind === 'right' ? 'right' : 'wrong', words + hint);
    });
    one('.fresh').addEventListener('click', () => {
      ask(draw(it, Math.random, values));
      input.focus();
    });
    one('.solve').addEventListener('click', () => {
      tell('', `${companion.say(answer(it, values))}. ${it.why}`);
    });
    ask(values);
  };
})((globalThis.companion = globalThis.companion || {}));
