/** `zhengku analysis open`: open a delivery of a bulk analysis with the recipient's key, offline. */
import { createDecipheriv, createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { decryptKey, ENVELOPE_HEAD_BYTES, fromPemOrDer, openEnvelopeHead, SigningError } from '../../signing/index.ts';

const PIECE_BYTES = 1 << 20;

const usage = `zhengku analysis open FILE --key KEY --to ZIP

  FILE   the delivery as it was downloaded
  --key  the SM2 private key of the certificate that the application named: PKCS#8, PEM or DER; of an encrypted one the
         passphrase is read from ZHENGKU_ANALYSIS_PASSPHRASE
  --to   where the ZIP is written; a file that is there is not written over
`;

export async function run(argv: readonly string[]): Promise<number> {
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
    process.stdout.write(`SM3 ${await open(file, readKey(key), to)}\n`);
    return 0;
  } catch (error) {
    const known = error instanceof SigningError || (error as { code?: string }).code?.startsWith('E');
    if (!known) throw error;
    process.stderr.write(`zhengku: ${(error as Error).message}\n`);
    return 1;
  }
}

/** Piece by piece: a delivery may be larger than the memory. @returns SM3 of the delivery, hexadecimal */
async function open(file: string, pkcs8: Uint8Array, to: string): Promise<string> {
  const head = readHead(file);
  const { key, iv, contentFrom } = openEnvelopeHead(head, statSync(file).size, pkcs8);
  const hash = createHash('sm3').update(head.subarray(0, contentFrom));
  const handle = await openFile(to, 'wx', 0o600);
  try {
    const note = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        yield piece;
      }
    };
    const content = createReadStream(file, { start: contentFrom, highWaterMark: PIECE_BYTES });
    await pipeline(content, note, createDecipheriv('sm4-cbc', key, iv), handle.createWriteStream());
    return hash.digest('hex');
  } catch (error) {
    // Nobody takes a part of it for the whole.
    rmSync(to, { force: true });
    if ((error as { code?: string }).code?.startsWith('ERR_OSSL'))
      throw new SigningError('MALFORMED', 'the content was altered', {}, { cause: error });
    throw error;
  } finally {
    await handle.close().catch(() => undefined);
  }
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(ENVELOPE_HEAD_BYTES);
    return head.subarray(0, readSync(file, head));
  } finally {
    closeSync(file);
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
