/** Bodies that subscribe, and changes that are told. */

import { registerReceiver } from '../../../exchange/webhook/register-receiver.ts';
import { type House, houseCaller } from '../../../models/house.ts';
import { givePositions } from '../../../models/publication/give-positions.ts';
import { saveChangeGrant } from '../../../models/publication/index.ts';
import { type PublishedChange, publishChanges } from '../../../models/publication/publish-changes.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { CONSUMER, ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { callerWith } from '../../world/test-house.ts';

export const issuing = callerWith(['issuer.clerk'], ISSUER, 'issuing-system');
export const consuming = callerWith(['consumer.approver'], CONSUMER, 'consuming-system');
export const bureau = callerWith(['bureau.officer'], null, 'officer');

export function change(identifier: string, sequence: number, more: Partial<PublishedChange> = {}): PublishedChange {
  const status = sequence % 2 === 0 ? ('suspended' as const) : ('valid' as const);
  const act = sequence % 2 === 0 ? 'suspend' : 'resume';
  const common = { issuingBody: ISSUER, catalogueCode: ENTRY.code, act, status };
  return { type: 'licence', id: identifier, identifier, sequence, ...common, ...more };
}

export async function publish(house: House, ...changes: readonly PublishedChange[]): Promise<void> {
  await withTransaction(house.db, (tx) => publishChanges(house, tx, houseCaller('test'), changes));
  await givePositions(house);
}

export function subscribe(house: House, url: string, more: object = {}, caller = issuing) {
  return registerReceiver(house, caller, { name: '审批系统', url, signing: 'hmac', ...more });
}

export function letKnow(house: House, nextStep: boolean, catalogueCode = ENTRY.code) {
  return saveChangeGrant(house, bureau, { organisationCode: CONSUMER, catalogueCode, nextStep, state: 'given' });
}
