// Blocks of code: grammars, colours and plugins of Expressive Code.
import { assembly } from './site/grammars/assembly.ts';
import { bpfC } from './site/grammars/bpf-c.ts';
import { bpftrace } from './site/grammars/bpftrace.ts';
import { verifier } from './site/grammars/verifier.ts';
import { codeLinks } from './site/markdown/code-links.ts';
import { triedPrograms } from './site/markdown/try-it.ts';

export default {
  themes: ['github-dark-default', 'github-light-default'],
  useStarlightUiThemeColors: true,
  tabWidth: 4,
  // A block that scrolls sideways would need a name of its own for those who do not see it.
  // What goes on in the next line is seen to.
  defaultProps: { wrap: true, hangingIndent: 2 },
  shiki: { langs: [bpftrace, assembly, verifier, bpfC] },
  plugins: [codeLinks(), triedPrograms()],
  styleOverrides: {
    borderRadius: '0.5rem',
    codeFontSize: '0.875rem',
    codeLineHeight: '1.6',
    frames: {
      shadowColor: 'transparent',
      editorActiveTabIndicatorTopColor: 'transparent',
      editorActiveTabIndicatorBottomColor: 'var(--sl-color-accent)',
    },
  },
};
