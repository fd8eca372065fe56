/** Marks by which a delivery is known when it turns up elsewhere, and the pseudonyms of one grant. All come from the grant's own
 *  secret, so that what two grants say of a person cannot be joined. A mark is one SM4 block under a key of the house: which grant,
 *  and a keyed digest of the licence. It tells the grant by itself, and nobody else can read or make one. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { House } from '../house.ts';
import { hmacSm3 } from '../kernel/digest.ts';

const INDEX_BYTES = 8;
const MARK = /^[0-9a-f]{32}$/;

/** What the marks of this analysis say: 16 hex characters. */
export function markIndexOf(house: Pick<House, 'cipher'>, analysisId: string): string {
  return house.cipher.blindIndex('analyses.mark', analysisId).slice(0, INDEX_BYTES * 2);
}

/** Of the house, for all grants. */
function markKey(house: Pick<House, 'cipher'>): Buffer {
  return Buffer.from(house.cipher.blindIndex('analyses.mark-key', 'SM4'), 'hex');
}

export interface GrantMarks {
  /** Stands beside the row of this licence: 32 hex characters. */
  markOf(licenceId: string): string;
  /** Rows of one block stand in the order of this. */
  orderOf(licenceId: string): string;
  /** One holder within this grant; 24 hex characters. */
  pseudonymOf(holderIndex: string): string;
}

/** @param secret of the grant, 32 bytes */
export function grantMarks(house: Pick<House, 'cipher'>, markIndex: string, secret: Uint8Array): GrantMarks {
  const key = markKey(house);
  const keyed = (use: string, id: string) => Buffer.from(hmacSm3(secret, use, '\0', id));
  return {
    markOf(licenceId) {
      const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
      const block = Buffer.concat([Buffer.from(markIndex, 'hex'), keyed('mark', licenceId).subarray(0, INDEX_BYTES)]);
      return Buffer.concat([cipher.update(block), cipher.final()]).toString('hex');
    },
    orderOf: (licenceId) => keyed('order', licenceId).toString('hex'),
    pseudonymOf: (holderIndex) => keyed('pseudonym', holderIndex).toString('hex').slice(0, 24),
  };
}

/** Which analysis a mark names; undefined for what has not the form of one. Whether there is one is seen by looking for it. */
export function readMark(house: Pick<House, 'cipher'>, mark: string): string | undefined {
  if (!MARK.test(mark)) return undefined;
  const decipher = createDecipheriv('sm4-ecb', markKey(house), null).setAutoPadding(false);
  return Buffer.concat([decipher.update(mark, 'hex'), decipher.final()])
    .toString('hex')
    .slice(0, INDEX_BYTES * 2);
}
