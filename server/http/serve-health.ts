/** Alive, ready, and a few numbers for the operator's monitor. */
import type { Express } from 'express';
import type { House } from '../../models/house.ts';
import { describeLists } from '../../models/revocation/index.ts';
import { countKeysAndSeals } from '../../models/seal/index.ts';

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

type Figure = readonly [
  name: string,
  help: string,
  value: number | readonly (readonly [labels: string, value: number])[],
];

async function writeMetrics(house: House): Promise<string> {
  const { licences, outbox, intents, auditHead } = house.db.rows;
  const figures: readonly Figure[] = [
    ['zhengku_licences_issued', 'Licences issued', await licences.count({ where: { state: 'issued' } })],
    ['zhengku_outbox_waiting', 'Messages waiting to leave', await outbox.count({ where: { state: 'waiting' } })],
    ['zhengku_outbox_failed', 'Messages refused for good', await outbox.count({ where: { state: 'failed' } })],
    ['zhengku_intents_open', 'Sealings under way', await intents.count({ where: { state: 'intended' } })],
    ...(await sealFigures(house)),
    ...(await listFigures(house)),
    ['zhengku_audit_entries', 'Entries of the access log', (await auditHead.findByPk(1))?.seq ?? 0],
    ['zhengku_resident_bytes', 'Memory of this process', process.memoryUsage.rss()],
  ];
  return figures
    .map(([name, help, value]) => {
      const series = typeof value === 'number' ? [['', value] as const] : value;
      const lines = series.map(([labels, one]) => `${name}${labels} ${one}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
    })
    .join('');
}

async function sealFigures(house: House): Promise<Figure[]> {
  const { seals, highestUse, endingKeys } = await countKeysAndSeals(house);
  const byState = Object.entries(seals).map(([state, count]) => [`{state="${state}"}`, count] as const);
  return [
    ['zhengku_seals', 'Seals by their state', byState],
    ['zhengku_key_uses_ratio_max', 'Highest share of its uses that an active key has spent', highestUse],
    ['zhengku_keys_ending', 'Active keys whose time of use ends within 30 days', endingKeys],
  ];
}

async function listFigures(house: House): Promise<Figure[]> {
  const lists = await describeLists(house);
  const oldest = lists.reduce((most, { ageSeconds }) => Math.max(most, ageSeconds ?? 0), 0);
  return [
    ['zhengku_revocation_list_age_seconds_max', 'Age of the oldest revocation list at hand', oldest],
    [
      'zhengku_revocation_lists_stale',
      'Revocation lists past their next update',
      lists.filter((one) => one.stale).length,
    ],
    [
      'zhengku_revocation_lists_missing',
      'Revocation lists that were never had',
      lists.filter(({ fetchedAt }) => fetchedAt === null).length,
    ],
  ];
}
