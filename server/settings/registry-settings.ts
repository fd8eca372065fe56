/** The settings of the population and legal-person registries. */
import { z } from 'zod';
import { connectRegistry } from '../../exchange/index.ts';
import type { House } from '../../models/house.ts';
import { readToken } from './key-settings.ts';

export const REGISTRY_SETTINGS = {
  ZHENGKU_REGISTRY_URL: {
    unit: 'https URL; in demo http on this machine too',
    fallback: 'none: no holder is compared, and licences whose entry asks for it say so',
    change: 'the population and legal-person registries are connected (docs/registry.md)',
  },
  ZHENGKU_REGISTRY_TOKEN_FILE: {
    unit: 'file with the token of the registries',
    fallback: 'none',
    change: 'with ZHENGKU_REGISTRY_URL: the registries know us by it',
  },
} as const;

/** The shape of them, for the schema of all settings. */
export const REGISTRY_SETTINGS_SHAPE = {
  ZHENGKU_REGISTRY_URL: z.url({ protocol: /^https?$/ }).optional(),
  ZHENGKU_REGISTRY_TOKEN_FILE: z.string().min(1).optional(),
};

export interface RegistrySettings {
  /** Undefined: no registry is connected. */
  readonly registry: { readonly url: string; readonly tokenFile: string } | undefined;
}

export function readRegistrySettings(raw: z.infer<z.ZodObject<typeof REGISTRY_SETTINGS_SHAPE>>): RegistrySettings {
  const { ZHENGKU_REGISTRY_URL: url, ZHENGKU_REGISTRY_TOKEN_FILE: tokenFile } = raw;
  return { registry: url && tokenFile ? { url: url.replace(/\/$/, ''), tokenFile } : undefined };
}

/** Names of the settings that do not go together. Numbers of persons travel: in clear text on this machine only, and only in
 *  demo. */
export function findRegistryConflicts(
  given: Readonly<Record<string, string | undefined>>,
  isLoopback: (url: string) => boolean,
): string[] {
  const { ZHENGKU_REGISTRY_URL: url, ZHENGKU_REGISTRY_TOKEN_FILE: tokenFile, ZHENGKU_MODE: mode } = given;
  const conflicts: string[] = [];
  if (url?.startsWith('http:') && !(mode === 'demo' && isLoopback(url))) conflicts.push('ZHENGKU_REGISTRY_URL');
  if (tokenFile && !url) conflicts.push('ZHENGKU_REGISTRY_URL');
  if ((url || tokenFile) && !holdsToken(tokenFile ?? '')) conflicts.push('ZHENGKU_REGISTRY_TOKEN_FILE');
  return conflicts;
}

function holdsToken(file: string): boolean {
  try {
    return /^[\x21-\x7e]+$/.test(readToken(file));
  } catch {
    return false;
  }
}

/** The port of the house, where registries are connected. */
export function registryOf(
  { registry }: RegistrySettings,
  given: Pick<House, 'clock' | 'random'>,
): Pick<House, 'compareWithRegistry'> {
  if (!registry) return {};
  const { url, tokenFile } = registry;
  return { compareWithRegistry: connectRegistry({ ...given, url, token: readToken(tokenFile) }).compare };
}
