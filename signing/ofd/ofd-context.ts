/** What the steps of judging one package share. */
import { sm3 } from '../sm2/sm3.ts';
import type { TrustStore } from '../x509/trust-store.ts';

export interface OfdContext {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly store: TrustStore;
  /** SM3 of a file, computed once. */
  readonly digestOf: (path: string) => Uint8Array;
}

export function makeOfdContext(files: ReadonlyMap<string, Uint8Array>, store: TrustStore): OfdContext {
  const digests = new Map<string, Uint8Array>();
  return {
    files,
    store,
    digestOf(path) {
      const digest = digests.get(path) ?? sm3(files.get(path) ?? new Uint8Array());
      digests.set(path, digest);
      return digest;
    },
  };
}
