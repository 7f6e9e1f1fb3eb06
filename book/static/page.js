// What every page has: the menu, the colours, buttons that copy, and a place opened by its address.
(function (companion) {
  'use strict';

  const root = document.documentElement;

  function byId(name) {
    return document.getElementById(name);
  }

  function colours() {
    const button = byId('theme');
    const say = () => {
      const dark = root.dataset.theme === 'dark';
      button.textContent = dark ? 'Light' : 'Dark';
      button.setAttribute('aria-label', dark ? 'Light colours' : 'Dark colours');
      button.setAttribute('aria-pressed', String(dark));
    };
    button.addEventListener('click', () => {
      root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
      try {
        localStorage.setItem('theme', root.dataset.theme);
      } catch (error) {
        // Without storage the choice holds for this page alone.
      }
      say();
    });
    say();
  }

  function menu() {
    const button = byId('menu');
    button.addEventListener('click', () => {
      const open = document.body.classList.toggle('menu-open');
      button.setAttribute('aria-expanded', String(open));
    });
    byId('contents').addEventListener('click', (event) => {
      if (event.target.closest('a')) {
        document.body.classList.remove('menu-open');
        button.setAttribute('aria-expanded', 'false');
      }
    });
  }

  // The text of a button's own attribute, or the address of a place in this page.
  function copied(button) {
    const place = button.dataset.copyAddress;
    return place ? location.href.split('#')[0] + '#' + place : button.dataset.copy;
  }

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text);
    }
    // A page opened from a folder has no clipboard interface in some browsers.
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    return Promise.resolve();
  }

  function copying() {
    document.addEventListener('click', (event) => {
      const button = event.target.closest('[data-copy], [data-copy-address]');
      if (!button) {
        return;
      }
      const words = button.dataset.words || button.textContent;
      button.dataset.words = words; // a second press finds the answer to the first in its place
      copy(copied(button)).then(
        () => {
          button.textContent = 'Copied';
          setTimeout(() => (button.textContent = words), 1200);
        },
        () => (button.textContent = 'The browser refuses to copy')
      );
    });
  }

  // A browser scrolls to a place, but does not open what it lies in.
  function opened() {
    const name = decodeURIComponent(location.hash.slice(1)).split('?')[0];
    const place = name && byId(name);
    if (!place) {
      return;
    }
    for (let at = place.parentElement; at; at = at.parentElement) {
      if (at.tagName === 'DETAILS') {
        at.open = true;
      }
    }
    place.scrollIntoView();
  }

  // The section that is being read is marked in the menu.
  function reading() {
    const links = new Map();
    document.querySelectorAll('#contents a[href^="#"]').forEach((link) => {
      links.set(link.getAttribute('href').slice(1), link);
    });
    if (!links.size) {
      return;
    }
    const seen = new IntersectionObserver(
      (entries) => {
        entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
          links.forEach((link) => link.classList.remove('here'));
          links.get(entry.target.id).classList.add('here');
        });
      },
      { rootMargin: '-10% 0px -75% 0px' }
    );
    document.querySelectorAll('h2[id]').forEach((heading) => {
      if (links.has(heading.id)) {
        seen.observe(heading);
      }
    });
  }

  // A script of the data folder, loaded when it is first needed.
  companion.load = function (file) {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = file;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  };

  colours();
  menu();
  copying();
  reading();
  window.addEventListener('hashchange', opened);
  opened();
})((globalThis.companion = globalThis.companion || {}));
