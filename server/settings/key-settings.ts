/** The settings of keys, the signing service, revocation lists, and of whom notices may go to. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RevocationSources } from '../../exchange/index.ts';
import { SHORTEST_PASSPHRASE } from '../../models/seal/index.ts';

export const KEY_SETTINGS = {
  ZHENGKU_KEY_PASSPHRASE: {
    unit: `words, at least ${SHORTEST_PASSPHRASE} characters`,
    fallback: 'derived from ZHENGKU_MASTER_KEY',
    change: '`zhengku key passphrase` has put the keys under it',
  },
  ZHENGKU_KEY_SERVICE_URL: {
    unit: 'URL',
    fallback: 'none: every key is here',
    change: 'keys or seals lie at a signing service',
  },
  ZHENGKU_KEY_SERVICE_TOKEN_FILE: {
    unit: 'file with the token of the signing service',
    fallback: 'none: requests are signed with the repository’s SM2 key',
    change: 'the signing service knows us by a token',
  },
  ZHENGKU_CRL_URLS: {
    unit: 'URLs of revocation lists, with spaces between',
    fallback: 'none: those that certificates name',
    change: 'an authority’s certificates do not say where its list is',
  },
  ZHENGKU_CRL_INSIDE_HOSTS: {
    unit: 'hosts inside the own network, with spaces between',
    fallback: 'none; in demo any',
    change: 'revocation lists are fetched from a mirror inside',
  },
  ZHENGKU_WEBHOOK_INSIDE_HOSTS: {
    unit: 'hosts inside the own network, with spaces between',
    fallback: 'none; in demo any',
    change: 'departments receive notices of changes inside the own network',
  },
} as const;

/** The shape of them, for the schema of all settings. */
export const KEY_SETTINGS_SHAPE = {
  ZHENGKU_KEY_PASSPHRASE: z.string().min(SHORTEST_PASSPHRASE).optional(),
  ZHENGKU_KEY_SERVICE_URL: z.url({ protocol: /^https?$/ }).optional(),
  ZHENGKU_KEY_SERVICE_TOKEN_FILE: z.string().refine(isTokenFile).optional(),
  ZHENGKU_CRL_URLS: z
    .string()
    .refine((text) => wordsOf(text).every(isHttpUrl))
    .optional(),
  ZHENGKU_CRL_INSIDE_HOSTS: z.string().optional(),
  ZHENGKU_WEBHOOK_INSIDE_HOSTS: z.string().optional(),
};

export interface KeySettings {
  /** Undefined: derived from the master key. */
  readonly keyPassphrase: string | undefined;
  readonly keyService: { readonly url: string; readonly tokenFile: string | undefined } | undefined;
  readonly revocation: RevocationSources;
  /** That may receive notices. */
  readonly webhookInsideHosts: readonly string[] | 'any';
}

type Raw = z.infer<z.ZodObject<typeof KEY_SETTINGS_SHAPE>> & { readonly ZHENGKU_MODE: 'demo' | 'production' };

export function readKeySettings(raw: Raw): KeySettings {
  const { ZHENGKU_KEY_SERVICE_URL: url, ZHENGKU_KEY_SERVICE_TOKEN_FILE: tokenFile } = raw;
  const hostsOf = (text = '') => {
    const hosts = wordsOf(text);
    return hosts.length === 0 && raw.ZHENGKU_MODE === 'demo' ? 'any' : hosts;
  };
  return {
    keyPassphrase: raw.ZHENGKU_KEY_PASSPHRASE,
    keyService: url === undefined ? undefined : { url: url.replace(/\/$/, ''), tokenFile },
    revocation: {
      urls: wordsOf(raw.ZHENGKU_CRL_URLS ?? ''),
      insideHosts: hostsOf(raw.ZHENGKU_CRL_INSIDE_HOSTS),
    },
    webhookInsideHosts: hostsOf(raw.ZHENGKU_WEBHOOK_INSIDE_HOSTS),
  };
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isTokenFile(file: string): boolean {
  try {
    return readToken(file).length > 0;
  } catch {
    return false;
  }
}

/** What a token file holds, without the line's end. */
export function readToken(file: string): string {
  return readFileSync(file, 'utf8').trim();
}
