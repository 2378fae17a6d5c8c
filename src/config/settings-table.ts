import { settingsOf } from './setting.js';
import type { SettingMetadata } from './setting.js';
import { SETTING_GROUPS } from './setting-groups.js';

const HEADER = ['| Variable | Meaning | Allowed | Default |', '|---|---|---|---|'] as const;

/** The settings as Markdown: one table per group, in the order of their declaration. */
export function settingsTable(): string {
  return Object.entries(SETTING_GROUPS)
    .map(([heading, group]) => {
      const rows = [...settingsOf(group).values()].map(row);
      return [`## ${heading}`, '', ...HEADER, ...rows].join('\n');
    })
    .join('\n\n');
}

function row(setting: SettingMetadata): string {
  const cells = [`\`${setting.variable}\``, meaning(setting), allowed(setting), fallback(setting)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function meaning({ description, secret, deprecated }: SettingMetadata): string {
  const names = deprecated?.map((name) => `\`${name}\``).join(', ');
  return [
    description,
    ...(secret ? ['Secret.'] : []),
    ...(names === undefined ? [] : [`Deprecated name: ${names}.`]),
  ].join(' ');
}

function allowed({ allowed: text, unit }: SettingMetadata): string {
  return unit === undefined ? text : `${text} (${unit})`;
}

function fallback({ default: text }: SettingMetadata): string {
  return text === undefined || text === '' ? '–' : `\`${text.replace(/\$\{(\w+)\}/g, '<$1>')}\``;
}
