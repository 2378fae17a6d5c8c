import { own, type Json } from '../../policy/json.js';
import { MAX_TOKEN_LENGTH } from '../../introspection/jwt/jwt.js';
import { invalidInput, knownMembers } from '../designing/invalid-input.js';

/**
 * The token of a request to check an introspector.
 *
 * @throws InvalidResource 422 for anything but `{token}` with a text that a request could carry. The
 * text is in no message.
 */
export function tokenToCheck(input: Json): string {
  const token = own(knownMembers(input, '$check', ['token']), 'token');
  if (typeof token !== 'string' || token === '') throw invalidInput('token', 'must be a string');
  if (token.length > MAX_TOKEN_LENGTH) {
    throw invalidInput('token', `must have at most ${MAX_TOKEN_LENGTH} characters`);
  }
  return token;
}
