export { fillLinkSchema, makeFillLink } from './make-link.ts';
export { purgeLinks } from './purge-links.ts';
export { saveLinkDraft } from './save-link-draft.ts';
export { endFillLink, openFillLink, requireOpen, returnAddress, type UsedLink, useFillLink } from './use-link.ts';
