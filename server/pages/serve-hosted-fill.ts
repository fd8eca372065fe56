/** The fill page by a link that an issuer's own system asked for. The address with the token is opened once and leads on to one without;
 *  from then on the browser is known by a cookie. At the end it leads back, only to the address of the link. */
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { openDraft } from '../../models/draft/index.ts';
import {
  endFillLink,
  openFillLink,
  requireOpen,
  returnAddress,
  saveLinkDraft,
  type UsedLink,
  useFillLink,
} from '../../models/fill/index.ts';
import type { House } from '../../models/house.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { withTransaction } from '../../models/store/index.ts';
import { anonymous, readCookie } from '../http/authenticate.ts';
import { logFault } from '../http/log-fault.ts';
import { answerForm, type FaultyAnswer, type FormDesk, renderForm } from './answer-form.ts';
import { toValues } from './fill-values.ts';
import { type ReadForm, readForm } from './read-form.ts';
import { renderPage } from './render.ts';
import { bodyOf, FORM_BYTES, FORM_TYPES } from './serve-fill-page.ts';

const COOKIE = 'zk_fill';
const pathOf = (id: string) => `/fill/hosted/${id}`;

export function serveHostedFill(app: Express, house: House, limited: RequestHandler): void {
  // Whatever only looks whether the address is there does not use it up.
  app.head('/fill/hosted/:link/open/:token', limited, (_request, response) => {
    response.status(405).setHeader('Allow', 'GET').end();
  });
  app.get('/fill/hosted/:link/open/:token', limited, async (request, response) => {
    const [id, token] = [String(request.params.link), String(request.params.token)];
    const opening = { id, token, known: readCookie(request, COOKIE) };
    const { secret, expiresAt } = await logging(house, request, () => openFillLink(house, anonymous(request), opening));
    response.cookie(COOKIE, secret, {
      ...{ httpOnly: true, sameSite: 'lax', secure: house.publicUrl.startsWith('https:'), path: pathOf(id) },
      // A while longer, so that a late click is told what has become of the form.
      maxAge: expiresAt.getTime() - house.clock().getTime() + 3_600_000,
    });
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(303, pathOf(id));
  });
  app.get('/fill/hosted/:link', limited, async (request, response) => {
    const body = await logging(house, request, () => showForm(house, request, response));
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/html').send(body);
  });
  const raw = express.raw({ type: FORM_TYPES, limit: FORM_BYTES });
  app.post('/fill/hosted/:link', limited, raw, async (request, response) => {
    const answer = await logging(house, request, () => takeForm(house, request, response));
    if (answer.fault) await logFault(house, anonymous(request), request, answer.fault);
    response.setHeader('Cache-Control', 'no-store');
    if (answer.status === 303) response.redirect(303, answer.body);
    else response.status(answer.status).type('text/html').send(answer.body);
  });
}

async function logging<T>(house: House, request: Request, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    await logFault(house, anonymous(request), request, error);
    throw error;
  }
}

async function findLink(house: House, request: Request, response: Response) {
  const secret = readCookie(request, COOKIE) ?? '';
  const used = await useFillLink(house, anonymous(request), String(request.params.link), secret);
  if (used.returnHost) allowReturn(response, used.returnHost);
  return { used, csrf: sm3Hex(`fill csrf\n${secret}`) };
}

/** A browser lets a form lead on only where the page's policy says so: back to the one host of this link. */
function allowReturn(response: Response, host: string): void {
  const policy = String(response.getHeader('Content-Security-Policy') ?? '');
  response.setHeader(
    'Content-Security-Policy',
    policy.replace("form-action 'self'", `form-action 'self' https://${host}`),
  );
}

async function showForm(house: House, request: Request, response: Response): Promise<string> {
  const { used, csrf } = await findLink(house, request, response);
  requireOpen(house, used.link);
  const { draftId } = used.link;
  const draft = draftId === null ? undefined : await openDraft(house, used.caller, draftId);
  const values = toValues({ ...(draft?.submission ?? used.content), ...used.stated });
  return renderForm(house, deskOf(house, used, csrf), { values, versionChange: draft?.versionChange ?? null });
}

async function takeForm(house: House, request: Request, response: Response): Promise<FaultyAnswer> {
  const { used, csrf } = await findLink(house, request, response);
  const form = readForm(request.get('Content-Type') ?? '', bodyOf(request));
  if (form.values._csrf !== csrf) throw new Fault('CSRF_REJECTED');
  const { do: button = 'submit' } = form.values;
  if (button === 'cancel') return cancel(house, used);
  // A submission sent twice is answered as it was; what is put aside too late is shown again; nothing else goes on after the end.
  if (button !== 'submit' && button !== 'save-draft') requireOpen(house, used.link);
  return answerForm(house, deskOf(house, used, csrf), withoutDraft(form));
}

/** Which draft it is the link says, not the form. */
function withoutDraft({ values: { draftId: _, ...values }, files }: ReadForm): ReadForm {
  return { values, files };
}

async function cancel(house: House, used: UsedLink): Promise<FaultyAnswer> {
  if (used.link.state !== 'cancelled') await withTransaction(house.db, (tx) => endFillLink(house, tx, used, null));
  return lead(returnAddress(house, used, 'cancelled', null), '已取消', '没有提交任何内容，可以关闭本页。');
}

function lead(address: string | undefined, title: string, text: string): FaultyAnswer {
  if (address !== undefined) return { status: 303, body: address };
  return { status: 200, body: renderPage('message', { title, text }) };
}

function deskOf(house: House, used: UsedLink, csrf: string): FormDesk {
  const { link, caller } = used;
  return {
    ...{ caller, code: link.catalogueCode, csrf, draftId: link.draftId, canCancel: true },
    ...{ callerId: `link:${link.id}`, drafts: [], fixed: used.stated },
    toAnswer({ licenceId, licenceNumber }) {
      const address = returnAddress(house, used, 'submitted', licenceId);
      return lead(address, '已提交', `证照 ${licenceNumber} 已提交，等待审核。编号 ${licenceId}`);
    },
    withSubmission: (tx, licenceId) => endFillLink(house, tx, used, licenceId),
    putAside: (submission) => saveLinkDraft(house, used, submission),
  };
}
