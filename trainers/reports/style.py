"""The style sheet of reports, for light and dark screens and for paper."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1d2530; --quiet: #5b6675; --rule: #d9dee5; --band: #f4f6f9;
  --better: #14796c; --worse: #b3431d; --accent: #14796c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181e; --ink: #e6eaf0; --quiet: #9aa5b4; --rule: #313a46; --band: #1c222b;
    --better: #4cc3b2; --worse: #f0936c; --accent: #4cc3b2;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 70rem;
  background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .5rem; padding-top: .8rem;
     border-top: 1px solid var(--rule); }
p { max-width: 46rem; margin: .4rem 0 .8rem; }
.quiet, .note { color: var(--quiet); font-size: .9rem; }
.headline { border-left: 4px solid var(--accent); padding: .2rem 0 .2rem 1rem; margin: 1.2rem 0;
            font-size: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding: .2rem 0; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top;
         border-bottom: 1px solid var(--rule); }
.right { text-align: right; white-space: nowrap; }
td:first-child { white-space: nowrap; }
thead th { vertical-align: bottom; white-space: normal; border-bottom: 2px solid var(--rule); }
tr.focus { background: var(--band); font-weight: 600; }
td small { color: var(--quiet); font-weight: 400; display: block; }
.good { color: var(--better); } .bad { color: var(--worse); } .doubtful { color: var(--quiet); }
figure { margin: 1rem 0; } figcaption { color: var(--quiet); font-size: .9rem; max-width: 46rem; }
figure svg { width: 100%; height: auto; display: block; }
.card { background: #ffffff; color: #1d2530; padding: .4rem; border: 1px solid var(--rule);
        border-radius: .4rem; }
.side { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.side figure { margin: .3rem 0; } h3 { font-size: 1rem; margin: .4rem 0; }
.legend span { white-space: nowrap; margin-right: 1rem; }
.legend i { display: inline-block; width: .9em; height: .9em; margin-right: .35em;
            vertical-align: -.1em; border-radius: .15em; print-color-adjust: exact; }
pre { background: var(--band); padding: .8rem 1rem; overflow-x: auto; font-size: .85rem; }
@media (max-width: 60rem) { .side { grid-template-columns: 1fr; } }
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --band: #f2f2f2;
          --better: #0b5d53; --worse: #8f2f0e; --accent: #0b5d53; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  table { font-size: 7.5pt; } th, td { padding: .15rem .3rem; }
  figure, tr { break-inside: avoid; } h2 { break-after: avoid; }
  .scroll { overflow: visible; }
  .side { grid-template-columns: 1fr 1fr; }
}
"""
