/** The report as one printed page: HTML that stands alone, A4, Chinese and English, without script or network. Pure.
 *  What comes from the file (names, places) is shortened and escaped. */
import { VERDICT_WORDS } from './conclude.ts';
import { PAGE_STYLE } from './print-style.ts';
import type { Check, CheckName, Outcome, SignatureFacts } from './report.ts';
import type { ReportDocument } from './report-document.ts';

/** A page holds so many; a longer report says how many more there are. */
const MOST_CHECKS = 14;
const MOST_SIGNATURES = 3;
const MOST_TEXT = 120;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text out of a file: control and direction characters are dropped, so that it cannot pretend to be other text. */
function safe(text: string, most = MOST_TEXT): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, '');
  const points = [...plain];
  const short = points.length > most ? `${points.slice(0, most - 1).join('')}…` : plain;
  return short.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const NAME_WORDS: Readonly<Record<CheckName, string>> = {
  structure: '结构',
  digest: '摘要',
  signature: '签名',
  seal: '印章',
  certificate: '证书',
  trust: '信任',
  time: '时间',
  revocation: '吊销',
  coverage: '覆盖',
  status: '状态',
  dispute: '异议',
};

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  passed: '✔ 通过',
  warned: '! 提示',
  failed: '✘ 不通过',
  'not-judged': '– 未判断',
};

const WEIGHT: readonly Outcome[] = ['failed', 'warned', 'not-judged', 'passed'];
const SHANGHAI_MS = 8 * 3_600_000;

/** Beijing time, as on every page of this country. */
function toBeijing(instant: string | null): string {
  if (instant === null) return '—';
  const shifted = new Date(Date.parse(instant) + SHANGHAI_MS);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}

/** The report as a fragment, to be set into a page that has REPORT_STYLE. */
export function reportFragment(document: ReportDocument): string {
  const { verdict, reason } = document;
  const words = VERDICT_WORDS[verdict];
  return [
    `<article class="report"><section class="verdict ${verdict}"><p class="status">${words.zh} <span lang="en">${words.en}</span></p>`,
    `<p>${safe(reason.zh, 400)}</p><p lang="en">${safe(reason.en, 400)}</p></section>`,
    fileList(document),
    checkTable(document.checks),
    signatureList(document.signatures),
    '</article>',
  ].join('\n');
}

/** The whole page. */
export function printReport(document: ReportDocument): string {
  return [
    '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>验证报告 Verification report</title><style>${PAGE_STYLE}</style></head><body>`,
    '<h1>验证报告 <span lang="en">Verification report</span></h1>',
    reportFragment(document),
    '<p class="foot">本报告由程序按所列规则对文件字节判断得出。<span lang="en">Made by a program from the bytes of the file, under the rules named above.</span></p>',
    '</body></html>\n',
  ].join('\n');
}

function fileList(document: ReportDocument): string {
  const { file, format, bytes, sm3, judgedAt, rules } = document;
  const rows = [
    ...(file === undefined ? [] : [['文件 File', safe(file)]]),
    ['格式 Format', `${format === 'unknown' ? '—' : format.toUpperCase()}　${bytes.toLocaleString('en-US')} B`],
    ['SM3', `<span class="code">${safe(sm3 ?? '—')}</span>`],
    ['判断时间 Judged', `${toBeijing(judgedAt)}（北京时间 Beijing time）`],
    ['规则 Rules', `${safe(rules.name)} · ${rules.version}`],
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;
}

/** Checks that say the same of different places stand in one row. */
function checkTable(checks: readonly Check[]): string {
  const groups = new Map<string, { readonly check: Check; readonly places: string[] }>();
  for (const check of checks) {
    const key = `${check.name} ${check.outcome} ${check.code ?? ''}`;
    const group = groups.get(key) ?? { check, places: [] };
    if (check.where !== undefined && !group.places.includes(check.where)) group.places.push(check.where);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort((a, b) => WEIGHT.indexOf(a.check.outcome) - WEIGHT.indexOf(b.check.outcome));
  const rows = sorted.slice(0, MOST_CHECKS).map(({ check, places }) => {
    const { name, outcome, code, zh, en } = check;
    const [first, ...others] = places;
    const more = others.length > 0 ? ` +${others.length}` : '';
    // where a check passed matters to nobody; where one did not, is the first question
    const where =
      outcome === 'passed' || first === undefined ? '' : `<br><span class="where">${safe(first, 60)}${more}</span>`;
    const coded = code === undefined ? '' : ` <span class="code">${code}</span>`;
    const finding = `${safe(zh)} <span lang="en">${safe(en)}</span>${coded}${where}`;
    return `<tr class="${outcome}"><td>${OUTCOME_WORDS[outcome]}</td><td>${NAME_WORDS[name]}</td><td>${finding}</td></tr>`;
  });
  const rest = sorted.length - rows.length;
  const more =
    rest > 0 ? `<tr><td></td><td></td><td>另有 ${rest} 项 <span lang="en">and ${rest} more</span></td></tr>` : '';
  return `<table><thead><tr><th>结果</th><th>检查</th><th>说明 <span lang="en">Finding</span></th></tr></thead><tbody>${rows.join('\n')}${more}</tbody></table>`;
}

function signatureList(signatures: readonly SignatureFacts[]): string {
  const shown = signatures.slice(0, MOST_SIGNATURES).map((signature, at) => signatureSection(signature, at + 1));
  const rest = signatures.length - shown.length;
  if (rest > 0) shown.push(`<p>另有 ${rest} 个签名 <span lang="en">and ${rest} more signatures</span></p>`);
  return shown.join('\n');
}

const KIND_WORDS = {
  seal: '电子签章 Seal',
  signature: '数字签名 Signature',
  'time-stamp': '文档时间戳 Document time-stamp',
} as const;

function signatureSection(signature: SignatureFacts, number: number): string {
  const { kind, seal, claimedAt, provenAt, certificate, chain, covers } = signature;
  const algorithms = [signature.signatureAlgorithm, signature.digestAlgorithm].map((name) => name ?? '—').join(' / ');
  const unit = covers.unit === 'files' ? '个文件 files' : '字节 bytes';
  const whole = covers.whole ? '，全部 whole' : '';
  const rows = [
    ['签名人 Signer', safe(certificate?.subject ?? '—')],
    ...(seal
      ? [
          ['印章 Seal', safe(seal.name)],
          ['制章人 Maker', safe(seal.maker)],
        ]
      : []),
    ['时间 Time', `自述 claimed ${toBeijing(claimedAt)}；证明 proven ${toBeijing(provenAt)}`],
    ['算法 Algorithms', `${safe(algorithms)}${certificate?.bits ? `（${certificate.key} ${certificate.bits}）` : ''}`],
    ['证书 Certificate', `<span class="code">${safe(certificate?.serial ?? '—', 48)}</span>`],
    [
      '颁发者 Issuers',
      chain
        .slice(0, 3)
        .map(({ subject }) => safe(subject, 60))
        .join(' ← ') || safe(certificate?.issuer ?? '—'),
    ],
    ['覆盖 Covers', `${covers.count.toLocaleString('en-US')} ${unit}${whole}`],
  ];
  const list = rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('');
  return `<section class="signature"><h2>${number}. ${KIND_WORDS[kind]}</h2><dl>${list}</dl></section>`;
}
