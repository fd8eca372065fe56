/** The hosted fill page: the form of a catalogue entry, for a signed-in clerk; faults stand beside their fields. */
import { randomUUID } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { findSession } from '../../models/account/index.ts';
import { findCurrentEntry } from '../../models/catalogue/index.ts';
import type { House } from '../../models/house.ts';
import { describeFault, Fault } from '../../models/kernel/fault.ts';
import { submitLicence } from '../../models/licence/index.ts';
import { authenticate, readCookie, SESSION_COOKIE } from '../http/authenticate.ts';
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
    const caller = await authenticate(house, request);
    const values = request.body as Record<string, string>;
    const body = toSubmission(codeOf(request), values);
    try {
      const { licenceId, licenceNumber } = await submitLicence(house, caller, body, { source: 'form' });
      const text = `证照 ${licenceNumber} 已提交，等待审核。编号 ${licenceId}`;
      response
        .status(201)
        .type('text/html')
        .send(renderPage('message', { title: '已提交', text }));
    } catch (error) {
      await logFault(house, caller, request, error);
      if (!(error instanceof Fault) || error.errors.length === 0) throw error;
      response.status(400).type('text/html');
      response.send(await renderForm(house, request, values._csrf ?? '', values, error.errors));
    }
  });
}

function codeOf(request: Request): string {
  const code = request.params.code;
  return typeof code === 'string' ? code : '';
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
