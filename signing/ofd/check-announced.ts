/** The signatures that signed content announces must be there, whoever else signed. */
import { check } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { ANNOUNCED_SIGNATURES, ANNOUNCED_SIGNER, announcedKeyOf } from './announce-signatures.ts';
import type { OfdBody } from './read-ofd-root.ts';
import type { SignatureJudgement } from './verify-one-signature.ts';

/** @param signatures in the order of the lists: what is announced comes first, as announced */
export function checkAnnounced(
  bodies: readonly OfdBody[],
  list: string,
  signatures: readonly SignatureJudgement[],
): Check[] {
  const custom = bodies[0]?.customData;
  const announced = custom?.get(ANNOUNCED_SIGNATURES)?.split(' ') ?? [];
  const key = custom?.get(ANNOUNCED_SIGNER);
  const missing = announced.some((type, index) => !isAnnounced(signatures[index], type, key));
  return missing ? [check('coverage', 'failed', 'SIGNATURE_STRIPPED', list)] : [];
}

function isAnnounced(signature: SignatureJudgement | undefined, type: string, key: string | undefined): boolean {
  if (signature === undefined || (signature.opened.type ?? 'Seal') !== type) return false;
  if (type !== 'Sign' || key === undefined) return true;
  return signature.certificate !== undefined && announcedKeyOf(signature.certificate) === key;
}
