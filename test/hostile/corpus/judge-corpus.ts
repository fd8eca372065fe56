/** Judge the cases of the corpus: what is wrong with what the verifier said. */
import { type VerificationReport, verifyFile } from '../../../signing/index.ts';
import type { BadCase, GoodCase } from './case.ts';

const wordsOf = (report: VerificationReport, outcome: string): Set<string> =>
  new Set(report.checks.filter((one) => one.outcome === outcome).map(({ name, code }) => `${name} ${code}`));

/** Why a bad file was not refused as it must be; undefined when it was. */
export function faultOfBad({ bytes, policy, blame, also }: BadCase): string | undefined {
  const report = verifyFile(bytes, policy);
  const failed = wordsOf(report, 'failed');
  const said = [...failed].join(', ') || 'nothing failed';
  if (report.valid) return 'accepted';
  const missing = blame.filter((one) => !failed.has(one));
  const more = [...failed].filter((one) => !blame.includes(one) && !also.includes(one));
  return missing.length > 0 || more.length > 0 ? `blamed on ${said}; expected ${blame.join(', ')}` : undefined;
}

/** Why a good file was not taken as it must be; undefined when it was. */
export function faultOfGood({ bytes, policy, warned }: GoodCase): string | undefined {
  const report = verifyFile(bytes, policy);
  const codes = new Set(report.checks.filter(({ outcome }) => outcome === 'warned').map(({ code }) => code));
  if (!report.valid || report.trusted !== true) return `refused: ${[...wordsOf(report, 'failed')].join(', ')}`;
  const same = codes.size === warned.length && warned.every((code) => [...codes].some((one) => one === code));
  return same
    ? undefined
    : `warned of ${[...codes].join(', ') || 'nothing'}; expected ${warned.join(', ') || 'nothing'}`;
}
