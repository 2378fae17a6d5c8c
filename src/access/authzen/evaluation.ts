import { isObject, own, type Json, type JsonObject } from '../../policy/json.js';

/** Who asks for something, or what is asked for (AuthZEN §5.1, §5.2). */
export interface Entity {
  readonly type: string;
  readonly id: string;
  readonly properties?: JsonObject;
}

/** What is to be done (AuthZEN §5.3). */
export interface Action {
  readonly name: string;
  readonly properties?: JsonObject;
}

/** One question to the decision point (AuthZEN §6.1), with the members that are known only. */
export interface Evaluation {
  readonly subject: Entity;
  readonly action: Action;
  readonly resource: Entity;
  readonly context?: JsonObject;
}

/** Why a question is none; a sentence for its sender. */
export interface Malformed {
  readonly problem: string;
  /** The member at fault, e.g. `subject.id`. */
  readonly expression: string;
}

/** Longest `type`, `id` and `name`, in UTF-16 code units. */
export const MAX_NAME_LENGTH = 1_024;

/**
 * Reads a question. Members that AuthZEN does not know are passed over, as it demands (§6.1).
 *
 * @param defaults of a batch: stand in for a member that is missing, and for the missing `type`, `id`
 * or `name` of one that is there; properties are never mixed (AuthZEN §7.1.1).
 */
export function readEvaluation(source: Json, defaults: Json = {}): Evaluation | Malformed {
  if (!isObject(source)) return malformed('an evaluation', 'must be an object');
  const subject = readEntity(source, defaults, 'subject');
  if (isMalformed(subject)) return subject;
  const action = readAction(source, defaults);
  if (isMalformed(action)) return action;
  const resource = readEntity(source, defaults, 'resource');
  if (isMalformed(resource)) return resource;
  const context = own(source, 'context') ?? own(defaults, 'context');
  if (context === undefined) return { subject, action, resource };
  if (!isObject(context)) return malformed('context', 'must be an object');
  return { subject, action, resource, context };
}

/** Tells a reason from what could be read. */
export function isMalformed(read: object): read is Malformed {
  return Object.hasOwn(read, 'problem');
}

function readEntity(
  source: JsonObject,
  defaults: Json,
  name: 'subject' | 'resource',
): Entity | Malformed {
  const entity = own(source, name) ?? own(defaults, name);
  if (!isObject(entity)) return malformed(name, 'must be an object with type and id');
  const fallback = own(defaults, name);
  const type = readName(own(entity, 'type') ?? own(fallback, 'type'), `${name}.type`);
  if (typeof type !== 'string') return type;
  const id = readName(own(entity, 'id') ?? own(fallback, 'id'), `${name}.id`);
  if (typeof id !== 'string') return id;
  return withProperties({ type, id }, own(entity, 'properties'), name);
}

function readAction(source: JsonObject, defaults: Json): Action | Malformed {
  const action = own(source, 'action') ?? own(defaults, 'action');
  if (!isObject(action)) return malformed('action', 'must be an object with a name');
  const given = own(action, 'name') ?? own(own(defaults, 'action'), 'name');
  const name = readName(given, 'action.name');
  if (typeof name !== 'string') return name;
  return withProperties({ name }, own(action, 'properties'), 'action');
}

function readName(value: Json | undefined, expression: string): string | Malformed {
  const isName = typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH;
  return isName
    ? value
    : malformed(expression, `must be a text of 1 to ${MAX_NAME_LENGTH} characters`);
}

function withProperties<Named extends object>(
  named: Named,
  properties: Json | undefined,
  expression: string,
): (Named & { readonly properties?: JsonObject }) | Malformed {
  if (properties === undefined) return named;
  if (!isObject(properties)) return malformed(`${expression}.properties`, 'must be an object');
  return { ...named, properties };
}

function malformed(expression: string, demand: string): Malformed {
  return { problem: `${expression} ${demand}`, expression };
}
