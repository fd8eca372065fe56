export { changeSubscription } from './change-subscription.ts';
export { type ClaimedDelivery, type ClaimedRound, claimDeliveries, freeDeadDeliveries } from './claim-deliveries.ts';
export { countSubscriptions, type WebhookFigures } from './count-subscriptions.ts';
export { fanOut } from './fan-out.ts';
export { findWork } from './find-work.ts';
export { forgetOldDeliveries } from './forget-old-deliveries.ts';
export { getDelivery, getSubscription, listDeliveries, listSubscriptions } from './list-subscriptions.ts';
export { pingSubscription, redeliver } from './redeliver.ts';
export { removeSubscription } from './remove-subscription.ts';
export { rotateSecret } from './rotate-secret.ts';
export { OUTCOMES, type Outcome } from './rows.ts';
export {
  type SubscriptionChange,
  type SubscriptionInput,
  saveSubscription,
  subscriptionChangeSchema,
  subscriptionSchema,
} from './save-subscription.ts';
export { openSecrets } from './secrets.ts';
export { type Attempt, settleDeliveries } from './settle-deliveries.ts';
export { type LicenceStepName, tellSteps } from './tell-steps.ts';
export type { SubscriptionView, SubscriptionWithSecret } from './view-subscription.ts';
