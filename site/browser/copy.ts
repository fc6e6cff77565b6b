/** A button on each recorded terminal that copies what was typed there, without prompts and output. Without a script there is none. */
for (const terminal of document.querySelectorAll<HTMLElement>('figure.terminal')) {
  const typed = [...terminal.querySelectorAll('b')].map((command) => command.textContent);
  if (typed.length === 0) continue;
  const what = `Copy the command${typed.length === 1 ? '' : 's'}`;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy-typed';
  button.ariaLabel = button.title = what;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(`${typed.join('\n')}\n`).then(
      () => button.classList.add('copied'),
      // Without https there is no clipboard for scripts.
      () => getSelection()?.selectAllChildren(terminal.querySelector('b')!),
    );
    button.ariaLabel = button.title = button.classList.contains('copied') ? 'Copied' : 'Selected. Copy it with Ctrl+C';
    setTimeout(() => {
      button.classList.remove('copied');
      button.ariaLabel = button.title = what;
    }, 2000);
  });
  terminal.append(button);
}
export {};
