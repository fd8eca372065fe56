/** The public verification page: anybody hands in a file, without an account, and sees what it is worth. Nothing is kept.
 *  Works without script; with one, a dropped file is sent at once and the report is printed by a button. */
import express, { type Express, type Request, type RequestHandler } from 'express';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { verifyUploaded } from '../../models/verification/index.ts';
import { REPORT_STYLE, reportFragment } from '../../signing/index.ts';
import { anonymous } from '../http/authenticate.ts';
import { logFault } from '../http/log-fault.ts';
import { type ChosenFile, readForm } from './read-form.ts';
import { renderPage } from './render.ts';

const VERIFY_FILE_BYTES = 50 * 1024 * 1024;
const FORM_BYTES = VERIFY_FILE_BYTES + 4096;

/** Uploads read at the same time: together they may not fill the memory. */
const MOST_AT_ONCE = 8;

export function serveVerifyPage(app: Express, house: House, limited: RequestHandler): void {
  const most = VERIFY_FILE_BYTES / (1024 * 1024);
  app.get('/verify', limited, (_request, response) => {
    response.type('text/html').send(renderPage('verify', { most, report: undefined, style: REPORT_STYLE }));
  });
  const body = express.raw({ type: 'multipart/form-data', limit: FORM_BYTES });
  app.post('/verify', limited, limitUploads(), body, async (request, response) => {
    const caller = anonymous(request);
    try {
      const { name, bytes } = readFile(request);
      const report = await verifyUploaded(house, caller, bytes);
      response.setHeader('Cache-Control', 'no-store');
      const shown = reportFragment(name === '' ? report : { ...report, file: name });
      response.type('text/html').send(renderPage('verify', { most, report: shown, style: REPORT_STYLE }));
    } catch (error) {
      await logFault(house, caller, request, error);
      throw error;
    }
  });
}

/** Exactly one file, and nothing else but the file. */
function readFile(request: Request): ChosenFile {
  if (!Buffer.isBuffer(request.body)) throw new Fault('MEDIA_TYPE_UNSUPPORTED', { detail: 'multipart/form-data' });
  const { values, files } = readForm(request.get('Content-Type') ?? '', request.body);
  const { file, ...others } = files;
  if (!file || Object.keys({ ...values, ...others }).length > 0)
    throw new Fault('REQUEST_MALFORMED', { detail: 'multipart/form-data' });
  if (file.bytes.length > VERIFY_FILE_BYTES) throw new Fault('REQUEST_TOO_LARGE');
  return file;
}

function limitUploads(): RequestHandler {
  let underWay = 0;
  return (_request, response, next) => {
    if (underWay >= MOST_AT_ONCE) throw new Fault('VERIFIER_BUSY');
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    next();
  };
}
