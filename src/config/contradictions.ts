import type { ConfigProblem } from './config-error.js';
import { showable, textOf } from './read-group.js';
import type { Environment } from './read-group.js';
import type { SecuritySettings } from './security.settings.js';

const SERVER_VARIABLES = [
  'BOX_DB_HOST',
  'BOX_DB_PORT',
  'BOX_DB_USER',
  'BOX_DB_PASSWORD',
  'BOX_DB_DATABASE',
] as const;

/** Switches of the reference that would accept tokens unverified. */
export const REFUSED_SWITCHES = [
  'BOX_SECURITY_SKIP_JWT_VALIDATION',
  'BOX_SECURITY_AUTH_WITH_NOT_VALIDATED_JWT',
] as const;

/** Refuses the switches that would turn validation off, unless they are set to `false`. */
export function refusedSwitches(env: Environment): ConfigProblem[] {
  return REFUSED_SWITCHES.flatMap((variable) => {
    const text = textOf(env, variable);
    if (text === undefined || text.trim() === 'false') return [];
    const expected = 'no switch turns the validation of tokens off; remove the variable';
    return [{ variable, ...showable(text), expected }];
  });
}

/** Settings that are well-formed one by one but cannot hold together. */
export function contradictions(env: Environment, security: SecuritySettings): ConfigProblem[] {
  return [...anyHostOutsideDevMode(security), ...ambiguousDatabase(env)];
}

function anyHostOutsideDevMode(security: SecuritySettings): ConfigProblem[] {
  if (!security.idpAllowedHosts.includes('*') || security.isDevMode) return [];
  const expected = 'any host is allowed only with BOX_SECURITY_DEV_MODE=true; name the hosts';
  return [{ variable: 'BOX_SECURITY_IDP_ALLOWED_HOSTS', value: '*', expected }];
}

function ambiguousDatabase(env: Environment): ConfigProblem[] {
  const given = SERVER_VARIABLES.filter((variable) => textOf(env, variable) !== undefined);
  const [first] = given;
  if (first === undefined) return [];
  if (textOf(env, 'DATABASE_URL') !== undefined) {
    const expected = `contradicts ${given.join(', ')}; set the one or the others`;
    return [{ variable: 'DATABASE_URL', expected }];
  }
  if (given.includes('BOX_DB_HOST')) return [];
  return [{ variable: 'BOX_DB_HOST', expected: `is missing, but ${given.join(', ')} is set` }];
}
