import { compactVerify, errors } from 'jose';
import type { KeySelection } from './select-keys.js';

/**
 * Whether one of the selected keys verifies the signature of a compact JWS (RFC 7515 §5.2), under
 * the one algorithm that they were selected for.
 */
export async function verifySignature(token: string, selected: KeySelection): Promise<boolean> {
  for (const { key } of selected.keys) {
    if (await verifiesUnder(token, key, selected.alg)) return true;
  }
  return false;
}

async function verifiesUnder(
  token: string,
  key: KeySelection['keys'][number]['key'],
  alg: KeySelection['alg'],
): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [alg] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
