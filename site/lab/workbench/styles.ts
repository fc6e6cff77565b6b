/** The workbench's styles come with its script: as files Astro would link them in every lesson, for readers who never open it. */
import xterm from '@xterm/xterm/css/xterm.css?inline';
import lab from '../../styles/lab.css?inline';
import workbench from '../../styles/workbench.css?inline';

export function addStyles(): void {
  const style = document.createElement('style');
  style.textContent = [xterm, lab, workbench].join('\n');
  document.head.append(style);
}
