// "As a curve": a number of a claim along one of its letters, and its twins on demand.
(function (companion) {
  'use strict';

  const POINTS = 240;
  const WIDE = 100; // ends of a positive range that lie so far apart take a log axis
  const STEEP = 1000; // and so do values
  const ROOM = 2; // how far twins may widen the upright axis, in heights of the claim's own line
  const TAIL = 0.03; // the share of values at either end that may be cut off
  const DASHES = ['7 4', '2 4', '12 4 2 4', '1 3'];

  // The letters that a curve can run along: numbers that are no size of an array.
  function letters(claim) {
    const arrays = claim.parameters.filter(({ kind }) => kind === 'array');
    const sizes = arrays.flatMap(({ rows, columns }) => [rows, columns]);
    return claim.parameters.filter(({ kind, name }) => kind !== 'array' && !sizes.includes(name));
  }

  // The typical range of a letter inside its domain, and the present value in it.
  function axis({ low, high, typical }, present) {
    const from = Math.min(Math.max(low, typical[0]), present);
    const to = Math.max(Math.min(high, typical[1]), present);
    return { low: from, high: to > from ? to : from + 1, log: from > 0 && to / from >= WIDE };
  }

  function places({ low, high, log }, whole) {
    const share = (i) => (i + 0.5) / POINTS;
    const at = (i) => (log ? low * (high / low) ** share(i) : low + (high - low) * share(i));
    if (!whole) {
      return Array.from({ length: POINTS }, (_, i) => at(i));
    }
    const every = high - low < POINTS;
    const all = Array.from({ length: every ? high - low + 1 : POINTS }, (_, i) => (every ? low + i : Math.round(at(i))));
    return Array.from(new Set(all));
  }

  function isInside({ low, high, closed }, x) {
    return closed ? x >= low && x <= high : x > low && x < high;
  }

  // A number of the claim where x is in its domain and its conditions hold, else a gap.
  function heights(claim, formula, part, values, letter, x) {
    return x.map((each) => {
      const there = { ...values, [letter.name]: each };
      if (!isInside(letter, each) || !claim.conditions.every(({ holds }) => holds(there))) {
        return NaN;
      }
      const found = formula(there);
      const number = part ? found[part] : found;
      return typeof number === 'number' ? number : companion.runtime.number(number);
    });
  }

  // The ends of the upright axis. A few values that run away are cut off.
  function ends(y) {
    const sorted = y.filter(Number.isFinite).sort((a, b) => a - b);
    if (!sorted.length) {
      return { low: 0, high: 1, log: false };
    }
    const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
    const middle = at(1 - TAIL) - at(TAIL);
    let [low, high] = [at(0), at(1)];
    if (low > 0 && at(1 - TAIL) / at(TAIL) > STEEP) {
      return { low: low / 1.5, high: high * 1.5, log: true };
    }
    low = at(TAIL) - low > 2 * middle ? at(TAIL) : low;
    high = high - at(1 - TAIL) > 2 * middle ? at(1 - TAIL) : high;
    const room = (high - low || Math.abs(high) || 1) * 0.08;
    // An axis of positive numbers begins at zero if they come near.
    const bottom = low >= 0 && low < 0.4 * high ? 0 : low - room;
    return { low: bottom, high: high + room, log: false };
  }

  // With twins, the axis has room for them, but for no more than keeps the claim's own line in sight.
  function endsWith(y, wrong) {
    const [own, all] = [ends(y), ends([...y, ...wrong])];
    if (Math.max(...y) === Math.min(...y)) {
      return { ...all, log: false };
    }
    if (own.log && !all.log) {
      return own;
    }
    const room = ROOM * (own.high - own.low);
    const [down, up] = own.log ? [own.low / STEEP, own.high * STEEP] : [own.low - room, own.high + room];
    const low = Math.min(own.low, Math.max(all.low, down));
    return { low, high: Math.max(own.high, Math.min(all.high, up)), log: own.log };
  }

  const value = (found, part) => (part ? found[part] : found);

  // The plan of the picture for companion.plot.
  function plan(claim, values, name, part, twins) {
    const letter = letters(claim).find((each) => each.name === name);
    const x = axis(letter, values[name]);
    const at = places(x, letter.kind === 'integer');
    const y = heights(claim, claim.value, part, values, letter, at);
    const formulas = twins ? Object.values(claim.twins) : [];
    const wrong = formulas.map((formula, i) => {
      const heightsOf = heights(claim, formula, part, values, letter, at);
      return { kind: 'line', css: 'printed', dash: DASHES[i % DASHES.length], x: at, y: heightsOf };
    });
    const present = value(claim.value(values), part);
    const marks = [{ kind: 'rule', x: values[name] }, ...wrong, { kind: 'line', css: 'theory', x: at, y }];
    marks.push({ kind: 'points', x: [values[name]], y: [present] });
    return { x, y: endsWith([...y, present].filter(Number.isFinite), wrong.flatMap((each) => each.y)), marks };
  }

  companion.curve = { letters, plan };

  companion.mountCurve = function (host) {
    const claim = companion.claims[host.dataset.curve];
    const form = host.closest('.claim').querySelector('.numbers');
    const one = (selector) => host.querySelector(selector);
    const [along, part, twins, picture, note] = ['.along', '.part', '.twins', '.picture', '.note'].map(one);
    const words = (name) => form.querySelector(`[name="${name}"]`).parentElement.querySelector('label');
    const label = (name) => words(name).textContent;
    const symbol = (name) => words(name).querySelector('math').textContent;

    // The parts that are numbers, at the example: a reader's own numbers may be refused.
    function numbers() {
      const found = companion.evaluate(host.dataset.curve, claim.example);
      return claim.parts.filter((each) => typeof value(found, each) === 'number');
    }

    function draw() {
      let values;
      try {
        values = companion.read(claim, companion.fields(form));
      } catch (error) {
        picture.replaceChildren(); // a curve of other numbers would stand beside the refusal
        note.textContent = error.message;
        return;
      }
      const drawn = plan(claim, values, along.value, part.value, twins.checked);
      drawn.x.label = label(along.value);
      drawn.y.label = part.value.replaceAll('_', ' ');
      const others = claim.parameters.filter(({ name, kind }) => kind !== 'array' && name !== along.value);
      const fixed = others.map(({ name }) => `${symbol(name)} = ${companion.say(values[name])}`).join(', ');
      const name = `${host.dataset.curve} along ${label(along.value)}`;
      const size = { id: `curve-${host.dataset.curve}`, name, width: Math.max(280, picture.clientWidth), height: 300 };
      picture.innerHTML = companion.plot({ ...size, ...drawn });
      const wrong = twins.checked ? ` Dashed: ${Object.keys(claim.twins).join('; ')}.` : '';
      note.textContent = `${fixed ? `At ${fixed}. ` : ''}The point is the value at your own numbers.${wrong}`;
    }

    const option = (text, chosen) => `<option value="${companion.escaped(chosen)}">${companion.escaped(text)}</option>`;
    companion.fillFields(form);
    const parts = numbers();
    along.innerHTML = letters(claim).map(({ name }) => option(label(name), name)).join('');
    part.innerHTML = parts.map((each) => option(each.replaceAll('_', ' '), each)).join('');
    one('.parts').hidden = parts.length < 2;
    host.addEventListener('change', draw);
    form.addEventListener('input', draw);
    new ResizeObserver(draw).observe(picture);
    draw();
  };
})((globalThis.companion = globalThis.companion || {}));
