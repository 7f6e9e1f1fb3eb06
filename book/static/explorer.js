// An explorer's picture, computed from its data: without a page, so that a test can ask for it too.
(function (companion) {
  'use strict';

  const POINTS = 300;
  const PEAK = 3; // how many times the highest bar a line may be high

  // The value of a slider at a position 0 ... steps, in three digits.
  function position(slider, at) {
    const share = at / slider.steps;
    const { low, high, log, whole } = slider;
    const value = log ? low * (high / low) ** share : low + (high - low) * share;
    return whole ? Math.round(value) : Number(value.toPrecision(3));
  }

  // The position that is nearest to a value.
  function nearest({ low, high, log, steps }, value) {
    const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return Math.round(steps * Math.max(0, Math.min(1, share)));
  }

  // The values of all letters but the one along the axis.
  function letters(explorer, moved) {
    const values = { ...explorer.fixed, ...moved };
    for (const [name, { least, value }] of Object.entries(explorer.derived || {})) {
      // Only a whole letter has a least value.
      values[name] = least === null ? value(values) : Math.max(least, Math.round(value(values)));
    }
    return values;
  }

  // A number of a claim, of its twin or of a part.
  function number({ claim, part, twin, factor = 1 }, values) {
    const known = companion.claims[claim];
    const found = (twin ? known.twins[twin] : known.value)(values);
    return factor * (part ? found[part] : found);
  }

  function axis(explorer, values) {
    const [low, high] = explorer.span.map((end) => (typeof end === 'number' ? end : number(end, values)));
    return { low, high, log: false, label: explorer.axes[0] };
  }

  // Where lines are drawn: every whole value, or inside the span, whose ends may lie outside a domain.
  function places({ low, high }, whole) {
    if (whole) {
      return Array.from({ length: high - low + 1 }, (_, i) => low + i);
    }
    return Array.from({ length: POINTS }, (_, i) => low + ((high - low) * (i + 0.5)) / POINTS);
  }

  const isSeen = (log) => (y) => Number.isFinite(y) && (!log || y > 0);
  const all = (marks, log) => marks.flatMap((mark) => Array.from(mark.heights || mark.y || [])).filter(isSeen(log));

  // The ends of the upright axis. Lines that are wrong may run out below, and a peak at the end of a
  // density out above.
  function heights(marks, log) {
    const right = all(marks.filter(({ css, kind }) => css !== 'printed' && kind !== 'label'), log);
    const drawn = all(marks.filter(({ kind }) => kind !== 'label'), log);
    if (log) {
      return { low: Math.max(Math.min(...right) / 10, Math.min(...drawn) / 1.5), high: Math.max(...drawn) * 2 };
    }
    const bars = all(marks.filter(({ kind }) => kind === 'bars'), log);
    const most = Math.min(Math.max(...drawn), bars.length ? PEAK * Math.max(...bars) : Infinity);
    const least = Math.min(0, ...drawn);
    return { low: 1.1 * least, high: least + (most - least) * 1.15 || 1 };
  }

  const LAYERS = {
    line(layer, values, explorer, x) {
      const y = x.map((each) => number(layer, { ...values, [explorer.along]: each }));
      const css = layer.twin ? 'printed' : 'theory';
      const i = Math.round((layer.place || 0) * (x.length - 1));
      // Over a line that rises, or under one that falls, there is room to the left.
      const rises = y[Math.min(i + 2, y.length - 1)] > y[Math.max(i - 2, 0)];
      const left = rises === layer.over;
      const around = { dx: left ? -6 : 6, dy: layer.over ? -8 : 18, anchor: left ? 'end' : 'start' };
      const label = { kind: 'label', x: x[i], y: y[i], text: layer.label, css, ...around };
      return layer.label ? [{ kind: 'line', x, y, css }, label] : [{ kind: 'line', x, y, css }];
    },
    rule(layer, values) {
      const x = number(layer, values);
      const css = layer.twin ? 'printed' : layer.dotted ? 'rule' : 'theory';
      const beside = layer.twin ? { dx: -6, anchor: 'end' } : { dx: 6, anchor: 'start' };
      const label = { kind: 'label', x, text: layer.label, css, ...beside };
      return layer.label ? [{ kind: 'rule', x, css }, label] : [{ kind: 'rule', x, css }];
    },
    edges: (layer, values) => [{ kind: 'edges', x: Object.values(companion.claims[layer.claim].value(values)) }],
    // An arrow at zero of one height: its number is a share, and no density.
    stem(layer, values) {
      const share = number(layer, values);
      const text = `${companion.say(share, 3)} ${layer.label}`;
      return share > 0 ? [{ kind: 'stem', x: 0, share, text }] : [];
    },
  };

  // The plan of a picture for companion.plot: `moved` are the sliders' values, `drawn` the data sets.
  function plan(explorer, moved, drawn) {
    const values = letters(explorer, moved);
    const x = axis(explorer, values);
    const at = places(x, explorer.whole);
    let marks = explorer.layers.flatMap((layer) => LAYERS[layer.kind](layer, values, explorer, at));
    if (drawn.length) {
      const sampled = companion.samplers[explorer.sampler].marks(drawn, x);
      // Bars lie under the lines, points on them.
      marks = sampled[0].kind === 'bars' ? [...sampled, ...marks] : [...marks, ...sampled];
    }
    const y = { ...heights(marks, explorer.log), log: explorer.log, label: explorer.axes[1] };
    const stems = marks.filter((mark) => mark.kind === 'stem');
    for (const stem of stems) {
      stem.height = 0.92 * y.high;
      marks.push({ kind: 'label', x: 0, y: stem.height, text: stem.text, css: 'theory', dx: 14, dy: -2 });
    }
    return { x, y, marks };
  }

  const readouts = (explorer, moved) => explorer.readouts.map((each) => number(each, letters(explorer, moved)));

  // Data set i of a seed.
  function draw(explorer, moved, seed, i) {
    const values = letters(explorer, moved);
    const one = companion.samplers[explorer.sampler].one;
    return one(values, (seed * 1009 + i) * 2654435761, i, axis(explorer, values));
  }

  companion.explorer = { position, nearest, letters, number, plan, readouts, draw };
})((globalThis.companion = globalThis.companion || {}));
