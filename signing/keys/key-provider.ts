/** Where private keys live. Whoever signs asks a provider for a key by its name and is given something to sign with;
 *  whether the key lies in this process, in a device or at a service is the provider's affair. */
import { SigningError } from '../error.ts';
import { openSoftwareKey } from './encrypt-key.ts';
import { type RemoteKeyReference, remoteKey, type SignDigest } from './remote-key.ts';
import type { SigningKey } from './signing-key.ts';

export interface KeyProvider {
  /** @throws KEY_UNUSABLE when there is no key of this name, or it cannot be opened */
  openKey(keyId: string): Promise<SigningKey>;
}

/** Keys as encrypted PEM by name, opened in this process. Opening is slow on purpose, so what was opened is kept. */
export function softwareKeys(files: ReadonlyMap<string, string>, passphrase: string): KeyProvider {
  const opened = new Map<string, SigningKey>();
  return {
    async openKey(keyId) {
      const file = files.get(keyId);
      if (file === undefined) throw noSuchKey(keyId);
      const key = opened.get(keyId) ?? openSoftwareKey(file, passphrase);
      opened.set(keyId, key);
      return key;
    },
  };
}

/** Keys at a service that signs digests. Their public halves are known here beforehand: what the service gives back is
 *  held against them. */
export function remoteKeys(references: ReadonlyMap<string, RemoteKeyReference>, signDigest: SignDigest): KeyProvider {
  return {
    async openKey(keyId) {
      const reference = references.get(keyId);
      if (reference === undefined) throw noSuchKey(keyId);
      return remoteKey(reference, signDigest);
    },
  };
}

function noSuchKey(keyId: string): SigningError {
  return new SigningError('KEY_UNUSABLE', 'there is no key of this name', { keyId });
}
