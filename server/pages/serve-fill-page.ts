/** The hosted fill page: the form of a catalogue entry, for a signed-in clerk; faults stand beside their fields. Each
 *  form has an id, under which it is answered once: a second click makes no second licence. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { findSession } from '../../models/account/index.ts';
import { findCurrentEntry } from '../../models/catalogue/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { describeFault, Fault } from '../../models/kernel/fault.ts';
import { hasControlCharacter } from '../../models/kernel/plain-text.ts';
import { submitLicence } from '../../models/licence/index.ts';
import { answerOnce, type StoredAnswer } from '../../models/store/index.ts';
import { checkCsrf, identify, readCookie, SESSION_COOKIE } from '../http/authenticate.ts';
import { logFault } from '../http/log-fault.ts';
import { isNumbered } from './form-schema.ts';
import { renderPage } from './render.ts';

const FORM_BYTES = '8mb';

export function serveFillPage(app: Express, house: House, limited: RequestHandler): void {
  const form = express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: 500 });
  app.get('/fill/:code', limited, async (request, response) => {
    const session = await findSession(house, readCookie(request, SESSION_COOKIE) ?? '');
    if (!session) {
      response.redirect(303, `/login?next=${request.path}`);
      return;
    }
    response.type('text/html').send(await renderForm(house, request, session.session.csrfToken, {}, []));
  });
  app.post('/fill/:code', limited, form, async (request, response) => {
    const visitor = await identify(house, request);
    const { caller } = visitor;
    const values = (request.body ?? {}) as Record<string, string>;
    try {
      checkCsrf(request, visitor);
      const { status, body } = await submitOnce(house, caller, codeOf(request), values);
      response.status(status).type('text/html').send(body);
    } catch (error) {
      await logFault(house, caller, request, error);
      if (!(error instanceof Fault) || error.errors.length === 0) throw error;
      response.status(400).type('text/html');
      response.send(await renderForm(house, request, values._csrf ?? '', values, error.errors));
    }
  });
}

const WAITS = 50;
const WAIT_MS = 100;

/** The same page for the same form, however often it is sent. While the first is being stored, the second waits for it. */
async function submitOnce(
  house: House,
  caller: Caller,
  code: string,
  values: Readonly<Record<string, string>>,
): Promise<StoredAnswer> {
  const { formId = '', _csrf, ...filled } = values;
  if (!/^[0-9a-f-]{36}$/.test(formId)) throw new Fault('REQUEST_INVALID', { detail: 'formId' });
  const requestDigest = sm3Hex(`fill ${code}\n`, JSON.stringify(filled));
  const known = { callerId: `${caller.type}:${caller.id}`, key: `form:${formId}`, requestDigest };
  const submit = () =>
    answerOnce(house, known, async (keep) => {
      const submission = toSubmission(code, filled);
      return toAnswer(
        await submitLicence(house, caller, submission, { source: 'form' }, (tx, result) => keep(tx, toAnswer(result))),
      );
    });
  for (let waited = 0; ; waited += 1) {
    try {
      return (await submit()).answer;
    } catch (error) {
      const underWay = error instanceof Fault && error.code === 'IDEMPOTENCY_IN_PROGRESS';
      if (!underWay || waited === WAITS) throw error;
      await delay(WAIT_MS);
    }
  }
}

function toAnswer({ licenceId, licenceNumber }: { licenceId: string; licenceNumber: string }): StoredAnswer {
  const text = `证照 ${licenceNumber} 已提交，等待审核。编号 ${licenceId}`;
  return { status: 201, body: renderPage('message', { title: '已提交', text }) };
}

function codeOf(request: Request): string {
  const code = request.params.code;
  if (typeof code !== 'string' || hasControlCharacter(code)) throw new Fault('NOT_FOUND');
  return code;
}

async function renderForm(
  house: House,
  request: Request,
  csrf: string,
  values: Readonly<Record<string, string>>,
  faults: Fault['errors'],
): Promise<string> {
  const entry = await findCurrentEntry(house, codeOf(request));
  if (!entry) throw new Fault('NOT_FOUND');
  const { definition } = entry;
  const messages = Object.fromEntries(faults.map((fault) => [fault.pointer, describeFault(fault).zh]));
  const fields = definition.fields
    .filter((field) => field.type !== 'image')
    .map((field) => ({ ...field, required: field.required && !isNumbered(field, definition) }));
  const others = faults.filter(({ pointer }) => !/^\/(fields|holders\/0|validFrom|validTo|caseNumber)/.test(pointer));
  const other = others.map((fault) => `${fault.pointer} ${describeFault(fault).zh}`);
  return renderPage('fill', { entry, definition, fields, values, messages, other, csrf, formId: randomUUID() });
}

/** Form names are `fields.x`, `holder.name` …; empty inputs are absent. */
function toSubmission(catalogueCode: string, values: Readonly<Record<string, string>>): unknown {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith('fields.') && value !== '')
      fields[name.slice('fields.'.length)] = value.replaceAll('\r\n', '\n');
  }
  const optional = (key: string) => (values[key] ? { [key]: values[key] } : {});
  return {
    catalogueCode,
    holders: [
      {
        name: values['holder.name'] ?? '',
        type: values['holder.type'] ?? 'legal',
        number: values['holder.number'] ?? '',
      },
    ],
    fields,
    ...optional('validFrom'),
    ...optional('validTo'),
    ...optional('caseNumber'),
    ...(values.commitment ? { commitment: true } : {}),
  };
}
