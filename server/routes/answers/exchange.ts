/** Front-end machines, and how the exchange stands. */
import { z } from 'zod';
import { FRONT_END_PROFILES } from '../../../models/exchange-state/index.ts';

const perhaps = z.string().nullable();
const count = z.int();

/** Without its address, which holds a password. */
export const frontEndAnswer = z.strictObject({
  name: z.string(),
  organisationCode: z.string(),
  profile: z.enum(FRONT_END_PROFILES),
  state: z.enum(['active', 'paused']),
  lastPassAt: perhaps,
  lastError: perhaps,
});

const departmentAnswer = frontEndAnswer.omit({ name: true, profile: true }).extend({
  frontEnd: z.string(),
  lagSeconds: count.nullable(),
  depth: count.nullable(),
  held: count,
  refused: count.nullable(),
  awaiting: count.nullable(),
  way: z
    .strictObject({
      changes: count,
      meanSeconds: z.number().nullable(),
      longestSeconds: z.number(),
      overTwoCycles: count,
      outstanding: count,
      oldestSeconds: count,
    })
    .nullable(),
});

/** A revocation list by its address. */
const listAnswer = z.strictObject({
  url: z.string(),
  issuer: perhaps,
  thisUpdate: perhaps,
  nextUpdate: perhaps,
  fetchedAt: perhaps,
  ageSeconds: count.nullable(),
  stale: z.boolean(),
  failures: count,
  lastError: perhaps,
});

export const alarmAnswer = z.strictObject({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  raisedAt: z.string(),
  clearedAt: perhaps,
  details: z.record(z.string(), z.unknown()),
});

const linkAnswer = z.strictObject({
  name: z.string(),
  downSince: perhaps,
  failures: count,
  unbelieved: count,
  lastError: perhaps,
});

const noticesAnswer = z.strictObject({
  unsequenced: count,
  subscriptions: z.strictObject({ active: count, paused: count, disabled: count }),
  failing: count,
  depth: count,
  oldestWaitingSeconds: count,
  failedToday: count,
  behind: count,
  untoldBodies: z.array(z.string()).readonly(),
});

export const exchangeStatusAnswer = z.strictObject({
  departments: z.array(departmentAnswer).readonly(),
  province: z.strictObject({
    ...{ depth: count, lagSeconds: count, held: count, refused: count, acknowledged: count },
    links: z.array(linkAnswer).readonly(),
  }),
  alarms: z.array(alarmAnswer).readonly(),
  notices: noticesAnswer,
  revocationLists: z.array(listAnswer).readonly(),
});

/** What does not go to the province, or did not come from there. */
export const refusalAnswer = z.strictObject({
  id: z.string(),
  state: z.enum(['held', 'refused', 'return']),
  kind: z.enum(['licence', 'catalogue']),
  subject: z.string(),
  sequence: count,
  organisationCode: perhaps,
  cause: z.string(),
  since: z.string(),
});

export const replayAnswer = z.strictObject({ id: z.string(), state: z.literal('queued') });
