/** The code lists of Henan's front-end tables and ours, both ways and closed (tables of the provincial front-end database as seen
 *  in 2018; how sure each list is: docs/henan.md). What has no image on the other side gives undefined; the caller names it. */
import type { CatalogueDefinition } from '../../models/catalogue/index.ts';
import { CATEGORIES } from '../../models/catalogue/index.ts';
import type { LicenceStatus } from '../../models/licence/index.ts';

/** hn_license_sync.state */
export const LICENCE_STATES = { 11: '有效', '-10': '暂时失效', '-4': '已过期', '-5': '已作废' } as const;
export type HenanLicenceState = 11 | -10 | -4 | -5;

/** hn_catalog_sync.state and hn_catalog_release.state */
export const CATALOGUE_STATES = { inForce: 11, retired: -2 } as const;

/** sync_state of every table: whoever takes a row sets 1; whoever writes it, 0. */
export const SYNC_STATES = { waiting: 0, moved: 1 } as const;

/** Every status of ours has an image; several have the same. */
const STATE_OF_STATUS: Readonly<Record<LicenceStatus, HenanLicenceState>> = {
  valid: 11,
  'not-yet-effective': -10,
  suspended: -10,
  expired: -4,
  cancelled: -5,
  revoked: -5,
  annulled: -5,
  voided: -5,
  repealed: -5,
  superseded: -5,
};

/** What a state says of itself: each word has one of ours that means just that (已作废 is 作废, not 注销 or 吊销). */
const STATUS_OF_STATE: Readonly<Record<HenanLicenceState, LicenceStatus>> = {
  11: 'valid',
  [-10]: 'suspended',
  [-4]: 'expired',
  [-5]: 'voided',
};

export function toLicenceState(status: LicenceStatus): HenanLicenceState {
  return STATE_OF_STATUS[status];
}

export function readLicenceState(value: unknown): HenanLicenceState | undefined {
  return ([11, -10, -4, -5] as const).find((state) => state === readCode(value));
}

export function readStatus(state: HenanLicenceState): LicenceStatus {
  return STATUS_OF_STATE[state];
}

export function toCatalogueState(state: 'in-force' | 'superseded' | 'retired'): 11 | -2 {
  return state === 'retired' ? CATALOGUE_STATES.retired : CATALOGUE_STATES.inForce;
}

export function readCatalogueState(value: unknown): 'in-force' | 'retired' | undefined {
  const code = readCode(value);
  if (code === CATALOGUE_STATES.inForce) return 'in-force';
  return code === CATALOGUE_STATES.retired ? 'retired' : undefined;
}

type FileKind = CatalogueDefinition['fileKind'];

/** category: 0 批文, 1 证照. */
export function toCategory(kind: FileKind): 0 | 1 {
  return kind === 'licence' ? 1 : 0;
}

export function readCategory(value: unknown): FileKind | undefined {
  const code = readCode(value);
  if (code === 1) return 'licence';
  return code === 0 ? 'approval-document' : undefined;
}

type HolderKind = CatalogueDefinition['holderType'];
const WHOSE: readonly HolderKind[] = ['natural', 'legal', 'both'];

/** whose: 0 自然人, 1 法人, 2 自然人或法人. */
export function toWhose(kind: HolderKind): number {
  return WHOSE.indexOf(kind);
}

export function readWhose(value: unknown): HolderKind | undefined {
  const code = readCode(value);
  return code === undefined ? undefined : WHOSE[code];
}

type Category = CatalogueDefinition['category'];

/** license_type of an entry: 证件, 执照, 批文, 鉴定报告, 证明材料. */
export function toLicenceType(category: Category): string {
  return CATEGORIES[category];
}

export function readLicenceType(text: string): Category | undefined {
  const names = Object.entries(CATEGORIES) as [Category, string][];
  return names.find(([, name]) => name === text)?.[0];
}

/** file_type */
export function toFileType(format: 'ofd' | 'pdf'): 'OFD' | 'PDF' {
  return format === 'ofd' ? 'OFD' : 'PDF';
}

export function readFileType(text: string): 'ofd' | 'pdf' | undefined {
  if (text === 'OFD') return 'ofd';
  return text === 'PDF' ? 'pdf' : undefined;
}

/** A whole number, however the column keeps it; undefined for anything else. */
function readCode(value: unknown): number | undefined {
  const text = value === null || value === undefined ? '' : String(value).trim();
  return /^-?\d{1,4}$/.test(text) ? Number(text) : undefined;
}
