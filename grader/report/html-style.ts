/** The look of the HTML report: light and dark, narrow and wide, on paper. Colours are pairs that tests hold to WCAG 2.2 AA. */

/** Text and ground by outcome and for the page; the tests read the contrast from here. */
export const palettes = {
  light: {
    page: ['#1f2328', '#ffffff'],
    quiet: ['#59636e', '#ffffff'],
    panel: ['#1f2328', '#f6f8fa'],
    'panel-quiet': ['#59636e', '#f6f8fa'],
    link: ['#0550ae', '#ffffff'],
    pass: ['#0f5323', '#dafbe1'],
    fail: ['#8c0d20', '#ffebe9'],
    unsupported: ['#6b4400', '#fff3c4'],
    error: ['#512a97', '#f1eaff'],
    skipped: ['#424a53', '#e9edf1'],
    mark: ['#1f2328', '#ffd8b5'],
  },
  dark: {
    page: ['#e6edf3', '#0d1117'],
    quiet: ['#9aa4af', '#0d1117'],
    panel: ['#e6edf3', '#161b22'],
    'panel-quiet': ['#9aa4af', '#161b22'],
    link: ['#79c0ff', '#0d1117'],
    pass: ['#7ee787', '#10291a'],
    fail: ['#ffa198', '#3a1418'],
    unsupported: ['#f2cc60', '#2f2505'],
    error: ['#d2b3ff', '#2a1d45'],
    skipped: ['#b1bac4', '#21262d'],
    mark: ['#ffffff', '#7a3b00'],
  },
} as const;

export const style = `
:root{color-scheme:light dark;--line:#d1d9e0;${variables('light')}}
@media (prefers-color-scheme:dark){:root{--line:#343b44;${variables('dark')}}}
*{box-sizing:border-box}
html{font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;padding:0 1rem 3rem;color:var(--page);background:var(--page-ground)}
header,main,footer{max-width:58rem;margin:0 auto}
header{padding-top:2rem}
h1{font-size:1.6rem;line-height:1.25;margin:.1rem 0 .6rem}
h2{font-size:1.3rem;line-height:1.3;margin:0}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
a{color:var(--link)}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875rem;font-variant-ligatures:none}
pre{margin:0;padding:.6rem .8rem;border:1px solid var(--line);border-radius:6px;background:var(--panel-ground);color:var(--panel);white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
.quiet{color:var(--quiet)}
.brand{font-weight:600;letter-spacing:.02em;margin:0}
.total{font-size:1.15rem;margin:.2rem 0}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.badge{display:inline-block;padding:.1rem .6rem;border-radius:.75rem;font-size:.875rem;font-weight:600}
${['pass', 'fail', 'unsupported', 'error', 'skipped'].map((name) => `.${name}{--ink:var(--${name});--ground:var(--${name}-ground)}`).join('')}
.invalid{--ink:var(--unsupported);--ground:var(--unsupported-ground)}
.badge,.stages li{color:var(--ink);background:var(--ground)}
table{border-collapse:collapse;width:100%;margin:1.2rem 0}
caption{text-align:left;font-weight:600;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;white-space:nowrap;font-size:.875rem;color:var(--quiet);font-weight:600}
td.points{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tbody th{font-weight:400;min-width:8.5rem}
article{margin:2.2rem 0 0;padding-top:1.4rem;border-top:3px solid var(--line)}
.lead{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center;margin:.35rem 0 .8rem}
.stages{list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(6.2rem,1fr));gap:.35rem;margin:.8rem 0 1.2rem;padding:0}
.stages li{padding:.4rem .6rem;border-radius:6px;border-top:4px solid var(--ink);font-size:.875rem;font-weight:600}
.stages li.skipped{border-top-style:dotted;font-weight:400}
.check{border:1px solid var(--line);border-left:5px solid var(--ink);border-radius:6px;padding:.6rem .9rem;margin:.55rem 0}
.row{display:flex;flex-wrap:wrap;gap:.15rem 1rem;align-items:baseline;justify-content:space-between}
.row h3{flex:1 1 16rem}
.facts{display:inline-flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:baseline;font-size:.9375rem}
.facts .points{color:var(--quiet);font-variant-numeric:tabular-nums}
.sign{color:var(--ink)}
.why{color:var(--quiet);font-size:.9375rem}
.text{font-weight:600;white-space:pre-wrap;overflow-wrap:anywhere}
figure{margin:.6rem 0}
figcaption{font-size:.875rem;color:var(--quiet);margin-bottom:.2rem}
mark{color:var(--mark);background:var(--mark-ground);font-weight:700;text-decoration:underline;text-underline-offset:.2em;border-radius:2px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem .9rem;margin:.6rem 0}
dt{font-weight:600}
dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.setting{font-size:.875rem;padding:.6rem .9rem;border-radius:6px;background:var(--panel-ground);color:var(--panel)}
.setting dt{font-weight:400;color:var(--panel-quiet)}
.setting dd{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
summary{cursor:pointer;color:var(--link);padding:.25rem 0}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--quiet)}
@media (max-width:36rem){dl{grid-template-columns:1fr;gap:0 .9rem}dd{margin-bottom:.45rem}th.far,td.far{display:none}th,td{padding:.45rem .35rem}}
@media print{
:root{${variables('light')}}
html{font-size:10pt}body{padding:0}
header,main,footer{max-width:none}
.check,.stages,figure,tr{break-inside:avoid}h2,h3,.lead{break-after:avoid}
.badge,.stages li,mark{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}summary{list-style:none;color:inherit}
a{color:inherit;text-decoration:none}
}
`;

function variables(name: keyof typeof palettes): string {
  return Object.entries(palettes[name])
    .map(([role, [ink, ground]]) => `--${role}:${ink};--${role}-ground:${ground}`)
    .join(';');
}
