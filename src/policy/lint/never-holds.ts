import { activated } from '../activated.js';
import type { Demand } from '../index/demand.js';
import type { Scalar } from '../index/feature.js';
import { demandsOfPolicy } from '../index/policy-demands.js';
import type { Policy, Rule } from '../policy.js';
import { askedBy } from './places.js';
import { isMisfit } from './request-shape.js';

/** The places of a policy that no request can satisfy. */
export function impossiblePlaces(policy: Policy): readonly string[] {
  if (policy.type === 'scope') return ['type: scope'];
  const rules = everyRuleOf(policy).map((rule): Policy => ({ ...UNSCOPED, ...rule }));
  return [
    ...[policy, ...rules].flatMap((one) => contradictions(demandsIn(one))),
    ...(policy.type === 'rest' && demandsRpc(policy) ? ['type: rest'] : []),
    ...askedBy(policy)
      .filter(isMisfit)
      .map(({ keys }) => keys.join('.')),
  ];
}

/** The rules of which a policy is composed, or its only one. */
export function rulesOf(rule: Rule): readonly Rule[] {
  return rule.engine === 'complex' ? rule.rules.flatMap(rulesOf) : [rule];
}

function everyRuleOf(rule: Rule): readonly Rule[] {
  return rule.engine === 'complex' ? [rule, ...rule.rules.flatMap(everyRuleOf)] : [rule];
}

const UNSCOPED = {
  id: '',
  links: undefined,
  roleName: undefined,
  type: undefined,
  status: 'active',
} as const;

/** Places of which different values are demanded at once. */
function contradictions(demands: readonly Demand[]): readonly string[] {
  const left = new Map<string, ReadonlySet<Scalar>>();
  for (const demand of demands) {
    const key = featureOf(demand);
    if (key === undefined) continue;
    const values = demand.map(({ value }) => value);
    const before = left.get(key);
    left.set(key, new Set(before ? values.filter((value) => before.has(value)) : values));
  }
  return [...left].filter(([, values]) => values.size === 0).map(([key]) => placeOf(key));
}

/** The one feature that a demand is about, if that has but one value at a time. */
function featureOf(demand: Demand): string | undefined {
  const keys = new Set(demand.map(({ feature }) => feature.key));
  const [key, ...others] = keys;
  return others.length === 0 && key?.startsWith('[') ? key : undefined;
}

function placeOf(key: string): string {
  return (JSON.parse(key) as string[]).join('.');
}

/** What a policy would demand if it were active. */
function demandsIn(policy: Policy): readonly Demand[] {
  return demandsOfPolicy(activated(policy)) ?? [];
}

function demandsRpc(policy: Policy): boolean {
  return demandsIn({ ...policy, type: undefined }).some(
    (demand) => featureOf(demand) === '["uri"]' && demand.every(({ value }) => value === '/rpc'),
  );
}
