/** TimeStampResp (RFC 3161 §2.4.2): what the authority decided, and the token when it granted one. */
import { childrenOf, DerFields, type DerNode, derFault, parseDer, TAG } from '../der/read-der.ts';
import { toBitString, toSmallInteger, toText } from '../der/read-values.ts';
import { element, integer, sequence, utf8String } from '../der/write-der.ts';

/** PKIStatus in the order of its numbers. */
const STATUSES = [
  'granted',
  'grantedWithMods',
  'rejection',
  'waiting',
  'revocationWarning',
  'revocationNotification',
] as const;
export type TimeStampStatus = (typeof STATUSES)[number];

/** PKIFailureInfo: the bits of RFC 3161. */
const FAILURES = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const;
export type TimeStampFailure = keyof typeof FAILURES;

export interface TimeStampResponse {
  readonly status: TimeStampStatus;
  /** The authority's own words; of another, so never shown unescaped. */
  readonly texts: readonly string[];
  readonly failures: readonly TimeStampFailure[];
  /** TimeStampToken, DER: there exactly when granted. */
  readonly token: Uint8Array | undefined;
}

/** DER of an answer that grants. */
export function writeGrantedResponse(token: Uint8Array): Uint8Array {
  return sequence(sequence(integer(0)), token);
}

/** DER of an answer that refuses. */
export function writeRejection(failure: TimeStampFailure, text: string): Uint8Array {
  return sequence(sequence(integer(2), sequence(utf8String(text)), failureBits(FAILURES[failure])));
}

/** A named bit list of one bit: no zero bits behind it (X.690 §11.2.2). */
function failureBits(bit: number): Uint8Array {
  const bytes = new Uint8Array((bit >> 3) + 2);
  bytes[0] = 7 - (bit & 7);
  bytes[bytes.length - 1] = 0x80 >> (bit & 7);
  return element(TAG.BIT_STRING, bytes);
}

/** @throws MALFORMED for anything but one complete answer, for a grant without token and a token without grant */
export function parseTimeStampResponse(bytes: Uint8Array): TimeStampResponse {
  const fields = new DerFields(parseDer(bytes));
  const info = new DerFields(fields.take(TAG.SEQUENCE));
  const token = fields.optional(TAG.SEQUENCE);
  fields.end();
  const status = STATUSES[toSmallInteger(info.take(TAG.INTEGER))];
  const texts = info.optional(TAG.SEQUENCE);
  const failures = info.optional(TAG.BIT_STRING);
  info.end();
  if (status === undefined) throw derFault('unknown status of a time-stamp response', 0);
  const granted = status === 'granted' || status === 'grantedWithMods';
  if (granted !== (token !== undefined)) throw derFault('status and token contradict each other', 0);
  return {
    status,
    texts: texts === undefined ? [] : childrenOf(texts).map((text) => toText(text, TAG.UTF8)),
    failures: failures === undefined ? [] : readFailures(failures),
    token: token?.raw,
  };
}

function readFailures(node: DerNode): TimeStampFailure[] {
  const { bytes, clean } = toBitString(node);
  if (!clean) throw derFault('bits of the failure wrong', node.offset);
  const names = Object.keys(FAILURES) as TimeStampFailure[];
  return names.filter((name) => {
    const bit = FAILURES[name];
    return ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  });
}
