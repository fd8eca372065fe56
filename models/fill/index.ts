export { fillLinkSchema, makeFillLink } from './make-link.ts';
export { purgeLinks } from './purge-links.ts';
export { endFillLink, openFillLink, requireOpen, returnAddress, type UsedLink, useFillLink } from './use-link.ts';
