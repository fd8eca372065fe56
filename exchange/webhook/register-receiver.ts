/** Subscribe, or change a subscription, with an address that may be asked: https outside the demonstration, no password in it,
 *  not inside our own network unless the operator allows the host. */
import type { Caller, House, Remember } from '../../models/house.ts';
import { throwFaults } from '../../models/kernel/fault.ts';
import {
  changeSubscription,
  type SubscriptionChange,
  type SubscriptionInput,
  type SubscriptionView,
  type SubscriptionWithSecret,
  saveSubscription,
} from '../../models/subscription/index.ts';
import { readAddress } from '../revocation/fetch-list.ts';
import { mayAsk } from '../revocation/public-address.ts';

/** Throws `WEBHOOK_URL_REFUSED` at `/url`, and as `saveSubscription`. */
export async function registerReceiver(
  house: House,
  caller: Caller,
  input: SubscriptionInput,
  remember?: Remember<SubscriptionWithSecret>,
): Promise<SubscriptionWithSecret> {
  requireAddress(house, input.url);
  return saveSubscription(house, caller, input, remember);
}

/** Throws `WEBHOOK_URL_REFUSED` at `/url`, and as `changeSubscription`. */
export async function changeReceiver(
  house: House,
  caller: Caller,
  id: string,
  change: SubscriptionChange,
  remember?: Remember<SubscriptionView>,
): Promise<SubscriptionView> {
  if (change.url !== undefined) requireAddress(house, change.url);
  return changeSubscription(house, caller, id, change, remember);
}

function requireAddress(house: House, address: string): void {
  const url = readAddress(address);
  const secure = url?.protocol === 'https:' || house.mode === 'demo';
  if (!url || !secure || !mayAsk(url, house.webhookInsideHosts))
    throwFaults([{ pointer: '/url', code: 'WEBHOOK_URL_REFUSED' }]);
}
