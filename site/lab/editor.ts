/** The editor: CodeMirror, in the page's colours. Fetched with the first click. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { cpp } from '@codemirror/lang-cpp';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Location } from '../../grader/verdict/result.ts';

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  /** What the field is called, and the id of what is said of its keys. */
  label: string;
  describedBy: string;
  onChange(text: string): void;
  /** Ctrl+Enter. */
  onRun(): void;
}

export class Editor {
  readonly #view: EditorView;

  constructor({ parent, text, label, describedBy, onChange, onRun }: EditorOptions) {
    const run = () => {
      onRun();
      return true;
    };
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          cpp(),
          indentUnit.of('    '),
          syntaxHighlighting(colours),
          // Escape, then Tab leaves: CodeMirror's own. Mod-Enter is before the keys that break a line.
          keymap.of([{ key: 'Mod-Enter', run }, indentWithTab, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-describedby': describedBy,
            // It has focus anyway; so that what looks for it in a region that scrolls finds it.
            tabindex: '0',
            autocapitalize: 'off',
            autocorrect: 'off',
            spellcheck: 'false',
          }),
          EditorView.updateListener.of(({ docChanged, state }) => docChanged && onChange(state.doc.toString())),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** As one change, which can be undone. */
  set text(text: string) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  focus(): void {
    this.#view.focus();
  }

  /** Brings a line into view, with the cursor on it; from 1. */
  goTo(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(line, doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start' }) });
  }

  /** Marks the line of a failure; none without one. `message` is shown as text. */
  mark(location: Location | undefined, message = ''): void {
    this.#view.dispatch(setDiagnostics(this.#view.state, location ? this.#diagnostics(location, message) : []));
  }

  /** Nothing, if the text has no such line any more. */
  #diagnostics({ line, column }: Location, message: string): Diagnostic[] {
    const { doc } = this.#view.state;
    if (line > doc.lines) return [];
    const at = doc.line(line);
    const indent = at.text.length - at.text.trimStart().length;
    const from = at.from + Math.min(column === undefined ? indent : column - 1, at.length);
    return [{ from, to: at.to, severity: 'error', message }];
  }
}

/** Classes of site/styles/lab.css, which knows light and dark. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword], class: 'lab-keyword' },
  { tag: [tags.typeName, tags.standard(tags.typeName)], class: 'lab-type' },
  { tag: [tags.string, tags.character], class: 'lab-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'lab-number' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], class: 'lab-comment' },
  { tag: [tags.processingInstruction, tags.macroName], class: 'lab-macro' },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))], class: 'lab-function' },
]);
