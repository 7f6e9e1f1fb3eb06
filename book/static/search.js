// Search over names and words of claims, figures, errata and chapters. "/" goes to the field.
(function (companion) {
  'use strict';

  const field = document.getElementById('search');
  const list = document.getElementById('hits');
  const said = document.getElementById('found');
  const MOST = 12;
  let at = -1;

  function words(text) {
    return text.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
  }

  // How well an entry answers: 0 where a word of the question is missing; the name counts most.
  function score(entry, asked) {
    const name = entry[1].toLowerCase();
    const text = entry[3].toLowerCase();
    let sum = 0;
    for (const word of asked) {
      const inName = name.indexOf(word);
      const inText = text.indexOf(word);
      if (inName < 0 && inText < 0) {
        return 0;
      }
      const starts = inName >= 0 && !/[a-z0-9]/.test(name[inName - 1] || ' ');
      sum += (inName >= 0 ? 10 : 0) + (starts ? 6 : 0) + (inText >= 0 ? 2 : 0);
    }
    return sum + (entry[0] === 'claim' ? 1 : 0) - name.length / 100;
  }

  function found(question) {
    const asked = words(question);
    return companion.entries
      .map((entry) => [asked.length ? score(entry, asked) : 0, entry])
      .filter((pair) => pair[0] > 0)
      .sort((a, b) => b[0] - a[0])
      .slice(0, MOST)
      .map((pair) => pair[1]);
  }

  function item(entry) {
    const [kind, name, address, text] = entry;
    const line = document.createElement('li');
    const link = document.createElement('a');
    link.href = address;
    link.append(Object.assign(document.createElement('b'), { textContent: name }), ' ');
    link.append(Object.assign(document.createElement('span'), { textContent: kind, className: 'kind' }));
    link.append(Object.assign(document.createElement('small'), { textContent: text.slice(0, 110) }));
    line.append(link);
    return line;
  }

  function show() {
    const hits = found(field.value);
    at = -1;
    list.replaceChildren(...hits.map(item));
    list.hidden = !hits.length;
    said.textContent = field.value ? hits.length + ' found' : '';
  }

  function hide() {
    list.hidden = true;
  }

  function move(step) {
    const links = list.querySelectorAll('a');
    if (links.length) {
      at = (at + step + links.length) % links.length;
      links[at].focus();
    }
  }

  const ready = () => (companion.entries ? Promise.resolve() : companion.load('data/search.js'));
  field.addEventListener('focus', ready);
  field.addEventListener('input', () => ready().then(show));
  document.querySelector('.search').addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Escape') {
      hide();
      field.focus();
    } else if (event.key === 'Enter' && event.target === field) {
      const first = list.querySelector('a');
      if (first) {
        first.click();
      }
    }
  });
  list.addEventListener('click', hide);
  document.addEventListener('click', (event) => {
    if (!event.target.closest('.search')) {
      hide();
    }
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      field.focus();
    }
  });
})((globalThis.companion = globalThis.companion || {}));
