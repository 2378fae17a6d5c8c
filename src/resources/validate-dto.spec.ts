import { RoleDto } from './role/role.dto.js';
import { TokenIntrospectorDto } from './token-introspector/token-introspector.dto.js';
import { UserDto } from './user/user.dto.js';
import { validateDto, type DtoClass } from './validate-dto.js';

const expressions = async (type: string, dto: DtoClass, text: string): Promise<string[]> =>
  (await validateDto(type, dto, JSON.parse(text) as Record<string, unknown>)).map(
    ({ expression = '' }) => expression,
  );

describe('validateDto', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'then', 'nick'];

  it.each(names)('refuses the unknown element %s, at every depth and in arrays', async (name) => {
    const part = `{"value":"x","${name}":1}`;
    const text = `{"${name}":"x","name":{"${name}":{}},"emails":[{"value":"y"},${part}]}`;

    const found = await expressions('User', UserDto, text);

    expect(found.toSorted()).toEqual(
      [`User.${name}`, `User.name.${name}`, `User.emails[1].${name}`].toSorted(),
    );
  });

  it.each(names)('leaves %s in open elements alone', async (name) => {
    const text = `{"data":{"${name}":{"${name}":[1]}},"identifier":[{"type":{"${name}":1}}]}`;

    expect(await expressions('User', UserDto, text)).toEqual([]);
  });

  it('finds no fault with a resource that is right', async () => {
    const text = '{"name":"doctor","user":{"reference":"User/u"},"links":{},"context":{"a":null}}';

    expect(await expressions('Role', RoleDto, text)).toEqual([]);
  });

  it('does not look for keys through an array within the array', async () => {
    const key = '{"kty":"OCT","alg":"HS256","format":"plain","k":"shared-secret"}';
    const resource = (keys: string) =>
      '{"type":"opaque","introspection_endpoint":{"url":"https://idp.example/i"},' +
      `"jwt":{"keys":${keys}}}`;

    expect(
      await expressions('TokenIntrospector', TokenIntrospectorDto, resource(`[${key}]`)),
    ).toEqual([]);
    expect(
      await expressions('TokenIntrospector', TokenIntrospectorDto, resource(`[[${key}]]`)),
    ).toEqual(['TokenIntrospector.jwt.keys']);
  });
});
