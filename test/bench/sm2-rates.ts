/** SM2 signatures a second on one core: ours, OpenSSL's own measure of itself, and a pure JavaScript library beside them. */
import { execFileSync } from 'node:child_process';
import { sm2 as smCrypto } from 'sm-crypto-v2';
import { generateSoftwareKey } from '../../signing/keys/software-key.ts';
import { openSm2Key, signWithSm2Key } from '../../signing/sm2/sign-sm2.ts';
import { verifySm2 } from '../../signing/sm2/verify-sm2.ts';
import { findProgram } from '../world/programs.ts';
import { perCpuSecond } from './per-cpu-second.ts';

export interface Sm2Rates {
  readonly sign: number;
  readonly verify: number;
}

/** A message of the length of a stamp's signed part is hashed by all alike; OpenSSL's measure hashes less. */
const MESSAGE = Buffer.from('证照'.repeat(40));

export interface Sm2Contestants {
  ours(ms: number): Sm2Rates;
  openssl(seconds: number): Sm2Rates;
  smCrypto(ms: number): Sm2Rates;
}

export function openSm2Contestants(): Sm2Contestants {
  const openssl = findProgram('openssl') ?? '';
  if (!openssl) throw new Error('openssl is not on PATH');
  const key = openSm2Key(generateSoftwareKey('SM2'));
  const signature = signWithSm2Key(key, MESSAGE);
  const pair = smCrypto.generateKeyPairHex();
  const bytes = new Uint8Array(MESSAGE);
  const options = { hash: true, der: true, publicKey: pair.publicKey } as const;
  const other = smCrypto.doSignature(bytes, pair.privateKey, options);
  return {
    ours: (ms) => ({
      sign: perCpuSecond(ms, () => signWithSm2Key(key, MESSAGE)),
      verify: perCpuSecond(ms, () => {
        if (!verifySm2(key.point, MESSAGE, signature)) throw new Error('our own signature is refused');
      }),
    }),
    openssl: (seconds) => readSpeed(runSpeed(openssl, seconds)),
    smCrypto: (ms) => ({
      sign: perCpuSecond(ms, () => smCrypto.doSignature(bytes, pair.privateKey, options)),
      verify: perCpuSecond(ms, () => {
        if (!smCrypto.doVerifySignature(bytes, other, pair.publicKey, options)) throw new Error('refused');
      }),
    }),
  };
}

function runSpeed(openssl: string, seconds: number): string {
  const argv = ['speed', '-seconds', String(seconds), 'sm2'];
  return execFileSync(openssl, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** `openssl speed` counts processor time as well. Its last line: name, seconds a signature, seconds a verification, rates. */
function readSpeed(output: string): Sm2Rates {
  const [sign, verify] = (output.trim().split('\n').at(-1) ?? '').trim().split(/\s+/).slice(-2).map(Number);
  if (!sign || !verify) throw new Error('openssl speed said nothing of SM2');
  return { sign, verify };
}
