/** `zhengku analysis open`: open a delivery of a bulk analysis with the recipient's key, offline. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { decryptKey, fromPemOrDer, openEnvelope, SigningError } from '../../signing/index.ts';

const usage = `zhengku analysis open FILE --key KEY --to ZIP

  FILE   the delivery as it was downloaded
  --key  the SM2 private key of the certificate that the application named: PKCS#8, PEM or DER; of an encrypted one the
         passphrase is read from ZHENGKU_ANALYSIS_PASSPHRASE
  --to   where the ZIP is written; a file that is there is not written over
`;

export function run(argv: readonly string[]): Promise<number> {
  return Promise.resolve(open(argv));
}

function open(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { key: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [act, file, ...more] = positionals;
  const { key, to } = values;
  if (values.help || act !== 'open' || !file || more.length > 0 || !key || !to) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  try {
    const envelope = readFileSync(file);
    writeFileSync(to, openEnvelope(envelope, readKey(key)), { flag: 'wx', mode: 0o600 });
    process.stdout.write(`SM3 ${sm3Hex(envelope)}\n`);
    return 0;
  } catch (error) {
    const known = error instanceof SigningError || (error as { code?: string }).code?.startsWith('E');
    if (!known) throw error;
    process.stderr.write(`zhengku: ${(error as Error).message}\n`);
    return 1;
  }
}

/** PKCS#8, DER. */
function readKey(path: string): Uint8Array {
  const file = readFileSync(path);
  const text = file.toString('latin1');
  if (text.includes('BEGIN ENCRYPTED PRIVATE KEY'))
    return decryptKey(text, process.env.ZHENGKU_ANALYSIS_PASSPHRASE ?? '');
  return fromPemOrDer(file, 'PRIVATE KEY')[0] ?? new Uint8Array();
}
