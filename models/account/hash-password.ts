/** Passwords as argon2id with the library's salt; 19 MiB and 2 rounds, the OWASP minimum of 2023. */
import { hash, verify } from '@node-rs/argon2';

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

export function passwordHolds(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password);
}
