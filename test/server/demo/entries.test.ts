import { expect } from 'chai';
import { checkDefinition } from '../../../models/catalogue/check-definition.ts';
import { catalogueDefinitionSchema } from '../../../models/catalogue/definition.ts';
import { isResidentNumber } from '../../../models/identifier/resident-number.ts';
import { isSocialCreditCode } from '../../../models/identifier/social-credit-code.ts';
import { type DemoData, readDemoEntries } from '../../../server/demo/read-demo-entries.ts';
import type { FaceLayout } from '../../../signing/face/face.ts';
import { readImage } from '../../../signing/face/read-image.ts';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

describe('the demonstration’s catalogue entries', () => {
  let data: DemoData = { bodies: [], entries: [] };
  before(async () => {
    data = await readDemoEntries();
  });

  it('follow the shape and the rules of every catalogue entry', () => {
    for (const { name, definition } of data.entries) {
      const parsed = catalogueDefinitionSchema.parse(definition);
      const images = new Map(Object.entries(definition.baseImages).map(([key, base64]) => [key, bytesOf(base64)]));
      expect(checkDefinition(parsed, images), name).to.deep.equal([]);
    }
  });

  it('are defined and issued by bodies whose codes hold', () => {
    const codes = data.bodies.map(({ code }) => code);
    expect(codes.every(isSocialCreditCode)).to.equal(true);
    for (const { definition } of data.entries) expect(codes).to.include(definition.issuingBody);
    expect(new Set(data.entries.map(({ definition }) => definition.code)).size).to.equal(12);
  });

  it('have samples with all required fields and right check digits', () => {
    for (const { name, definition, sample } of data.entries) {
      const { fields } = catalogueDefinitionSchema.parse(definition);
      for (const field of fields)
        if (field.required) expect(sample.fields[field.key], `${name} ${field.key}`).to.be.a('string');
      for (const holder of sample.holders) {
        const holds = holder.type === 'legal' ? isSocialCreditCode(holder.number) : isResidentNumber(holder.number);
        expect(holds, `${name} ${holder.name}`).to.equal(true);
      }
    }
  });

  it('mark every page as a sample and give every licence a seal and a code to scan', () => {
    for (const { name, definition } of data.entries) {
      const items = (definition.face as FaceLayout).pages.map((page) => page.items);
      for (const page of items)
        expect(
          page.some((item) => item.kind === 'text' && item.text === '{sampleMark}'),
          name,
        ).to.equal(true);
      for (const kind of ['seal', 'qr'])
        expect(
          items.flat().some((item) => item.kind === kind),
          `${name} ${kind}`,
        ).to.equal(true);
    }
  });

  it('have base images in the page’s own proportions, small enough to embed', () => {
    for (const { name, definition } of data.entries) {
      for (const page of (definition.face as FaceLayout).pages) {
        if (page.baseImage === undefined) continue;
        const bytes = bytesOf(definition.baseImages[page.baseImage] ?? '');
        const facts = readImage(bytes);
        expect((facts?.widthPx ?? 0) / (facts?.heightPx ?? 1), name).to.be.closeTo(page.widthMm / page.heightMm, 0.01);
        expect(bytes.length, name).to.be.below(280_000);
      }
    }
  });
});
