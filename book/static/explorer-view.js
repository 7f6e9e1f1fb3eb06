// An explorer in the page: its sliders, its buttons, its state in the address, its picture.
(function (companion) {
  'use strict';

  const BUDGET = 8; // milliseconds of a frame for drawing data

  // The state that the page's address gives to this explorer: #explorer-density?alpha=2&N=80.
  function asked(host, sliders) {
    const [place, query] = decodeURIComponent(location.hash.slice(1)).split('?');
    const given = place === host.id ? Array.from(new URLSearchParams(query || '')) : [];
    const known = given.map(([name, text]) => [name, companion.typed(text)]);
    return Object.fromEntries(
      known.filter(([name, value]) => sliders[name] && value >= sliders[name].low && value <= sliders[name].high)
    );
  }

  function start(sliders) {
    return Object.fromEntries(Object.entries(sliders).map(([name, each]) => [name, each.start]));
  }

  companion.mountExplorer = function (host) {
    const it = companion.explorers[host.dataset.explorer];
    const one = (selector) => host.querySelector(selector);
    const picture = one('.picture');
    const inputs = Array.from(host.querySelectorAll('input[type=range]'));
    const outputs = Array.from(host.querySelectorAll('.readouts output'));
    let moved = { ...start(it.sliders), ...asked(host, it.sliders) };
    let seed = 1;
    let drawn = [];
    let waiting = 0;

    function showSliders() {
      for (const input of inputs) {
        const value = moved[input.name];
        input.value = companion.explorer.nearest(it.sliders[input.name], value);
        input.setAttribute('aria-valuetext', companion.say(value, 3));
        input.parentElement.querySelector('output').textContent = companion.say(value, 3);
      }
      const state = new URLSearchParams(moved).toString();
      one('.share').dataset.copy = `${location.href.split('#')[0]}#${host.id}?${state}`;
    }

    function showNumbers() {
      const values = companion.explorer.letters(it, moved);
      companion.explorer.readouts(it, moved).forEach((number, i) => {
        outputs[i].textContent = companion.say(number);
        outputs[i].dataset.value = number;
      });
      host.dataset.values = JSON.stringify(values);
      if (drawn.length) {
        one('.drawn').textContent = companion.samplers[it.sampler].says(drawn, values);
      }
    }

    function name() {
      const letters = Object.entries(moved).map(([letter, value]) => `${letter} ${companion.say(value, 3)}`);
      const numbers = outputs.map(
        (each) => `${each.closest('div').querySelector('dt').textContent} ${each.textContent}`
      );
      return `${one('h3').textContent}, at ${letters.join(', ')}: ${numbers.join(', ')}.`;
    }

    function paint() {
      waiting = 0;
      const began = performance.now();
      const wanted = it.draws;
      do {
        if (drawn.length < wanted) {
          drawn.push(companion.explorer.draw(it, moved, seed, drawn.length));
        }
      } while (drawn.length < wanted && performance.now() - began < BUDGET);
      showNumbers();
      const size = { id: host.id, name: name(), width: Math.max(300, picture.clientWidth), height: 340 };
      picture.innerHTML = companion.plot({ ...size, ...companion.explorer.plan(it, moved, drawn) });
      host.dataset.ready = String(drawn.length === wanted);
      if (drawn.length < wanted) {
        soon();
      }
    }

    function soon() {
      waiting = waiting || requestAnimationFrame(paint);
    }

    // Other letters, other data: what was drawn is dropped.
    function change(next) {
      moved = next;
      drawn = [];
      host.dataset.ready = 'false';
      showSliders();
      soon();
    }

    for (const input of inputs) {
      input.addEventListener('input', () => {
        const value = companion.explorer.position(it.sliders[input.name], Number(input.value));
        change({ ...moved, [input.name]: value });
      });
    }
    if (it.draws) {
      one('.again').addEventListener('click', () => {
        seed += 1;
        change(moved);
      });
    }
    one('.reset').addEventListener('click', () => change(start(it.sliders)));
    window.addEventListener('hashchange', () => {
      const wished = asked(host, it.sliders);
      if (Object.keys(wished).length) {
        change({ ...start(it.sliders), ...wished });
      }
    });
    new ResizeObserver(soon).observe(picture);
    showSliders();
    paint();
  };
})((globalThis.companion = globalThis.companion || {}));
