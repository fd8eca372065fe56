/** The hosted fill page for a signed-in clerk: the form of a catalogue entry; faults stand beside their fields. */
import express, { type Express, type Request, type RequestHandler } from 'express';
import { findSession } from '../../models/account/index.ts';
import { changeDraft, listDrafts, openDraft, saveDraft } from '../../models/draft/index.ts';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { hasControlCharacter } from '../../models/kernel/plain-text.ts';
import { checkCsrf, identify, readCookie, SESSION_COOKIE } from '../http/authenticate.ts';
import { logFault } from '../http/log-fault.ts';
import { answerForm, type FaultyAnswer, type FormDesk, renderForm } from './answer-form.ts';
import { toValues } from './fill-values.ts';
import { readForm } from './read-form.ts';
import { renderPage } from './render.ts';

export const FORM_BYTES = '12mb';
/** The newest of one's own. */
const DRAFTS_SHOWN = 20;
export const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'];

export function serveFillPage(app: Express, house: House, limited: RequestHandler): void {
  const raw = express.raw({ type: FORM_TYPES, limit: FORM_BYTES });
  app.get('/fill/:code', limited, async (request, response) => {
    const session = await findSession(house, readCookie(request, SESSION_COOKIE) ?? '');
    if (!session) {
      const { draft } = request.query;
      const asked = typeof draft === 'string' ? `?draft=${draft}` : '';
      response.redirect(303, `/login?next=${encodeURIComponent(request.path + asked)}`);
      return;
    }
    const { caller } = await identify(house, request);
    const code = codeOf(request);
    const { draft } = request.query;
    const opened = typeof draft === 'string' ? await openDraft(house, caller, draft) : undefined;
    if (opened && opened.catalogueCode !== code) throw new Fault('NOT_FOUND');
    const drafts = opened ? [] : (await listDrafts(house, caller, { catalogueCode: code, limit: DRAFTS_SHOWN })).items;
    const csrf = session.session.csrfToken;
    const desk = deskOf(house, { caller, code, csrf, draftId: opened?.draftId ?? null, drafts });
    const values = opened ? toValues(opened.submission) : {};
    const versionChange = opened?.versionChange ?? null;
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/html').send(await renderForm(house, desk, { values, versionChange }));
  });
  app.post('/fill/:code', limited, raw, async (request, response) => {
    const visitor = await identify(house, request);
    const { caller } = visitor;
    try {
      const form = readForm(request.get('Content-Type') ?? '', bodyOf(request));
      request.body = { _csrf: form.values._csrf };
      checkCsrf(request, visitor);
      const draftId = form.values.draftId || null;
      const desk = deskOf(house, { caller, code: codeOf(request), csrf: form.values._csrf ?? '', draftId, drafts: [] });
      const { status, body, fault }: FaultyAnswer = await answerForm(house, desk, form);
      if (fault) await logFault(house, caller, request, fault);
      response.status(status).setHeader('Cache-Control', 'no-store');
      response.type('text/html').send(body);
    } catch (error) {
      await logFault(house, caller, request, error);
      throw error;
    }
  });
}

export const bodyOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

function deskOf(house: House, own: Pick<FormDesk, 'caller' | 'code' | 'csrf' | 'draftId' | 'drafts'>): FormDesk {
  const { caller, code: catalogueCode, draftId: known } = own;
  return {
    ...own,
    ...{ canCancel: false, fixed: {}, callerId: `${caller.type}:${caller.id}` },
    async putAside(submission) {
      const { draftId } = known
        ? await changeDraft(house, caller, known, submission)
        : await saveDraft(house, caller, { catalogueCode, submission });
      return draftId;
    },
    toAnswer({ licenceId, licenceNumber }) {
      const text = `证照 ${licenceNumber} 已提交，等待审核。编号 ${licenceId}`;
      return { status: 201, body: renderPage('message', { title: '已提交', text }) };
    },
  };
}

function codeOf(request: Request): string {
  const code = request.params.code;
  if (typeof code !== 'string' || hasControlCharacter(code)) throw new Fault('NOT_FOUND');
  return code;
}
