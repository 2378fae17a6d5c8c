import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IDENTITY_PROVIDER_PRESETS, INTROSPECTOR_PRESETS } from './provider-presets.js';

const PAGES = fileURLToPath(new URL('../../docs/providers/', import.meta.url));

/** What the pages say to PUT, of one type. */
function printed(type: string): unknown[] {
  return readdirSync(PAGES).flatMap((page) => {
    const text = readFileSync(`${PAGES}${page}`, 'utf8');
    const block = new RegExp(`\`\`\`json\\nPUT /fhir/${type}/\\S+\\n\\n(.*?)\`\`\``, 's').exec(
      text,
    );
    return block?.[1] === undefined ? [] : [JSON.parse(block[1]) as unknown];
  });
}

describe('the presets', () => {
  it.each([
    ['TokenIntrospector', INTROSPECTOR_PRESETS],
    ['IdentityProvider', IDENTITY_PROVIDER_PRESETS],
  ])('of %s are those of the pages about providers', (type, presets) => {
    const shown = Object.values(presets);

    expect(shown).toHaveLength(6);
    expect(printed(type)).toEqual(expect.arrayContaining(shown));
  });
});
