// Chooses the colours before anything is drawn: the reader's own choice, else the system's.
(function () {
  'use strict';
  var own = null;
  try {
    own = localStorage.getItem('theme');
  } catch (error) {
    // A page opened from a folder may have no storage.
  }
  var dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = own || (dark ? 'dark' : 'light');
})();
