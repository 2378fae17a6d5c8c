import { isURL, ValidateBy, type ValidationOptions } from 'class-validator';
import { withoutStrayQuote } from './stray-quote.js';
import { trustedUserId } from './token-introspector.js';

const MAX_URL = 2048;

/**
 * An absolute http or https URL without credentials. Hosts without a dot are fine, as in a container
 * network; quotes and the like are not, but for one that was copied along at the end and is ignored.
 */
export function IsEndpointUrl(): PropertyDecorator {
  return ValidateBy({
    name: 'isEndpointUrl',
    validator: {
      validate: isEndpointUrl,
      defaultMessage: (target) =>
        `${target?.property ?? 'value'} must be an absolute http or https URL without ` +
        'user name, spaces or quotes',
    },
  });
}

/** One audience, or a list of them that is not empty. */
export function IsAudience(maxEntries: number, maxLength: number): PropertyDecorator {
  const isEntry = (entry: unknown): boolean =>
    typeof entry === 'string' && entry.length > 0 && entry.length <= maxLength;
  return ValidateBy({
    name: 'isAudience',
    validator: {
      validate: (value: unknown) => {
        const entries: unknown[] = Array.isArray(value) ? value : [value];
        return entries.length > 0 && entries.length <= maxEntries && entries.every(isEntry);
      },
      defaultMessage: () => `aud must be a string or a list of 1 to ${maxEntries} strings`,
    },
  });
}

/** A User by id, by `User/id`, or as a reference. */
export function IsTrustedUser(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTrustedUser',
      validator: {
        validate: (value: unknown) => trustedUserId(value) !== undefined,
        defaultMessage: () => 'trusted_users must name Users: an id, "User/id" or a reference',
      },
    },
    options,
  );
}

function isEndpointUrl(given: unknown): boolean {
  if (typeof given !== 'string' || given.length > MAX_URL) return false;
  const value = withoutStrayQuote(given);
  if (/[\s"'`<>\\^{|}]/.test(value) || !URL.canParse(value)) return false;
  return isURL(value, {
    protocols: ['http', 'https'],
    require_protocol: true,
    require_tld: false,
    allow_underscores: true,
    disallow_auth: true,
  });
}
