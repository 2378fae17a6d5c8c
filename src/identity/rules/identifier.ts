import { stringAt } from '../../resources/token-introspector/json-members.js';
import { foundOrPass, PASS, type Lookup, type Subject, type Users } from './lookup.js';

/** The User whose identifier is (system of the introspector's IdentityProvider, `sub`); spec §3.1. */
export async function byIdentifier({ claims, system }: Subject, users: Users): Promise<Lookup> {
  const sub = stringAt(claims, 'sub');
  if (!system || !sub) return PASS;
  return foundOrPass(await users.byIdentifier(system, sub));
}
