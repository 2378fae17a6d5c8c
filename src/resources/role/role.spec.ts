import type { WriteContext } from '../../interactions/resource-rules.js';
import { validateDto } from '../validate-dto.js';
import { ROLE } from './role.definition.js';
import { RoleDto } from './role.dto.js';

const user = { reference: 'User/u1' };
const expressions = async (role: Parameters<NonNullable<typeof ROLE.check>>[0]) =>
  (await ROLE.check?.({ resourceType: 'Role', ...role }, {} as WriteContext))?.issues.map(
    ({ expression }) => expression,
  );

describe('a Role', () => {
  it('has a name and a user', async () => {
    await expect(validateDto('Role', RoleDto, { name: 'doctor', user })).resolves.toEqual([]);
    const issues = await validateDto('Role', RoleDto, {});
    expect(new Set(issues.map(({ expression }) => expression))).toEqual(
      new Set(['Role.name', 'Role.user']),
    );
  });

  it.each([
    ['a User', user, []],
    ['another type', { reference: 'Client/c1' }, ['Role.user']],
    ['an absolute URL', { reference: 'https://x.example/User/u1' }, ['Role.user']],
    ['one version', { reference: 'User/u1/_history/1' }, ['Role.user']],
  ])('belongs to a User of this server: %s', async (_what, reference, expected) => {
    await expect(expressions({ name: 'doctor', user: reference })).resolves.toEqual(expected);
  });

  it.each([
    ['patient', 'Patient'],
    ['practitioner', 'Practitioner'],
    ['practitionerRole', 'PractitionerRole'],
    ['organization', 'Organization'],
    ['person', 'Person'],
    ['relatedPerson', 'RelatedPerson'],
  ])('links as %s a %s only', async (link, type) => {
    const linked = (to: string) =>
      expressions({ name: 'x', user, links: { [link]: { reference: `${to}/1` } } });

    await expect(linked(type)).resolves.toEqual([]);
    await expect(linked('Device')).resolves.toEqual([`Role.links.${link}`]);
  });
});
