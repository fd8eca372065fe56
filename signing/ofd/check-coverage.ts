/** The check `coverage`: every file of the package is protected by some signature, and of several signatures one protects
 *  the others, so that none of them can be taken out unseen. */
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
  checks.push(...looseSignatures(signatures));
  return checks.length > 0 ? checks : [passed('coverage')];
}

/** Whoever signs last covers the signatures before (GM/T 0099 §7.2 as practised). Rows of a list are in no protected order:
 *  the last is the one that covers the others, or else the one that stands last. */
function looseSignatures(signatures: readonly SignatureJudgement[]): Check[] {
  const lists = new Set(signatures.map(({ opened }) => opened.list));
  return [...lists].flatMap((list) => {
    const listed = signatures.filter(({ opened }) => opened.list === list && opened.value !== undefined);
    const left = listed.map((one) => uncoveredBy(one, listed));
    if (left.some((paths) => paths.length === 0)) return [];
    return (left.at(-1) ?? []).map((path) => check('coverage', 'failed', 'SIGNATURE_UNCOVERED', path));
  });
}

/** Files of the other signatures that this one does not refer to. */
function uncoveredBy(one: SignatureJudgement, all: readonly SignatureJudgement[]): string[] {
  const others = all.filter((other) => other !== one);
  return others.flatMap(({ own }) => [...own].filter((path) => !one.covered.has(path) && !one.own.has(path)));
}
