import { ConfigError } from './config-error.js';
import { readConfig } from './read-config.js';

describe('switches that would turn validation off', () => {
  it.each(['BOX_SECURITY_SKIP_JWT_VALIDATION', 'BOX_SECURITY_AUTH_WITH_NOT_VALIDATED_JWT'])(
    'refuses %s unless it is false',
    (variable) => {
      expect(() => readConfig({ [variable]: 'true' })).toThrow(
        `${variable} is "true": no switch turns the validation of tokens off`,
      );
      expect(readConfig({ [variable]: 'false' }).warnings).toEqual([]);
    },
  );
});

describe('any host as identity provider', () => {
  const BOX_SECURITY_IDP_ALLOWED_HOSTS = '*';

  it('is allowed in development mode', () => {
    const env = { BOX_SECURITY_IDP_ALLOWED_HOSTS, BOX_SECURITY_DEV_MODE: 'true' };

    expect(readConfig(env).security.idpAllowedHosts).toEqual(['*']);
  });

  it('is refused outside of it', () => {
    expect(() => readConfig({ BOX_SECURITY_IDP_ALLOWED_HOSTS })).toThrow(
      'any host is allowed only with BOX_SECURITY_DEV_MODE=true',
    );
  });
});

describe('what the built-in store validates by', () => {
  const FHIR_UPSTREAM_URL = 'http://fhir.example/r4';

  it.each([
    ['WARDGATE_REQUIRED_PROFILES', 'User=urn:u'],
    ['BOX_FHIR_VALIDATOR_STRICT_PROFILE_RESOLUTION', 'true'],
    ['WARDGATE_REFERENTIAL_INTEGRITY', 'true'],
  ])('is refused where another server has the resources: %s', (variable, value) => {
    expect(() => readConfig({ [variable]: value, FHIR_UPSTREAM_URL })).toThrow(
      `- ${variable}: needs the built-in store`,
    );
    expect(readConfig({ [variable]: value }).warnings).toEqual([]);
    expect(readConfig({ FHIR_UPSTREAM_URL }).gateway.upstreamUrl).toBe(FHIR_UPSTREAM_URL);
  });
});

describe('deprecated names', () => {
  const OLD = 'BOX_FEATURES_AUTHENTICATION_INTROSPECTION_CREATE__USER';
  const NEW = 'BOX_SECURITY_INTROSPECTION_CREATE_USER';

  it('are read, with a warning', () => {
    const { security, warnings } = readConfig({ [OLD]: 'true' });

    expect(security.introspectionCreatesUser).toBe(true);
    expect(warnings).toEqual([`${OLD} is deprecated, use ${NEW}`]);
  });

  it('may agree with the new name', () => {
    expect(readConfig({ [OLD]: 'true', [NEW]: 'true' }).security.introspectionCreatesUser).toBe(
      true,
    );
  });

  it('are refused when they disagree with the new name', () => {
    expect(() => readConfig({ [OLD]: 'true', [NEW]: 'false' })).toThrow(`disagrees with ${OLD}`);
  });

  it('are named, without the values, when secrets disagree', () => {
    const env = { BOX_ROOT_CLIENT_SECRET: 'hunter1', AIDBOX_CLIENT_SECRET: 'hunter2' };

    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).not.toThrow(/hunter/);
  });

  it('are the ones that a problem names when they are the ones set', () => {
    expect(() => readConfig({ AIDBOX_ADMIN_ID: 'a b' })).toThrow('AIDBOX_ADMIN_ID is "a b"');
  });
});

describe('warnings', () => {
  it('name variables that are no settings, sorted, without their values', () => {
    const env = { WARDGATE_DATADIR: 'x', BOX_WEB_PROT: '1', PATH: '/bin', BOX_EMPTY: '' };

    expect(readConfig(env).warnings).toEqual([
      'BOX_WEB_PROT is not a setting of Wardgate and has no effect',
      'WARDGATE_DATADIR is not a setting of Wardgate and has no effect',
    ]);
  });

  it('leave the variables of the test harness alone', () => {
    expect(readConfig({ WARDGATE_TEST_DATABASE_URL: 'x' }).warnings).toEqual([]);
  });

  it.each([
    ['BOX_SECURITY_DEV_MODE', 'true'],
    ['BOX_SECURITY_STRICT_ADMINISTRATION', 'false'],
    ['BOX_SECURITY_MASK_SECRETS', 'false'],
    ['BOX_SECURITY_CORS_ORIGINS', '*'],
    ['BOX_ADMIN_PASSWORD', 'short'],
  ])('tell that %s=%s is weaker than the default', (variable, value) => {
    expect(readConfig({ [variable]: value }).warnings).toEqual([expect.stringContaining(variable)]);
  });
});
