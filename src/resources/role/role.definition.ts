import { exactString, referenceTo } from '../../interactions/search/parameters.js';
import type { SystemResourceDefinition } from '../definition/system-resource-definition.js';
import { referenceIssues } from '../reference-rules.js';
import { RoleDto } from './role.dto.js';

const REFERENCE_TYPES = {
  user: ['User'],
  'links.patient': ['Patient'],
  'links.practitioner': ['Practitioner'],
  'links.practitionerRole': ['PractitionerRole'],
  'links.organization': ['Organization'],
  'links.person': ['Person'],
  'links.relatedPerson': ['RelatedPerson'],
};

/** Element paths of the references of a Role. */
export const ROLE_REFERENCES = Object.keys(REFERENCE_TYPES);

/** What Role adds to the mechanism of system resources (spec §5). */
export const ROLE: SystemResourceDefinition = {
  type: 'Role',
  dto: RoleDto,
  references: ROLE_REFERENCES,
  secrets: [],
  searchParameters: new Map([
    ['name', exactString('name')],
    ['user', referenceTo('User', 'user_id')],
  ]),
  check: (role) => ({ issues: referenceIssues(role, REFERENCE_TYPES), warnings: [] }),
};
