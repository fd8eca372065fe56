/** The demonstration's entries filled with their samples, as content for faces. */

import { type DemoEntry, readDemoEntries } from '../../../server/demo/read-demo-entries.ts';
import type { FaceContent, FaceLayout } from '../../../signing/face/face.ts';

export interface FilledFace {
  readonly name: string;
  readonly layout: FaceLayout;
  readonly content: FaceContent;
}

export const QR_TEXT = 'https://zk.yangli.example/v/ZK7Q9M2X4B8T?i=1.2.156.3005.2.114199010MB0001011P001';

export async function readFilledFaces(): Promise<FilledFace[]> {
  const { entries, bodies } = await readDemoEntries();
  return entries.map((entry) => {
    const issuerName = bodies.find(({ code }) => code === entry.definition.issuingBody)?.name ?? '';
    return { name: entry.name, layout: entry.definition.face as FaceLayout, content: fill(entry, issuerName) };
  });
}

/** The same face on white paper. */
export function withoutBaseImages(layout: FaceLayout): FaceLayout {
  return { pages: layout.pages.map(({ baseImage: _, ...page }) => page) };
}

function fill({ definition, sample }: DemoEntry, issuerName: string): FaceContent {
  const values: Record<string, string> = {
    holderName: sample.holders.map(({ name }) => name).join('、'),
    holderNumber: sample.holders.map(({ number }) => number).join('、'),
    identifier: `1.2.156.3005.2.${definition.code}.${definition.issuingBody}.2026000001.001.O`,
    issuerName,
    issuedOn: '2026年11月22日',
    validFrom: inWords(sample.validFrom),
    validTo: inWords(sample.validTo),
    validity: sample.validTo === undefined ? '长期' : `${inWords(sample.validFrom)}至${inWords(sample.validTo)}`,
    catalogueName: definition.name,
    commitmentMark: definition.commitment ? '承诺审批' : '',
    sampleMark: '样例',
  };
  const images: Record<string, Uint8Array> = {};
  for (const [key, base64] of Object.entries(definition.baseImages)) images[key] = fromBase64(base64);
  for (const { key, type, codes } of definition.fields) {
    const value = sample.fields[key] ?? '';
    if (type === 'image') images[key] = fromBase64(value);
    else if (type === 'date') values[key] = inWords(value);
    else values[key] = codes?.find(({ code }) => code === value)?.name ?? value;
  }
  return { values, images, qr: QR_TEXT };
}

function inWords(date: string | undefined): string {
  if (date === undefined) return '';
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
