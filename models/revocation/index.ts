export { issueDevelopmentLists } from './development-lists.ts';
export { findCrls } from './find-crls.ts';
export {
  describeLists,
  type FetchedList,
  findDueLists,
  keepList,
  type ListStatus,
  noteFailedTry,
} from './keep-list.ts';
export { revocationSchema, revokeDevelopmentCertificate } from './revoke-certificate.ts';
export { findUsedCertificates } from './used-certificates.ts';
