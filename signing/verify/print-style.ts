/** How the printed report looks: A4, black on white, colour only where it helps. What is said of `.report` goes with it into
 *  any page. */
export const REPORT_STYLE = `
@page { size: A4; margin: 14mm 15mm; }
.report { font-family: "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Zhengku Page", system-ui, sans-serif; }
.report { font-size: 9.5pt; line-height: 1.45; color: #1c2430; }
.report .verdict { border-left: 2mm solid #8a6d1a; background: #faf6e8; padding: 2mm 4mm; margin: 0 0 3mm; break-inside: avoid; }
.report .verdict p { margin: 0; }
.report .verdict .status { font-size: 15pt; font-weight: 700; color: #7a5f10; }
.report .verdict .status span { font-size: 10pt; }
.report .verdict.valid { border-color: #1d6b45; background: #eef6f1; }
.report .verdict.valid .status { color: #1d6b45; }
.report .verdict.not-valid { border-color: #a3262a; background: #faf0ef; }
.report .verdict.not-valid .status { color: #a3262a; }
.report dl { display: grid; grid-template-columns: 32mm 1fr; gap: .4mm 3mm; margin: 0 0 3mm; }
.report dt { color: #5b6675; }
.report dd { margin: 0; overflow-wrap: anywhere; }
.report table { width: 100%; border-collapse: collapse; margin: 0 0 3mm; font-size: 9pt; }
.report th, .report td { text-align: left; vertical-align: top; padding: .8mm 2mm .8mm 0; border-bottom: .2mm solid #d9dee6; white-space: normal; overflow-wrap: anywhere; }
.report td:first-child, .report td:nth-child(2) { white-space: nowrap; }
.report tr { break-inside: avoid; }
.report tr.failed td:first-child { color: #a3262a; font-weight: 700; }
.report tr.passed td:first-child { color: #1d6b45; }
.report .where { color: #5b6675; font-size: 8pt; }
.report .code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 8pt; overflow-wrap: anywhere; }
.report h2 { font-size: 10.5pt; margin: 0 0 1mm; }
.report .signature { break-inside: avoid; }
.report [lang="en"] { color: #5b6675; font-size: 8pt; }
.report .verdict [lang="en"] { font-size: 8.5pt; }
`;

/** The page of its own around it. */
export const PAGE_STYLE = `${REPORT_STYLE}
body { margin: 0; font-family: "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif; }
h1 { font-size: 16pt; margin: 0 0 4mm; }
h1 span { font-size: 10pt; font-weight: 400; color: #5b6675; }
.foot { color: #5b6675; font-size: 8pt; }
@media screen { body { max-width: 190mm; margin: 6mm auto; padding: 0 4mm; background: #fff; } }
`;
