import { checkFace, type FaceLayout } from '../../../signing/index.ts';
import type { PointedFault } from '../../kernel/fault.ts';
import { composeFaceValues } from '../face-values.ts';
import type { LintRule } from './rule.ts';

/** Every character has a glyph and every text fits its place, before anything is sealed. Pictures are judged elsewhere. */
export const faceFits: LintRule = {
  name: 'face-fits',
  citation: 'R-23, R-25',
  check({ submission, entry, today, sampleMark, issuerName, fonts }) {
    const { fields, holders } = submission;
    if (!fields || !holders) return [];
    const values = composeFaceValues({
      entry,
      fields,
      holders,
      validFrom: submission.validFrom ?? null,
      validTo: submission.validTo ?? null,
      issuedOn: today,
      commitment: submission.commitment ?? false,
      identifier: '',
      sampleMark,
      issuerName,
    });
    const layout = entry.definition.face as FaceLayout;
    const faults = checkFace(layout, { values, images: {}, qr: '' }, fonts);
    return faults.flatMap((fault) => toPointed(fault, Object.keys(fields)));
  },
};

function toPointed(fault: ReturnType<typeof checkFace>[number], keys: readonly string[]): PointedFault[] {
  if (fault.code !== 'GLYPH_MISSING' && fault.code !== 'TEXT_OVERFLOW') return [];
  const code = fault.code;
  const detail = code === 'GLYPH_MISSING' ? { detail: fault.text } : {};
  const named = fault.fields.filter((key) => keys.includes(key)).map((key) => `/fields/${key}`);
  if (fault.fields.includes('holderName')) named.push('/holders/0/name');
  return (named.length > 0 ? named : ['/fields']).map((pointer) => ({ pointer, code, ...detail }));
}
