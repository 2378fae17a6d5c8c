import { RESOURCE_TYPES } from './resource-types.js';

describe('RESOURCE_TYPES', () => {
  it('holds the 146 concrete types of R4, in order', () => {
    const names = [...RESOURCE_TYPES];

    expect(names).toHaveLength(146);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(['Account', 'Patient', 'VisionPrescription']));
  });

  it.each(['AccessPolicy', 'Client', 'IdentityProvider', 'Role', 'Session', 'TokenIntrospector'])(
    'does not hold the system resource %s',
    (type) => {
      expect(RESOURCE_TYPES.has(type)).toBe(false);
    },
  );

  it.each(['User', 'Resource', 'DomainResource', 'SubscriptionStatus', 'patient', 'toString', ''])(
    'does not hold %j',
    (type) => {
      expect(RESOURCE_TYPES.has(type)).toBe(false);
    },
  );
});
