/** A term's meaning also comes when the pointer rests on it; a click, a key or a touch needs no script. */
const patience = 150;

for (const term of document.querySelectorAll<HTMLButtonElement>('button.term')) {
  const meaning = document.getElementById(term.getAttribute('popovertarget')!)!;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hovered = false;
  const soon = (action: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(action, patience);
  };
  const enter = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse') return;
    soon(() => {
      if (meaning.matches(':popover-open')) return;
      hovered = true;
      meaning.showPopover({ source: term });
    });
  };
  const leave = () =>
    soon(() => {
      // What a click has opened stays until it is closed.
      if (hovered) meaning.hidePopover();
      hovered = false;
    });
  for (const element of [term, meaning]) {
    element.addEventListener('pointerenter', enter);
    element.addEventListener('pointerleave', leave);
  }
}
export {};
