/** The accounts of the demonstration, each signed in once, when it is first needed. */
import { Client } from './client.ts';
import type { World } from './world.ts';

export function openAccounts(base: string, password: string): Pick<World, 'accounts' | 'as'> {
  const accounts: World['accounts'] = [{ role: 'admin.security', name: 'admin.security', password }];
  const signedIn = new Map<string, Promise<Client>>();
  const as = (name: string): Promise<Client> => {
    const account = accounts.find((candidate) => candidate.name === name);
    const client = signedIn.get(name) ?? Client.person(base, name, account?.password ?? '');
    signedIn.set(name, client);
    return client;
  };
  return { accounts, as };
}
