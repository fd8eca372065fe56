/** Rows of the catalogue (R-10…R-12): one row a version; a licence keeps the version it was issued under. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { CatalogueDefinition } from './definition.ts';

export interface CatalogueColumns {
  id: string;
  /** Type code: the defining body's 18 characters and 3 digits (GB/T 36904). */
  code: string;
  version: number;
  name: string;
  issuingBody: string;
  definition: CatalogueDefinition;
  /** Base images by name → blob digest. */
  baseImages: Readonly<Record<string, string>>;
  state: 'in-force' | 'superseded' | 'retired';
  inForceFrom: string;
  inForceTo: string | null;
  createdAt: Date;
  createdBy: string;
}

export function defineCatalogueRows(sequelize: Sequelize) {
  return {
    catalogueEntries: defineTable<CatalogueColumns>(sequelize, 'catalogue_entries', {
      id: 'key',
      code: 'text',
      version: 'integer',
      name: 'text',
      issuingBody: 'text',
      definition: 'json',
      baseImages: 'json',
      state: 'text',
      inForceFrom: 'date',
      inForceTo: 'date',
      createdAt: 'instant',
      createdBy: 'text',
    }),
  };
}
