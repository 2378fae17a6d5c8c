import type { SecretScope } from './external-secret-settings.js';

/** A resource that wants to use an external secret in one of its elements. */
export interface SecretUse {
  readonly resourceType: string;
  readonly id: string;
  /** Where the secret would be sent; empty when it stays here, as that of a signature does. */
  readonly urls: readonly string[];
}

/** Whether one of the scopes admits the use. */
export function isInScope(scopes: readonly SecretScope[], use: SecretUse): boolean {
  return scopes.some((scope) => admits(scope, use));
}

/** Whether whoever may write the resource can have the secret sent to a URL of their choice. */
export function isSentAnywhere(scopes: readonly SecretScope[], use: SecretUse): boolean {
  const isUnbound = scopes.some((scope) => scope.urls === undefined && admits(scope, use));
  return use.urls.length > 0 && isUnbound;
}

function admits({ resourceType, id, urls }: SecretScope, use: SecretUse): boolean {
  if (resourceType !== use.resourceType) return false;
  if (id !== undefined && id !== use.id) return false;
  // A secret that must be sent to certain URLs is for nothing else, such as an element that stays here.
  if (urls === undefined) return true;
  return use.urls.length > 0 && use.urls.every((url) => urls.some((base) => isBelow(url, base)));
}

function isBelow(url: string, base: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(base)) return false;
  const [given, allowed] = [new URL(url), new URL(base)];
  if (given.origin !== allowed.origin || given.username !== '' || given.password !== '') {
    return false;
  }
  // Servers differ in whether an encoded slash or dot is a step of the path.
  if (/%(?:2f|2e|5c)/i.test(given.pathname)) return false;
  const folder = allowed.pathname.replace(/\/$/, '');
  return given.pathname === allowed.pathname || given.pathname.startsWith(`${folder}/`);
}
