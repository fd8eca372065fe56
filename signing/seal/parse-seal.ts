/** Tell the generations of seals apart and read each by its own rules. One line a generation. */
import { childrenOf, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { SigningError } from '../error.ts';
import type { ParsedSeal, ParsedStamp } from './parsed-seal.ts';
import { readHeader } from './read-common.ts';
import { readSealV1, readStampV1 } from './ses-v1.ts';
import { readSealV4, readStampV4 } from './ses-v4.ts';

interface Generation {
  readonly readSeal: (node: DerNode) => ParsedSeal;
  readonly readStamp: (node: DerNode) => ParsedStamp;
}

/** By shape: two members are version 1 whatever the header says; else the header decides. */
const GENERATIONS: Readonly<Record<number, Generation>> = {
  1: { readSeal: readSealV1, readStamp: readStampV1 },
  4: { readSeal: readSealV4, readStamp: readStampV4 },
  5: { readSeal: (node) => readSealV4(node, 5), readStamp: (node) => readStampV4(node, 5) },
};

function generationOf(seal: DerNode): Generation {
  const fields = new DerFields(seal);
  const { version } = readHeader(new DerFields(fields.take(TAG.SEQUENCE)).take(TAG.SEQUENCE));
  const generation = GENERATIONS[fields.left === 1 ? 1 : version];
  if (!generation) throw new SigningError('UNSUPPORTED', 'a seal of an unknown generation', { version });
  return generation;
}

/** Read a SESeal. @throws MALFORMED, UNSUPPORTED */
export function parseSeal(der: Uint8Array): ParsedSeal {
  const node = parseDer(der);
  return generationOf(node).readSeal(node);
}

/** Read a SES_Signature. @throws MALFORMED, UNSUPPORTED */
export function parseSesSignature(der: Uint8Array): ParsedStamp {
  const node = parseDer(der);
  const [tbs] = childrenOf(node);
  if (!tbs) throw new SigningError('MALFORMED', 'an empty stamp');
  const fields = new DerFields(tbs);
  fields.take(TAG.INTEGER);
  return generationOf(fields.take(TAG.SEQUENCE)).readStamp(node);
}
