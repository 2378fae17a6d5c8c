import { validateDto } from '../validate-dto.js';
import { hashPassword } from './password.js';
import { UserDto } from './user.dto.js';
import { userIssues } from './user.rules.js';

const expressions = (user: object) =>
  userIssues({ resourceType: 'User', ...user }, 8).map(({ expression }) => expression);

describe('a User', () => {
  it('may carry every element that it is described with', async () => {
    const value = { value: 'v', display: 'd', type: 'work', primary: true };
    const user = {
      resourceType: 'User',
      id: 'u1',
      userName: 'ada',
      password: 'long enough',
      email: 'ada@example.com',
      phoneNumber: '1',
      name: {
        formatted: 'A',
        familyName: 'L',
        givenName: 'A',
        middleName: '',
        honorificPrefix: 'Dr',
      },
      displayName: 'Ada',
      title: 'Head',
      userType: 'Employee',
      gender: 'female',
      photo: 'p',
      profileUrl: 'u',
      locale: 'en',
      timezone: 'UTC',
      preferredLanguage: 'en',
      active: true,
      inactive: false,
      fhirUser: { reference: 'Practitioner/p1' },
      identifier: [
        { use: 'official', system: 's', value: 'v', period: {}, type: {}, assigner: {} },
      ],
      data: { anything: [1, { at: 'all' }] },
      emails: [value],
      phoneNumbers: [value],
      addresses: [{ formatted: 'x', streetAddress: 'x', locality: 'x', region: 'x', country: 'x' }],
      ims: [value],
      photos: [value],
      entitlements: [value],
      roles: [value],
      x509Certificates: [value],
      employeeNumber: '1',
      costCenter: '1',
      department: 'd',
      division: 'd',
      manager: { reference: 'User/boss' },
      organization: { reference: 'Organization/o1' },
      securityLabel: [{ system: 's', code: 'c' }],
      link: [{ link: { reference: 'Device/d1' }, type: 't' }],
      twoFactor: { enabled: true, transport: 'app', secretKey: 'k' },
    };

    await expect(validateDto('User', UserDto, user)).resolves.toEqual([]);
    expect(expressions(user)).toEqual([]);
  });

  it.each([
    ['an unknown element', { nickname: 'a' }, 'User.nickname'],
    ['an unknown element of a part', { name: { nick: 'a' } }, 'User.name.nick'],
    ['an array where one object belongs', { name: [{ givenName: 'a' }] }, 'User.name'],
    ['null', { userName: null }, 'User.userName'],
    ['an empty userName', { userName: '' }, 'User.userName'],
    ['data that is no object', { data: 'text' }, 'User.data'],
    ['inactive in quotes', { inactive: 'true' }, 'User.inactive'],
    ['a number as userName', { userName: 1 }, 'User.userName'],
  ])('may not carry %s', async (_what, user, expression) => {
    const issues = await validateDto('User', UserDto, user);

    expect(issues.map((issue) => issue.expression)).toContain(expression);
  });

  it('stands for a person, and for nothing else', () => {
    expect(expressions({ fhirUser: { reference: 'Patient/pt1' } })).toEqual([]);
    expect(expressions({ fhirUser: { reference: 'Device/d1' } })).toEqual(['User.fhirUser']);
    expect(expressions({ link: [{ link: { reference: 'nowhere' } }] })).toEqual([
      'User.link[0].link',
    ]);
  });

  it('has a password of the length asked for, counted in characters', () => {
    expect(expressions({ password: '12345678' })).toEqual([]);
    expect(expressions({ password: '1234567' })).toEqual(['User.password']);
    expect(expressions({ password: '😀😀😀😀' })).toEqual(['User.password']);
  });

  it('has a password that is a hash, or nothing like one', async () => {
    expect(expressions({ password: await hashPassword('short') })).toEqual([]);
    expect(expressions({ password: '$s0$not-a-hash-at-all' })).toEqual(['User.password']);
  });

  it('has identifiers that the database can keep unique', () => {
    const identified = (value: string) => expressions({ identifier: [{ system: 'kc', value }] });

    expect(identified('x'.repeat(1000))).toEqual([]);
    expect(identified('😀'.repeat(500))).toEqual(['User.identifier']);
    expect(identified('a\0b')).toEqual(['User.identifier']);
    expect(identified('\ud800')).toEqual(['User.identifier']);
  });
});
