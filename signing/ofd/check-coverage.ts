/** The check `coverage`: every file of the package is protected by some signature. */
import { check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { resolveLocation } from './location.ts';
import { type OfdBody, ROOT_PATH } from './read-ofd-root.ts';
import type { SignatureJudgement } from './verify-one-signature.ts';

/** Judge coverage. Left out are the lists of signatures and the signatures' own files. Genuine issuers leave
 *  OFD.xml uncovered: it is let pass, and said, while every document it names is covered. */
export function checkCoverage(
  files: ReadonlyMap<string, Uint8Array>,
  bodies: readonly OfdBody[],
  lists: ReadonlySet<string>,
  signatures: readonly SignatureJudgement[],
): Check[] {
  const protectedFiles = new Set<string>(lists);
  for (const { covered, own } of signatures) for (const path of [...covered, ...own]) protectedFiles.add(path);
  const bare = [...files.keys()].filter((path) => !protectedFiles.has(path));
  const strict = signatures.every((signature) => signature.ours);
  const rootsCovered = bodies.every(({ docRoot }) => {
    const path = resolveLocation(ROOT_PATH, docRoot);
    return path !== undefined && signatures.some(({ covered }) => covered.has(path));
  });
  const checks = bare.map((path) =>
    path === ROOT_PATH && rootsCovered && !strict
      ? check('coverage', 'warned', 'ROOT_UNCOVERED', path)
      : check('coverage', 'failed', 'UNCOVERED', path),
  );
  return checks.some((one) => one.outcome === 'failed') || checks.length > 0 ? checks : [passed('coverage')];
}
