/** Pages are written on the server and work without scripts. Everything shown is escaped by the templates. */
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';

const eta = new Eta({
  views: fileURLToPath(new URL('templates', import.meta.url)),
  cache: true,
  autoEscape: true,
  useWith: false,
});

export type PageName = 'start' | 'check' | 'login' | 'fill' | 'accounts' | 'message' | 'seal' | 'seal-list' | 'verify';

export function renderPage(name: PageName, data: Readonly<Record<string, unknown>>): string {
  return eta.render(`./${name}`, data);
}
