/** Files that we made have one form only: container, order of the files, list of signatures. What no signature covers by
 *  itself cannot change unseen. */
import { check } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { foldName } from '../zip/entry-name.ts';
import type { ReadPackage } from '../zip/read-package.ts';
import { resolveLocation } from './location.ts';
import { type OfdBody, ROOT_PATH } from './read-ofd-root.ts';
import type { SignatureJudgement } from './verify-one-signature.ts';
import { SIGNATURES_PATH, writeSignaturesXml } from './write-signature-xml.ts';

/** The last signature names the files, to the letter and in the order they lie in, and its own come behind them, then the list. Files too
 *  few or too many are blamed elsewhere. */
function isInOrder(paths: readonly string[], list: string, last: SignatureJudgement | undefined): boolean {
  if (last?.opened.value === undefined) return true;
  const { where, description } = last.opened;
  const signed = description.references.map(({ fileRef }) => fileRef.replace(/^\//, ''));
  const value = description.signedValueLoc?.replace(/^\//, '') ?? '';
  const present = new Set(paths.map(foldName));
  const expected = [...signed, where, value, list].filter((path) => present.has(foldName(path)));
  const known = new Set(expected.map(foldName));
  const found = paths.filter((path) => known.has(foldName(path)));
  return found.length === expected.length && found.every((path, index) => path === expected[index]);
}

/** @param signatures all of them ours, in the order of the lists */
export function checkOwnForm(
  read: ReadPackage,
  bodies: readonly OfdBody[],
  lists: ReadonlySet<string>,
  signatures: readonly SignatureJudgement[],
): Check[] {
  const checks: Check[] = [];
  // OFD.xml, which is signed, says where it lies, to the letter: elsewhere only in packages that others drew
  const [path = SIGNATURES_PATH] = lists;
  if (!read.canonical || !isInOrder([...read.files.keys()], path, signatures.at(-1))) {
    checks.push(check('structure', 'failed', 'CONTAINER_CHANGED'));
  }
  const list = read.files.get(path);
  const types = signatures.map(({ opened }) => (opened.type === 'Sign' ? 'Sign' : 'Seal'));
  const named = bodies.some(({ signatures: at = '' }) => resolveLocation(ROOT_PATH, at) === path);
  if (!list || !named || lists.size !== 1 || !sameBytes(list, writeSignaturesXml(types))) {
    checks.push(check('structure', 'failed', 'SIGNATURE_LIST_WRONG', path));
  }
  return checks;
}
