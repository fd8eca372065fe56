/** Files of every kind a verifier meets, each with what it is judged by: genuine ones, altered ones, and no licences at all. */

import type { VerificationPolicy } from '../../../signing/verify/report.ts';
import { LATER, makeOffice } from '../ofd/sealed-package.ts';
import { makeSigners, SIGNED_AT, signedPdf } from '../pdf/signed-pdf.ts';

export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly policy: VerificationPolicy;
}

/** A copy with one byte changed. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

export async function makeSamples(): Promise<readonly Sample[]> {
  const office = await makeOffice();
  const ofd = await office.press();
  const signers = await makeSigners();
  const pdf = await signedPdf(signers.signer);
  const trust = { certificates: [signers.root.certificate], at: new Date(SIGNED_AT.getTime() + 86_400_000) };
  const samples: Sample[] = [
    { name: 'good.ofd', bytes: ofd, policy: office.policy },
    { name: 'good.pdf', bytes: pdf, policy: trust },
    { name: 'unjudged.ofd', bytes: ofd, policy: { at: LATER } },
    { name: 'unjudged.pdf', bytes: pdf, policy: { at: LATER } },
    { name: 'untrusted.ofd', bytes: ofd, policy: trust },
    { name: 'untrusted.pdf', bytes: pdf, policy: office.policy },
    { name: 'early.ofd', bytes: ofd, policy: { ...office.policy, at: new Date('2026-06-01T12:00:00Z') } },
    { name: 'unsigned.pdf', bytes: Buffer.from('%PDF-1.7\nnothing more'), policy: trust },
    { name: 'picture.gif', bytes: Buffer.from('GIF89a'), policy: trust },
    { name: 'empty', bytes: new Uint8Array(), policy: trust },
  ];
  for (const [kind, bytes, policy] of [
    ['ofd', ofd, office.policy],
    ['pdf', pdf, trust],
  ] as const) {
    const step = Math.floor(bytes.length / 12);
    for (let at = 7; at < bytes.length; at += step) {
      samples.push({ name: `flipped-${at}.${kind}`, bytes: flipped(bytes, at), policy });
    }
    samples.push({ name: `cut.${kind}`, bytes: bytes.slice(0, bytes.length >> 1), policy });
  }
  return samples;
}
