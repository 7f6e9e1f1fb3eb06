// A link to a claim shows the claim's sentence and formula while the pointer or the focus is on it.
(function (companion) {
  'use strict';

  let card = null;
  let timer = 0;

  function close() {
    clearTimeout(timer);
    if (card) {
      card.remove();
      card = null;
    }
  }

  function place(link) {
    const box = link.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - card.offsetWidth - 8));
    const below = box.bottom + 6;
    const fits = below + card.offsetHeight < innerHeight;
    card.style.left = left + 'px';
    card.style.top = (fits ? below : Math.max(8, box.top - card.offsetHeight - 6)) + 'px';
  }

  function open(link) {
    const inside = companion.previews[link.dataset.claim];
    if (!inside) {
      return;
    }
    close();
    card = document.createElement('div');
    card.className = 'preview';
    card.setAttribute('aria-hidden', 'true'); // a screen reader follows the link instead
    card.innerHTML = '<b>' + link.dataset.claim + '</b>' + inside;
    document.body.append(card);
    place(link);
  }

  function soon(event) {
    const link = event.target.closest && event.target.closest('a[data-claim]');
    if (!link) {
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      const ready = companion.previews ? Promise.resolve() : companion.load('data/previews.js');
      ready.then(() => open(link));
    }, 250);
  }

  document.addEventListener('pointerover', soon);
  document.addEventListener('focusin', soon);
  document.addEventListener('pointerout', close);
  document.addEventListener('focusout', close);
  document.addEventListener('scroll', close, { passive: true });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
    }
  });
})((globalThis.companion = globalThis.companion || {}));
