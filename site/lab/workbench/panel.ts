/** The panel below a lesson, as it is before anything happens. All of it is ours: nothing of a guest is in here. */
const markup = `
<div class="try-head">
  <h2 id="try-title" tabindex="-1">Try it</h2>
  <span class="try-machine" id="try-machine"></span>
  <div class="try-tabs" role="group" aria-label="Show">
    <button type="button" data-pane="program" aria-pressed="true">Program</button>
    <button type="button" data-pane="result" aria-pressed="false">Result</button>
    <button type="button" data-pane="terminal" aria-pressed="false">Terminal</button>
    <button type="button" data-pane="kernel" aria-pressed="false">Kernel</button>
  </div>
  <button type="button" id="try-taller" aria-pressed="false">Taller</button>
  <button type="button" id="try-close">Close</button>
</div>
<p class="try-now" id="try-now" role="status"></p>
<progress class="lab-progress" id="try-progress" aria-label="Download" hidden></progress>
<div class="try-panes" data-shown="program">
  <section class="try-pane" data-of="program" aria-label="Program">
    <div class="lab-bar">
      <button type="button" class="lab-main" id="try-run">Run</button>
      <button type="button" id="try-stop">Stop</button>
      <button type="button" id="try-reset">Reset</button>
      <span class="try-file" id="try-file"></span>
    </div>
    <div class="lab-editor" id="try-editor"></div>
    <p class="lab-keys" id="try-keys"><kbd>Ctrl</kbd>+<kbd>Enter</kbd> runs it. To leave the editor, press <kbd>Escape</kbd>, then <kbd>Tab</kbd>.</p>
  </section>
  <section class="try-pane" data-of="result" aria-label="Result" tabindex="0">
    <div class="lab-message" id="try-result"><p>Not run yet. <b>Run</b> compiles the program, loads it into the kernel of the Linux in this page, and attaches it.</p></div>
  </section>
  <section class="try-pane" data-of="terminal" aria-label="Terminal">
    <div class="lab-bar">
      <button type="button" data-type="bpftool prog show">bpftool prog show</button>
      <button type="button" data-type="cat /sys/kernel/tracing/trace_pipe &amp;">cat trace_pipe &amp;</button>
      <button type="button" id="try-interrupt">Ctrl+C</button>
    </div>
    <div class="try-screen" id="try-screen"></div>
    <p class="lab-keys" id="try-terminal-keys">To leave the terminal, press <kbd>Escape</kbd>, then <kbd>Tab</kbd>.</p>
    <form class="try-line" id="try-line"><label for="try-command">Command</label><input id="try-command" type="text" autocomplete="off" autocapitalize="off" spellcheck="false"><button>Type it</button></form>
    <details class="try-log"><summary>The terminal as plain text</summary><div id="try-plain" role="log" aria-label="Terminal, as plain text" tabindex="0"></div></details>
  </section>
  <section class="try-pane" data-of="kernel" aria-label="Kernel" tabindex="0">
    <div class="lab-bar"><button type="button" id="try-look">Refresh</button></div>
    <div class="try-kernel" id="try-kernel"><p>Nothing has been listed yet.</p></div>
  </section>
</div>`;

export function makePanel(): HTMLElement {
  const panel = document.createElement('section');
  panel.id = 'try';
  panel.className = 'try lab not-content';
  panel.setAttribute('aria-labelledby', 'try-title');
  panel.innerHTML = markup;
  return panel;
}
