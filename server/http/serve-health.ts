/** Alive, ready, and a few numbers for the operator's monitor. */
import type { Express } from 'express';
import type { House } from '../../models/house.ts';
import { type AskQueue, writeMetrics } from './write-metrics.ts';

export function serveHealth(app: Express, house: House, askQueue: AskQueue | undefined): void {
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    try {
      await house.db.sequelize.query('SELECT 1');
      response.json({ status: 'ready' });
    } catch (error) {
      house.log.error({ error }, 'not ready');
      response.status(503).json({ status: 'not ready' });
    }
  });
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await writeMetrics(house, askQueue));
  });
}
