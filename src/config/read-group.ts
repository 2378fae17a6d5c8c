import { validateSync } from 'class-validator';

import type { ConfigProblem } from './config-error.js';
import { parseSetting } from './parse-setting.js';
import { settingsOf } from './setting.js';
import type { SettingGroup, SettingMetadata } from './setting.js';
import { SETTINGS } from './setting-groups.js';

/** Environment variables by name, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a reading brought to light; filled while groups are read. */
export interface Findings {
  readonly problems: ConfigProblem[];
  readonly warnings: string[];
}

/** The text of a variable; one that is set to nothing counts as not set. */
export function textOf(env: Environment, variable: string): string | undefined {
  const text = Object.hasOwn(env, variable) ? env[variable] : undefined;
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** The value as a message may show it: no secret, no credentials of a URL, no endless text. */
export function showable(text: string, isSecret = false): { value?: string } {
  return isSecret ? {} : { value: text.replace(/\/\/[^/]*@/g, '//***@').slice(0, 100) };
}

/** Reads one group of settings; what is wrong is added to the findings, so that all is reported. */
export function readGroup<T extends object>(
  group: SettingGroup<T>,
  env: Environment,
  findings: Findings,
): Readonly<T> {
  const settings = settingsOf(group);
  const values = new group();
  for (const [property, setting] of settings) {
    const text = givenText(setting, env, findings) ?? defaultText(setting, env);
    if (text === undefined) continue;
    Object.assign(values, { [property]: parseSetting(setting.kind, text) });
  }
  for (const { property } of validateSync(values, { stopAtFirstError: true })) {
    const setting = settings.get(property);
    if (setting) findings.problems.push(...problemWith(setting, env));
  }
  return Object.freeze(values);
}

function givenText(setting: SettingMetadata, env: Environment, findings: Findings) {
  const given = namesOf(setting).filter((name) => textOf(env, name) !== undefined);
  for (const name of given.filter((name) => name !== setting.variable)) {
    findings.warnings.push(`${name} is deprecated, use ${setting.variable}`);
  }
  const texts = new Set(given.map((name) => textOf(env, name)));
  if (texts.size > 1) {
    const expected = `disagrees with ${given.slice(1).join(', ')}; set one of them`;
    findings.problems.push({ variable: setting.variable, expected });
  }
  const [text] = texts;
  return setting.secret ? text : text?.trim();
}

function defaultText(setting: SettingMetadata, env: Environment): string | undefined {
  return setting.default?.replace(/\$\{(\w+)\}/g, (_, variable: string) => {
    return textOf(env, variable)?.trim() ?? SETTINGS.get(variable)?.default ?? '';
  });
}

function problemWith(setting: SettingMetadata, env: Environment): ConfigProblem[] {
  const name = namesOf(setting).find((candidate) => textOf(env, candidate) !== undefined);
  // A default that does not hold follows from another variable, which is reported itself.
  if (name === undefined) return [];
  const value = showable(textOf(env, name) ?? '', setting.secret);
  return [{ variable: name, ...value, expected: `allowed: ${setting.allowed}` }];
}

function namesOf(setting: SettingMetadata): readonly string[] {
  return [setting.variable, ...(setting.deprecated ?? [])];
}
