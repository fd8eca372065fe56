/** Under what the private keys of this house are encrypted: its own setting, or what is derived from the master key. */
import { hmacSm3 } from '../../models/kernel/digest.ts';
import type { Settings } from './settings.ts';

export function keyPassphraseOf({ keyPassphrase }: Pick<Settings, 'keyPassphrase'>, master: Uint8Array): string {
  return keyPassphrase ?? Buffer.from(hmacSm3(master, 'zhengku key passphrase')).toString('base64');
}
