/** Bodies, the people who sign in, and the systems that call. */
import { z } from 'zod';
import { ROLES } from '../../../models/account/index.ts';

const roles = z.array(z.enum(ROLES)).readonly();

export const organisationAnswer = z.strictObject({
  code: z.string(),
  name: z.string(),
  level: z.enum(['national', 'province', 'city', 'county']),
  isIssuer: z.boolean(),
  isConsumer: z.boolean(),
  responsibleBody: z.string().nullable(),
  state: z.enum(['registered', 'active', 'suspended']),
  persons: z.array(z.strictObject({ name: z.string(), duty: z.string() })).readonly(),
});

export const userAnswer = z.strictObject({
  id: z.string(),
  loginName: z.string(),
  displayName: z.string(),
  organisationCode: z.string().nullable(),
  roles,
  state: z.enum(['active', 'disabled']),
});

export const applicationAnswer = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string(),
  name: z.string(),
  organisationCode: z.string(),
  scopes: roles,
});

export const changedApplicationAnswer = applicationAnswer
  .omit({ clientSecret: true })
  .extend({ state: z.enum(['active', 'disabled']), returnHosts: z.array(z.string()).readonly() });

export const tokenAnswer = z.strictObject({
  access_token: z.string(),
  token_type: z.string(),
  expires_in: z.int(),
  scope: z.string(),
});
