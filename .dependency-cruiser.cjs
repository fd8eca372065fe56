/** Who may import whom: five floors, one way down, each entered by its doors. */

const floors = ['signing', 'models', 'exchange', 'jobs', 'server'];
const shipped = `^(bin|${floors.join('|')})/`;
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

/** A floor must not know the floors above it. */
const above = (floor) => ({
  name: `${floor}-not-upwards`,
  comment: `${floor} knows only the floors below it.`,
  severity: 'error',
  from: { path: `^${floor}/` },
  to: { path: `^(${floors.slice(floors.indexOf(floor) + 1).join('|')}|bin|scripts)/` },
});

/** A library stays in the rooms that are named. Tests may look at anything. */
const kept = (name, libraries, rooms, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: `^(test|scripts|${rooms})/` },
  to: { path: packages(...libraries) },
});

module.exports = {
  forbidden: [
    ...floors.slice(0, -1).map(above),
    {
      name: 'shipped-not-test',
      comment: 'What is shipped never imports what only tests it.',
      severity: 'error',
      from: { path: shipped },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'shipped-not-dev-packages',
      comment: 'The packed product is installed without dev dependencies. The portal is built before packing.',
      severity: 'error',
      from: { path: shipped, pathNot: '^server/portal/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'no-deep-doors',
      comment:
        'Another floor is entered by its door, by an area folder’s index.ts, or by the small words of models/kernel.',
      severity: 'error',
      from: { path: '^(models|exchange|jobs|server)/' },
      to: {
        path: `^(${floors.join('|')})/`,
        pathNot: ['^$1/', '^[^/]+/index\\.ts$', '^[^/]+/[^/]+/index\\.ts$', '^models/kernel/', '^models/house\\.ts$'],
      },
    },
    {
      name: 'bin-starts-the-command-line',
      comment: 'The program file starts server/cli and knows nothing else.',
      severity: 'error',
      from: { path: '^bin/' },
      to: { path: `^(${floors.join('|')})/`, pathNot: '^server/cli/main\\.ts$' },
    },
    {
      name: 'portal-isolated',
      comment: 'The portal is tied to the rest by the API alone.',
      severity: 'error',
      from: { path: '^server/portal/' },
      to: { path: `^(${floors.join('|')})/`, pathNot: '^server/portal/' },
    },
    {
      name: 'portal-not-imported',
      comment: 'The portal is served as files, never imported.',
      severity: 'error',
      from: { path: shipped, pathNot: '^server/portal/' },
      to: { path: '^server/portal/.+\\.(ts|vue|js)$' },
    },
    {
      name: 'demo-is-a-client',
      comment: 'The demonstration does what a customer does: HTTP, SQL on front-end tables, the command line.',
      severity: 'error',
      from: { path: '^server/demo/' },
      to: { path: `^(bin|${floors.join('|')})/`, pathNot: '^server/demo/' },
    },
    {
      name: 'sandbox-apart',
      comment:
        'The sandbox stands for other people’s systems: own process, own database. Shared are bytes and small words, verification, the tree of digests, and the tables of Henan’s front-end database.',
      severity: 'error',
      from: { path: '^server/sandbox/' },
      to: {
        path: `^(bin|${floors.join('|')})/`,
        pathNot: [
          ...['^server/sandbox/', '^signing/', '^models/kernel/'],
          '^models/(verification|digest-tree)/index\\.ts$',
          '^exchange/henan/index\\.ts$',
        ],
      },
    },
    kept(
      'http-only-in-server',
      ['express', 'helmet', 'multer', 'swagger-ui-dist'],
      'server',
      'HTTP is served by the roof.',
    ),
    kept('orm-only-in-models', ['sequelize'], 'models', 'Rows are defined and read in models.'),
    kept('migrations-only-in-store', ['umzug'], 'models/store', 'Migrations run in models/store.'),
    kept(
      'sql-drivers-only-where-sql-is-spoken',
      ['libsql', 'mysql2'],
      'models/store|exchange/front-end|server/demo|server/sandbox',
      'Raw SQL: the store, other people’s front-end tables, and those who stand for other people.',
    ),
    kept(
      'redis-only-in-the-queue',
      ['bullmq', 'ioredis'],
      'jobs/queue',
      'Nothing but the queue knows which engine runs it.',
    ),
    kept(
      'pki-and-pdf-libs-only-in-signing',
      ['@peculiar', 'node-forge', 'pdf-lib', '@cantoo', '@noble', 'asn1js', 'pvtsutils'],
      'signing',
      'Certificates, seals and documents are bytes to everyone but signing.',
    ),
    {
      name: 'no-circular',
      comment: 'Two rooms that need each other are one room, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-to-nowhere',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|assets|data|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'require', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.vue', '.d.ts'],
    },
  },
};
