import type { ConfigProblem } from './config-error.js';
import type { SecuritySettings } from './security.settings.js';

const MIN_LENGTH = 32;
const MAX_PREVIOUS = 8;

/** The secrets that values at rest may be encrypted with besides the current one. */
export function previousEncryptSecrets({
  previousEncryptSecrets: text,
}: SecuritySettings): readonly string[] {
  if (text === undefined) return [];
  return text.startsWith('[') ? (listOf(text) ?? []) : [text];
}

/** What is wrong with the previous secrets; never a part of them. */
export function previousSecretProblems(security: SecuritySettings): ConfigProblem[] {
  const text = security.previousEncryptSecrets;
  if (text === undefined) return [];
  const variable = 'BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS';
  const secrets = text.startsWith('[') ? listOf(text) : [text];
  const isSound =
    secrets !== undefined &&
    secrets.length > 0 &&
    secrets.length <= MAX_PREVIOUS &&
    secrets.every((secret) => secret.length >= MIN_LENGTH);
  const problems: ConfigProblem[] = [];
  if (!isSound) {
    const expected = `allowed: a secret of at least ${MIN_LENGTH} characters, or a JSON array of up to ${MAX_PREVIOUS}`;
    problems.push({ variable, expected });
  }
  if (security.encryptSecret === undefined) {
    // Taken for a wish to stop encrypting, a forgotten variable would write every secret in clear.
    const expected = 'is set without BOX_SECURITY_ENCRYPT_SECRET; set the current secret, too';
    problems.push({ variable, expected });
  }
  return problems;
}

function listOf(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const texts = value.filter((entry) => typeof entry === 'string');
    return texts.length === value.length ? texts : undefined;
  } catch {
    return undefined;
  }
}
