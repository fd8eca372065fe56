/** The library's HTTP: batches, files and pages for the city, everything readable for people who explore. */
import express, { type Express, type Response } from 'express';
import type { Clock } from '../../../models/kernel/clock.ts';
import type { SigningKey } from '../../../signing/index.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { addFaults, type Faults } from './faults.ts';
import type { Library } from './library.ts';
import { addPageRoutes } from './page-routes.ts';
import { showStart } from './show-start.ts';
import { addTreeRoutes } from './tree-routes.ts';

export interface ProvinceAppOptions {
  readonly library: Library;
  readonly key: SigningKey;
  /** SPKI or point of the city's repository key. */
  readonly cityKey: Uint8Array;
  /** The failed checks of a held file; none: genuine. */
  readonly verify: (sm3: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  /** What it does wrong on purpose. */
  readonly faults: () => Faults;
  readonly setFaults: ((faults: Faults) => void) | undefined;
}

export function makeProvinceApp(options: ProvinceAppOptions): Express {
  const { library } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.get('/', (_request, response) => {
    response.type('html').send(showStart(library));
  });
  app.get('/licences/:identifier', (request, response) =>
    showSubject(library, `licence:${request.params.identifier}`, response),
  );
  app.get('/catalogue/:code', (request, response) =>
    showSubject(library, `catalogue:${request.params.code}`, response),
  );
  app.get('/licences/:identifier/:name', (request, response) => {
    const files = library.files(`licence:${request.params.identifier}`);
    const file = files.find(({ name }) => name === request.params.name);
    if (!file) response.status(404).json({ code: 'NOT_FOUND' });
    else
      response.type(file.name.endsWith('.pdf') ? 'application/pdf' : 'application/ofd').send(Buffer.from(file.bytes));
  });
  addFaults(app, options.faults, options.setFaults);
  addBatchRoutes(app, options);
  addPageRoutes(app, options);
  addTreeRoutes(app, options);
  return app;
}

function showSubject(library: Library, subject: string, response: Response): void {
  const held = library.find(subject);
  if (!held) {
    response.status(404).json({ code: 'NOT_FOUND' });
    return;
  }
  const files = library.files(subject).map(({ name, sm3, bytes }) => ({ name, sm3, sizeBytes: bytes.length }));
  const { sequence, digest, receivedAt } = held;
  response.json({ subject, sequence, digest, receivedAt, record: JSON.parse(held.record) as unknown, files });
}
