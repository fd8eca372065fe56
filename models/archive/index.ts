export { exportVolumes } from './export-volumes.ts';
export { listLicenceArchives } from './licence-archives.ts';
export { archiveOrderSchema, openArchive } from './open-archive.ts';
export { openYearlyArchives } from './open-yearly-archives.ts';
export { ARCHIVE_STATES } from './rows.ts';
export { downloadVolume, listArchives, listVolumes, readArchive } from './view-archive.ts';
export { workOnArchives } from './work-on-archives.ts';
