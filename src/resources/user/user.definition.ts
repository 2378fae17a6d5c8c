import { exactString } from '../../interactions/search/parameters.js';
import type { SystemResourceDefinition } from '../definition/system-resource-definition.js';
import type { SecretField } from '../secrets/secret-field.js';
import type { SystemResourceSettings } from '../system-resource-settings.js';
import { checkIdentifierAuthority } from './identifier-authority.js';
import { checkUserIdAuthority } from './user-id-authority.js';
import { hashPassword, isPasswordHash } from './password.js';
import { writeIdentifierRows } from './user-identifier-rows.js';
import { MAX_PASSWORD, UserDto } from './user.dto.js';
import { passwordIssues, userIssues } from './user.rules.js';

/** Element paths of the references of a User. */
export const USER_REFERENCES = ['fhirUser', 'manager', 'organization', 'link[].link'];

/** What User adds to the mechanism of system resources (spec §5). */
export function userDefinition({
  passwordMinLength,
}: Pick<SystemResourceSettings, 'passwordMinLength'>): SystemResourceDefinition {
  return {
    type: 'User',
    dto: UserDto,
    references: USER_REFERENCES,
    secrets: [
      passwordField(passwordMinLength),
      { path: 'twoFactor.secretKey', boundTo: [], isNeverShown: true },
    ],
    searchParameters: new Map([
      ['userName', exactString('user_name')],
      ['email', exactString('email')],
    ]),
    uniqueness: {
      user_user_name_uq: {
        expression: 'User.userName',
        diagnostics: 'Another User has this userName',
      },
      user_email_uq: { expression: 'User.email', diagnostics: 'Another User has this email' },
      user_identifier_pk: {
        expression: 'User.identifier',
        diagnostics: 'Another User has one of these identifiers',
      },
    },
    check: async (user, context) => {
      await checkUserIdAuthority(context);
      await checkIdentifierAuthority(user, context);
      return { issues: userIssues(user, passwordMinLength), warnings: [] };
    },
    afterWrite: writeIdentifierRows,
  };
}

/** Hashed before the transaction, because the hash takes longer than all else of a write. */
function passwordField(minLength: number): SecretField {
  return {
    path: 'password',
    boundTo: [],
    isNeverShown: true,
    prepare: async (password) =>
      isAcceptable(password, minLength) ? storedPassword(password) : password,
    store: storedPassword,
  };
}

function isAcceptable(password: string, minLength: number): boolean {
  return password.length <= MAX_PASSWORD && passwordIssues(password, minLength).length === 0;
}

async function storedPassword(password: string): Promise<string> {
  return isPasswordHash(password) ? password : hashPassword(password);
}
