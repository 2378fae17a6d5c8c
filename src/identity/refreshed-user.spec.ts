import type { Json, JsonObject } from '../policy/json.js';
import { parseScimMappings } from '../resources/identity-provider/scim-mapping.js';
import { refreshedUser } from './refreshed-user.js';

const TO_SCIM = {
  email: ['email'],
  given_name: ['name', 'givenName'],
  family_name: ['name', 'familyName'],
  dept: ['data', 'department'],
};
const GIVEN = ['sub', 'email', 'given_name', 'family_name', 'dept', 'department'];
const PROFILE = { sub: 's', email: 'a@x', given_name: 'Ada', family_name: 'L', dept: 'd1' };
const USER = {
  resourceType: 'User',
  id: 'ada',
  data: { ...PROFILE, department: 'd1' },
  email: 'a@x',
  name: { givenName: 'Ada', familyName: 'L' },
};

const refreshed = (user: JsonObject, profile: JsonObject, toScim: Json = TO_SCIM) =>
  refreshedUser(user, GIVEN, profile, parseScimMappings(toScim));

describe('refreshedUser', () => {
  it('is the same User when the provider says the same', () => {
    expect(refreshed(USER, PROFILE)).toEqual(USER);
  });

  it('has what the provider says now, in data and where toScim maps it', () => {
    const profile = { ...PROFILE, email: 'b@x', dept: 'd2', new: true };

    expect(refreshed(USER, profile)).toEqual({
      ...USER,
      email: 'b@x',
      data: { ...profile, department: 'd2' },
    });
  });

  it('loses what the provider says no more', () => {
    expect(refreshed(USER, { sub: 's', family_name: 'L' })).toEqual({
      resourceType: 'User',
      id: 'ada',
      data: { sub: 's', family_name: 'L' },
      name: { familyName: 'L' },
    });
    expect(refreshed(USER, { sub: 's' })).toEqual({
      resourceType: 'User',
      id: 'ada',
      data: { sub: 's' },
    });
  });

  it('keeps what others wrote', () => {
    const user = {
      ...USER,
      email: 'changed@here',
      name: { ...USER.name, middleName: 'M' },
      data: { ...USER.data, practitioner_id: 'p1' },
      inactive: true,
      identifier: [{ system: 'kc', value: 's' }],
      roles: [{ value: 'chief' }],
      _password: { extension: [] },
    };

    expect(refreshed(user, { sub: 's' })).toEqual({
      ...user,
      name: { middleName: 'M' },
      data: { sub: 's', practitioner_id: 'p1' },
    });
  });

  it('lets the provider win where both wrote', () => {
    const user = { ...USER, email: 'changed@here', data: { ...USER.data, ward: 'mine' } };

    expect(refreshed(user, { ...PROFILE, ward: 'theirs' })).toMatchObject({
      email: 'a@x',
      data: { ward: 'theirs' },
    });
  });

  it('never changes an element that a provider may not set, whatever it says', () => {
    const profile = { ...PROFILE, inactive: false, password: 'x', roles: ['chief'], id: 'eve' };
    const toScim = { ...TO_SCIM, inactive: ['inactive'], id: ['id'], password: ['password'] };

    const { data, ...rest } = refreshed({ ...USER, inactive: true }, profile, toScim) as {
      data: Json;
    };

    expect(data).toEqual({ ...profile, department: 'd1' });
    expect({ ...rest, data: USER.data }).toEqual({ ...USER, inactive: true });
  });

  it('begins anew where data was taken away', () => {
    expect(refreshed({ id: 'ada' }, { sub: 's', dept: 'd1' })).toEqual({
      id: 'ada',
      data: { sub: 's', dept: 'd1', department: 'd1' },
    });
  });
});
