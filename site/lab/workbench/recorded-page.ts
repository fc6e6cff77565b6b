/** Commands of a lesson's recordings get a button that types them into the terminal, where the guest has their tools. */
import { element } from './elements.ts';
import { canType } from './recorded.ts';

/** Once for a page; `type` is what comes of a click. */
export function offerRecorded(tools: ReadonlySet<string>, type: (command: string) => void): void {
  for (const typed of document.querySelectorAll<HTMLElement>('figure.terminal .line > b')) {
    const prompt = typed.previousElementSibling?.textContent ?? '';
    const command = typed.textContent;
    if (!prompt.endsWith('# ') || !canType(command, tools) || typed.parentElement!.querySelector('.try-type')) continue;
    const button = element('button', 'Type it', 'try-type');
    button.type = 'button';
    button.setAttribute('aria-label', `Type ${command} into the terminal`);
    button.addEventListener('click', () => type(command));
    typed.after(' ', button);
  }
}
