/** The check `digest` of the files a signature refers to. */
import { check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { type FoundFile, findFile } from './location.ts';
import type { OfdContext } from './ofd-context.ts';
import type { SignatureDescription } from './read-signature-xml.ts';

const SM3_NAMES: ReadonlySet<string> = new Set(['1.2.156.10197.1.401', '1.2.156.10197.1.401.2', 'sm3']);
const WEAK_NAMES: ReadonlySet<string> = new Set(['', 'md5', 'sha1', 'sha-1', '1.2.840.113549.2.5', '1.3.14.3.2.26']);

export interface ReferenceJudgement {
  readonly checks: readonly Check[];
  /** Files it refers to: what they hold is judged here, that they are protected is judged by `coverage`. */
  readonly covered: ReadonlySet<string>;
}

/** A FileRef is absolute by the standard; where it is relative, makers mean the folder or the package root. */
function findReferenced(files: ReadonlyMap<string, Uint8Array>, base: string, fileRef: string): FoundFile | undefined {
  const near = findFile(files, base, fileRef);
  return near?.exact ? near : (findFile(files, '', fileRef) ?? near);
}

/** Judge every reference of a signature whose description lies at `where`. */
export function checkReferences(
  context: OfdContext,
  where: string,
  description: SignatureDescription,
): ReferenceJudgement {
  const method = (description.checkMethod ?? '').toLowerCase();
  const covered = new Set<string>();
  if (!SM3_NAMES.has(method)) {
    // the schema's own default is MD5: a missing method is a weak one
    const code = WEAK_NAMES.has(method) ? 'DIGEST_WEAK' : 'ALGORITHM_UNSUPPORTED';
    return { checks: [check('digest', 'failed', code, where)], covered };
  }
  const checks: Check[] = [];
  for (const { fileRef, checkValue } of description.references) {
    const found = findReferenced(context.files, where, fileRef);
    if (!found) {
      checks.push(check('digest', 'failed', 'REFERENCED_FILE_MISSING', fileRef));
      continue;
    }
    if (!found.exact) checks.push(check('structure', 'warned', 'LOCATION_CASE', found.path));
    covered.add(found.path);
    if (!sameBytes(context.digestOf(found.path), checkValue)) {
      checks.push(check('digest', 'failed', 'DIGEST_MISMATCH', found.path));
    }
  }
  if (!checks.some((one) => one.outcome === 'failed')) checks.push(passed('digest', where));
  return { checks, covered };
}
