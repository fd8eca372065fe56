/** The search: change what is known, run it, and know what reached new code. */
import { seededRandom } from '../../bench/fresh-characters.ts';
import { corpusOf } from './corpus-folder.ts';
import { Coverage } from './coverage.ts';
import { sampleGrammar } from './grammar.ts';
import {
  BYTE_MUTATORS,
  below,
  dictionaryMutator,
  type Mutator,
  pick,
  type Random,
  TEXT_MUTATORS,
} from './mutate-bytes.ts';
import { loosenLength, mutateDer } from './mutate-der.ts';
import { mutatePackage, shufflePackage } from './mutate-package.ts';
import { mutatePdf, PDF_WORDS } from './mutate-pdf.ts';
import { observe, observeTwice } from './observe.ts';
import { openReader, type ReaderName } from './readers.ts';

const XML_WORDS = [
  '<a>',
  '</a>',
  '<!DOCTYPE',
  '<![CDATA[',
  ']]>',
  '&#0;',
  '&amp;',
  '&x;',
  'xmlns:a="b"',
  '__proto__="1"',
  '<?xml encoding="GBK"?>',
  '\u0000',
  '\xff\xfe',
  '/>',
  '<!--',
  '-->',
  '="',
  'constructor',
] as const;
const ZIP_WORDS = [
  'PK\x03\x04',
  'PK\x01\x02',
  'PK\x05\x06',
  'PK\x06\x06',
  'PK\x06\x07',
  'PK\x07\x08',
  '\x01\x00\x10\x00',
  '../',
  '/',
  '\\',
  '\x00',
] as const;

const OWN: Readonly<Record<ReaderName, readonly [Mutator, ...Mutator[]]>> = {
  zip: [mutatePackage, shufflePackage, dictionaryMutator(ZIP_WORDS)],
  xml: [dictionaryMutator(XML_WORDS), ...TEXT_MUTATORS],
  der: [mutateDer, mutateDer, loosenLength],
  cms: [mutateDer, mutateDer, loosenLength],
  ses: [mutateDer, mutateDer, loosenLength],
  tsp: [mutateDer, mutateDer, loosenLength],
  pdf: [mutatePdf, dictionaryMutator(PDF_WORDS), ...TEXT_MUTATORS],
  verifier: [mutatePackage, mutatePackage, shufflePackage, mutatePdf, dictionaryMutator(PDF_WORDS)],
};

const BATCH = 24;
const MOST_KNOWN = 4000;
const LARGEST = 64 * 1024;
const GRAMMAR_INPUTS = 200;

export interface Found {
  readonly finding: string;
  readonly bytes: Uint8Array;
}

export interface Progress {
  readonly executions: number;
  readonly known: number;
  readonly blocks: number;
  readonly findings: readonly Found[];
  /** What reached new code, in the order in which it did. */
  readonly reached: readonly Uint8Array[];
}

export interface ExploreOptions {
  readonly reader: ReaderName;
  readonly seed: number;
  readonly milliseconds: number;
  /** Told before every execution. */
  readonly before: (bytes: Uint8Array) => void;
}

/** One changed input. A known one is not changed by every kind of change: a PDF is no package. */
function change(known: readonly Uint8Array[], own: readonly [Mutator, ...Mutator[]], random: Random): Uint8Array {
  let bytes = known[below(random, known.length)] ?? Buffer.alloc(1);
  const other = known[below(random, known.length)] ?? bytes;
  for (let steps = 1 + below(random, random() < 0.2 ? 8 : 2); steps > 0; steps -= 1) {
    const mutator = random() < 0.5 ? pick(random, own) : pick(random, BYTE_MUTATORS);
    bytes = mutator(bytes, random, other);
  }
  return bytes.length > LARGEST ? bytes.subarray(0, LARGEST) : bytes;
}

export function explore({ reader, seed, milliseconds, before }: ExploreOptions): Progress {
  const read = openReader(reader);
  const random = seededRandom(seed);
  const coverage = new Coverage();
  const known: Uint8Array[] = [];
  const findings = new Map<string, Found>();
  const reached: Uint8Array[] = [];
  let executions = 0;
  const run = (bytes: Uint8Array, twice: boolean): void => {
    before(bytes);
    executions += 1;
    const { finding } = twice ? observeTwice(read, bytes) : observe(read, bytes);
    // one of a kind is enough: the kind is where it was thrown
    if (finding !== undefined && findings.size < 20)
      findings.set(finding.split('\n').slice(0, 2).join(), { finding, bytes });
  };
  const learn = (batch: readonly Uint8Array[], grown: boolean): void => {
    for (const bytes of batch) run(bytes, executions % 16 === 0);
    const fresh = coverage.fresh();
    if (fresh.size === 0) return;
    // one or more of the batch did it: each again by itself, and those are kept that show some of it
    for (const bytes of batch) {
      run(bytes, true);
      const shown = coverage.take().filter((block) => fresh.delete(block));
      if (shown.length === 0) continue;
      if (known.length < MOST_KNOWN) known.push(bytes);
      if (grown) reached.push(bytes);
    }
  };
  const seeds = corpusOf(reader).map(({ bytes }) => bytes);
  known.push(...seeds);
  learn(seeds, false);
  const samples = sampleGrammar(reader, seed, GRAMMAR_INPUTS);
  for (let at = 0; at < samples.length; at += BATCH) learn(samples.slice(at, at + BATCH), true);
  const end = performance.now() + milliseconds;
  while (performance.now() < end)
    learn(
      Array.from({ length: BATCH }, () => change(known, OWN[reader], random)),
      true,
    );
  coverage.close();
  return { executions, known: known.length, blocks: coverage.blocks, findings: [...findings.values()], reached };
}
