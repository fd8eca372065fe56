/** Rows of archive batches (归档批次), their volumes, and what was archived (R-48, M-19). */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

/** `issued`: by the body that issued them; `used`: by a body that was handed copies of them. */
export type ArchivePurpose = 'issued' | 'used';
export const ARCHIVE_STATES = ['making', 'made', 'failed'] as const;
export type ArchiveState = (typeof ARCHIVE_STATES)[number];

/** What a batch takes; days are inclusive, of issue or of handing out. */
export interface ArchiveCriteria {
  readonly from?: string;
  readonly to?: string;
  readonly catalogueCode?: string;
  readonly caseNumber?: string;
  readonly matterCode?: string;
}

export interface ArchiveColumns {
  id: string;
  /** 批次号. */
  number: string;
  purpose: ArchivePurpose;
  organisationCode: string;
  criteria: ArchiveCriteria;
  state: ArchiveState;
  /** The last licence or file that a volume was filled from; the next one goes on behind it. */
  lastSeen: string | null;
  items: number;
  volumes: number;
  /** Why it could not be made; of one that was made, what it left out and why, a line each. */
  fault: string | null;
  createdAt: Date;
  createdBy: string;
  endedAt: Date | null;
}

export interface ArchiveVolumeColumns {
  id: string;
  archiveId: string;
  /** From 1. */
  position: number;
  /** 载体编号. */
  number: string;
  /** SM3 of the ZIP, its name in the file store. */
  digest: string;
  sizeBytes: number;
  /** SM3 of the manifest: the same for the same content, however often it is made. */
  contentSm3: string;
  items: number;
  createdAt: Date;
}

/** Once for each file version and purpose. */
export interface ArchiveItemColumns {
  id: string;
  purpose: ArchivePurpose;
  /** `licence:version`, or the copy's or print's id. */
  subject: string;
  licenceId: string;
  archiveId: string;
  volumeId: string;
  /** 档号. */
  number: string;
  createdAt: Date;
}

export function defineArchiveRows(sequelize: Sequelize) {
  return {
    archives: defineTable<ArchiveColumns>(sequelize, 'archives', {
      id: 'key',
      number: 'text',
      purpose: 'text',
      organisationCode: 'text',
      criteria: 'json',
      state: 'text',
      lastSeen: 'text',
      items: 'integer',
      volumes: 'integer',
      fault: 'longText',
      createdAt: 'instant',
      createdBy: 'text',
      endedAt: 'instant',
    }),
    archiveVolumes: defineTable<ArchiveVolumeColumns>(sequelize, 'archive_volumes', {
      id: 'key',
      archiveId: 'text',
      position: 'integer',
      number: 'text',
      digest: 'text',
      sizeBytes: 'integer',
      contentSm3: 'text',
      items: 'integer',
      createdAt: 'instant',
    }),
    archiveItems: defineTable<ArchiveItemColumns>(sequelize, 'archive_items', {
      id: 'key',
      purpose: 'text',
      subject: 'text',
      licenceId: 'text',
      archiveId: 'text',
      volumeId: 'text',
      number: 'text',
      createdAt: 'instant',
    }),
  };
}
