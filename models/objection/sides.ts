/** On which sides of an objection a caller stands: who objects, the issuer who answers, the bureau that watches. */
import type { Caller } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Recipient } from '../notice/index.ts';
import type { ObjectionSide } from './objection-words.ts';
import type { ObjectionColumns } from './rows.ts';

export const CONSUMERS = ['consumer.window', 'consumer.approver'] as const;
export const ISSUERS = ['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'] as const;
export const HANDLERS = ['issuer.clerk', 'issuer.reviewer'] as const;
export const BUREAU = ['bureau.officer', 'bureau.supervisor'] as const;

/** In whose names the caller objects. A body objects as a whole: its people follow each other's. */
export function partiesOf(caller: Caller): string[] {
  const { roles, holderId, organisationCode, id } = caller;
  const holds = roles.includes('holder');
  return [
    ...(holds && holderId ? [`holder:${holderId}`] : []),
    // Objections of before, whose holder is no longer known.
    ...(holds ? [`account:${id}`] : []),
    ...(organisationCode && CONSUMERS.some((role) => roles.includes(role)) ? [`body:${organisationCode}`] : []),
  ];
}

/** The side that sees most comes first. */
export function sidesOf(
  caller: Caller,
  { issuingBody, party }: Pick<ObjectionColumns, 'issuingBody' | 'party'>,
): readonly ObjectionSide[] {
  const { roles, organisationCode } = caller;
  return [
    ...(BUREAU.some((role) => roles.includes(role)) ? (['bureau'] as const) : []),
    ...(organisationCode === issuingBody && ISSUERS.some((role) => roles.includes(role)) ? (['issuer'] as const) : []),
    ...(partiesOf(caller).includes(party) ? (['objector'] as const) : []),
  ];
}

/** Throws `NOT_FOUND` for whoever does not stand there: what is not theirs does not exist. */
export function requireSide(
  caller: Caller,
  row: ObjectionColumns | undefined,
  ...sides: readonly ObjectionSide[]
): ObjectionColumns {
  if (!row || !sidesOf(caller, row).some((side) => sides.includes(side))) throw new Fault('NOT_FOUND');
  return row;
}

/** To whom a party's notices go; nobody when it is not known any more. */
export function recipientsOf(party: string): Recipient[] {
  return party.startsWith('holder:') || party.startsWith('body:') ? [party as Recipient] : [];
}
