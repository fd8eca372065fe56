/** The door of the exchange floor. */
export { type ExchangeStatus, exchangeStatus } from './exchange-status.ts';
export { openFrontEnd } from './front-end/connection.ts';
export type { FrontEndProfile } from './front-end/profile.ts';
export { findProfile } from './front-end/profiles.ts';
export { registerMachine } from './front-end/register-machine.ts';
export { type PassOptions, type PassResult, runPass } from './front-end/run-pass.ts';
export { type Comparison, compareWithProvince, isAgreed } from './province/compare-with-province.ts';
export type { Province } from './province/province.ts';
export { pushToProvince } from './province/push-to-province.ts';
export { type RevocationSources, refreshRevocationLists } from './revocation/refresh-lists.ts';
export { makeSealService } from './signing-service/press-seal.ts';
export { bySignature, byToken, type ServiceLine } from './signing-service/service-line.ts';
export { listServiceKeys, makeSignDigest, type ServiceKeyFacts } from './signing-service/sign-digest.ts';
export { makeTimeStamper, type TimeStamperOptions } from './time-stamp/make-time-stamper.ts';
export { type Delivered, deliverTo } from './webhook/deliver.ts';
export { changeReceiver, registerReceiver } from './webhook/register-receiver.ts';
