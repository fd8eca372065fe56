/** Rows of departments and bodies and of those responsible in them (M-28). */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';

export interface OrganisationColumns {
  /** Unified social credit code. */
  code: string;
  name: string;
  level: 'national' | 'province' | 'city' | 'county';
  isIssuer: boolean;
  isConsumer: boolean;
  /** The body inside it that answers for licence work. */
  responsibleBody: string | null;
  state: 'registered' | 'active' | 'suspended';
  createdAt: Date;
}

export interface PersonColumns {
  id: string;
  organisationCode: string;
  name: string;
  duty: string;
  phoneCipher: string | null;
}

export function defineOrganisationRows(sequelize: Sequelize) {
  return {
    organisations: defineTable<OrganisationColumns>(sequelize, 'organisations', {
      code: 'key',
      name: 'text',
      level: 'text',
      isIssuer: 'boolean',
      isConsumer: 'boolean',
      responsibleBody: 'text',
      state: 'text',
      createdAt: 'instant',
    }),
    persons: defineTable<PersonColumns>(sequelize, 'organisation_persons', {
      id: 'key',
      organisationCode: 'text',
      name: 'text',
      duty: 'text',
      phoneCipher: 'longText',
    }),
  };
}
