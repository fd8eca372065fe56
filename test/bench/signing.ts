/** How fast signing is: SM2 against OpenSSL's own measure of itself in the same run, whole documents on one core, two threads
 *  against two processes, and the memory that a large PDF takes. Rates are per second of processor time, warm. */
import { openFontBook } from '../../signing/index.ts';
import { atLeast, atMost, type Bench, type BenchOptions, type BenchResult, median, quantile } from './bench.ts';
import { DOCUMENT_ACTS, openDocumentBench } from './document-rates.ts';
import { measureLargePdf } from './large-pdf.ts';
import type { TimedRate } from './per-cpu-second.ts';
import { openScalingBench } from './pool-scaling.ts';
import { openSigningMaterial } from './signing-material.ts';
import { openSm2Contestants } from './sm2-rates.ts';

export const signingBench: Bench = {
  words: 'SM2, sealing, verifying and signing documents; threads; a large PDF',
  run: measureSigning,
};

interface Sizes {
  readonly rounds: number;
  readonly ms: number;
  /** Sealings a round of `poolScaling`. */
  readonly sealings: number;
}

function sizeOf({ quick, full }: BenchOptions): Sizes {
  if (quick) return { rounds: 5, ms: 400, sealings: 60 };
  return full ? { rounds: 11, ms: 2000, sealings: 200 } : { rounds: 7, ms: 1000, sealings: 100 };
}

async function measureSigning(options: BenchOptions): Promise<BenchResult> {
  const sizes = sizeOf(options);
  const sm2 = measureSm2(sizes, options);
  const documents = await measureDocuments(sizes, options);
  const scaling = await measureScaling(sizes, options);
  const large = await measureLargePdf();
  options.say(
    `a PDF of ${large.fileMb.toFixed(0)} MB: ${large.peakMb.toFixed(0)} MB of memory, ${large.ms.toFixed(0)} ms`,
  );
  const ratios = { ...sm2.ratios, ...scaling.ratios };
  const figures = {
    ...sm2.figures,
    ...documents,
    ...scaling.figures,
    largePdfMb: large.fileMb,
    largePdfPeakMb: large.peakMb,
    largePdfMs: large.ms,
  };
  return {
    durability: 'none: nothing is stored',
    figures,
    ratios,
    floors: [
      atLeast('sm2SignOverOpenssl', 0.9, ratios.sm2SignOverOpenssl),
      atLeast('sm2VerifyOverOpenssl', 0.9, ratios.sm2VerifyOverOpenssl),
      atLeast('ofdSealPerSec', 700, documents.ofdSealPerSec ?? 0),
      atLeast('ofdVerifyPerSec', 1000, documents.ofdVerifyPerSec ?? 0),
      atLeast('pdfSignPerSec', 1000, documents.pdfSignPerSec ?? 0),
      atLeast('pdfVerifyPerSec', 500, documents.pdfVerifyPerSec ?? 0),
      atLeast('poolScaling', 0.9, ratios.poolScaling),
      atMost('largePdfPeakMb', 300, large.peakMb),
    ],
  };
}

function measureSm2({ rounds, ms }: Sizes, { say }: BenchOptions) {
  const contestants = openSm2Contestants();
  contestants.ours(ms);
  contestants.smCrypto(ms / 2);
  const samples = Array.from({ length: rounds }, (_, round) => {
    const sample = {
      ours: contestants.ours(ms),
      openssl: contestants.openssl(Math.max(1, Math.round(ms / 1000))),
      smCrypto: contestants.smCrypto(ms / 2),
    };
    const { ours, openssl } = sample;
    say(
      `SM2, round ${round + 1}: sign ${ours.sign.toFixed(0)}/s, openssl ${openssl.sign.toFixed(0)}/s; verify ${ours.verify.toFixed(0)}/s, openssl ${openssl.verify.toFixed(0)}/s`,
    );
    return sample;
  });
  const rate = (who: 'ours' | 'openssl' | 'smCrypto', what: 'sign' | 'verify') =>
    median(samples.map((sample) => sample[who][what]));
  return {
    figures: {
      sm2SignPerSec: rate('ours', 'sign'),
      sm2VerifyPerSec: rate('ours', 'verify'),
      opensslSm2SignPerSec: rate('openssl', 'sign'),
      opensslSm2VerifyPerSec: rate('openssl', 'verify'),
      smCryptoSm2SignPerSec: rate('smCrypto', 'sign'),
      smCryptoSm2VerifyPerSec: rate('smCrypto', 'verify'),
    },
    ratios: {
      sm2SignOverOpenssl: median(samples.map(({ ours, openssl }) => ours.sign / openssl.sign)),
      sm2VerifyOverOpenssl: median(samples.map(({ ours, openssl }) => ours.verify / openssl.verify)),
    },
  };
}

async function measureDocuments({ rounds, ms }: Sizes, { say }: BenchOptions): Promise<Record<string, number>> {
  const fonts = openFontBook('assets/fonts');
  const bench = await openDocumentBench(await openSigningMaterial(fonts), fonts);
  say(
    `documents: OFD of ${bench.ofdKb.toFixed(0)} kB, sealed ${bench.sealedOfdKb.toFixed(0)} kB; PDF of ${bench.pdfKb.toFixed(0)} kB`,
  );
  const figures: Record<string, number> = {};
  for (const act of DOCUMENT_ACTS) {
    // Until the compiler has seen the work; the same work goes on, so that it stays warm.
    await bench.measure(act, WARM_UP * ms);
    const samples: TimedRate[] = [];
    for (let round = 1; round <= rounds; round += 1) samples.push(await bench.measure(act, ms));
    const latencies = samples.flatMap(({ latenciesMs }) => latenciesMs);
    figures[`${act}PerSec`] = median(samples.map(({ perSec }) => perSec));
    figures[`${act}P99Ms`] = quantile(latencies, 0.99);
    say(`${act}: ${samples.map(({ perSec }) => perSec.toFixed(0)).join(', ')} a second`);
  }
  return { ofdKb: bench.ofdKb, sealedOfdKb: bench.sealedOfdKb, pdfKb: bench.pdfKb, ...figures };
}

const WARM_UP = 4;

async function measureScaling({ rounds, sealings }: Sizes, { say }: BenchOptions) {
  const material = await openSigningMaterial(openFontBook('assets/fonts'));
  const bench = await openScalingBench(material);
  try {
    // Each thread and each process warms up on its own half.
    await bench.measure(WARM_UP * sealings);
    const samples: { readonly poolMs: number; readonly processesMs: number }[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const sample = await bench.measure(sealings);
      samples.push(sample);
      say(
        `scaling, round ${round}: two threads ${((1000 * sealings) / sample.poolMs).toFixed(1)}/s, two processes ${((1000 * sealings) / sample.processesMs).toFixed(1)}/s`,
      );
    }
    return {
      figures: {
        poolSealingsPerSec: (1000 * sealings) / median(samples.map(({ poolMs }) => poolMs)),
        processSealingsPerSec: (1000 * sealings) / median(samples.map(({ processesMs }) => processesMs)),
      },
      ratios: { poolScaling: median(samples.map(({ poolMs, processesMs }) => processesMs / poolMs)) },
    };
  } finally {
    await bench.close();
  }
}
