import { Ajv } from 'ajv';
import { requestOf } from './access-policies.js';
import type { Asking } from './engine.js';
import type { Grant } from './grants.js';

/** One compiled JSON Schema per policy, tried in turn. */
export function loadSchemas(granted: readonly Grant[]): Asking {
  const ajv = new Ajv({ strict: false, validateSchema: false, logger: false });
  const validators = granted.map((grant) => ajv.compile(schemaOf(grant)));
  return (asked) => {
    const request = requestOf(asked);
    return () => validators.some((validator) => validator(request));
  };
}

/** What most policies fail comes first. */
function schemaOf({ user, role, type, method }: Grant): object {
  return {
    required: ['user', 'role', 'params', 'request-method'],
    properties: {
      user: { required: ['id'], properties: { id: { const: user } } },
      role: { contains: { required: ['name'], properties: { name: { const: role } } } },
      params: { required: ['resource/type'], properties: { 'resource/type': { const: type } } },
      'request-method': { const: method },
    },
  };
}
