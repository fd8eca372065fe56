/** Alive, ready, and a few numbers for the operator's monitor. */
import type { Express } from 'express';
import type { House } from '../../models/house.ts';

export function serveHealth(app: Express, house: House): void {
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
    response.type('text/plain; version=0.0.4').send(await writeMetrics(house));
  });
}

async function writeMetrics(house: House): Promise<string> {
  const { licences, outbox, intents, auditHead } = house.db.rows;
  const figures: readonly (readonly [name: string, help: string, value: number])[] = [
    ['zhengku_licences_issued', 'Licences issued', await licences.count({ where: { state: 'issued' } })],
    ['zhengku_outbox_waiting', 'Messages waiting to leave', await outbox.count({ where: { state: 'waiting' } })],
    ['zhengku_outbox_failed', 'Messages refused for good', await outbox.count({ where: { state: 'failed' } })],
    ['zhengku_intents_open', 'Sealings under way', await intents.count({ where: { state: 'intended' } })],
    ['zhengku_audit_entries', 'Entries of the access log', (await auditHead.findByPk(1))?.seq ?? 0],
    ['zhengku_resident_bytes', 'Memory of this process', process.memoryUsage.rss()],
  ];
  return figures
    .map(([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`)
    .join('');
}
