/** Judge one signature of a package: its description, references, seal and value. */
import { SigningError } from '../error.ts';
import { parseSesSignature } from '../seal/parse-seal.ts';
import type { ParsedStamp } from '../seal/parsed-seal.ts';
import { verifyStamp } from '../seal/verify-stamp.ts';
import { type CheckCode, check } from '../verify/check-words.ts';
import { codeOfFault } from '../verify/refused-report.ts';
import type { Check } from '../verify/report.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { checkReferences } from './check-references.ts';
import { type FoundFile, findFile } from './location.ts';
import type { OfdContext } from './ofd-context.ts';
import { readSignatureXml, type SignatureDescription, type SignatureListing } from './read-signature-xml.ts';
import { verifyGmSignature } from './verify-gm-signature.ts';
import { OWN_PROVIDER } from './write-signature-xml.ts';

export interface SignatureJudgement {
  readonly checks: readonly Check[];
  /** Files this signature refers to. */
  readonly covered: ReadonlySet<string>;
  /** Files that make up this signature: judged by themselves. */
  readonly own: ReadonlySet<string>;
  /** Whether it says (signed) that we made it. */
  readonly ours: boolean;
  readonly trusted: boolean | null;
}

interface Parts {
  readonly checks: Check[];
  readonly own: Set<string>;
  /** Type Sign: a signature without a seal. */
  readonly isSign: boolean;
}

function failed(
  parts: Parts,
  name: Check['name'],
  code: CheckCode,
  where: string,
  trusted: boolean | null,
): SignatureJudgement {
  return {
    ...parts,
    checks: [...parts.checks, check(name, 'failed', code, where)],
    covered: new Set(),
    ours: false,
    trusted,
  };
}

/** The file at a location, noted as the signature's own; a difference in case is noted. */
function takeOwn(context: OfdContext, parts: Parts, base: string, location: string | undefined): FoundFile | undefined {
  const found = location === undefined ? undefined : findFile(context.files, base, location);
  if (found) parts.own.add(found.path);
  if (found && !found.exact) parts.checks.push(check('structure', 'warned', 'LOCATION_CASE', found.path));
  return found;
}

function checkSealFile(
  context: OfdContext,
  parts: Parts,
  where: string,
  description: SignatureDescription,
  stamp: ParsedStamp,
): void {
  if (description.sealLoc === undefined) return;
  const found = takeOwn(context, parts, where, description.sealLoc);
  const bytes = found && context.files.get(found.path);
  if (!bytes) parts.checks.push(check('structure', 'failed', 'LOCATION_MISSING', description.sealLoc));
  else if (!sameBytes(bytes, stamp.seal.raw)) parts.checks.push(check('seal', 'failed', 'SEAL_MISMATCH', found.path));
}

/** Judge the value of a signature (bytes `value`) over the description at `where`. */
function judgeValue(
  context: OfdContext,
  parts: Parts,
  where: string,
  description: SignatureDescription,
  value: Uint8Array,
): { readonly checks: readonly Check[]; readonly trusted: boolean | null } {
  const { store } = context;
  const dataHash = context.digestOf(where);
  if (parts.isSign) return verifyGmSignature(value, { dataHash, dateTime: description.dateTime, store, where });
  const strict = description.provider === OWN_PROVIDER;
  const stamp = parseSesSignature(value);
  checkSealFile(context, parts, where, description, stamp);
  if (strict && stamp.propertyInfo !== `/${where}`) {
    parts.checks.push(check('structure', 'failed', 'SIGNATURE_MALFORMED', where));
  }
  return verifyStamp(stamp, { dataHash, store, where, strict });
}

function judgeDescribed(
  context: OfdContext,
  parts: Parts,
  where: string,
  description: SignatureDescription,
): SignatureJudgement {
  const untrusted = context.store.anchors ? false : null;
  const found = takeOwn(context, parts, where, description.signedValueLoc);
  const value = found && context.files.get(found.path);
  if (!value) return failed(parts, 'structure', 'LOCATION_MISSING', description.signedValueLoc ?? where, untrusted);
  const judged = judgeValue(context, parts, where, description, value);
  const { covered, checks } = checkReferences(context, where, description);
  return {
    checks: [...parts.checks, ...checks, ...judged.checks],
    covered,
    own: parts.own,
    ours: description.provider === OWN_PROVIDER,
    trusted: judged.trusted,
  };
}

/** Judge the signature listed in the file `base`. */
export function verifyOneSignature(context: OfdContext, base: string, listing: SignatureListing): SignatureJudgement {
  const parts: Parts = { checks: [], own: new Set(), isSign: listing.type === 'Sign' };
  const untrusted = context.store.anchors ? false : null;
  const found = takeOwn(context, parts, base, listing.baseLoc);
  const bytes = found && context.files.get(found.path);
  if (!bytes) return failed(parts, 'structure', 'LOCATION_MISSING', listing.baseLoc, untrusted);
  const where = found.path;
  if (listing.type === undefined) parts.checks.push(check('structure', 'warned', 'TYPE_MISSING', where));
  if (!['Seal', 'Sign', undefined].includes(listing.type)) {
    return failed(parts, 'structure', 'SIGNATURE_LIST_WRONG', where, untrusted);
  }
  try {
    return judgeDescribed(context, parts, where, readSignatureXml(bytes));
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    const code = error.code === 'UNSUPPORTED' ? 'ALGORITHM_UNSUPPORTED' : codeOfFault(error, 'SIGNATURE_MALFORMED');
    return failed(parts, 'structure', code, where, untrusted);
  }
}
