/** The libraries that are asked about every edge case: each gets the bytes of the file and says whether it accepts. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sm2 } from 'sm-crypto-v2';
import { SigningError } from '../../signing/error.ts';
import { toSm2Point } from '../../signing/sm2/curve.ts';
import type { Sm2Engine } from '../../signing/sm2/engine.ts';
import { identityDigest } from '../../signing/sm2/identity.ts';
import { parseSm2Signature } from '../../signing/sm2/signature-value.ts';
import { verifySm2 } from '../../signing/sm2/verify-sm2.ts';
import type { EdgeCase } from './sm2-edge-file.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const idOf = (test: EdgeCase): string => hex(test.distId).toString('utf8');

/** What the product says to its callers. */
export function askZhengku(test: EdgeCase): boolean {
  return verifySm2(hex(test.publicKey), hex(test.message), hex(test.signature), idOf(test));
}

/** One engine of the product by itself, behind the same doors: form of the value, point, identity. */
export function askEngine(engine: Sm2Engine, test: EdgeCase): boolean {
  try {
    parseSm2Signature(hex(test.signature));
    const point = toSm2Point(hex(test.publicKey));
    const identity = identityDigest(point, idOf(test));
    return engine.verify(point, identity, hex(test.message), hex(test.signature));
  } catch (error) {
    if (error instanceof SigningError) return false;
    throw error;
  }
}

/** SEQUENCE { SEQUENCE { ecPublicKey, SM2 }, BIT STRING with nothing unused }, whatever its length. */
const SPKI = /^30[0-7].301306072a8648ce3d020106082a811ccf5501822d03[0-7].00(.*)$/;

/** Null: the library reads points, not keys, and this key is not just a point in its shell. */
export function askSmCrypto(test: EdgeCase): boolean | null {
  const point = SPKI.exec(test.publicKey)?.[1];
  if (point === undefined) return null;
  try {
    const options = { hash: true, der: true, userId: idOf(test) };
    return sm2.doVerifySignature(Uint8Array.from(hex(test.message)), test.signature, point, options);
  } catch {
    return false;
  }
}

const run = promisify(execFile);

/** @param folder where the three files of a case may be written */
export async function askOpenssl(openssl: string, folder: string, test: EdgeCase): Promise<boolean> {
  const file = (name: string, content: Buffer): string => {
    const path = join(folder, `${test.id}.${name}`);
    writeFileSync(path, content);
    return path;
  };
  const key = ['-pubin', '-keyform', 'DER', '-inkey', file('key', hex(test.publicKey))];
  const data = ['-in', file('message', hex(test.message)), '-sigfile', file('signature', hex(test.signature))];
  // the option cannot name the empty identifier; it is what openssl takes when none is named
  const id = test.distId === '' ? [] : ['-pkeyopt', `hexdistid:${test.distId}`];
  // some keys look to openssl as if they were enciphered: a pass phrase is given so that it asks for none
  const verify = ['pkeyutl', '-verify', '-rawin', '-digest', 'sm3', '-passin', 'pass:none'];
  try {
    const running = run(openssl, [...verify, ...key, ...id, ...data], { timeout: 20_000 });
    running.child.stdin?.end();
    const { stdout } = await running;
    return stdout.includes('Verified Successfully');
  } catch {
    return false;
  }
}
