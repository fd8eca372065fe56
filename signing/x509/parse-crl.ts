/** Certificate revocation lists (RFC 5280 §5), read strictly with their raw slices kept. */
import { BoundedCache } from '../bounded-cache.ts';
import { childrenOf, contextTag, DerFields, type DerNode, TAG } from '../der/read-der.ts';
import { toInteger, toSmallInteger, toTime } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { readExtensionList } from './read-extensions.ts';
import { readSignedShell } from './read-signed-shell.ts';

export interface ParsedCrl {
  readonly raw: Uint8Array;
  readonly tbs: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** When each serial number was revoked. */
  readonly revoked: ReadonlyMap<bigint, Date>;
  /** Indirect, partitioned or delta: it does not speak for all certificates of its issuer. */
  readonly partial: boolean;
}

const parsed = new BoundedCache<ParsedCrl>(64);

/** Parse a DER revocation list; equal bytes are parsed once. @throws MALFORMED */
export function parseCrl(der: Uint8Array): ParsedCrl {
  return parsed.get(Buffer.from(sm3(der)).toString('latin1'), () => readCrl(Uint8Array.from(der)));
}

function readRevoked(list: DerNode | undefined): Map<bigint, Date> {
  const revoked = new Map<bigint, Date>();
  for (const node of list ? childrenOf(list) : []) {
    const fields = new DerFields(node);
    revoked.set(toInteger(fields.take(TAG.INTEGER)), toTime(fields.takeAny()));
    fields.optional(TAG.SEQUENCE);
    fields.end();
  }
  return revoked;
}

/** Whether an extension narrows what the list speaks for: all that do are critical. */
function isPartial(extensions: DerNode | undefined): boolean {
  if (!extensions) return false;
  const shell = new DerFields(extensions, contextTag(0));
  const found = readExtensionList(shell.take(TAG.SEQUENCE));
  shell.end();
  return [...found.values()].some((extension) => extension.critical);
}

function readCrl(raw: Uint8Array): ParsedCrl {
  const { tbs, signature, signatureAlgorithm, expectSameAlgorithm } = readSignedShell(raw);
  const fields = new DerFields(tbs);
  const version = fields.optional(TAG.INTEGER);
  if (version && toSmallInteger(version) !== 1) throw new SigningError('MALFORMED', 'unknown CRL version');
  expectSameAlgorithm(fields.take(TAG.SEQUENCE));
  const issuerDer = fields.take(TAG.SEQUENCE).raw;
  const thisUpdate = toTime(fields.takeAny());
  const next = fields.optional(TAG.UTC_TIME) ?? fields.optional(TAG.GENERALIZED_TIME);
  const revoked = readRevoked(fields.optional(TAG.SEQUENCE));
  const partial = isPartial(fields.optional(contextTag(0)));
  fields.end();
  const nextUpdate = next && toTime(next);
  return { raw, tbs: tbs.raw, issuerDer, signatureAlgorithm, signature, thisUpdate, nextUpdate, revoked, partial };
}
