/** What is said of every setting: its unit, its default, when to change it. */
import { KEY_SETTINGS } from './key-settings.ts';
import { REGISTRY_SETTINGS } from './registry-settings.ts';

interface SettingWords {
  readonly unit: string;
  readonly fallback: string;
  readonly change: string;
}

/** The words behind `serve --help`. */
export const SETTINGS: Readonly<Record<string, SettingWords>> = {
  ZHENGKU_PORT: { unit: 'TCP port', fallback: '8460', change: 'another service uses the port' },
  ZHENGKU_BIND: { unit: 'address', fallback: '127.0.0.1', change: 'a proxy on another host forwards to this one' },
  ZHENGKU_DATA_DIR: { unit: 'folder', fallback: './data', change: 'data lie on another disk' },
  ZHENGKU_DATABASE_URL: {
    unit: 'sqlite:… or mysql://…',
    fallback: 'sqlite:<data>/zhengku.db',
    change: 'more than one process, or more than a small body',
  },
  ZHENGKU_BLOB_URL: { unit: 'file:…', fallback: 'file:<data>/blobs', change: 'files lie on another disk' },
  ZHENGKU_PUBLIC_URL: {
    unit: 'URL',
    fallback: 'none; in demo http://127.0.0.1:<port>',
    change: 'always, before the first licence: it is sealed into QR codes for ever',
  },
  ZHENGKU_FONT_DIR: {
    unit: 'folder',
    fallback: 'none',
    change: 'names need characters that the fonts brought along lack',
  },
  ZHENGKU_MODE: {
    unit: 'demo or production',
    fallback: 'production',
    change: 'to try it out (faces are marked 样例, seals 测试专用)',
  },
  ZHENGKU_MASTER_KEY: {
    unit: '32 bytes in base64',
    fallback: 'in demo made and kept in <data>/master.key',
    change: 'always, in production; losing it loses every key and personal number',
  },
  ZHENGKU_TRUST_DIR: {
    unit: 'folder of PEM or DER certificates',
    fallback: 'none',
    change: 'departments send files that were sealed elsewhere',
  },
  ZHENGKU_VERIFICATION_RULES: {
    unit: 'default, strict or archive, or a JSON file of rules',
    fallback: 'default',
    change: 'the house demands more of files than the verifiers do by themselves (docs/verification.md)',
  },
  ZHENGKU_PROVINCE_URL: {
    unit: 'http(s) URL; or mysql://… or sqlite:FILE of the province’s front-end tables (docs/henan.md)',
    fallback: 'none: nothing is sent on',
    change: 'the provincial library is connected',
  },
  ZHENGKU_PROVINCE_KEY: {
    unit: 'file with a PEM public key (SM2)',
    fallback: 'none',
    change: 'with an http(s) ZHENGKU_PROVINCE_URL: its receipts are verified with it',
  },
  ZHENGKU_PDF_SIGNATURES: {
    unit: 'rsa or rsa+sm2',
    fallback: 'rsa: one signature that every reader knows',
    change: 'receivers check SM2 in PDF too; readers that know no SM2 show the second signature as unknown',
  },
  ZHENGKU_TSA_SM2_URL: {
    unit: 'URL of a time-stamp authority (RFC 3161) that signs with SM2',
    fallback: 'none: SM2 signatures carry no time-stamp',
    change: 'signatures have to outlive their certificates',
  },
  ZHENGKU_TSA_RSA_URL: {
    unit: 'URL of a time-stamp authority (RFC 3161) that signs with RSA',
    fallback: 'none: RSA signatures carry no time-stamp',
    change: 'signatures have to outlive their certificates',
  },
  ...KEY_SETTINGS,
  ...REGISTRY_SETTINGS,
  ZHENGKU_FRONT_END_DIR: {
    unit: 'folder',
    fallback: 'none: only MySQL machines over HTTP; in demo <data>',
    change: 'departments’ SQLite files are registered over HTTP: they must lie below it',
  },
  ZHENGKU_REDIS_URL: {
    unit: 'redis://… or rediss://…',
    fallback: 'none: the queue is a table of the database',
    change: 'several workers share the work (docs/operations.md); the same for every process of the house',
  },
  ZHENGKU_EXCHANGE_CRON: {
    unit: 'cron expression, Asia/Shanghai',
    fallback: '*/2 * * * *',
    change: 'never in service: the specification says every 2 minutes',
  },
  ZHENGKU_YEARLY_ARCHIVES: {
    unit: 'on or off',
    fallback: 'off',
    change: 'archive batches of the year that has ended are to be ordered every January for each issuing body',
  },
  ZHENGKU_BATCH_LEAST_ROWS: {
    unit: 'rows of a sheet',
    fallback: '20',
    change: 'the bureau sets another size for large one-off batches, which have 3 working days',
  },
  ZHENGKU_CORRECTION_DAYS: {
    unit: 'working days',
    fallback: '5',
    change: 'the bureau sets another time for the correction after an objection was upheld; the law sets none',
  },
  ZHENGKU_SEALING_THREADS: {
    unit: 'threads',
    fallback: 'one less than the cores, at least 1',
    change: 'other work shares the machine',
  },
  ZHENGKU_RATE_PER_MINUTE: {
    unit: 'requests a caller (before it is known: an address) a minute; sign-in at most 60 an address',
    fallback: '1200',
    change: 'one system calls for a whole province',
  },
  ZHENGKU_LOG_LEVEL: { unit: 'debug, info, warn, error or silent', fallback: 'info', change: 'to look closer' },
};
