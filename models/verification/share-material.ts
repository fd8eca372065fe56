/** Trust material for worker threads: packed once into shared memory, named by digest, unpacked once a thread. A list of
 *  revoked certificates can be megabytes; it must not be copied and parsed again with every file. */
import { createHash } from 'node:crypto';
import type { VerificationRules } from '../../signing/index.ts';
import type { TrustMaterial } from './verifier.ts';

type Part = 'certificates' | 'crls' | 'sealMakers';

const PARTS: readonly Part[] = ['certificates', 'crls', 'sealMakers'];

export interface SharedMaterial {
  readonly id: string;
  /** All DER, one after the other. */
  readonly bytes: SharedArrayBuffer;
  /** Lengths of the members of each list; a list that was not given is left out. */
  readonly lengths: Readonly<Partial<Record<Part, readonly number[]>>>;
  readonly rules: VerificationRules;
}

export function shareMaterial(material: TrustMaterial): SharedMaterial {
  const lengths: Partial<Record<Part, readonly number[]>> = {};
  const all: Uint8Array[] = [];
  for (const part of PARTS) {
    const list = material[part];
    if (!list) continue;
    lengths[part] = list.map(({ length }) => length);
    all.push(...list);
  }
  const bytes = new SharedArrayBuffer(all.reduce((sum, { length }) => sum + length, 0));
  const view = new Uint8Array(bytes);
  const hash = createHash('sha256').update(JSON.stringify([material.rules, lengths]));
  let at = 0;
  for (const der of all) {
    view.set(der, at);
    hash.update(der);
    at += der.length;
  }
  return { id: hash.digest('base64'), bytes, lengths, rules: material.rules };
}

export function unshareMaterial({ bytes, lengths, rules }: SharedMaterial): TrustMaterial {
  let at = 0;
  const take = (part: Part): readonly Uint8Array[] | undefined =>
    lengths[part]?.map((length) => {
      // a copy of its own: the platform's key readers do not take shared memory
      const der = new Uint8Array(bytes, at, length).slice();
      at += length;
      return der;
    });
  return { certificates: take('certificates'), crls: take('crls'), sealMakers: take('sealMakers'), rules };
}
