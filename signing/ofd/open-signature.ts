/** Read one signature of a package: its description, references and value. What cannot be read is a failed judgement. */
import { DerFields, parseDer, TAG } from '../der/read-der.ts';
import { SigningError } from '../error.ts';
import { parseSesSignature } from '../seal/parse-seal.ts';
import type { ParsedStamp } from '../seal/parsed-seal.ts';
import { fromRawSm2Signature, parseSm2Signature } from '../sm2/signature-value.ts';
import { type CheckCode, check } from '../verify/check-words.ts';
import { codeOfFault } from '../verify/refused-report.ts';
import type { Check } from '../verify/report.ts';
import { checkReferences, type ReferenceJudgement } from './check-references.ts';
import { type FoundFile, findFile } from './location.ts';
import type { OfdContext } from './ofd-context.ts';
import { type GmSignedData, readGmSignedData } from './read-gm-signed-data.ts';
import { readSignatureXml, type SignatureDescription, type SignatureListing } from './read-signature-xml.ts';
import { OWN_PROVIDER } from './write-signature-xml.ts';

export type SignatureValue =
  | { readonly kind: 'seal'; readonly stamp: ParsedStamp }
  | { readonly kind: 'sign'; readonly signed: GmSignedData }
  /** An SM2 value with nothing around it, DER SEQUENCE{r,s}. */
  | { readonly kind: 'bare'; readonly signature: Uint8Array; readonly raw: boolean };

export interface OpenedSignature {
  /** Path of the list that names it. */
  readonly list: string;
  /** Path of its description. */
  readonly where: string;
  readonly type: string | undefined;
  /** What was seen while reading. */
  readonly checks: readonly Check[];
  /** Files that make up this signature: judged by themselves. */
  readonly own: ReadonlySet<string>;
  /** Whether it says (signed) that we made it. */
  readonly ours: boolean;
  readonly description: SignatureDescription;
  readonly references: ReferenceJudgement;
  readonly value: SignatureValue;
}

/** A signature that could not be read. */
export interface UnreadSignature {
  readonly list: string;
  readonly where: string;
  readonly type: string | undefined;
  readonly checks: readonly Check[];
  readonly own: ReadonlySet<string>;
  readonly value?: undefined;
}

interface Parts {
  readonly list: string;
  readonly where: string;
  readonly type: string | undefined;
  readonly checks: Check[];
  readonly own: Set<string>;
}

function unread(parts: Parts, code: CheckCode, where = parts.where): UnreadSignature {
  return { ...parts, checks: [...parts.checks, check('structure', 'failed', code, where)] };
}

/** The file at a location, noted as the signature's own; a difference in case is noted. */
function takeOwn(context: OfdContext, parts: Parts, base: string, location: string | undefined): FoundFile | undefined {
  const found = location === undefined ? undefined : findFile(context.files, base, location);
  if (found) parts.own.add(found.path);
  if (found && !found.exact) parts.checks.push(check('structure', 'warned', 'LOCATION_CASE', found.path));
  return found;
}

function readValue(bytes: Uint8Array, isSign: boolean): SignatureValue {
  if (!isSign) return { kind: 'seal', stamp: parseSesSignature(bytes) };
  if (bytes.length === 64) return { kind: 'bare', signature: fromRawSm2Signature(bytes), raw: true };
  const first = new DerFields(parseDer(bytes)).takeAny();
  if (first.tag !== TAG.INTEGER) return { kind: 'sign', signed: readGmSignedData(bytes) };
  parseSm2Signature(bytes);
  return { kind: 'bare', signature: bytes, raw: false };
}

/** Open the signature listed in the file `base`. */
export function openSignature(
  context: OfdContext,
  base: string,
  listing: SignatureListing,
): OpenedSignature | UnreadSignature {
  const { type, baseLoc } = listing;
  const found = findFile(context.files, base, baseLoc);
  const parts: Parts = { list: base, where: found?.path ?? baseLoc, type, checks: [], own: new Set() };
  takeOwn(context, parts, base, baseLoc);
  const bytes = found && context.files.get(found.path);
  if (!bytes) return unread(parts, 'LOCATION_MISSING');
  if (type === undefined) parts.checks.push(check('structure', 'warned', 'TYPE_MISSING', parts.where));
  if (!['Seal', 'Sign', undefined].includes(type)) return unread(parts, 'SIGNATURE_LIST_WRONG');
  try {
    return openDescribed(context, parts, readSignatureXml(bytes));
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    const code = error.code === 'UNSUPPORTED' ? 'ALGORITHM_UNSUPPORTED' : codeOfFault(error, 'SIGNATURE_MALFORMED');
    return unread(parts, code);
  }
}

function openDescribed(
  context: OfdContext,
  parts: Parts,
  description: SignatureDescription,
): OpenedSignature | UnreadSignature {
  const found = takeOwn(context, parts, parts.where, description.signedValueLoc);
  const bytes = found && context.files.get(found.path);
  if (!bytes) return unread(parts, 'LOCATION_MISSING', description.signedValueLoc);
  const value = readValue(bytes, parts.type === 'Sign');
  if (value.kind === 'seal' && description.sealLoc !== undefined) {
    const seal = takeOwn(context, parts, parts.where, description.sealLoc);
    const file = seal && context.files.get(seal.path);
    if (!file) parts.checks.push(check('structure', 'failed', 'LOCATION_MISSING', description.sealLoc));
    else if (Buffer.compare(file, value.stamp.seal.raw) !== 0) {
      parts.checks.push(check('seal', 'failed', 'SEAL_MISMATCH', seal.path));
    }
  }
  const references = checkReferences(context, parts.where, description);
  return { ...parts, ours: description.provider === OWN_PROVIDER, description, references, value };
}
