// What moves is made when it comes near the view; also when a <details> around it opens, for what is
// folded away has no place in the view.
(function (companion) {
  'use strict';

  const KINDS = {
    '[data-explorer]': companion.mountExplorer,
    '[data-exercise]': companion.mountExercise,
    '[data-numbers]': companion.mountNumbers,
    '[data-curve]': companion.mountCurve,
  };

  function mount(host) {
    if (host.dataset.mounted) {
      return;
    }
    host.dataset.mounted = 'true';
    const [, make] = Object.entries(KINDS).find(([selector]) => host.matches(selector));
    make(host);
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        near.unobserve(entry.target);
        mount(entry.target);
      }
    },
    { rootMargin: '400px' }
  );
  document.querySelectorAll(Object.keys(KINDS).join(', ')).forEach((host) => near.observe(host));
  window.addEventListener('beforeprint', () => {
    document.querySelectorAll('[data-explorer]').forEach(mount);
  });
})((globalThis.companion = globalThis.companion || {}));
