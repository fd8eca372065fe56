/** Every call of the API, one file a subject. */
import type { Route } from '../http/route.ts';
import { accountRoutes } from './accounts.ts';
import { analysisRoutes } from './analyses.ts';
import { archiveRoutes } from './archives.ts';
import { auditRoutes } from './audit.ts';
import { calendarRoutes } from './calendar.ts';
import { catalogueRoutes } from './catalogue.ts';
import { changeRoutes } from './changes.ts';
import { commitmentRoutes } from './commitments.ts';
import { deadlineRoutes } from './deadlines.ts';
import { draftRoutes } from './drafts.ts';
import { exchangeRoutes } from './exchange.ts';
import { fillRoutes } from './fill.ts';
import { holderRoutes } from './holder.ts';
import { importRoutes } from './imports.ts';
import { inspectionRoutes } from './inspections.ts';
import { keyRoutes } from './keys.ts';
import { licenceRoutes } from './licences.ts';
import { noticeRoutes } from './notices.ts';
import { objectionRoutes } from './objections.ts';
import { organisationRoutes } from './organisations.ts';
import { paperRoutes } from './paper.ts';
import { refusalRoutes } from './refusals.ts';
import { sealRoutes } from './seals.ts';
import { sessionRoutes } from './sessions.ts';
import { sharingRoutes } from './sharing.ts';
import { sheetRoutes } from './sheets.ts';
import { statementRoutes } from './statements.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { supervisionRoutes } from './supervision.ts';
import { verificationRoutes } from './verifications.ts';

export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  // Before the accounts: `users/sheet` is no account's id.
  ...sheetRoutes,
  ...accountRoutes,
  ...organisationRoutes,
  ...catalogueRoutes,
  ...sealRoutes,
  ...keyRoutes,
  ...licenceRoutes,
  ...draftRoutes,
  ...fillRoutes,
  ...importRoutes,
  ...inspectionRoutes,
  ...commitmentRoutes,
  ...deadlineRoutes,
  ...calendarRoutes,
  ...noticeRoutes,
  ...sharingRoutes,
  ...archiveRoutes,
  ...analysisRoutes,
  ...holderRoutes,
  ...objectionRoutes,
  ...verificationRoutes,
  ...exchangeRoutes,
  ...refusalRoutes,
  ...statementRoutes,
  ...changeRoutes,
  ...subscriptionRoutes,
  ...paperRoutes,
  ...supervisionRoutes,
  ...auditRoutes,
];
