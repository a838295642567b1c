/** How the answer pages look: dark, large, calm; one colour says how things stand. */

/** Every pair of colours holds WCAG AA; a test computes them. */
export const COLOURS = {
  ground: '#0f1216',
  raised: '#191e25',
  line: '#39424e',
  text: '#e6eaef',
  quiet: '#a6b0bc',
  link: '#8cc2ff',
  critical: '#ff8178',
  warning: '#f0b952',
  info: '#8cc2ff',
  acknowledged: '#c4a7ff',
  held: '#7fd0cb',
  resolved: '#78d494',
} as const;

/** The weightiest first. */
export const TONES = ['critical', 'warning', 'info', 'acknowledged', 'held', 'resolved'] as const;
export type Tone = (typeof TONES)[number];

export const STYLE = `
:root{color-scheme:dark;${Object.entries(COLOURS)
  .map(([name, colour]) => `--${name}:${colour}`)
  .join(';')}}
${TONES.map((tone) => `.${tone}{--tone:var(--${tone})}`).join('\n')}
*{box-sizing:border-box;margin:0}
html{scroll-padding-bottom:11rem}
body{background:var(--ground);color:var(--text);font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
  min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;overflow-wrap:anywhere;
  font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{flex:1}
main,.bar>*,.foot{width:100%;max-width:38rem;margin-inline:auto;padding-inline:1.125rem}
main{padding-block:1.25rem 1.75rem;display:grid;gap:1.5rem;align-content:start;grid-template-columns:minmax(0,1fr)}
h1{font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:.9375rem;line-height:1.4;font-weight:600;color:var(--quiet);margin-bottom:.5rem}
a{color:var(--link);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--text);outline-offset:3px}
.state{display:flex;flex-wrap:wrap;gap:.25rem .625rem;align-items:baseline;color:var(--tone);font-weight:600}
.state b{font-size:.8125rem;letter-spacing:.07em;text-transform:uppercase;border:1px solid var(--tone);
  border-radius:.3rem;padding:0 .5rem;font-weight:700}
:is(.critical,.warning,.info)>.state b{background:var(--tone);color:var(--ground)}
.head{display:grid;gap:.625rem;border-left:4px solid var(--tone);padding-left:.875rem}
.head p{color:var(--quiet)}
.head p.state{color:var(--tone)}
.flash{background:var(--raised);border:1px solid var(--text);border-radius:.75rem;padding:.75rem 1rem;font-weight:600}
dl{display:grid;gap:.75rem}
dt{font-size:.875rem;color:var(--quiet)}
ol{list-style:none;padding:0;display:grid;gap:.5rem}
ol li{display:grid;grid-template-columns:auto 1fr;gap:0 .875rem}
ol time,small{color:var(--quiet)}
small{font-size:.875rem;white-space:nowrap}
.big{display:flex;align-items:center;justify-content:center;min-height:3.25rem;width:100%;border-radius:.75rem;
  border:1px solid var(--line);background:var(--raised);color:var(--text);font:inherit;font-weight:600;padding:.5rem 1rem;
  text-align:center;text-decoration:none;cursor:pointer;touch-action:manipulation}
.big.first{background:var(--text);border-color:var(--text);color:var(--ground);min-height:4rem;font-size:1.1875rem}
.big.yes{border-color:var(--text)}
.big:active{transform:translateY(1px)}
@media (hover:hover){.big:hover{border-color:var(--quiet)}}
.answers{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.625rem}
.answers>form,.answers>details:only-of-type,.answers>details[open],.answers:has(details[open])>details{grid-column:1/-1}
.answers summary.big{padding-inline:0;font-size:clamp(.875rem,4vw,1.0625rem)}
summary{list-style:none}
summary::-webkit-details-marker{display:none}
details[open]>summary.big{border-bottom-left-radius:0;border-bottom-right-radius:0}
details>.sure{border:1px solid var(--line);border-top:0;border-radius:0 0 .75rem .75rem;padding:.875rem 1rem 1rem}
.sure form{display:grid;gap:.875rem}
.line{display:block;width:100%;min-height:2.75rem;margin-top:.25rem;border-radius:.5rem;border:1px solid var(--line);
  background:var(--ground);color:var(--text);font:inherit;padding:.375rem .75rem}
.spans{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.625rem}
.spans .big{padding-inline:.25rem}
.bar{position:sticky;bottom:0;max-height:80vh;overflow-y:auto;background:var(--ground);border-top:1px solid var(--line);
  padding-block:.75rem max(.75rem,env(safe-area-inset-bottom))}
.card{background:var(--raised);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:.75rem;
  padding:1rem;display:grid;gap:.75rem}
.card h2{font-size:1.125rem;color:var(--text);margin:0}
.card p{color:var(--quiet)}
.card p.state{color:var(--tone)}
.card .flash{background:none;color:var(--text)}
.card .big{background:var(--ground)}
.card .big.first{background:var(--text);min-height:3.25rem;font-size:1.0625rem}
.counts{gap:.25rem}
.counts>div{display:flex;justify-content:space-between;gap:1rem;border-bottom:1px solid var(--line);padding-block:.25rem}
.counts dt{color:var(--text);font-size:1rem}
.counts dd{flex:none}
.cards{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
.foot{color:var(--quiet);font-size:.875rem;padding-bottom:1.25rem}
`;
