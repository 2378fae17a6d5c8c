import type { JsonObject } from '../../interactions/formats/json.js';
import type { Writer } from '../../interactions/resource-rules.js';
import { closuresOf, profile, URL } from '../../../test/support/profiles.js';
import { DefinitionNeedsAdministrator, RequiredDefinitions } from './required-definitions.js';

const BASE = 'http://x.example/base';
const USERS = new Map([['User', [URL]]]);
const PATIENTS = new Map([['Patient', [URL]]]);
const WRITER: Writer = { isAdministrator: false };
const NEEDED = [
  `StructureDefinition ${URL}`,
  `StructureDefinition ${URL}|999`,
  `StructureDefinition ${BASE}`,
  'ValueSet urn:v',
  'CodeSystem urn:s',
];
const OTHERS = ['StructureDefinition urn:v', 'ValueSet urn:other', `Library ${URL}`];

/** A profile with a base that has a value set of a code system. */
function definitionsOf(type: string): readonly JsonObject[] {
  const binding = { strength: 'required', valueSet: 'urn:v' };
  return [
    profile(type, [[`${type}.email`]], { baseDefinition: BASE }),
    profile(type, [[`${type}.name`, { binding }]], { url: BASE }),
    { resourceType: 'ValueSet', url: 'urn:v', compose: { include: [{ system: 'urn:s' }] } },
  ];
}

/** Of all these definitions, those that may not be changed. */
async function refused(
  requiredProfiles: ReadonlyMap<string, readonly string[]>,
  writer = WRITER,
): Promise<readonly string[]> {
  const [type = 'User'] = requiredProfiles.keys();
  const closure = closuresOf(definitionsOf(type));
  const required = new RequiredDefinitions({ closure }, requiredProfiles);
  const found: string[] = [];
  for (const each of [...NEEDED, ...OTHERS]) {
    const [changed = '', url] = each.split(' ');
    const texts = ['{}', JSON.stringify({ resourceType: changed, url })];
    await required.assertMayChange(changed, texts, { writer }).catch((error: unknown) => {
      if (error instanceof DefinitionNeedsAdministrator) found.push(each);
    });
  }
  return found;
}

describe('RequiredDefinitions', () => {
  it('are changed by administrators only, with all that a profile of system resources needs', async () => {
    expect(await refused(USERS)).toEqual(NEEDED);
    expect(await refused(USERS, { isAdministrator: true })).toEqual([]);
  });

  it('are the profiles alone where a clinical type has them', async () => {
    expect(await refused(PATIENTS)).toEqual(NEEDED.slice(0, 3));
  });

  it('are none where nothing is required', async () => {
    expect(await refused(new Map())).toEqual([]);
  });

  it('are kept before they are stored', async () => {
    const profiles = new Map([['User', ['urn:absent|2']]]);
    const required = new RequiredDefinitions({ closure: closuresOf([]) }, profiles);
    const change = (url: string) =>
      required.assertMayChange('StructureDefinition', [JSON.stringify({ url })], {
        writer: WRITER,
      });

    await expect(change('urn:absent')).rejects.toThrow('Only an administrator');
    await expect(change('urn:other')).resolves.toBeUndefined();
  });
});
