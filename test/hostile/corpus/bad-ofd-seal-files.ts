/** OFD files whose seal was exchanged after sealing, or lies beside another one. */
import { type BadCase, badCase } from './case.ts';
import { type OfdWorld, rework } from './ofd-world.ts';
import { encodeSeal } from './seals.ts';
import { sealOf, strangerOfd } from './stranger-ofd.ts';

/** The file of the seal, and the seal inside the value, exchanged. */
export function* exchanged(world: OfdWorld): Generator<BadCase> {
  const { bases, hand, policy, maker, signer, other } = world;
  const another = encodeSeal({ maker, signers: [signer.certificate], esId: '50011200000400' });
  const mismatch = 'seal SEAL_MISMATCH';
  const made = (name: string, sealFile: Uint8Array, blame: readonly string[]) =>
    badCase('OFD seal exchanged', 'ofd', policy, { name, blame, bytes: strangerOfd(hand, { sealFile }) });
  yield made('beside the signature lies another seal of the same signer', another, [mismatch]);
  yield made(
    'beside the signature lies a seal of another signer',
    encodeSeal({ maker, signers: [other.certificate] }),
    [mismatch],
  );
  yield made('beside the signature lies a seal with a byte more', Buffer.concat([sealOf(hand), Buffer.of(0)]), [
    mismatch,
  ]);
  yield made('beside the signature lies no seal, but a file of its name', Buffer.from('seal'), [mismatch]);
  for (const base of [bases.sealed, bases.foreign, bases.signed]) {
    const path = `${base.folders[0]}/Seal.esl`;
    const bad = (words: string, blame: readonly string[], alter: (files: Map<string, Uint8Array>) => void) =>
      badCase('OFD seal exchanged', 'ofd', base.policy, {
        name: `${base.name}: ${words}`,
        blame,
        bytes: rework(base.bytes, alter),
      });
    yield bad('another seal put in its file', ['digest DIGEST_MISMATCH', mismatch], (files) =>
      files.set(path, another),
    );
    yield bad('the file of the seal emptied', ['digest DIGEST_MISMATCH', mismatch], (files) =>
      files.set(path, new Uint8Array()),
    );
    yield bad(
      'the file of the seal removed',
      ['digest REFERENCED_FILE_MISSING', 'structure LOCATION_MISSING'],
      (files) => files.delete(path),
    );
  }
}
