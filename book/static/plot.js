// A plot as the text of an SVG picture: axes, lines, bars, points, labels. The style sheet colours it.
(function (companion) {
  'use strict';

  const CHARACTER = 7.3; // pixels of a character of a label, on average
  const LOWEST = 3; // pixels of a bar that holds anything
  const BEYOND = ['label', 'stem', 'edges']; // marks that the frame does not cut
  const MARGIN = { left: 60, right: 16, top: 30, bottom: 46 };

  // Round numbers between two ends.
  function ticks({ low, high, log }, count) {
    if (log && high / low >= 10) {
      const first = Math.ceil(Math.log10(low) - 1e-9);
      const last = Math.floor(Math.log10(high) + 1e-9);
      const stride = Math.max(1, Math.ceil((last - first) / count));
      const decades = [];
      for (let k = first; k <= last; k += stride) {
        decades.push(10 ** k);
      }
      return decades;
    }
    const raw = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((s) => s >= raw * 0.999);
    const round = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
      round.push(k === 0 ? 0 : k * step);
    }
    return round;
  }

  // The place of a value between two ends of the picture.
  function scale({ low, high, log }, from, to) {
    const at = log ? Math.log : (value) => value;
    const slope = (to - from) / (at(high) - at(low));
    return (value) => from + slope * (at(value) - at(low));
  }

  // Coordinates far outside the frame, which hides them, are cut: a picture takes no larger numbers.
  const shown = (value) => Math.max(-2000, Math.min(4000, value)).toFixed(1);

  const DRAW = {
    // A gap where there is no value.
    line({ x, y, css, dash }, frame) {
      let path = '';
      let pen = 'M';
      y.forEach((value, i) => {
        const drawn = Number.isFinite(value) && !(frame.log && value <= 0);
        path += drawn ? `${pen}${shown(frame.x(x[i]))} ${shown(frame.y(value))}` : '';
        pen = drawn ? 'L' : 'M';
      });
      return `<path class="${css}" d="${path}"${dash ? ` style="stroke-dasharray: ${dash}"` : ''}/>`;
    },
    bars({ edges, heights }, frame) {
      return heights.map((height, i) => {
        const [left, right] = [frame.x(edges[i]), frame.x(edges[i + 1])];
        const top = Math.min(frame.y(height), frame.bottom - LOWEST);
        const size = `width="${shown(right - left - 0.6)}" height="${shown(frame.bottom - top)}"`;
        return height > 0 ? `<rect class="bar" x="${shown(left)}" y="${shown(top)}" ${size}/>` : '';
      }).join('');
    },
    points({ x, y }, frame) {
      const drawn = x.map((_, i) => i).filter((i) => Number.isFinite(y[i]) && !(frame.log && y[i] <= 0));
      const place = (i) => `cx="${shown(frame.x(x[i]))}" cy="${shown(frame.y(y[i]))}"`;
      return drawn.map((i) => `<circle class="point" ${place(i)} r="3.4"/>`).join('');
    },
    rule({ x, css }, frame) {
      return `<path class="${css || 'rule'}" d="M${shown(frame.x(x))} ${frame.top}V${frame.bottom}"/>`;
    },
    stem({ x, height }, frame) {
      const [at, top] = [frame.x(x), frame.y(height)];
      const head = `<path class="edge" d="M${shown(at - 6)} ${shown(top)}h12l-6 -10z"/>`;
      return `<path class="theory" d="M${shown(at)} ${frame.bottom}V${shown(top)}"/>${head}`;
    },
    edges({ x }, frame) {
      return x.map((value) => `<path class="edge" d="M${shown(frame.x(value))} ${frame.bottom - 9}l5 9h-10z"/>`).join('');
    },
    // A label stays inside the frame, as far as its width can be told from its characters.
    label({ x, y, text, css, anchor, dx, dy }, frame) {
      const width = text.length * CHARACTER;
      const shift = anchor === 'end' ? width : 0;
      const from = frame.x(x) + (dx || 0) - shift;
      const left = Math.max(frame.left + 4, Math.min(frame.right - width, from)) + shift;
      const top = y === undefined ? frame.top + 12 : frame.y(y) + (dy || 0);
      const inside = Math.max(frame.top + 12, Math.min(frame.bottom - 6, top));
      const place = `x="${shown(left)}" y="${shown(inside)}" text-anchor="${anchor || 'start'}"`;
      return `<text class="label ${css}" ${place}>${companion.escaped(text)}</text>`;
    },
  };

  // What stands at a tick: powers of ten on an axis of many decades.
  function said(value, { low, high, log }) {
    const many = log && (low < 1e-4 || high > 1e4);
    const long = Math.abs(value) >= 1e5 || (many && Math.abs(Math.log10(value)) > 1);
    return companion.say(value, long ? 3 : 4, long);
  }

  function axes({ x, y, width, height }, frame) {
    const text = (at, place, words) => `<text ${at} ${place}>${companion.escaped(words)}</text>`;
    let drawn = `<path d="M${MARGIN.left} ${frame.top}V${frame.bottom}H${width - MARGIN.right}"/>`;
    for (const value of ticks(x, width > 500 ? 7 : 4)) {
      const at = shown(frame.x(value));
      drawn += `<path d="M${at} ${frame.bottom}v5"/>`;
      drawn += text(`x="${at}" y="${frame.bottom + 19}"`, 'text-anchor="middle"', said(value, x));
    }
    for (const value of ticks(y, 5)) {
      const at = frame.y(value);
      drawn += `<path d="M${MARGIN.left - 5} ${shown(at)}h5"/>`;
      drawn += text(`x="${MARGIN.left - 8}" y="${shown(at + 4)}"`, 'text-anchor="end"', said(value, y));
    }
    const middle = (MARGIN.left + width - MARGIN.right) / 2;
    drawn += text(`class="name" x="${middle}" y="${height - 8}"`, 'text-anchor="middle"', x.label);
    return drawn + text('class="name" x="4" y="16"', '', y.label);
  }

  // The picture of {id, name, width, height, x, y, marks}; an axis is {low, high, log, label}, a
  // mark is {kind, ...} with a kind of DRAW. The name is what a screen reader says.
  companion.plot = function (plan) {
    const { id, name, width, height, x, y, marks } = plan;
    const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
    const frame = {
      x: scale(x, MARGIN.left, width - MARGIN.right),
      y: scale(y, bottom, top),
      log: y.log,
      left: MARGIN.left,
      right: width - MARGIN.right,
      top,
      bottom,
    };
    const draw = (mark) => DRAW[mark.kind](mark, frame);
    const inside = marks.filter((mark) => !BEYOND.includes(mark.kind)).map(draw).join('');
    const beyond = marks.filter((mark) => BEYOND.includes(mark.kind)).map(draw).join('');
    const box = `x="${MARGIN.left}" y="${top - 6}" width="${width - MARGIN.left - MARGIN.right}" height="${bottom - top + 6}"`;
    return (
      `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${companion.escaped(name)}">` +
      `<clipPath id="${id}-frame"><rect ${box}/></clipPath><g class="axis">${axes(plan, frame)}</g>` +
      `<g clip-path="url(#${id}-frame)">${inside}</g>${beyond}</svg>`
    );
  };
  companion.plot.ticks = ticks;
})((globalThis.companion = globalThis.companion || {}));
