/** Codes of the linter; stable, so that tools can silence or count them. */
export type WarningCode =
  | 'not-admits-anonymous'
  | 'allows-every-request'
  | 'issuer-only'
  | 'request-method-upper-case'
  | 'constant-keyword'
  | 'tried-on-every-request'
  | 'unknown-operation'
  | 'unknown-role'
  | 'unknown-key'
  | 'never-holds'
  | 'unguarded-path'
  | 'unanchored-regex';

/** Something about a valid policy that its author may not have meant. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

const MESSAGES: Readonly<Record<WarningCode, string>> = {
  'not-admits-anonymous':
    'A negation also holds when the value is missing, so callers without any identity may be ' +
    'admitted; require one beside it, e.g. user: present?',
  'allows-every-request':
    'Without a link or roleName this allows every request, those without credentials included.',
  'issuer-only':
    'Any token of this issuer will do. This opens clinical types only: administration needs a ' +
    'link, a roleName, or a pattern on user, role, client, operation, uri or resource/type.',
  'request-method-upper-case': 'request-method is lower case; an upper-case value never matches.',
  'constant-keyword': '"constant" is read as "const", the keyword of draft-07.',
  'tried-on-every-request':
    'No link, no roleName and no equality say for which requests this is, so it is tried on every one.',
  'unknown-operation': 'No route of this server has the operation; GET /Operation lists them.',
  'unknown-role': 'No Role has this name and no roleMapping makes one, so far.',
  'unknown-key': 'Requests have nothing of that name.',
  'never-holds': 'A part of it cannot hold for any request.',
  'unguarded-path':
    'The sender chooses both the value and what it is compared with; compare with something of ' +
    'user, role, session, client, jwt or token.',
  'unanchored-regex':
    'The expression is found anywhere in the text, also within a longer one; anchor it with ^ and, ' +
    'where nothing may follow, with $.',
};

const MAX_PLACES = 5;

/** @param places where in the policy, or what; only the first few are named */
export function warningOf(code: WarningCode, places: readonly string[] = []): Warning {
  const distinct = [...new Set(places)];
  const named = distinct.slice(0, MAX_PLACES).map((place) => place.slice(0, 100));
  const more = distinct.length > named.length ? ', …' : '';
  const where = named.length === 0 ? '' : ` (${named.join(', ')}${more})`;
  return { code, message: `${MESSAGES[code]}${where}` };
}
