/** Tell the generations of seals apart and read each by its own rules. One line a generation. */
import { childrenOf, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { SigningError } from '../error.ts';
import type { ParsedSeal, ParsedStamp } from './parsed-seal.ts';
import { readHeader } from './read-common.ts';
import { readSealV4, readStampV4 } from './ses-v4.ts';

interface Generation {
  readonly readSeal: (node: DerNode) => ParsedSeal;
  readonly readStamp: (node: DerNode) => ParsedStamp;
}

const GENERATIONS: Readonly<Record<number, Generation>> = {
  4: { readSeal: readSealV4, readStamp: readStampV4 },
};

function generationOf(seal: DerNode): Generation {
  const info = new DerFields(seal).take(TAG.SEQUENCE);
  const { version } = readHeader(new DerFields(info).take(TAG.SEQUENCE));
  const generation = GENERATIONS[version];
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
