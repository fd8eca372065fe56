/** The settings as the environment gives them, read once at start; all faults named together. Their words: setting-words.ts. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { validate as isCronLine } from 'node-cron';
import { z } from 'zod';
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { KEY_SETTINGS_SHAPE, type KeySettings, readKeySettings } from './key-settings.ts';
import { readProvinceKey } from './read-province-key.ts';
import { readRules } from './read-rules.ts';
import {
  findRegistryConflicts,
  REGISTRY_SETTINGS_SHAPE,
  type RegistrySettings,
  readRegistrySettings,
} from './registry-settings.ts';
import { SETTINGS } from './setting-words.ts';

export { SETTINGS };

/** The province's front-end database instead of its HTTP address. */
const TABLES_URL = /^(sqlite:.+|mysql:\/\/.+)$/;

const schema = z.object({
  ZHENGKU_PORT: z.coerce.number().int().min(0).max(65_535).default(8460),
  ZHENGKU_BIND: z.string().min(1).default('127.0.0.1'),
  ZHENGKU_DATA_DIR: z.string().min(1).default('./data'),
  ZHENGKU_DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.+|mysql:\/\/.+)$/)
    .optional(),
  ZHENGKU_REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/.+$/)
    .optional(),
  ZHENGKU_BLOB_URL: z
    .string()
    .regex(/^file:.+$/)
    .optional(),
  ZHENGKU_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  ZHENGKU_FONT_DIR: z.string().min(1).optional(),
  ZHENGKU_MODE: z.enum(['demo', 'production']).default('production'),
  ZHENGKU_MASTER_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === 32)
    .optional(),
  ZHENGKU_TRUST_DIR: z.string().min(1).optional(),
  ZHENGKU_VERIFICATION_RULES: z.string().min(1).default('default'),
  ZHENGKU_PROVINCE_URL: z.union([z.url({ protocol: /^https?$/ }), z.string().regex(TABLES_URL)]).optional(),
  ZHENGKU_PROVINCE_KEY: z.string().min(1).optional(),
  ZHENGKU_PDF_SIGNATURES: z.enum(['rsa', 'rsa+sm2']).default('rsa'),
  ZHENGKU_TSA_SM2_URL: z.url({ protocol: /^https?$/ }).optional(),
  ZHENGKU_TSA_RSA_URL: z.url({ protocol: /^https?$/ }).optional(),
  ...KEY_SETTINGS_SHAPE,
  ...REGISTRY_SETTINGS_SHAPE,
  ZHENGKU_FRONT_END_DIR: z.string().min(1).optional(),
  ZHENGKU_EXCHANGE_CRON: z.string().refine(isCronLine).default('*/2 * * * *'),
  ZHENGKU_BATCH_LEAST_ROWS: z.coerce.number().int().min(1).max(100_000).default(20),
  ZHENGKU_YEARLY_ARCHIVES: z.enum(['on', 'off']).default('off'),
  ZHENGKU_CORRECTION_DAYS: z.coerce.number().int().min(1).max(60).default(5),
  ZHENGKU_SEALING_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  ZHENGKU_RATE_PER_MINUTE: z.coerce.number().int().min(1).max(10_000_000).default(1200),
  ZHENGKU_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface Settings extends KeySettings, RegistrySettings {
  readonly port: number;
  readonly bind: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** undefined: the queue is a table of the database. */
  readonly redisUrl: string | undefined;
  readonly blobDir: string;
  readonly publicUrl: string;
  readonly fontDir: string;
  readonly extraFontDirs: readonly string[];
  readonly mode: 'demo' | 'production';
  /** Base64; undefined in demo until made. */
  readonly masterKey: string | undefined;
  readonly trustDir: string | undefined;
  /** A name or a file. */
  readonly verificationRules: string;
  /** `keyFile` is of a province over HTTP; over tables there is none. */
  readonly province: { readonly url: string; readonly keyFile: string | undefined } | undefined;
  readonly pdfSignatures: 'rsa' | 'rsa+sm2';
  /** Time-stamp authorities, as they stand; undefined: signatures of this algorithm get no time-stamp. */
  readonly timeStampUrls: { readonly sm2: string | undefined; readonly rsa: string | undefined };
  /** undefined: no SQLite file may be registered as a front-end machine over HTTP. */
  readonly frontEndDir: string | undefined;
  readonly exchangeCron: string;
  /** Rows that make a declared batch. */
  readonly leastBatchRows: number;
  /** Whether archive batches of the year that has ended are ordered without being asked for. */
  readonly yearlyArchives: boolean;
  /** Working days for the correction after an objection was upheld. */
  readonly correctionDays: number;
  readonly sealingThreads: number | undefined;
  readonly ratePerMinute: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Throws `SETTINGS_INVALID` naming every faulty setting at once. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries({ ...readDotEnv(), ...environment }).filter(([, value]) => value !== ''),
  );
  const result = schema.safeParse(given);
  const names = new Set(result.error?.issues.map((issue) => String(issue.path[0])) ?? []);
  const raw = result.success ? result.data : undefined;
  for (const name of findConflicts(given)) names.add(name);
  if (!raw || names.size > 0) {
    const errors = [...names].map(
      (name): PointedFault => ({ pointer: `/${name}`, code: 'FIELD_PATTERN', detail: SETTINGS[name]?.unit ?? '' }),
    );
    throw new Fault('SETTINGS_INVALID', { detail: [...names].join(', '), errors });
  }
  const dataDir = path.resolve(raw.ZHENGKU_DATA_DIR);
  const province = raw.ZHENGKU_PROVINCE_URL
    ? { url: raw.ZHENGKU_PROVINCE_URL.replace(/\/$/, ''), keyFile: raw.ZHENGKU_PROVINCE_KEY }
    : undefined;
  return {
    port: raw.ZHENGKU_PORT,
    bind: raw.ZHENGKU_BIND,
    dataDir,
    databaseUrl: raw.ZHENGKU_DATABASE_URL ?? `sqlite:${path.join(dataDir, 'zhengku.db')}`,
    redisUrl: raw.ZHENGKU_REDIS_URL,
    blobDir: raw.ZHENGKU_BLOB_URL
      ? path.resolve(raw.ZHENGKU_BLOB_URL.replace(/^file:(\/\/)?/, ''))
      : path.join(dataDir, 'blobs'),
    publicUrl: (raw.ZHENGKU_PUBLIC_URL ?? `http://127.0.0.1:${raw.ZHENGKU_PORT}`).replace(/\/$/, ''),
    fontDir: findFontDir(),
    extraFontDirs: raw.ZHENGKU_FONT_DIR ? [path.resolve(raw.ZHENGKU_FONT_DIR)] : [],
    mode: raw.ZHENGKU_MODE,
    masterKey: raw.ZHENGKU_MASTER_KEY,
    trustDir: raw.ZHENGKU_TRUST_DIR,
    verificationRules: raw.ZHENGKU_VERIFICATION_RULES,
    province,
    pdfSignatures: raw.ZHENGKU_PDF_SIGNATURES,
    timeStampUrls: { sm2: raw.ZHENGKU_TSA_SM2_URL, rsa: raw.ZHENGKU_TSA_RSA_URL },
    ...readKeySettings(raw),
    ...readRegistrySettings(raw),
    frontEndDir: frontEndDirOf(raw.ZHENGKU_FRONT_END_DIR, raw.ZHENGKU_MODE, dataDir),
    exchangeCron: raw.ZHENGKU_EXCHANGE_CRON,
    leastBatchRows: raw.ZHENGKU_BATCH_LEAST_ROWS,
    yearlyArchives: raw.ZHENGKU_YEARLY_ARCHIVES === 'on',
    correctionDays: raw.ZHENGKU_CORRECTION_DAYS,
    sealingThreads: raw.ZHENGKU_SEALING_THREADS,
    ratePerMinute: raw.ZHENGKU_RATE_PER_MINUTE,
    logLevel: raw.ZHENGKU_LOG_LEVEL,
  };
}

function frontEndDirOf(given: string | undefined, mode: Settings['mode'], dataDir: string): string | undefined {
  if (given) return path.resolve(given);
  return mode === 'demo' ? dataDir : undefined;
}

/** What each setting's own form does not say. A loopback address in QR codes would be sealed for ever. */
function findConflicts(given: Readonly<Record<string, string | undefined>>): string[] {
  const conflicts: string[] = [];
  if (given.ZHENGKU_MODE !== 'demo') {
    if (!given.ZHENGKU_PUBLIC_URL || isLoopback(given.ZHENGKU_PUBLIC_URL)) conflicts.push('ZHENGKU_PUBLIC_URL');
    if (!given.ZHENGKU_MASTER_KEY) conflicts.push('ZHENGKU_MASTER_KEY');
  }
  const { ZHENGKU_PROVINCE_URL: province, ZHENGKU_PROVINCE_KEY: key } = given;
  const needsKey = province ? !TABLES_URL.test(province) : false;
  if ((needsKey || key) && !isPublicKeyFile(key ?? '')) conflicts.push('ZHENGKU_PROVINCE_KEY');
  // Receipts over tables are not signed: a key beside them is a mistake.
  if (key && province && !needsKey) conflicts.push('ZHENGKU_PROVINCE_KEY');
  if (!areRules(given.ZHENGKU_VERIFICATION_RULES ?? 'default')) conflicts.push('ZHENGKU_VERIFICATION_RULES');
  conflicts.push(...findRegistryConflicts(given, isLoopback));
  if (key && !province) conflicts.push('ZHENGKU_PROVINCE_URL');
  for (const name of ['ZHENGKU_FONT_DIR', 'ZHENGKU_TRUST_DIR', 'ZHENGKU_FRONT_END_DIR']) {
    const folder = given[name];
    if (folder && !existsSync(folder)) conflicts.push(name);
  }
  return conflicts;
}

function areRules(nameOrFile: string): boolean {
  try {
    return readRules(nameOrFile).version > 0;
  } catch {
    return false;
  }
}

function isPublicKeyFile(file: string): boolean {
  try {
    return readProvinceKey(file).length > 0;
  } catch {
    return false;
  }
}

/** Names that look like ours and are none: a misspelt setting would be passed over in silence. */
export function findUnknownSettings(environment: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys({ ...readDotEnv(), ...environment });
  return names.filter((name) => name.startsWith('ZHENGKU_') && !Object.hasOwn(SETTINGS, name) && !OF_TOOLS.has(name));
}

/** Read by the program file and by the tests. */
const OF_TOOLS = new Set(['ZHENGKU_FROM_SOURCE', 'ZHENGKU_REQUIRE_SERVICES', 'ZHENGKU_TEST_PICTURES']);

function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(host) || host.endsWith('.localhost');
}

function readDotEnv(): Record<string, string | undefined> {
  return existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
}

/** The fonts lie beside the sources, or beside the built files of an installed package. */
export function findFontDir(): string {
  const candidates = ['../../assets/fonts', '../../../assets/fonts'];
  const folders = candidates.map((relative) => fileURLToPath(new URL(relative, import.meta.url)));
  return folders.find((folder) => existsSync(folder)) ?? folders[0] ?? '';
}
