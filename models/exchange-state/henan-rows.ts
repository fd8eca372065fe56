/** Rows of what was laid down in the province's front-end tables. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface HenanSubjectColumns {
  /** Ten digits of the licence file number (证照文件编号); numbered by the database, kept for ever. */
  serial: number;
  /** licence:<identifier> or catalogue:<code> */
  subject: string;
  /** Key of the row there; encrypted, because it holds the holder's number. */
  fileNumberCipher: string | null;
  /** The last four digits: counts the files of a licence. */
  fileVersion: number;
  /** SM3 of the file that lies there. */
  fileDigest: string | null;
  /** What was written last. */
  sequence: number;
  digest: string | null;
  writtenAt: Date | null;
  /** Digest of the last refusal that was seen, so that it is taken once. */
  refusal: string | null;
}

export function defineHenanRows(sequelize: Sequelize) {
  return {
    henanSubjects: defineTable<HenanSubjectColumns>(sequelize, 'henan_subjects', {
      serial: 'sequence',
      subject: 'text',
      fileNumberCipher: 'longText',
      fileVersion: 'integer',
      fileDigest: 'text',
      sequence: 'integer',
      digest: 'text',
      writtenAt: 'instant',
      refusal: 'text',
    }),
  };
}
