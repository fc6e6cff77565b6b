/** A drawing that scrolls sideways, as some do on a phone, can be scrolled by keys as well, and says so. */
const scrolls = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth <= target.clientWidth) {
      for (const name of ['tabindex', 'role', 'aria-label']) target.removeAttribute(name);
      continue;
    }
    target.setAttribute('tabindex', '0');
    target.setAttribute('role', 'group');
    target.setAttribute('aria-label', 'Figure, scrolls sideways');
  }
});
for (const drawing of document.querySelectorAll('.diagram .drawn')) scrolls.observe(drawing);
export {};
