export { inspectionsQuery, listInspections } from './list-inspections.ts';
export {
  inspectionResultSchema,
  inspectionResultsSchema,
  recordResult,
  recordResults,
} from './record-results.ts';
export { INSPECTION_STATES } from './rows.ts';
export { runInspections } from './run-inspections.ts';
export { inspectionStatementSchema, submitStatement } from './submit-statement.ts';
