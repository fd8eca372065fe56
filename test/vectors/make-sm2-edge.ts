/** Makes sm2-edge.json. The same seed gives the same file:
 *  `node --import tsx test/vectors/make-sm2-edge.ts && npx biome format --write test/vectors`. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { addDer } from './edge-der.ts';
import { addKeys } from './edge-keys.ts';
import { CaseList, SEED } from './edge-maker.ts';
import { addAlgorithms, addIdentities, addMessages, addWrongKeys } from './edge-subjects.ts';
import { addLeadingZeros, addMalleability, addParticular, addRanges } from './edge-values.ts';
import { explainDifferences } from './explain-differences.ts';
import type { EdgeFile } from './sm2-edge-file.ts';

const GROUPS = {
  'leading-zeros': 'values that are shorter than 32 bytes, or look negative',
  range: 'r, s and their sum outside of what GB/T 32918.2 §7.1 allows',
  malleability: 'values that another scheme, or a careless verifier, would take for the same',
  particular: 'keys, nonces and sums that are particular',
  der: 'forms of the signature: DER (ITU-T X.690) and what is not',
  identity: 'identifiers of the signer, right, wrong, and of every length',
  message: 'messages at the borders of SM3 blocks, and altered ones',
  algorithm: 'other algorithms over the same curve, and Z_A made wrongly',
  key: 'forms of the public key, and points that are none',
  'wrong-key': 'right signatures under other keys',
} as const;

const FLAGS = {
  LeadingZero: 'a number begins with a zero byte, or its first bit decides about a sign byte',
  NotMinimal: 'an INTEGER with more bytes than needed',
  MissingSign: 'an INTEGER that is negative because its sign byte 00 is missing',
  OutOfRange: 'r or s is not in 1..n−1',
  SumZero: 'r + s = 0 modulo n',
  Malleability: 'made from a right signature by arithmetic',
  Particular: 'a small, great or otherwise particular number',
  Infinity: 'the point at infinity',
  LongLength: 'a length in a longer form than needed',
  WrongTag: 'an element of another type',
  Trailing: 'bytes too many, outside or inside',
  Indefinite: 'an indefinite length, BER only',
  Empty: 'something is missing',
  Swapped: 's before r',
  Raw: 'r‖s without DER',
  Wrapped: 'inside of something else',
  Truncated: 'cut short',
  Identity: 'a particular identifier',
  WrongIdentity: 'made under another identifier',
  IdentityTooLong: 'an identifier of more than 65,535 bits',
  MessageLength: 'a message of a particular length',
  AlteredMessage: 'not the message that was signed',
  Ecdsa: 'ECDSA in the place of SM2',
  WithoutIdentity: 'the digest leaves out Z_A',
  OtherDigest: 'another digest than SM3(Z_A‖M)',
  OtherIdentity: 'Z_A made in another way',
  KeyForm: 'a form of the public key',
  NotOnCurve: 'a pair of numbers that is no point of the curve',
  NotReduced: 'a coordinate of p or more',
  Compressed: 'a compressed point, which GM/T 0009 does not allow',
  Hybrid: 'a hybrid point, which GM/T 0009 does not allow',
  WrongCurve: 'a key of another curve, or of none',
  WrongKey: 'not the key that signed',
} as const;

/** All cases, in the order of the groups. */
export function makeEdgeFile(): EdgeFile {
  const list = new CaseList();
  for (const add of [addLeadingZeros, addRanges, addMalleability, addParticular, addDer]) add(list);
  for (const add of [addIdentities, addMessages, addAlgorithms, addKeys, addWrongKeys]) add(list);
  const tests = list.cases.map(explainDifferences);
  const algorithm = 'SM2 signature with SM3 (GB/T 32918.2, GM/T 0009), recommended curve of GB/T 32918.5';
  return { algorithm, formatVersion: 1, seed: SEED, count: tests.length, groups: GROUPS, flags: FLAGS, tests };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = makeEdgeFile();
  writeFileSync(new URL('sm2-edge.json', import.meta.url), `${JSON.stringify(file, null, 2)}\n`);
  process.stdout.write(`${file.count} cases\n`);
}
