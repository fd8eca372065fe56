/** Changes one byte after another of genuine files: all that no signature covers by itself, and others by chance. A changed
 *  file must be refused, unless a reader gets the same bit for bit.
 *  `npm run campaign:flips -- DEMO_FOLDER [--files N] [--seed S]`; the folder is `$ZHENGKU_DATA_DIR/demo`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readCertificates } from '../../server/settings/read-certificates.ts';
import { type VerificationPolicy, verifyFile } from '../../signing/index.ts';
import { seededRandom } from '../bench/fresh-characters.ts';
import { describeOfd, describePdf, uncoveredOfOfd, uncoveredOfPdf } from './plain-readers.ts';

export interface FlipOptions {
  readonly random: () => number;
  /** Bytes by chance beside those that no signature covers. */
  readonly others: number;
  /** 1: every uncovered byte; 10: one of ten. */
  readonly stride: number;
}

export interface FlipReport {
  readonly bytes: number;
  readonly changes: number;
  readonly refused: number;
  /** Accepted, and a reader gets the same. */
  readonly harmless: number;
  /** Accepted, and a reader gets something else: none may be. */
  readonly wrong: readonly string[];
}

export function flipFile(genuine: Uint8Array, policy: VerificationPolicy, options: FlipOptions): FlipReport {
  if (!verifyFile(genuine, policy).valid) throw new RangeError('the file is not genuine to begin with');
  const { offsets, describe } = findOffsets(genuine, options);
  const same = describe(genuine);
  const changed = Uint8Array.from(genuine);
  let changes = 0;
  let harmless = 0;
  const wrong: string[] = [];
  for (const at of offsets) {
    const before = genuine[at] ?? 0;
    const flipped = before ^ (1 << Math.floor(options.random() * 8));
    const other = (before + 1 + Math.floor(options.random() * 255)) & 0xff;
    for (const value of new Set([flipped, other])) {
      changed[at] = value;
      changes += 1;
      if (!verifyFile(changed, policy).valid) continue;
      if (describe(changed) === same) harmless += 1;
      else wrong.push(`byte ${at}: ${before} → ${value}`);
    }
    changed[at] = before;
  }
  return { bytes: offsets.length, changes, harmless, refused: changes - harmless - wrong.length, wrong };
}

function findOffsets(genuine: Uint8Array, { random, others, stride }: FlipOptions) {
  const isPdf = Buffer.from(genuine.subarray(0, 5)).toString('latin1') === '%PDF-';
  const pdf = isPdf ? uncoveredOfPdf(genuine) : undefined;
  const uncovered = pdf?.offsets ?? uncoveredOfOfd(genuine);
  const first = Math.floor(random() * stride);
  const chosen = new Set(uncovered.filter((_, i) => i % stride === first));
  const known = new Set(uncovered);
  for (let left = others; left > 0; ) {
    const at = Math.floor(random() * genuine.length);
    if (known.has(at) || chosen.has(at)) continue;
    chosen.add(at);
    left -= 1;
  }
  const describe = (bytes: Uint8Array) => (pdf ? describePdf(bytes, pdf.gap) : describeOfd(bytes));
  return { offsets: [...chosen], describe };
}

const OTHERS = 2000;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { files: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
  });
  const [folder] = positionals;
  if (!folder) {
    process.stderr.write('npm run campaign:flips -- DEMO_FOLDER [--files N] [--seed S]\n');
    return 2;
  }
  const names = readdirSync(join(folder, 'files'));
  const pairs = names
    .filter((name) => name.endsWith('.ofd'))
    .sort()
    .slice(0, Number(values.files));
  const policy: VerificationPolicy = { at: new Date(), certificates: readCertificates(join(folder, 'trust')) };
  const random = seededRandom(Number(values.seed));
  let wrong = 0;
  for (const name of pairs.flatMap((ofd) => [ofd, ofd.replace(/ofd$/, 'pdf')])) {
    const genuine = new Uint8Array(readFileSync(join(folder, 'files', name)));
    const report = flipFile(genuine, policy, { random, others: OTHERS, stride: 1 });
    process.stdout.write(`${JSON.stringify({ file: name, seed: Number(values.seed), ...report })}\n`);
    wrong += report.wrong.length;
  }
  return wrong === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main();
