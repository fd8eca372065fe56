/** Figures for the operator's monitor, in the text form that Prometheus reads. Gauges only: several processes answer alike,
 *  because all is counted in the tables. */
import { exchangeFigures } from '../../exchange/index.ts';
import type { QueueFigures } from '../../jobs/index.ts';
import { countProvince } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { describeLists } from '../../models/revocation/index.ts';
import { countKeysAndSeals } from '../../models/seal/index.ts';
import { countSubscriptions } from '../../models/subscription/index.ts';

type Series = readonly (readonly [labels: string, value: number])[];
type Figure = readonly [name: string, help: string, value: number | Series];

/** How the queue stands. */
export type AskQueue = () => Promise<QueueFigures>;

export async function writeMetrics(house: House, askQueue: AskQueue | undefined): Promise<string> {
  const { licences, intents, auditHead } = house.db.rows;
  const figures: readonly Figure[] = [
    ['zhengku_licences_issued', 'Licences issued', await licences.count({ where: { state: 'issued' } })],
    ['zhengku_intents_open', 'Sealings under way', await intents.count({ where: { state: 'intended' } })],
    ...(await outboxFigures(house)),
    ...(await wayFigures(house)),
    ...(await noticeFigures(house)),
    ...(askQueue ? lineFigures(await askQueue()) : []),
    ...(await sealFigures(house)),
    ...(await listFigures(house)),
    ['zhengku_audit_entries', 'Entries of the access log', (await auditHead.findByPk(1))?.seq ?? 0],
    ['zhengku_resident_bytes', 'Memory of this process', process.memoryUsage.rss()],
  ];
  return figures.map(writeFigure).join('');
}

function writeFigure([name, help, value]: Figure): string {
  const series: Series = typeof value === 'number' ? [['', value]] : value;
  const lines = series.map(([labels, one]) => `${name}${labels} ${one}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function label(pairs: Readonly<Record<string, string>>): string {
  const quoted = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `{${Object.entries(pairs)
    .map(([name, value]) => `${name}="${quoted(value)}"`)
    .join(',')}}`;
}

async function outboxFigures(house: House): Promise<Figure[]> {
  const { outbox } = house.db.rows;
  const { depth, lagSeconds, held, refused } = await countProvince(house);
  return [
    ['zhengku_outbox_waiting', 'Messages waiting to leave', await outbox.count({ where: { state: 'waiting' } })],
    ['zhengku_province_waiting', 'Messages that wait for the province', depth],
    ['zhengku_province_oldest_seconds', 'Age of the oldest of them', lagSeconds],
    ['zhengku_province_held', 'Licences and entries held back from the province', held],
    ['zhengku_province_refused', 'Licences and entries that the province refused', refused],
  ];
}

async function wayFigures(house: House): Promise<Figure[]> {
  const { ways, outcomes, links, alarms } = await exchangeFigures(house);
  const byMachine = (value: (way: (typeof ways)[number]) => number): Series =>
    ways.map((way) => [label({ front_end: way.frontEnd }), value(way)]);
  const rows: Series = outcomes.map(({ frontEnd, outcome, rows: count }) => [
    label({ front_end: frontEnd, outcome }),
    count,
  ]);
  return [
    ['zhengku_exchange_rows_hour', 'Rows of the last hour by outcome', rows],
    ['zhengku_exchange_lag_seconds_mean', 'From push to receipt, last hour', byMachine((way) => way.meanSeconds ?? 0)],
    ['zhengku_exchange_lag_seconds_max', 'The longest of the last hour', byMachine((way) => way.longestSeconds)],
    ['zhengku_exchange_over_two_cycles', 'Longer than two cycles', byMachine((way) => way.overTwoCycles)],
    ['zhengku_exchange_outstanding', 'Without a receipt of the province', byMachine((way) => way.outstanding)],
    ['zhengku_exchange_oldest_seconds', 'Age of the oldest of them', byMachine((way) => way.oldestSeconds)],
    [
      'zhengku_exchange_link_failures',
      'Failures in a row of a link to the province',
      links.map(({ name, failures }) => [label({ link: name }), failures]),
    ],
    [
      'zhengku_exchange_unbelieved',
      'Answers of the province that were not believed',
      links.map(({ name, unbelieved }) => [label({ link: name }), unbelieved]),
    ],
    ['zhengku_exchange_alarms', 'Alarms whose cause lasts', alarms.length],
  ];
}

async function noticeFigures(house: House): Promise<Figure[]> {
  const { subscriptions, failing, depth, oldestWaitingSeconds, failedToday, behind } = await countSubscriptions(house);
  const byState = Object.entries(subscriptions).map(([state, count]) => [label({ state }), count] as const);
  return [
    ['zhengku_webhook_subscriptions', 'Subscriptions by their state', byState],
    ['zhengku_webhook_failing', 'Active subscriptions whose last attempt failed', failing],
    ['zhengku_webhook_waiting', 'Notices that wait', depth],
    ['zhengku_webhook_oldest_seconds', 'Age of the oldest of them', oldestWaitingSeconds],
    ['zhengku_webhook_failed_day', 'Notices given up in the last day', failedToday],
    ['zhengku_webhook_behind', 'Changes that the slowest subscription has not seen', behind],
  ];
}

function lineFigures({ reached, lines }: QueueFigures): Figure[] {
  const byState = lines.flatMap(({ topic, lane, waiting, running, delayed, failed }) =>
    Object.entries({ waiting, running, delayed, failed }).map(
      ([state, count]) => [label({ topic, lane, state }), count] as const,
    ),
  );
  return [
    ['zhengku_queue_reached', '1 when the queue answers', Number(reached)],
    ['zhengku_queue_jobs', 'Jobs by topic, lane and state', byState],
    [
      'zhengku_queue_oldest_seconds',
      'Age of the oldest waiting job',
      lines.map(({ topic, lane, oldestSeconds }) => [label({ topic, lane }), oldestSeconds]),
    ],
  ];
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
