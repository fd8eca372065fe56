/** The verdict of a report and its reasons in one sentence: what a person reads first. */
import type { Check, VerificationReport } from './report.ts';

export const VERDICTS = ['valid', 'not-valid', 'undetermined'] as const;

/** `undetermined`: nothing is wrong, but nobody said whom to trust; or the file could not be examined to its end. */
export type Verdict = (typeof VERDICTS)[number];

export interface Conclusion {
  readonly verdict: Verdict;
  readonly reason: { readonly zh: string; readonly en: string };
}

export const VERDICT_WORDS: Readonly<Record<Verdict, { readonly zh: string; readonly en: string }>> = {
  valid: { zh: '有效', en: 'Valid' },
  'not-valid': { zh: '无效', en: 'Not valid' },
  undetermined: { zh: '无法判定', en: 'Undetermined' },
};

/** Failures that say the verifier could not do its work, not that the file is wrong. */
const BEYOND_US: ReadonlySet<string | undefined> = new Set(['TOO_LARGE', 'ALGORITHM_UNSUPPORTED']);

type Concluded = Pick<VerificationReport, 'valid' | 'trusted' | 'checks'>;

export function conclude(report: Concluded): Conclusion {
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) {
    const beyond = failed.every(({ code }) => BEYOND_US.has(code));
    return { verdict: beyond ? 'undetermined' : 'not-valid', reason: reasonOf(failed) };
  }
  if (!report.valid) {
    const zh = '签名没有通向受信任的根，或文件没有签名。';
    return { verdict: 'not-valid', reason: { zh, en: 'The file is unsigned, or its signatures are not trusted.' } };
  }
  if (report.trusted === null) {
    const zh = '内容与签名一致，但未提供信任根，不能判断签章人是否可信。';
    const en = 'Content and signatures agree, but no trust anchors were given to judge the signers by.';
    return { verdict: 'undetermined', reason: { zh, en } };
  }
  return { verdict: 'valid', reason: reasonOfValid(report.checks) };
}

/** The first failure of each kind, most telling first: what was changed before what could not be trusted. */
function reasonOf(failed: readonly Check[]): Conclusion['reason'] {
  const sorted = [...failed].sort((a, b) => rankOf(a) - rankOf(b));
  const zh = [...new Set(sorted.map((one) => one.zh))];
  const en = [...new Set(sorted.map((one) => one.en))];
  const more = zh.length - MOST_REASONS;
  const restZh = more > 0 ? `等${zh.length}项` : '';
  const restEn = more > 0 ? `; and ${more} more` : '';
  return {
    zh: `${zh.slice(0, MOST_REASONS).join('；')}${restZh}。`,
    en: `${en.slice(0, MOST_REASONS).join('; ')}${restEn}.`,
  };
}

const MOST_REASONS = 2;
const TELLING = ['digest', 'coverage', 'signature', 'structure', 'seal', 'certificate', 'revocation', 'trust', 'time'];

function rankOf({ name }: Check): number {
  const rank = TELLING.indexOf(name);
  return rank < 0 ? TELLING.length : rank;
}

/** Warnings of what came after a signature. */
const ADDITIONS: ReadonlySet<string | undefined> = new Set([
  'SIGNED_ADDITION',
  'FORM_FILLED',
  'ANNOTATED',
  'APPEARANCE_CHANGED',
  'VALIDATION_DATA_UNSIGNED',
]);

function reasonOfValid(checks: readonly Check[]): Conclusion['reason'] {
  const open = checks.filter(({ name, outcome }) => outcome === 'not-judged' && name === 'revocation');
  const added = checks.filter(({ code }) => ADDITIONS.has(code));
  const disputed = checks.some(({ code }) => code === 'DISPUTED');
  const zh = `${unchanged(added).zh}，签名正确，签章人可信${disputed ? '；证照有异议正在办理' : ''}`;
  const but = disputed ? '; an objection to the licence is being handled' : '';
  const en = `${unchanged(added).en}, the signatures are right and the signers are trusted${but}`;
  if (open.length === 0) return { zh: `${zh}。`, en: `${en}.` };
  return { zh: `${zh}；证书是否吊销未能判断。`, en: `${en}; revocation could not be judged.` };
}

/** Nobody is to take additions for what the first signer saw. */
function unchanged(added: readonly Check[]): Conclusion['reason'] {
  if (added.length === 0) return { zh: '内容自签署后未改动', en: 'The content is unchanged since it was signed' };
  const zh = [...new Set(added.map((one) => one.zh))].join('；');
  const en = [...new Set(added.map((one) => one.en))].join('; ');
  return {
    zh: `原签署的内容仍在，此后另有追加（${zh}）`,
    en: `What was signed is kept, additions were made later (${en})`,
  };
}
