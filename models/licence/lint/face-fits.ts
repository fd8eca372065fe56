import { checkFace, type FaceLayout } from '../../../signing/index.ts';
import type { PointedFault } from '../../kernel/fault.ts';
import { hasControlCharacter } from '../../kernel/plain-text.ts';
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
    return faults.flatMap((fault) => toPointed(fault, values, Object.keys(fields)));
  },
};

function toPointed(
  fault: ReturnType<typeof checkFace>[number],
  values: Readonly<Record<string, string>>,
  keys: readonly string[],
): PointedFault[] {
  if (fault.code !== 'GLYPH_MISSING' && fault.code !== 'TEXT_OVERFLOW') return [];
  const { code } = fault;
  // Several fields may share a text: only those that hold the character are at fault. Invisible ones have a rule of their own.
  const missing =
    code === 'GLYPH_MISSING' ? [...fault.text].filter((character) => !hasControlCharacter(character)) : [];
  if (code === 'GLYPH_MISSING' && missing.length === 0) return [];
  const concerned = (key: string) =>
    missing.length === 0 || missing.some((character) => values[key]?.includes(character));
  const detail = missing.length > 0 ? { detail: missing.join('') } : {};
  const atFault = fault.fields.filter(concerned);
  const named = atFault.filter((key) => keys.includes(key)).map((key) => `/fields/${key}`);
  if (atFault.includes('holderName')) named.push('/holders/0/name');
  return (named.length > 0 ? named : ['/fields']).map((pointer) => ({ pointer, code, ...detail }));
}
