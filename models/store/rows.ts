/** The rows of every area, bound to one connection. */
import type { Sequelize } from 'sequelize';
import { defineAccountRows } from '../account/rows.ts';
import { defineAnalysisRows } from '../analysis/rows.ts';
import { defineArchiveRows } from '../archive/rows.ts';
import { defineAuditRows } from '../audit/rows.ts';
import { defineCalendarRows } from '../calendar/rows.ts';
import { defineCatalogueRows } from '../catalogue/rows.ts';
import { defineCommitmentRows } from '../commitment/rows.ts';
import { defineDeadlineRows } from '../deadline/rows.ts';
import { defineDraftRows } from '../draft/rows.ts';
import { defineHenanRows } from '../exchange-state/henan-rows.ts';
import { defineProvinceRows } from '../exchange-state/province-rows.ts';
import { defineExchangeRows } from '../exchange-state/rows.ts';
import { defineTreeRows } from '../exchange-state/tree-rows.ts';
import { defineFillRows } from '../fill/rows.ts';
import { defineHolderRows } from '../holder/rows.ts';
import { defineImportRows } from '../import/rows.ts';
import { defineInspectionRows } from '../inspection/rows.ts';
import { defineLicenceRows } from '../licence/rows.ts';
import { defineNoticeRows } from '../notice/rows.ts';
import { defineObjectionRows } from '../objection/rows.ts';
import { defineOrganisationRows } from '../organisation/rows.ts';
import { definePaperRows } from '../paper/rows.ts';
import { definePrintRows } from '../print/rows.ts';
import { definePublicationRows } from '../publication/rows.ts';
import { defineRegistryRows } from '../registry/rows.ts';
import { defineRevocationRows } from '../revocation/rows.ts';
import { defineSealRows } from '../seal/rows.ts';
import { defineSharingRows } from '../sharing/rows.ts';
import { defineSubscriptionRows } from '../subscription/rows.ts';
import { defineSupervisionRows } from '../supervision/rows.ts';
import { defineIdempotencyRows } from './idempotency/rows.ts';
import { defineOutboxRows } from './outbox/rows.ts';
import { defineQueueRows } from './queue/rows.ts';

export function defineRows(sequelize: Sequelize) {
  return {
    ...defineAccountRows(sequelize),
    ...defineArchiveRows(sequelize),
    ...defineAnalysisRows(sequelize),
    ...defineAuditRows(sequelize),
    ...defineCalendarRows(sequelize),
    ...defineCatalogueRows(sequelize),
    ...defineCommitmentRows(sequelize),
    ...defineDeadlineRows(sequelize),
    ...defineDraftRows(sequelize),
    ...defineFillRows(sequelize),
    ...defineExchangeRows(sequelize),
    ...defineProvinceRows(sequelize),
    ...defineHenanRows(sequelize),
    ...defineHolderRows(sequelize),
    ...defineImportRows(sequelize),
    ...defineInspectionRows(sequelize),
    ...defineLicenceRows(sequelize),
    ...defineNoticeRows(sequelize),
    ...defineObjectionRows(sequelize),
    ...defineOrganisationRows(sequelize),
    ...definePrintRows(sequelize),
    ...definePublicationRows(sequelize),
    ...defineRegistryRows(sequelize),
    ...defineRevocationRows(sequelize),
    ...defineSealRows(sequelize),
    ...defineSharingRows(sequelize),
    ...defineSubscriptionRows(sequelize),
    ...definePaperRows(sequelize),
    ...defineSupervisionRows(sequelize),
    ...defineTreeRows(sequelize),
    ...defineIdempotencyRows(sequelize),
    ...defineOutboxRows(sequelize),
    ...defineQueueRows(sequelize),
  };
}

export type Rows = ReturnType<typeof defineRows>;
